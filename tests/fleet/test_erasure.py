"""Whoever is erased is nowhere any more: database, its files, blobs, folder and logs, closed and opened."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from demo import calls, live_calls
from demo import cards as drawings
from moto.server import ThreadedMotoServer
from obstore.store import LocalStore, S3Store

from ipse.capture import sign_bundle
from ipse.core.images import Limits, decode
from ipse.infra.master_key_file import load_master_key
from ipse.infra.signing import is_signed
from ipse.infra.store.unlocking import open_store
from ipse.service.evidence import canonical
from tests.api.conftest import Server, environment, running
from tests.commands import run_ipse
from tests.traces import Places, of_file, of_text

DONE_WITHIN_S = 120
KEEP = ("--keep", "pictures=24h", "--keep", "templates=7d", "--keep", "results=30d")
DIALECTS = ("faceid", "iapp", "linkface", "tencent", "native")
UUID, NAME, NUMBER = "erase-me-5f0c9d27", "王消失 Vanishing", "110105199003071044"
STAYS_UUID, STAYS_NAME, STAYS_NUMBER = "keep-me-90ab4c11", "李留下 Remaining", "110105199003071028"
PRINTED = "1-1017-00230-70-8"
"""The number on the drawn card as readers tell it."""

BUCKET = "kept"


@dataclass
class Person:
    """Somebody, and what is known of them: two pictures, a card in their hand, and perhaps one that can be read."""

    uuid: str
    name: str
    number: str
    pictures: tuple[bytes, bytes]
    printed: str | None = None
    requests: list[str] = field(default_factory=list)

    @cached_property
    def card(self) -> bytes:
        """A Thai card with their portrait."""
        return drawings.photographed(drawings.thai_card(self.pictures[0]))

    @cached_property
    def held(self) -> bytes:
        """Their card, held up in front of their face."""
        return drawings.held_up(self.pictures[1], drawings.card(self.pictures[0]))

    @property
    def needles(self) -> Mapping[str, set[bytes]]:
        """What must be found nowhere."""
        texts = {"uuid": of_text(self.uuid), "name": of_text(self.name), "number": of_text(self.number)}
        files = {"first": self.pictures[0], "second": self.pictures[1], "held": self.held}
        if self.printed is not None:
            texts["printed"] = of_text(self.printed) | of_text(PRINTED) | of_text("Example Person")
            files["card"] = self.card
        return {**texts, **{name: of_file(content) for name, content in files.items()}}


@dataclass
class Host:
    """A running server with all that it keeps, and keys that keep everything."""

    server: Server
    settings: dict[str, str]
    places: Places
    keys: dict[str, dict[str, str]]

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://localhost:{self.server.port}"

    def say(self, *words: str) -> Any:
        """What a command answers."""
        return _say(self.server.folder, self.settings, *words)

    def send(self, request: httpx2.Request, **headers: str) -> httpx2.Response:
        """The answer to a request, which must be a good one."""
        request.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        with httpx2.Client(timeout=DONE_WITHIN_S) as client:
            answer = client.send(request)
        assert answer.is_success, answer.text
        return answer


def _say(folder: Path, settings: dict[str, str], *words: str) -> Any:
    """What a command about a data folder answers."""
    return json.loads(run_ipse(*words, "--json", env=environment(folder, **settings), check=True).stdout)


@pytest.fixture(params=["sqlite and files", "postgresql and s3"])
def host(request: pytest.FixtureRequest, tmp_path: Path, weights: Path) -> Iterator[Host]:
    """A server on each kind of database and of object store."""
    assert weights.is_dir()
    folder = tmp_path / "data"
    common = {"IPSE_FACE_TOKEN_PICTURES": "true", "IPSE_WEBHOOK_ALLOW": "127.0.0.0/8"}
    if request.param == "sqlite and files":
        yield from _hosted(folder, common, f"sqlite:///{folder / 'ipse.sqlite'}", None)
        return
    address = request.getfixturevalue("postgresql_url")
    s3 = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    s3.start()
    endpoint = f"http://127.0.0.1:{s3.get_host_and_port()[1]}"
    httpx2.put(f"{endpoint}/{BUCKET}").raise_for_status()
    store = {"IPSE_BLOB_STORE": f"s3://{BUCKET}/ipse", "IPSE_S3_ENDPOINT": endpoint}
    store |= {"IPSE_S3_ACCESS_KEY": "testing", "IPSE_S3_SECRET_KEY": "testing", "IPSE_DATABASE_URL": address}
    try:
        yield from _hosted(folder, common | store, address, endpoint)
    finally:
        s3.stop()


def _hosted(folder: Path, settings: dict[str, str], address: str, endpoint: str | None) -> Iterator[Host]:
    """A server with these settings, and the way to all that it keeps."""
    with running(folder, as_fork=True, **settings) as server:  # type: ignore[arg-type]  # No setting is a path.
        server.wait_until_ready()
        keys = {
            one: _say(folder, settings, "keys", "create", "--dialect", one, "--name", "test", "--allow", "kyc", *KEEP)
            for one in DIALECTS
        }
        store = open_store(address, load_master_key(None, folder))
        blobs = LocalStore(folder / "blobs", mkdir=True) if endpoint is None else _bucket(endpoint)
        dumps = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))
        places = Places(store.database, store.master_key, folder, blobs, None if endpoint is None else dumps[-1])
        yield Host(server, settings, places, keys)
        store.database.dispose()


def _bucket(endpoint: str) -> S3Store:
    """The whole bucket."""
    return S3Store(
        BUCKET,
        endpoint=endpoint,
        region="us-east-1",
        access_key_id="testing",
        secret_access_key="testing",  # It opens nothing.
        client_options={"allow_http": True},
    )


@pytest.fixture
def people(samples: Path) -> tuple[Person, Person]:
    """Who is to be erased, and who stays."""
    obama, other, biden = ((samples / name).read_bytes() for name in ("obama.jpg", "obama2.jpg", "biden.jpg"))
    goes = Person(UUID, NAME, NUMBER, (obama, other), drawings.THAI_NUMBER)
    stays = Person(STAYS_UUID, STAYS_NAME, STAYS_NUMBER, (biden, drawings.as_jpeg(decode(biden, Limits()).pixels)))
    return goes, stays


def use_everything(host: Host, person: Person) -> None:
    """Every call of every dialect about a person; those that cannot bear the uuid are noted by their request ids."""
    _use_registry(host, person)
    _use_megvii(host, person)
    _use_captures(host, person)
    _use_native(host, person)
    _use_others(host, person)
    if person.printed is not None:
        _use_readers(host, person)


def _use_registry(host: Host, person: Person) -> None:
    """The person is entered, kept for a repetition, and looked up."""
    form = {"id_number": person.number, "name": person.name}
    headers = {"authorization": f"Bearer {host.keys['native']['key']}", "idempotency-key": f'"{person.uuid}"'}
    entry = httpx2.Request(
        "POST", f"{host.address}/v1/people", headers=headers, data=form, files={"photo": person.pictures[0]}
    )
    host.send(entry)
    about = (person.pictures[1], person.name, person.number)
    host.send(calls.faceid_verify_person(host.address, host.keys["faceid"], *about))


def _use_megvii(host: Host, person: Person) -> None:
    """Pictures, tokens, a bundle and a flash run."""
    key, (first, second) = host.keys["faceid"], person.pictures
    token = host.send(calls.faceid_detect(host.address, key, first)).json()["faces"][0]["token"]
    host.send(_named(calls.faceid_verify_token(host.address, key, token, second), person))
    host.send(_named(calls.faceid_verify(host.address, key, first, second), person))
    session = host.send(live_calls.faceid_session(host.address, key, 0, flash=False)).json()
    pictures = {"image_best": first, "image_env": first}
    host.send(_named(live_calls.faceid_verify_bundle(host.address, key, session, pictures, second), person))


def _use_captures(host: Host, person: Person) -> None:
    """A capture whose webhook nobody takes, done on the page, then compared."""
    bearer = {"authorization": f"Bearer {host.keys['native']['key']}"}
    asked = {"actions": 0, "webhook": f"http://127.0.0.1:9/{person.uuid}", "uuid": person.uuid}
    asked["id_number"] = person.number
    opened = host.send(httpx2.Request("POST", f"{host.address}/v1/captures", headers=bearer, json=asked)).json()
    session = host.send(live_calls.capture_session(host.address, opened["token"])).json()
    pictures: dict[str, bytes] = {"image_best": person.pictures[0], "image_env": person.pictures[0]}
    page = {"authorization": f"Bearer {opened['token']}"}
    files: dict[str, bytes | str] = {**pictures, "delta": sign_bundle(session, pictures, actions=session["actions"])}
    host.send(httpx2.Request("POST", f"{host.address}/capture/result", headers=page, files=files))
    compare = (opened["capture"], person.pictures[1])
    host.send(live_calls.native_capture_compare(host.address, host.keys["native"], *compare))


def _use_native(host: Host, person: Person) -> None:
    """Our own calls, each kept for a repetition; a card that is read later."""
    key, (first, second) = host.keys["native"], person.pictures
    bearer = {"authorization": f"Bearer {key['key']}"}
    post = partial(httpx2.Request, "POST", headers=bearer)
    requests = {
        "compare": calls.native_compare(host.address, key, first, second),
        "detect": post(f"{host.address}/v1/detect", files={"picture": first}),
        "holder": post(f"{host.address}/v1/holder", files={"photo": person.held}),
        "genuineness": live_calls.native_genuineness(host.address, key, first),
    }
    for name, request in requests.items():
        host.send(request, x_client_request_id=person.uuid, idempotency_key=f'"{name}-{person.uuid}"')


def _use_others(host: Host, person: Person) -> None:
    """Vendors whose wire has no uuid: their calls are erased by their request ids."""
    uploaded = host.send(calls.linkface_upload(host.address, host.keys["linkface"], person.held)).json()
    kept = host.send(calls.linkface_handheld_kept(host.address, host.keys["linkface"], uploaded["image_id"])).json()
    card = drawings.photographed(drawings.card(person.pictures[0]))
    both = host.send(calls.iapp_face_and_card(host.address, host.keys["iapp"], card, person.pictures[1]))
    person.requests += (uploaded["request_id"], kept["request_id"], both.headers["x-request-id"])


def _use_readers(host: Host, person: Person) -> None:
    """A card that can be read, now and later: all of these calls are found by the number on it."""
    bearer = {"authorization": f"Bearer {host.keys['native']['key']}"}
    document = calls.native_document(host.address, host.keys["native"], person.card)
    host.send(document, idempotency_key=f'"document-{person.uuid}"')
    host.send(calls.iapp_thai_card(host.address, host.keys["iapp"], "front", person.card))
    told = {"webhook": f"http://127.0.0.1:9/{person.uuid}"}
    asked = httpx2.Request("POST", f"{host.address}/v1/cards", headers=bearer, files={"front": person.card}, data=told)
    said = host.send(asked, idempotency_key=f'"card-{person.uuid}"').json()
    ask = partial(httpx2.Request, "GET", f"{host.address}/v1/cards/{said['token']}", headers=bearer)
    _until(lambda: bool(host.send(ask()).json()["status"] != "PENDING"))
    applied = host.send(calls.tencent_apply(host.address, host.keys["tencent"], person.card)).json()["Response"]
    token = applied["CardVerificationToken"]

    def is_done() -> bool:
        asked = host.send(calls.tencent_result(host.address, host.keys["tencent"], token)).json()
        return bool(asked["Response"]["Status"] != "PROCESSING")

    _until(is_done)


def _named(request: httpx2.Request, person: Person) -> httpx2.Request:
    """A demonstration's call with this uuid instead of its own."""
    body = request.read().replace(b"demo-user", person.uuid.encode())
    kind = request.headers["content-type"]
    return httpx2.Request(request.method, request.url, headers={"content-type": kind}, content=body)


def _until(is_so: Callable[[], bool]) -> None:
    """Ask until it is so."""
    deadline = time.monotonic() + DONE_WITHIN_S
    while not is_so():
        assert time.monotonic() < deadline


def found(person: Person, among: Iterator[tuple[str, bytes]]) -> set[tuple[str, str]]:
    """What of a person is where."""
    return {
        (what, where)
        for where, content in among
        for what, needles in person.needles.items()
        if any(needle in content for needle in needles)
    }


def erase(host: Host, person: Person) -> list[Any]:
    """Erase all of a person; the receipts."""
    receipts = [host.say("erase", "--uuid", person.uuid), host.say("erase", "--id-number", spelled(person.number))]
    if person.printed is not None:
        receipts.append(host.say("erase", "--id-number", person.printed))
    return [*receipts, *(host.say("erase", "--request", one) for one in person.requests)]


def spelled(number: str) -> str:
    """A number as somebody else may write it."""
    return f"{number[:6]} {number[6:14]}-{number[14:]}"


def check_receipt(receipt: Any, person: Person) -> None:
    """A receipt is signed, counts what it names, and says nothing of anybody."""
    signature = receipt["signature"]
    assert is_signed(signature["public_key"], canonical(receipt), signature["value"])
    assert len(receipt["artefacts"]) == sum(receipt["counts"].values())
    assert set() == found(person, iter([("receipt", json.dumps(receipt).encode())]))


def test_whoever_is_erased_is_nowhere(host: Host, people: tuple[Person, Person]) -> None:
    """Before, everything of them is found by who has the key; after, nothing; of whoever stays nothing is lost."""
    goes, stays = people
    use_everything(host, stays)
    of_others = host.places.sealed()
    use_everything(host, goes)
    kinds = {where for _, where in found(goes, host.places.opened())}
    assert set(goes.needles) == {what for what, _ in found(goes, host.places.opened())}
    assert {"content", "answer", "number", "name", "photo", "result", "kept picture", "kept result"} <= kinds
    assert set() == found(goes, host.places.closed())
    before = host.places.sealed()

    receipts = erase(host, goes)
    for receipt in receipts:
        check_receipt(receipt, goes)
    counted = {name for receipt in receipts for name in receipt["counts"]}
    assert {"vault", "jobs", "idempotency", "evidence", "marks", "kept", "blobs", "data_keys", "people"} <= counted
    assert {"deliveries", "links"} <= counted
    assert [] == host.say("erase", "--uuid", goes.uuid)["artefacts"]

    assert set() == found(goes, host.places.opened())
    assert set() == found(goes, host.places.closed())
    log = "".join(host.server.lines).encode()
    assert set() == found(goes, iter([("log", log)])) | found(stays, iter([("log", log)]))
    now = host.places.sealed()
    gone = {key: value for key, value in before.items() if key not in now}
    assert {"kept", "blobs", "people.photo", "people.template", "data_keys.wrapped"} <= {key[0] for key in gone}
    for where, content in host.places.closed():
        pieces = {key: (value[20:60], value[20:60].hex().encode()) for key, value in gone.items()}
        assert not [key for key, both in pieces.items() if any(piece in content for piece in both)], where
    assert set(of_others) - set(now) == set()
    assert set(stays.needles) == {what for what, _ in found(stays, host.places.opened())}
