"""Our networks in MLServer, as `ipse models export-repository` writes them, and our server in front of two of these."""

import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from ipse import Verifier
from ipse.core.vocabulary import Floats
from tests.api.conftest import environment, new_key, running
from tests.commands import run_ipse
from tests.conformance.clients import python_program

START = "from mlserver.cli import main; main()"
READY_WITHIN_S = 120

SAME_TEMPLATE = 1e-8
"""How far below 1 the cosine of one picture's templates may be; `tests/contract/test_network.py` says why.

Measured with one version of ONNX Runtime on one machine: bit for bit the same."""


@dataclass
class Inference:
    """A running MLServer."""

    process: subprocess.Popen[str]
    url: str


@contextmanager
def serving(repository: Path) -> Iterator[Inference]:
    """MLServer on a folder, ready."""
    with socket.socket() as one, socket.socket() as other:
        for taken in (one, other):
            taken.bind(("127.0.0.1", 0))
        http, grpc = one.getsockname()[1], other.getsockname()[1]
    machine = dict(os.environ)  # noqa: TID251 - handed on to MLServer
    words = {"MLSERVER_HOST": "127.0.0.1", "MLSERVER_HTTP_PORT": str(http), "MLSERVER_GRPC_PORT": str(grpc)}
    process = subprocess.Popen(
        [python_program("mlserver-1.7.1"), "-c", START, "start", str(repository)],
        env={**machine, **words},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    is_ready = threading.Event()
    lines: list[str] = []

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            if "Uvicorn running on" in line:
                is_ready.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert is_ready.wait(READY_WITHIN_S), "".join(lines)
        yield Inference(process, f"http://127.0.0.1:{http}")
    finally:
        process.kill()
        process.wait()
        reader.join()
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture(scope="module")
def repository(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The networks of faces, written for others to serve."""
    folder = tmp_path_factory.mktemp("repository")
    command = ("models", "export-repository", str(folder), "yunet", "sface")
    run_ipse(*command, env=environment(folder, IPSE_WEIGHTS_DIR=str(weights)), check=True)
    return folder


@pytest.fixture(scope="module")
def pair(repository: Path) -> Iterator[tuple[Inference, Inference]]:
    """Two MLServers with the same networks."""
    with ExitStack() as stack:
        yield stack.enter_context(serving(repository)), stack.enter_context(serving(repository))


def unit(vector: Floats) -> Floats:
    """On the unit sphere, in double precision."""
    exact = vector.astype(np.float64)
    return exact / np.linalg.norm(exact)


@pytest.mark.parametrize("name", ["obama.jpg", "biden.jpg"])
def test_the_same_template_comes_of_a_picture(pair: tuple[Inference, Inference], samples: Path, name: str) -> None:
    """From bytes to template, networks in MLServer give what ONNX Runtime here gives, to 1e-8."""
    here = Verifier(runtime="onnxruntime")
    there = Verifier(runtime="remote", inference_urls=tuple(one.url for one in pair), inference_timeout_s=60)
    expected, found = here.template(samples / name), there.template(samples / name)
    assert expected.recipe == found.recipe
    one, other = (unit(template.vector) for template in (expected, found))
    assert 1 - float(one @ other) <= SAME_TEMPLATE


def test_no_caller_notices_that_one_of_two_is_killed(
    pair: tuple[Inference, Inference], tmp_path: Path, samples: Path
) -> None:
    """While eight calls are under way one MLServer is killed: all of them are answered, and all the same."""
    urls = ",".join(one.url for one in pair)
    with running(tmp_path, IPSE_RUNTIME="remote", IPSE_INFERENCE_URLS=urls, IPSE_INFERENCE_TIMEOUT_S="60") as server:
        facts = server.wait_until_ready().json()
        assert "remote" in str(facts["runtime"])
        credentials = new_key(tmp_path)

        def call(_: int) -> tuple[int, object]:
            answer = server.call(credentials, samples / "obama.jpg", samples / "obama2.jpg")
            return answer.status_code, answer.json().get("result_ref1", {}).get("confidence")

        first = call(0)
        assert first[0] == 200
        with ThreadPoolExecutor(4) as pool:
            begun = [pool.submit(call, number) for number in range(4)]
            pair[0].process.kill()
            begun += [pool.submit(call, number) for number in range(4)]
            assert [first] * 8 == [one.result() for one in begun]
