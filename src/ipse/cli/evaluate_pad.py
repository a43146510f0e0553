"""`ipse evaluate-pad`: how often attacks get through, on the user's own attacks: table, summary, scores and report."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from ipse.cli import acquisition
from ipse.cli.options import AsJson
from ipse.core.genuineness.judgement import NAMES, JudgementName
from ipse.evaluation.pad.labels import Presentations, read_labels
from ipse.infra.settings import Settings, read_settings
from ipse.infra.trouble import using


def evaluate_pad(
    *,
    folder: Annotated[Path, typer.Option(metavar="DIR", help="Holds the pictures.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the report goes; made if it is not there.")],
    labels: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help="Columns file,label,attack: real, spoof or spoof?; note, subject, env if known. "
            "\\[default: labels.csv in the folder]",
        ),
    ] = None,
    threshold: Annotated[
        list[str] | None, typer.Option(metavar="NAME=NUMBER", help="Also measure at this threshold; repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure how often attacks pass for genuine, species by species: report.html, summary.json and scores.csv."""
    thresholds = _thresholds(threshold or ())
    settings = read_settings()
    with acquisition.usage():
        presentations = read_labels(folder, labels)
    if presentations.unlisted:
        unlisted = f"{presentations.unlisted:,} files of the folder are not in the list: they are not looked at"
        acquisition.TALK.print(f"[yellow]Not listed:[/] {unlisted}", highlight=False)
    acquisition.make_writable(out)
    from ipse.evaluation.pad import report, summary  # noqa: PLC0415  # Wrong usage is told before a second of imports.

    result = _measured(folder.resolve().name, presentations, thresholds, settings)
    facts = summary.summarise(result)
    with using(out):
        (out / "summary.json").write_text(json.dumps(facts, indent=2, allow_nan=False) + "\n", encoding="utf-8")
        summary.write_scores(result, out / "scores.csv")
        report.write_report(result, out / "report.html")
    _print(facts, out, as_json=as_json)


def _thresholds(words: Sequence[str]) -> dict[JudgementName, float]:
    """Give the thresholds that were asked for."""
    found: dict[JudgementName, float] = {}
    for word in words:
        typed, _, number = word.partition("=")
        name: JudgementName | None = next((each for each in NAMES if each == typed), None)
        try:
            value = float(number)
        except ValueError:
            value = 0.0
        if name is None or not 0 < value < 1:
            raise typer.BadParameter(
                f"--threshold takes NAME=NUMBER, NAME one of {', '.join(NAMES)}, NUMBER between 0 and 1: not {word!r}"
            )
        found[name] = value
    return found


def _measured(
    source: str, presentations: Presentations, thresholds: dict[JudgementName, float], settings: Settings
) -> Any:  # A PadEvaluation; naming it would cost the imports that wrong usage is spared.
    """Give what the judgements say of all pictures, made on as many threads as the settings allow."""
    from ipse.engine import open_engine, open_genuineness, thread_count  # noqa: PLC0415  # As above.
    from ipse.evaluation.pad import answers, measure  # noqa: PLC0415  # Likewise.
    from ipse.verifier import Untimed  # noqa: PLC0415  # Likewise.

    engine = open_engine(settings)
    liveness = open_genuineness(settings, engine)
    columns = (TextColumn("[bold]{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=acquisition.TALK, transient=True) as progress:
        task = progress.add_task("pictures", total=len(presentations.listed))
        said = answers.ask(
            presentations.listed,
            liveness.examiner,
            Untimed(),
            thread_count(settings),
            lambda: progress.advance(task),
        )
    return measure.measure(
        said,
        source=source,
        date=acquisition.today(),
        points=liveness.examiner.points,
        thresholds=thresholds,
        weights={weight.name: weight.digest for weight in (*engine.weights, *liveness.weights)},
        unlisted=presentations.unlisted,
    )


def _print(facts: dict[str, Any], out: Path, *, as_json: bool) -> None:
    """Print the summary, for programs or for people."""
    if as_json:
        typer.echo(json.dumps(facts, allow_nan=False))
        return
    console = Console()
    at = "chosen" if facts["chosen_thresholds"] else "default"
    told = facts["measures"]["verdict"][at]
    if len(facts["one_by_one"]) < sum(facts["pictures"][kind] for kind in ("genuine", "attacks", "doubtful")):
        console.print(_rates(told, escape(f"{facts['source']}, rejected or not, {at} thresholds")))
    if facts["one_by_one"]:
        console.print(f"Fewer than {facts['least_presentations']} of a kind are no rate; one by one:")
        console.print(_one_by_one(facts["one_by_one"]))
    idle = [name for name, point in facts["operating_points"].items() if not point["assessed"]]
    if idle:
        console.print(f"Not assessed by this installation: {', '.join(idle)} (`ipse doctor` says why)")
    console.print(f"[bold]{escape(str(out / 'report.html'))}", soft_wrap=True)


def _rates(told: dict[str, Any], title: str) -> Table:
    """Give what has a rate as a table."""
    table = Table("", "n", "APCER or BPCER", "95 %", "not answered", title=title)
    table.add_row(*_row("genuine", told["bpcer"], told["bpnrr"], told["genuine"]["presentations"]))
    for name, one in told["species"].items():
        mark = " [yellow](worst)" if name == told["worst_species"] else ""
        table.add_row(*_row(escape(name) + mark, one["apcer"], one["apnrr"], one["presentations"]))
    return table


def _one_by_one(told: list[dict[str, Any]]) -> Table:
    """Give single pictures as a table."""
    table = Table(Column("picture", overflow="fold"), "said to be", "verdict", "suspected of")
    for one in told:
        doubt = " (in doubt)" if one["label"] == "spoof?" else ""
        verdict = one["verdict_chosen"] or f"not assessed: {one['why_none']}"
        table.add_row(escape(one["picture"]), escape(one["attack"] or "genuine") + doubt, verdict, _suspected(one))
    return table


def _row(name: str, errors: dict[str, Any], missing: dict[str, Any], presentations: int) -> tuple[str, ...]:
    """Give one line of the table."""
    if errors["value"] is None:
        return name, str(presentations), "—", "", "—" if missing["value"] is None else f"{missing['value']:.2%}"
    interval = f"{errors['low']:.2%} to {errors['high']:.2%}"
    return name, str(errors["trials"]), f"{errors['value']:.2%}", interval, f"{missing['value']:.2%}"


def _suspected(one: dict[str, Any]) -> str:
    """Give what one picture is suspected of, with scores."""
    told = (f"{name} {said['score']:.2f}" for name, said in one["judgements"].items() if said["status"] == "suspected")
    return ", ".join(told) or "—"
