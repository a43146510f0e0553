"""A minute of chaos; `make soak` has five."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = "60"


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_nothing_is_lost_while_everything_is_killed() -> None:
    """Servers, workers and PostgreSQL go and come back; answers, ledger, limits, jobs and webhooks agree afterwards."""
    places = os.pathsep.join([str(ROOT), str(ROOT / "benchmarks")])
    machine = dict(os.environ) | {"PYTHONPATH": places}  # noqa: TID251 - handed on to our own script
    command = [sys.executable, str(ROOT / "benchmarks" / "fleet" / "chaos.py"), SECONDS]
    told = subprocess.run(command, env=machine, capture_output=True, text=True, check=False)
    assert 0 == told.returncode, told.stdout + told.stderr[-4000:]
    for word in ("a server killed", "PostgreSQL restarted", "a worker killed", "a server told to stop"):
        assert word in told.stdout
