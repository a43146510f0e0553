"""The sample portraits give these boxes, landmarks and similarities with the pinned weights, in float32."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ipse.core.faces.embed import similarity
from ipse.core.faces.examine import Examination, Wish
from ipse.core.vocabulary import Pixels, Template

EXPECTED = {
    # box, landmarks in pixels of the full picture
    "obama": ((376, 85, 602, 410), ((441, 204), (552, 207), (495, 271), (441, 318), (543, 323))),
    "obama2": ((197, 232, 470, 622), ((246, 362), (379, 381), (281, 447), (236, 505), (345, 522))),
    "obama3": ((633, 262, 913, 624), ((738, 383), (852, 390), (802, 458), (739, 511), (834, 518))),
    "biden": ((431, 178, 709, 561), ((535, 323), (662, 343), (599, 420), (517, 460), (626, 480))),
}
SIMILARITIES = {"obama2": 0.756, "obama3": 0.796, "biden": 0.098}


@pytest.fixture(scope="module")
def examinations(samples: Path, examine: Callable[[bytes | Pixels, Wish], Examination]) -> dict[str, Examination]:
    """Each portrait, examined."""
    return {name: examine((samples / f"{name}.jpg").read_bytes(), Wish()) for name in EXPECTED}


def template(examination: Examination) -> Template:
    """The subject's template."""
    assert examination.template is not None
    return examination.template


@pytest.mark.parametrize("name", EXPECTED)
def test_a_portrait_has_one_face_where_it_was(name: str, examinations: dict[str, Examination]) -> None:
    """One face; its box and its points lie within 2 % of its width of the recorded ones."""
    (finding,) = examinations[name].faces
    box, points = EXPECTED[name]
    tolerance_px = 0.02 * finding.face.box.width_px
    found = finding.face.box
    np.testing.assert_allclose(box, (found.x1, found.y1, found.x2, found.y2), atol=tolerance_px)
    np.testing.assert_allclose(points, finding.face.landmarks_px, atol=tolerance_px)


@pytest.mark.parametrize("other", SIMILARITIES)
def test_similarities_are_what_they_were(other: str, examinations: dict[str, Examination]) -> None:
    """Each portrait is as similar to the first as recorded, within 0.02."""
    found = similarity(template(examinations["obama"]), template(examinations[other]))
    assert pytest.approx(SIMILARITIES[other], abs=0.02) == found


def test_a_template_is_a_unit_vector(examinations: dict[str, Examination]) -> None:
    """128 numbers of length 1."""
    vector = template(examinations["obama"]).vector
    assert (128,) == vector.shape
    assert np.float32 == vector.dtype
    assert pytest.approx(1, abs=1e-6) == float(np.linalg.norm(vector))


def test_examining_twice_gives_the_same(
    samples: Path, examinations: dict[str, Examination], examine: Callable[[bytes | Pixels, Wish], Examination]
) -> None:
    """A picture has one template, however often it is examined."""
    again = examine((samples / "biden.jpg").read_bytes(), Wish())
    np.testing.assert_array_equal(template(examinations["biden"]).vector, template(again).vector)
