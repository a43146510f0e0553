"""Cards that are not what they seem: copies, screens, and pictures that somebody altered."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw

from specimens.fonts import LIBERATION, font
from specimens.photographed import Photo
from specimens.portraits import silhouette
from specimens.scenes import press
from specimens.words import Corners, Drawn, Pixels, Printed

Attack = Callable[[Drawn, np.random.Generator, Pixels], Drawn]


def attack(drawn: Drawn, name: str, seed: int, portrait: Pixels | None = None) -> Drawn:
    """
    Give a side under one of `ATTACKS`, to be photographed afterwards.

    What a forger prints anew is in `fields`; `portrait` is the other face of a swapped portrait. For alterations of
    the photo itself, as forgers of uploads make them, see `tamper`.
    """
    dice = np.random.default_rng((seed, *name.encode()))
    return ATTACKS[name](drawn, dice, silhouette() if portrait is None else portrait)


def tamper(
    photo: Photo, drawn: Drawn, name: str, seed: int, portrait: Pixels | None = None, quality: int = 95
) -> Photo:
    """Give a photo altered after it was taken (`"retyped"`, `"swapped_portrait"`) and saved again as JPEG."""
    dice = np.random.default_rng((seed, *name.encode()))
    if name == "retyped":
        pixels, _ = _retype(photo.pixels, photo.homography, drawn, dice)
    else:
        pixels = _swap(photo.pixels, photo.homography, drawn, dice, silhouette() if portrait is None else portrait)
    return Photo(*_through_jpeg(pixels, quality), photo.corners, photo.homography)


def _through_jpeg(pixels: Pixels, quality: int) -> tuple[Pixels, bytes]:
    """Give pixels as JPEG leaves them, and its bytes."""
    written = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    read = cv2.imdecode(written, cv2.IMREAD_COLOR)
    assert read is not None
    return np.ascontiguousarray(read[..., ::-1], np.uint8), written.tobytes()


def _bytes(pixels: np.ndarray) -> Pixels:
    """Give numbers as pixels."""
    clipped: Pixels = np.clip(pixels, 0, 255).astype(np.uint8)
    return clipped


def grey_copy(drawn: Drawn, dice: np.random.Generator, _: Pixels) -> Drawn:
    """Give a black-and-white photocopy: luminance through a copier's tone curve, toner's grain, paper's white."""
    grey = cv2.cvtColor(drawn.pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    curve = 1 / (1 + np.exp(-(grey - dice.uniform(0.42, 0.55)) * dice.uniform(6, 9)))
    copied = cv2.GaussianBlur(curve.astype(np.float32), (0, 0), 0.8)
    toner = dice.normal(0, 0.05, grey.shape).astype(np.float32) * (1 - copied)
    paper = np.array((250, 249, dice.uniform(240, 250)), np.float32)
    ink = np.array((34, 34, 38), np.float32)
    share = np.clip(copied + cv2.GaussianBlur(toner, (0, 0), 0.6), 0, 1)[..., None]
    return replace(drawn, pixels=_bytes(ink + (paper - ink) * share))


def screen(drawn: Drawn, dice: np.random.Generator, _: Pixels) -> Drawn:
    """
    Give a card shown on an LCD and photographed: stripes of red, green and blue, sampled askew, and the panel's glow.

    The panel shows the card 0.55 to 1.1 of its own pixels wide for each of ours; the camera's grid is turned a little
    against the panel's, from which moire comes.
    """
    height, width = drawn.pixels.shape[:2]
    over, density = 3, float(dice.uniform(0.55, 1.1))
    panel_size = (round(width * density), round(height * density))
    panel = _panel(_bytes(cv2.resize(drawn.pixels, panel_size, interpolation=cv2.INTER_AREA)), dice.uniform(0.05, 0.3))
    large = (width * over, height * over)
    turned = cv2.getRotationMatrix2D((large[0] / 2, large[1] / 2), float(dice.uniform(-2, 2)), 1.0)
    fitted = turned @ np.array([(large[0] / panel.shape[1], 0, 0), (0, large[1] / panel.shape[0], 0), (0, 0, 1)])
    lit = cv2.warpAffine(panel, fitted, large, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    # A camera's pixel covers most of its own square: an exact mean over it would hide the moire that cameras see.
    seen = cv2.GaussianBlur(lit, (0, 0), 0.36 * over)[1::over, 1::over].astype(np.float32)
    seen *= 225.0 / np.percentile(seen, 97)
    glow = cv2.GaussianBlur(seen, (0, 0), 25)
    return replace(drawn, pixels=_bytes(0.88 * seen + 0.12 * glow + np.array((4, 6, 14), np.float32)))


def _panel(shown: Pixels, dark: float) -> Pixels:
    """Give a panel's light, three stripes and three rows to each of its pixels; what is off still shines a little."""
    lit = np.repeat(np.repeat(shown, 3, 0), 3, 1).astype(np.float32)
    for channel in range(3):
        for other in {0, 1, 2} - {channel}:
            lit[:, other::3, channel] *= dark
    lit[2::3] *= 0.6
    return _bytes(lit)


def retyped(drawn: Drawn, dice: np.random.Generator, _: Pixels) -> Drawn:
    """Give a card picture, once JPEG 75, with one field painted over and typed anew, saved as JPEG 95."""
    earlier, _bytes_of_it = _through_jpeg(drawn.pixels, 75)
    pixels, (name, printed) = _retype(earlier, np.eye(3), drawn, dice)
    return replace(drawn, pixels=_through_jpeg(pixels, 95)[0], fields={**drawn.fields, name: printed})


WORTH: Final = (
    "full_name",
    "birth_date",
    "id_number",
    "document_number",
    "expiry_date",
    "issue_date",
    "full_name_local",
)
"""Fields that a forger would change."""


def _other(text: str, dice: np.random.Generator) -> str:
    """Give a text like another: its last two digits changed, or its words in another order."""
    last = [place for place, letter in enumerate(text) if letter in "0123456789"][-2:]
    if last:
        letters, old = list(text), "".join(text[place] for place in last)
        new = next(number for number in dice.permutation(range(10, 29)).astype(str) if number != old)
        for place, digit in zip(last, new, strict=False):
            letters[place] = digit
        return "".join(letters)
    return " ".join(reversed(text.split())) if " " in text else text[::-1]


FACES: Final = (
    (f"{LIBERATION}Serif-Bold.ttf", 0),
    ("truetype/dejavu/DejaVuSans.ttf", 0),
    ("truetype/dejavu/DejaVuSerif.ttf", 0),
)
"""What a forger types Latin letters and digits with: none is a family of the renderings."""


def _retype(
    pixels: Pixels, homography: np.ndarray, drawn: Drawn, dice: np.random.Generator
) -> tuple[Pixels, tuple[str, Printed]]:
    """Give a picture with one Latin field painted over with what surrounds it and typed anew, and that field."""
    open_to = [name for name in WORTH if name in drawn.fields and drawn.fields[name].printed.isascii()]
    open_to = [name for name in open_to if "\n" not in drawn.fields[name].printed] or ["none"]
    name = open_to[int(dice.integers(len(open_to)))]
    field = drawn.fields.get(name) or next(iter(drawn.fields.values()))
    (x1, y1), (x2, y2) = field.corners.min(0), field.corners.max(0)
    text, width, height = _other(field.printed, dice), drawn.pixels.shape[1], drawn.pixels.shape[0]
    inside, letters = np.zeros((height, width), np.uint8), Image.new("L", (width, height), 0)
    cv2.rectangle(inside, (int(x1) - 4, int(y1) - 4), (int(x2) + 4, int(y2) + 4), 255, -1)
    typed = font(FACES[int(dice.integers(len(FACES)))], max(8, round(float(y2 - y1) * 1.22)))
    squeeze = min(1.0, float(x2 - x1 + 6) / typed.getlength(text))
    typed = font((str(typed.path).split("/fonts/")[1], 0), max(8, round(typed.size * squeeze)))
    bottom = float(y2) - typed.getbbox(text, anchor="ls")[3]
    ImageDraw.Draw(letters).text((float(x1), bottom), text, 255, font=typed, anchor="ls")
    size = (pixels.shape[1], pixels.shape[0])
    mask = cv2.warpPerspective(inside, homography, size)
    ink = cv2.warpPerspective(np.asarray(letters), homography, size, flags=cv2.INTER_AREA).astype(np.float32) / 255
    dark = np.percentile(pixels[mask > 0], 4, axis=0)
    paper = cv2.inpaint(np.ascontiguousarray(pixels), mask, 5, cv2.INPAINT_TELEA).astype(np.float32)
    corners = np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)], np.float32)
    done = paper * (1 - ink[..., None]) + dark * ink[..., None]
    return _bytes(done), (name, Printed(text, text, corners))


def swapped_portrait(drawn: Drawn, dice: np.random.Generator, portrait: Pixels) -> Drawn:
    """Give a card with another face over the portrait, its edge hard or feathered; without one, it stays as it is."""
    return replace(drawn, pixels=_swap(drawn.pixels, np.eye(3), drawn, dice, portrait))


def _swap(pixels: Pixels, homography: np.ndarray, drawn: Drawn, dice: np.random.Generator, portrait: Pixels) -> Pixels:
    """Give a picture with another portrait pasted over the first."""
    if drawn.portrait is None:
        return pixels
    high, wide = portrait.shape[:2]
    place: Corners = drawn.portrait + dice.uniform(-3, 3, (1, 2)).astype(np.float32)
    aspect = float(np.ptp(place[:, 0]) / np.ptp(place[:, 1]))
    cut_w, cut_h = min(wide, round(high * aspect)), min(high, round(wide / aspect))
    left, top = (wide - cut_w) // 2, (high - cut_h) // 3
    face = portrait[top : top + cut_h, left : left + cut_w].astype(np.float32)
    face = face * dice.uniform(0.9, 1.1) + dice.uniform(-10, 10)
    own = np.array([(0, 0), (cut_w, 0), (cut_w, cut_h), (0, cut_h)], np.float32)
    onto = homography @ cv2.getPerspectiveTransform(own, place)
    size = (pixels.shape[1], pixels.shape[0])
    warped = cv2.warpPerspective(_bytes(face), onto, size, flags=cv2.INTER_LINEAR).astype(np.float32)
    soft = cv2.warpPerspective(np.full((cut_h, cut_w), 255, np.uint8), onto, size)
    if dice.random() < 0.5:
        soft = cv2.GaussianBlur(cv2.erode(soft, np.ones((7, 7), np.uint8)), (0, 0), 2.5)
    share = soft.astype(np.float32)[..., None] / 255
    return _bytes(pixels * (1 - share) + warped * share)


def covered_corner(drawn: Drawn, dice: np.random.Generator, _: Pixels) -> Drawn:
    """Give a card with a thumb over a corner."""
    height, width = drawn.pixels.shape[:2]
    own = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    return replace(drawn, pixels=_bytes(press(drawn.pixels.astype(np.float32), own, int(dice.integers(4)), dice)))


SCREEN: Final = (1080, 2340)
"""Pixels of a common telephone's screen."""


def screenshot(drawn: Drawn, dice: np.random.Generator, _: Pixels) -> Drawn:
    """Give a telephone's screen that shows the card: a bar with the time above, black around, no camera in between."""
    width, height = SCREEN
    wide = width - int(dice.choice([0, 40, 80]))
    scale = wide / drawn.pixels.shape[1]
    shown = cv2.resize(drawn.pixels, (wide, round(drawn.pixels.shape[0] * scale)), interpolation=cv2.INTER_AREA)
    left, top = (width - wide) // 2, (height - shown.shape[0]) // 2
    screen_of = Image.new("RGB", SCREEN, (0, 0, 0) if dice.random() < 0.5 else (246, 246, 248))
    pen, grey = ImageDraw.Draw(screen_of), (140, 140, 146)
    clock = f"{int(dice.integers(0, 24)):02d}:{int(dice.integers(0, 60)):02d}"
    pen.text((60, 30), clock, grey, font=font(FACES[1], 42))
    pen.rounded_rectangle((950, 38, 1014, 70), 8, None, grey, 4)
    pen.rectangle((956, 44, 996, 64), grey)
    pen.rounded_rectangle((390, 2300, 690, 2310), 5, grey)
    screen_of.paste(Image.fromarray(shown.astype(np.uint8)), (left, top))
    return _moved(replace(drawn, pixels=np.asarray(screen_of, np.uint8)), scale, (left, top))


def _moved(drawn: Drawn, scale: float, to: tuple[int, int]) -> Drawn:
    """Give a side whose places were scaled and moved."""

    def place(corners: Corners) -> Corners:
        return np.asarray(corners * scale + np.array(to), np.float32)

    return replace(
        drawn,
        fields={name: replace(field, corners=place(field.corners)) for name, field in drawn.fields.items()},
        lines=tuple(replace(line, corners=place(line.corners)) for line in drawn.lines),
        codes=tuple(replace(code, corners=place(code.corners)) for code in drawn.codes),
        portrait=None if drawn.portrait is None else place(drawn.portrait),
        ghost=None if drawn.ghost is None else place(drawn.ghost),
    )


ATTACKS: Final[Mapping[str, Attack]] = {
    "grey_copy": grey_copy,
    "screen": screen,
    "retyped": retyped,
    "swapped_portrait": swapped_portrait,
    "covered_corner": covered_corner,
    "screenshot": screenshot,
}
"""What may be done to a side before it is photographed."""
