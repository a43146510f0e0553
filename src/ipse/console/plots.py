"""Plots as plain numbers: where lines, points and ticks stand in a drawing of `WIDTH` by `HEIGHT`."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ipse.core.scoring.calibration import Curve
from ipse.service.desk.engine import DetPoint

WIDTH: Final = 340.0
HEIGHT: Final = 220.0
"""Of the field of a plot, in its own units; labels stand outside of it."""

RATES: Final = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
"""The false match rates whose thresholds are drawn and tabled."""

LEAST_SIMILARITY: Final = 0.0
LEAST_DECADE: Final = -8
"""Where the curve's plot begins and ends: below, everybody is a stranger, and no data say anything."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid and its label."""

    place: float
    label: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """A similarity from which on strangers are at most so frequent, and the ends of the rate's 95 % interval."""

    rate: str
    similarity: str
    low: str
    high: str
    is_extrapolated: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A measured point with the ends of its interval."""

    x: float
    y: float
    top: float
    bottom: float
    rate: str
    told: DetPoint


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines as the attribute `points` of SVG has them, and the grid."""

    measured: str
    extrapolated: str
    band: str
    points: tuple[Point, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


def curve_plot(curve: Curve) -> Plot:
    """Give false match rates (logarithmic, upwards) over similarities, with their 95 % band."""
    knots = [knot for knot in curve.knots if knot.similarity >= LEAST_SIMILARITY and knot.log10_fmr >= LEAST_DECADE]
    limit = math.log10(curve.extrapolated_below)
    measured = [(_across(knot.similarity), _up(knot.log10_fmr)) for knot in knots if knot.log10_fmr >= limit]
    beyond = [(_across(knot.similarity), _up(knot.log10_fmr)) for knot in knots if knot.log10_fmr < limit]
    band = [(_across(knot.similarity), _up(knot.high)) for knot in knots]
    band += [(_across(knot.similarity), _up(max(knot.low, LEAST_DECADE))) for knot in reversed(knots)]
    return Plot(
        measured=_line(measured),
        extrapolated=_line([*measured[-1:], *beyond]),
        band=_line(band),
        points=(),
        across=tuple(Tick(_across(step / 5), f"{step / 5:g}") for step in range(6)),
        up=tuple(Tick(_up(decade), _decade(decade)) for decade in range(0, LEAST_DECADE - 1, -2)),
    )


def thresholds(curve: Curve) -> tuple[Threshold, ...]:
    """Give the similarities at `RATES`, as far as the curve states them."""
    return tuple(_threshold(curve, rate) for rate in RATES if 10 ** curve.knots[-1].log10_fmr <= rate)


def rate_word(rate: float) -> str:
    """Give a rate as the settings and the answers write it: `1e-4`."""
    return f"{rate:.0e}".replace("e-0", "e-")


def det_plot(det: tuple[DetPoint, ...]) -> Plot:
    """Give missed genuine pairs over false matches, both logarithmic (ISO/IEC 19795-1, DET)."""
    first, last = (round(math.log10(end)) for end in (min(one.fmr for one in det), max(one.fmr for one in det)))
    least = math.floor(math.log10(max(min(one.low for one in det), 1e-4)))
    most = math.ceil(math.log10(max(one.high for one in det)))

    def across(fmr: float) -> float:
        return round(WIDTH * (math.log10(fmr) - first) / (last - first), 1)

    def up(fnmr: float) -> float:
        decades = max(math.log10(max(fnmr, 1e-9)), least)
        return round(HEIGHT * (most - decades) / (most - least), 1)

    points = tuple(
        Point(across(one.fmr), up(one.fnmr), up(one.high), up(one.low), rate_word(one.fmr), one)
        for one in sorted(det, key=lambda one: one.fmr)
    )
    return Plot(
        measured=_line((one.x, one.y) for one in points),
        extrapolated="",
        band=_line([*((one.x, one.top) for one in points), *((one.x, one.bottom) for one in reversed(points))]),
        points=points,
        across=tuple(Tick(across(10.0**decade), _decade(decade)) for decade in range(first, last + 1)),
        up=tuple(Tick(up(10.0**decade), f"{10.0 ** (decade + 2):g} %") for decade in range(least, most + 1)),
    )


def _threshold(curve: Curve, rate: float) -> Threshold:
    """Give one row of the table."""
    similarity = curve.similarity_at(rate)
    low, high = curve.interval(similarity)
    return Threshold(
        rate_word(rate), f"{similarity:.4f}", f"{low:.1e}", f"{high:.1e}", is_extrapolated=curve.is_extrapolated(rate)
    )


def _across(similarity: float) -> float:
    """Give where a similarity stands."""
    return round(WIDTH * (similarity - LEAST_SIMILARITY) / (1.0 - LEAST_SIMILARITY), 1)


def _up(log10_fmr: float) -> float:
    """Give where a decade stands."""
    return round(HEIGHT * log10_fmr / LEAST_DECADE, 1)


def _decade(decade: int) -> str:
    """Give a power of ten as it is written."""
    return f"1e{decade}" if decade else "1"


def _line(points: Iterable[tuple[float, float]]) -> str:
    """Give points as SVG has them."""
    return " ".join(f"{x},{y}" for x, y in points)
