"""Engine: what computes, with which weights under which licences, and how often it errs."""

from dataclasses import dataclass

from ipse.console.page import Answer, Asked, Page, Route, Shown
from ipse.console.plots import HEIGHT, WIDTH, curve_plot, det_plot, thresholds
from ipse.service.desk.engine import EngineSheet
from ipse.service.desk.roles import Right

RUNTIME = ("version", "runtime", "provider", "device", "precision", "profile", "threads")
"""What is told of the machine, in this order."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The answers of the page."""

    sheet: EngineSheet

    async def show(self, asked: Asked) -> Answer:
        """Give everything."""
        del asked
        sheet = self.sheet
        facts = {
            "width": WIDTH,
            "height": HEIGHT,
            "runtime": {name: sheet.facts[name] for name in RUNTIME},
            "letters": {name: is_here for name, is_here in sheet.facts["cards"].items() if name != "reads"},
            "reads_cards": sheet.facts["cards"]["reads"],
            "judgements": sheet.facts["liveness"]["judgements"],
            "weights": sheet.weights,
            "provenance": sheet.curve.provenance,
            "extrapolated_below": f"{sheet.curve.extrapolated_below:.1e}",
            "thresholds": thresholds(sheet.curve),
            "curve": curve_plot(sheet.curve),
            "det": det_plot(sheet.det) if len(sheet.det) > 1 else None,
            "measured": sheet.measured,
        }
        return Shown("engine.html", facts)


def page(sheet: EngineSheet) -> Page:
    """Give the page."""
    return Page("engine", (Route("GET", "/engine", Engine(sheet).show, Right.SEE_ENGINE),), Right.SEE_ENGINE)
