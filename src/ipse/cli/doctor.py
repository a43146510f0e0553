"""`ipse doctor`: what is in use on this machine, and what is missing, each with what to do about it."""

import json
import platform
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Annotated, Any, Literal, TypeAlias

import typer
from rich.table import Table

from ipse.cli.screen import console
from ipse.infra.settings import Settings, read_settings
from ipse.infra.trouble import SetupError

State: TypeAlias = Literal["ok", "note", "missing"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    state: State
    words: str


def doctor(*, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Say what is in use and what is missing. Ends with 0 when Ipse can work, else 1."""
    findings = list(examine_machine(read_settings()))
    if as_json:
        print(json.dumps({"findings": [asdict(one) for one in findings]}, indent=2))  # noqa: T201  # The answer is what stdout is for.
    else:
        _show(findings)
    raise typer.Exit(int(any(finding.state == "missing" for finding in findings)))


def examine_machine(settings: Settings) -> Iterator[Finding]:
    """All findings, from the ground up; what cannot be looked at because something is missing is left out."""
    yield Finding("ipse", "ok", f"{version('ipse')} on Python {platform.python_version()}, {platform.platform()}")
    yield _threads(settings)
    yield _places(settings)
    yield from _engine(settings)
    yield from _cards(settings)
    yield from _liveness(settings)


def _threads(settings: Settings) -> Finding:
    """How many threads compute, and why."""
    from ipse.engine import thread_count  # noqa: PLC0415  # A broken runtime must not keep the doctor from speaking.

    why = "as set" if settings.threads else "as the CPU quota and affinity allow"
    return Finding("threads", "ok", f"{thread_count(settings)}, {why}")


def _places(settings: Settings) -> Finding:
    """Where things rest."""
    made = "" if settings.data_dir.expanduser().exists() else " (made on first use)"
    return Finding("places", "ok", f"data {settings.data_dir}{made}, weights {settings.weights_dir}")


def _engine(settings: Settings) -> Iterator[Finding]:
    """Weights, runtime and curve, by opening them."""
    from ipse.engine import load_curve, open_engine  # noqa: PLC0415  # As above.

    began = time.perf_counter()
    try:
        engine = open_engine(settings)
        engine.warm_up()
    except SetupError as error:
        yield Finding("engine", "missing", str(error))
        return
    took = time.perf_counter() - began
    for weight in engine.weights:
        licence = f"code {weight.code_license.name}, weights {weight.weights_license.name}"
        yield Finding(f"weights: {weight.role}", "ok", f"{weight.name}, sha256 {weight.digest[:16]}…, {licence}")
    facts = engine.facts
    words = (
        f"{facts.runtime} {facts.version}, {facts.provider} ({facts.device}), {facts.precision}; warm in {took:.1f} s"
    )
    yield Finding("runtime", "ok", words)
    try:
        curve = load_curve(settings, engine.examiner.recipe)
    except SetupError as error:
        yield Finding("curve", "missing", str(error))
        return
    made = curve.provenance
    yield Finding(
        "curve",
        "note",
        f"{engine.examiner.recipe.profile} at {engine.examiner.recipe.precision}, fitted {made.date} on {made.dataset} "
        f"({made.population}): {made.people:,} people, {made.impostor_pairs:,} impostor pairs; below "
        f"{curve.extrapolated_below:.0e} it is extrapolated. Fit one on your own people: ipse calibrate",
    )


def _cards(settings: Settings) -> Iterator[Finding]:
    """What of a card can be read; what cannot is answered as not assessed, so it is no reason not to start."""
    from ipse.engine import can_read_cards, card_scripts  # noqa: PLC0415  # As above.

    missing = "not fetched: `ipse models fetch`"
    can_read = can_read_cards(settings)
    yield Finding("cards", "ok" if can_read else "note", "Chinese, Japanese and Latin" if can_read else missing)
    for script, is_here in card_scripts(settings).items():
        what = {"thai": "Thai", "mrz": "machine-readable zones"}[script]
        yield Finding(f"cards: {script}", "ok" if is_here else "note", what if is_here else f"{what}: {missing}")


def _liveness(settings: Settings) -> Iterator[Finding]:
    """What of a capture is judged; what is not is answered as not assessed, so it is no reason not to start."""
    from ipse.engine import liveness_facts  # noqa: PLC0415  # As above.

    judgements: Any = liveness_facts(settings)["judgements"]
    for name, told in judgements.items():
        weights = "".join(f"; {one['name']}, sha256 {one['sha256'][:16]}…, {one['licence']}" for one in told["weights"])
        if told["assessed"]:
            rate = "unknown" if told["error_rate"] is None else f"{told['error_rate']:.1%}"
            words = f"suspected from {told['threshold']} on, {rate} of genuine captures reach it{weights}"
        else:
            words = f"not assessed: {told['why']}{weights}"
        yield Finding(f"liveness: {name}", "ok" if told["assessed"] else "note", words)


def _show(findings: list[Finding]) -> None:
    """The findings for people."""
    marks = {"ok": "[green]✓[/]", "note": "[yellow]![/]", "missing": "[red]✗[/]"}
    table = Table(box=None, show_header=False, padding=(0, 1))
    for finding in findings:
        table.add_row(marks[finding.state], f"[bold]{finding.what}[/]", finding.words)
    console().print(table)
