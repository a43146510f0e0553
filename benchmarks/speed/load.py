"""
Load: 64 clients over all dialects at once. `load.py SECONDS [CLIENTS]`, the checkout on PYTHONPATH; writes load.json.

Each client calls one operation after the other, chosen at random, over one kept connection, from a process of its own;
one that is told "busy" waits a moment. Afterwards: no answer but a right one or the vendor's word for busy, every
applied card reached its final result, and the ledger says what the answers said, call by call.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx2
from demo import calls, cards
from machine import describe
from servers import IPSE, wait

DIALECTS = ("faceid", "iapp", "linkface", "tencent", "native")
BUSY_PAUSE_S = (0.05, 0.5)
POLL_S = 0.5
TOTAL_POLL_S = 300
"""A card takes a second or two to read, one after the other, and waits while callers fill the engine room."""

Verdict = tuple[str, str]
"""Which operation, and `ok`, `busy` or what else was said."""


@dataclass
class Tally:
    """What all clients saw."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    times_ms: dict[str, list[float]] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)

    def note(self, operation: str, verdict: str, elapsed_ms: float, body: str) -> None:
        """Count one answer."""
        self.verdicts[operation, verdict] += 1
        if verdict == "ok":
            self.times_ms.setdefault(operation, []).append(elapsed_ms)
        elif verdict != "busy":
            self.odd.append(f"{operation}: {verdict} {body[:200]}")


def judged(answer: httpx2.Response) -> str:
    """Give what an answer says in its vendor's way: `ok`, `busy`, or its status."""
    text = answer.text
    if answer.status_code == httpx2.codes.OK and '"Error"' not in text:
        return "ok"
    words = ("CONCURRENCY_LIMIT_EXCEEDED", "RATE_LIMIT_EXCEEDED", "RequestLimitExceeded", '"busy"')
    if any(word in text for word in words) or answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
        return "busy"
    return str(answer.status_code)


@dataclass(frozen=True)
class Questions:
    """Makers of requests, and the pictures in them."""

    address: str
    keys: dict[str, dict[str, str]]
    one: bytes
    other: bytes
    card: bytes
    held: bytes

    def every(self) -> dict[str, Callable[[], httpx2.Request]]:
        """Give a maker for each operation."""
        keys, one, other = self.keys, self.one, self.other
        return {
            "faceid verify": lambda: calls.faceid_verify(self.address, keys["faceid"], one, other),
            "faceid detect": lambda: calls.faceid_detect(self.address, keys["faceid"], one),
            "iapp face_and_card": lambda: calls.iapp_face_and_card(self.address, keys["iapp"], self.card, self.held),
            "linkface handheld": lambda: calls.linkface_handheld(self.address, keys["linkface"], self.held),
            "linkface upload": lambda: calls.linkface_upload(self.address, keys["linkface"], one),
            "tencent apply": lambda: calls.tencent_apply(self.address, keys["tencent"], self.card),
            "native compare": lambda: calls.native_compare(self.address, keys["native"], one, other),
        }


async def client(questions: Questions, tally: Tally, until: float, chance: random.Random) -> None:
    """Ask until the time is over."""
    every = questions.every()
    async with httpx2.AsyncClient(timeout=120) as http:
        while time.monotonic() < until:
            operation = chance.choice(list(every))
            began = time.perf_counter()
            answer = await http.send(every[operation]())
            verdict = judged(answer)
            tally.note(operation, verdict, 1e3 * (time.perf_counter() - began), answer.text)
            if verdict == "busy":
                await asyncio.sleep(chance.uniform(*BUSY_PAUSE_S))
            elif operation == "tencent apply" and verdict == "ok":
                tally.applied.append(answer.json()["Response"]["CardVerificationToken"])


async def finished(questions: Questions, tally: Tally) -> int:
    """Give how many applied cards never reached their final result."""
    waiting, until = set(tally.applied), time.monotonic() + TOTAL_POLL_S
    async with httpx2.AsyncClient(timeout=120) as http:
        while waiting and time.monotonic() < until:
            for token in tuple(waiting):
                answer = await http.send(calls.tencent_result(questions.address, questions.keys["tencent"], token))
                tally.note("tencent result", judged(answer), 0.0, answer.text)
                if answer.json()["Response"].get("Status") == "REJECTED":
                    waiting.discard(token)
            if waiting:
                await asyncio.sleep(POLL_S)
    return len(waiting)


def said(environment: dict[str, str], *words: str) -> Any:
    """Give what an `ipse … --json` command answers."""
    return json.loads(subprocess.run([IPSE, *words, "--json"], env=environment, capture_output=True, check=True).stdout)


def ledger(environment: dict[str, str]) -> tuple[int, int]:
    """Give how many calls the ledger holds, and how many units they were billed."""
    rows = said(environment, "usage", "--by", "operation")
    return sum(row["calls"] for row in rows), sum(row["billed"] for row in rows)


def expected(tally: Tally) -> tuple[int, int]:
    """Give the same from the answers: each vendor bills its answers, uploads, detections and polls are free."""
    free = {"linkface upload", "faceid detect", "tencent result"}
    billed = sum(n for (operation, verdict), n in tally.verdicts.items() if verdict == "ok" and operation not in free)
    return tally.verdicts.total(), billed


def table(tally: Tally) -> dict[str, dict[str, float]]:
    """Give what each operation took."""
    rows = {}
    for operation, times in sorted(tally.times_ms.items()):
        p95 = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        busy = tally.verdicts[operation, "busy"]
        rows[operation] = {"ok": len(times), "busy": busy, "p50_ms": round(median(times), 1), "p95_ms": round(p95, 1)}
    return rows


async def run(questions: Questions, seconds: float, clients: int) -> tuple[Tally, int]:
    """Give what the clients saw, and how many jobs were lost."""
    tally, until = Tally(), time.monotonic() + seconds
    chances = (random.Random(number) for number in range(clients))  # noqa: S311 - which call comes next is no secret
    await asyncio.gather(*(client(questions, tally, until, chance) for chance in chances))
    return tally, await finished(questions, tally)


def main() -> None:
    """Load a fresh server, print what was seen, end with 1 if anything was lost or wrong."""
    seconds, clients = float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 64
    port = 18_000 + os.getpid() % 2_000
    with tempfile.TemporaryDirectory() as folder:
        key = b64encode(os.urandom(32)).decode()
        environment = {**os.environ, "IPSE_DATA_DIR": folder, "IPSE_TENCENT_WITHOUT_READER": "reject"}
        environment["IPSE_MASTER_KEY"] = key
        words = ("keys", "create", "--name", "load", "--dialect")
        keys = {name: said(environment, *words, name) for name in DIALECTS}
        samples = {Path(one).stem: Path(one).read_bytes() for one in said(environment, "models", "fetch")["samples"]}
        drawn = cards.card(samples["obama"])
        questions = Questions(
            f"http://127.0.0.1:{port}",
            keys,
            samples["obama"],
            samples["obama2"],
            cards.photographed(drawn),
            cards.held_up(samples["obama2"], drawn),
        )
        serve = [str(IPSE), "serve", "--port", str(port)]
        process = subprocess.Popen(serve, env=environment, stderr=subprocess.DEVNULL)
        try:
            wait(process, port)
            tally, lost = asyncio.run(run(questions, seconds, clients))
            written, answered = ledger(environment), expected(tally)
        finally:
            process.terminate()
            process.wait(timeout=60)
    report(tally, lost, written, answered, seconds, clients)


def report(
    tally: Tally, lost: int, written: tuple[int, int], answered: tuple[int, int], seconds: float, clients: int
) -> None:
    """Print and keep what was seen."""
    rows = table(tally)
    for operation, row in rows.items():
        print(operation, row, flush=True)
    print(f"jobs: {len(tally.applied)} applied, {lost} lost")
    print(f"ledger: {written[0]} calls, {written[1]} units billed; the answers say {answered[0]} and {answered[1]}")
    print(f"other answers: {len(tally.odd)}", *tally.odd[:10], sep="\n  ")
    facts = {"seconds": seconds, "clients": clients, "operations": rows, "jobs": len(tally.applied), "lost": lost}
    facts |= {"ledger": written, "answers": answered, "odd": len(tally.odd), "machine": describe()}
    Path(__file__).with_name("load.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    sys.exit(int(bool(tally.odd or lost or written != answered)))


if __name__ == "__main__":
    main()
