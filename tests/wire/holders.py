"""
Pictures of people and cards, and whoever believes them.

They are real files of one shade of green; the decoder is the real one, only what the networks see is in the shade. It
stands in whole steps of eight, so that a lossy format keeps it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import PIL.Image

from ipse.core.images import Limits, decode
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Box
from ipse.service.match_holder import FoundFace, MatchHolderCommand, MatchHolderOutcome, Part
from ipse.service.ports import Seat, Stopwatch
from ipse.service.verify_faces import Picture
from tests.wire.scenes import ScriptedRates

STEP = 8
BLUE = 200
"""What tells these pictures from others."""


@dataclass(frozen=True)
class Scene:
    """
    What a picture shows.

    Attributes:
        alone: Why the picture alone is no holder with a card; `None` if it is.
        card: The likeness to anna of the portrait on the card, if there is one.
        as_selfie: Why the picture is no selfie; `None` if it is.
        turned: Whether it must be turned first.
        breaks: Whether the network fails.
    """

    alone: Reason | None = None
    card: float | None = None
    as_selfie: Reason | None = None
    turned: bool = False
    breaks: bool = False


SCENES: Mapping[str, Scene] = {
    "holding": Scene(card=1.0),
    "holding at 1e-1": Scene(card=0.125),
    "holding at 1e-2": Scene(card=0.25),
    "holding at 1e-3": Scene(card=0.375),
    "holding at 1e-4": Scene(card=0.5),
    "holding at 1e-5": Scene(card=0.625),
    "holding at 1e-6": Scene(card=0.75),
    "a stranger with anna's card": Scene(card=0.03),
    "a stranger": Scene(card=0.0),
    "holding, lying": Scene(card=1.0, turned=True),
    "selfie": Scene(Reason.FACES_FEW),
    "nobody there": Scene(Reason.FACE_MISSING, as_selfie=Reason.FACE_MISSING),
    "a crowd": Scene(Reason.FACES_MANY, as_selfie=Reason.FACES_MANY),
    "two portraits": Scene(Reason.FACES_NOT_ON_CARD),
    "card": Scene(Reason.HOLDER_MISSING, 1.0, as_selfie=Reason.HOLDER_MISSING),
    "card at 1e-2": Scene(Reason.HOLDER_MISSING, 0.25, as_selfie=Reason.HOLDER_MISSING),
    "card at 1e-4": Scene(Reason.HOLDER_MISSING, 0.5, as_selfie=Reason.HOLDER_MISSING),
    "card of anna, seen by a stranger": Scene(Reason.HOLDER_MISSING, 0.03, as_selfie=Reason.HOLDER_MISSING),
    "card without portrait": Scene(Reason.CARD_PORTRAIT_MISSING, as_selfie=Reason.HOLDER_MISSING),
    "a fault with a card": Scene(breaks=True),
}


def picture(name: str, kind: str = "PNG", width_px: int = 16, height_px: int = 16) -> bytes:
    """A file that shows a scene."""
    file = BytesIO()
    green = STEP * list(SCENES).index(name) + STEP // 2
    PIL.Image.new("RGB", (width_px, height_px), (0, green, BLUE)).save(file, kind)
    return file.getvalue()


def two_frames(name: str) -> bytes:
    """A GIF whose first frame shows the scene, and whose second shows nobody."""
    file = BytesIO()
    first, second = (PIL.Image.open(BytesIO(picture(each, "GIF"))) for each in (name, "nobody there"))
    first.save(file, "GIF", save_all=True, append_images=[second], duration=40)
    return file.getvalue()


def pictures() -> dict[str, bytes]:
    """Every picture by its name: the scenes, formats, sizes and files that are no pictures."""
    kinds = ("JPEG", "BMP", "GIF", "TIFF", "WEBP")
    noise = PIL.Image.fromarray(np.random.default_rng(2).integers(0, 256, (64, 64, 3), np.uint8))
    file = BytesIO()
    noise.save(file, "JPEG")
    png = picture("holding")  # The first chunk's checksum stands at byte 29.
    return {
        **{name: picture(name) for name in SCENES},
        **{f"{name} {kind}": picture(name, kind) for name in ("holding", "selfie", "card") for kind in kinds},
        **{f"{px} px": picture("holding", width_px=px) for px in (8, 9, 4000, 4001, 16_384)},
        **{f"{name} GIF of two frames": two_frames(name) for name in ("holding", "card")},
        "card 600 x 400": picture("card", width_px=400, height_px=600),
        "card 599 x 400": picture("card", width_px=599, height_px=400),
        "card 600 x 399": picture("card", width_px=600, height_px=399),
        "damaged": png[:29] + bytes([png[29] ^ 1]) + png[30:],
        "a document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n",
        "half a JPEG": file.getvalue()[:-600],
        "5 MB": picture("holding").ljust(5 * 1_048_576, b"\0"),
        "5 MB and 1": picture("holding").ljust(5 * 1_048_576 + 1, b"\0"),
    }


class ScriptedHolder:
    """Decodes for real, then believes the shade."""

    async def __call__(self, command: MatchHolderCommand, seat: Seat, stopwatch: Stopwatch) -> MatchHolderOutcome:
        """What the scenes say, in the order in which MatchHolder refuses."""
        with stopwatch.stage("decode"):
            scenes = await seat.run(lambda: [_scene(picture, command) for picture in command.pictures])
        return _alone(scenes[0], command) if len(scenes) == 1 else _apart(scenes, command)


def _scene(picture: Picture, command: MatchHolderCommand) -> Scene:
    """What a picture shows."""
    limits = Limits(max_side_px=command.max_side_px or Limits().max_side_px)
    try:
        pixels = decode(picture.content, limits).pixels
    except Refusal as refusal:
        raise Refusal(refusal.reason, picture.name) from None
    _, green, blue = (int(value) for value in pixels[0, 0])
    number = green // STEP if abs(blue - BLUE) < STEP else len(SCENES)
    scene = list(SCENES.values())[number] if number < len(SCENES) else SCENES["nobody there"]
    if scene.breaks:
        raise RuntimeError("the network is on fire")
    return SCENES["nobody there"] if scene.turned and not command.search_orientation else scene


def _alone(scene: Scene, command: MatchHolderCommand) -> MatchHolderOutcome:
    """One picture of both."""
    if scene.alone is not None or scene.card is None:
        raise Refusal(scene.alone or Reason.CARD_PORTRAIT_MISSING, command.pictures[0].name)
    return _outcome(scene.card, scene.card)


def _apart(scenes: list[Scene], command: MatchHolderCommand) -> MatchHolderOutcome:
    """One picture of each."""
    names = [picture.name for picture in command.pictures]
    shows = [scene.alone in {None, Reason.HOLDER_MISSING, Reason.CARD_PORTRAIT_MISSING} for scene in scenes]
    # A card alone fills more of its picture than one that is held.
    fills = [shown + (scene.alone is not None) for shown, scene in zip(shows, scenes, strict=True)]
    by_content = 0 if fills[0] >= fills[1] else 1
    card_at = {"auto": by_content, "first_is_card": 0, "first_is_selfie": 1}[command.roles]
    card, selfie = scenes[card_at], scenes[1 - card_at]
    if not shows[card_at]:
        raise Refusal(Reason.CARD_MISSING, names[card_at])
    if card.card is None:
        raise Refusal(Reason.CARD_PORTRAIT_MISSING, names[card_at])
    if selfie.as_selfie is not None:
        raise Refusal(selfie.as_selfie, names[1 - card_at])
    return _outcome(card.card, card.card if selfie.card is None else selfie.card)


def _outcome(selfie: float, idcard: float) -> MatchHolderOutcome:
    """Two comparisons."""
    rates = ScriptedRates()
    parts = [Part(cosine, rates.false_match_rate(cosine), (0.0, 1.0)) for cosine in (selfie, idcard)]
    holder, portrait = FoundFace(Box(0, 0, 2, 2), "holder", 0.9, 0.1), FoundFace(Box(4, 4, 5, 5), "portrait", 0.9, 0.9)
    return MatchHolderOutcome(parts[0], parts[1], holder, portrait, None, (), rates.false_match_rate(1.0))
