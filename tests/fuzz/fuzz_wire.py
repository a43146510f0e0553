"""
Fuzz every dialect at once: `fuzz_wire.py COUNT [SEED]`, the checkout and `benchmarks` on PYTHONPATH.

Good calls of all dialects are spoilt and sent to the whole application: real store, real networks, real decoders, only
the socket is left out. The oracle: the answer is never a fault of ours (no status 500, no vendor's word for it, no
`fault` in the log, no traceback), every call of a known caller stands in the ledger, and memory does not grow.
"""

import asyncio
import json
import random
import resource
import secrets
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from demo import calls
from inside import ADDRESS, Inside, Sent, answer, open_inside, sent
from living import good_captures, signed_rubbish
from mutate import spoilt

MOST_GROWTH = 0.05
"""How much resident memory may grow over the second half. Source: ours; allocators keep a few per cent for good."""

SIGNED_AGAIN = 0.7
FAULT_WORDS = (b"INTERNAL_ERROR", b'"InternalError', b"Traceback", b'"status_code":500', b"internal server error")


@dataclass
class Journal:
    """What the application logged about itself, counted."""

    faults: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    def info(self, event: str, **facts: object) -> None:
        """Forget it."""

    def warning(self, event: str, **facts: object) -> None:
        """Forget it."""

    def error(self, event: str, **facts: object) -> None:
        """Keep where it was."""
        self.faults.append(json.dumps({"event": event, **{name: str(value) for name, value in facts.items()}}))

    def answered(self, dialect: str, operation: str, outcome: str, *_rest: object) -> None:
        """Count it."""
        self.outcomes[f"{dialect} {operation} {outcome}"] += 1

    def decided(self, *_decision: object) -> None:
        """Forget it."""


def next_request(world: Inside, chance: random.Random) -> Sent:
    """Give a spoilt request; Tencent's is often signed again, so that more than its signature is tried."""
    name, make = chance.choice(list(world.good.items()))
    request = make() if "broken" in name else spoilt(make(), chance)
    action = request.header("x-tc-action")
    if action and action.isascii() and chance.random() < SIGNED_AGAIN:
        try:
            asked = json.loads(request.body)
        except ValueError:
            return request
        again = sent(calls.tencent(ADDRESS, world.keys["tencent"], action, asked))
        return replace(again, path=request.path)
    return request


def rss_mb() -> float:
    """Give the resident memory now, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() / 1e6


async def run(world: Inside, journal: Journal, count: int, seed: int) -> list[str]:
    """Give what went wrong over so many requests."""
    chance, wrong, early_mb = random.Random(seed), [], 0.0  # noqa: S311 - mutations, no secrets
    best = world.samples["obama"]
    pictures = {"image_best": best, "image_env": best, "image_action1": world.samples["obama2"]}
    world.good.update(await good_captures(world, pictures))
    world.good.update(await signed_rubbish(world, pictures, chance))
    began = time.monotonic()
    for number in range(1, count + 1):
        request = next_request(world, chance)
        before = len(journal.faults)
        status, body = await answer(world.app, request)
        bad = [word.decode() for word in FAULT_WORDS if word in body]
        if status in {0, 500} or bad or len(journal.faults) > before:
            wrong.append(f"request {number} of seed {seed}: {request.method} {request.path[:80]} -> {status} {bad}")
            wrong += journal.faults[before:]
        if number == count // 2:
            early_mb = rss_mb()
        if number % 2000 == 0:
            print(f"{number}: {rss_mb():.0f} MB, {number / (time.monotonic() - began):.0f}/s", flush=True)
    growth = rss_mb() / early_mb - 1
    print(f"memory over the second half: {100 * growth:+.1f} %")
    if growth > MOST_GROWTH:
        wrong.append(f"memory grew by {100 * growth:.1f} %")
    return wrong


def main() -> None:
    """Fuzz, and end with 1 if anything was a fault of ours."""
    count = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else secrets.randbelow(2**31)
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal()
        world = open_inside(Path(folder) / "data", journal)
        wrong = asyncio.run(run(world, journal, count, seed))
        world.close()
    for outcome, times in sorted(journal.outcomes.items()):
        print(f"{times:7} {outcome}")
    print(f"seed {seed}: {len(wrong)} things went wrong in {count} requests")
    print("\n".join(wrong[:40]))
    sys.exit(int(bool(wrong)))


if __name__ == "__main__":
    main()
