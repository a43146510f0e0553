"""
Vouching: a signed bundle or the result of a flash run becomes a capture that was judged.

What vouches is spent with its first use. It may be used again only if that use failed through a fault of ours: so a
caller can repeat the call, and nobody can repeat somebody else's.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from ipse.core.genuineness.bundle import PICTURES, BundleClaims, check_bundle, sid_of
from ipse.core.genuineness.capture import Acted, Capture, Lit, Shot
from ipse.core.genuineness.flash_file import FlashClaims, biz_no_of, check_flash, frame_names
from ipse.core.genuineness.judgement import Judgements
from ipse.core.genuineness.session import LivenessSession
from ipse.core.genuineness.signed import SKEW_S
from ipse.core.images import Limits
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Profile
from ipse.service.judges import Judges
from ipse.service.liveness_sessions import LivenessSessions
from ipse.service.ports import Clock, Once, OnceKind, Seat, Stopwatch

OUR_FAULTS: Final = frozenset({Reason.DATA_SOURCE_FAILED, Reason.INTERNAL, Reason.BUSY})
"""Refusals after which the same bundle may be sent again. Source: the vendor says of these errors to try again."""

FRAMES_PROFILE: Final[Profile] = "fast"
"""
How templates of frames are made, which are only held against that of the best picture: for half of the time.

Source: `benchmarks/accuracy/mixed_profiles.py`; at FMR 1e-3 a fast template beside a balanced one misses 2.4 % as two
balanced ones do, and the thresholds are the same (0.371, 0.373).
"""


@dataclass(frozen=True, slots=True)
class SentBundle:
    """
    A bundle as it was sent.

    Attributes:
        delta: What vouches for the pictures.
        images: The pictures by their names, `"image_best"` and so on, byte for byte.
        check_delta: Whether one that was used before is refused.
    """

    delta: str = field(repr=False)
    images: Mapping[str, bytes] = field(repr=False)
    check_delta: bool = False


@dataclass(frozen=True, slots=True)
class Vouched:
    """
    A capture that was vouched for, and what was judged of it.

    Attributes:
        capture: The pictures.
        judgements: What is said of them.
        sdk: The version of the client that signed a bundle; `None` for flash runs.
        biz_no: The id of the flash run; `None` for bundles.
        release: Lets it be used again.
    """

    capture: Capture
    judgements: Judgements
    sdk: tuple[int, ...] | None
    biz_no: str | None
    release: Callable[[], Awaitable[None]] = field(repr=False)

    @asynccontextmanager
    async def used(self) -> AsyncIterator[None]:
        """Use it inside: it stays spent, unless a fault of ours or a caller who went away keeps the answer back."""
        async with _spent(self.release):
            yield


@dataclass(frozen=True, slots=True)
class Vouching:
    """
    Checks what vouches for pictures, and has them judged.

    Attributes:
        sessions: What was issued.
        once: What was used.
        judges: Who judges.
        clock: Time.
        limits: What one picture may cost.
    """

    sessions: LivenessSessions
    once: Once
    judges: Judges
    clock: Clock
    limits: Limits = field(default_factory=Limits)

    async def bundle(
        self, owner: str, sent: SentBundle, seat: Seat, stopwatch: Stopwatch, max_side_px: int | None = None
    ) -> Vouched:
        """
        Give the capture that a bundle vouches for, judged.

        Args:
            owner: `"<dialect>:<key>"`, as its session was opened for.
            sent: The bundle.
            seat: Where pictures are looked at.
            stopwatch: Times the work.
            max_side_px: Longest side that a picture may have.

        Raises:
            Refusal: In this order: `LIVENESS_BUNDLE_INVALID`, `LIVENESS_BUNDLE_USED`, `IMAGE_*` naming the picture.
        """
        sid = sid_of(sent.delta)
        session = None if sid is None else await self.sessions.find(owner, sid)
        if session is None or not _is_complete(session, sent.images):
            raise Refusal(Reason.LIVENESS_BUNDLE_INVALID)
        claims = await seat.run(partial(check_bundle, sent.delta, session, sent.images, self.clock.now()))
        release = await self._spend("liveness_bundle", owner, claims.jti, session)
        if release is None and sent.check_delta:
            raise Refusal(Reason.LIVENESS_BUNDLE_USED)
        async with _spent(release or _keep):
            counted = {name: sent.images[name] for name in PICTURES if name in sent.images}
            if not claims.has_env:
                counted.pop("image_env", None)
            capture = _captured(session, claims, await self._look(counted, max_side_px, seat, stopwatch))
            judgements = await seat.run(partial(self.judges.judge, capture, stopwatch))
        return Vouched(capture, judgements, claims.sdk, None, release or _keep)

    async def flash(
        self, owner: str, content: bytes, seat: Seat, stopwatch: Stopwatch, max_side_px: int | None = None
    ) -> Vouched:
        """
        Give the capture in the result of a flash run, judged; for the arguments see `bundle`.

        Raises:
            Refusal: `FLASH_RESULT_INVALID`, then `FLASH_RUN_USED`, then `FLASH_RESULT_INVALID` for a frame that cannot
                be decoded.
        """
        biz_no = biz_no_of(content)
        session = None if biz_no is None else await self.sessions.find_run(owner, biz_no)
        if session is None or biz_no is None:
            raise Refusal(Reason.FLASH_RESULT_INVALID)
        claims = await seat.run(partial(check_flash, content, session, self.clock.now()))
        release = await self._spend("flash_run", owner, biz_no, session)
        if release is None:
            raise Refusal(Reason.FLASH_RUN_USED)
        async with _spent(release):
            try:
                shots = await self._look(claims.parts, max_side_px, seat, stopwatch)
            except Refusal as refusal:
                if refusal.reason in OUR_FAULTS:
                    raise
                await self.sessions.end_run(owner, biz_no, claims.parts, failed=True)
                raise Refusal(Reason.FLASH_RESULT_INVALID) from None
            capture = _lit(claims, shots)
            judgements = await seat.run(partial(self.judges.judge, capture, stopwatch))
        return Vouched(capture, judgements, None, biz_no, release)

    async def _spend(
        self, kind: OnceKind, owner: str, token: str, session: LivenessSession
    ) -> Callable[[], Awaitable[None]] | None:
        """Give what releases it; `None` if it was spent before, and is not this caller's to release."""
        end = session.expires_at + SKEW_S
        release = partial(self.once.release, kind, owner, token)
        spending = asyncio.ensure_future(self.once.spend(kind, owner, token, end, self.clock.now()))
        try:
            is_first = await asyncio.shield(spending)
        except asyncio.CancelledError:
            if await spending:
                await release()
            raise
        return release if is_first else None

    async def _look(
        self, pictures: Mapping[str, bytes], max_side_px: int | None, seat: Seat, stopwatch: Stopwatch
    ) -> dict[str, Shot]:
        """Give what every picture shows, side by side; of several refusals the first in their order counts."""
        limits = replace(self.limits, max_side_px=max_side_px or self.limits.max_side_px)

        def looked(name: str, content: bytes) -> Shot | Refusal:
            try:
                profile = self.judges.profile if name == "image_best" else FRAMES_PROFILE
                return self.judges.look(name, content, limits, stopwatch, template=profile)
            except Refusal as refusal:
                return Refusal(refusal.reason, name)

        found = await asyncio.gather(*(seat.run(partial(looked, *one)) for one in pictures.items()))
        shots: dict[str, Shot] = {}
        for one in found:
            if isinstance(one, Refusal):
                raise one
            shots[one.name] = one
        return shots


async def _keep() -> None:
    """Leave spent what somebody else has spent."""


@asynccontextmanager
async def _spent(release: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Release if what is done inside ends without an answer, or with a fault of ours."""
    try:
        yield
    except Refusal as refusal:
        if refusal.reason in OUR_FAULTS:
            await release()
        raise
    except BaseException:
        await asyncio.shield(release())
        raise


def _action_name(place: int) -> str:
    """Give what the frame of an action is called, counted from 0."""
    return f"image_action{place + 1}"


def _is_complete(session: LivenessSession, images: Mapping[str, bytes]) -> bool:
    """Give whether there is a frame for every action that was asked for: a capture without them did not do them."""
    return all(_action_name(place) in images for place in range(len(session.actions)))


def _captured(session: LivenessSession, claims: BundleClaims, shots: Mapping[str, Shot]) -> Capture:
    """Give the capture of a bundle; frames of which nobody asked for anything are further ones."""
    asked = {_action_name(place): action for place, action in enumerate(session.actions)}
    return Capture(
        best=shots["image_best"],
        env=shots.get("image_env"),
        acted=tuple(Acted(action, shots[name]) for name, action in asked.items()),
        further=tuple(shots[name] for name in PICTURES[2:] if name in shots and name not in asked),
        log=claims.log,
    )


def _lit(claims: FlashClaims, shots: Mapping[str, Shot]) -> Capture:
    """Give the capture of a flash run."""
    _best, *names = frame_names(claims.colours)
    frames = zip(claims.colours, names, claims.shown_ms, claims.taken_ms, strict=True)
    lit = tuple(Lit(colour, shots[name], shown_ms, taken_ms) for colour, name, shown_ms, taken_ms in frames)
    return Capture(best=shots["image_best"], lit=lit, log=claims.log)
