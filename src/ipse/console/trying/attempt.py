"""Trying an operation: the real calls through the server's own dialects, in this process, and their answers."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
from starlette.types import ASGIApp

from ipse.console.trying import wire
from ipse.console.trying.call import Call, Picture
from ipse.console.trying.finding import Drawing, Finding
from ipse.console.trying.reading.answer import Answer, found
from ipse.console.trying.trial import Given, Trial, form
from ipse.service.ports.trying import ConsoleKeys

POLL_S: Final = 0.25
PATIENCE_S: Final = 45.0
"""How often, and how long, a job is asked about: a card takes under four seconds, the first one opens the networks."""

_LOOK: Final = form("native", "/v1/holder")
"""Faces and card corners of any pictures; a refusal tells them too."""


@dataclass(frozen=True, slots=True)
class Reply:
    """
    An answer as it came.

    Attributes:
        call: What was asked.
        status: The HTTP status.
        headers: As they came.
        body: As it came.
        elapsed_ms: From asking to the whole answer, in this process.
    """

    call: Call = field(repr=False)
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    elapsed_ms: float

    @property
    def json(self) -> Mapping[str, Any]:
        """Give the body as a JSON object; empty if it is none."""
        try:
            told = json.loads(self.body)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    What was asked and answered.

    Attributes:
        replies: Call by call.
        finding: What the last answer says.
        calls: Every call as anybody would make it: with words in capitals for what only an answer tells.
    """

    replies: tuple[Reply, ...]
    finding: Finding
    calls: tuple[Call, ...] = field(repr=False)

    @property
    def last(self) -> Reply:
        """Give the last answer."""
        return self.replies[-1]


class Caller:
    """
    A caller of our own dialects, within this process.

    Args:
        answers: Every dialect, as an ASGI application.
        keys: The console's own keys.
    """

    def __init__(self, answers: ASGIApp, keys: ConsoleKeys) -> None:
        self._transport = httpx2.ASGITransport(answers)
        self._keys = keys

    async def attempt(self, trial: Trial, given: Given) -> Attempt:
        """Give what the operation answers, one call after the other; a call that is refused is the last."""
        replies: list[Reply] = []
        told: dict[str, Any] = {}
        for step in trial.steps:
            reply = await self._until_done(trial, await self.send(step(given, told)))
            replies.append(reply)
            if reply.status != httpx2.codes.OK or "Error" in (reply.json.get("Response") or {}):
                break
            told = {**reply.json, **told}
        sight = await self._look(trial, given)
        last = replies[-1]
        calls = tuple(step(given, {}) for step in trial.steps)
        return Attempt(tuple(replies), trial.reads(Answer(last.status, last.json, sight)), calls)

    async def send(self, call: Call) -> Reply:
        """Give the answer to a call."""
        key = await self._keys.of(call.dialect)
        began = time.perf_counter()
        async with httpx2.AsyncClient(transport=self._transport, timeout=PATIENCE_S) as client:
            response = await client.send(wire.request(call, key))
        elapsed = (time.perf_counter() - began) * 1000
        return Reply(call, response.status_code, tuple(response.headers.multi_items()), response.content, elapsed)

    async def _until_done(self, trial: Trial, reply: Reply) -> Reply:
        """Give the answer of a job once it is done, or as it stands when patience ends."""
        deadline = time.monotonic() + PATIENCE_S
        while trial.waits(reply.json) and time.monotonic() < deadline:
            await asyncio.sleep(POLL_S)
            reply = await self.send(reply.call)
        return reply

    async def _look(self, trial: Trial, given: Given) -> tuple[Drawing, ...]:
        """Give faces and card corners of the pictures, where the answer itself tells no places."""
        slots = {ours: slot for ours, slot in trial.looks.items() if slot in given.pictures}
        drawings = []
        for slot in slots.values():  # One by one: together they would be judged as a holder and a card.
            pictures: dict[str, Picture] = {"photo": given.pictures[slot]}
            reply = await self.send(_LOOK(Given(pictures), {}))
            drawings += [found(slot, one) for one in reply.json.get("pictures") or ()]
        return tuple(drawings)
