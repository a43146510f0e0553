"""Secrets change while a server goes on, as docs/security.md tells it; certificates: tests/api/test_tls.py."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.api.conftest import Server, environment, running, said
from tests.commands import run_ipse


@pytest.fixture
def photos(samples: Path) -> tuple[Path, Path]:
    """Two pictures of one person."""
    return samples / "obama.jpg", samples / "obama2.jpg"


def verified(server: Server, key: dict[str, str], photos: tuple[Path, Path]) -> int:
    """The status of Megvii's call with these credentials."""
    credentials = {"api_key": key["key"], "api_secret": key["secret"]}
    return server.call(credentials, *photos).status_code


def compared(server: Server, bearer: str, photos: tuple[Path, Path]) -> httpx2.Response:
    """The answer of our own comparison with this bearer key."""
    with server.client() as client:
        return client.post(
            "/v1/compare",
            headers={"Authorization": f"Bearer {bearer}"},
            files={"probe": photos[0].read_bytes(), "references": photos[1].read_bytes()},
        )


def test_callers_change_their_secrets_without_a_refused_call(
    tmp_path: Path, weights: Path, photos: tuple[Path, Path]
) -> None:
    """With a grace the old and the new secret work; without one the old is refused at once."""
    assert weights.is_dir()
    with running(tmp_path / "data") as server:
        server.wait_until_ready()
        signing = said(server.folder, "keys", "create", "--dialect", "faceid", "--name", "signs")
        bearing = said(server.folder, "keys", "create", "--dialect", "native", "--name", "bears")
        renewed = said(server.folder, "keys", "rotate", signing["key"], "--grace", "24")
        assert (200, 200) == (verified(server, signing, photos), verified(server, renewed, photos))
        fresh = said(server.folder, "keys", "rotate", bearing["key"].partition(".")[0], "--grace", "24")
        assert (200, 200) == tuple(compared(server, one["key"], photos).status_code for one in (bearing, fresh))
        last = said(server.folder, "keys", "rotate", signing["key"], "--grace", "0")
        assert (403, 403, 200) == tuple(verified(server, one, photos) for one in (signing, renewed, last))


def test_the_master_key_changes_while_calls_are_answered(
    tmp_path: Path, weights: Path, photos: tuple[Path, Path]
) -> None:
    """Keys, tokens and records from before go on; the old key is thrown away; a restarted server opens everything."""
    assert weights.is_dir()
    folder = tmp_path / "data"
    with running(folder) as server:
        server.wait_until_ready()
        key = said(folder, "keys", "create", "--dialect", "native", "--name", "k")
        before = compared(server, key["key"], photos).json()
        old = (folder / "master.key").read_text(encoding="utf-8")
        assert said(folder, "keys", "rotate-master")["resealed"] > 0
        assert 200 == compared(server, key["key"], photos).status_code
        said(folder, "keys", "rotate-master", "--forget-old")
        assert old.strip() not in (folder / "master.key").read_text(encoding="utf-8")
        assert 200 == compared(server, key["key"], photos).status_code
    with running(folder) as server:
        server.wait_until_ready()
        record = evidence(server, key["key"], before["request"])
        assert before["request"] == record["call"]
        assert 200 == compared(server, key["key"], photos).status_code


def evidence(server: Server, bearer: str, request: str) -> dict[str, Any]:
    """The signed record of a call, whose signature is checked by the command line's own reader."""
    told = run_ipse("find", "--request-id", request, "--evidence", env=environment(server.folder), check=True)
    record: dict[str, Any] = json.loads(told.stdout)
    assert bearer not in told.stdout
    return record
