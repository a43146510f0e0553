"""What pictures show, as our answers tell it: every face with its rectangle, landmarks and quality."""

from types import MappingProxyType
from typing import Any, Final

from ipse.core.vocabulary import Box, Floats, Quality
from ipse.protocols.native.shapes import (
    BOX,
    DIGEST,
    POINT,
    array,
    flag,
    named,
    number,
    one_of,
    or_null,
    record,
    shared,
    text,
    whole,
)
from ipse.service.find_faces import Sight, SightedFace
from ipse.service.match_holder import FoundCard, FoundFace, FoundPicture

LANDMARKS: Final = ("left_eye", "right_eye", "nose", "left_mouth_corner", "right_mouth_corner")
"""Left and right as the picture shows them, in the order of `Face.landmarks_px`."""

PX_DECIMALS: Final = 2
SCORE_DECIMALS: Final = 4
QUALITY_DECIMALS: Final = 3

ROLES: Final = ("holder", "portrait", "ghost", "poster", "speck", "other")


def seen_picture(seen: Sight) -> dict[str, Any]:
    """Give what one picture shows."""
    return {
        "width": seen.width_px,
        "height": seen.height_px,
        "format": seen.format,
        "sha256": seen.digest,
        "orientation": seen.orientation_deg,
        "subject": seen.subject,
        "faces": [_seen_face(finding) for finding in seen.faces],
    }


def _seen_face(finding: SightedFace) -> dict[str, Any]:
    """Give one face."""
    face = finding.face
    return {
        "box": box(face.box),
        "landmarks": {name: _point(at) for name, at in zip(LANDMARKS, face.landmarks_px, strict=True)},
        "score": round(float(face.score), SCORE_DECIMALS),
        "quality": None if finding.quality is None else told_quality(finding.quality),
    }


def told_quality(quality: Quality) -> dict[str, Any]:
    """Give the unified quality and every measure under it; one that could not be assessed says why."""
    return {
        "unified": round(float(quality.unified), QUALITY_DECIMALS),
        "measures": {
            name: {"raw": _rounded(each.raw), "scaled": _rounded(each.scaled), "status": each.status}
            for name, each in quality.measures.items()
        },
    }


def found_picture(found: FoundPicture) -> dict[str, Any]:
    """Give what one picture of a holder or a card shows."""
    return {
        "name": found.name,
        "role": found.role,
        "width": found.width_px,
        "height": found.height_px,
        "orientation": found.orientation_deg,
        "faces": [found_face(face) for face in found.faces],
        "card": None if found.card is None else found_card(found.card),
    }


def found_face(face: FoundFace) -> dict[str, Any]:
    """Give one face and what it was taken for."""
    return {
        "box": box(face.box),
        "role": face.role,
        "score": round(float(face.score), SCORE_DECIMALS),
        "on_card": round(float(face.on_card), SCORE_DECIMALS),
        "quality": _rounded(face.quality),
    }


def found_card(card: FoundCard) -> dict[str, Any]:
    """Give a card's place."""
    return {
        "corners": [_point(corner) for corner in card.corners_px],
        "score": round(float(card.score), SCORE_DECIMALS),
        "is_cut_off": bool(card.is_cut_off),
    }


def box(of: Box) -> list[float]:
    """Give the edges of a rectangle."""
    return [round(float(edge), PX_DECIMALS) for edge in (of.x1, of.y1, of.x2, of.y2)]


def _point(at: Floats) -> list[float]:
    """Give a point."""
    return [round(float(way), PX_DECIMALS) for way in at]


def _rounded(value: float | None) -> float | None:
    """Give a value as it is printed."""
    return None if value is None else round(float(value), QUALITY_DECIMALS)


_MEASURE: Final = record(
    "One measure of ISO/IEC 29794-5.",
    raw=or_null(number("In the measure's own unit; null if it was not assessed.")),
    scaled=or_null(number("Higher is better; null if it was not assessed.", 0, 100)),
    status=text("`assessed`, or why it was not."),
)

_ORIENTATION: Final = {
    "type": "integer",
    "enum": [0, 90, 180, 270],
    "description": "Turning the upright picture counter-clockwise by so many degrees puts the faces upright.",
}

SCHEMAS: Final = MappingProxyType(
    {
        "Measure": _MEASURE,
        "Quality": record(
            "How well a face can be compared.",
            unified=number("From 30.1 on it is good enough to compare.", 0, 100),
            measures=named(shared("Measure"), "Every measure by its name."),
        ),
        "Face": record(
            "A face.",
            box=BOX,
            landmarks=record(
                "Five points; left and right as the picture shows them.", **dict.fromkeys(LANDMARKS, POINT)
            ),
            score=number("The detector's confidence.", 0, 1),
            quality=or_null(shared("Quality")),
        ),
        "Picture": record(
            "What a picture shows. Quality is judged of the subject, with `detect` of every face.",
            width=whole("Pixels, upright.", 1),
            height=whole("Pixels, upright.", 1),
            format=text("What the file was."),
            sha256=DIGEST,
            orientation=_ORIENTATION,
            subject=or_null(whole("Which of the faces is meant; null if there is none.", 0)),
            faces=array(shared("Face"), "Every face that was found."),
        ),
        "FoundFace": record(
            "A face and what it was taken for.",
            box=BOX,
            role=text("`holder`, `portrait` (printed on the card) or why it is neither.", enum=list(ROLES)),
            score=number("The detector's confidence.", 0, 1),
            on_card=number("How likely it is printed on a card.", 0, 1),
            quality=or_null(number("Unified quality, of holder and portrait.", 0, 100)),
        ),
        "FoundCard": record(
            "A card.",
            corners=array(POINT, "Clockwise from the top left of the upright card.", minItems=4, maxItems=4),
            score=number("How likely it is a card.", 0, 1),
            is_cut_off=flag("Whether an edge of it lies outside the picture."),
        ),
        "FoundPicture": record(
            "What a picture of a holder or a card shows.",
            name=text("The name of the field."),
            role=text("What it was taken for.", enum=["card", "selfie", "both", "unknown"]),
            width=whole("Pixels, upright.", 1),
            height=whole("Pixels, upright.", 1),
            orientation=_ORIENTATION,
            faces=array(shared("FoundFace"), "Every face, the largest first."),
            card=one_of(shared("FoundCard"), {"type": "null"}),
        ),
    }
)
"""What these functions give."""
