"""
How long iApp's face and ID card call takes: `iapp.py [CALLS]`, with the checkout on PYTHONPATH; writes iapp.json.

A photo of a card and a selfie with that card, both JPEGs of 1280 × 960 pixels, sent one after the other over one
connection to a fresh server; what counts is the answer's own `time_process`, as the vendor's page promises it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx2
from demo import calls, cards
from machine import describe
from servers import IPSE, wait

WARM_UP = 10


def said(environment: dict[str, str], *words: str) -> Any:
    """Give what an `ipse … --json` command answers."""
    return json.loads(subprocess.run([IPSE, *words, "--json"], env=environment, capture_output=True, check=True).stdout)


def main() -> None:
    """Send the calls, print and keep what they took."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    port = 20_000 + os.getpid() % 2_000
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "IPSE_DATA_DIR": folder}
        key = said(environment, "keys", "create", "--dialect", "iapp", "--name", "bench")
        samples = {Path(one).stem: Path(one).read_bytes() for one in said(environment, "models", "fetch")["samples"]}
        drawn = cards.card(samples["obama"])
        card, selfie = cards.photographed(drawn), cards.held_up(samples["obama2"], drawn)
        command = [str(IPSE), "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            wait(process, port)
            times_s = measured(f"http://127.0.0.1:{port}", key, (card, selfie), count)
        finally:
            process.terminate()
            process.wait(timeout=60)
    row = {"p50_s": round(median(times_s), 3), "p95_s": round(quantiles(times_s, n=20)[-1], 3), "calls": count}
    print(row)
    record = {"machine": describe(), "time_process": row}
    Path(__file__).with_name("iapp.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def measured(address: str, key: dict[str, str], pictures: tuple[bytes, bytes], count: int) -> list[float]:
    """Give `time_process` of each call, in seconds."""
    with httpx2.Client(timeout=60) as client:
        answers = [client.send(calls.iapp_face_and_card(address, key, *pictures)) for _ in range(count + WARM_UP)]
    return [answer.raise_for_status().json()["time_process"] for answer in answers[WARM_UP:]]


if __name__ == "__main__":
    main()
