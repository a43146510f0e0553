"""The last resort of a process that was told to stop, tried in processes that do not end by themselves."""

import json
import subprocess
import sys

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


def test_a_process_that_ends_in_time_is_left_alone() -> None:
    """It waits for nobody to watch it."""
    ended = run(3600, "import os; os._exit(7) if threading.active_count() == 3 else None")
    assert (7, "") == (ended.returncode, ended.stderr)
