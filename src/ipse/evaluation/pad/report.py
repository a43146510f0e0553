"""The page about attacks, as ISO/IEC 30107-3 lays it out; no picture is in it."""

from pathlib import Path

from ipse.evaluation.pad.measure import PadEvaluation
from ipse.evaluation.pad.plots import plots
from ipse.evaluation.pad.summary import summarise
from ipse.evaluation.page import rendered


def write_report(result: PadEvaluation, file: Path) -> None:
    """Write the page."""
    file.write_text(rendered("pad.html", plots(result), it=summarise(result)), encoding="utf-8")
