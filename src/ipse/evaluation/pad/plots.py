"""The plots of a report about attacks, as SVG text."""

from typing import Final

from matplotlib.axes import Axes

from ipse.evaluation.pad.measure import Measure, PadEvaluation
from ipse.evaluation.pad.rates import Group
from ipse.evaluation.plots import GREY, draw

MOST_SPECIES: Final = 10
"""Lines in one plot: as many as the colours of the plotting library; the worst ones are shown."""


def plots(result: PadEvaluation) -> dict[str, bytes]:
    """Give the trade-off of everything whose threshold can be moved, by name; none where too little was presented."""
    return {
        one.name: draw(lambda axes, one=one: _trades(axes, one))  # type: ignore[misc]  # A default of its own binds it.
        for one in result.measures
        if one.trades
    }


def _trades(axes: Axes, measured: Measure) -> None:
    """APCER of every species along BPCER, and where the thresholds in use put both."""
    shown = sorted(measured.trades, key=lambda one: -one.bpcer20.value)[:MOST_SPECIES]
    for number, trade in enumerate(shown):
        colour = f"C{number}"
        axes.plot(trade.bpcer, trade.apcer, drawstyle="steps-post", color=colour, label=trade.species)
        for table, marker in ((measured.default, "o"), (measured.chosen, "D")):
            if table is not None:
                _mark(
                    axes,
                    table.genuine,
                    next(one for one in table.species if one.species == trade.species),
                    colour,
                    marker,
                )
    axes.axhline(0.05, color=GREY, linewidth=0.8, linestyle=":")
    axes.set(xlabel="BPCER (genuine held up)", ylabel="APCER (attacks let through)")
    axes.set_xscale("symlog", linthresh=0.01)
    axes.set_yscale("symlog", linthresh=0.01)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.legend(fontsize=7)


def _mark(axes: Axes, genuine: Group, attacks: Group, colour: str, marker: str) -> None:
    """A point with its intervals, where both rates are known."""
    if genuine.errors is None or attacks.errors is None:
        return
    x, y = genuine.errors, attacks.errors
    axes.errorbar(
        [x.value], [y.value],
        xerr=[[x.value - x.low], [x.high - x.value]], yerr=[[y.value - y.low], [y.high - y.value]],
        color=colour, marker=marker, markersize=4, linewidth=0.8,
    )  # fmt: skip
