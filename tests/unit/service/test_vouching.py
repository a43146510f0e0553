"""Vouching: what was used stays spent, unless we failed or the caller went away."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from ipse.capture.signing import pack_flash, sign_bundle
from ipse.core.genuineness.capture import Capture
from ipse.core.genuineness.judgement import JudgementName, Judgements, OperatingPoint, not_assessed
from ipse.core.genuineness.policy import Policy
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Stages
from ipse.service.flash_runs import FlashRuns
from ipse.service.liveness_sessions import LivenessSessions
from ipse.service.ports import OnceKind
from ipse.service.vouched_probe import FlashResult, LivenessBundle, VouchedProbes
from ipse.service.vouching import SentBundle, Vouching
from tests.bundles import issued
from tests.wire.judges import ScriptedJudges
from tests.wire.liveness import ISSUED_AT, SESSIONS, open_sessions
from tests.wire.ports import InMemoryOnce, InMemoryVault, StandingClock, StandingStopwatch
from tests.wire.scenes import pictures

Result = TypeVar("Result")
OWNER = "faceid:key"


class Seat:
    """A seat that works on the spot."""

    async def run(self, work: Callable[[], Result]) -> Result:
        """The result."""
        return work()


class BrokenJudges(ScriptedJudges):
    """Judges whose networks are on fire."""

    def judge(self, capture: Capture, stages: Stages) -> Judgements:
        """Nothing."""
        del capture, stages
        raise RuntimeError("the network is on fire")


@dataclass(frozen=True)
class BlindJudges(ScriptedJudges):
    """Judges who cannot see one attack on any picture; `assessed`: who otherwise could."""

    name: JudgementName
    assessed: bool

    @property
    def points(self) -> Mapping[JudgementName, OperatingPoint]:
        """With its point as wished."""
        return {**super().points, self.name: OperatingPoint(self.name, assessed=self.assessed, threshold=0.5)}

    def judge(self, capture: Capture, stages: Stages) -> Judgements:
        """Everything else."""
        return {**super().judge(capture, stages), self.name: not_assessed(self.name, "blind")}


class ClosingSeat(Seat):
    """A seat in an engine room that closes after the first piece of work."""

    def __init__(self) -> None:
        self.is_open = True

    async def run(self, work: Callable[[], Result]) -> Result:
        """The first result."""
        if not self.is_open:
            raise Refusal(Reason.BUSY)
        self.is_open = False
        return work()


class SlowOnce(InMemoryOnce):
    """A database that lets itself be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answer = asyncio.Event(), asyncio.Event()

    async def spend(self, kind: OnceKind, owner: str, token: str, expires_at: float, now: float) -> bool:
        """The answer, when it is let out."""
        self.asked.set()
        await self.answer.wait()
        return await super().spend(kind, owner, token, expires_at, now)


@dataclass
class Scene:
    """Vouching over ports in memory."""

    once: InMemoryOnce = field(default_factory=InMemoryOnce)
    judges: ScriptedJudges = field(default_factory=ScriptedJudges)

    async def vouching(self) -> Vouching:
        """With the sessions of the wire's world."""
        clock = StandingClock()
        sessions = LivenessSessions(InMemoryVault(), clock, bytes)
        await open_sessions(sessions, ("key",))
        return Vouching(sessions, self.once, self.judges, clock)


def bundle(*, check_delta: bool = False) -> SentBundle:
    """A good one, always the same."""
    images = {"image_best": pictures()["anna"]}
    delta = sign_bundle(issued(SESSIONS["plain"]), images, jti=bytes(16), now=ISSUED_AT + 30)
    return SentBundle(delta, images, check_delta)


@pytest.mark.parametrize(
    ("fault", "spent"),
    [
        (None, 1),
        (Refusal(Reason.PERSON_UNKNOWN), 1),
        (Refusal(Reason.FACE_MISSING), 1),
        (Refusal(Reason.DATA_SOURCE_FAILED), 0),
        (Refusal(Reason.INTERNAL), 0),
        (Refusal(Reason.BUSY), 0),
        (RuntimeError("on fire"), 0),
        (asyncio.CancelledError(), 0),
    ],
    ids=str,
)
def test_how_the_use_ends_decides_whether_it_stays_spent(fault: BaseException | None, spent: int) -> None:
    """An answer spends it, also a refusal for the caller's sake; our own faults and a caller who went away do not."""
    scene = Scene()

    async def use() -> None:
        vouched = await (await scene.vouching()).bundle(OWNER, bundle(), Seat(), StandingStopwatch())
        assert 1 == len(scene.once.until)
        async with vouched.used():
            if fault is not None:
                raise fault

    with nullcontext() if fault is None else pytest.raises(type(fault)):
        asyncio.run(use())
    assert spent == len(scene.once.until)


def test_judges_that_break_spend_nothing() -> None:
    """The bundle is good again, for whoever repeats the call."""
    scene = Scene(judges=BrokenJudges())

    async def use() -> None:
        await (await scene.vouching()).bundle(OWNER, bundle(), Seat(), StandingStopwatch())

    with pytest.raises(RuntimeError):
        asyncio.run(use())
    assert {} == scene.once.until


def test_who_did_not_spend_it_does_not_release_it() -> None:
    """A second use with check_delta=0 that fails through our fault leaves the first use's mark."""
    scene = Scene()

    async def use() -> None:
        vouching = await scene.vouching()
        await vouching.bundle(OWNER, bundle(), Seat(), StandingStopwatch())
        again = await vouching.bundle(OWNER, bundle(), Seat(), StandingStopwatch())
        async with again.used():
            raise Refusal(Reason.DATA_SOURCE_FAILED)

    with pytest.raises(Refusal):
        asyncio.run(use())
    assert 1 == len(scene.once.until)


def test_a_caller_who_leaves_while_it_is_being_spent_has_not_used_it() -> None:
    """The database spends it after the call was cut off, and it is released again."""
    scene = Scene()

    async def use() -> None:
        scene.once = slow = SlowOnce()
        vouching = await scene.vouching()
        call = asyncio.create_task(vouching.bundle(OWNER, bundle(), Seat(), StandingStopwatch()))
        await slow.asked.wait()
        call.cancel()
        await asyncio.sleep(0)
        slow.answer.set()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(use())
    assert {} == scene.once.until


def flash_run() -> bytes:
    """The result of a good flash run."""
    session, frame = SESSIONS["flash"], pictures()["anna"]
    parts = {"image_best": frame} | {f"flash{number}": frame for number in range(1, 1 + len(session.colours))}
    times = [500.0 * number for number in range(len(session.colours))]
    late = [time + 250 for time in times]
    return pack_flash(issued(session), parts, shown_ms=times, taken_ms=late, now=ISSUED_AT + 30)


def unheard_of(probe: LivenessBundle | FlashResult, judges: ScriptedJudges, policy: Policy) -> Reason | None:
    """Why a probe is refused because of what its answer has no place for."""

    async def use() -> Reason | None:
        probes = VouchedProbes(await Scene(judges=judges).vouching())
        async with probes.opened(probe, policy, None, Seat(), StandingStopwatch()) as genuineness:
            return genuineness.unheard

    return asyncio.run(use())


LENIENT: Policy = {"flash": "warn", "screen_replay": "warn"}


@pytest.mark.parametrize(
    ("assessed", "policy", "unheard"),
    [(True, {}, Reason.FLASH_RESULT_INVALID), (True, LENIENT, None), (False, {}, None)],
)
def test_a_flash_run_whose_colours_nobody_can_look_for_is_a_failed_one(
    *, assessed: bool, policy: Policy, unheard: Reason | None
) -> None:
    """Where a wrong colour would reject; not where it would only warn, nor where no run can be judged at all."""
    assert unheard == unheard_of(FlashResult(flash_run(), OWNER), BlindJudges("flash", assessed), policy)


@pytest.mark.parametrize(
    ("assessed", "policy", "names", "unheard"),
    [
        (True, {}, ("image_best", "image_env"), Reason.LIVENESS_BUNDLE_INVALID),
        (True, LENIENT, ("image_best", "image_env"), None),
        (False, {}, ("image_best", "image_env"), None),
        (True, {}, ("image_best",), None),
    ],
)
def test_surroundings_that_show_none_are_refused(
    *, assessed: bool, policy: Policy, names: tuple[str, ...], unheard: Reason | None
) -> None:
    """A screen that could not be looked for would be answered as none; without surroundings nothing is answered."""
    images: dict[str, bytes] = dict.fromkeys(names, pictures()["anna"])
    sent = SentBundle(sign_bundle(issued(SESSIONS["plain"]), images, now=ISSUED_AT + 30), images)
    assert unheard == unheard_of(LivenessBundle(sent, OWNER), BlindJudges("screen_replay", assessed), policy)


def test_without_a_face_that_is_what_is_told() -> None:
    """Nothing can be assessed then, and the caller learns why."""
    images: dict[str, bytes] = dict.fromkeys(("image_best", "image_env"), pictures()["nobody"])
    sent = SentBundle(sign_bundle(issued(SESSIONS["plain"]), images, now=ISSUED_AT + 30), images)
    assert unheard_of(LivenessBundle(sent, OWNER), ScriptedJudges(), {}) is None


def test_a_flash_run_that_meets_a_closing_server_is_good_again() -> None:
    """It is told to come back later, and neither spent nor remembered as failed."""
    scene = Scene()

    async def use() -> str:
        vouching = await scene.vouching()
        with pytest.raises(Refusal) as refused:
            await vouching.flash(OWNER, flash_run(), ClosingSeat(), StandingStopwatch())
        assert Reason.BUSY is refused.value.reason
        run = await FlashRuns(vouching.sessions.vault, vouching.clock).find(OWNER, str(SESSIONS["flash"].biz_no))
        assert run is not None
        return run.state

    assert "unused" == asyncio.run(use())
    assert {} == scene.once.until
