"""Nobody is told that Ipse runs: tried in processes that look like a user's, since the runtimes keep still under CI."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

OPENED = """
import atexit, json, sys
from pathlib import Path

seen = []
TOLD = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "os.fork", "os.posix_spawn", "subprocess.Popen"}
sys.addaudithook(lambda event, words: seen.append(event) if event in TOLD else None)

import numpy as np
from ipse.models.manifest import Manifest
from ipse.models.runtime import RuntimeChoice
from ipse.models.session import open_network

weight = Manifest.load().network("eyes")
network = open_network(weight, Path(sys.argv[1]) / weight.file, RuntimeChoice(runtime=sys.argv[2], threads=1))
network.warm_up()
# Whoever tells does so on a thread of its own; at exit they have all ended.
atexit.register(lambda: print(json.dumps([seen, sys.modules.get("openvino_telemetry") is not None])))
"""


@pytest.mark.parametrize("runtime", ["openvino", "onnxruntime"])
def test_nobody_is_told_that_a_network_was_opened(runtime: str, weights: Path, tmp_path: Path) -> None:
    """No connection, no process, no file in the home folder."""
    home = tmp_path / "home"
    home.mkdir()
    surroundings = {"HOME": str(home), "PATH": os.defpath}
    told = subprocess.run(
        [sys.executable, "-c", OPENED, str(weights), runtime],
        env=surroundings,
        stdout=subprocess.PIPE,
        check=True,
        timeout=120,
    )
    assert [[], False] == json.loads(told.stdout)
    assert [] == [str(one) for one in home.rglob("*")]
