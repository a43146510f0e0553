"""Each measure falls under the damage that it is there for, and says so when it cannot be assessed."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from ipse.core.faces.quality import MEASURES, assess
from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.visibility import LEFT_EYE, MOUTH, NOSE, Part
from ipse.core.vocabulary import Box, Face, Pixels

Make = Callable[..., Evidence]


def blurred(face: Pixels, severity: float) -> Pixels:
    """Out of focus."""
    return np.asarray(cv2.GaussianBlur(face, (0, 0), 0.1 + 3 * severity), np.uint8)


def darkened(face: Pixels, severity: float) -> Pixels:
    """Too little light."""
    return np.asarray(face / (1 + 9 * severity), np.uint8)


def brightened(face: Pixels, severity: float) -> Pixels:
    """Too much light."""
    return np.asarray(np.clip(face * (1.0 + 3 * severity), 0, 255), np.uint8)


def flattened(face: Pixels, severity: float) -> Pixels:
    """Fog."""
    return np.asarray(face * (1 - severity) + 128 * severity, np.uint8)


def lit_from_one_side(face: Pixels, severity: float) -> Pixels:
    """The left cheek in the dark."""
    shade = np.where(np.arange(112) < 56, 1 - 0.9 * severity, 1)
    return np.asarray(face * shade[None, :, None], np.uint8)


def squeezed(face: Pixels, severity: float) -> Pixels:
    """A strong JPEG."""
    _, coded = cv2.imencode(".jpg", face, [cv2.IMWRITE_JPEG_QUALITY, round(90 - 85 * severity)])
    decoded = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.asarray(decoded, np.uint8)


def covering(part: Part) -> Callable[[Pixels, float], Pixels]:
    """A grey board that slides over a part of the face from below."""

    def cover(face: Pixels, severity: float) -> Pixels:
        out = face.copy()
        top = part.rows.stop * 4 - round((part.rows.stop - part.rows.start) * 4 * severity)
        out[top : part.rows.stop * 4, part.columns.start * 4 : part.columns.stop * 4] = (90, 130, 90)
        return out

    return cover


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("sharpness", blurred),
        ("luminance_mean", darkened),
        ("luminance_mean", brightened),
        ("luminance_variance", flattened),
        ("dynamic_range", flattened),
        ("under_exposure_prevention", darkened),
        ("over_exposure_prevention", brightened),
        ("illumination_uniformity", lit_from_one_side),
        ("compression_artifacts", squeezed),
        ("eyes_visible", covering(LEFT_EYE)),
        ("mouth_occlusion_prevention", covering(MOUTH)),
        ("face_occlusion_prevention", covering(NOSE)),
    ],
)
def test_a_measure_falls_under_its_damage(
    name: str, damage: Callable[[Pixels, float], Pixels], drawn: Pixels, evidence: Make
) -> None:
    """Whole, damaged and ruined faces score in that order."""
    scores = [MEASURES[name](evidence(damage(drawn, severity), scale=1.0)).scaled or 0.0 for severity in (0, 0.5, 1)]
    assert sorted(scores, reverse=True) == scores
    assert scores[0] > scores[2] + 5


def test_size_grows_with_the_face(drawn: Pixels, evidence: Make) -> None:
    """The distance between the eyes is in pixels of the picture, and more of it scores more."""
    sizes = [MEASURES["inter_eye_distance"](evidence(drawn, scale=scale)) for scale in (0.2, 0.5, 2.0)]
    assert [pytest.approx(35.24 * scale, abs=0.01) for scale in (0.2, 0.5, 2.0)] == [one.raw for one in sizes]
    scaled = [one.scaled for one in sizes]
    assert sorted(scaled, key=lambda value: value or 0) == scaled


def test_a_larger_portrait_is_as_sharp(drawn: Pixels, evidence: Make) -> None:
    """Sharpness asks the aligned face, so the same face in a larger picture is as sharp."""
    small, large = (MEASURES["sharpness"](evidence(drawn, scale=scale)) for scale in (1.0, 8.0))
    assert small == large


@pytest.mark.parametrize("name", ["eyes_open", "mouth_closed", "expression_neutrality"])
def test_what_no_network_sees_is_not_assessed(name: str, drawn: Pixels, evidence: Make) -> None:
    """Without a network for it there is no value, and the status says why."""
    measure = MEASURES[name](evidence(drawn))
    assert (None, None) == (measure.raw, measure.scaled)
    assert measure.status.startswith("not assessed: no network")


def test_compression_of_a_tiny_face_is_not_assessed(drawn: Pixels, evidence: Make) -> None:
    """A face of less than four blocks shows no seams."""
    measure = MEASURES["compression_artifacts"](evidence(drawn, scale=0.3))
    assert (None, None) == (measure.raw, measure.scaled)
    assert measure.status.startswith("not assessed")


def test_a_face_half_outside_the_picture_is_half_seen(drawn: Pixels, evidence: Make) -> None:
    """What lies beyond the picture's edge counts as covered."""
    inside = evidence(drawn)
    box = inside.face.box
    moved = Face(Box(box.x1 - box.width_px, box.y1, box.x1, box.y2), inside.face.landmarks_px, inside.face.score)
    outside = Evidence(inside.pixels, moved, inside.aligned, None)
    whole, part = (MEASURES["face_occlusion_prevention"](one).raw or 0 for one in (inside, outside))
    assert part < 0.5 * whole


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_blank_face_is_assessed_all_the_same(shade: int, evidence: Make) -> None:
    """A face of one colour gives finite numbers everywhere, and a score that nobody would accept."""
    quality = assess(evidence(np.full((112, 112, 3), shade, np.uint8), score=0.6, norm=5.0))
    known = [value for one in quality.measures.values() for value in (one.raw, one.scaled) if value is not None]
    assert np.isfinite(known).all()
    assert quality.unified < 30.1


def test_a_face_outside_the_picture_is_assessed_all_the_same(drawn: Pixels, evidence: Make) -> None:
    """A box without a single pixel of the picture gives no compression, and no error."""
    inside = evidence(drawn)
    away = Face(Box(-90, -90, -10, -10), np.zeros((5, 2), np.float32), 0.6)
    quality = assess(Evidence(inside.pixels, away, inside.aligned, None))
    assert quality.measures["compression_artifacts"].raw is None
    assert pytest.approx(0) == quality.measures["face_occlusion_prevention"].raw


def test_every_measure_is_between_0_and_100(drawn: Pixels, evidence: Make) -> None:
    """Scaled values share one scale."""
    scaled = [one.scaled for one in assess(evidence(drawn)).measures.values() if one.scaled is not None]
    assert all(0 <= value <= 100 for value in scaled)
