"""
Are cards that contradict themselves rejected? One generated card of each kind and fault, and one good card of each.

Each card is drawn in the rendering that no layout was written against, photographed at L1, front and back, read by all
of `CardExaminer` and judged. Writes card_faults.md and card_faults.json beside itself, totals only; of rendering "a" it
prints each card's answer instead, of some kinds the totals.

    PYTHONPATH=. python benchmarks/accuracy/card_faults.py [--faces DIR] [--processes N] [--rendering a] [--kinds K ...]
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from card_checks import face

import specimens
from ipse.core.authenticity.check import CheckStatus, Concern
from ipse.core.cards.card import Said, Side
from ipse.core.cards.examine import CardExaminer
from ipse.core.cards.reading import CardReading
from ipse.core.images import Limits
from ipse.engine import open_cards, open_engine
from ipse.infra.settings import read_settings
from ipse.verifier import Untimed

HERE = Path(__file__).parent
SEED = 50_000
GOOD = "none"
AIMED = frozenset({Concern.CONTRADICTORY, Concern.SIGNATURE_FALSE, Concern.PORTRAIT_REPLACED, Concern.EXPIRED})
"""Concerns that a fault can bring about; a warning of blur is no answer to it."""
Row = dict[str, Any]


def main() -> None:
    """Judge every card, write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=Path, default=HERE.parents[2] / "shared" / "data" / "faces")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--rendering", choices=("a", "b"), default="b")
    parser.add_argument("--kinds", nargs="*", choices=specimens.KINDS, default=specimens.KINDS)
    given = parser.parse_args()
    drawn_as = given.rendering
    faults = {kind: (GOOD, *specimens.faults_of(kind, SEED, drawn_as)) for kind in given.kinds}
    cards = [(kind, fault, drawn_as) for kind, of in faults.items() for fault in of]
    with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn")) as pool:
        rows = list(pool.map(judged, cards, [given.faces] * len(cards)))
    if drawn_as == "a":
        print(*rows, sep="\n")
    elif len(faults) == len(specimens.KINDS):
        (HERE / "card_faults.json").write_text(json.dumps(totals(rows), indent=1) + "\n")
        (HERE / "card_faults.md").write_text(as_text(rows))
    print(as_text(rows))


@lru_cache(maxsize=1)
def examiner() -> CardExaminer:
    """Give this process' examiner, which knows the key that PhilID's specimens are signed with."""
    settings = read_settings()
    return replace(open_cards(settings, open_engine(settings)), philid_key=specimens.public_key())


def judged(card: tuple[str, str, str], faces: Path) -> Row:
    """Give what becomes of one card: its status and the checks that speak against it."""
    kind, fault, rendering = card
    people = sorted(path for path in faces.iterdir() if path.is_dir())
    whose, other = face(people, SEED), face(people, SEED + 3)
    drawn = (
        specimens.draw(kind, SEED, rendering, whose)
        if fault == GOOD
        else specimens.draw_faulty(kind, SEED, fault, rendering, whose, other)
    )
    today, said = datetime.now(UTC).date(), Said()
    sights = [
        examiner().look(specimens.degrade(side.pixels, "L1", SEED + at).jpeg, name, said, today, Limits(), Untimed())
        for at, (side, name) in enumerate(((drawn.front, Side.FRONT), (drawn.back, Side.BACK)))
        if side is not None
    ]
    reading = examiner().judge(sights[0], sights[1] if len(sights) > 1 else None, said, today, Untimed())
    return {"kind": kind, "fault": fault, "answer": answer(reading), "because": list(against(reading))}


def against(reading: CardReading) -> Iterator[str]:
    """Give the checks that speak against a card as a fault does."""
    for check in reading.checks:
        is_failed = check.status is CheckStatus.FAILED
        if is_failed or (check.status is CheckStatus.SUSPECTED and check.concern in AIMED):
            yield f"{check.name} {check.status}"


def answer(reading: CardReading) -> str:
    """Give whether a card is rejected, or warned of for what a fault can bring about, or neither."""
    if reading.status == "rejected":
        return "rejected"
    return "warned" if any(against(reading)) else "neither"


def totals(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """Give how many cards of each fault got each answer."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("rejected", "warned", "neither"), 0))
    for row in rows:
        counts[row["fault"]][row["answer"]] += 1
    return dict(counts)


def as_text(rows: Sequence[Row]) -> str:
    """Give the page: totals of each fault."""
    faulty = [row for row in rows if row["fault"] != GOOD]
    rejected = sum(row["answer"] == "rejected" for row in faulty)
    warned = sum(row["answer"] == "warned" for row in faulty)
    lines = [
        "# Cards that contradict themselves",
        "",
        "Generated cards at L1, front and back through the whole pipeline, one of each kind and fault;",
        "made by `PYTHONPATH=. python benchmarks/accuracy/card_faults.py`. They say nothing certain of real forgeries.",
        "",
        f"Of {len(faulty)} faulty cards {rejected} are rejected and {warned} more are warned of for the fault.",
        "",
        "| Fault | Cards | Rejected | Warned of | Neither |",
        "| --- | --- | --- | --- | --- |",
    ]
    for fault, of in sorted(totals(rows).items(), key=lambda one: one[0] == GOOD):
        name = "none: good cards" if fault == GOOD else fault.replace("_", " ")
        lines.append(f"| {name} | {sum(of.values())} | {of['rejected']} | {of['warned']} | {of['neither']} |")
    return "\n".join([*lines, "", "A ghost of another can only be warned of: likeness is a measure.", ""])


if __name__ == "__main__":
    main()
