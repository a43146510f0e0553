"""
The two calls of the capture page: what is to be done, and here it is.

Whoever holds a page token may make them, and the owner of the capture pays. The page is told no score.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Final, Literal, NoReturn

from ipse.core.genuineness.bundle import sid_of
from ipse.core.genuineness.capture import Capture
from ipse.core.genuineness.flash_file import biz_no_of
from ipse.core.genuineness.judgement import Judgement, JudgementName, Judgements, Status
from ipse.core.genuineness.policy import Policy, Verdict, consequence, verdict
from ipse.core.genuineness.session import LivenessSession
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Stages
from ipse.service.aftermath import CaptureAftermath
from ipse.service.capture_states import CaptureResult, CaptureState, CaptureStates
from ipse.service.judges import Judges
from ipse.service.liveness_sessions import LivenessSessions
from ipse.service.page_tokens import Page, PageTokens
from ipse.service.ports import Attacks, Clock, Once, Seat, Stopwatch
from ipse.service.vouching import SentBundle, Vouched, Vouching

FLASH_FILE: Final = "meglive_flash_result"
"""What refusals call the result of a flash run. Source: Megvii FaceID, verify."""

FLASH_NAMES: Final = MappingProxyType({"image_best": "flash_best"})
"""What digests call the pictures of a flash run that have the name of one of the bundle."""

WORSE: Final = (Status.NOT_ASSESSED, Status.CLEAR, Status.SUSPECTED)
"""Of two judgements the later one here counts."""


@dataclass(frozen=True, slots=True)
class PageSession:
    """What the page is to do, and until when."""

    page: Page
    session: LivenessSession
    expires_in_s: float


@dataclass(frozen=True, slots=True)
class GiveSession:
    """
    The use case: what is to be done?

    Attributes:
        tokens: Say what a token is good for.
        sessions: What was issued.
        states: Keep captures.
        clock: For what is over.
    """

    tokens: PageTokens
    sessions: LivenessSessions
    states: CaptureStates
    clock: Clock

    async def __call__(self, token: str, seat: Seat, stages: Stopwatch) -> PageSession:
        """
        Give what is to be done; asked again, the same.

        Raises:
            Refusal: `CREDENTIALS_INVALID`: the token is over. `LIVENESS_BUNDLE_USED`: it was done.
        """
        del seat
        with stages.stage("session"):
            page = await page_of(self.tokens, token)
            session = await self.sessions.find(page.owner, page.sid)
            state = None if page.capture is None else await self.states.find(page.owner, page.capture)
        if session is None:
            raise Refusal(Reason.CREDENTIALS_INVALID, "token")
        if state is not None and state.result is not None:
            raise Refusal(Reason.LIVENESS_BUNDLE_USED)
        return PageSession(page, session, session.expires_at - self.clock.now())


@dataclass(frozen=True, slots=True)
class TakeResultCommand:
    """
    What the page brings.

    Attributes:
        token: The page's token.
        policy: What follows from which suspicion, as the owner of the key decided.
        delta: What vouches for the pictures.
        images: The pictures by their names.
        flash: The result of the flash run.
    """

    token: str = field(repr=False)
    policy: Policy
    delta: str = field(repr=False)
    images: Mapping[str, bytes] = field(repr=False)
    flash: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class TakenResult:
    """The capture, and what became of it."""

    capture: str
    result: CaptureResult
    policy: Policy

    @property
    def status(self) -> Literal["passed", "failed"]:
        """What the page is told."""
        return "failed" if self.result.verdict == "failed" else "passed"


@dataclass(frozen=True, slots=True)
class TakeResult:
    """
    The use case: here it is.

    Attributes:
        tokens: Say what a token is good for.
        states: Keep captures.
        vouching: Checks what vouches for the pictures, and has them judged.
        once: What was taken.
        aftermath: Has whoever wants to know told, and people look at what the machine only suspects.
        attacks: Numbers under which attacks were seen.
        clock: Time.
        attacked_s: How long an attack under somebody's number counts; with 0 none is noted.
    """

    tokens: PageTokens
    states: CaptureStates
    vouching: Vouching
    once: Once
    aftermath: CaptureAftermath
    attacks: Attacks
    clock: Clock
    attacked_s: float

    async def __call__(self, command: TakeResultCommand, seat: Seat, stages: Stopwatch) -> TakenResult:
        """
        Give what became of a capture. What could not be judged leaves it waiting; what was judged is final.

        Raises:
            Refusal: `CREDENTIALS_INVALID`, `OPERATION_DENIED` (what this page captures is handed over),
                `LIVENESS_BUNDLE_USED`, `ARGUMENT_MISSING` (a flash run was asked for), `LIVENESS_BUNDLE_INVALID`,
                `IMAGE_*`, `FLASH_RESULT_INVALID`, `FLASH_RUN_USED`, `FACE_MISSING`, `DATA_SOURCE_FAILED`.
        """
        page = await page_of(self.tokens, command.token)
        if page.mode != "judge" or page.capture is None:
            raise Refusal(Reason.OPERATION_DENIED)
        state = await self._still_waiting(page.owner, page.capture)
        self._check(state, command)
        async with self._alone(page.owner, state):
            result = await self._judged(page, state, command, seat, stages)
        return TakenResult(state.id, result, command.policy)

    async def _still_waiting(self, owner: str, capture: str) -> CaptureState:
        """
        Give a capture without a result.

        It is asked for again once the capture was taken: who took it before may have kept a result, and been cut off.
        """
        state = await self.states.find(owner, capture)
        if state is None:
            raise Refusal(Reason.CREDENTIALS_INVALID, "token")
        if state.result is not None:
            raise Refusal(Reason.LIVENESS_BUNDLE_USED)
        return state

    @staticmethod
    def _check(state: CaptureState, command: TakeResultCommand) -> None:
        """Refuse what is not of this capture's session, before anything is spent."""
        if state.flash and command.flash is None:
            raise Refusal(Reason.ARGUMENT_MISSING, FLASH_FILE)
        if sid_of(command.delta) != state.sid:
            raise Refusal(Reason.LIVENESS_BUNDLE_INVALID)

    @asynccontextmanager
    async def _alone(self, owner: str, state: CaptureState) -> AsyncIterator[None]:
        """Take the capture's only result inside; what ends without one leaves it to be taken."""
        if not await self.once.spend("capture", owner, state.id, state.kept_until, self.clock.now()):
            raise Refusal(Reason.LIVENESS_BUNDLE_USED)
        try:
            await self._still_waiting(owner, state.id)
            yield
        except BaseException:
            await asyncio.shield(self.once.release("capture", owner, state.id))
            raise

    async def _judged(
        self, page: Page, state: CaptureState, command: TakeResultCommand, seat: Seat, stages: Stopwatch
    ) -> CaptureResult:
        """Give what became of it, once it is kept."""
        owner = page.owner
        async with AsyncExitStack() as used:
            sent = SentBundle(command.delta, command.images, check_delta=True)
            vouched = await self.vouching.bundle(owner, sent, seat, stages)
            await used.enter_async_context(vouched.used())
            capture, judgements = vouched.capture, vouched.judgements
            if capture.best.face is None:
                raise Refusal(Reason.FACE_MISSING, capture.best.name)
            digests = {shot.name: shot.digest for shot in capture.shots}
            if command.flash is not None and state.flash:
                run = await self._run(owner, state, command.flash, seat, stages)
                await used.enter_async_context(run.used())
                judgements = await seat.run(partial(both, vouched, run, self.vouching.judges, stages))
                digests |= {FLASH_NAMES.get(shot.name, shot.name): shot.digest for shot in run.capture.shots}
            came_to = self._verdict(state, judgements, command.policy)
            template = None if came_to == "failed" else capture.best.template
            result = CaptureResult(came_to, judgements, digests, self.clock.now(), template)
            with stages.stage("keep"):
                await self._keep(page, state, result)
        return result

    async def _run(self, owner: str, state: CaptureState, content: bytes, seat: Seat, stages: Stopwatch) -> Vouched:
        """Give the flash run of this capture's session, judged."""
        biz_no = biz_no_of(content)
        session = None if biz_no is None else await self.vouching.sessions.find_run(owner, biz_no)
        if session is None or session.sid != state.sid:
            raise Refusal(Reason.FLASH_RESULT_INVALID)
        return await self.vouching.flash(owner, content, seat, stages)

    def _verdict(self, state: CaptureState, judgements: Judgements, policy: Policy) -> Verdict:
        """
        Give what follows from the judgements; what would reject, and could not be assessed, warns.

        Else whoever keeps the edges of a screen out of the picture would pass for somebody who has none, and everybody
        would pass where the weights were not fetched.
        """
        came_to = verdict(judgements, policy)
        unseen = [
            name
            for name in expected(state)
            if consequence(name, policy) == "reject" and judgements[name].status is Status.NOT_ASSESSED
        ]
        return "warned" if came_to == "passed" and unseen else came_to

    async def _keep(self, page: Page, state: CaptureState, result: CaptureResult) -> None:
        """
        Keep the result, after everything else that it brings about: what fails before leaves the capture waiting.

        The person's number and the webhook's address are not kept any longer.
        """
        if result.verdict == "failed" and state.id_number is not None and self.attacked_s > 0:
            await self.attacks.note(state.id_number, self.clock.now() + self.attacked_s)
        done = replace(state, result=result, id_number=None, webhook=None)
        async with self.aftermath.of(done, state.webhook, page.key):
            await self.states.put(page.owner, done)


async def take_nothing(command: TakeResultCommand, seat: Seat, stages: Stopwatch) -> NoReturn:
    """Refuse to take a result where nobody judges."""
    del command, seat, stages
    raise Refusal(Reason.NOT_OPEN)


async def page_of(tokens: PageTokens, token: str) -> Page:
    """Give what a token is good for; `CREDENTIALS_INVALID` if for nothing."""
    page = await tokens.find(token)
    if page is None:
        raise Refusal(Reason.CREDENTIALS_INVALID, "token")
    return page


def expected(state: CaptureState) -> tuple[JudgementName, ...]:
    """Give the judgements for which the page has asked everything that they need."""
    acted: tuple[JudgementName, ...] = ("replaced", "action") if state.asked else ()
    lit: tuple[JudgementName, ...] = ("flash",) if state.flash else ()
    return ("screen_replay", "print", *acted, *lit)


def both(bundle: Vouched, run: Vouched, judges: Judges, stages: Stages) -> Judgements:
    """
    Give the judgements about a bundle and a flash run of one session: of two the worse counts.

    Whether both show the same person is judged of their best frames.
    """
    side_by_side = judges.judge(Capture(bundle.capture.best, further=(run.capture.best,)), stages)["replaced"]
    worse: dict[JudgementName, Judgement] = {
        name: _worse(one, run.judgements[name]) for name, one in bundle.judgements.items()
    }
    worse["replaced"] = _worse(worse["replaced"], side_by_side)
    return worse


def _worse(one: Judgement, other: Judgement) -> Judgement:
    """Give the judgement that says more against the capture."""
    return max(one, other, key=lambda each: (WORSE.index(each.status), each.score or 0.0))
