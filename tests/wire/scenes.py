"""
Pictures that say what is on them, and whoever believes them.

They are real PNG files of 8 x 8 pixels in one shade of red; the decoder is the real one, only the networks are replaced
by what that shade stands for.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import zip_longest

import numpy as np
import PIL.Image

from ipse.core.faces.examine import Examination, FaceFinding, Wish
from ipse.core.images import Limits, decode
from ipse.core.vocabulary import Box, Face, Pixels, Quality, Recipe, Stages, Template

RECIPE = Recipe("fast", "float32", "e" * 64, "d" * 64)


@dataclass(frozen=True)
class Scene:
    """What is on a picture: qualities of its faces, largest first, which way up, and the largest one's likeness."""

    qualities: tuple[float, ...] = (50.0,)
    cosine: float = 1.0
    turned_deg: int = 0
    breaks: bool = False


SCENES: Mapping[str, Scene] = {
    "anna": Scene(),
    "anna at 1e-3": Scene(cosine=0.375),
    "anna at 1e-4": Scene(cosine=0.5),
    "anna at 1e-5": Scene(cosine=0.625),
    "anna at 1e-6": Scene(cosine=0.75),
    "stranger": Scene(cosine=0.0),
    "nobody": Scene(qualities=()),
    "two people": Scene(qualities=(50.0, 20.0)),
    "quality 30.05": Scene(qualities=(30.05,)),
    "quality 29.9996": Scene(qualities=(29.9996,)),
    "poor and small good": Scene(qualities=(12.3456, 80.0)),
    "lying": Scene(turned_deg=90),
    "fault": Scene(breaks=True),
    "three people": Scene(qualities=(50.12345678901, 33.3, 20.0)),
}


def png(number: int, width_px: int = 8, height_px: int = 8) -> bytes:
    """A PNG file of one colour."""
    file = BytesIO()
    PIL.Image.new("RGB", (width_px, height_px), (number, 0, 0)).save(file, "PNG")
    return file.getvalue()


def pictures() -> dict[str, bytes]:
    """Every picture by its name: the scenes, and what is no picture or not a whole one."""
    files = {name: png(number) for number, name in enumerate(SCENES)}
    noise = PIL.Image.fromarray(np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8))
    file = BytesIO()
    noise.save(file, "PNG")
    return {
        **files,
        "no picture": b"this is a letter",
        "half a picture": file.getvalue()[:6000],
        "4097 wide": png(0, 4097, 1),
        "4096 wide": png(0, 4096, 1),
        "4097 high": png(0, 1, 4097),
        "nothing": b"",
        "wrong checksum": _spoilt(png(0)),
        "20,001 parts": _padded(png(0), 20_001),
        "8000 wide": png(0, 8000, 1),
        "8001 wide": png(0, 8001, 1),
        "8001 high": png(0, 1, 8001),
        "a gif": _saved("GIF"),
        "a jpeg": _saved("JPEG"),
        "3,932,160 bytes": bytes(3_932_160),
        "3,932,161 bytes": bytes(3_932_161),
    }


def _saved(kind: str) -> bytes:
    """A small picture in another format."""
    file = BytesIO()
    PIL.Image.new("RGB", (8, 8)).save(file, kind)
    return file.getvalue()


def _spoilt(picture: bytes) -> bytes:
    """A PNG file whose header says something else than its checksum."""
    return picture[:29] + bytes([picture[29] ^ 1]) + picture[30:]


def _padded(picture: bytes, count: int) -> bytes:
    """A PNG file with so many empty chunks of nobody's kind after its header."""
    chunk = bytes(4) + b"juNk" + zlib.crc32(b"juNk").to_bytes(4, "big")
    return picture[:33] + count * chunk + picture[33:]


class ScriptedExaminer:
    """Decodes for real, then believes the shade; any other picture shows nobody."""

    def examine(self, data: bytes | Pixels, wish: Wish, limits: Limits, stages: Stages) -> Examination:
        """What the scene says."""
        assert isinstance(data, bytes)
        with stages.stage("decode"):
            image = decode(data, limits)
        number = int(image.pixels[0, 0, 0]) if (image.format, *image.pixels.shape) == ("png", 8, 8, 3) else -1
        scene = list(SCENES.values())[number] if 0 <= number < len(SCENES) else Scene(qualities=())
        if scene.breaks:
            raise RuntimeError("the network is on fire")
        visible = scene.qualities if wish.search_orientation or scene.turned_deg == 0 else ()
        judged = {"none": 0, "subject": 1, "all": len(visible)}[wish.quality]
        qualities = [Quality(unified, {}) if index < judged else None for index, unified in enumerate(visible)]
        # The larger face comes last, as a detector may order them; its box reaches out of the picture.
        faces = [_face(index, image.width_px, image.height_px, quality) for index, quality in enumerate(qualities)]
        template = _template(scene.cosine)
        made = 1 + wish.other_templates if wish.template else 0
        told = [_template(0.0) if index else template for index in range(len(faces))][:made]
        faces = [replace(face, template=one) for face, one in zip_longest(faces, told)]
        return Examination(
            width_px=image.width_px,
            height_px=image.height_px,
            digest=image.digest,
            format=image.format,
            faces=tuple(reversed(faces)),
            subject=len(faces) - 1 if faces else None,
            orientation_deg=90 if faces and scene.turned_deg else 0,
            template=template if faces and wish.template else None,
            quality=qualities[0] if faces else None,
        )


def _template(cosine: float) -> Template:
    """A template so similar to Anna's; all other faces of a picture are strangers to her."""
    return Template(np.array([cosine, np.sqrt(1 - cosine**2)], np.float32), RECIPE)


def _face(index: int, width_px: int, height_px: int, quality: Quality | None) -> FaceFinding:
    """The largest face reaches out at the left and top; the next are small ones inside."""
    box = (Box(-1, -2, width_px / 2, height_px / 2), Box(5, 5, 6, 7), Box(6.1, 0.7, 7.2, 1.6))[index]
    return FaceFinding(Face(box, np.zeros((5, 2), np.float32), 0.9), quality)


class ScriptedRates:
    """Eight decades of false match rate for a cosine from 0 to 1."""

    def false_match_rate(self, similarity: float) -> float:
        """1 at 0, 1e-8 at 1."""
        return min(1.0, 10 ** (-8 * similarity))
