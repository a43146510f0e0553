"""`ipse replay`: a signed record is checked and computed again, with the pictures that it was made from."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias, TypeVar

import rfc8785
import typer
from rich.markup import escape
from rich.table import Table

from ipse.cli.options import AsJson
from ipse.cli.screen import console
from ipse.cli.store import configured_store
from ipse.core.genuineness.judgement import Judgements
from ipse.core.reasons import Refusal
from ipse.core.vocabulary import Template
from ipse.infra.signing import EvidenceKey, is_signed
from ipse.infra.telemetry import RequestStopwatch
from ipse.service.evidence import ALGORITHM, FORMAT, canonical
from ipse.service.match_holder import MatchHolder
from ipse.service.replay import (
    Finding,
    NoRecordError,
    Verdict,
    decision_of,
    holder_command,
    holder_similarities,
    judged_again,
    made_with,
    matched,
    measured_again,
    overall,
    similarities,
    wish_of,
)
from ipse.service.yardstick import Yardstick

if TYPE_CHECKING:
    from ipse.verifier import Verifier

Result = TypeVar("Result")

Again: TypeAlias = tuple[dict[tuple[str, str], float], list[Finding]]
"""Similarities by the names of a score, and what was in the way of others."""

STATUSES: Final[Mapping[Verdict, int]] = {"same": 0, "differs": 1, "unknown": 2}
"""Exit status for each verdict."""

COLOURS: Final[Mapping[Verdict, str]] = {"same": "green", "differs": "red", "unknown": "yellow"}
WORDS: Final[Mapping[Verdict, str]] = {
    "same": "The same numbers come out.",
    "differs": "Something differs.",
    "unknown": "Could not tell.",
}

RecordFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A record, as `ipse find --evidence` prints it.")
]
ProbeFiles = Annotated[
    list[Path] | None, typer.Option("--probe", exists=True, dir_okay=False, help="The picture in question.")
]
ReferenceFiles = Annotated[
    list[Path] | None, typer.Option("--reference", exists=True, dir_okay=False, help="What it was compared with.")
]
CardFiles = Annotated[list[Path] | None, typer.Option("--card", exists=True, dir_okay=False, help="The card.")]
TrustedKeys = Annotated[
    list[str] | None,
    typer.Option("--key", metavar="BASE64", help="A public key to trust. \\[default: that of this server]"),
]


def replay(
    record: RecordFile,
    *,
    probe: ProbeFiles = None,
    reference: ReferenceFiles = None,
    card: CardFiles = None,
    key: TrustedKeys = None,
    as_json: AsJson = False,
) -> None:
    """Check a signed record and compute it again. Ends with 0 the same, 1 something differs, 2 could not tell."""
    told = _read(record)
    try:
        decision = decision_of(told)
        pictures = [path.read_bytes() for path in (*(probe or ()), *(reference or ()), *(card or ()))]
        findings = [*_signed(told, key), *_again(decision, pictures)]
    except NoRecordError as error:
        raise typer.BadParameter(f"{record.name}: {error}") from None
    verdict = overall(findings)
    if as_json:
        typer.echo(json.dumps({"verdict": verdict, "findings": [asdict(one) for one in findings]}))
    else:
        _show(findings, verdict)
    raise typer.Exit(STATUSES[verdict])


def _read(path: Path) -> Mapping[str, Any]:
    """The object in a JSON file."""
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        raise typer.BadParameter(f"{path.name} is no JSON that can be read") from None
    if not isinstance(told, dict):
        raise typer.BadParameter(f"{path.name} is no record")
    return told


def _signed(record: Mapping[str, Any], trusted: list[str] | None) -> Iterator[Finding]:
    """Whether the record is as it was signed, and by whom."""
    signature = record.get("signature")
    told = signature if isinstance(signature, dict) else {}
    public, value = str(told.get("public_key", "")), str(told.get("value", ""))
    is_ours = record.get("format") == FORMAT and told.get("algorithm") == ALGORITHM
    yield Finding("signature", "same" if is_ours and _is_whole(record, public, value) else "differs", value)
    known = trusted or [EvidenceKey(configured_store().master_key).public]
    yield Finding("public key", "same" if public in known else "unknown", public, " ".join(known))


def _is_whole(record: Mapping[str, Any], public: str, signature: str) -> bool:
    """Whether every byte of the record is as it was signed."""
    try:
        return is_signed(public, canonical(record), signature)
    except rfc8785.CanonicalizationError:
        return False


def _again(decision: Mapping[str, Any], pictures: list[bytes]) -> Iterator[Finding]:
    """What comes out when the decision is made again."""
    found, findings = matched(decision, pictures)
    yield from findings
    from ipse.verifier import Verifier  # noqa: PLC0415  # A bad record is told before half a second of imports.

    verifier = Verifier()
    yardstick = Yardstick(verifier.curve, f"ipse {version('ipse')}")
    yield from made_with(decision, yardstick)
    ways = {"holder": _holder_again, "genuineness": _nobody_again, "capture": _nobody_again}
    seen_again = ways.get(decision["kind"], _faces_again)
    alike, findings = seen_again(decision, found, verifier)
    yield from findings
    yield from measured_again(decision, alike, yardstick)
    yield from judged_again(decision, _judged_here(decision, found, verifier))


def _faces_again(decision: Mapping[str, Any], pictures: Mapping[str, bytes], verifier: "Verifier") -> Again:
    """How alike the subjects of the pictures are here."""
    templates: dict[str, Template] = {}
    findings = []
    wish = wish_of(decision)
    for name, content in pictures.items():
        try:
            template = verifier.examine(content, wish).template
        except Refusal as refusal:
            findings.append(Finding(f"face of {name}", "differs", "a face", refusal.reason.value))
            continue
        if template is None:
            findings.append(Finding(f"face of {name}", "differs", "a face", "none"))
        else:
            templates[name] = template
    return similarities(decision, templates), findings


def _holder_again(decision: Mapping[str, Any], pictures: Mapping[str, bytes], verifier: "Verifier") -> Again:
    """How alike holder and card are here; one picture less, and nobody can tell."""
    if len(pictures) < len(decision["inputs"]) or not pictures:
        return {}, []
    match = MatchHolder(verifier.engine.holders, verifier.curve)
    try:
        outcome = asyncio.run(match(holder_command(decision, pictures), Here(), RequestStopwatch()))
    except Refusal as refusal:
        return {}, [Finding("holder and card", "differs", "both", refusal.reason.value)]
    return holder_similarities(outcome), []


def _nobody_again(decision: Mapping[str, Any], pictures: Mapping[str, bytes], verifier: "Verifier") -> Again:
    """Nothing: no two faces were compared."""
    del decision, pictures, verifier
    return {}, []


def _judged_here(decision: Mapping[str, Any], pictures: Mapping[str, bytes], verifier: "Verifier") -> Judgements:
    """What is judged of one picture and its surroundings here; of a capture's frames alone nobody can tell."""
    if decision["kind"] != "genuineness" or "picture" not in pictures or len(pictures) < len(decision["inputs"]):
        return {}
    try:
        return verifier.genuineness(pictures["picture"], pictures.get("env")).judgements
    except Refusal:
        return {}


class Here:
    """A seat that works on the spot."""

    async def run(self, work: Callable[[], Result]) -> Result:
        """The result, at once."""
        return work()


def _show(findings: list[Finding], verdict: Verdict) -> None:
    """The findings for people: what is the same in a word, the rest in full."""
    rows = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for _ in range(3):
        rows.add_column(overflow="fold")
    for one in findings:
        detail = "" if one.verdict == "same" else f"record: {one.recorded}\nhere: {one.here}"
        rows.add_row(f"[{COLOURS[one.verdict]}]{one.verdict}[/]", escape(one.what), escape(detail))
    screen = console()
    screen.print(rows)
    screen.print(f"[bold {COLOURS[verdict]}]{WORDS[verdict]}[/]")
