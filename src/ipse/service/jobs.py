"""The worker: does the work that was put off, one job after the other, until it is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias

from ipse.core.reasons import Reason, Refusal
from ipse.service.faults import told_of
from ipse.service.ports import Clock, Compute, Job, Jobs, Log, Seat

Handler: TypeAlias = Callable[[Job, Seat], Awaitable[bytes]]
"""Does one job in a seat of the engine room and gives its result."""

Follows: TypeAlias = Callable[[Job], Awaitable[None]]
"""Does what follows when the result of a job is kept."""

IDLE_S: Final = 0.25
"""How long a worker without work waits. Source: ours; to look for work takes a millisecond."""

TROUBLED_S: Final = 5.0
"""How long it waits after a fault, which the next attempt would likely meet too. Source: ours."""

LEASE_S: Final = 10.0
"""
How long a job is nobody else's after its worker was last heard of.

Source: ours. A caller who asks as Tencent's are told to (10 times, 3 seconds apart) must still be asking when the job
of a killed worker is done by another.
"""

BEAT_S: Final = LEASE_S / 4
"""How often a worker is heard of: three beats may get lost."""

LONGEST_S: Final = 120.0
"""After how long a job is no longer held: its worker hangs. Source: ours; two sides take some seconds of a core."""


class NotNow(Exception):  # noqa: N818 (it reads as what it is)
    """
    A job cannot be done yet, through no fault of ours.

    Attributes:
        again_after_s: When the next attempt is made.
    """

    def __init__(self, again_after_s: float) -> None:
        super().__init__()
        self.again_after_s = again_after_s


class Worker:
    """
    One worker; any number may share a store, in any number of processes.

    Args:
        jobs: Where the work waits.
        handlers: What does the jobs of each kind.
        compute: Where they are done: while it is full no job is claimed.
        clock: For leases.
        log: Learns what was done, never with what.
        idle_s: How long to wait when there is nothing to do.
        follows: What is done at once when the result of a job of a kind is kept; it must be done without that too.
    """

    def __init__(
        self,
        jobs: Jobs,
        handlers: Mapping[str, Handler],
        compute: Compute,
        clock: Clock,
        log: Log,
        idle_s: float = IDLE_S,
        follows: Mapping[str, Follows] = MappingProxyType({}),
    ) -> None:
        self._jobs = jobs
        self._handlers = handlers
        self._compute = compute
        self._clock = clock
        self._log = log
        self._idle_s = idle_s
        self._follows = follows

    async def run(self, stop: asyncio.Event) -> None:
        """
        Work until told to stop; the job that was begun is ended first.

        A fault ends the attempt, not the worker: the job is tried again a little later.
        """
        while not stop.is_set():
            step = asyncio.ensure_future(self._step())
            try:
                await asyncio.wait([step])
            finally:
                step.cancel()
            fault = step.exception()
            if fault is not None:
                self._log.error("job fault", **told_of(fault))
                await _pause(stop, max(self._idle_s, TROUBLED_S))
            elif not step.result():
                await _pause(stop, self._idle_s)

    async def _step(self) -> bool:
        """Do one job; whether there was one, and room for it."""
        try:
            async with self._compute.admit() as seat:
                return await self._one(seat)
        except Refusal as refusal:
            if refusal.reason is not Reason.BUSY:
                raise
            return False

    async def _one(self, seat: Seat) -> bool:
        """Do one job in this seat; whether there was one."""
        now = self._clock.now()
        job = await self._jobs.claim(tuple(self._handlers), now, LEASE_S)
        if job is None:
            return False
        kept: bool | None = None
        wait_s = TROUBLED_S
        try:
            result = await self._done(job, seat)
            kept = result is not None and await self._jobs.finish(job, result)
        except NotNow as obstacle:
            wait_s = obstacle.again_after_s
        finally:
            if kept is None:
                await self._jobs.fail(job, self._clock.now(), wait_s)
        if kept and job.kind in self._follows:
            await self._follows[job.kind](job)
        elapsed_ms = round((self._clock.now() - now) * 1000, 3)
        event = "job put off" if kept is None else "job done"
        self._log.info(event, kind=job.kind, attempt=job.attempt, kept=bool(kept), elapsed_ms=elapsed_ms)
        return True

    async def _done(self, job: Job, seat: Seat) -> bytes | None:
        """Do a job and give its result; its lease is held meanwhile, and once that is lost, or the job erased, none."""
        work = asyncio.ensure_future(self._handlers[job.kind](job, seat))
        try:
            for _ in range(int(LONGEST_S / BEAT_S)):
                if (await asyncio.wait([work], timeout=BEAT_S))[0]:
                    break
                if not await self._jobs.hold(job, self._clock.now(), LEASE_S):
                    work.cancel()
                    await asyncio.wait([work])
                    return None
            return await work
        finally:
            work.cancel()


class Hand(Protocol):
    """Whoever works until told to stop."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; what was begun is ended first."""
        ...


class Crew:
    """
    Several hands as one, so that what waits for a slow stranger holds up nothing else.

    Args:
        workers: Each with work of its own, or several with the same.
    """

    def __init__(self, *workers: Hand) -> None:
        self._workers = workers

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; the jobs that were begun are ended first."""
        await asyncio.gather(*(worker.run(stop) for worker in self._workers))


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until told to stop."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
