"""
The ledger of two servers on one database, against what they answered: by wire alone, and with one of them killed.

What should stand in it is worked out from the recorded answers and the vendors' billing rules, written down here apart
from the code.
"""

import asyncio
import csv
import json
import threading
from base64 import b64encode
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
from demo import calls, cards
from sqlalchemy import Engine, func, select

from ipse.core.reasons import Reason
from ipse.infra.master_key import MasterKey
from ipse.infra.store.callers import StoredCallers
from ipse.infra.store.database import open_database, reading
from ipse.infra.store.heart import LEASE_S
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import LEASES, LEDGER
from ipse.infra.telemetry import SystemClock
from ipse.service.ports import KeyRecord
from ipse.service.records import call_of
from tests.commands import run_ipse

if TYPE_CHECKING:
    from tests.api.conftest import Server

FACEID_BILLED = {
    "IMAGE_ERROR_UNSUPPORTED_FORMAT: data_source",
    "NO_FACE_FOUND: data_source",
    "NO_SUCH_ID_NUMBER",
    "ID_NUMBER_NAME_NOT_MATCH",
}
"""Source: the page's list of errors, the four that are billed."""

WALLS = {"wall": 256, "vast wall": 4096}
"""Pictures without a face, by the length of their sides."""

PEOPLE = {
    "110101199003070011": ("Anna", "obama.jpg"),
    "110101199003070012": ("Bea", ""),
    "110101199003070013": ("Cleo", "wall"),
}
"""The registry: a portrait, no photo, a photo without a face."""

ASKED = {
    "200": {"name": "Anna", "id_number": "110101199003070011"},
    "IMAGE_ERROR_UNSUPPORTED_FORMAT: data_source": {"name": "Bea", "id_number": "110101199003070012"},
    "NO_FACE_FOUND: data_source": {"name": "Cleo", "id_number": "110101199003070013"},
    "ID_NUMBER_NAME_NOT_MATCH": {"name": "Dora", "id_number": "110101199003070011"},
    "NO_SUCH_ID_NUMBER": {"name": "Anna", "id_number": "110101199003070014"},
}
"""What is answered about whom."""

Line: TypeAlias = tuple[UUID, str, int, int]
"""A call's id, its key, the status that was answered, and the units billed."""

Key: TypeAlias = dict[str, str]
"""Credentials, and the dialect."""

Call: TypeAlias = Callable[..., httpx2.Request]
"""Makes a request to an address, with a key, about pictures."""


def faceid_units(answer: httpx2.Response) -> int:
    """Megvii bills results and what the data source has answered; a confidence is a result, found faces are none."""
    told = answer.json()
    is_result = any(name.startswith("result_") for name in told)
    return int(is_result or told.get("error_message") in FACEID_BILLED)


def iapp_units(answer: httpx2.Response) -> int:
    """One credit for every 200."""
    return int(answer.status_code == 200)


def linkface_units(answer: httpx2.Response) -> int:
    """Linkface bills comparisons, and not pictures that are kept."""
    return int("verify_score" in answer.json())


def tencent_units(answer: httpx2.Response) -> int:
    """Tencent bills cards that were applied for, and not the questions what became of them."""
    return int("CardVerificationToken" in answer.json()["Response"])


def native_units(answer: httpx2.Response) -> int:
    """We bill comparisons; in a batch each pair that was judged."""
    told = answer.json()
    if answer.status_code != 200 or "at_most" not in told:
        return 0
    return sum("problem" not in pair for pair in told["results"]) if answer.url.path.endswith("/batch") else 1


UNITS = {
    "faceid": faceid_units,
    "iapp": iapp_units,
    "linkface": linkface_units,
    "tencent": tencent_units,
    "native": native_units,
}


def request_id(dialect: str, answer: httpx2.Response) -> str:
    """The id that an answer bears, as its vendor writes it."""
    if dialect in {"iapp", "native"}:
        return answer.headers["x-request-id"]
    told = answer.json()
    return str(told["Response"]["RequestId"] if dialect == "tencent" else told["request_id"])


@dataclass
class Site:
    """Two servers on one database, and everything that they answered."""

    folder: Path
    settings: dict[str, str]
    surroundings: Callable[..., dict[str, str]]
    database: Engine
    samples: Path
    lines: set[Line] = field(default_factory=set)
    ids: dict[UUID, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, *words: str) -> Any:
        """What the command line answers."""
        surroundings = self.surroundings(self.folder, **self.settings)
        return json.loads(run_ipse(*words, "--json", env=surroundings, check=True).stdout)

    def key(self, dialect: str, *words: str) -> Key:
        """A new key."""
        made = self.say("keys", "create", "--dialect", dialect, "--name", "n", *words)
        return {"dialect": dialect, "key": made["key"], "secret": made["secret"] or ""}

    def register(self) -> None:
        """Put people into the registry."""
        rows = [(number, name, f"{photo}.file" if photo else "") for number, (name, photo) in PEOPLE.items()]
        for photo in filter(None, (photo for _, photo in PEOPLE.values())):
            (self.folder / f"{photo}.file").write_bytes(self.picture(photo))
        listed = self.folder / "people.csv"
        with listed.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("id_number", "name", "photo"), *rows])
        self.say("people", "import", str(listed))

    def send(self, server: "Server", key: Key, call: Call, *words: str, **more: str) -> str:
        """The answer to a call, recorded: `200`, or what was wrong."""
        pictures = [self.picture(word) for word in words]
        with server.client() as client:
            answer = client.send(call(f"http://localhost:{server.port}", key, *pictures, **more))
        named = request_id(key["dialect"], answer)
        found = call_of(named)
        assert found is not None
        with self.lock:
            units = UNITS[key["dialect"]](answer)
            self.lines.add((found, key["key"].partition(".")[0], answer.status_code, units))
            self.ids[found] = named
        told = answer.json()
        return str(told.get("error_message", told.get("error", answer.status_code)))

    def picture(self, name: str) -> bytes:
        """A sample portrait, a grey wall (in a vast one the search takes its time), or a made-up card."""
        if name == "no picture":
            return b"this is a letter"
        if name in {"card", "held"}:
            drawn = cards.card((self.samples / "obama.jpg").read_bytes())
            selfie = (self.samples / "obama2.jpg").read_bytes()
            return cards.photographed(drawn) if name == "card" else cards.held_up(selfie, drawn)
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
    rejecting = {"IPSE_TENCENT_WITHOUT_READER": "reject", "IPSE_CARDS": "off"}
    first, second = (start(**site.settings, **rejecting) for _ in range(2))
    keys = {dialect: site.key(dialect, "--credit", "50", "--allow", "kyc") for dialect in UNITS}
    narrow, poor = site.key("faceid", "--concurrency", "1", "--test-quota", "20"), site.key("faceid", "--credit", "5")
    site.register()
    for server in (first, second):
        server.wait_until_ready()

    told = round_of_calls(site, first, keys, narrow)
    assert ["200", "NO_FACE_FOUND: image", *ASKED, "200"] == told[:8]
    assert ["AUTHORIZATION_ERROR: No data source permission.", "200"] == told[8:10]
    native, tencent, iapp, linkface = ["200", "422", "200", "200"], ["200"] * 3, ["200", "421"], ["200", "400", "200"]
    assert [*native, *tencent, *iapp, *linkface] == told[10:]
    assert told == round_of_calls(site, second, keys, narrow)
    with ThreadPoolExecutor(8) as pool:
        turns = ((first, second)[turn % 2] for turn in range(24))
        poorly = list(pool.map(lambda server: verify(site, server, poor), turns))
    assert {"200": 5, "AUTHORIZATION_ERROR: Denied.": 19} == Counter(poorly)
    assert site.lines == site.written()
    kill_at_work(site, first, narrow)
    crowded = ["CONCURRENCY_LIMIT_EXCEEDED"] * 2
    assert [*told[:8], *crowded, *told[10:]] == round_of_calls(site, second, keys, narrow)
    assert site.lines == site.written()
    assert (Reason.CONCURRENCY_EXCEEDED, None) == room_after_a_lease(site, narrow)
    reports_agree(site, [*keys.values(), narrow, poor])


def verify(site: Site, server: "Server", key: Key) -> str:
    """The answer to Megvii's comparison of two portraits of one person."""
    return site.send(server, key, calls.faceid_verify, "obama2.jpg", "obama.jpg")


def round_of_calls(site: Site, server: "Server", keys: dict[str, Key], narrow: Key) -> list[str]:
    """The answers to billed and unbilled calls of every dialect."""
    key = keys["faceid"]
    return [
        verify(site, server, key),
        site.send(server, key, calls.faceid_verify, "wall", "obama.jpg"),
        *(site.send(server, key, calls.faceid_verify_person, "obama2.jpg", **person) for person in ASKED.values()),
        site.send(server, key, calls.faceid_detect, "obama.jpg"),
        site.send(server, narrow, calls.faceid_verify_person, "obama2.jpg", **ASKED["200"]),
        verify(site, server, narrow),
        site.send(server, keys["native"], calls.native_compare, "obama2.jpg", "obama.jpg"),
        site.send(server, keys["native"], calls.native_compare, "wall", "obama.jpg"),
        site.send(server, keys["native"], native_batch, "obama2.jpg", "obama.jpg", "wall"),
        site.send(server, keys["native"], native_usage),
        site.send(server, keys["tencent"], calls.tencent_apply, "obama.jpg"),
        site.send(server, keys["tencent"], calls.tencent_apply, "no picture"),
        site.send(server, keys["tencent"], calls.tencent_result, token="none"),
        site.send(server, keys["iapp"], calls.iapp_face_and_card, "card", "obama2.jpg"),
        site.send(server, keys["iapp"], calls.iapp_face_and_card, "wall", "obama2.jpg"),
        site.send(server, keys["linkface"], calls.linkface_handheld, "held"),
        site.send(server, keys["linkface"], calls.linkface_handheld, "wall"),
        site.send(server, keys["linkface"], calls.linkface_upload, "obama.jpg"),
    ]


def native_batch(address: str, key: Key, probe: bytes, reference: bytes, wall: bytes) -> httpx2.Request:
    """Two pairs of which one can be judged."""
    pictures = {"probe": probe, "reference": reference, "wall": wall}
    asked = {
        "pictures": {name: b64encode(content).decode() for name, content in pictures.items()},
        "pairs": [{"probe": "probe", "reference": other} for other in ("reference", "wall")],
    }
    return httpx2.Request("POST", f"{address}/v1/compare/batch", headers=bearer(key), json=asked)


def native_usage(address: str, key: Key) -> httpx2.Request:
    """What was used so far."""
    return httpx2.Request("GET", f"{address}/v1/usage", headers=bearer(key))


def bearer(key: Key) -> dict[str, str]:
    """The header that holds a key."""
    return {"authorization": f"Bearer {key['key']}"}


def slow_call(address: str, key: Key, image: bytes, reference: bytes) -> httpx2.Request:
    """A comparison that takes its time: a face is looked for in all four directions."""
    fields = {"comparison_type": "0", "face_image_type": "raw_image", "uuid": "u", "multi_oriented_detection": "1"}
    credentials = {"api_key": key["key"], "api_secret": key["secret"]}
    files = {"image": image, "image_ref1": reference}
    return httpx2.Request("POST", f"{address}/faceid/v2/verify", data=credentials | fields, files=files)


def kill_at_work(site: Site, server: "Server", key: Key) -> None:
    """Kill a server by force as soon as a call of this key is under way in it; its caller gets no answer."""
    before = site.under_way()
    with ThreadPoolExecutor(1) as pool:
        calling = pool.submit(site.send, server, key, slow_call, "vast wall", "obama.jpg")
        while site.under_way() == before and not calling.done():
            pass
        server.process.kill()
        with pytest.raises(httpx2.TransportError):
            calling.result()
    assert before + 1 == site.under_way()


def room_after_a_lease(site: Site, key: Key) -> tuple[Reason | None, Reason | None]:
    """Whether there is room for another call of this key, now and when a lease is over."""
    clock, questions = SystemClock(), Questions(site.database)
    callers = StoredCallers(site.database, MasterKey(bytes(32)), questions, clock)
    record, now = KeyRecord(key["key"], "faceid", None, concurrency=1), clock.now()
    told = [asyncio.run(callers.take_room(record, uuid4(), at)) for at in (now, now + LEASE_S)]
    questions.close()
    return told[0], told[1]


def reports_agree(site: Site, keys: list[Key]) -> None:
    """What the command line says about keys is what their answers add up to; a call is found by its vendor's id."""
    shown = {row["key"]: row["spent"] for row in site.say("keys", "list")}
    used = {row.pop("key"): row for row in site.say("usage", "--by", "key")}
    for public in (key["key"].partition(".")[0] for key in keys):
        lines = [line for line in site.lines if line[1] == public]
        units, succeeded = sum(line[3] for line in lines), used[public].pop("succeeded")
        assert (public, units) == (public, shown[public])
        assert {"calls": len(lines), "billed": units} == used[public]
        assert 0 < succeeded <= len(lines)
    call = min(site.lines)
    (found,) = site.say("find", "--request-id", site.ids[call[0]])
    assert call == (UUID(found["call"]), found["key"], found["status"], found["billed"])
