"""
What the dialects cost: CPU of one request of each operation, without the work on its pictures.

`dialects.py [TURNS]`, with `demo` and `benchmarks` on PYTHONPATH; writes dialects.json. Requests run one after the
other inside this process, over the real store. What the engine room computes is worked out once and remembered;
the rest is the dialect layer: runner, body, credentials, limits, codecs, ledger, evidence, and what a wire makes us
keep. The socket is not in it, and neither is the making of the request. Every operation comes up in every turn, so
each finds the caches as the others left them; a loop over one operation costs less. While somebody else works
on the same cores a second of CPU does less: only figures of one quiet run, or of runs in alternation, can be compared.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeVar

from inside import Inside, answer, open_inside
from machine import describe

from ipse.service.ports import Seat

Result = TypeVar("Result")
WARM_UP = 5
SETTLING_S = 0.5
"""How long a runtime's threads may spin after their first work before anything is measured."""


class RememberingCompute:
    """An engine room that works once and then gives the same results again, so that only what is around it costs."""

    def __init__(self) -> None:
        self.results: dict[tuple[str, int], Any] = {}
        self.operation, self.asked = "", 0

    def begin(self, operation: str) -> None:
        """Turn to the first piece of work of an operation's request."""
        self.operation, self.asked = operation, 0

    @asynccontextmanager
    async def admit(self) -> AsyncIterator[Seat]:
        """The seat."""
        yield self

    async def run(self, work: Callable[[], Result]) -> Result:
        """The result, worked out on the first request of an operation."""
        place = (self.operation, self.asked)
        self.asked += 1
        if place not in self.results:
            self.results[place] = work()
        result: Result = self.results[place]
        return result


class Silence:
    """Takes log lines and counts, and keeps none."""

    def info(self, event: str, **facts: object) -> None:
        """Forget it."""

    def error(self, event: str, **facts: object) -> None:
        """Say it: a fault is no measurement."""
        raise RuntimeError(f"{event}: {facts}")

    def answered(self, *facts: object) -> None:
        """Forget it."""

    def warning(self, event: str, **facts: object) -> None:
        """Forget it."""

    def decided(self, *_decision: object) -> None:
        """Forget it."""


async def measure(world: Inside, compute: RememberingCompute, turns: int) -> dict[str, dict[str, float]]:
    """Give the CPU milliseconds of each operation outside the engine room."""
    spent: dict[str, list[float]] = {name: [] for name in world.good}
    for turn in range(turns + WARM_UP):
        for name, make in world.good.items():
            compute.begin(name)
            request, began = make(), time.process_time()
            await answer(world.app, request)
            if turn >= WARM_UP:
                spent[name].append(1e3 * (time.process_time() - began))
            elif turn == 0:
                await asyncio.sleep(SETTLING_S)
    return {
        name: {"p50_ms": round(median(times), 3), "p95_ms": round(quantiles(times, n=20)[-1], 3)}
        for name, times in spent.items()
    }


def main() -> None:
    """Measure and print."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    compute = RememberingCompute()
    with tempfile.TemporaryDirectory() as folder:
        world = open_inside(Path(folder) / "data", Silence(), compute)
        rows = asyncio.run(measure(world, compute, turns))
        world.close()
    for name, row in rows.items():
        print(f"{name:24} {row['p50_ms']:7.2f} ms   p95 {row['p95_ms']:7.2f} ms")
    record = {"machine": describe(), "turns": turns, "operations": rows}
    Path(__file__).with_name("dialects.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
