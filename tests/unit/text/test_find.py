"""Where lines stand: from a map of chances to quadrilaterals."""

from typing import TypeAlias

import cv2
import numpy as np
import pytest

from ipse.core.text.find import MOST_LINES, quads_of, reading_order, upright, without_marks
from ipse.core.vocabulary import Floats

Core: TypeAlias = tuple[tuple[float, float], tuple[float, float], float]


def map_with(*cores: Core, chance: float = 0.9) -> Floats:
    """A map of 320x480 with rectangles (centre, size, angle) on it."""
    chances = np.zeros((320, 480), np.float32)
    for core in cores:
        cv2.fillPoly(chances, [cv2.boxPoints(core).astype(np.int32)], chance)
    return chances


def box(x1: float, y1: float, x2: float, y2: float) -> Floats:
    """The corners of an upright rectangle."""
    return np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]], np.float32)


def test_a_core_grows_by_its_area_over_its_perimeter() -> None:
    """A core of 200x10 grows by 1.6 * 2000 / 420 = 7.6 px on each side, as DB's offset of a polygon would."""
    (quad,) = quads_of(map_with(((240, 160), (200, 10), 0)))
    width, height = quad.max(0) - quad.min(0)
    assert 201 + 2 * 7.9 == pytest.approx(width, abs=2.5)
    assert 11 + 2 * 7.9 == pytest.approx(height, abs=2.5)


@pytest.mark.parametrize("angle", [-12.0, 0.0, 7.0])
def test_a_slanting_line_begins_at_its_upper_left(angle: float) -> None:
    """The first corner is the start of the upper edge, and the order is clockwise."""
    (quad,) = quads_of(map_with(((240, 160), (220, 12), angle)))
    assert quad[0, 0] < quad[1, 0]
    assert quad[0, 1] < quad[3, 1]
    edge = quad[1] - quad[0]
    assert angle == pytest.approx(np.degrees(np.arctan2(edge[1], edge[0])), abs=2)


def test_a_line_that_runs_down_begins_at_its_upper_right() -> None:
    """What is much higher than long is a line turned clockwise: its upper edge is on the right."""
    quad = upright(box(100, 20, 120, 200))
    assert [[120, 20], [120, 200], [100, 200], [100, 20]] == quad.tolist()


@pytest.mark.parametrize(
    ("core", "chance"),
    [(((240, 160), (1, 1), 0), 0.9), (((240, 160), (200, 10), 0), 0.45), (((240, 160), (200, 10), 0), 0.2)],
)
def test_specks_and_faint_places_are_no_lines(
    core: tuple[tuple[float, float], tuple[float, float], float], chance: float
) -> None:
    """A core below three pixels, one whose mean is below one half, and one that is never text."""
    assert [] == quads_of(map_with(core, chance=chance))


def test_lines_come_row_by_row() -> None:
    """From top to bottom, and from left to right where their middles are hardly apart."""
    lines = [box(200, 52, 300, 72), box(10, 10, 100, 30), box(10, 50, 100, 70), box(200, 12, 300, 32)]
    assert [[10, 10], [200, 12], [10, 50], [200, 52]] == [quad[0].tolist() for quad in reading_order(lines)]


def test_a_mark_above_a_line_is_no_line() -> None:
    """A tone mark that was found beside its line goes; a short line of its own stays."""
    line, mark, apart = box(10, 20, 300, 60), box(100, 12, 120, 28), box(320, 22, 345, 40)
    assert [line[0].tolist(), apart[0].tolist()] == [quad[0].tolist() for quad in without_marks([line, mark, apart])]


def test_of_a_page_of_specks_the_largest_lines_are_kept() -> None:
    """However many lines there are, the largest ones are read, and no more than a card can need."""
    specks: list[Core] = [((8.0 + 12 * x, 8.0 + 12 * y), (6, 5), 0) for x in range(38) for y in range(10)]
    quads = quads_of(map_with(*specks, ((240, 250), (300, 12), 0)))
    assert MOST_LINES == len(quads)
    assert quads[0][:, 0].max() - quads[0][:, 0].min() > 300
