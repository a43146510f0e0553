"""
Frames of a flash run, simulated from one still: a head of some skin in some room, lit by a screen, seen by a camera.

What stands in for people before a lit screen in tests and figures, and how somebody would cheat there. Simulated: the
head is an ellipsoid, the room a wall at one distance, the camera an auto-exposure with noise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from attacks.camera import filed
from attacks.outline import OUTLINE, moved, to_picture
from ipse.core.genuineness.capture import Colour
from ipse.core.genuineness.flash import SCREEN
from ipse.core.genuineness.reflection import light_of
from ipse.core.vocabulary import Floats, Pixels

Species: TypeAlias = Literal["genuine", "unlit", "tint", "photo", "screen"]

SPECIES: Final[Mapping[Species, str]] = MappingProxyType(
    {
        "genuine": "a head before the screen",
        "unlit": "a recording that no light falls on, fed into the browser",
        "tint": "the same, tinted in the colours of the screen all over",
        "photo": "a photo that fills the picture, held before the screen",
        "screen": "another screen that shows a face, held before the screen",
    }
)
"""What is simulated. Another order and a delay are a head before a screen that shows something else."""

ROOMS: Final[Mapping[str, float]] = MappingProxyType({"dim": 0.84, "indoor": 0.21, "bright": 0.084})
"""
The screen's light on the face as a share of the room's: 42 lux beside 50, 200 and 500.

Source: a telephone of 6.5 inches (0.0095 m²) at 400 cd/m² gives 400 · 0.0095 / 0.3² = 42 lux at 0.3 m; EN 12464-1 asks
for 500 lux in an office, a living room has 50 to 200.
"""

NOISE: Final[Mapping[str, float]] = MappingProxyType({"dim": 2e-3, "indoor": 5e-4, "bright": 2e-4})
"""Variance of a pixel at full light. Source: ours, sensors of telephones at the gain that such a room needs."""

SKINS: Final = ((0.66, 0.50, 0.42), (0.53, 0.37, 0.28), (0.42, 0.27, 0.18), (0.29, 0.17, 0.10), (0.17, 0.09, 0.055),
                (0.085, 0.045, 0.03))  # fmt: skip
"""Reflectance of six tones of skin from light to dark, as light. Source: ours, along Fitzpatrick's scale, by eye."""

VEIL: Final = 0.0007
"""What a screen throws back evenly, as a share of its own white: 1 % of 42 lux beside 200 cd/m²."""

GLARE: Final = 0.08
"""What it throws back as a mirror, likewise: 4 % of 400 cd/m²."""

MEAN: Final = 0.2
"""The mean light that an exposure aims at: a middle grey."""

FACE_FIRST: Final = 0.6
"""What a face weighs in exposure and white balance beside the whole picture. Source: ours; telephones meter faces."""


@dataclass(frozen=True, slots=True)
class Setting:
    """
    Where a run takes place.

    Attributes:
        room: Of `ROOMS`.
        skin: Of `SKINS`; `None` leaves the still's.
        lag: Share of the frame that still shows the colour before: 0 at a good client, 1 a whole colour late.
    """

    room: str = "indoor"
    skin: int | None = None
    lag: float = 0.1


@dataclass(frozen=True, slots=True)
class _Body:
    """Where the head is, and how much of the screen's light falls where, as a share of what falls on the face."""

    middle: tuple[float, float]
    face_px: float
    head: Floats
    falls: Floats
    shines: Floats


def frames(
    still: Pixels,
    landmarks_px: Floats,
    colours: Sequence[Colour],
    species: Species = "genuine",
    setting: Setting | None = None,
    seed: int = 0,
) -> list[Pixels]:
    """
    Give the frames of a run, one for each colour that the screen shows.

    Shape: still (H, W, 3) uint8 RGB, landmarks_px (5, 2) -> each (H, W, 3) uint8 RGB.
    """
    where = Setting() if setting is None else setting
    chance = np.random.default_rng(seed)
    body = _body(still, landmarks_px, chance)
    scene = _skinned(light_of(still), landmarks_px, body, where.skin)
    screen = _seen_colours(colours, where.lag, chance)
    falls, shines = _light(species, body, where, chance)
    lit = [_moved(scene * (1 + falls * one) + shines * one, body, chance) for one in screen]
    return _taken(lit, where.room, body, chance)


def sequence(chance: np.random.Generator) -> tuple[Colour, ...]:
    """Give six or seven colours as the server draws them: none twice."""
    return tuple(Colour(drawn) for drawn in chance.permutation([*Colour])[: int(chance.integers(6, 8))])


def _body(still: Pixels, landmarks_px: Floats, chance: np.random.Generator) -> _Body:
    """Give a head as half an ellipsoid with a wall behind it and shoulders under it."""
    matrix = to_picture(landmarks_px)
    middle = moved([(56.0, 58.0)], matrix)[0]
    scale = float(np.hypot(*matrix[:, 0]))
    rows, columns = np.mgrid[: still.shape[0], : still.shape[1]].astype(np.float32)
    across, down = (columns - middle[0]) / (58 * scale), (rows - middle[1]) / (76 * scale)
    depth = np.sqrt(np.clip(1 - across**2 - down**2, 0, None))
    aslant = chance.uniform(-0.35, 0.35, 2)
    facing = np.clip(depth + aslant[0] * across + aslant[1] * down, 0, None)
    head = cv2.GaussianBlur((depth > 0).astype(np.float32), (0, 0), 2 * scale)
    distance = float(chance.uniform(1.5, 6.0))
    shoulders = 0.6 * ((down > 0.85) & (np.abs(across) < 1.0 + 1.4 * (down - 0.85)))
    behind = cv2.GaussianBlur(np.maximum(shoulders, distance**-2).astype(np.float32), (0, 0), 3 * scale)
    falls = head * facing + (1 - head) * behind
    shines = 0.03 * float(chance.uniform(0.3, 1)) * head * facing**16
    return _Body((float(middle[0]), float(middle[1])), 112 * scale, head[..., None], falls[..., None],
                 np.asarray(shines, np.float32)[..., None])  # fmt: skip


def _skinned(light: Floats, landmarks_px: Floats, body: _Body, skin: int | None) -> Floats:
    """Give the scene with another skin: its typical colour becomes that of the tone, its shades stay."""
    if skin is None:
        return light
    shape = np.zeros(light.shape[:2], np.float32)
    cv2.fillPoly(shape, [np.rint(moved(OUTLINE, to_picture(landmarks_px))).astype(np.int32)], (1.0,))
    typical = np.median(light[shape > 0], axis=0)
    factor = np.array(SKINS[skin]) * 0.5 / np.maximum(typical, 0.01)
    soft = cv2.GaussianBlur(shape, (0, 0), body.face_px / 40)[..., None]
    return np.asarray(np.clip(light * (1 - soft + soft * factor), 0, 1), np.float32)


def _seen_colours(colours: Sequence[Colour], lag: float, chance: np.random.Generator) -> NDArray[np.float32]:
    """
    Give the screen's light as the camera's channels see it: they overlap, and a frame may still show the one before.

    Shape: (N, 3).
    """
    shown = np.array([SCREEN[colour] for colour in colours])
    before = np.concatenate((np.zeros((1, 3)), shown[:-1]))
    late = lag if lag >= 1 else lag * chance.uniform(0.5, 1.5)
    overlap = float(chance.uniform(0.03, 0.15))
    mixed = np.full((3, 3), overlap / 2) + np.eye(3) * (1 - 1.5 * overlap)
    return (((1 - late) * shown + late * before + 0.01) @ mixed).astype(np.float32)


def _light(species: Species, body: _Body, where: Setting, chance: np.random.Generator) -> tuple[Floats, Floats]:
    """Give by what share the screen makes each place lighter, and what it adds to it as a mirror would."""
    strength = np.float32(ROOMS[where.room] * chance.uniform(0.75, 1.33))
    flat = np.ones_like(body.falls)
    match species:
        case "genuine":
            return strength * body.falls, strength * body.shines
        case "unlit":
            return 0 * flat, 0 * flat
        case "tint":
            return np.float32(chance.uniform(0.1, 0.8)) * flat, 0 * flat
        case "photo":
            aslope = np.linspace(0.85, 1.15, flat.shape[1], dtype=np.float32)[None, :, None]
            return strength * flat * aslope[:, :: 1 if chance.random() < 0.5 else -1], 0 * flat
        case "screen":
            veil = np.float32(VEIL * chance.uniform(0.5, 4))
            return 0 * flat, veil * flat + _glare(flat, np.float32(GLARE * chance.uniform(0.3, 1)), chance)


def _glare(flat: Floats, strength: np.float32, chance: np.random.Generator) -> Floats:
    """Give the mirror image of the lit screen in another screen: a soft pane somewhere."""
    height_px, width_px = flat.shape[0], flat.shape[1]
    light = np.zeros((height_px, width_px), np.float32)
    x, y = int(chance.integers(0, width_px)), int(chance.integers(0, height_px))
    cv2.rectangle(light, (x, y), (x + width_px // 5, y + height_px // 3), (1.0,), -1)
    return np.asarray(cv2.GaussianBlur(light, (0, 0), width_px / 60)[..., None] * strength, np.float32)


def _moved(light: Floats, body: _Body, chance: np.random.Generator) -> Floats:
    """Give a frame in which the camera shook a little, the head swayed, and its shade went with it."""
    rows, columns = np.mgrid[: light.shape[0], : light.shape[1]].astype(np.float32)
    shade = 1 + body.head[..., 0] * (
        chance.normal(0, 0.03) * (columns - body.middle[0]) / body.face_px
        + chance.normal(0, 0.03) * (rows - body.middle[1]) / body.face_px
        + chance.normal(0, 0.01)
    )
    sway = chance.normal(0, 0.02 * body.face_px, 2)
    shake = chance.normal(0, 0.004 * body.face_px, 2)
    soft = cv2.GaussianBlur(body.head[..., 0], (0, 0), body.face_px / 10)
    across, down = (columns + shake[0] + soft * sway[0]), (rows + shake[1] + soft * sway[1])
    lit = light * shade[..., None].astype(np.float32)
    return np.asarray(
        cv2.remap(
            lit, across.astype(np.float32), down.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        ),
        np.float32,
    )


def _taken(lit: Sequence[Floats], room: str, body: _Body, chance: np.random.Generator) -> list[Pixels]:
    """Give what a camera makes of the frames: it adapts to each, adds noise and its curve, and writes a JPEG."""
    adapts, balances = float(chance.uniform(0.0, 0.7)), float(chance.uniform(0.0, 0.5))
    gain = np.full(3, MEAN / np.mean([_metered(frame, body) for frame in lit]))
    drift = chance.normal(0, 0.01, 3)
    curve, quality = float(chance.uniform(2.05, 2.35)), int(chance.integers(70, 93))
    taken = []
    for number, frame in enumerate(lit):
        seen = frame * (gain * np.exp(drift * number)).astype(np.float32)
        shown = _metered(seen, body)
        gain = gain * (MEAN / shown.mean()) ** adapts * (shown.mean() / shown) ** balances
        noise = chance.standard_normal(seen.shape, np.float32) * np.sqrt(np.maximum(seen, 0.01) * NOISE[room])
        smooth = cv2.GaussianBlur(np.clip(seen + noise, 0, 1), (0, 0), 0.7)
        taken.append(filed(np.rint(255 * np.power(np.clip(smooth, 0, 1), 1 / curve)).astype(np.uint8), quality))
    return taken


def _metered(light: Floats, body: _Body) -> NDArray[np.float64]:
    """
    Give the light that a camera adapts to.

    Shape: (3,).
    """
    face = (light * body.head).sum(axis=(0, 1)) / body.head.sum()
    metered = FACE_FIRST * face + (1 - FACE_FIRST) * light.mean(axis=(0, 1))
    return np.asarray(np.maximum(metered, 0.01), np.float64)
