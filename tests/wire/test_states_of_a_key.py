"""
Every state of a key and every vendor's answer to it: real keys in a real store, driven there by the command line.

The table is that of the decisions on the four vendors; native has a column of its own.
"""

import asyncio
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import httpx2
import pytest
from starlette.types import ASGIApp
from typer.testing import CliRunner

from ipse.cli import build_app
from ipse.infra.master_key_file import load_master_key
from ipse.infra.store.callers import StoredCallers
from ipse.infra.store.questions import Questions
from ipse.infra.store.unlocking import open_store
from ipse.protocols.dialect import Surroundings, asgi_app
from ipse.service.access import Access
from tests.wire.builder import builders
from tests.wire.ports import StandingStopwatch
from tests.wire.world import World

Answered: TypeAlias = tuple[int, str]
"""A status, and the vendor's word."""

GOOD: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "faceid": {},
        "faceid detect": {"path": "/faceid/v1/detect"},
        "linkface": {},
        "tencent": {},
        "iapp": {},
        "native": {"call": "compare"},
    }
)
"""What is called; the dialect is the first word."""

WORDS: Mapping[str, Callable[[Any], object]] = MappingProxyType(
    {
        "faceid": lambda told: told.get("error_message", told.get("error")),
        "linkface": lambda told: told["status"],
        "tencent": lambda told: told["Response"].get("Error", {}).get("Code"),
        "iapp": lambda told: told.get("message"),
        "native": lambda told: told.get("reason"),
    }
)
"""Where a vendor's answers say what is wrong."""

SUCCESS: Mapping[str, Answered] = MappingProxyType(
    {"linkface": (200, "OK"), **dict.fromkeys(("faceid", "tencent", "iapp", "native"), (200, "None"))}
)

DENIED = "AUTHORIZATION_ERROR: Denied."
UNAUTHORISED = (401, "Unauthorized")
EXPECTED: Mapping[str, Mapping[str, Answered]] = MappingProxyType(
    {
        "faceid": {
            "unknown": (403, "AUTHENTICATION_ERROR"),
            "wrong secret": (403, "AUTHENTICATION_ERROR"),
            "disabled": (403, DENIED),
            "expired": (403, DENIED),
            "operation": (403, DENIED),
            "kyc": (403, "AUTHORIZATION_ERROR: No data source permission."),
            "quota": (403, "AUTHORIZATION_ERROR: Limit reached."),
            "credit": (403, DENIED),
            "debt": (403, DENIED),
            "rate": (403, "CONCURRENCY_LIMIT_EXCEEDED"),
            "crowd": (403, "CONCURRENCY_LIMIT_EXCEEDED"),
            "full": (403, "CONCURRENCY_LIMIT_EXCEEDED"),
        },
        "faceid detect": {
            "unknown": (403, "AUTHORIZATION_ERROR"),
            "wrong secret": (403, "AUTHORIZATION_ERROR"),
            "disabled": (403, DENIED),
            "expired": (403, DENIED),
            "operation": (403, DENIED),
            "quota": (403, "AUTHORIZATION_ERROR: Limit reached."),
            "debt": (403, DENIED),
            "rate": (403, "CONCURRENCY_LIMIT_EXCEEDED"),
            "crowd": (403, "CONCURRENCY_LIMIT_EXCEEDED"),
            "full": (403, "CONCURRENCY_LIMIT_EXCEEDED"),
        },
        "linkface": {
            "unknown": (401, "UNAUTHORIZED"),
            "wrong secret": (401, "UNAUTHORIZED"),
            "disabled": (401, "UNAUTHORIZED"),
            "expired": (401, "KEY_EXPIRED"),
            "operation": (403, "NO_PERMISSION"),
            "quota": (403, "OUT_OF_QUOTA"),
            "credit": (403, "OUT_OF_QUOTA"),
            "debt": (403, "NO_PERMISSION"),
            "rate": (403, "RATE_LIMIT_EXCEEDED"),
            "crowd": (403, "RATE_LIMIT_EXCEEDED"),
            "full": (403, "RATE_LIMIT_EXCEEDED"),
        },
        "tencent": {
            "unknown": (200, "AuthFailure.SecretIdNotFound"),
            "wrong secret": (200, "AuthFailure.SignatureFailure"),
            "disabled": (200, "AuthFailure.UnauthorizedOperation"),
            "expired": (200, "AuthFailure.InvalidSecretId"),
            "operation": (200, "FailedOperation.UnOpenError"),
            "quota": (200, "ResourceUnavailable.ResourcePackageRunOut"),
            "credit": (200, "ResourceUnavailable.ResourcePackageRunOut"),
            "debt": (200, "ResourceUnavailable.InArrears"),
            "rate": (200, "RequestLimitExceeded"),
            "crowd": (200, "RequestLimitExceeded"),
            "full": (200, "RequestLimitExceeded"),
        },
        "iapp": {
            "unknown": UNAUTHORISED,
            "disabled": UNAUTHORISED,
            "expired": UNAUTHORISED,
            "operation": UNAUTHORISED,
            "quota": (402, "insufficient credits"),
            "credit": (402, "insufficient credits"),
            "debt": (402, "insufficient credits"),
            "rate": (429, "API rate limit exceeded"),
            "crowd": (429, "API rate limit exceeded"),
            "full": (429, "API rate limit exceeded"),
        },
        "native": {
            "unknown": (401, "credentials_invalid"),
            "disabled": (403, "key_disabled"),
            "expired": (403, "key_expired"),
            "operation": (403, "operation_denied"),
            "quota": (403, "quota_spent"),
            "credit": (402, "credit_spent"),
            "debt": (403, "key_suspended"),
            "rate": (429, "rate_exceeded"),
            "crowd": (429, "concurrency_exceeded"),
            "full": (503, "busy"),
        },
    }
)

DRIVEN: Mapping[str, tuple[tuple[str, ...], int, tuple[str, ...]]] = MappingProxyType(
    {
        "disabled": (("disable",), 0, ("enable",)),
        "expired": (("limit", "--expires", "2016-04-26"), 0, ("limit", "--expires", "none")),
        "operation": (("limit", "--operation", "<another>"), 0, ("limit", "--operation", "none")),
        "debt": (("limit", "--suspend"), 0, ("limit", "--resume")),
        "quota": (("limit", "--test-quota", "1"), 1, ("limit", "--test-quota", "none")),
        "credit": (("limit", "--credit", "2"), 1, ("limit", "--credit", "3")),
        "rate": (("limit", "--rate", "1/hour"), 1, ("limit", "--rate", "none")),
        "crowd": (("limit", "--concurrency", "1"), 1, ("limit", "--concurrency", "2")),
    }
)
"""What the command line says to bring a key into a state, how many calls succeed then, and what brings it back."""


ANOTHER: Mapping[str, str] = MappingProxyType(
    {
        "faceid": "detect",
        "faceid detect": "verify",
        "iapp": "read_front",
        "linkface": "upload",
        "tencent": "card_result",
        "native": "usage",
    }
)
"""An operation of the same dialect that is not the one called."""


def spoken(called: str) -> str:
    """The dialect of what is called."""
    return called.partition(" ")[0]


@dataclass
class Town:
    """A world whose keys are in a real store, with the command line beside it."""

    folder: Path
    callers: StoredCallers
    world: World = field(default_factory=World)

    def app(self) -> ASGIApp:
        """The application; every call has an id of its own."""
        surroundings = Surroundings(
            access=Access(self.callers, self.world.compute, self.world.clock),
            clock=self.world.clock,
            entropy=secrets.token_bytes,
            stopwatch=StandingStopwatch,
            log=self.world.journal,
            metrics=self.world.journal,
        )
        dialects = {name: builder.dialect(self.world) for name, builder in builders().items()}
        native = dialects.pop("native")
        return asgi_app(tuple(dialects.values()), native, surroundings)

    def say(self, *words: str) -> Any:
        """What `ipse keys` answers."""
        done = CliRunner().invoke(
            build_app(["keys"]), ["keys", *words, "--json"], env={"IPSE_DATA_DIR": str(self.folder)}
        )
        assert done.exit_code == 0
        return json.loads(done.stdout)

    def issue(self, called: str, *words: str) -> dict[str, Any]:
        """A new key, as a case holds it."""
        dialect = spoken(called)
        made = self.say("create", "--dialect", dialect, "--name", "n", *words)
        secret = {"set": {"api_secret": made["secret"]}} if dialect == "faceid" else {"secret": made["secret"]}
        return {"key": made["key"], **secret}

    def answers(self, called: str, case: Mapping[str, Any], count: int = 1) -> list[Answered]:
        """The answers to calls that are made at the same moment."""
        dialect = spoken(called)
        sent = builders()[dialect].request({**GOOD[called], **case}, self.world.pictures)
        address = f"http://testserver{sent.target}"

        async def ask() -> list[httpx2.Response]:
            transport = httpx2.ASGITransport(app=self.app())
            async with httpx2.AsyncClient(transport=transport) as client:
                return await asyncio.gather(
                    *(
                        client.request(sent.method, address, content=sent.body, headers=list(sent.headers))
                        for _ in range(count)
                    )
                )

        return [(answer.status_code, str(WORDS[dialect](answer.json()))) for answer in asyncio.run(ask())]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A fresh store."""
    world = World()
    store = open_store(f"sqlite:///{(tmp_path / 'ipse.sqlite').resolve()}", load_master_key(None, tmp_path))
    questions = Questions(store.database)
    yield Town(tmp_path, StoredCallers(store.database, store.master_key, questions, world.clock), world)
    questions.close()
    store.database.dispose()


def rows(*states: str) -> list[tuple[str, str]]:
    """The rows of the table for these states: who is called, and the state."""
    return [(called, state) for called in EXPECTED for state in states if state in EXPECTED[called]]


@pytest.mark.parametrize(
    ("called", "state"), rows("disabled", "expired", "operation", "debt", "quota", "credit", "rate")
)
def test_a_key_is_driven_into_a_state_and_back(town: Town, called: str, state: str) -> None:
    """It works, then it is answered as the table says, and works again once it was brought back."""
    key = town.issue(called)
    there, count, back = DRIVEN[state]
    success = SUCCESS[spoken(called)]
    assert [success] == town.answers(called, key)
    town.say(there[0], key["key"], *(ANOTHER[called] if word == "<another>" else word for word in there[1:]))
    assert [success] * count == [town.answers(called, key)[0] for _ in range(count)]
    assert [EXPECTED[called][state]] == town.answers(called, key)
    town.say(back[0], key["key"], *back[1:])
    assert [success] == town.answers(called, key)


@pytest.mark.parametrize(("called", "state"), rows("crowd"))
def test_calls_at_the_same_moment_are_too_many(town: Town, called: str, state: str) -> None:
    """Of two calls at once by a key that may make one, one is refused; a key that may make two gets both."""
    key = town.issue(called, "--concurrency", "1")
    success = SUCCESS[spoken(called)]
    assert sorted([success, EXPECTED[called][state]]) == sorted(town.answers(called, key, count=2))
    town.say("limit", key["key"], "--concurrency", "2")
    assert [success] * 2 == town.answers(called, key, count=2)


@pytest.mark.parametrize(("called", "state"), rows("unknown", "wrong secret", "full", "kyc"))
def test_what_no_key_decides_alone(town: Town, called: str, state: str) -> None:
    """A key that nobody issued, a secret of another key, a full engine room, and a right that was never given."""
    key = town.issue(called)
    match state:
        case "unknown":
            key["key"] = "nobody"
        case "wrong secret":
            key = {**town.issue(called), "key": key["key"]}
        case "full":
            town.world.compute.free = 0
        case "kyc":
            person = {"comparison_type": "1", "idcard_number": "11010119900101001X", "idcard_name": "王五"}
            key = {**key, "set": {**key["set"], **person}, "drop": ["image_ref1"]}
    assert [EXPECTED[called][state]] == town.answers(called, key)
    if state == "kyc":
        allowed = town.issue(called, "--allow", "kyc")
        assert [SUCCESS["faceid"]] == town.answers(called, {**key, **allowed, "set": {**key["set"], **allowed["set"]}})


def test_a_batch_is_refused_when_the_credit_is_too_small_for_all_of_it(town: Town) -> None:
    """Nothing of it is compared or billed; a credit that is large enough lets it through."""
    key = town.issue("native", "--credit", "1")
    pairs = [{"id": word, "probe": "a", "reference": "b"} for word in ("one", "two")]
    batch = {**key, "call": "compare_batch", "set": {"pairs": pairs}}
    assert [(402, "credit_spent")] == town.answers("native", batch)
    assert 0 == town.say("show", key["key"])["spent"]
    town.say("limit", key["key"], "--credit", "2")
    assert [SUCCESS["native"]] == town.answers("native", batch)
    assert 2 == town.say("show", key["key"])["spent"]


def test_the_table_is_whole() -> None:
    """Every dialect has every state that its vendor knows."""
    states = {*DRIVEN, "unknown", "full"}
    assert {"faceid", "linkface", "tencent", "iapp", "native"} == {spoken(called) for called in EXPECTED}
    lacking = {called: states - set(row) for called, row in EXPECTED.items()}
    assert {"faceid detect": {"credit"}} == {called: missing for called, missing in lacking.items() if missing}


def test_every_operation_is_in_the_page_on_access() -> None:
    """What `--operation` takes, and what is billed for it, is written down for every operation of every dialect."""
    page = (Path(__file__).parents[2] / "docs" / "access.md").read_text(encoding="utf-8")
    rows = [line.lower() for line in page.partition("## What is billed")[2].splitlines() if line.startswith("|")]
    vendors = {"faceid": "megvii"}
    lacking = [
        (name, operation.name)
        for name, builder in builders().items()
        for operation in builder.dialect(World()).operations
        if not any(f"| {vendors.get(name, name)} |" in row and f"`{operation.name}`" in row for row in rows)
    ]
    assert [] == lacking
