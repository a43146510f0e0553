"""The report's plots, as SVG text. No global state of the plotting library is touched."""

import io
import math
from collections.abc import Callable
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ipse.evaluation.measure import Evaluation
from ipse.evaluation.rates import RULE_OF_3, RULE_OF_30
from ipse.evaluation.scores import EDGES
from ipse.evaluation.summary import word

BLUE: Final = "#2463a8"
RED: Final = "#b8352a"
GREY: Final = "#777777"


def plots(result: Evaluation) -> dict[str, bytes]:
    """Give every plot that these measurements allow, by name."""
    drawn = {"histograms": draw(lambda axes: _histograms(axes, result))}
    if result.det and len(result.scores.genuine):
        drawn["det"] = draw(lambda axes: _det(axes, result))
    if result.curve is not None and result.scores.impostors:
        drawn["calibration"] = draw(lambda axes: _calibration(axes, result))
    return drawn


def draw(paint: Callable[[Axes], None]) -> bytes:
    """Give one plot as SVG; the same measurements give the same bytes."""
    with mpl.rc_context({"svg.hashsalt": "ipse", "svg.fonttype": "path", "font.size": 9}):
        figure = Figure(figsize=(7, 4.2), layout="constrained")
        axes = figure.subplots()
        axes.grid(color="#e4e4e4", linewidth=0.7)
        axes.set_axisbelow(True)
        paint(axes)
        canvas = io.BytesIO()
        figure.savefig(canvas, format="svg", metadata={"Date": None})
    return canvas.getvalue()


def _histograms(axes: Axes, result: Evaluation) -> None:
    """Similarities of genuine and impostor pairs, each scaled to area 1."""
    scores = result.scores
    coarse = scores.histogram.reshape(-1, 100).sum(1)
    if scores.impostors:
        heights = coarse / (scores.impostors * (EDGES[100] - EDGES[0]))
        axes.stairs(heights, EDGES[::100], fill=True, alpha=0.55, color=RED, label=f"impostor ({scores.impostors:,})")
    if len(scores.genuine):
        # 0.02 wide, and wider below a thousand pairs, so that the shape shows and not the luck of single pairs.
        edges = EDGES[::200] if len(scores.genuine) >= 1_000 else EDGES[::500]  # noqa: PLR2004  # as said
        counts = np.histogram(scores.genuine.similarity, edges, density=True)[0]
        label = f"genuine ({len(scores.genuine):,})"
        axes.stairs(counts, edges, fill=True, alpha=0.55, color=BLUE, label=label)
    _thresholds(axes, result)
    axes.set(xlabel="similarity (cosine)", ylabel="density", xlim=(-0.4, 1.0))
    axes.legend(loc="upper left")


def _thresholds(axes: Axes, result: Evaluation) -> None:
    """Lines where the curve puts its stated rates."""
    for check in result.checks:
        axes.axvline(check.measured.threshold, color=GREY, linewidth=0.8, linestyle="--")
        axes.text(
            check.measured.threshold,
            0.98,
            word(check.stated_fmr),
            rotation=90,
            fontsize=7,
            ha="right",
            va="top",
            transform=axes.get_xaxis_transform(),
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.4},
        )


def _det(axes: Axes, result: Evaluation) -> None:
    """False non-match rate along false match rate, both on decimal scales, with the intervals of the table."""
    false, missed = np.array(result.det).T
    genuine, impostors = len(result.scores.genuine), result.scores.impostors
    floor = _decade_below(0.9 / genuine)
    bottom = math.sqrt(floor / genuine)  # Halfway on the decimal scale between the axis and a single pair.
    axes.plot(false, np.where(missed > 0, missed, bottom), color=BLUE)
    for point in result.points:
        if point.tar is not None and point.support != "none":
            low, high = max(1 - point.tar.high, floor), 1 - point.tar.low
            axes.plot([point.fmr, point.fmr], [low, high], color=BLUE, linewidth=5, alpha=0.3, solid_capstyle="butt")
    axes.axhline(1 / genuine, color=GREY, linewidth=0.8, linestyle=":")
    axes.text(0.98, 1 / genuine, "one genuine pair", fontsize=7, va="bottom", ha="right", color=GREY)
    least = max(0.3 / impostors, 1e-12)
    axes.axvspan(least, min(RULE_OF_3 / impostors, 1.0), color=GREY, alpha=0.15, linewidth=0)
    axes.set(xscale="log", yscale="log", xlabel="false match rate", ylabel="false non-match rate")
    axes.set_xlim(least, 1)
    axes.set_ylim(floor, 1)


def _calibration(axes: Axes, result: Evaluation) -> None:
    """What the curve states and what was measured, along similarity."""
    assert result.curve is not None
    places = np.linspace(-0.1, 0.9, 301)
    low, high = np.array([result.curve.interval(float(place)) for place in places]).T
    axes.fill_between(places, low, high, color=GREY, alpha=0.25, label="95 % interval of the curve")
    stated = [result.curve.false_match_rate(float(place)) for place in places]
    axes.plot(places, stated, color=GREY, label="stated by the curve")
    counts = np.array([result.scores.impostors_above(float(place)) for place in places])
    many = counts >= RULE_OF_30
    few = (counts > 0) & ~np.append(many[1:], False)  # The last of the many joins the two lines.
    measured = counts / result.scores.impostors
    axes.plot(places[many], measured[many], color=RED, label="measured on these pictures")
    axes.plot(places[few], measured[few], color=RED, linewidth=1, linestyle=":", label="under 30 false matches: a hint")
    axes.axhline(result.curve.extrapolated_below, color=GREY, linewidth=0.8, linestyle="--")
    axes.text(-0.09, result.curve.extrapolated_below, "extrapolated below", fontsize=7, va="top", color=GREY)
    axes.set(yscale="log", xlabel="similarity (cosine)", ylabel="false match rate", ylim=(1e-8, 1.5))
    axes.legend()


def _decade_below(value: float) -> float:
    """Give the power of ten below a value."""
    return float(10.0 ** math.floor(math.log10(value)))
