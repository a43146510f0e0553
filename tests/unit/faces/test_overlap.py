"""One box per face."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ipse.core.faces.overlap import distinct, iou_with
from ipse.core.vocabulary import Floats


def candidate(x1: float, y1: float, x2: float, y2: float, score: float = 0.9) -> Floats:
    """A candidate with this box; its landmarks do not matter."""
    return np.array([x1, y1, x2, y2, *[0] * 10, score], np.float32)


def test_the_best_of_overlapping_boxes_stays() -> None:
    """Two boxes of one face leave the better one."""
    left = distinct(np.stack([candidate(0, 0, 10, 10, 0.8), candidate(1, 1, 11, 11, 0.9)]))
    assert [np.float32(0.9)] == left[:, 14].tolist()


def test_neighbours_stay() -> None:
    """Two faces side by side both stay, best first."""
    left = distinct(np.stack([candidate(0, 0, 10, 10, 0.8), candidate(9, 0, 19, 10, 0.9)]))
    assert [9, 0] == left[:, 0].tolist()


def test_a_box_inside_a_better_one_falls() -> None:
    """A small box inside a large one is a part of that face, whatever the intersection over union."""
    left = distinct(np.stack([candidate(0, 0, 100, 100, 0.9), candidate(40, 40, 60, 60, 0.89)]))
    assert 1 == len(left)


def test_a_weak_box_must_stand_alone() -> None:
    """A weak box that shares 40 % of itself with a better one falls; a strong one there is a face behind."""
    better, weak, strong = candidate(0, 0, 100, 100), candidate(80, 0, 130, 50, 0.65), candidate(80, 0, 130, 50, 0.8)
    assert [1, 2] == [len(distinct(np.stack([better, other]))) for other in (weak, strong)]


def test_nothing_stays_nothing() -> None:
    """No candidates, no faces."""
    assert (0, 15) == distinct(np.zeros((0, 15), np.float32)).shape


corner = st.tuples(st.floats(0, 90), st.floats(0, 90), st.floats(1, 60), st.floats(1, 60), st.floats(0.6, 1))


@given(st.lists(corner, max_size=12))
def test_what_stays_does_not_overlap(corners: list[tuple[float, float, float, float, float]]) -> None:
    """No two faces that stay share more than allowed, scores fall, and a second pass changes nothing."""
    boxes = [candidate(x, y, x + w, y + h, score) for x, y, w, h, score in corners]
    left = distinct(np.stack(boxes) if boxes else np.zeros((0, 15), np.float32))
    for index, box in enumerate(left):
        assert all(iou_with(box, left[index + 1 :]) < 0.3)
    assert sorted(left[:, 14], reverse=True) == left[:, 14].tolist()
    np.testing.assert_array_equal(left, distinct(left))
