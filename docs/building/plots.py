"""
Plots of the pages, as SVG: from the shipped curve, the vendors' scales, the accuracy report; no number is typed here.

A page says `<!-- plot: NAME -->`; `drawn` puts the plot there. `docs/building/plots.py FOLDER` writes them into files.
"""

import json
import math
import re
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from ipse.protocols.faceid import scale as megvii
from ipse.protocols.iapp import scale as iapp
from ipse.protocols.linkface import scale as linkface

ROOT: Final = Path(__file__).resolve().parents[2]
PROFILE: Final = "balanced-bfloat16"
REPORTED: Final = "balanced, bfloat16"
WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 24, 56
INK, SOFT, BLUE, AMBER, GREEN = "#222", "#d8dde2", "#0b6e6e", "#9a5b00", "#2f6f2f"
LOWEST: Final = 1e-12
"""A rate below all that is drawn: it stands for two equal templates."""

SCALES: Final[Mapping[str, Callable[[float], float]]] = {
    "Megvii, confidence": lambda rate: megvii.confidence(rate, LOWEST),
    "iApp, confidence": lambda rate: iapp.confidence(rate, LOWEST),
    "Linkface, verify_score × 100": lambda rate: 100 * linkface.verify_score(rate, LOWEST),
}
RISKS: Final = (
    ("little to lose", -3, "#e6f2e6"),
    ("ordinary", -4, "#fff6dd"),
    ("much to lose", -5, "#ffe8cf"),
    ("extreme", -6, "#fbdcdc"),
)
"""Kinds of business, and the decade at which each begins. Source: `docs/thresholds.md`, after Megvii's page."""

PLACE: Final = re.compile(r"<!-- plot: (\w+) -->")


def drawn(text: str) -> str:
    """A page's text with its plots in their places."""
    return PLACE.sub(lambda found: f'<figure tabindex="0">\n{PLOTS[found[1]]()}\n</figure>', text)


def curve() -> str:
    """Similarity to false match rate: the shipped curve, its interval, and where it goes on by a fit."""
    read: dict[str, Any] = tomllib.loads((files("ipse.core.scoring.curves") / f"{PROFILE}.toml").read_text("utf-8"))
    knots = [knot for knot in read["knots"] if knot[0] >= -0.1 and knot[1] >= -8]  # noqa: PLR2004 - what is drawn
    across, up = _scale(-0.1, 0.8, LEFT, WIDTH - RIGHT), _scale(0, -8, TOP, HEIGHT - BOTTOM)
    counted = math.log10(read["extrapolated_below"])
    band = [(across(s), up(max(high, -8))) for s, _, _, high in knots] + [
        (across(s), up(max(low, -8))) for s, _, low, _ in reversed(knots)
    ]
    solid = [(across(s), up(rate)) for s, rate, *_ in knots if rate >= counted]
    fitted = [*solid[-1:], *((across(s), up(rate)) for s, rate, *_ in knots if rate < counted)]
    parts = [_grid_of_rates(up), _axis(across, [0, 0.2, 0.4, 0.6, 0.8], "similarity of two templates (a cosine)")]
    parts += [
        f'<polygon points="{_points(band)}" fill="{BLUE}" opacity="0.15"/>',
        _line(solid),
        _line(fitted, "6 4"),
    ]
    for decade in (-3, -4, -5, -6):
        similarity = _where(knots, decade)
        parts += [
            f'<circle cx="{across(similarity):.1f}" cy="{up(decade):.1f}" r="4" fill="{AMBER}"/>',
            _words(across(similarity) + 8, up(decade) - 6, f"{similarity:.3f}", AMBER),
        ]
    parts.append(_words(WIDTH - RIGHT - 250, TOP + 20, "solid: counted · dashed: a careful fit · shade: 95 %", INK, 12))
    return _svg(
        parts, "The curve of the balanced profile at bfloat16: which similarity stands for which false match rate"
    )


def scales() -> str:
    """What each vendor's score is at each false match rate."""
    across, up = _scale(0, -6, LEFT, WIDTH - RIGHT - 30), _scale(100, 0, TOP, HEIGHT - BOTTOM)
    parts = [
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up(y):.1f}" y2="{up(y):.1f}" stroke="{SOFT}"/>'
        + _words(LEFT - 8, up(y) + 4, str(y), INK, 12, "end")
        for y in range(0, 101, 20)
    ]
    parts += [_words(across(d), HEIGHT - BOTTOM + 18, _rate(d), INK, 12, "middle") for d in range(-6, 1)]
    parts.append(
        _words(
            (LEFT + WIDTH) / 2,
            HEIGHT - 14,
            "strangers that look at least that alike: one in",
            INK,
            13,
            "middle",
        )
    )
    for score, colour, dash in zip(SCALES.values(), (BLUE, AMBER, GREEN), ("", "8 4", "2 4"), strict=True):
        points = [(across(-step / 20), up(score(10 ** (-step / 20)))) for step in range(121)]
        parts.append(_line(points, dash, colour))
    for row, (name, colour) in enumerate(zip(SCALES, (BLUE, AMBER, GREEN), strict=True)):
        parts.append(_words(WIDTH - RIGHT - 8, HEIGHT - BOTTOM - 60 + 20 * row, name, colour, 13, "end"))
    return _svg(parts, "Megvii's, iApp's and Linkface's score at each false match rate")


def rulers() -> str:
    """Every scale beside the others, aligned by false match rate, over the kinds of business."""
    high, first = 230, 78
    across = _scale(-1, -6, 150, WIDTH - 110)
    parts = []
    for name, decade, colour in RISKS:
        left, right = across(decade), across(decade - 1) if decade > RISKS[-1][1] else WIDTH - 10
        parts += [
            f'<rect x="{left:.1f}" y="40" width="{right - left:.1f}" height="{high - 46}" fill="{colour}"/>',
            _words(across(decade) + 5, 56, name, INK, 12),
        ]
    parts += [_words(across(d), 28, _rate(d), INK, 13, "middle") for d in range(-6, 0)]
    parts.append(_words(10, 28, "one stranger in", INK, 13))
    rows = [("Megvii", megvii_at), ("iApp", lambda d: f"{iapp.confidence(10.0**d, LOWEST):.0f}"),
            ("Linkface", lambda d: f"{linkface.verify_score(10.0**d, LOWEST):.1f}")]  # fmt: skip
    for row, (name, told) in enumerate(rows):
        y = first + 22 + 48 * row
        parts += [
            _words(10, y + 4, name, INK, 14),
            f'<line x1="{across(-1):.1f}" x2="{WIDTH - 10}" y1="{y}" y2="{y}" stroke="{INK}" stroke-width="1.5"/>',
        ]
        for decade in range(-6, 0):
            x = across(decade)
            parts += [
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 6}" y2="{y + 6}" stroke="{INK}"/>',
                _words(x, y - 10, told(decade), BLUE, 13, "middle"),
            ]
    return _svg(parts, "The scores of three vendors, aligned by how many strangers reach them", high)


def megvii_at(decade: int) -> str:
    """Megvii's confidence at a decade of the rate, as it is printed."""
    return f"{megvii.printed(megvii.confidence(10.0**decade, LOWEST)):g}"


def passes() -> str:
    """How many of the right people pass at each false match rate, with intervals, from the accuracy report."""
    rates: dict[str, dict[str, float]] = _report()
    rows = [name for name in ("1e-2", "1e-3", "1e-4", "1e-5") if name in rates]
    least = math.floor(min(100 * rates[name]["low"] for name in rows)) - 1
    across, high = _scale(least, 100, 130, WIDTH - 40), 60 + 44 * len(rows)
    parts = [
        f'<line x1="{across(x):.1f}" x2="{across(x):.1f}" y1="20" y2="{high - 44}" stroke="{SOFT}"/>'
        + _words(across(x), high - 28, f"{x} %", INK, 12, "middle")
        for x in range(least, 101)
    ]
    for row, name in enumerate(rows):
        value, low, up = (100 * rates[name][part] for part in ("value", "low", "high"))
        y = 40 + 44 * row
        parts += [
            _words(10, y + 5, f"1 in {round(1 / float(name)):,}", INK, 14),
            f'<g opacity="0.4">{_line([(across(low), y), (across(up), y)])}</g>',
            f'<circle cx="{across(value):.1f}" cy="{y}" r="6" fill="{BLUE}"/>',
            _words(across(value), y - 12, f"{value:.2f} %", BLUE, 13, "middle"),
        ]
    parts.append(_words(WIDTH / 2, high - 8, "right people who pass, with 95 % intervals", INK, 13, "middle"))
    return _svg(parts, "Share of the right people who pass, by how many strangers may pass", high)


def _report() -> dict[str, dict[str, float]]:
    """The true accept rates of the accuracy report."""
    text = (ROOT / "benchmarks" / "accuracy" / "tar.json").read_text(encoding="utf-8")
    rates: dict[str, dict[str, float]] = json.loads(text)["rows"][REPORTED]["tar"]
    return rates


PLOTS: Final[Mapping[str, Callable[[], str]]] = {"curve": curve, "scales": scales, "rulers": rulers, "passes": passes}


def _scale(first: float, last: float, begin: float, end: float) -> Callable[[float], float]:
    """A straight way from values to pixels."""
    return lambda value: begin + (value - first) / (last - first) * (end - begin)


def _where(knots: Sequence[Sequence[float]], decade: float) -> float:
    """The similarity at which the curve has this rate."""
    for (s0, r0, *_), (s1, r1, *_) in pairwise(knots):
        if r1 <= decade <= r0:
            return s0 + (r0 - decade) / (r0 - r1) * (s1 - s0)
    raise ValueError(decade)


def _rate(decade: int) -> str:
    """A decade as people say it: one in how many."""
    return "all" if decade == 0 else f"{10**-decade:,}"


def _grid_of_rates(up: Callable[[float], float]) -> str:
    """Lines for the decades of the rate, and what they mean."""
    rows = [
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up(d):.1f}" y2="{up(d):.1f}" stroke="{SOFT}"/>'
        + _words(LEFT - 6, up(d) + 4, f"1e{d}" if d else "1", INK, 12, "end")
        for d in range(-8, 1)
    ]
    return "".join(rows) + _words(8, 14, "false match rate", INK, 13)


def _axis(across: Callable[[float], float], ticks: Sequence[float], name: str) -> str:
    """The horizontal axis."""
    marks = [_words(across(tick), HEIGHT - BOTTOM + 18, f"{tick:g}", INK, 12, "middle") for tick in ticks]
    return "".join(marks) + _words((LEFT + WIDTH) / 2, HEIGHT - 14, name, INK, 13, "middle")


def _points(pairs: Sequence[tuple[float, float]]) -> str:
    """Points as SVG has them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pairs)


def _line(pairs: Sequence[tuple[float, float]], dash: str = "", colour: str = BLUE) -> str:
    """A line through points."""
    ink = f'stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"'
    return f'<polyline points="{_points(pairs)}" fill="none" {ink}/>'


def _words(x: float, y: float, text: str, colour: str, size: int = 13, anchor: str = "start") -> str:
    """A few words at a place."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _svg(parts: Sequence[str], title: str, height: int = HEIGHT) -> str:
    """The whole picture, on paper of its own so that it can be read in the dark."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif">'
    )
    paper = f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>'
    return f"{head}<title>{escape(title)}</title>{paper}{''.join(parts)}</svg>"


if __name__ == "__main__":
    for plot, draw in PLOTS.items():
        Path(sys.argv[1], f"{plot}.svg").write_text(draw(), encoding="utf-8")
