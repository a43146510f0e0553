"""Which face is meant."""

import numpy as np
import pytest

from ipse.core.faces.subject import choose
from ipse.core.vocabulary import Box, Face, Subject


def face(x1: float, y1: float, x2: float, y2: float) -> Face:
    """A face with this box."""
    return Face(Box(x1, y1, x2, y2), np.zeros((5, 2), np.float32), 0.9)


SMALL_IN_THE_MIDDLE = face(45, 45, 55, 55)
LARGE_AT_THE_EDGE = face(0, 0, 40, 40)


@pytest.mark.parametrize(("subject", "index"), [(Subject.LARGEST, 1), (Subject.CENTRE, 0)])
def test_the_subject_is_as_asked(subject: Subject, index: int) -> None:
    """The largest face, or the one nearest the middle."""
    assert index == choose((SMALL_IN_THE_MIDDLE, LARGE_AT_THE_EDGE), subject, 100, 100)


@pytest.mark.parametrize("subject", Subject)
def test_the_first_of_equals_is_meant(subject: Subject) -> None:
    """Two faces of one size at one distance: the first, which has the better score."""
    assert 0 == choose((face(0, 40, 20, 60), face(80, 40, 100, 60)), subject, 100, 100)


def test_nobody_is_no_subject() -> None:
    """Choosing among no faces is an error of the caller."""
    with pytest.raises(ValueError, match="none"):
        choose((), Subject.LARGEST, 10, 10)
