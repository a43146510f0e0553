"""Work that is put off: done by `ipse worker` beside a server that does none, and by a server that does its own."""

import base64
import json
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import httpx2
import pytest
from demo import calls
from sqlalchemy import Engine, select, text

import specimens
from ipse.infra.store.database import open_database, reading, writing
from ipse.infra.store.jobs import MOST_ATTEMPTS
from ipse.infra.store.tables import JOBS
from tests.api.conftest import IPSE, READY_WITHIN_S, environment, said
from tests.commands import run_ipse

if TYPE_CHECKING:
    from tests.api.conftest import Server

DONE_WITHIN_S = 30
REJECTING = {"IPSE_CARDS": "off", "IPSE_TENCENT_WITHOUT_READER": "reject"}


def asked(server: "Server", request: httpx2.Request) -> dict[str, Any]:
    """What stands inside the envelope."""
    with server.client() as client:
        answer: dict[str, Any] = client.send(request).json()["Response"]
        return answer


def applied(server: "Server", key: Mapping[str, str], card: bytes) -> str:
    """The token of a card that was applied for."""
    return str(asked(server, calls.tencent_apply(_address(server), dict(key), card))["CardVerificationToken"])


def result(server: "Server", key: Mapping[str, str], token: str) -> dict[str, Any]:
    """How a card stands now."""
    return asked(server, calls.tencent_result(_address(server), dict(key), token))


def ended(server: "Server", key: Mapping[str, str], token: str) -> dict[str, Any]:
    """How a card stands once it was judged."""
    deadline = time.monotonic() + DONE_WITHIN_S
    while (told := result(server, key, token))["Status"] == "PROCESSING":
        assert time.monotonic() < deadline
    return told


def _address(server: "Server") -> str:
    """Where it is."""
    return f"http://localhost:{server.port}"


def _key(server: "Server", **settings: str) -> dict[str, str]:
    """A Tencent key there."""
    words = ("keys", "create", "--dialect", "tencent", "--name", "test", "--json")
    made = json.loads(run_ipse(*words, env=environment(server.folder, **settings), check=True).stdout)
    return {"key": made["key"], "secret": made["secret"]}


@pytest.fixture
def portrait(samples: Path) -> bytes:
    """A picture that is no card."""
    return (samples / "obama.jpg").read_bytes()


@pytest.fixture(scope="module")
def card() -> bytes:
    """A Thai identity card of somebody who was made up."""
    pixels = specimens.draw("tha-id_card", 11).front.pixels
    is_drawn, file = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    assert is_drawn
    return file.tobytes()


@contextmanager
def worker(folder: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """An `ipse worker` that works by now, and its log, which is there once it was told to stop and has ended."""
    surroundings = environment(folder, IPSE_LOG_FORMAT="json", **settings)
    log: list[str] = []
    with (folder / "worker.log").open("w+") as file:
        process = subprocess.Popen([IPSE, "worker"], env=surroundings, stderr=file, text=True)
        try:
            deadline = time.monotonic() + READY_WITHIN_S
            while '"working"' not in Path(file.name).read_text():
                assert time.monotonic() < deadline
                assert process.poll() is None
            yield process, log
        finally:
            process.terminate()
            try:
                process.wait(DONE_WITHIN_S)
            finally:
                process.kill()
                file.seek(0)
                log += file


@dataclass(frozen=True)
class Kept:
    """What the database holds of jobs, as somebody sees it who looks from outside."""

    database: Engine

    def rows(self) -> list[tuple[int, bool, bool]]:
        """Of each job the attempts, and whether there are a payload and a result."""
        asked = select(JOBS.c.attempts, JOBS.c.payload.is_not(None), JOBS.c.result.is_not(None))
        with reading(self.database) as connection:
            return [(attempts, bool(given), bool(done)) for attempts, given, done in connection.execute(asked).all()]

    def queued(self) -> int:
        """How many jobs and attempts are in the queue beside our rows."""
        if self.database.dialect.name != "postgresql":
            return 0
        asked = "SELECT (SELECT count(*) FROM procrastinate_jobs) + (SELECT count(*) FROM procrastinate_workers)"
        with reading(self.database) as connection:
            return int(connection.execute(text(asked)).scalar_one())

    def wait_for(self, rows: list[tuple[int, bool, bool]]) -> None:
        """Return once the rows are these; how soon is the machine's affair."""
        deadline = time.monotonic() + READY_WITHIN_S
        while sorted(self.rows()) != rows:
            assert time.monotonic() < deadline, self.rows()


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """The database of a server that is yet to be started: SQLite in its folder, or PostgreSQL."""
    address = f"sqlite:///{tmp_path / 'kept.sqlite'}"
    if request.param == "postgresql":
        address = request.getfixturevalue("postgresql_url")
    database = open_database(address)
    yield Kept(database)
    database.dispose()


def _settings(kept: Kept, **settings: str) -> dict[str, str]:
    """Those that lead to a database."""
    return {"IPSE_DATABASE_URL": kept.database.url.render_as_string(hide_password=False), **settings}


def test_a_worker_of_its_own_does_what_the_server_leaves(start: Callable[..., "Server"], portrait: bytes) -> None:
    """A card waits, sealed, until a worker runs; it is judged once, its pictures go, and the worker ends as told."""
    server = start(**REJECTING, IPSE_JOBS_IN_SERVER="false")
    server.wait_until_ready()
    key = _key(server)
    token = applied(server, key, portrait)
    assert ("PROCESSING", None, token) == tuple(
        result(server, key, token)[name] for name in ("Status", "CardInfo", "IDVerificationToken")
    )
    kept = b"".join(file.read_bytes() for file in server.folder.glob("ipse.sqlite*"))
    assert len(portrait) < len(kept)
    for secret in (portrait[2000:2100], base64.b64encode(portrait)[2000:2100], token.encode(), key["secret"].encode()):
        assert secret not in kept
    with worker(server.folder, **REJECTING) as (process, log):
        end = ended(server, key, token)
    assert ("REJECTED", ["OtherWarning"]) == (end["Status"], end["WarnInfo"])
    assert 0 == process.returncode
    told = "".join(log)
    assert 1 == told.count('"job done"')
    assert '"stopped"' in told
    with closing(sqlite3.connect(server.folder / "ipse.sqlite")) as database:
        assert [(None, 1)] == database.execute("SELECT payload, attempts FROM jobs").fetchall()
    for word in (token, key["key"], key["secret"], "Signature", "CardVerificationToken"):
        assert word not in told + "".join(server.lines)


def test_a_worker_shows_what_it_judged(start: Callable[..., "Server"], portrait: bytes) -> None:
    """On the port that was set: the card that it rejected is counted under its key; nothing else is served there."""
    server = start(**REJECTING, IPSE_JOBS_IN_SERVER="false")
    server.wait_until_ready()
    key = _key(server)
    token = applied(server, key, portrait)
    with worker(server.folder, **REJECTING, IPSE_WORKER_METRICS_PORT="0"):
        ended(server, key, token)
        lines = [json.loads(line) for line in (server.folder / "worker.log").read_text().splitlines()]
        (port,) = [line["port"] for line in lines if line["event"] == "showing metrics"]
        told = httpx2.get(f"http://127.0.0.1:{port}/metrics")
        others = [
            httpx2.get(
                f"http://127.0.0.1:{port}/metrics?name[]=x",
                headers={"Accept": "application/openmetrics-text; version=x"},
            ),
            httpx2.head(f"http://127.0.0.1:{port}/metrics"),
            httpx2.get(f"http://127.0.0.1:{port}/healthz"),
            httpx2.post(f"http://127.0.0.1:{port}/metrics"),
        ]
    assert "text/plain" in told.headers["content-type"]
    assert f'ipse_cards_total{{key="{key["key"]}",status="rejected"}} 1.0' in told.text
    assert "ipse_database_up 1.0" in told.text
    assert "_created" not in told.text
    assert [200, 200, 404, 405] == [one.status_code for one in others]
    assert ["", "", ""] == [one.text for one in others[1:]]
    assert not [secret for secret in (token, key["secret"]) if secret in told.text]


def test_a_worker_whose_port_is_taken_says_so(tmp_path: Path, weights: Path) -> None:
    """In one sentence that names it, before it takes any work."""
    assert weights.is_dir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = run_ipse("worker", env=environment(tmp_path, **REJECTING, IPSE_WORKER_METRICS_PORT=port))
    assert 78 == told.returncode
    assert f"Cannot show metrics on 127.0.0.1 port {port}" in told.stderr


def test_a_worker_that_is_told_to_stop_while_it_begins_ends_in_good_order(tmp_path: Path, weights: Path) -> None:
    """It waits for a database that does not answer, and no longer than until it is told."""
    assert weights.is_dir()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(READY_WITHIN_S)
        address = f"postgresql://ipse@127.0.0.1:{silent.getsockname()[1]}/ipse?connect_timeout=0"
        surroundings = environment(tmp_path, **REJECTING, IPSE_DATABASE_URL=address)
        process = subprocess.Popen([IPSE, "worker"], env=surroundings, stderr=subprocess.PIPE, text=True)
        with silent.accept()[0]:
            process.send_signal(signal.SIGTERM)
            told = process.communicate(timeout=READY_WITHIN_S)[1]
    assert (0, "") == (process.returncode, told)


def test_a_server_does_its_own_work_and_rests_with_it(start: Callable[..., "Server"], portrait: bytes) -> None:
    """A card that was applied for just before a server stops is judged by the next one; nothing of it is lost."""
    server = start(**REJECTING)
    server.wait_until_ready()
    key = _key(server)
    tokens = [applied(server, key, portrait) for _ in range(3)]
    server.process.send_signal(signal.SIGTERM)
    assert 0 == server.wait()
    assert not server.logged("job fault")
    again = start(**REJECTING)
    again.wait_until_ready()
    assert ["REJECTED"] * 3 == [ended(again, key, token)["Status"] for token in tokens]
    assert 3 == len(server.logged("job done")) + len(again.logged("job done"))


def test_a_killed_server_loses_no_card(start: Callable[..., "Server"], portrait: bytes) -> None:
    """Cards that were taken by a server that is then killed are judged by the next, and each is billed once."""
    server = start(**REJECTING, IPSE_JOBS_IN_SERVER="false")
    server.wait_until_ready()
    key = _key(server)
    tokens = [applied(server, key, portrait) for _ in range(3)]
    server.process.kill()
    server.process.wait()
    again = start(**REJECTING)
    again.wait_until_ready()
    assert ["REJECTED"] * 3 == [ended(again, key, token)["Status"] for token in tokens]
    usage = said(again.folder, "usage", "--by", "operation")
    assert [("tencent apply_card", 3), ("tencent card_result", 0)] == [
        (row["operation"], row["billed"]) for row in usage
    ]


@pytest.mark.slow
def test_the_card_of_a_killed_worker_is_read_once_by_the_next(
    start: Callable[..., "Server"], kept: Kept, card: bytes
) -> None:
    """Killed in mid-work, it has lost nothing: once another is there, the result is too, once, and no picture stays."""
    settings = _settings(kept)
    server = start(**settings, IPSE_JOBS_IN_SERVER="false")
    server.wait_until_ready()
    key = _key(server, **settings)
    token = applied(server, key, card)
    assert "PROCESSING" == result(server, key, token)["Status"]
    with worker(server.folder, **settings) as (process, killed):
        kept.wait_for([(1, True, False)])
        process.kill()
        process.wait()
    assert [(1, True, False)] == kept.rows()
    assert "PROCESSING" == result(server, key, token)["Status"]
    with worker(server.folder, **settings, IPSE_CARDS="start") as (process, log):
        end = ended(server, key, token)
    assert (0, 1) == ("".join(killed).count('"job done"'), "".join(log).count('"job done"'))
    assert 0 == process.returncode
    assert "THA" == end["Nationality"]
    assert end["CardInfo"] is not None
    assert end == {**result(server, key, token), "RequestId": end["RequestId"]}
    assert [(2, False, True)] == kept.rows()
    assert 0 == kept.queued()


def test_a_job_that_no_worker_survives_ends_in_the_vendors_words(
    start: Callable[..., "Server"], kept: Kept, portrait: bytes
) -> None:
    """After as many attempts as are allowed its owner is told, for good, without any worker's help."""
    settings = _settings(kept, **REJECTING)
    server = start(**settings, IPSE_JOBS_IN_SERVER="false")
    server.wait_until_ready()
    key = _key(server, **settings)
    token = applied(server, key, portrait)
    with writing(kept.database) as connection:
        connection.execute(JOBS.update().values(attempts=MOST_ATTEMPTS))
    for _ in range(2):
        assert "FailedOperation.UnKnowError" == result(server, key, token)["Error"]["Code"]
    with worker(server.folder, **settings):
        kept.wait_for([(MOST_ATTEMPTS, False, False)])
    assert 0 == kept.queued()
    assert "FailedOperation.UnKnowError" == result(server, key, token)["Error"]["Code"]


def test_a_worker_alone_deletes_what_has_expired(tmp_path: Path, weights: Path, kept: Kept) -> None:
    """Rows whose time is over go from the disk where no server runs."""
    assert weights.is_dir()
    row = {"hash": b"x", "kind": "card", "owner": "o", "payload": b"x", "attempts": 0, "created_at_ms": 0,
           "leased_until_ms": 0, "expires_at_ms": 1}  # fmt: skip
    folder = tmp_path / "data"
    folder.mkdir()
    with writing(kept.database) as connection:
        connection.execute(JOBS.insert().values(row))
    with worker(folder, **_settings(kept, **REJECTING)):
        kept.wait_for([])
