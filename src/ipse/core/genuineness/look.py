"""A picture of a capture, decoded, with its subject found."""

from dataclasses import dataclass
from typing import Final

from ipse.core.faces.align import align
from ipse.core.faces.detect import detect
from ipse.core.faces.embed import embed
from ipse.core.faces.examine import ENOUGH_PX, enough_px, opened, scaled
from ipse.core.faces.glimpse import glimpse
from ipse.core.faces.refine import refine
from ipse.core.faces.subject import choose
from ipse.core.genuineness.capture import Shot
from ipse.core.images import Limits
from ipse.core.vocabulary import Image, Network, Profile, Recipe, Stages, Subject, Template

BESIDE: Final = ("image_env", "image_action", "flash")
"""How the names of pictures begin that stand beside the best one: their subject is nearly as near as there."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Two networks, ready to look at the pictures of captures; holds nothing about any of them."""

    detector: Network
    embedder: Network
    profile: Profile

    def look(self, name: str, content: bytes, limits: Limits, stages: Stages, template: Profile | None) -> Shot:
        """
        Give what one picture shows; no face is a finding, not a refusal.

        Args:
            name: What the picture is called in the capture.
            content: Its bytes.
            limits: What it may cost.
            stages: Times "decode", "detect" and "embed".
            template: How the subject's template is made; `None` makes none.

        Raises:
            Refusal: The picture cannot be decoded or breaks a limit (`IMAGE_*`).
        """
        with stages.stage("decode"):
            image = opened(content, limits, ENOUGH_PX)
        with stages.stage("detect"):
            find = glimpse if name.startswith(BESIDE) else detect
            faces = find(image.pixels, self.detector)
        if not faces:
            return Shot(name, content, image.pixels, image.width_px, image.height_px, image.digest)
        index = choose(faces, Subject.LARGEST, image.pixels.shape[1], image.pixels.shape[0])
        larger_px = enough_px(image, faces[index])
        if larger_px is not None:
            with stages.stage("decode"):
                small, image = image, opened(content, limits, larger_px)
            across, down = _growth(small, image)
            faces = tuple(scaled(face, across, down) for face in faces)
        with stages.stage("detect"):
            face = refine(image.pixels, faces[index], self.detector)
        aligned = align(image.pixels, face.landmarks_px)
        made = None
        if template is not None:
            with stages.stage("embed"):
                recipe = Recipe(template, self.embedder.precision, self.embedder.digest, self.detector.digest)
                made = Template(embed(aligned, self.embedder, template).vector, recipe)
        told = (*faces[:index], face, *faces[index + 1 :])
        return Shot(
            name, content, image.pixels, image.width_px, image.height_px, image.digest, told, face, aligned, made
        )


def _growth(small: Image, large: Image) -> tuple[float, float]:
    """Give how much wider and taller the same picture is now."""
    return (
        large.pixels.shape[1] / small.pixels.shape[1],
        large.pixels.shape[0] / small.pixels.shape[0],
    )
