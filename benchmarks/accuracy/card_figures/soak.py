"""Whether a worker's memory stays flat: its resident size while it reads many cards on as many threads as it has."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Final

import specimens
from ipse.core.cards.card import Said, Side
from ipse.core.cards.examine import CardExaminer
from ipse.core.images import Limits
from ipse.engine import open_cards, open_engine
from ipse.infra.settings import Settings
from ipse.verifier import Untimed

KINDS: Final = ("tha-id_card", "hkg-id_card", "chn-id_card", "any-passport-td3", "mys-id_card-mykad", "jpn-id_card")
"""What is read in turn: all scripts, and the largest picture."""

AT_ONCE: Final = 20


def resident_mb() -> float:
    """Give the memory that this process holds, MB."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("VmRSS:")) / 1024


def pictures(seed: int) -> list[bytes]:
    """Give two photos of the front of each kind, at two levels, so that all sizes of strips and frames come up."""
    return [
        specimens.degrade(specimens.draw(kind, seed + number, "b").front.pixels, level, seed).jpeg
        for number, kind in enumerate(KINDS)
        for level in ("L1", "L3")
    ]


def soaked(cards: int, shown: Sequence[bytes], today: date) -> dict[str, float]:
    """
    Give the resident size, MB, after so many fronts were read, by their number.

    Call it in a process of its own, in which no card was drawn: drawing takes memory too.
    """
    settings = Settings()
    engine = open_engine(settings)
    examiner = open_cards(settings, engine)
    sizes = {"0": round(resident_mb(), 1)}
    with ThreadPoolExecutor(engine.threads) as pool:
        for done in range(AT_ONCE, cards + 1, AT_ONCE):
            chosen = [shown[number % len(shown)] for number in range(done - AT_ONCE, done)]
            list(pool.map(lambda content: _read(examiner, content, today), chosen))
            sizes[str(done)] = round(resident_mb(), 1)
            print("soak:", done, sizes[str(done)], "MB", flush=True)
    return sizes


def told(sizes: dict[str, float], marks: Sequence[int] = (0, 100, 1000)) -> dict[str, float]:
    """Give the sizes at some numbers of cards, and at the last one read."""
    last = max(sizes, key=int)
    return {str(mark): sizes[str(mark)] for mark in marks if str(mark) in sizes} | {last: sizes[last]}


def _read(examiner: CardExaminer, content: bytes, today: date) -> None:
    """Read one front and throw it away."""
    sight = examiner.look(content, Side.FRONT, Said(), today, Limits(), Untimed())
    examiner.judge(sight, None, Said(), today, Untimed())
