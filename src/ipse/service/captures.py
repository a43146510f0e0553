"""
Captures, as their owner sees them: opened, asked for, and compared with a picture.

The pictures of a capture are never kept. Until it is forgotten, its result is, and the template of whoever passed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from uuid import UUID

from ipse.core.faces.embed import similarity
from ipse.core.faces.examine import Examination, Wish
from ipse.core.images import Limits
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Recipe, Template
from ipse.service.capture_states import CaptureState, CaptureStates, Stands
from ipse.service.examiner import Examiner
from ipse.service.liveness_sessions import LivenessSessions
from ipse.service.page_tokens import Page, PageTokens, owner_of
from ipse.service.ports import Clock, Seat, Stopwatch, WebhookSecrets
from ipse.service.verify_faces import Picture
from ipse.service.yardstick import Measured, Yardstick

DIALECT: Final = "native"
"""Whose keys open captures."""


@dataclass(frozen=True, slots=True)
class OpenCaptureCommand:
    """
    What is asked.

    Attributes:
        key: Whose capture.
        actions: How many actions are asked for, 0 to 5.
        flash: Whether a flash run is asked for.
        origin: The origin of the page that embeds the capture page.
        webhook: Where the result is sent.
        uuid: What the owner calls it.
        id_number: Who is said to be captured: noted as attacked if the capture fails.
    """

    key: str
    actions: int
    flash: bool
    origin: str | None = None
    webhook: str | None = field(default=None, repr=False)
    uuid: str | None = field(default=None, repr=False)
    id_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CaptureOpened:
    """
    A capture that waits.

    Attributes:
        capture: Its id.
        token: What the page works with.
        expires_in_s: How long it waits.
        uuid: What its owner calls it.
        webhook_secret: What its webhook is signed with, if it has one: the same for all calls of a key.
    """

    capture: str
    token: str = field(repr=False)
    expires_in_s: float
    uuid: str | None = field(repr=False)
    webhook_secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenCapture:
    """
    The use case.

    Attributes:
        sessions: Issue what is to be done.
        states: Keep the capture.
        tokens: Issue what the page works with.
        secrets: What webhooks are signed with.
        clock: When it ends.
        entropy: Gives that many random bytes.
        kept_s: How long it is remembered beyond the end of its session.
        is_open: Whether anybody judges captures here.
    """

    sessions: LivenessSessions
    states: CaptureStates
    tokens: PageTokens
    secrets: WebhookSecrets
    clock: Clock
    entropy: Callable[[int], bytes] = field(repr=False)
    kept_s: float = 3600.0
    is_open: bool = True

    async def __call__(self, command: OpenCaptureCommand, seat: Seat, stages: Stopwatch) -> CaptureOpened:
        """
        Give a capture that waits for somebody.

        Raises:
            Refusal: `NOT_OPEN`: nobody judges captures here.
        """
        del seat
        if not self.is_open:
            raise Refusal(Reason.NOT_OPEN)
        owner, capture = owner_of(DIALECT, command.key), str(UUID(bytes=self.entropy(16), version=4))
        with stages.stage("open"):
            session = await self.sessions.open(owner, actions=command.actions, flash=command.flash)
            state = CaptureState(
                id=capture,
                sid=session.sid,
                opened_at=session.issued_at,
                expires_at=session.expires_at,
                kept_until=session.expires_at + self.kept_s,
                asked=session.actions,
                flash=command.flash,
                origin=command.origin,
                webhook=command.webhook,
                uuid=command.uuid,
                id_number=command.id_number,
            )
            await self.states.put(owner, state)
            page = Page(DIALECT, command.key, "judge", session.sid, capture, command.origin, session.expires_at)
            token = await self.tokens.issue(page)
        secret = None if command.webhook is None else (await self.secrets.of(command.key))[0]
        return CaptureOpened(capture, token, session.expires_at - self.clock.now(), command.uuid, secret)


@dataclass(frozen=True, slots=True)
class AskForCaptureCommand:
    """Whose key asks for which capture."""

    key: str
    capture: str


@dataclass(frozen=True, slots=True)
class CaptureStanding:
    """A capture, and how it stands."""

    state: CaptureState
    stands: Stands


@dataclass(frozen=True, slots=True)
class AskForCapture:
    """
    The use case: how does my capture stand?

    Attributes:
        states: Keep captures.
        clock: For those that are over.
    """

    states: CaptureStates
    clock: Clock

    async def __call__(self, command: AskForCaptureCommand, seat: Seat, stages: Stopwatch) -> CaptureStanding:
        """
        Give how it stands.

        Raises:
            Refusal: `JOB_UNKNOWN`: there is no such capture of this key, or no longer.
        """
        del seat
        with stages.stage("state"):
            state = await self.states.find(owner_of(DIALECT, command.key), command.capture)
        if state is None:
            raise Refusal(Reason.JOB_UNKNOWN)
        return CaptureStanding(state, state.stands(self.clock.now()))


@dataclass(frozen=True, slots=True)
class CompareCaptureCommand:
    """Whose capture is compared with what, and how often strangers may be taken for one person."""

    key: str
    capture: str
    reference: Picture
    at_most: float


@dataclass(frozen=True, slots=True)
class CompareCaptureOutcome:
    """How alike they are, what was allowed, what the reference shows, and which pictures were captured."""

    measured: Measured
    at_most: float
    seen: Examination
    state: CaptureState

    @property
    def same_person(self) -> bool:
        """Whether strangers are that alike at most as often as was allowed."""
        return self.measured.is_one_person(self.at_most)


@dataclass(frozen=True, slots=True)
class CompareCapture:
    """
    The use case: is whoever was captured the person on this picture?

    Attributes:
        states: Keep captures.
        examiner: Looks at the reference.
        yardstick: Says what a similarity is worth.
        recipe: What today's templates are made of.
        limits: What a picture may cost.
    """

    states: CaptureStates
    examiner: Examiner
    yardstick: Yardstick
    recipe: Recipe
    limits: Limits = field(default_factory=Limits)

    async def __call__(self, command: CompareCaptureCommand, seat: Seat, stages: Stopwatch) -> CompareCaptureOutcome:
        """
        Give how alike they are.

        Raises:
            Refusal: `JOB_UNKNOWN`; `CAPTURE_NOT_PASSED`; `IMAGE_*` or `FACE_MISSING` of the reference.
        """
        state = await self.states.find(owner_of(DIALECT, command.key), command.capture)
        captured = _template_of(state, self.recipe)
        reference = command.reference
        look = partial(self.examiner.examine, reference.content, Wish(), self.limits, stages)
        try:
            seen = await seat.run(look)
        except Refusal as refusal:
            raise Refusal(refusal.reason, reference.name) from None
        if seen.template is None:
            raise Refusal(Reason.FACE_MISSING, reference.name)
        assert state is not None
        measured = self.yardstick.measure(similarity(captured, seen.template))
        return CompareCaptureOutcome(measured, command.at_most, seen, state)


def _template_of(state: CaptureState | None, recipe: Recipe) -> Template:
    """Give whom to compare with; after new weights there is nobody any more."""
    if state is None:
        raise Refusal(Reason.JOB_UNKNOWN)
    template = None if state.result is None else state.result.template
    if template is None or template.recipe != recipe:
        raise Refusal(Reason.CAPTURE_NOT_PASSED)
    return template
