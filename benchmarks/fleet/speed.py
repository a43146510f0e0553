"""
What a fleet gains, and what its database costs. `speed.py [CALLS] [ROUNDS]`; writes benchmarks/speed/fleet.{json,md}.

The checkout, `benchmarks` and `benchmarks/speed` on PYTHONPATH; on an idle machine of at least two cores.

Throughput: one server, its PostgreSQL and its callers on one core, against two servers and theirs on two. Both fleets
are up all the time and take turns, so that what else the machine does falls on both. Database: the milliseconds that
the store's threads spend with one verify call, from its key to its line in the ledger; sockets, the dialect and the
networks are not in it.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeVar

from demo import calls
from dialects import RememberingCompute, Silence
from fleet.processes import Fleet, fleet, postgresql
from inside import ADDRESS, answer, open_inside, sent
from machine import describe
from servers import CLIENTS, Running

from ipse.infra.settings import read_settings
from ipse.infra.store.database import open_database
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import KEYS

Result = TypeVar("Result")
PAGE = Path(__file__).parents[1] / "speed" / "fleet.md"
MOST_MS = 3.0
LEAST_GAIN = 1.7
WARM_UP = 20
LIMITS = {"test_quota": 10**9, "credit": 10**9, "rate": "100000/second", "concurrency": 100}
"""Every kind of limit at once, none of which is reached."""


@contextmanager
def on_cores(*cores: int) -> Iterator[None]:
    """Whoever is started inside stays on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def settled(count: int, cores: tuple[int, ...]) -> Iterator[Fleet]:
    """So many servers, each on a core of its own, and their database on all of these."""
    few: dict[str, Any] = {"MAX_IN_FLIGHT": "64", "LIVENESS": "off", "CARDS": "off"}
    with on_cores(*cores), fleet(0, 0, **few) as site:
        for number, core in zip(range(count), cores, strict=True):
            with on_cores(core):
                one = site.member("serve", number)
                site.servers.append(one)
                one.start()
        for one in site.servers:
            one.wait_until_ready()
        yield site


def pressed(site: Fleet, cores: tuple[int, ...], pair: tuple[bytes, bytes], count: int) -> float:
    """Give how many calls a second the servers answer, each asked by four callers on its own core."""
    key = site.key("faceid")

    def press(number: int) -> None:
        one = site.servers[number]
        running = Running(one.port, 0, key["key"], key["secret"], 0.0, site.folder)
        with tempfile.NamedTemporaryFile() as file:
            file.write(running.body(pair))
            file.flush()
            words = [str(one.port), "4", str(count), file.name, "multipart/form-data; boundary=ipse-benchmark"]
            command = ["taskset", "--cpu-list", str(cores[number]), sys.executable, str(CLIENTS), *words]
            told = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
            if len(told["answers"]) != 1 or not told["answers"][0].startswith("200 "):
                raise SystemExit(f"not the one answer: {told['answers']}")

    began = time.perf_counter()
    with ThreadPoolExecutor(len(site.servers)) as pool:
        list(pool.map(press, range(len(site.servers))))
    return count * len(site.servers) / (time.perf_counter() - began)


def gain(count: int, rounds: int) -> dict[str, object]:
    """Give the throughput of one server on one core and of two on two, and how they compare, round by round."""
    first, second, *_ = sorted(os.sched_getaffinity(0))
    with settled(1, (first,)) as single, settled(2, (first, second)) as double:
        samples = {Path(one).stem: Path(one).read_bytes() for one in single.say("models", "fetch")["samples"]}
        pair = samples["obama"], samples["obama2"]
        for site, cores in ((single, (first,)), (double, (first, second))):
            pressed(site, cores, pair, WARM_UP)
        turns = [
            (pressed(single, (first,), pair, count), pressed(double, (first, second), pair, count))
            for _ in range(rounds)
        ]
    ratios = [two / one for one, two in turns]
    return {
        "one_per_s": round(median(one for one, _ in turns), 1),
        "two_per_s": round(median(two for _, two in turns), 1),
        "gain": round(median(ratios), 2),
        "gains": [round(ratio, 2) for ratio in ratios],
    }


@contextmanager
def timed() -> Iterator[list[float]]:
    """What every question to a database takes on its thread, in seconds, as they come."""
    spent: list[float] = []
    plain = Questions.ask

    async def ask(self: Questions, question: Callable[[], Result]) -> Result:
        def run() -> Result:
            began = time.perf_counter()
            try:
                return question()
            finally:
                spent.append(time.perf_counter() - began)

        return await plain(self, run)

    Questions.ask = ask  # type: ignore[method-assign]  # For the time of this measurement.
    try:
        yield spent
    finally:
        Questions.ask = plain  # type: ignore[method-assign]  # As it was.


async def database_ms(folder: Path, count: int, limits: dict[str, object]) -> list[float]:
    """Give the milliseconds that the database takes in each of so many verify calls."""
    compute = RememberingCompute()
    with timed() as spent:
        world = open_inside(folder, Silence(), compute)
        key, taken = world.keys["faceid"], []
        if limits:
            engine = open_database(read_settings(data_dir=folder).database)
            with engine.begin() as connection:
                connection.execute(KEYS.update().where(KEYS.c.id == key["key"]).values(limits))
            engine.dispose()
        for turn in range(count + WARM_UP):
            compute.begin("verify")
            asked = sent(calls.faceid_verify(ADDRESS, key, world.samples["obama"], world.samples["obama2"]))
            spent.clear()
            status, body = await answer(world.app, asked)
            if status != 200:
                raise SystemExit(body.decode())
            taken += [1e3 * sum(spent)] if turn >= WARM_UP else []
        world.close()
    return taken


def costs(count: int) -> dict[str, dict[str, float]]:
    """Give what a verify call costs each database, for a key without limits and for one with all of them."""
    rows: dict[str, dict[str, float]] = {}
    with postgresql(durable=True) as cluster, tempfile.TemporaryDirectory() as folder:
        for name in ("SQLite", "PostgreSQL"):
            for words, limits in (("no limits", {}), ("every limit", dict(LIMITS))):
                place = Path(folder) / f"{name}-{words}".replace(" ", "-")
                os.environ["IPSE_DATABASE_URL"] = ""
                if name == "PostgreSQL":
                    cluster.say("createdb", "--host", str(cluster.folder), "--username", "ipse", place.name)
                    os.environ["IPSE_DATABASE_URL"] = cluster.address(place.name)
                taken = asyncio.run(database_ms(place, count, limits))
                rows[f"{name}, {words}"] = {
                    "p50_ms": round(median(taken), 2),
                    "p95_ms": round(quantiles(taken, n=20)[-1], 2),
                }
    return rows


def page(record: dict[str, object], grown: dict[str, object], rows: dict[str, dict[str, float]]) -> str:
    """Give the figures as a page."""
    table = "\n".join(f"| {name} | {row['p50_ms']:.2f} | {row['p95_ms']:.2f} |" for name, row in rows.items())
    return f"""# What a fleet gains, and what its database costs

Written by `PYTHONPATH=.:benchmarks:benchmarks/speed .venv/bin/python benchmarks/fleet/speed.py`; what is measured, and
how, stands at its head. Machine: {record["machine"]}.

## Throughput

| | verify calls a second |
|---|---|
| one server, its PostgreSQL and its callers on one core | {grown["one_per_s"]} |
| two servers, theirs and their callers on two cores | {grown["two_per_s"]} |

Two answer {grown["gain"]} times as many as one (median of {grown["gains"]}; wanted: at least {LEAST_GAIN}).

## The database in one verify call

Milliseconds; wanted: at most {MOST_MS:.0f} at p50. PostgreSQL writes through to the disk at every commit.

| database, key | p50 | p95 |
|---|---|---|
{table}
"""


def main() -> None:
    """Measure, print, write; end with 1 where less came out than is wanted."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    rows, grown = costs(count), gain(count, rounds)
    record: dict[str, object] = {"machine": describe(), "throughput": grown, "database": rows}
    print(json.dumps(record, indent=1))
    PAGE.with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(record, grown, rows), encoding="utf-8")
    is_fast = all(row["p50_ms"] <= MOST_MS for row in rows.values())
    sys.exit(int(not is_fast or float(str(grown["gain"])) < LEAST_GAIN))


if __name__ == "__main__":
    main()
