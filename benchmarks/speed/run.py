"""
Speed: stages, whole comparisons against their bare kernels, whole HTTP requests, two cores, memory, start.

Writes speed.json and speed.md beside this script, then measures the rivals (`rivals.py`). Every ratio compares figures
of one run on one machine; absolute times on a shared machine are only as good as its neighbours.
"""

import json
import resource
import runpy
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import kernels
import ratios
from machine import describe
from pictures import pairs, sample_paths
from servers import server

from ipse.engine import load_curve, open_engine
from ipse.infra.settings import read_settings

HERE = Path(__file__).parent
IPSE = Path(sys.executable).with_name("ipse")
CALLS = 160


def quantile(values: list[float], share: float) -> float:
    """The value below which this share lies."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def in_process(pair: tuple[bytes, bytes], profile: str, precision: str) -> dict[str, Any]:
    """One comparison on one thread: stages, whole, and beside its bare kernels."""
    engine = open_engine(read_settings(profile=profile, precision=precision))
    engine.warm_up()
    load_curve(read_settings(profile=profile, precision=precision), engine.examiner.recipe)
    stages = kernels.StageSums()
    rounds = kernels.ROUNDS
    for _ in range(rounds):
        kernels.compare(engine.examiner, pair, stages)

    def whole() -> float:
        return kernels.compare(engine.examiner, pair, kernels.StageSums())

    replay = kernels.bare(engine, pair)
    wall, cpu = kernels.cost(whole)
    bare_wall, bare_cpu = kernels.cost(replay)
    return {
        "stages_ms": {name: spent / rounds for name, spent in stages.ms.items()},
        "wall_ms": wall,
        "cpu_ms": cpu,
        "bare_cpu_ms": bare_cpu,
        "bare_wall_ms": bare_wall,
    }


def over_http(pair: tuple[bytes, bytes], threads: int) -> dict[str, Any]:
    """Whole requests at 1, 4 and 16 clients, and whether all answers were the same."""
    rows: dict[str, Any] = {}
    with server(THREADS=str(threads)) as running:
        running.load(pair, 1, 10)
        for clients in (1, 4, 16):
            seen: Any = running.load(pair, clients, CALLS)
            rows[str(clients)] = {
                "p50_ms": statistics.median(seen["ms"]),
                "p95_ms": quantile(seen["ms"], 0.95),
                "per_s": len(seen["ms"]) / seen["seconds"],
                "cpu_ms_per_request": 1e3 * seen["server_cpu_s"] / len(seen["ms"]),
                "distinct_answers": len(seen["answers"]),
                "answer": seen["answers"][0],
            }
        rows["ready_s"], rows["rss_mb"] = running.ready_s, running.rss_mb()
    return rows


def cold_compare() -> dict[str, float]:
    """A whole `ipse compare` process, weights cached: median wall seconds, and the largest process's peak memory."""
    paths = sample_paths()
    walls = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([IPSE, "compare", paths["obama"], paths["obama2"], "--json"], capture_output=True, check=True)
        walls.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
    return {"wall_s": statistics.median(walls), "peak_rss_mb": peak}


def measure() -> dict[str, Any]:
    """All figures."""
    made = pairs()
    figures: dict[str, Any] = {"machine": describe(), "cold_compare": cold_compare()}
    figures["in_process"] = {
        f"{name}, {profile}, {precision}": in_process(pair, profile, precision)
        for name, pair in made.items()
        for profile, precision in (("balanced", "auto"), ("balanced", "float32"), ("fast", "auto"))
    }
    figures["http"] = {name: over_http(pair, 0) for name, pair in made.items()}
    figures["http_one_thread"] = {"250×250": over_http(made["250×250"], 1)}
    figures["ratios"] = ratios.measure(made)
    return figures


def table(head: str, rows: list[str]) -> list[str]:
    """A table in Markdown; `head` holds the titles between bars."""
    return [f"| {head} |", "|" + "---|" * (head.count("|") + 1), *rows, ""]


def comparison_row(name: str, row: dict[str, Any]) -> str:
    """One line about a comparison in the process."""
    stages = " | ".join(f"{row['stages_ms'].get(stage, 0):.1f}" for stage in ("decode", "detect", "quality", "embed"))
    return f"| {name} | {stages} | {row['wall_ms']:.1f} | {row['cpu_ms']:.1f} | {row['bare_cpu_ms']:.1f} |"


def request_row(name: str, threads: str, clients: str, rows: dict[str, Any]) -> str:
    """One line about requests."""
    row = rows[clients]
    times = f"{row['p50_ms']:.1f} | {row['p95_ms']:.1f} | {row['per_s']:.1f} | {row['cpu_ms_per_request']:.1f}"
    rest = f"{row['distinct_answers']} | {rows['ready_s']:.2f} | {rows['rss_mb']:.0f}"
    return f"| {name} | {threads} | {clients} | {times} | {rest} |"


def page(figures: dict[str, Any]) -> str:
    """The figures as a page."""
    cold = figures["cold_compare"]
    inside = [comparison_row(name, row) for name, row in figures["in_process"].items()]
    outside = [
        request_row(name, threads, clients, rows)
        for threads, group in (("quota", figures["http"]), ("1", figures["http_one_thread"]))
        for name, rows in group.items()
        for clients in ("1", "4", "16")
    ]
    lines = [
        "# Speed",
        "",
        "Written by `make bench`; nothing here is typed by hand.",
        "",
        figures["machine"],
        "",
        f"`ipse compare`, cold process: {cold['wall_s']:.2f} s, peak {cold['peak_rss_mb']:.0f} MB.",
        "",
        "## One comparison on one thread",
        "",
        *table(
            "pictures, profile, precision | decode ms | detect ms | quality ms | embed ms | wall ms | CPU ms "
            "| bare kernels' CPU ms",
            inside,
        ),
        "## Whole HTTP requests (`/faceid/v2/verify`, balanced, default precision)",
        "",
        *table(
            "pictures | threads | clients | p50 ms | p95 ms | requests/s | server CPU ms | distinct answers "
            "| ready s | RSS MB",
            outside,
        ),
        *ratios.said(figures["ratios"]),
        f"- Answers at 1, 4 and 16 clients, on one thread and on all: {distinct(figures)} distinct.",
    ]
    return "\n".join(lines) + "\n"


def distinct(figures: dict[str, Any]) -> int:
    """How many different answers the same two pictures got, over all loads and both servers."""
    groups = (figures["http"]["250×250"], figures["http_one_thread"]["250×250"])
    return len({rows[clients]["answer"] for rows in groups for clients in ("1", "4", "16")})


def main() -> None:
    """Measure, write, and go on with the rivals."""
    figures = measure()
    (HERE / "speed.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (HERE / "speed.md").write_text(page(figures), encoding="utf-8")
    print(page(figures))
    sys.argv = ["rivals.py"]
    runpy.run_path(str(HERE / "rivals.py"), run_name="__main__")


if __name__ == "__main__":
    main()
