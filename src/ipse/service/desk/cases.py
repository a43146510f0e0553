"""
Review: people look at what the machine only suspects, and decide.

With four eyes, two different people must agree, neither knowing what the other thought; where they differ, a third one,
who is an administrator, decides. Whoever works on a case keeps it from others for a while.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import Any, Final
from uuid import UUID

from ipse.core.images import Limits
from ipse.core.images.shown import ShownPicture, shown
from ipse.core.reasons import Refusal
from ipse.service.check_card import JOB
from ipse.service.packed_card import unpack
from ipse.service.ports import (
    AuditTrail,
    Case,
    CaseLine,
    Cases,
    CaseState,
    CaseWish,
    Clock,
    Compute,
    Decision,
    Jobs,
    Opinion,
    Step,
)
from ipse.service.retention import Keeper
from ipse.service.webhooks import news_of

HELD_S: Final = 15 * 60.0
"""For how long somebody keeps others from a case. Source: ours; who leaves the desk leaves it to others."""

MOST_REASON: Final = 2000
"""Most characters of a reason. Source: ours."""


class Trouble(StrEnum):
    """Why an opinion does not count."""

    GONE = "gone"
    DECIDED = "decided"
    HELD = "held"
    TWICE = "twice"
    """They have said already what they think."""
    THIRD = "third"
    """Two people differ: an administrator must decide."""
    REASON = "reason"
    """There is none, or it is too long."""
    CHANGED = "changed"
    """Somebody else was faster."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who looks: their public id, and whether they are an administrator."""

    user: str
    is_admin: bool


@dataclass(frozen=True, slots=True)
class SeenPicture:
    """A picture that was kept of a call: what the call named it, and how it looks."""

    name: str
    picture: ShownPicture


@dataclass(frozen=True, slots=True)
class Seen:
    """
    What may be seen of a case by whoever may see pictures.

    Attributes:
        pictures: Those that the key's policy keeps.
        values: What was read, by name, as long as the job's result is there.
    """

    pictures: tuple[SeenPicture, ...]
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Review:
    """
    The use cases.

    Attributes:
        cases: What people look at.
        audit: Who saw and decided what.
        clock: Time.
        keeper: Gives pictures that were kept.
        jobs: Give what was read, as long as its owner could ask for it.
        compute: Where pictures are made small.
        four_eyes: Whether two people must agree.
        told: Gives what the owner would be answered: never who decided, or why.
    """

    cases: Cases
    audit: AuditTrail
    clock: Clock
    keeper: Keeper
    jobs: Jobs
    compute: Compute
    four_eyes: bool
    told: Callable[[CaseLine], Mapping[str, Any]] = field(repr=False)

    async def lines(self, wish: CaseWish) -> tuple[CaseLine, ...]:
        """Give cases, those that wait longest first."""
        return await self.cases.lines(wish, self.clock.now())

    async def look(self, by: Reviewer, entry: str) -> Case | None:
        """Give a case, without what others thought of it as long as that could sway somebody."""
        case = await self.cases.find(entry, self.clock.now())
        if case is None:
            return None
        await self.audit.note(by.user, "cases.see", entry)
        knows_all = case.line.state == "decided" or (case.line.state == "third" and by.is_admin)
        seen = case.opinions if knows_all else tuple(one for one in case.opinions if one.user == by.user)
        return Case(case.line, case.content, seen)

    async def hold(self, by: Reviewer, entry: str) -> Trouble | None:
        """Keep others from a case for a while."""
        now = self.clock.now()
        if await self.cases.hold(entry, by.user, now, now + HELD_S):
            await self.audit.note(by.user, "cases.hold", entry)
            return None
        case = await self.cases.find(entry, now)
        if case is None:
            return Trouble.GONE
        return Trouble.DECIDED if case.line.state == "decided" else Trouble.HELD

    async def let_go(self, by: Reviewer, entry: str) -> None:
        """Leave a case to others."""
        await self.cases.let_go(entry, by.user)
        await self.audit.note(by.user, "cases.let_go", entry)

    async def decide(self, by: Reviewer, entry: str, decision: Decision, reason: str) -> Trouble | None:
        """Note what somebody thinks and why; with it the case may be decided, and its owner is told."""
        now = self.clock.now()
        case = await self.cases.find(entry, now)
        trouble = _trouble(case, by, reason)
        if trouble is not None:
            return trouble
        assert case is not None
        step = self._step(case, Opinion(by.user, decision, reason, now))
        if not await self.cases.step(entry, step, now):
            return Trouble.CHANGED
        await self.audit.note(by.user, "cases.decide", entry, decision=decision, state=step.state)
        return None

    async def see(self, by: Reviewer, entry: str) -> Seen | None:
        """Give the pictures and what was read; that somebody looked is written down first."""
        case = await self.cases.find(entry, self.clock.now())
        if case is None:
            return None
        await self.audit.note(by.user, "pictures.see", entry)
        found = await self.keeper.pictures(UUID(entry))
        pictures: list[SeenPicture] = []
        async with self.compute.admit() as seat:
            for one in found:
                try:
                    small = await seat.run(partial(shown, one.content, Limits()))
                except Refusal:
                    continue  # What cannot be decoded any more cannot be looked at.
                pictures.append(SeenPicture(one.artefact.name, small))
        return Seen(tuple(pictures), await self._values(case))

    async def _values(self, case: Case) -> Mapping[str, str]:
        """Give what was read of a card."""
        token = json.loads(case.content).get("token")
        if token is None:
            return {}
        state = await self.jobs.state(JOB, case.line.owner, token, self.clock.now())
        if state is None or state.result is None:
            return {}
        return {name: one.value or one.printed for name, one in unpack(state.result).fields.items()}

    def _step(self, case: Case, opinion: Opinion) -> Step:
        """Give what an opinion brings about."""
        before = len(case.opinions)
        agree = all(one.decision == opinion.decision for one in case.opinions)
        state: CaseState = "decided"
        if self.four_eyes and before == 0:
            state = "second"
        elif self.four_eyes and before == 1 and not agree:
            state = "third"
        if state != "decided":
            return Step(opinion, before, state, None, None)
        found, line = json.loads(case.content), case.line
        decided = replace(line, state="decided", decision=opinion.decision, decided_at=opinion.at)
        about = {name: found[name] for name in ("token", "capture") if name in found}
        address = found.get("address")
        news = None
        if address is not None:
            news = news_of("case", line.entry, line.owner, address, {**about, **self.told(decided)})
        return Step(opinion, before, "decided", opinion.decision, news)


def _trouble(case: Case | None, by: Reviewer, reason: str) -> Trouble | None:
    """Give why an opinion does not count."""
    if case is None:
        return Trouble.GONE
    if case.line.state == "decided":
        return Trouble.DECIDED
    if case.line.held_by not in {None, by.user}:
        return Trouble.HELD
    if any(one.user == by.user for one in case.opinions):
        return Trouble.TWICE
    if case.line.state == "third" and not by.is_admin:
        return Trouble.THIRD
    return None if 1 <= len(reason) <= MOST_REASON else Trouble.REASON
