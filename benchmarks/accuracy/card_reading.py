"""
How well are cards read, what do good ones come to, and what does it cost?

Draws every kind of card in the rendering that no layout was written against, photographs it at three levels, and sends
the JPEG through the whole pipeline, front and back. Cards are invented and drawn: figures are on generated cards.
Writes card_reading.md and card_reading.json beside this file; of another rendering or some kinds it only prints.

    PYTHONPATH=. python benchmarks/accuracy/card_reading.py [--cards N] [--kinds KIND ...] [--levels L1 L2 L3]
        [--rendering b] [--said] [--soak CARDS] [--cache DIR] [--memory DIR] [--folders DIR] [--processes N]
"""

import argparse
import json
import os
import platform
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, cast

from card_figures.look import CRASHED, TODAY, CardSeen, portrait_of, seen
from card_figures.memory import Remembering
from card_figures.meter import Meter, metered
from card_figures.page import page
from card_figures.soak import pictures, soaked, told
from card_figures.sums import figures_of
from card_figures.turned import turned
from composer.people import People, opened

import specimens
from ipse.core.cards.card import CardType, Said
from ipse.core.cards.examine import CardExaminer
from ipse.core.text.reader import Reader
from ipse.engine import open_cards, open_engine
from ipse.evaluation.pairs import read_folders
from ipse.infra.settings import Settings

HERE = Path(__file__).parent
FIRST_SEED = 60_000
"""Seeds from here on are drawn by this script only."""
TURNED_EVERY = 3
"""Of so many kinds, one is also read upside down."""


@dataclass(frozen=True)
class Wanted:
    """What is to be read: rendering and levels, whether the caller says what it is, faces, and what is kept where."""

    rendering: str
    levels: tuple[str, ...]
    is_said: bool
    faces: tuple[Path, ...]
    cache: Path | None
    memory: Path | None


def main() -> None:
    """Measure and write."""
    given = arguments()
    people = People.of(read_folders(given.folders), "second")
    faces = tuple(people.pictures_of(int(number))[0] for number in people.numbers)
    wanted = Wanted(given.rendering, tuple(given.levels), given.said, faces, given.cache, given.memory)
    tasks = [(kind, FIRST_SEED + number) for number in range(given.cards) for kind in given.kinds]
    cards: list[CardSeen] = []
    with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn")) as pool:
        for done, some in enumerate(pool.map(partial(read, wanted), tasks), 1):
            cards += some
            print(done, "of", len(tasks), end="\r", file=sys.stderr, flush=True)
    figures = {
        "date": datetime.now(UTC).date().isoformat(),
        "hardware": hardware(),
        "rendering": given.rendering,
        "said": "nationality and type" if given.said else "AUTO",
        "seeds": [FIRST_SEED, FIRST_SEED + given.cards - 1],
        **figures_of(cards, given.levels),
        "turned": turned(examiner(given.memory)[0], given.kinds[::TURNED_EVERY], FIRST_SEED, TODAY),
    }
    if given.soak:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            figures["soak"] = told(pool.submit(soaked, given.soak, pictures(FIRST_SEED), TODAY).result())
    if given.rendering == "b" and not given.said and set(given.kinds) == set(specimens.KINDS):
        (HERE / "card_reading.json").write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
        (HERE / "card_reading.md").write_text(page(figures), "utf-8")
    print(page(figures))


def arguments() -> argparse.Namespace:
    """Give what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, default=6, help="of each kind")
    parser.add_argument("--kinds", nargs="+", choices=specimens.KINDS, default=list(specimens.KINDS))
    parser.add_argument("--levels", nargs="+", choices=list(specimens.LEVELS), default=["L1", "L2", "L3"])
    parser.add_argument("--rendering", choices=("a", "b"), default="b")
    parser.add_argument("--said", action="store_true", help="the caller says nationality and type")
    parser.add_argument("--soak", type=int, default=0, help="read so many cards more, and watch the memory")
    parser.add_argument("--cache", type=Path, help="keep what became of each card here; empty it when anything changes")
    parser.add_argument("--memory", type=Path, help="keep what the text reader said here, and what that took")
    parser.add_argument("--folders", type=Path, default=HERE.parents[2] / "shared" / "data" / "faces")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


@cache
def examiner(memory: Path | None) -> tuple[CardExaminer, Meter]:
    """Give what reads cards in this process, on one thread, with the key that signs specimens; and its meter."""
    settings, meter = Settings(threads=1), Meter()
    bare = replace(open_cards(settings, open_engine(settings)), philid_key=specimens.public_key())
    timed = metered(bare, meter)
    if memory is None:
        return timed, meter
    return replace(timed, reader=cast("Any", Remembering(cast("Reader", timed.reader), memory, meter))), meter


def read(wanted: Wanted, task: tuple[str, int]) -> list[CardSeen]:
    """Give what becomes of one card at all levels."""
    kind, seed = task
    return list(_read(wanted, kind, seed))


def _read(wanted: Wanted, kind: str, seed: int) -> Iterator[CardSeen]:
    """Give what becomes of one card, from the cache where it is there."""
    places = {level: _place(wanted, kind, seed, level) for level in wanted.levels}
    card = None
    for level, place in places.items():
        if place is not None and place.exists():
            yield CardSeen.unpacked(json.loads(place.read_text("utf-8")))
            continue
        if card is None:
            face = portrait_of(opened(wanted.faces[seed % len(wanted.faces)]))
            card = specimens.draw(kind, seed, wanted.rendering, portrait=face)
        try:
            one = seen(*examiner(wanted.memory), card, seed, level, said_of(kind) if wanted.is_said else None)
        except Exception as fault:  # noqa: BLE001  # That it breaks is a figure too.
            traceback.print_exc()
            one = CardSeen(kind, seed, level, CRASHED, CRASHED, [type(fault).__name__], [])
        if place is not None and one.status != CRASHED:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps(one.packed(), ensure_ascii=False), "utf-8")
        yield one


def _place(wanted: Wanted, kind: str, seed: int, level: str) -> Path | None:
    """Give where a card is kept."""
    said = "said" if wanted.is_said else "auto"
    return wanted.cache and wanted.cache / f"{wanted.rendering}-{said}-{kind}-{seed}-{level}.json"


def said_of(kind: str) -> Said:
    """Give what a caller says who knows the card."""
    nationality, type_, *_ = kind.split("-")
    return Said(None if nationality == "any" else nationality.upper(), CardType(type_))


def hardware() -> str:
    """Give what it was computed on."""
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}."


if __name__ == "__main__":
    main()
