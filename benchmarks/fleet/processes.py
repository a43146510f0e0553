"""A fleet of real processes: PostgreSQL, an S3 store, `ipse serve` and `ipse worker`, each of which can be killed."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx2

IPSE = Path(sys.executable).with_name("ipse")
READY_WITHIN_S = 180
STOPPED_WITHIN_S = {"serve": 70, "worker": 140}
"""What `docs/fleet.md` promises."""
BUCKET = "ipse"
NOT_SET_UP = 78


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Cluster:
    """A throwaway PostgreSQL that can be restarted."""

    folder: Path
    programs: Path
    runner: str | None

    def address(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://ipse@/{name}?host={self.folder}"

    def say(self, program: str, *words: str) -> None:
        """Run one of PostgreSQL's programs, never as root."""
        extra: Sequence[str] | None = [] if self.runner else None
        command = [str(self.programs / program), *words]
        subprocess.run(command, check=True, cwd=self.folder, user=self.runner, extra_groups=extra,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # fmt: skip

    def control(self, word: str, *words: str) -> None:
        """Start, stop or restart."""
        place = ("--pgdata", str(self.folder / "cluster"), "--wait", "--silent", f"--log={self.folder / 'log'}")
        self.say("pg_ctl", word, *place, *words)


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[Cluster]:
    """
    A running cluster with one database, `ipse`.

    Args:
        durable: Whether every commit reaches the disk, as it does where money is at stake.
    """
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name))
    if not programs:
        raise SystemExit("PostgreSQL is absent: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="ipse-fleet-"))
    runner = "nobody" if os.geteuid() == 0 else None
    if runner is not None:
        shutil.chown(folder, runner)
    cluster = Cluster(folder, programs[-1], runner)
    cluster.say("initdb", f"--pgdata={folder / 'cluster'}", "--auth=trust", "--username=ipse", "--encoding=UTF8")
    settings = {"listen_addresses": "", "unix_socket_directories": folder, "max_connections": 200}
    settings |= {} if durable else {"fsync": "off", "full_page_writes": "off"}
    cluster.control("start", "--options=" + " ".join(f"-c {name}='{value}'" for name, value in settings.items()))
    try:
        cluster.say("createdb", "--host", str(folder), "--username", "ipse", "ipse")
        yield cluster
    finally:
        cluster.control("stop", "--mode=immediate")
        shutil.rmtree(folder)


@contextmanager
def object_store() -> Iterator[str]:
    """The address of moto's S3, with an empty bucket."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            with suppress(httpx2.TransportError):
                if httpx2.put(f"{address}/{BUCKET}").status_code == httpx2.codes.OK:
                    break
        yield address
    finally:
        process.kill()
        process.wait()


@dataclass
class Member:
    """A server or a worker: a process that is started again under the same name whenever it has gone."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    file: IO[bytes] | None = None
    wanted: bool = False

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Begin, or begin again; what it logs is kept."""
        self.file = self.log.open("ab")
        self.process = subprocess.Popen(self.command, env=self.environment, stdout=subprocess.DEVNULL, stderr=self.file)
        self.wanted = True

    def look_after(self) -> None:
        """Begin again if it ended by itself because its database was away when it began; as any supervisor does."""
        if self.wanted and self.process is not None and (status := self.process.poll()) is not None:
            if status != NOT_SET_UP:
                raise SystemExit(f"{self.name} ended by itself with {status}")
            self.start()

    def end(self, sig: signal.Signals) -> int:
        """End it by a signal; its exit status."""
        assert self.process is not None
        assert self.file is not None
        self.wanted = False
        self.process.send_signal(sig)
        try:
            return self.process.wait(STOPPED_WITHIN_S[self.command[1]])
        finally:
            self.process.kill()
            self.process.wait()
            self.file.close()

    def is_ready(self) -> bool:
        """Whether it says so."""
        try:
            return httpx2.get(f"{self.address}/readyz", timeout=5).status_code == httpx2.codes.OK
        except httpx2.TransportError:
            return False

    def wait_until_ready(self) -> None:
        """Return once it is."""
        deadline = time.monotonic() + READY_WITHIN_S
        while not self.is_ready():
            self.look_after()
            if time.monotonic() > deadline:
                raise SystemExit(f"{self.name} did not start:\n{self.log.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.1)

    def lines(self) -> Iterator[dict[str, Any]]:
        """Everything that it has logged; a line that was cut off by a kill is left out."""
        for line in self.log.read_text(encoding="utf-8", errors="replace").splitlines():
            with suppress(ValueError):
                yield json.loads(line)


@dataclass
class Fleet:
    """All processes on one database."""

    folder: Path
    cluster: Cluster
    environment: dict[str, str]
    servers: list[Member] = field(default_factory=list)
    workers: list[Member] = field(default_factory=list)

    def member(self, kind: str, number: int, **settings: str) -> Member:
        """A process that is not started yet; settings by their names without the prefix."""
        name, port = f"{kind}{number}", free_port() if kind == "serve" else 0
        words = ["serve", "--port", str(port)] if kind == "serve" else ["worker"]
        environment = {**self.environment, **{f"IPSE_{word}": value for word, value in settings.items()}}
        return Member(name, [str(IPSE), *words], environment, self.folder / f"{name}.log", port)

    def say(self, *words: str) -> Any:
        """What an `ipse … --json` command answers."""
        command = [str(IPSE), *words, "--json"]
        return json.loads(subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, check=True).stdout)

    def key(self, dialect: str, *words: str) -> dict[str, str]:
        """A new key."""
        made = self.say("keys", "create", "--dialect", dialect, "--name", "fleet", *words)
        return {"dialect": dialect, "key": made["key"], "secret": made["secret"] or ""}


@contextmanager
def fleet(servers: int, workers: int, *, with_objects: bool = False, **settings: str) -> Iterator[Fleet]:
    """So many servers and workers, all of them started and the servers ready."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ipse-fleet-")))
        cluster = stack.enter_context(postgresql())
        environment = {name: value for name, value in os.environ.items() if not name.startswith("IPSE_")}
        for kept in ("IPSE_WEIGHTS_DIR",):
            environment |= {kept: os.environ[kept]} if kept in os.environ else {}
        environment |= {
            "IPSE_DATA_DIR": str(folder / "data"),
            "IPSE_DATABASE_URL": cluster.address("ipse"),
            "IPSE_MASTER_KEY": b64encode(secrets.token_bytes(32)).decode(),
            "IPSE_LOG_FORMAT": "json",
        }
        environment |= {f"IPSE_{word}": value for word, value in settings.items()}
        if with_objects:
            environment |= {
                "IPSE_BLOB_STORE": f"s3://{BUCKET}",
                "IPSE_S3_ENDPOINT": stack.enter_context(object_store()),
                "IPSE_S3_REGION": "us-east-1",
                "IPSE_S3_ACCESS_KEY": "testing",
                "IPSE_S3_SECRET_KEY": "testing",
            }
        made = Fleet(folder, cluster, environment)
        made.servers += [made.member("serve", number, JOBS_IN_SERVER="false") for number in range(servers)]
        made.workers += [made.member("worker", number) for number in range(workers)]
        try:
            for one in (*made.servers, *made.workers):
                one.start()
            for one in made.servers:
                one.wait_until_ready()
            yield made
        finally:
            for one in (*made.servers, *made.workers):
                if one.process is not None and one.process.poll() is None:
                    one.end(signal.SIGKILL)
