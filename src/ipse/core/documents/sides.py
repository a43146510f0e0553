"""
Lines that may be a card's sides, seen from a frame in which the card stands about upright.

A frame is a similarity of the picture: its origin and its unit are where and how large something upright is (a face),
or the middle of the picture and its height.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ipse.core.vocabulary import Floats

Affine: TypeAlias = NDArray[np.float64]
Reals: TypeAlias = NDArray[np.float64]
Way: TypeAlias = Literal["across", "down"]

STEEPEST = 0.36
"""Slope, 20 degrees, up to which a line counts as running across (or down): a card at an angle, a head held askew."""

OFF = 0.09
"""How far from a line, in units, the middle of a segment may lie that belongs to it."""

LEAN = 0.06
"""Difference in slope, 3.4 degrees, from which lines through one place are two; a segment may be off by twice this."""

NEAR = 4.0
"""Distance from the frame's origin, in units, at which a segment weighs half: a card's sides are not far away."""

TURN_STEP_RAD = np.radians(4.0)
"""Step in which turns are told apart."""

BINS = 256
"""Cells in which it is noted where along a line its segments lie."""

REACH = 12.0
"""Half the length of a line that is noted, in units."""


@dataclass(frozen=True)
class Lines:
    """
    Lines of one way, as `y = at + slope * x` (across) or `x = at + slope * y` (down), in units of the frame.

    Attributes:
        at: (K,) where they cross the other axis.
        slope: (K,) their slope.
        is_border: (K,) whether it is the picture's own border.
        covered: (K, BINS + 1) how many cells from -REACH on are covered by segments, summed up.
    """

    at: Reals
    slope: Reals
    is_border: NDArray[np.bool_]
    covered: Reals = field(repr=False)

    def __len__(self) -> int:
        return len(self.at)

    def share(self, start: Reals, end: Reals, which: NDArray[np.intp]) -> Reals:
        """Give the share of each stretch that is covered, of the line with that number."""
        low, high = (np.clip((place + REACH) * (BINS / (2 * REACH)), 0, BINS) for place in (start, end))
        length = np.maximum(high - low, 1e-6)
        return np.asarray((self._until(high, which) - self._until(low, which)) / length, np.float64)

    def _until(self, place: Reals, which: NDArray[np.intp]) -> Reals:
        """Give the covered cells up to a place, read between cells too."""
        cell = np.minimum(place.astype(np.intp), BINS - 1)
        left, right = self.covered[which, cell], self.covered[which, cell + 1]
        return np.asarray(left + (right - left) * (place - cell), np.float64)


@dataclass(frozen=True)
class Traces:
    """Segments of one way in a frame: middle along and across the way, slope, half the length."""

    along: Reals
    beside: Reals
    slope: Reals
    half: Reals


def to_frame(segments: Floats, frame: Affine, way: Way) -> Traces:
    """
    Give the segments that run this way.

    Shape: segments (N, 4) in pixels, frame (2, 3) pixels to units.
    """
    one = segments[:, :2] @ frame[:, :2].T + frame[:, 2]
    two = segments[:, 2:] @ frame[:, :2].T + frame[:, 2]
    axis = 0 if way == "across" else 1
    run, rise = (two - one)[:, axis], (two - one)[:, 1 - axis]
    flat = np.abs(rise) < np.abs(run) * STEEPEST
    middle = (one + two)[flat] / 2
    return Traces(middle[:, axis], middle[:, 1 - axis], rise[flat] / run[flat], np.abs(run[flat]) / 2)


def leading_turns(segments: Floats, frame: Affine, most_rad: float, count: int) -> list[float]:
    """
    Give the turns, up to `most_rad` either way, that most of the segments near the origin have in common.

    Shape: segments (N, 4) in pixels, frame (2, 3).
    """
    one = segments[:, :2] @ frame[:, :2].T + frame[:, 2]
    two = segments[:, 2:] @ frame[:, :2].T + frame[:, 2]
    way, away = two - one, np.hypot(*((one + two) / 2).T)
    turn = (np.arctan2(way[:, 1], way[:, 0]) + np.pi / 4) % (np.pi / 2) - np.pi / 4
    weight = np.hypot(way[:, 0], way[:, 1]) / (1 + (away / NEAR) ** 2)
    bins = round(2 * most_rad / TURN_STEP_RAD)
    counts, edges = np.histogram(turn, bins, (-most_rad, most_rad), weights=weight)
    smooth = np.convolve(counts, (1, 2, 1), "same")
    kept: list[int] = []
    for number in np.argsort(-smooth):
        if all(abs(number - other) > 1 for other in kept):
            kept.append(int(number))
    return [float(edges[number] + TURN_STEP_RAD / 2) for number in kept[:count]]


def strongest(traces: Traces, low: float, high: float, count: int) -> Lines:
    """
    Give the lines that most segments lie on, of those that cross the other axis between `low` and `high`.

    Args:
        traces: Segments of one way.
        low: Least place.
        high: Greatest place.
        count: Most lines.
    """
    near = np.abs(traces.along) < REACH
    along, beside, slope, half = traces.along[near], traces.beside[near], traces.slope[near], traces.half[near]
    at = beside - slope * along
    seeds = np.flatnonzero((at > low) & (at < high))
    worth = half / (1 + (np.hypot(along, beside) / NEAR) ** 2)
    seeds = seeds[np.argsort(-worth[seeds])[: 6 * count]]
    off = beside[None] - (beside[seeds, None] + slope[seeds, None] * (along[None] - along[seeds, None]))
    on = (np.abs(off) < OFF) & (np.abs(slope[None] - slope[seeds, None]) < 2 * LEAN)
    weight = on @ worth
    kept: list[int] = []
    for seed in np.argsort(-weight):
        one = seeds[seed]
        if all(abs(at[one] - at[seeds[k]]) > OFF or abs(slope[one] - slope[seeds[k]]) > LEAN for k in kept):
            kept.append(int(seed))
        if len(kept) == count:
            break
    return _lines(along, half, at[seeds[kept]], slope[seeds[kept]], on[kept])


def with_borders(lines: Lines, outline: Reals, way: Way, low: float, high: float) -> Lines:
    """
    Give the lines and the picture's own borders that run this way: a card that fills its picture ends there.

    Shape: outline (4, 2), the picture's corners in the frame.
    """
    axis = 0 if way == "across" else 1
    ends = np.roll(outline, -1, axis=0)
    run, rise = (ends - outline)[:, axis], (ends - outline)[:, 1 - axis]
    runs_this_way = np.abs(run) > np.abs(rise)
    slope = rise[runs_this_way] / run[runs_this_way]
    at = outline[runs_this_way, 1 - axis] - slope * outline[runs_this_way, axis]
    taken = (at > low) & (at < high)
    count = int(taken.sum())
    return Lines(
        np.append(lines.at, at[taken]),
        np.append(lines.slope, slope[taken]),
        np.append(lines.is_border, np.ones(count, bool)),
        np.vstack([lines.covered, np.zeros((count, BINS + 1))]),
    )


def _lines(along: Reals, half: Reals, at: Reals, slope: Reals, on: NDArray[np.bool_]) -> Lines:
    """Give lines with the stretches that their segments cover."""
    ends = np.stack((along - half, along + half))
    low, high = np.clip(np.rint((ends + REACH) * (BINS / (2 * REACH))), 0, BINS).astype(np.intp)
    row, member = np.nonzero(on)
    cells = len(at) * (BINS + 1)
    begun = np.bincount(row * (BINS + 1) + low[member], minlength=cells)
    ended = np.bincount(row * (BINS + 1) + high[member], minlength=cells)
    steps = (begun - ended).reshape(len(at), BINS + 1)
    covered = np.zeros((len(at), BINS + 1))
    covered[:, 1:] = np.cumsum(np.cumsum(steps, axis=1)[:, :-1] > 0, axis=1)
    return Lines(at, slope, np.zeros(len(at), bool), covered)
