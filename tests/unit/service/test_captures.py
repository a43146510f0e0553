"""Captures over ports in memory: who is noted and told, what is kept, and who was first."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import pytest

from ipse.core.genuineness.capture import Capture
from ipse.core.genuineness.judgement import JudgementName, Judgements, OperatingPoint, not_assessed
from ipse.core.genuineness.policy import Policy
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Stages
from ipse.protocols.native.captures import told
from ipse.service.capture_states import CaptureResult, CaptureState, CaptureStates, packed, unpacked
from ipse.service.jobs import NotNow
from ipse.service.older_webhooks import JOB, pass_on
from ipse.service.page_calls import TakenResult, TakeResult, TakeResultCommand
from ipse.service.page_tokens import PageTokens
from ipse.service.ports import Job, Seat
from ipse.service.vouching import Vouching
from ipse.service.webhooks import Announcing
from tests.wire import liveness
from tests.wire.captures import capture_states, id_of, token_of
from tests.wire.judges import ScriptedJudges
from tests.wire.ports import InMemoryCompute, StandingStopwatch
from tests.wire.world import World

SCREEN = {"pictures": {"image_best": "anna, screen replay"}}
NUMBER = "11010119900101001X"


def state_of(world: World, name: str, key: str = "good") -> CaptureState:
    """How a capture stands."""
    state = asyncio.run(capture_states(world).find(f"native:{key}", id_of(name)))
    assert state is not None
    return state


def taking(world: World, judges: ScriptedJudges) -> TakeResult:
    """The use case over a world's ports."""
    states = capture_states(world)
    return TakeResult(
        tokens=PageTokens(world.vault, world.clock, world.entropy),
        states=states,
        vouching=Vouching(world.liveness_sessions(), world.once, judges, world.clock),
        once=world.once,
        aftermath=world.capture_aftermath(),
        attacks=world.attacks,
        clock=world.clock,
        attacked_s=100.0,
    )


def command(world: World, jti: int = 1, **told: object) -> TakeResultCommand:
    """A good result of the capture `plain`."""
    fields = liveness.fields({"bundle": {"jti": jti, **told}}, world.pictures)
    images = {name: content for name, content in fields.items() if isinstance(content, bytes)}
    return TakeResultCommand(token_of("plain"), {}, str(fields["delta"]), images)


async def taken(use_case: TakeResult, asked: TakeResultCommand) -> TakenResult | Reason:
    """What became of it, or why nothing."""
    async with InMemoryCompute(1).admit() as seat:
        try:
            return await use_case(asked, seat, StandingStopwatch())
        except Refusal as refusal:
            return refusal.reason


def test_a_number_is_noted_when_its_capture_fails() -> None:
    """And forgotten by the capture; of one that passes nothing is noted."""
    world, other = World(), World()
    noted = world.attacks.until[NUMBER]
    assert "failed" == world.send({"dialect": "capture", "capture": "somebody", "bundle": SCREEN}).json()["status"]
    assert world.clock.now() + 86_400 == world.attacks.until[NUMBER] > noted
    assert state_of(world, "somebody").id_number is None
    assert "passed" == other.send({"dialect": "capture", "capture": "somebody"}).json()["status"]
    assert (noted, None) == (other.attacks.until[NUMBER], state_of(other, "somebody").id_number)


def test_what_is_kept_of_a_capture() -> None:
    """No picture; the template of whoever passed, and of nobody who failed."""
    passed, failed = World(), World()
    passed.send({"dialect": "capture"})
    failed.send({"dialect": "capture", "bundle": SCREEN})
    assert [True, False] == [
        state.result is not None and state.result.template is not None
        for state in (state_of(passed, "plain"), state_of(failed, "plain"))
    ]
    for world in (passed, failed):
        for content, _ in world.vault.kept.values():
            assert world.pictures["anna"][20:] not in content
    state = state_of(passed, "plain")
    assert packed(state) == packed(unpacked(packed(state)))


def test_a_webhook_is_told_what_the_owner_is_answered() -> None:
    """The same members, with what it is and the ids of delivery and call; its address is forgotten by the capture."""
    world = World()
    world.send({"dialect": "capture", "capture": "told", "bundle": SCREEN})
    ((news, not_before),) = world.deliveries.waiting.values()
    place = {"call": "capture", "path": f"/v1/captures/{id_of('told')}"}
    answered = {**world.send(place, "native").json()}
    answered.pop("request")
    said = {"event": "capture", "delivery": news.id, "request": news.entry}
    assert {**said, **answered} == json.loads(news.content)
    assert ("capture", "good", "https://shop.test/captured") == (news.event, news.owner, news.address)
    assert (world.clock.now(), None) == (not_before, state_of(world, "told").webhook)


def test_nobody_is_told_before_the_result_is_kept() -> None:
    """A server that dies in between leaves news that are held."""
    world = World()
    state = state_of(world, "told")

    async def die() -> None:
        result = CaptureResult("passed", {}, {}, world.clock.now(), None)
        async with world.capture_aftermath().of(replace(state, result=result), state.webhook, "good"):
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        asyncio.run(die())
    ((_, not_before),) = world.deliveries.waiting.values()
    assert not_before is None


def test_a_capture_that_warns_is_a_case() -> None:
    """Of one that passed nobody has to think; the case knows whom to tell, and the judgements."""
    world = World()
    world.send({"dialect": "capture", "capture": "told"})
    world.send({"dialect": "capture", "capture": "of a lenient key", "bundle": SCREEN})
    ((entry, case),) = world.cases.kept.items()
    assert ("capture", "lenient", ("screen_replay",), "open") == (
        case.line.kind, case.line.owner, case.line.warnings, case.line.state
    )  # fmt: skip
    found = json.loads(case.content)
    assert (None, id_of("of a lenient key")) == (found["address"], found["capture"])
    assert "suspected" == {one["name"]: one["status"] for one in found["judgements"]}["screen_replay"]
    assert len(entry) == 36


def test_a_webhook_of_an_older_version_is_passed_on() -> None:
    """What its jobs hold is told as soon as there is a result, and never once the capture is forgotten."""
    world = World()
    states = capture_states(world)
    work = pass_on(states, Announcing(world.deliveries, world.clock), told)
    job = Job("1", JOB, "native:good", json.dumps([id_of("plain"), "https://shop.test/old"]).encode(), 1)

    async def done() -> bytes:
        async with InMemoryCompute(1).admit() as seat:
            return await work(job, seat)

    with pytest.raises(NotNow):
        asyncio.run(done())
    world.send({"dialect": "capture", "capture": "plain"})
    assert b"" == asyncio.run(done())
    ((news, not_before),) = world.deliveries.waiting.values()
    assert ("https://shop.test/old", world.clock.now()) == (news.address, not_before)
    world.deliveries.waiting.clear()
    world.clock.moment += 2 * 3600
    assert (b"", {}) == (asyncio.run(done()), world.deliveries.waiting)


class Slow(ScriptedJudges):
    """Judges after everybody else had time to come."""

    def __init__(self, faults: int = 0) -> None:
        self.faults = faults

    def judge(self, capture: Capture, stages: Stages) -> Judgements:
        """What the shades say, after so many faults."""
        if self.faults:
            self.faults -= 1
            raise RuntimeError("the network is on fire")
        return super().judge(capture, stages)


class Yielding(InMemoryCompute):
    """Work during which others go on."""

    async def run(self, work):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201  # As in the port.
        """The result, a little later."""
        await asyncio.sleep(0)
        return work()


def test_of_two_results_at_once_one_is_taken() -> None:
    """The other is refused, although it was signed by itself."""
    world = World()

    async def both() -> list[TakenResult | Reason]:
        use_case = taking(world, Slow())
        seat: Seat = Yielding(1)

        async def one(jti: int) -> TakenResult | Reason:
            try:
                return await use_case(command(world, jti), seat, StandingStopwatch())
            except Refusal as refusal:
                return refusal.reason

        return list(await asyncio.gather(one(1), one(2)))

    capture_states(world)
    first, second = asyncio.run(both())
    assert isinstance(first, TakenResult)
    assert Reason.LIVENESS_BUNDLE_USED is second


def test_a_fault_of_ours_leaves_the_capture_waiting() -> None:
    """The same bundle may then be sent again."""
    world = World()
    capture_states(world)
    use_case = taking(world, Slow(faults=1))
    with pytest.raises(RuntimeError):
        asyncio.run(taken(use_case, command(world)))
    again = asyncio.run(taken(use_case, command(world)))
    assert isinstance(again, TakenResult)
    assert "passed" == again.status


class CutOff(CaptureStates):
    """Keeps a result, and is cut off before it can say so; another result came meanwhile."""

    async def put(self, owner: str, state: CaptureState) -> None:
        """Kept all the same."""
        await super().put(owner, state)
        raise RuntimeError("the connection is gone")


class Hasty(CaptureStates):
    """Knows a capture as it stood a moment ago, when it is asked for the first time."""

    stale: ClassVar[list[CaptureState]] = []

    async def find(self, owner: str, capture: str) -> CaptureState | None:
        """How it stood, then how it stands."""
        return self.stale.pop() if self.stale else await super().find(owner, capture)


def test_a_result_that_is_kept_is_never_replaced() -> None:
    """Not even by one that came while its keeper was cut off after keeping it."""
    world = World()
    waiting = state_of(world, "plain")
    use_case = taking(world, ScriptedJudges())
    cut_off = replace(use_case, states=CutOff(world.vault, world.clock))
    with pytest.raises(RuntimeError):
        asyncio.run(taken(cut_off, command(world, pictures=SCREEN["pictures"])))
    hasty = Hasty(world.vault, world.clock)
    hasty.stale.append(waiting)
    assert Reason.LIVENESS_BUNDLE_USED is asyncio.run(taken(replace(use_case, states=hasty), command(world, 2)))
    assert "failed" == state_of(world, "plain").stands(world.clock.now())


class Blind(ScriptedJudges):
    """Cannot look for screens on these pictures, although it could on others."""

    @property
    def points(self) -> Mapping[JudgementName, OperatingPoint]:
        """What each judgement is worth."""
        return super().points

    def judge(self, capture: Capture, stages: Stages) -> Judgements:
        """Everything but screens."""
        return {**super().judge(capture, stages), "screen_replay": not_assessed("screen_replay", "surround_too_small")}


@pytest.mark.parametrize(("policy", "came_to"), [({}, "warned"), ({"screen_replay": "warn"}, "passed")])
def test_what_would_reject_and_was_not_seen_warns(policy: Policy, came_to: str) -> None:
    """Whoever keeps the screen's edges out of the picture is not passed for it, unless that attack never rejects."""
    world = World()
    capture_states(world)
    found = asyncio.run(taken(taking(world, Blind()), replace(command(world), policy=policy)))
    assert isinstance(found, TakenResult)
    assert (came_to, "passed") == (found.result.verdict, found.status)


def test_the_ledger_tells_whose_capture_it_was_and_nothing_of_it() -> None:
    """The page's call is billed to the owner; its record has digests, judgements and the policy."""
    world = World()
    world.send({"dialect": "capture", "bundle": SCREEN})
    (receipt,) = world.callers.ledger
    assert ("good", "capture", "capture_result", 1) == (
        *(receipt.entry.key, receipt.entry.dialect, receipt.entry.operation, receipt.entry.billed),
    )
    assert receipt.decision is not None
    decision = json.loads(json.dumps(receipt.decision))
    assert ("capture", "failed") == (decision["kind"], decision["verdict"])
    assert ("suspected", 0.9) == tuple(decision["judgements"]["screen_replay"][name] for name in ("status", "score"))
    assert token_of("plain") not in json.dumps(decision)
    assert token_of("plain") not in repr(world.journal.lines)
