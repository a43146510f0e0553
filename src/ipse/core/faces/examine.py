"""The whole of one picture: decode, find the faces, choose the subject, judge it, and make its template."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal, TypeAlias

import numpy as np

from ipse.core.faces import views
from ipse.core.faces.align import align
from ipse.core.faces.detect import detect
from ipse.core.faces.embed import Embedding, embed
from ipse.core.faces.orient import Orientation, Turned, detect_upright_or_turned, to_unturned, turn
from ipse.core.faces.quality import assess
from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.refine import refine
from ipse.core.faces.subject import choose
from ipse.core.images import Limits, decode
from ipse.core.vocabulary import (
    Box,
    Face,
    Image,
    Network,
    Pixels,
    Profile,
    Quality,
    Recipe,
    Stages,
    Subject,
    Template,
)

Judged: TypeAlias = Literal["none", "subject", "all"]

ENOUGH_PX = views.FINE_HEIGHTS_PX[-1]
"""Longer side at which a JPEG is decoded first: no view shows the detector more."""

ENOUGH_EYES_PX = 36
"""
Distance between the eyes below which a reduced JPEG is decoded again, less reduced.

Source: `align.TARGET_PX` puts the eyes 35.2 px apart, so more is shrunk away; `benchmarks/accuracy/landmarks.py` shows
what less costs.
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What is wanted to be known about a picture.

    Attributes:
        subject: Which face is meant when there are several.
        search_orientation: Also look at the picture turned by 90, 180 and 270 degrees when it shows no face upright.
        quality: Whose quality is judged.
        template: Whether the subject's template is made.
        other_templates: Of how many faces besides the subject, the largest first, templates are made too.
    """

    subject: Subject = Subject.LARGEST
    search_orientation: bool = False
    quality: Judged = "subject"
    template: bool = True
    other_templates: int = 0


@dataclass(frozen=True, slots=True)
class FaceFinding:
    """A face in pixels of the full-size upright picture, its quality if it was judged, its template if it was made."""

    face: Face
    quality: Quality | None
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """
    What was found out about one picture.

    Attributes:
        width_px: Upright width of the picture as sent.
        height_px: Upright height.
        digest: Hex SHA-256 of the bytes as sent.
        format: What the bytes were; `"pixels"` when an array was given.
        faces: All faces, best score first.
        subject: Index of the subject among them; `None` when there is none.
        orientation_deg: 90 when the top of the heads points right; turning counter-clockwise by it gives upright.
        template: The subject's, if wished.
        quality: The subject's, if judged.
    """

    width_px: int
    height_px: int
    digest: str
    format: str
    faces: tuple[FaceFinding, ...]
    subject: int | None
    orientation_deg: Orientation
    template: Template | None
    quality: Quality | None


class Examiner:
    """Two networks and a profile, ready to examine pictures; holds nothing about any of them."""

    def __init__(self, detector: Network, embedder: Network, profile: Profile) -> None:
        self._detector = detector
        self._embedder = embedder
        self._profile: Profile = profile

    @property
    def recipe(self) -> Recipe:
        """What its templates are made of."""
        return Recipe(self._profile, self._embedder.precision, self._embedder.digest, self._detector.digest)

    def examine(self, data: bytes | Pixels, wish: Wish, limits: Limits, stages: Stages) -> Examination:
        """
        Give all that is wished to be known about a picture. No face is a finding, not a refusal.

        Args:
            data: A file, or (H, W, 3) uint8 RGB pixels, upright.
            wish: What to find out.
            limits: What the file may cost.
            stages: Times "decode", "detect", "quality" and "embed"; one of them may come more than once.

        Raises:
            Refusal: The picture cannot be decoded or breaks a limit (`IMAGE_*`).
        """
        with stages.stage("decode"):
            image = opened(data, limits, ENOUGH_PX)
        with stages.stage("detect"):
            turned = self._find(image.pixels, wish)
        if not turned.faces:
            return _without_face(image)
        subject = choose(turned.faces, wish.subject, turned.pixels.shape[1], turned.pixels.shape[0])
        wanted = (subject, *_largest_others(turned.faces, subject)[: wish.other_templates])
        larger_px = enough_px(image, min((turned.faces[index] for index in wanted), key=_eyes_px))
        if larger_px is not None:
            with stages.stage("decode"):
                image = opened(data, limits, larger_px)
                turned = magnified(turned, image)
        with stages.stage("detect"):
            for index in wanted:
                turned = self._refined(turned, index)
        return self._report(image, turned, wanted, wish, stages)

    def _find(self, pixels: Pixels, wish: Wish) -> Turned:
        """Give the faces, upright or turned as wished."""
        if wish.search_orientation:
            return detect_upright_or_turned(pixels, self._detector)
        return Turned(0, pixels, detect(pixels, self._detector))

    def _refined(self, turned: Turned, subject: int) -> Turned:
        """Give the faces with the landmarks of one looked at more closely."""
        faces = list(turned.faces)
        faces[subject] = refine(turned.pixels, faces[subject], self._detector)
        return replace(turned, faces=tuple(faces))

    def _report(self, image: Image, turned: Turned, wanted: Sequence[int], wish: Wish, stages: Stages) -> Examination:
        """Give the examination of a picture with faces, the subject first among those that are wanted."""
        subject, *others = wanted
        aligned = align(turned.pixels, turned.faces[subject].landmarks_px)
        embedding = None
        if wish.template:
            with stages.stage("embed"):
                embedding = embed(aligned, self._embedder, self._profile)
        templates: list[Template | None] = [None] * len(turned.faces)
        templates[subject] = None if embedding is None else Template(embedding.vector, self.recipe)
        for index in others:
            with stages.stage("embed"):
                templates[index] = self._template(turned, index)
        with stages.stage("quality"):
            qualities = _judge(turned, subject, aligned, embedding, wish.quality)
        return Examination(
            width_px=image.width_px,
            height_px=image.height_px,
            digest=image.digest,
            format=image.format,
            faces=_findings(image, turned, qualities, templates),
            subject=subject,
            orientation_deg=turned.orientation_deg,
            template=templates[subject],
            quality=qualities[subject],
        )

    def _template(self, turned: Turned, index: int) -> Template:
        """Give the template of one face."""
        aligned = align(turned.pixels, turned.faces[index].landmarks_px)
        return Template(embed(aligned, self._embedder, self._profile).vector, self.recipe)


def _largest_others(faces: Sequence[Face], subject: int) -> list[int]:
    """Give the places of all faces but the subject, the largest face first."""
    others = (index for index in range(len(faces)) if index != subject)
    return sorted(others, key=lambda index: -faces[index].box.area_px)


def opened(data: bytes | Pixels, limits: Limits, enough_px: int) -> Image:
    """Give the picture decoded, reduced as far as `enough_px` allows; pixels are taken as they are."""
    if isinstance(data, bytes):
        return decode(data, limits, enough_px)
    height, width = data.shape[:2]
    return Image(data, width, height, 1, "pixels", hashlib.sha256(np.ascontiguousarray(data).data).hexdigest())


def enough_px(image: Image, face: Face) -> int | None:
    """Give the longer side at which the face's eyes would be far enough apart; `None` if they are, or cannot be."""
    eyes_px = max(_eyes_px(face), 1.0)
    if image.reduction == 1 or eyes_px >= ENOUGH_EYES_PX:
        return None
    longer_px: int = max(image.pixels.shape[0], image.pixels.shape[1])
    return min(ceil(longer_px * ENOUGH_EYES_PX / eyes_px), max(image.width_px, image.height_px))


def _eyes_px(face: Face) -> float:
    """Give the distance between a face's eyes."""
    across, down = face.landmarks_px[1] - face.landmarks_px[0]
    return float(np.hypot(across, down))


def magnified(turned: Turned, image: Image) -> Turned:
    """Give the same faces in pixels of the same picture decoded larger."""
    pixels = turn(image.pixels, turned.orientation_deg)
    across, down = pixels.shape[1] / turned.pixels.shape[1], pixels.shape[0] / turned.pixels.shape[0]
    return Turned(turned.orientation_deg, pixels, tuple(scaled(face, across, down) for face in turned.faces))


def scaled(face: Face, across: float, down: float) -> Face:
    """Give the face in pixels of a picture that is larger by these factors."""
    box = Box(face.box.x1 * across, face.box.y1 * down, face.box.x2 * across, face.box.y2 * down)
    return Face(box, (face.landmarks_px * (across, down)).astype(np.float32), face.score)


def _judge(
    turned: Turned, subject: int, aligned: Pixels, embedding: Embedding | None, judged: Judged
) -> Sequence[Quality | None]:
    """Give the quality of each face, `None` for those that nobody asked about."""
    qualities: list[Quality | None] = [None] * len(turned.faces)
    for index, face in enumerate(turned.faces):
        if index == subject and judged != "none":
            qualities[index] = assess(Evidence(turned.pixels, face, aligned, embedding))
        elif judged == "all":
            qualities[index] = assess(Evidence(turned.pixels, face, align(turned.pixels, face.landmarks_px), None))
    return qualities


def _findings(
    image: Image, turned: Turned, qualities: Sequence[Quality | None], templates: Sequence[Template | None]
) -> tuple[FaceFinding, ...]:
    """Give the faces in pixels of the full-size unturned picture."""
    height, width = image.pixels.shape[:2]
    across, down = image.width_px / width, image.height_px / height
    back = (to_unturned(face, turned.orientation_deg, width, height) for face in turned.faces)
    return tuple(
        FaceFinding(scaled(face, across, down), quality, template)
        for face, quality, template in zip(back, qualities, templates, strict=True)
    )


def _without_face(image: Image) -> Examination:
    """Give the examination of a picture in which no face was found."""
    return Examination(image.width_px, image.height_px, image.digest, image.format, (), None, 0, None, None)
