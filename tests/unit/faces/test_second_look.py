"""A doubtful face is looked at again, all four ways up."""

from collections.abc import Mapping

import numpy as np
import pytest

from ipse.core.faces import second_look, views, yunet
from ipse.core.faces.detect import detect
from ipse.core.faces.refine import refine
from ipse.core.vocabulary import Box, Face, Floats, Precision

PIXELS = np.zeros((200, 200, 3), np.uint8)
STRIDE = 16


class FixedNetwork:
    """
    A network in memory: for each input size, always the same cells of one level, with their scores.

    The box of a cell is `box_px` wide and high, and all its points lie at its middle.
    """

    digest = "0" * 64
    precision: Precision = "float32"

    def __init__(self, seen: Mapping[tuple[int, int], Mapping[tuple[int, int], float]], box_px: int = 64) -> None:
        self.seen = seen
        self.box_px = box_px
        self.asked: list[tuple[int, int]] = []

    def run(self, tensor: Floats) -> Mapping[str, Floats]:
        """The arrays for this input size."""
        height, width = tensor.shape[2], tensor.shape[3]
        self.asked.append((height, width))
        outputs = {}
        for stride in yunet.STRIDES_PX:
            for name, values in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)):
                shape = (1, (height // stride) * (width // stride), values)
                outputs[f"{name}_{stride}"] = np.zeros(shape, np.float32)
        for (column, row), score in self.seen.get((height, width), {}).items():
            cell = row * (width // STRIDE) + column
            outputs[f"cls_{STRIDE}"][0, cell] = score
            outputs[f"obj_{STRIDE}"][0, cell] = score
            outputs[f"bbox_{STRIDE}"][0, cell, 2:] = np.log(self.box_px / STRIDE)
        return outputs


CLOSE = (views.CLOSE_PX, views.CLOSE_PX)
# The middles of the four cells: as it is, turned by 90, by 180, by 270.
AS_IT_IS, BY_90, BY_180, BY_270 = (4, 4), (12, 4), (4, 12), (12, 12)


def face(score: float) -> Face:
    """A face of this score."""
    return Face(Box(50, 50, 114, 114), np.full((5, 2), 82, np.float32), score)


@pytest.mark.parametrize(
    ("seen", "stays"),
    [
        ({AS_IT_IS: 0.8}, True),
        ({AS_IT_IS: 0.8, BY_90: 0.7, BY_180: 0.75}, True),
        ({AS_IT_IS: 0.8, BY_180: 0.85}, False),
        ({AS_IT_IS: 0.8, BY_270: 0.9}, False),
        ({AS_IT_IS: 0.5}, False),
        ({}, False),
    ],
)
def test_a_doubtful_face_stays_if_it_is_best_as_it_is(seen: dict[tuple[int, int], float], stays: bool) -> None:  # noqa: FBT001 - a column of the table
    """It must be seen again, and no turn of it may score higher."""
    network = FixedNetwork({CLOSE: seen})
    assert stays == bool(second_look.confirmed(PIXELS, (face(0.8),), network))


def test_a_sure_face_is_not_looked_at_again() -> None:
    """A face of 0.95 costs no second look."""
    network = FixedNetwork({})
    assert 1 == len(second_look.confirmed(PIXELS, (face(0.95),), network))
    assert [] == network.asked


def test_a_crowd_is_looked_at_in_bounded_time() -> None:
    """Of a hundred doubtful faces only the largest few are looked at; the others stay."""
    network = FixedNetwork({})
    left = second_look.confirmed(PIXELS, tuple(face(0.8) for _ in range(100)), network)
    assert second_look.JUDGED == len(network.asked)
    assert 100 - second_look.JUDGED == len(left)


def test_a_face_in_the_fine_view_is_found_where_it_is() -> None:
    """A cell of the fine view of an 832-pixel square is a face at twice its place and size, found in one run."""
    network = FixedNetwork({(416, 416): {(10, 5): 0.95}})
    (found,) = detect(np.zeros((832, 832, 3), np.uint8), network)
    assert Box(256, 96, 384, 224) == found.box
    assert [(416, 416), CLOSE] == network.asked


def test_a_large_face_makes_the_padded_view_needless() -> None:
    """A face of a third of the picture's width is enough: the padded view is not asked for."""
    network = FixedNetwork({(736, 416): {(10, 5): 0.95}})
    pixels = np.zeros((1900, 160, 3), np.uint8)
    assert 3 == len(detect(pixels, network))
    assert CLOSE not in network.asked


def test_a_closer_look_replaces_only_the_points() -> None:
    """The points come from the closer look, box and score stay."""
    network = FixedNetwork({CLOSE: {(7, 8): 0.9}}, box_px=180)
    before = Face(Box(50, 50, 73, 73), np.zeros((5, 2), np.float32), 0.7)
    after = refine(PIXELS, before, network)
    assert (before.box, before.score) == (after.box, after.score)
    assert not np.array_equal(before.landmarks_px, after.landmarks_px)


def test_what_the_closer_look_does_not_see_stays_as_it_was() -> None:
    """Without a detection at the same place the first landmarks stay."""
    before = face(0.9)
    assert before is refine(PIXELS, before, FixedNetwork({CLOSE: {(1, 1): 0.9}}))
