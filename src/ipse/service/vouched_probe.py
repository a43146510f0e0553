"""A probe that something signed vouches for: a liveness bundle or the result of a flash run."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from ipse.core.genuineness.bundle import REPLACED_SINCE
from ipse.core.genuineness.capture import Capture
from ipse.core.genuineness.judgement import NAMES, JudgementName, Judgements, OperatingPoint, Status
from ipse.core.genuineness.policy import Policy, Verdict, consequence, rejects, verdict
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Template
from ipse.service.ports import Seat, Stopwatch
from ipse.service.vouching import OUR_FAULTS, SentBundle, Vouched, Vouching

BEST: Final = "image_best"
"""What refusals call the picture that is compared."""


@dataclass(frozen=True, slots=True)
class LivenessBundle:
    """A probe that a liveness bundle vouches for; `owner` is whose session it must be, `"<dialect>:<key>"`."""

    sent: SentBundle
    owner: str


@dataclass(frozen=True, slots=True)
class FlashResult:
    """A probe inside the result of a flash run; `owner` is whose run it must be, `"<dialect>:<key>"`."""

    content: bytes = field(repr=False)
    owner: str


@dataclass(frozen=True, slots=True)
class Genuineness:
    """
    What was judged of a vouched capture.

    Attributes:
        capture: The pictures.
        judgements: Every judgement.
        verdict: What follows from them for this caller.
        sdk: The version of the client that signed a bundle; `None` for flash runs.
        unheard: Why the capture must be refused because of something that the answer has no place to tell, if so.
    """

    capture: Capture = field(repr=False)
    judgements: Judgements
    verdict: Verdict
    sdk: tuple[int, ...] | None
    unheard: Reason | None = None

    @property
    def is_flash(self) -> bool:
        """Whether it is the result of a flash run."""
        return self.sdk is None

    @property
    def tells_screen(self) -> bool:
        """Whether the answer tells of screens: only with surroundings. Source: Megvii FaceID, verify, image_env."""
        return self.capture.env is not None

    @property
    def tells_replaced(self) -> bool:
        """Whether the answer tells of replaced faces. Source: Megvii FaceID, verify, face_replaced."""
        return self.sdk is None or self.sdk >= REPLACED_SINCE

    def template(self) -> Template:
        """
        Give the template of the subject.

        Raises:
            Refusal: `FACE_MISSING`: nobody is in the best picture.
        """
        template = self.capture.best.template
        if template is None:
            raise Refusal(Reason.FACE_MISSING, BEST)
        return template


@dataclass(frozen=True, slots=True)
class VouchedProbes:
    """Opens probes that something vouches for, and remembers how flash runs ended."""

    vouching: Vouching

    @asynccontextmanager
    async def opened(
        self,
        probe: LivenessBundle | FlashResult,
        policy: Policy,
        max_side_px: int | None,
        seat: Seat,
        stopwatch: Stopwatch,
    ) -> AsyncIterator[Genuineness]:
        """
        Use a probe inside: it is spent, unless what is done there fails through a fault of ours.

        Raises:
            Refusal: As `Vouching` does.
        """
        match probe:
            case LivenessBundle(sent, owner):
                vouched = await self.vouching.bundle(owner, sent, seat, stopwatch, max_side_px)
            case FlashResult(content, owner):
                vouched = await self.vouching.flash(owner, content, seat, stopwatch, max_side_px)
        genuineness = judged(vouched, policy, self.vouching.judges.points)
        async with vouched.used():
            try:
                yield genuineness
            except Refusal as refusal:
                if refusal.reason not in OUR_FAULTS:
                    await self._end(probe.owner, vouched, genuineness)
                raise
            await self._end(probe.owner, vouched, genuineness)

    async def _end(self, owner: str, vouched: Vouched, genuineness: Genuineness) -> None:
        """Remember how a flash run ended."""
        if vouched.biz_no is not None:
            failed = genuineness.unheard is not None or genuineness.verdict == "failed"
            pictures = {shot.name: shot.content for shot in vouched.capture.shots}
            await self.vouching.sessions.end_run(owner, vouched.biz_no, pictures, failed=failed)


def judged(vouched: Vouched, policy: Policy, points: Mapping[JudgementName, OperatingPoint]) -> Genuineness:
    """
    Give what follows from the judgements of a capture; `points` say which can be made here at all.

    A suspicion that rejects is told in the answer, where the caller compares a score with its threshold. One that this
    answer has no place for (an action that was not done, a colour that is not on the face, a screen without
    surroundings) would be told to nobody: there, the bundle does not show what it vouches for. Nor does it where one
    that would reject could not be assessed on these pictures: the neutral value would pass for a clear one.
    """
    told = Genuineness(vouched.capture, vouched.judgements, verdict(vouched.judgements, policy), vouched.sdk)
    reason = Reason.FLASH_RESULT_INVALID if told.is_flash else Reason.LIVENESS_BUNDLE_INVALID
    untold: list[JudgementName] = [name for name in NAMES if name not in _told(told)]
    if vouched.capture.best.face is None:
        is_void = told.is_flash
    else:
        is_void = any(_is_unseen(vouched.judgements, policy, points, name) for name in _shown(told))
    if not is_void and not any(rejects(vouched.judgements, policy, name) for name in untold):
        return told
    return Genuineness(told.capture, told.judgements, told.verdict, told.sdk, reason)


def _is_unseen(
    judgements: Judgements, policy: Policy, points: Mapping[JudgementName, OperatingPoint], name: JudgementName
) -> bool:
    """Give whether an attack would reject that could be looked for here, but not on these pictures."""
    is_seen = judgements[name].status is not Status.NOT_ASSESSED
    return points[name].assessed and not is_seen and consequence(name, policy) == "reject"


def _shown(genuineness: Genuineness) -> frozenset[JudgementName]:
    """Give the judgements for which a capture has all that they need, unless somebody held it back."""
    lit: tuple[JudgementName, ...] = ("flash",) if genuineness.is_flash else ()
    return frozenset((*(name for name in _told(genuineness) if name != "replaced"), *lit))


def _told(genuineness: Genuineness) -> frozenset[JudgementName]:
    """Give the judgements that an answer about a capture has a place for."""
    screens: tuple[JudgementName, ...] = ("screen_replay", "print") if genuineness.tells_screen else ()
    replaced: tuple[JudgementName, ...] = ("replaced",) if genuineness.tells_replaced else ()
    return frozenset({"mask", "synthetic", *screens, *replaced})
