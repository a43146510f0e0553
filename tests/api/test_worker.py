"""Work that is put off: done by `ipse worker` beside a server that does none, and by a server that does its own."""

import base64
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
from demo import calls

from tests.api.conftest import IPSE, environment, said

if TYPE_CHECKING:
    from tests.api.conftest import Server

DONE_WITHIN_S = 30
REJECTING = {"IPSE_TENCENT_WITHOUT_READER": "reject"}


def asked(server: "Server", request: httpx2.Request) -> dict[str, Any]:
    """What stands inside the envelope."""
    with server.client() as client:
        answer: dict[str, Any] = client.send(request).json()["Response"]
        return answer


def applied(server: "Server", key: Mapping[str, str], samples: Path) -> str:
    """The token of a card that was applied for."""
    card = (samples / "obama.jpg").read_bytes()
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


def _key(server: "Server") -> dict[str, str]:
    """A Tencent key there."""
    made = said(server.folder, "keys", "create", "--dialect", "tencent", "--name", "test")
    return {"key": made["key"], "secret": made["secret"]}


def test_a_worker_of_its_own_does_what_the_server_leaves(start: Callable[..., "Server"], samples: Path) -> None:
    """A card waits, sealed, until a worker runs; it is judged once, its pictures go, and the worker ends as told."""
    server = start(**REJECTING, IPSE_JOBS_IN_SERVER="false")
    server.wait_until_ready()
    key = _key(server)
    token = applied(server, key, samples)
    assert ("PROCESSING", None, token) == tuple(
        result(server, key, token)[name] for name in ("Status", "CardInfo", "IDVerificationToken")
    )
    picture = (samples / "obama.jpg").read_bytes()
    kept = b"".join(file.read_bytes() for file in server.folder.glob("ipse.sqlite*"))
    assert len(picture) < len(kept)
    for secret in (picture[2000:2100], base64.b64encode(picture)[2000:2100], token.encode(), key["secret"].encode()):
        assert secret not in kept
    surroundings = environment(server.folder, IPSE_LOG_FORMAT="json")
    worker = subprocess.Popen([IPSE, "worker"], env=surroundings, stderr=subprocess.PIPE, text=True)
    try:
        assert ("REJECTED", ["OtherWarning"]) == tuple(
            ended(server, key, token)[name] for name in ("Status", "WarnInfo")
        )
        worker.send_signal(signal.SIGTERM)
        _, told = worker.communicate(timeout=DONE_WITHIN_S)
    finally:
        worker.kill()
    assert 0 == worker.returncode
    assert 1 == told.count('"job done"')
    assert '"stopped"' in told
    with closing(sqlite3.connect(server.folder / "ipse.sqlite")) as database:
        assert [(None, 1)] == database.execute("SELECT payload, attempts FROM jobs").fetchall()
    for word in (token, key["key"], key["secret"], "Signature", "CardVerificationToken"):
        assert word not in told + "".join(server.lines)


def test_a_server_does_its_own_work_and_rests_with_it(start: Callable[..., "Server"], samples: Path) -> None:
    """A card that was applied for just before a server stops is judged by the next one; nothing of it is lost."""
    server = start(**REJECTING)
    server.wait_until_ready()
    key = _key(server)
    tokens = [applied(server, key, samples) for _ in range(3)]
    server.process.send_signal(signal.SIGTERM)
    assert 0 == server.wait()
    assert not server.logged("job fault")
    again = start(**REJECTING)
    again.wait_until_ready()
    assert ["REJECTED"] * 3 == [ended(again, key, token)["Status"] for token in tokens]
    assert 3 == len(server.logged("job done")) + len(again.logged("job done"))


def test_a_killed_server_loses_no_card(start: Callable[..., "Server"], samples: Path) -> None:
    """Cards that were taken by a server that is then killed are judged by the next, and each is billed once."""
    server = start(**REJECTING, IPSE_JOBS_IN_SERVER="false")
    server.wait_until_ready()
    key = _key(server)
    tokens = [applied(server, key, samples) for _ in range(3)]
    server.process.kill()
    server.process.wait()
    again = start(**REJECTING)
    again.wait_until_ready()
    assert ["REJECTED"] * 3 == [ended(again, key, token)["Status"] for token in tokens]
    usage = said(again.folder, "usage", "--by", "operation")
    assert [("tencent apply_card", 3), ("tencent card_result", 0)] == [
        (row["operation"], row["billed"]) for row in usage
    ]
