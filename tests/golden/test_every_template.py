"""Templates of all faces of one picture."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from ipse.core.faces.embed import similarity
from ipse.core.faces.examine import Examination, Wish
from ipse.core.vocabulary import Pixels, Template

NAMES = ("obama", "obama3", "biden")


@pytest.fixture(scope="module")
def row(samples: Path) -> bytes:
    """Three portraits side by side, each 480 pixels high, as one JPEG."""
    pictures = [PIL.Image.open(samples / f"{name}.jpg").convert("RGB") for name in NAMES]
    scaled = [picture.resize((picture.width * 480 // picture.height, 480)) for picture in pictures]
    sheet = PIL.Image.new("RGB", (sum(picture.width for picture in scaled), 480))
    left_px = 0
    for picture in scaled:
        sheet.paste(picture, (left_px, 0))
        left_px += picture.width
    file = BytesIO()
    sheet.save(file, "JPEG", quality=95)
    return file.getvalue()


def templates(seen: Examination) -> list[Template]:
    """The templates from left to right."""
    faces = sorted(seen.faces, key=lambda finding: finding.face.box.x1)
    return [finding.template for finding in faces if finding.template is not None]


def test_each_face_gets_the_template_that_it_has_alone(
    samples: Path, row: bytes, examine: Callable[[bytes | Pixels, Wish], Examination]
) -> None:
    """Each template is nearly that of the portrait on its own, and the subject's is the same in both ways of asking."""
    seen = examine(row, Wish(other_templates=9, quality="all"))
    found = templates(seen)
    assert len(NAMES) == len(found) == len(seen.faces)
    for name, template in zip(NAMES, found, strict=True):
        alone = examine((samples / f"{name}.jpg").read_bytes(), Wish()).template
        assert alone is not None
        assert similarity(alone, template) > 0.9
    assert seen.subject is not None
    assert seen.template is seen.faces[seen.subject].template
    plain = examine(row, Wish())
    assert plain.template is not None
    assert seen.template is not None
    np.testing.assert_allclose(plain.template.vector, seen.template.vector, atol=1e-5)
    others = [finding.template for finding in plain.faces if finding.template is not plain.template]
    assert [None, None] == others


def test_a_lying_row_is_turned_once_for_all(row: bytes, examine: Callable[[bytes | Pixels, Wish], Examination]) -> None:
    """The templates of a picture on its side are those of the upright one."""
    turned = np.ascontiguousarray(np.rot90(np.asarray(PIL.Image.open(BytesIO(row))), -1))
    seen = examine(turned, Wish(search_orientation=True, other_templates=9))
    upright = examine(row, Wish(other_templates=9))
    assert 90 == seen.orientation_deg
    lying = sorted(seen.faces, key=lambda finding: finding.face.box.y1)
    for one, other in zip(templates(upright), lying, strict=True):
        assert other.template is not None
        assert similarity(one, other.template) > 0.95


def test_of_a_crowd_the_largest_get_templates(
    row: bytes, examine: Callable[[bytes | Pixels, Wish], Examination]
) -> None:
    """Asked for one besides the subject, the two largest faces have templates and the third has none."""
    seen = examine(row, Wish(other_templates=1, quality="all"))
    largest_first = sorted(seen.faces, key=lambda finding: -finding.face.box.area_px)
    assert [True, True, False] == [finding.template is not None for finding in largest_first]
