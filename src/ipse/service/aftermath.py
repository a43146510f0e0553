"""
What follows when a result is kept: whoever wants to know is told, and people look at what the machine only suspects.

Both are put down before the result is; the store lets go in one transaction what tells of a result that it keeps. So a
server that dies in between leaves nothing undone, and nobody is told of a result that is not there.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from ipse.core.authenticity.policy import CardStatus
from ipse.core.cards.reading import CardReading
from ipse.core.genuineness.judgement import Judgements, Status
from ipse.service.capture_states import CaptureState
from ipse.service.captures import CaptureStanding
from ipse.service.check_card import CardToCheck, unpacked
from ipse.service.ports import Cases, Clock, Job, NewCase
from ipse.service.under_way import call_under_way
from ipse.service.webhooks import Announcing, news_of


@dataclass(frozen=True, slots=True)
class CaptureAftermath:
    """
    What follows from a capture.

    Attributes:
        announcing: Has its owner told.
        cases: What people look at.
        told: Gives what the owner would be answered.
        clock: Since when a case waits.
    """

    announcing: Announcing
    cases: Cases
    told: Callable[[CaptureStanding], Mapping[str, Any]] = field(repr=False)
    clock: Clock

    @asynccontextmanager
    async def of(self, done: CaptureState, address: str | None, key: str) -> AsyncIterator[None]:
        """Keep the result inside."""
        assert done.result is not None
        entry, now = str(call_under_way() or UUID(done.id)), self.clock.now()
        if done.result.verdict == "warned":
            found = {"address": address, "capture": done.id, "judgements": _told(done.result.judgements)}
            case = NewCase(entry, "capture", key, _suspicions(done.result.judgements), json.dumps(found).encode())
            await self.cases.open(case, now)
        told = self.told(CaptureStanding(done, done.stands(now)))
        if address is not None:
            await self.announcing.put_off(news_of("capture", entry, key, address, told))
        yield
        if address is not None:
            await self.announcing.let_go("capture", entry)


@dataclass(frozen=True, slots=True)
class CardAftermath:
    """
    What follows from a card.

    Attributes:
        announcing: Has its owner told.
        cases: What people look at.
        told: Gives what the owner would be answered, for a token.
        clock: Since when a case waits.
    """

    announcing: Announcing
    cases: Cases
    told: Callable[[str, CardReading], Mapping[str, Any]] = field(repr=False)
    clock: Clock

    async def put_down(self, owner: str, sent: CardToCheck, card: CardReading) -> None:
        """Put down what follows from what was read of an owner's card, which will be kept in a moment."""
        now = self.clock.now()
        if card.status is CardStatus.WARNING:
            warnings = tuple(sorted(concern.value for concern in card.concerns))
            found = {"address": sent.webhook, "token": sent.token, **findings(card)}
            await self.cases.open(NewCase(sent.call, "card", owner, warnings, json.dumps(found).encode()), now)
        if sent.webhook is not None:
            news = news_of("card", sent.call, owner, sent.webhook, self.told(sent.token, card))
            await self.announcing.put_off(news)

    async def kept(self, job: Job) -> None:
        """Have it told at once, now that it is kept."""
        sent = unpacked(job.payload)
        if sent.webhook is not None:
            await self.announcing.let_go("card", sent.call)


def findings(card: CardReading) -> dict[str, Any]:
    """Give what was found on a card, without anything that it says: places and checks, as plain values."""
    return {
        "card": None if card.kind is None else card.kind.name,
        "checks": [asdict(check) for check in card.checks],
        "fields": [
            {"name": one.name, "side": one.side.value, "corners": one.corners_px.round().astype(int).tolist()}
            for one in card.fields.values()
        ],
        "not_assessed": list(card.not_assessed),
    }


def _told(judgements: Judgements) -> list[dict[str, Any]]:
    """Give judgements as plain values."""
    return [asdict(one) for one in judgements.values()]


def _suspicions(judgements: Judgements) -> tuple[str, ...]:
    """Give what warned: what is suspected, else what could not be assessed."""
    suspected = sorted(one.name for one in judgements.values() if one.status is Status.SUSPECTED)
    return tuple(suspected or sorted(one.name for one in judgements.values() if one.status is Status.NOT_ASSESSED))
