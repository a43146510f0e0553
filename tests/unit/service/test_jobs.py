"""The worker over jobs in memory."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from ipse.infra.compute import BoundedCompute
from ipse.service import jobs
from ipse.service.jobs import LEASE_S, TROUBLED_S, Worker
from ipse.service.ports import Job, JobState, Seat


@dataclass
class Waiting:
    """Jobs in a list; every claim counts."""

    jobs: list[Job]
    done: dict[str, bytes] = field(default_factory=dict)
    failed: list[tuple[str, float]] = field(default_factory=list)
    held: list[tuple[str, float]] = field(default_factory=list)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    lost: bool = False
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def put(self, token: str, kind: str, owner: str, payload: bytes, expires_at: float) -> None:
        """Add one."""
        del expires_at
        self.jobs.append(Job(token, kind, owner, payload, 1))

    async def claim(self, kinds: tuple[str, ...], now: float, lease_s: float) -> Job | None:
        """The next; when none is left, whoever works may stop."""
        del now, lease_s
        self.asked.append(kinds)
        if not self.jobs:
            self.stop.set()
            return None
        return self.jobs.pop(0)

    async def hold(self, job: Job, now: float, lease_s: float) -> bool:
        """Note it."""
        del now
        self.held.append((job.id, lease_s))
        return not self.lost

    async def fail(self, job: Job, now: float, wait_s: float) -> None:
        """Note it."""
        del now
        self.failed.append((job.id, wait_s))

    async def finish(self, job: Job, result: bytes) -> bool:
        """Keep it."""
        self.done[job.id] = result
        return True

    async def state(self, kind: str, owner: str, token: str, now: float) -> JobState | None:
        """Nobody asks here."""
        del kind, owner, token, now
        return None


class Standing:
    """A clock."""

    def now(self) -> float:
        """Always the same."""
        return 0.0

    def monotonic(self) -> float:
        """Always the same."""
        return 0.0


@dataclass
class Lines:
    """A log."""

    lines: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def info(self, event: str, **facts: object) -> None:
        """Keep it."""
        self.lines.append((event, facts))

    def error(self, event: str, **facts: object) -> None:
        """Keep it."""
        self.lines.append((event, facts))


@pytest.fixture
def compute() -> Iterator[BoundedCompute]:
    """An engine room for two."""
    room = BoundedCompute(1, 2)
    yield room
    room.close()


def job(name: str) -> Job:
    """A job whose payload is a secret."""
    return Job(name, "shout", "owner", f"secret {name}".encode(), 1)


async def shout(one: Job, seat: Seat) -> bytes:
    """The payload in capitals, worked out in the seat; the one called `bad` breaks."""
    if one.id == "bad":
        raise ValueError(one.payload)
    return await seat.run(one.payload.upper)


def test_jobs_are_done_one_after_the_other_until_told_to_stop(compute: BoundedCompute) -> None:
    """Each result is kept, and the log tells kinds and times only."""
    log = Lines()

    async def scene() -> Waiting:
        waiting = Waiting([job("a"), job("b")])
        await Worker(waiting, {"shout": shout}, compute, Standing(), log).run(waiting.stop)
        return waiting

    waiting = asyncio.run(scene())
    assert {"a": b"SECRET A", "b": b"SECRET B"} == waiting.done
    assert [("shout",)] * 3 == waiting.asked
    assert [("job done", {"kind": "shout", "attempt": 1, "kept": True, "elapsed_ms": 0.0})] * 2 == log.lines


def test_a_fault_ends_the_attempt_and_not_the_worker(compute: BoundedCompute) -> None:
    """The fault is logged by its kind, without the payload that it quotes; nothing is kept of the job."""
    log = Lines()

    async def scene() -> Waiting:
        waiting = Waiting([job("bad"), job("b")])

        async def told_to_stop(one: Job, seat: Seat) -> bytes:
            waiting.stop.set()
            return await shout(one, seat)

        await Worker(waiting, {"shout": told_to_stop}, compute, Standing(), log).run(waiting.stop)
        return waiting

    waiting = asyncio.run(scene())
    assert {} == waiting.done
    assert [("bad", TROUBLED_S)] == waiting.failed
    assert ["b"] == [one.id for one in waiting.jobs]
    assert [("job fault", {"error": "ValueError"})] == log.lines


def test_a_begun_job_is_ended_before_the_worker_stops(compute: BoundedCompute) -> None:
    """Told to stop in the middle, it keeps the result and takes no other job."""

    async def scene() -> Waiting:
        waiting, begun, go = Waiting([job("a"), job("b")]), asyncio.Event(), asyncio.Event()

        async def slow(one: Job, _seat: Seat) -> bytes:
            begun.set()
            await go.wait()
            return one.payload

        running = asyncio.ensure_future(
            Worker(waiting, {"shout": slow}, compute, Standing(), Lines()).run(waiting.stop)
        )
        await begun.wait()
        waiting.stop.set()
        go.set()
        await running
        return waiting

    waiting = asyncio.run(scene())
    assert {"a": b"secret a"} == waiting.done
    assert ["b"] == [one.id for one in waiting.jobs]


def test_a_job_is_held_while_it_is_done_but_not_for_ever(
    compute: BoundedCompute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease is begun anew beat after beat; of a worker that hangs no beat is heard after a while."""
    monkeypatch.setattr(jobs, "BEAT_S", 0.001)
    monkeypatch.setattr(jobs, "LONGEST_S", 0.0035)

    async def scene() -> Waiting:
        waiting, go = Waiting([job("a")]), asyncio.Event()

        async def slow(one: Job, _seat: Seat) -> bytes:
            await go.wait()
            return one.payload

        asyncio.get_running_loop().call_later(0.1, go.set)
        await Worker(waiting, {"shout": slow}, compute, Standing(), Lines()).run(waiting.stop)
        return waiting

    waiting = asyncio.run(scene())
    assert [("a", LEASE_S)] * 3 == waiting.held
    assert {"a": b"secret a"} == waiting.done
    assert [] == waiting.failed


def test_a_job_that_is_lost_is_left_undone(compute: BoundedCompute, monkeypatch: pytest.MonkeyPatch) -> None:
    """Erased, or another's: at the next beat its work is cut off, and nothing is kept or noted."""
    monkeypatch.setattr(jobs, "BEAT_S", 0.001)

    async def scene() -> tuple[Waiting, list[bool]]:
        waiting, ended = Waiting([job("a")], lost=True), []

        async def endless(one: Job, _seat: Seat) -> bytes:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(True)
            return one.payload

        await Worker(waiting, {"shout": endless}, compute, Standing(), Lines()).run(waiting.stop)
        return waiting, ended

    waiting, ended = asyncio.run(scene())
    assert ([True], {}, []) == (ended, waiting.done, waiting.failed)


def test_no_job_is_claimed_while_the_engine_room_is_full(compute: BoundedCompute) -> None:
    """It waits where others may take it, and is done once there is room."""

    async def scene() -> tuple[int, Waiting]:
        waiting = Waiting([job("a")])
        async with compute.admit(), compute.admit():
            running = asyncio.ensure_future(
                Worker(waiting, {"shout": shout}, compute, Standing(), Lines(), idle_s=0.001).run(waiting.stop)
            )
            await asyncio.wait([running], timeout=0.05)
            claims = len(waiting.asked)
        await running
        return claims, waiting

    claims, waiting = asyncio.run(scene())
    assert 0 == claims
    assert {"a": b"SECRET A"} == waiting.done
