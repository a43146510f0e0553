"""The mixed load of a fleet: every dialect, keys with limits, requests that are repeated until they are answered."""

import asyncio
import json
import random
import secrets
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Final
from uuid import UUID

import httpx2
from demo import calls
from fleet.processes import Fleet

from ipse.service.records import call_of

BUSY: Final = MappingProxyType(
    {
        "faceid": ("CONCURRENCY_LIMIT_EXCEEDED",),
        "iapp": ("API rate limit exceeded",),
        "linkface": ("RATE_LIMIT_EXCEEDED",),
        "tencent": ("RequestLimitExceeded",),
        "native": ("rate_exceeded", "concurrency_exceeded", "busy", "idempotency_conflict"),
    }
)
"""What each vendor says to those who should try again. Source: the error tables of the dialects."""

SPENT: Final = MappingProxyType(
    {
        "faceid": ("AUTHORIZATION_ERROR: Denied.", "AUTHORIZATION_ERROR: Limit reached."),
        "iapp": ("insufficient credits",),
        "linkface": ("OUT_OF_QUOTA",),
        "tencent": ("ResourceUnavailable.ResourcePackageRunOut",),
        "native": ("quota_spent", "credit_spent"),
    }
)
"""What each says to those whose quota or credit is spent."""

FAULT: Final = MappingProxyType(
    {
        "faceid": ("INTERNAL_ERROR",),
        "iapp": ("An unexpected error occurred",),
        "linkface": ("INTERNAL_ERROR",),
        "tencent": ("FailedOperation.UnKnowError",),
        "native": ("internal",),
    }
)
"""What each says when something of ours failed: here, the database was away."""


@dataclass(frozen=True)
class Seen:
    """An answer."""

    call: UUID
    key: str
    operation: str
    status: int
    verdict: str
    units: int
    is_repeat: bool


@dataclass
class Tally:
    """What all clients saw."""

    seen: list[Seen] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)
    turned_away: int = 0
    odd: list[str] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    repeated: dict[str, bytes] = field(default_factory=dict)
    unresolved: set[str] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)
    told_about: set[str] = field(default_factory=set)

    def counts(self) -> Counter[tuple[str, str]]:
        """How often each operation ended in which way."""
        return Counter((one.operation, one.verdict) for one in self.seen)


Make = Callable[[str], httpx2.Request]


@dataclass(frozen=True)
class Work:
    """One kind of call: with which key, what it bills when it succeeds, how likely it is, and what it sends."""

    name: str
    key: dict[str, str]
    units: int
    weight: int
    make: Make


@dataclass(frozen=True)
class Pictures:
    """What is sent."""

    one: bytes
    other: bytes
    card: bytes
    held: bytes


def keys_of(site: Fleet, seconds: float) -> dict[str, dict[str, str]]:
    """Keys without limits of all dialects, and one for each kind of limit."""
    made = {dialect: site.key(dialect, "--keep", "pictures=1h") for dialect in BUSY}
    most = str(max(10, int(seconds / 6)))
    return made | {
        "quota": site.key("faceid", "--test-quota", most),
        "credit": site.key("native", "--credit", most),
        "narrow": site.key("native", "--concurrency", "2"),
        "rate": site.key("linkface", "--rate", "20/minute"),
        "again": site.key("native"),
    }


def work_of(keys: dict[str, dict[str, str]], pictures: Pictures) -> list[Work]:
    """Every kind of call; those that are repeated with an idempotency key have an own way."""
    one, other, card, held = pictures.one, pictures.other, pictures.card, pictures.held

    def batch(at: str, key: dict[str, str]) -> httpx2.Request:
        asked = {
            "pictures": {"a": b64encode(one).decode(), "b": b64encode(other).decode()},
            "pairs": [{"probe": "a", "reference": "b"}, {"probe": "b", "reference": "a"}],
        }
        return httpx2.Request("POST", f"{at}/v1/compare/batch", headers=bearer(key), json=asked)

    def work(name: str, whose: str, units: int, weight: int, make: Callable[..., httpx2.Request], *sent: bytes) -> Work:
        return Work(name, keys[whose], units, weight, lambda at: make(at, keys[whose], *sent))

    return [
        work("faceid verify", "faceid", 1, 4, calls.faceid_verify, one, other),
        work("faceid detect", "faceid", 0, 2, calls.faceid_detect, one),
        work("iapp face and card", "iapp", 1, 2, calls.iapp_face_and_card, card, one),
        work("linkface handheld", "linkface", 1, 2, calls.linkface_handheld, held),
        work("linkface upload", "linkface", 0, 2, calls.linkface_upload, one),
        work("native compare", "native", 1, 2, calls.native_compare, one, other),
        work("faceid verify on quota", "quota", 1, 3, calls.faceid_verify, one, other),
        work("native compare on credit", "credit", 1, 3, calls.native_compare, one, other),
        work("native batch, two at once", "narrow", 2, 8, batch),
        work("linkface upload, so many a minute", "rate", 0, 4, calls.linkface_upload, one),
    ]


def bearer(key: dict[str, str]) -> dict[str, str]:
    """The header that holds a key."""
    return {"authorization": f"Bearer {key['key']}"}


def judged(dialect: str, answer: httpx2.Response) -> str:
    """Give how an answer is to be taken: `ok`, `busy`, `spent`, `fault`, or `odd`."""
    words = answer.text
    for verdict, said in (("busy", BUSY), ("spent", SPENT), ("fault", FAULT)):
        if answer.status_code != httpx2.codes.OK or dialect == "tencent":
            for word in said[dialect]:
                if f'"{word}' in words:
                    return verdict
    is_good = answer.status_code == httpx2.codes.OK and '"Error"' not in words
    return "ok" if is_good else "odd"


def id_of(dialect: str, answer: httpx2.Response) -> UUID | None:
    """Give the call's id, as its vendor writes it."""
    if dialect in {"iapp", "native"}:
        return call_of(answer.headers.get("x-request-id", ""))
    told = json.loads(answer.text)
    return call_of(str(told["Response"]["RequestId"] if dialect == "tencent" else told.get("request_id")))


class Client:
    """
    One caller, which turns to another server when one is not there.

    Args:
        site: Whose servers.
        tally: Where everything is noted.
        chance: Which server, and which call comes next.
    """

    def __init__(self, site: Fleet, tally: Tally, chance: random.Random) -> None:
        self._site = site
        self._tally = tally
        self.chance = chance
        self.http = httpx2.AsyncClient(timeout=90)

    async def ask(self, name: str, key: dict[str, str], units: int, make: Make) -> httpx2.Response | None:
        """Give the answer; `None` where the connection broke, and nobody knows what became of the call."""
        while True:
            server = self.chance.choice(self._site.servers)
            try:
                answer = await self.http.send(make(server.address))
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                self._tally.turned_away += 1
                await asyncio.sleep(0.05)
                continue
            except httpx2.TransportError:
                self._tally.broken[name] += 1
                return None
            if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE and '"ready"' in answer.text:
                self._tally.turned_away += 1  # The server began while the database was away, and ends.
                continue
            self._note(name, key, units, answer)
            return answer

    def _note(self, name: str, key: dict[str, str], units: int, answer: httpx2.Response) -> None:
        """Keep what was answered."""
        verdict = judged(key["dialect"], answer)
        call = id_of(key["dialect"], answer)
        if verdict == "odd" or call is None:
            self._tally.odd.append(f"{name}: {answer.status_code} {answer.text[:200]}")
            return
        is_repeat = "idempotency-replayed" in answer.headers
        billed = units if verdict == "ok" else 0
        public = key["key"].partition(".")[0]
        self._tally.seen.append(Seen(call, public, name, answer.status_code, verdict, billed, is_repeat))

    async def repeat(self, key: dict[str, str], pictures: Pictures, until: float) -> None:
        """Ask one thing until it is answered, with the same idempotency key; then once more."""
        word = secrets.token_hex(8)

        def make(at: str) -> httpx2.Request:
            request = calls.native_compare(at, key, pictures.one, pictures.other)
            request.headers["idempotency-key"] = word
            return request

        self._tally.unresolved.add(word)
        while time.monotonic() < until:
            answer = await self.ask("native compare, repeated", key, 1, make)
            if answer is not None and answer.status_code == httpx2.codes.OK:
                self._tally.unresolved.discard(word)
                if self._tally.repeated.setdefault(word, answer.content) != answer.content:
                    self._tally.changed.append(word)
                if "idempotency-replayed" in answer.headers:
                    return
            else:
                await asyncio.sleep(self.chance.uniform(0.1, 0.5))

    async def apply(self, keys: dict[str, dict[str, str]], pictures: Pictures) -> None:
        """Hand a card in; its token is noted as soon as it is known."""
        key = keys["tencent"]
        answer = await self.ask("tencent apply", key, 1, lambda at: calls.tencent_apply(at, key, pictures.card))
        if answer is not None and judged("tencent", answer) == "ok":
            self._tally.tokens[answer.json()["Response"]["CardVerificationToken"]] = ""

    async def apply_natively(self, key: dict[str, str], pictures: Pictures, told_at: str) -> None:
        """Hand a card in whose result is told by a webhook."""
        asked = {"front": b64encode(pictures.card).decode(), "webhook": told_at}

        def make(at: str) -> httpx2.Request:
            return httpx2.Request("POST", f"{at}/v1/cards", headers=bearer(key), json=asked)

        answer = await self.ask("native card", key, 1, make)
        if answer is not None and judged("native", answer) == "ok":
            self._tally.told_about.add(answer.json()["request"])

    async def finish(self, key: dict[str, str], deliveries: Mapping[str, str], until: float) -> None:
        """Ask for every card that was handed in until it is done, and every webhook was told."""
        tokens = self._tally.tokens
        while time.monotonic() < until:
            waiting = [one for one, status in tokens.items() if not status]
            if not waiting and self._tally.told_about <= set(deliveries.values()):
                return
            for token in waiting:
                answer = await self.ask("tencent result", key, 0, partial(calls.tencent_result, key=key, token=token))
                status = "" if answer is None else answer.json()["Response"].get("Status", "")
                tokens[token] = "" if status == "PROCESSING" else status
            await asyncio.sleep(0.5)
