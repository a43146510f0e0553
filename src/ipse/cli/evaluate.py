"""`ipse evaluate`: error rates on the user's own pictures, as a table, a summary, a list of scores and a report."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ipse.cli import acquisition
from ipse.core.scoring.calibration import Curve
from ipse.core.vocabulary import SUGGESTED_QUALITY, Profile, Recipe, Subject
from ipse.evaluation import exclusions
from ipse.evaluation import groups as grouping
from ipse.evaluation import pairs as trying
from ipse.infra.settings import Settings, read_settings
from ipse.infra.trouble import using


def evaluate(
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the report goes; made if it is not there.")],
    folders: Annotated[Path | None, typer.Option(metavar="DIR", help="One folder per person inside.")] = None,
    pairs: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Columns a,b,same (0 or 1).")] = None,
    groups: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Who (a person or a picture), then one column per factor.")
    ] = None,
    exclude: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Wrong labels to leave out: a,b,kind,reason.")
    ] = None,
    subject: Annotated[Subject, typer.Option(help="Which face of several.")] = Subject.LARGEST,
    profile: Annotated[Profile | None, typer.Option(help="\\[default: the setting profile]")] = None,
    show_pictures: Annotated[bool, typer.Option("--show-pictures", help="Put the worst pairs' faces in.")] = False,
    all_scores: Annotated[bool, typer.Option("--all-scores", help="Up to a million impostor pairs.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Measure how well faces are told apart: report.html, summary.json and scores.csv."""
    if (folders is None) == (pairs is None):
        raise typer.BadParameter("give either --folders DIR or --pairs FILE.csv")
    if exclude is not None and folders is None:
        raise typer.BadParameter("--exclude goes with --folders: from a list of pairs, take the lines out")
    settings = read_settings(profile=profile)
    with acquisition.usage():
        trials = trying.read_folders(folders) if folders else trying.read_pairs(pairs or Path())
        _warn(trials)
        factors = grouping.read_groups(groups, trials) if groups else ()
        without = exclusions.read_exclusions(exclude, trials) if exclude else None
    acquisition.make_writable(out)
    from ipse.evaluation import measure, report, summary  # noqa: PLC0415  # Wrong usage is told before a second of imports.

    gallery = acquisition.gather(trials, settings, profile, subject.value)
    result = measure.measure(
        trials,
        gallery,
        source=(folders or pairs or Path()).resolve().name,
        date=acquisition.today(),
        subject=subject.value,
        curve=_curve(settings, gallery.recipe),
        factors=factors,
        exclusions=without,
    )
    facts = summary.summarise(result)
    with using(out):
        (out / "summary.json").write_text(json.dumps(facts, indent=2, allow_nan=False) + "\n", encoding="utf-8")
        summary.write_scores(result, out / "scores.csv", everything=all_scores)
        report.write_report(result, out / "report.html", show_pictures=show_pictures)
    _print(facts, out, as_json=as_json)


def _warn(trials: trying.Trials) -> None:
    """Tell of lines of a list that do not count."""
    for lines, what in (
        (trials.repeated, "name a pair that was listed before: it counts once"),
        (trials.with_itself, "compare a picture with itself: they are left out"),
    ):
        if lines:
            acquisition.TALK.print(f"[yellow]Lines of the list:[/] {lines:,} {what}", highlight=False)


def _curve(settings: Settings, recipe: Recipe) -> Curve | None:
    """Give the curve for these weights; without one, rates are still measured."""
    from ipse.engine import EngineError, load_curve  # noqa: PLC0415  # As above.

    try:
        return load_curve(settings, recipe)
    except EngineError as error:
        Console(stderr=True).print(f"[yellow]No curve:[/] {escape(str(error))}", highlight=False)
        return None


def _print(facts: dict[str, Any], out: Path, *, as_json: bool) -> None:
    """Print the summary, for programs or for people."""
    console = Console()
    if as_json:
        typer.echo(json.dumps(facts, allow_nan=False))
        return
    table = Table(
        "FMR", "TAR", "95 %", "threshold", "", title=escape(f"{facts['source']}, {facts['recipe']['profile']}")
    )
    remarks = {
        "supported": "",
        "few": "[yellow]few false matches: a hint",
        "none": "[red]too few impostor pairs: a hint at most",
    }
    for fmr, point in facts["tar"].items():
        known = point["value"] is not None
        table.add_row(
            fmr,
            f"{point['value']:.2%}" if known else "—",
            f"{point['low']:.2%} to {point['high']:.2%}" if known else "",
            "—" if point["threshold"] is None else f"{point['threshold']:.4f}",
            remarks[point["support"]],
        )
    console.print(table)
    console.print(f"{facts['genuine']:,} genuine and {facts['impostor']:,} impostor pairs, {facts['people']:,} people")
    console.print(
        f"{len(facts['failures'])} of {facts['pictures']:,} pictures gave no template: FTA {facts['fta']:.2%}"
    )
    if facts["quality_below_suggested"] is not None:
        console.print(f"{facts['quality_below_suggested']:.1%} of the faces have a quality below {SUGGESTED_QUALITY}")
    if facts["curve"]:
        fitted = facts["curve"]
        console.print(f"the curve in use was fitted on {escape(fitted['dataset'])}: {escape(fitted['population'])};")
        console.print("for your own people and cameras: [bold]ipse calibrate --folders DIR")
    console.print(f"[bold]{escape(str(out / 'report.html'))}", soft_wrap=True)
