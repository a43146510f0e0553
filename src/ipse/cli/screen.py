"""How answers look to people: a console, a ruler, a table. Imported by commands that print for people."""

import math
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ipse.core.reasons import Refusal
from ipse.core.scoring.calibration import Curve

WIDTH = 60


def console() -> Console:
    """The console of a command: colours only where they can be seen."""
    return Console(highlight=False)


def could_not_tell(obstacle: Refusal | OSError) -> str:
    """Why a picture led to no answer, in Rich's markup."""
    if isinstance(obstacle, OSError):
        return f"[bold yellow]Could not tell:[/] a picture cannot be read ({obstacle.strerror or obstacle})"
    where = "" if obstacle.field is None else f" ({obstacle.field})"
    return f"[bold yellow]Could not tell:[/] {obstacle.reason.value}{where}"


def said_rate(rate: float) -> str:
    """A rate as people say it: `once in 12,000`."""
    if rate >= 0.1:  # noqa: PLR2004  # rarer rates read better as once in so many
        return f"{100 * rate:.0f} % of the time"
    digits = 2 - math.ceil(math.log10(1 / rate))
    return f"once in {round(1 / rate, digits):,.0f}"


def bar(similarity: float, marks: Mapping[float, float]) -> Text:
    """A ruler from 0 to 1 with the thresholds marked and the similarity filled in."""
    filled = round(max(0.0, similarity) * WIDTH)
    line = ["█"] * filled + ["░"] * (WIDTH - filled)
    for place in marks.values():
        line[min(round(place * WIDTH), WIDTH - 1)] = "│"
    return Text("".join(line), style="cyan")


def likeness(curve: Curve, rates: Sequence[str]) -> Table:
    """The thresholds of a curve as a table."""
    table = Table(box=None, header_style="dim")
    table.add_column("false match rate")
    for rate in rates:
        table.add_column(rate, justify="right")
    table.add_row("similarity at least", *(f"{curve.similarity_at(float(rate)):.3f}" for rate in rates))
    return table
