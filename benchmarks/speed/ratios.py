"""
The ratios that the project set itself, each from pairs of short measurements that take turns.

On a shared machine two figures taken a minute apart differ by more than what they are to show. So both sides of a ratio
are measured one right after the other, many times, and the median of the pairs is quoted with the least and the most.
"""

import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import kernels
from servers import server

from ipse.engine import open_engine
from ipse.infra.settings import read_settings

TURNS = 9
REPEATS = 8
CALLS = 64
CORES = os.cpu_count() or 1


def cpu_ms(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """CPU milliseconds of this process for one run of an action."""
    began = time.process_time()
    for _ in range(repeats):
        action()
    return 1e3 * (time.process_time() - began) / repeats


def per_second(action: Callable[[], object], threads: int, repeats: int = 20) -> float:
    """How often a second an action runs on this many threads."""
    with ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        list(pool.map(lambda _: action(), range(repeats * threads)))
        return repeats * threads / (time.perf_counter() - began)


def spread(values: list[float]) -> dict[str, float]:
    """Median, least and most."""
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def beside_kernels(pair: tuple[bytes, bytes]) -> dict[str, float]:
    """CPU time of a warm comparison over that of its bare kernels."""
    engine = open_engine(read_settings())
    engine.warm_up()
    replay = kernels.bare(engine, pair)

    def whole() -> float:
        return kernels.compare(engine.examiner, pair, kernels.StageSums())

    whole()
    replay()
    return spread([cpu_ms(whole) / cpu_ms(replay) for _ in range(TURNS)])


def with_servers(pair: tuple[bytes, bytes]) -> dict[str, dict[str, float]]:
    """
    What HTTP adds, and what all cores gain over one worker, beside what the bare kernels gain.

    What HTTP adds is measured on the server with one worker, which computes the two pictures of a call one after the
    other as the comparison beside it does. Turns scatter by several milliseconds: the median says little below that.
    """
    engine = open_engine(read_settings())
    engine.warm_up()
    replay = kernels.bare(engine, pair)
    added, gain, bare = [], [], []
    with server() as every, server(THREADS="1") as one:
        for running in (every, one):
            running.load(pair, 1, 16)
        for _ in range(TURNS):
            seen: Any = one.load(pair, 1, 3 * REPEATS)
            inside = cpu_ms(lambda: kernels.compare(engine.examiner, pair, kernels.StageSums()))
            added.append(1e3 * seen["server_cpu_s"] / len(seen["ms"]) - inside)
            wide: Any = every.load(pair, 16, CALLS)
            narrow: Any = one.load(pair, 16, CALLS)
            gain.append(narrow["seconds"] / wide["seconds"])
            bare.append(per_second(replay, CORES) / per_second(replay, 1))
    return {"added_cpu_ms": spread(added), "gain": spread(gain), "gain_of_kernels": spread(bare)}


def measure(made: dict[str, tuple[bytes, bytes]]) -> dict[str, Any]:
    """All ratios."""
    kernels_beside = {name: beside_kernels(made[name]) for name in ("250×250", "12 MP")}
    return {"cpu_over_bare": kernels_beside, **with_servers(made["250×250"])}


def said(ratios: dict[str, Any]) -> list[str]:
    """The ratios as lines of a page."""

    def words(value: dict[str, float]) -> str:
        return f"{value['median']:.2f} ({value['least']:.2f} to {value['most']:.2f})"

    return [
        f"## Ratios (median of {TURNS} turns, least and most; both sides of each measured one right after the other)",
        "",
        *(
            f"- CPU of a warm comparison over its bare kernels, {name}: {words(value)}."
            for name, value in ratios["cpu_over_bare"].items()
        ),
        f"- CPU milliseconds that one HTTP request adds: {words(ratios['added_cpu_ms'])}.",
        f"- Throughput of {CORES} cores over one worker, 16 clients: {words(ratios['gain'])}.",
        f"- The same for the bare kernels: {words(ratios['gain_of_kernels'])}.",
    ]
