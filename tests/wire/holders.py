"""
Pictures of people and cards, and whoever believes them.

They are real files of one shade of green; the decoder is the real one, only what the networks see is in the shade. It
stands in whole steps of eight, so that a lossy format keeps it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import PIL.Image

from ipse.core.documents.locate import CardFinding
from ipse.core.faces.holding import Holding, Search, Sight
from ipse.core.faces.pairing import Pairing, Role
from ipse.core.images import Limits, decode
from ipse.core.reasons import Reason
from ipse.core.vocabulary import Box, Face, Image, Pixels, Quality, Stages, Template
from tests.wire.scenes import RECIPE, ScriptedRates

STEP = 8
BLUE = 200
"""What tells these pictures from others."""


@dataclass(frozen=True)
class Scene:
    """
    What a picture shows.

    Attributes:
        roles: What its faces are; the first is the largest.
        trouble: Why this is no holder with a card; `None` if it is.
        cosine: The likeness to anna of the portrait on the card, if there is one.
        card_share: How much of each side of the picture the card fills.
        turned: Whether it must be turned first.
        breaks: Whether the network fails.
    """

    roles: tuple[Role, ...] = ("holder", "portrait")
    trouble: Reason | None = None
    cosine: float = 1.0
    card_share: float = 0.3
    turned: bool = False
    breaks: bool = False


def card(cosine: float) -> Scene:
    """A card alone, with a ghost portrait."""
    return Scene(("portrait", "ghost"), Reason.HOLDER_MISSING, cosine, card_share=0.9)


SCENES: Mapping[str, Scene] = {
    "holding": Scene(),
    "holding at 1e-1": Scene(cosine=0.125),
    "holding at 1e-2": Scene(cosine=0.25),
    "holding at 1e-3": Scene(cosine=0.375),
    "holding at 1e-4": Scene(cosine=0.5),
    "holding at 1e-5": Scene(cosine=0.625),
    "holding at 1e-6": Scene(cosine=0.75),
    "a stranger with anna's card": Scene(cosine=0.03),
    "a stranger": Scene(cosine=0.0),
    "holding, lying": Scene(turned=True),
    "selfie": Scene(("holder",), Reason.FACES_FEW),
    "nobody there": Scene((), Reason.FACE_MISSING),
    "a crowd": Scene(("holder", "other", "other"), Reason.FACES_MANY),
    "two portraits": Scene(("holder", "other"), Reason.FACES_NOT_ON_CARD),
    "card": card(1.0),
    "card at 1e-2": card(0.25),
    "card at 1e-4": card(0.5),
    "card of anna, seen by a stranger": card(0.03),
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


class ScriptedHolders:
    """Decodes for real, then believes the shade."""

    def see(
        self,
        data: bytes | Pixels,
        search: Search,
        limits: Limits,
        stages: Stages,
        *,
        both_here: bool = True,
        want_quality: bool = False,
    ) -> Sight:
        """What the scene says."""
        assert isinstance(data, bytes)
        del both_here
        with stages.stage("decode"):
            image = decode(data, limits)
        scene = _scene(image.pixels)
        if scene.breaks:
            raise RuntimeError("the network is on fire")
        if scene.turned and search == "upright":
            scene = SCENES["nobody there"]
        pairing = _pairing(scene, image)
        vectors = {pairing.holder: 1.0, pairing.printed: scene.cosine}
        chosen = {index: cosine for index, cosine in vectors.items() if index is not None}
        holding = Holding(
            width_px=image.width_px,
            height_px=image.height_px,
            digest=hashlib.sha256(data).hexdigest(),
            format=image.format,
            orientation_deg=90 if scene.turned else 0,
            faces=tuple(_face(index, image) for index in range(len(scene.roles))),
            pairing=pairing,
            templates={index: _template(cosine) for index, cosine in chosen.items()},
            qualities={index: Quality(50.0, {}) for index in chosen} if want_quality else {},
        )
        return Sight(holding, {})

    def template(self, aligned: Pixels, stages: Stages) -> Template:
        """None is left to make."""
        raise NotImplementedError


class ScriptedIntervals(ScriptedRates):
    """The same rates, each with an interval of half and twice."""

    def interval(self, similarity: float) -> tuple[float, float]:
        """Half and twice the rate."""
        rate = self.false_match_rate(similarity)
        return rate / 2, min(1.0, rate * 2)


def _scene(pixels: Pixels) -> Scene:
    """What a picture shows; one without our blue shows nobody."""
    _, green, blue = (int(value) for value in pixels[0, 0])
    number = green // STEP if abs(blue - BLUE) < STEP else len(SCENES)
    return list(SCENES.values())[number] if number < len(SCENES) else SCENES["nobody there"]


def _pairing(scene: Scene, image: Image) -> Pairing:
    """What the faces are."""
    indices = {role: index for index, role in reversed(list(enumerate(scene.roles)))}
    holder, printed = indices.get("holder"), indices.get("portrait")
    width, height = scene.card_share * image.width_px, scene.card_share * image.height_px
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    card = None if printed is None else CardFinding(corners, 4.0, 1.6, is_cut_off=False)
    on_card = tuple(0.9 if role in {"portrait", "ghost"} else 0.1 for role in scene.roles)
    return Pairing(holder, printed, card, scene.roles, on_card, scene.trouble)


def _face(index: int, image: Image) -> Face:
    """A face, each a little smaller than the one before it."""
    box = Box(0, 0, image.width_px / (2 + 0.1 * index), image.height_px / (2 + 0.1 * index))
    return Face(box, np.zeros((5, 2), np.float32), 0.9)


def _template(cosine: float) -> Template:
    """A template that is so alike to anna."""
    return Template(np.array([cosine, np.sqrt(1 - cosine**2)], np.float32), RECIPE)
