"""A real `ipse serve` in a process of its own, on the loopback, with the fetched weights and portraits."""

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.commands import Begun, begin_ipse, run_ipse

IPSE = str(Path(sys.executable).with_name("ipse"))
READY_WITHIN_S = 60
STOPPED_WITHIN_S = 60


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The surroundings of a command with a data folder of its own: only the weights stay those of the machine."""
    kept = {"IPSE_WEIGHTS_DIR"}
    machine = dict(os.environ)  # noqa: TID251 - handed on to our own command
    plain = {name: value for name, value in machine.items() if not name.startswith("IPSE_") or name in kept}
    return {**plain, "IPSE_DATA_DIR": str(folder), **settings}


def said(folder: Path, *words: str) -> Any:
    """What an `ipse … --json` command answers."""
    return json.loads(run_ipse(*words, "--json", env=environment(folder), check=True).stdout)


def new_key(folder: Path, *words: str) -> dict[str, str]:
    """A new Megvii key, made by the command line, as form fields."""
    made = said(folder, "keys", "create", "--dialect", "faceid", "--name", "test", *words)
    return {"api_key": made["key"], "api_secret": made["secret"]}


@dataclass
class Server:
    """A running server, and everything that it has logged."""

    folder: Path
    process: subprocess.Popen[str] | Begun
    lines: list[str] = field(default_factory=list)
    has_port: threading.Event = field(default_factory=threading.Event)
    news: threading.Condition = field(default_factory=threading.Condition)
    reader: threading.Thread = field(init=False)
    scheme: str = "http"
    trust: Path | None = None

    def __post_init__(self) -> None:
        """Begin to read the log."""
        self.reader = threading.Thread(target=self._read_log)
        self.reader.start()

    def wait(self) -> int:
        """The exit status, once the server has ended and its whole log was read."""
        status = self.process.wait(STOPPED_WITHIN_S)
        self.reader.join()
        return status

    def _read_log(self) -> None:
        """Keep every line until the server ends."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self.news:
                self.lines.append(line)
                self.news.notify_all()
            if '"listening"' in line:
                self.has_port.set()
        self.has_port.set()

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The lines of one event."""
        return [fact for fact in map(json.loads, self.lines) if fact["event"] == event]

    def wait_for(self, event: str) -> None:
        """Return once a line of this event was logged."""
        with self.news:
            assert self.news.wait_for(lambda: any(f'"{event}"' in line for line in self.lines), READY_WITHIN_S)

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self.has_port.wait(READY_WITHIN_S)
        return int(self.logged("listening")[0]["port"])

    def client(self) -> httpx2.Client:
        """A client of this server."""
        verify = True if self.trust is None else ssl.create_default_context(cafile=self.trust)
        return httpx2.Client(base_url=f"{self.scheme}://localhost:{self.port}", timeout=60, verify=verify)

    def wait_until_ready(self) -> httpx2.Response:
        """The first `/readyz` of status 200."""
        deadline = time.monotonic() + READY_WITHIN_S
        with self.client() as client:
            while time.monotonic() < deadline:
                answer = client.get("/readyz")
                if answer.status_code == httpx2.codes.OK:
                    return answer
                assert answer.json()["ready"] is False
        raise TimeoutError("the server was not ready in time")

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("localhost", self.port), timeout=60)

    def call(self, credentials: dict[str, str], image: Path, reference: Path, **fields: str) -> httpx2.Response:
        """The answer to the vendor page's raw-image call."""
        with self.client() as client:
            return client.post(
                "/faceid/v2/verify",
                data={"comparison_type": "0", "face_image_type": "raw_image", "uuid": "u-1"} | credentials | fields,
                files={"image": image.read_bytes(), "image_ref1": reference.read_bytes()},
            )

    def key(self, *words: str) -> dict[str, str]:
        """A new key, made by the command line beside the running server, as form fields."""
        return new_key(self.folder, *words)


@contextmanager
def running(
    folder: Path,
    *words: str,
    scheme: str = "http",
    trust: Path | None = None,
    as_fork: bool = False,
    **settings: str,
) -> Iterator[Server]:
    """A server that was started now, as a program or as a fork; it is stopped, and must stop, on leaving."""
    command = ["serve", "--host", "localhost", "--port", "0", *words]
    surroundings = environment(folder, IPSE_LOG_FORMAT="json", **settings)
    process: subprocess.Popen[str] | Begun
    if as_fork:
        process = begin_ipse(*command, env=surroundings)
    else:
        process = subprocess.Popen([IPSE, *command], env=surroundings, stderr=subprocess.PIPE, text=True)
    server = Server(folder, process, scheme=scheme, trust=trust)
    try:
        yield server
    finally:
        process.terminate()
        try:
            server.wait()
        finally:
            process.kill()
            assert process.stderr is not None
            process.stderr.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, weights: Path) -> Iterator[Server]:
    """One warm server for the whole session."""
    assert weights.is_dir()
    with running(tmp_path_factory.mktemp("server")) as started:
        started.wait_until_ready()
        yield started


@pytest.fixture
def start(tmp_path: Path, weights: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers that are the test's own, and stops them."""
    assert weights.is_dir()
    with ExitStack() as stack:
        yield lambda *words, **options: stack.enter_context(running(tmp_path / "data", *words, as_fork=True, **options))


@pytest.fixture
def issue() -> Callable[..., dict[str, str]]:
    """Makes keys in a data folder, whether or not a server runs on it."""
    return new_key


@pytest.fixture
def tell() -> Callable[..., Any]:
    """Says an `ipse … --json` command about a data folder, and gives its answer."""
    return said


@pytest.fixture
def surroundings() -> Callable[..., dict[str, str]]:
    """The environment of a command with a data folder of its own."""
    return environment
