"""
The ledger of two servers on one database, against what they answered: by wire alone, and with one of them killed.

What should stand in it is worked out from the recorded answers and the vendors' billing rules, written down here apart
from the code.
"""

import asyncio
import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID, uuid4

import httpx2
import PIL.Image
import pytest
from sqlalchemy import Engine, func, select

from ipse.core.reasons import Reason
from ipse.infra.master_key import MasterKey
from ipse.infra.store.callers import LEASE_S, StoredCallers
from ipse.infra.store.database import open_database, reading
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import LEASES, LEDGER
from ipse.infra.telemetry import SystemClock
from ipse.service.ports import KeyRecord
from ipse.service.records import call_of

if TYPE_CHECKING:
    from tests.api.conftest import Server

IPSE = str(Path(sys.executable).with_name("ipse"))
FACEID_BILLED = {
    "IMAGE_ERROR_UNSUPPORTED_FORMAT: data_source",
    "NO_FACE_FOUND: data_source",
    "NO_SUCH_ID_NUMBER",
    "ID_NUMBER_NAME_NOT_MATCH",
}
"""Source: the page's list of errors, the four that are billed."""

WALLS = {"wall": 256, "vast wall": 4096}
"""Pictures without a face, by the length of their sides."""

Line: TypeAlias = tuple[UUID, str, int, int]
"""A call's id, its key, the status that was answered, and the units billed."""


def faceid_line(key: str, answer: httpx2.Response) -> Line:
    """What an answer of Megvii's verify or detect must leave in the ledger."""
    told = answer.json()
    call = call_of(told["request_id"])
    assert call is not None
    is_result = answer.status_code == 200 and "confidence" in answer.text
    return call, key, answer.status_code, int(is_result or told.get("error_message") in FACEID_BILLED)


@dataclass
class Site:
    """Two servers on one database, and everything that they answered."""

    folder: Path
    settings: dict[str, str]
    surroundings: Callable[..., dict[str, str]]
    database: Engine
    samples: Path
    lines: set[Line] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, *words: str) -> Any:
        """What the command line answers."""
        surroundings = self.surroundings(self.folder, **self.settings)
        done = subprocess.run([IPSE, *words, "--json"], env=surroundings, capture_output=True, check=True)
        return json.loads(done.stdout)

    def key(self, *words: str) -> dict[str, str]:
        """A new key of Megvii's, as form fields."""
        made = self.say("keys", "create", "--dialect", "faceid", "--name", "n", *words)
        return {"api_key": made["key"], "api_secret": made["secret"]}

    def verify(self, server: "Server", key: dict[str, str], picture: str = "obama2.jpg", **fields: str) -> str:
        """The answer to a verify call, recorded: `ok`, or the vendor's error."""
        asked = {"comparison_type": "0", "face_image_type": "raw_image", "uuid": "u-1"} | key | fields
        files = {"image": self.picture(picture), "image_ref1": self.picture("obama.jpg")}
        kept = {name: content for name, content in files.items() if name == "image" or asked["comparison_type"] == "0"}
        with server.client() as client:
            answer = client.post("/faceid/v2/verify", data=asked, files=kept)
        return self.record(key, answer)

    def detect(self, server: "Server", key: dict[str, str]) -> str:
        """The answer to a detect call, recorded."""
        with server.client() as client:
            answer = client.post("/faceid/v1/detect", data=key, files={"image": self.picture("obama.jpg")})
        return self.record(key, answer)

    def record(self, key: dict[str, str], answer: httpx2.Response) -> str:
        """Write down what an answer says."""
        with self.lock:
            self.lines.add(faceid_line(key["api_key"], answer))
        told = answer.json()
        return str(told.get("error_message", told.get("error", "ok")))

    def picture(self, name: str) -> bytes:
        """A sample portrait, or a grey wall; in a vast one the search takes its time."""
        if name not in WALLS:
            return (self.samples / name).read_bytes()
        file = BytesIO()
        PIL.Image.new("RGB", (WALLS[name], WALLS[name]), (128, 128, 128)).save(file, "PNG")
        return file.getvalue()

    def written(self) -> set[Line]:
        """What the ledger holds."""
        columns = (LEDGER.c.id, LEDGER.c.key, LEDGER.c.status, LEDGER.c.billed)
        with reading(self.database) as connection:
            return {(UUID(row.id), row.key, row.status, row.billed) for row in connection.execute(select(*columns))}

    def under_way(self) -> int:
        """How many calls have a lease."""
        with reading(self.database) as connection:
            return int(connection.execute(select(func.count()).select_from(LEASES)).scalar_one())


@pytest.fixture
def site(
    database_url: str, tmp_path: Path, surroundings: Callable[..., dict[str, str]], samples: Path
) -> Iterator[Site]:
    """A fresh database for two servers: SQLite and PostgreSQL."""
    database = open_database(database_url)
    yield Site(tmp_path / "data", {"IPSE_DATABASE_URL": database_url}, surroundings, database, samples)
    database.dispose()


@pytest.mark.slow
def test_the_ledger_is_what_was_answered_though_a_server_was_killed(site: Site, start: Callable[..., "Server"]) -> None:
    """
    Every recorded answer stands in the ledger with the units of its vendor's rule, and nothing else does.

    The credit counters and all reports agree with it, and no credit is overspent. The call that was under way when its
    server was killed is not billed, and stops taking room when its lease is over.
    """
    first, second = start(**site.settings), start(**site.settings)
    key = site.key("--credit", "100", "--allow", "kyc", "--test-quota", "100")
    narrow, poor = site.key("--concurrency", "1"), site.key("--credit", "5")
    for server in (first, second):
        server.wait_until_ready()

    def calls(server: "Server") -> list[str]:
        person = {"comparison_type": "1", "idcard_name": "A", "idcard_number": "110101199003077512"}
        return [
            site.verify(server, key),
            site.verify(server, key, picture="wall"),
            site.verify(server, key, multi_oriented_detection="2"),
            site.verify(server, key, **person),
            site.detect(server, key),
            site.verify(server, narrow, **person),
            site.verify(server, narrow),
        ]

    told = calls(first)
    assert ["ok", "NO_FACE_FOUND: image", "BAD_ARGUMENTS: multi_oriented_detection", told[3], "ok"] == told[:5]
    assert ["AUTHORIZATION_ERROR: No data source permission.", "ok"] == told[5:]
    assert told == calls(second)
    with ThreadPoolExecutor(8) as pool:
        poorly = list(pool.map(lambda turn: site.verify((first, second)[turn % 2], poor), range(24)))
    assert {"ok": 5, "AUTHORIZATION_ERROR: Denied.": 19} == Counter(poorly)
    assert site.lines == site.written()
    kill_at_work(site, first, narrow)
    assert [*told[:5], "CONCURRENCY_LIMIT_EXCEEDED", "CONCURRENCY_LIMIT_EXCEEDED"] == calls(second)
    assert site.lines == site.written()
    assert (Reason.CONCURRENCY_EXCEEDED, None) == room_after_a_lease(site, narrow)
    for one in (key, narrow, poor):
        reports_agree(site, one)


def kill_at_work(site: Site, server: "Server", key: dict[str, str]) -> None:
    """Kill a server by force as soon as a call of this key is under way in it; its caller gets no answer."""

    def call() -> str:
        return site.verify(server, key, picture="vast wall", multi_oriented_detection="1")

    before = site.under_way()
    with ThreadPoolExecutor(1) as pool:
        calling = pool.submit(call)
        while site.under_way() == before and not calling.done():
            pass
        server.process.kill()
        with pytest.raises(httpx2.TransportError):
            calling.result()
    assert before + 1 == site.under_way()


def room_after_a_lease(site: Site, key: dict[str, str]) -> tuple[Reason | None, Reason | None]:
    """Whether there is room for another call of this key, now and when a lease is over."""
    clock, questions = SystemClock(), Questions(site.database)
    callers = StoredCallers(site.database, MasterKey(bytes(32)), questions, clock)
    record, now = KeyRecord(key["api_key"], "faceid", None, concurrency=1), clock.now()
    told = [asyncio.run(callers.take_room(record, uuid4(), at)) for at in (now, now + LEASE_S)]
    questions.close()
    return told[0], told[1]


def reports_agree(site: Site, key: dict[str, str]) -> None:
    """What the command line says about a key is what its answers add up to."""
    lines = [line for line in site.lines if line[1] == key["api_key"]]
    units = sum(line[3] for line in lines)
    shown = site.say("keys", "show", key["api_key"])
    assert units == shown["spent"]
    (row,) = site.say("usage", "--by", "key", "--key", key["api_key"])
    succeeded = sum(line[2] == 200 for line in lines)
    assert {"key": key["api_key"], "calls": len(lines), "succeeded": succeeded, "billed": units} == row
    call = lines[0]
    (found,) = site.say("find", "--request-id", f"1461740007,{call[0]}")
    assert call == (UUID(found["call"]), found["key"], found["status"], found["billed"])
