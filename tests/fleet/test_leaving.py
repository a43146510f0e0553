"""How servers come and go: readiness, draining, and what a killed one held."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import PIL.Image
import pytest
from sqlalchemy import func, select

from ipse.infra.store.database import reading
from ipse.infra.store.engines import make_engine
from ipse.infra.store.heart import LEASE_S
from ipse.infra.store.tables import LEASES
from tests.api.conftest import Server, environment, running
from tests.commands import run_ipse
from tests.conftest import Cluster

SLACK_S = 60
"""What a busy machine may add to anything that is waited for."""

LIGHT = {"IPSE_CARDS": "off", "IPSE_LIVENESS": "off", "IPSE_THREADS": "1"}


@pytest.fixture
def vast() -> bytes:
    """A picture in which the search for faces takes its time."""
    file = BytesIO()
    PIL.Image.new("RGB", (4096, 4096), (128, 128, 128)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def portrait(samples: Path) -> bytes:
    """Somebody."""
    return (samples / "obama.jpg").read_bytes()


def ask(server: Server, key: dict[str, str], image: bytes, reference: bytes) -> str:
    """What Megvii's comparison of pictures that may be turned any way says: `200`, or what was wrong."""
    fields = {"comparison_type": "0", "face_image_type": "raw_image", "uuid": "u", "multi_oriented_detection": "1"}
    with server.client() as client:
        answer = client.post("/faceid/v2/verify", data=key | fields, files={"image": image, "image_ref1": reference})
    return str(answer.json().get("error_message", answer.status_code))


def readiness(server: Server) -> tuple[int, str | None]:
    """What a balancer is told: the status, and why."""
    with server.client() as client:
        answer = client.get("/readyz")
    told: dict[str, Any] = answer.json()
    return answer.status_code, told.get("why")


def under_way(address: str) -> int:
    """How many calls hold room."""
    engine = make_engine(address)
    with reading(engine) as connection:
        held = int(connection.execute(select(func.count()).select_from(LEASES)).scalar_one())
    engine.dispose()
    return held


def until(true: Callable[[], bool], limit_s: float) -> float:
    """How long it took until something was true."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < limit_s
    return time.monotonic() - began


def key_at(folder: Path, address: str, *words: str) -> dict[str, str]:
    """A Megvii key, as form fields."""
    surroundings = environment(folder, IPSE_DATABASE_URL=address)
    typed = ("keys", "create", "--dialect", "faceid", "--name", "n", *words, "--json")
    made = json.loads(run_ipse(*typed, env=surroundings, check=True).stdout)
    return {"api_key": made["key"], "api_secret": made["secret"]}


@contextmanager
def servers(count: int, folder: Path, address: str, **settings: str) -> Iterator[list[Server]]:
    """So many on one database, ready."""
    with ExitStack() as stack:
        given: dict[str, Any] = {"IPSE_DATABASE_URL": address, **LIGHT, **settings}
        started = [stack.enter_context(running(folder, as_fork=True, **given)) for _ in range(count)]
        for server in started:
            server.wait_until_ready()
        yield started


@pytest.mark.slow
@pytest.mark.usefixtures("weights")
def test_room_that_a_killed_server_held_is_free_again_soon(
    tmp_path: Path, postgresql_url: str, vast: bytes, portrait: bytes
) -> None:
    """A call in a living server keeps others out; once its server was killed, its room is free within the lease."""
    folder = tmp_path / "data"
    with servers(2, folder, postgresql_url) as (doomed, other), ThreadPoolExecutor(1) as pool:
        key = key_at(folder, postgresql_url, "--concurrency", "1")
        call = pool.submit(ask, doomed, key, vast, portrait)
        until(lambda: under_way(postgresql_url) == 1 or call.done(), SLACK_S)
        doomed.process.send_signal(signal.SIGSTOP)
        assert not call.done()
        assert "CONCURRENCY_LIMIT_EXCEEDED" == ask(other, key, portrait, portrait)
        doomed.process.kill()
        with pytest.raises(httpx2.TransportError):
            call.result()
        waited = until(lambda: ask(other, key, portrait, portrait) == "200", LEASE_S + SLACK_S)
    print(f"free again after {waited:.1f} s")  # noqa: T201 - for the report


@pytest.mark.slow
@pytest.mark.usefixtures("weights")
def test_a_server_that_is_told_to_stop_says_so_first(tmp_path: Path, sqlite_url: str, portrait: bytes) -> None:
    """For as long as balancers need it is not ready, alive, and answers whoever comes; a second signal ends it now."""
    folder = tmp_path / "data"
    with servers(1, folder, sqlite_url, IPSE_DRAIN_DELAY_S="300") as (server,):
        key = key_at(folder, sqlite_url)
        assert (200, None) == readiness(server)
        server.process.send_signal(signal.SIGTERM)
        until(lambda: readiness(server) == (503, "stopping"), SLACK_S)
        with server.client() as client:
            assert 200 == client.get("/healthz").status_code
        assert "200" == ask(server, key, portrait, portrait)
        server.process.send_signal(signal.SIGTERM)
        assert 0 == server.wait()
        with pytest.raises(httpx2.ConnectError):
            readiness(server)


@pytest.mark.slow
@pytest.mark.usefixtures("weights")
def test_a_server_that_is_told_to_stop_while_it_starts_does_not_start(tmp_path: Path) -> None:
    """It opens nothing more than what it is at, was never ready, and ends in good order."""
    light: dict[str, Any] = LIGHT
    with running(tmp_path / "data", as_fork=True, **light) as server:
        with server.client() as client:
            assert "ok" == client.get("/healthz").text.strip()
        server.process.send_signal(signal.SIGTERM)
        assert 0 == server.wait()
    assert ["listening", "stopped"] == [json.loads(line)["event"] for line in server.lines]


@pytest.mark.slow
@pytest.mark.usefixtures("weights")
def test_a_server_without_its_database_is_not_ready_until_it_is_back(
    tmp_path: Path, postgresql: Cluster, postgresql_url: str, portrait: bytes
) -> None:
    """It stays alive, and answers in the vendor's words for a fault."""
    folder, name = tmp_path / "data", postgresql_url.partition("@/")[2].partition("?")[0]
    with servers(1, folder, postgresql_url) as (server,):
        key = key_at(folder, postgresql_url)
        assert (200, None) == readiness(server)
        postgresql.say(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        postgresql.say(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608 - our own name
        )
        try:
            until(lambda: readiness(server) == (503, "the database is away"), SLACK_S)
            with server.client() as client:
                assert 200 == client.get("/healthz").status_code
            assert "INTERNAL_ERROR" == ask(server, key, portrait, portrait)
        finally:
            postgresql.say(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
        until(lambda: readiness(server) == (200, None), SLACK_S)
        assert "200" == ask(server, key, portrait, portrait)
