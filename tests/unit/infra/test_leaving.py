"""The last resort of a process that was told to stop, tried in processes that do not end by themselves."""

import json
import os
import subprocess
import sys
import time

from ipse.infra.leaving import TOO_LATE

HELD_UP = """
import threading
from ipse.infra.leaving import leave_within
from ipse.infra.log import make_log

secret = "hunter2"

def hold_up(said):
    threading.Event().wait()

threading.Thread(target=hold_up, args=(secret,), name="stuck").start()
leave_within({seconds}, make_log("info", "json"))
{rest}
"""


def run(seconds: float, rest: str) -> subprocess.CompletedProcess[str]:
    """How such a process ends."""
    program = HELD_UP.format(seconds=seconds, rest=rest)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)


def test_a_process_that_is_held_up_ends_and_says_by_what() -> None:
    """Its own status, and one line: where every thread stood, and nothing of what it worked on."""
    ended = run(0.2, "hold_up(secret)")
    assert TOO_LATE == ended.returncode
    (line,) = [json.loads(line) for line in ended.stderr.splitlines()]
    assert "stopping took too long" == line["event"]
    assert {"MainThread", "stuck"} == set(line["held"])
    assert all(any(place.endswith("hold_up") for place in places) for places in line["held"].values())
    assert "hunter2" not in ended.stderr


def test_a_task_that_holds_a_process_up_is_named() -> None:
    """Down to the line that it waits at."""
    waiting = """
import asyncio

async def inner():
    await asyncio.Event().wait()

async def outer():
    leave_within(0.2, make_log("info", "json"))
    await inner()

asyncio.run(outer())
"""
    (line,) = [json.loads(line) for line in run(3600, waiting).stderr.splitlines()]
    (task,) = [places for name, places in line["held"].items() if name.startswith("task ")]
    assert ["outer", "inner", "wait"] == [place.split()[-1] for place in task]


def test_a_log_that_nobody_reads_holds_nothing_up() -> None:
    """Whether it is full or closed: the process ends all the same."""
    program = HELD_UP.format(seconds=0.2, rest="import os\nwhile True: os.write(2, bytes(65536))")
    for is_closed in (False, True):
        reading, writing = os.pipe()
        process = subprocess.Popen([sys.executable, "-c", program], stderr=writing)
        os.close(writing)
        if is_closed:
            os.close(reading)
        assert TOO_LATE == process.wait(60)
        if not is_closed:
            os.close(reading)


def test_a_process_that_ends_in_time_is_left_alone() -> None:
    """It waits for nobody to watch it."""
    began = time.monotonic()
    program = HELD_UP.split("def hold_up", maxsplit=1)[0] + 'leave_within(3600, make_log("info", "json"))'
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (0, "") == (ended.returncode, ended.stderr)
    assert time.monotonic() - began < 60
