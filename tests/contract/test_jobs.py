"""The port `Jobs` on both databases: nothing is lost, and nothing happens twice."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, func, select, text

from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import DatabaseError, open_database, reading, writing
from ipse.infra.store.housekeeping import purge_some
from ipse.infra.store.jobs import MOST_ATTEMPTS, StoredJobs
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import JOBS
from ipse.service.ports import Job, JobState

KEY = MasterKey(bytes(32))
END = 10_000.0

WORKER = """
import asyncio, sys
from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import open_database
from ipse.infra.store.jobs import StoredJobs
from ipse.infra.store.questions import Questions
from ipse.infra.telemetry import SystemClock

database = open_database(sys.argv[1])
jobs = StoredJobs(database, MasterKey(bytes(32)), Questions(database), SystemClock())

async def work():
    while (job := await jobs.claim(("card",), 0.0, 60.0)) is not None:
        print(job.payload.decode(), flush=True)
        if sys.argv[2] == "hang":
            sys.stdin.read()
        assert await jobs.finish(job, job.payload)

asyncio.run(work())
database.dispose()
"""


PASSING = (
    "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - make_interval(secs => :s)",
    "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - make_interval(secs => :s)",
)
"""How time passes for the queue on PostgreSQL."""


@dataclass
class Clock:
    """The time that a test says it is."""

    time: float = 0.0

    def now(self) -> float:
        """The time."""
        return self.time

    def monotonic(self) -> float:
        """The time."""
        return self.time


@pytest.fixture
def clock() -> Clock:
    """Standing at zero."""
    return Clock()


@dataclass
class Ageing:
    """Lets time pass: for the clock of a test, and for PostgreSQL, whose queue goes by the database's own."""

    database: Engine
    clock: Clock

    def __call__(self, seconds: float) -> float:
        """The time, so many seconds later."""
        self.clock.time += seconds
        if self.database.dialect.name == "postgresql":
            with writing(self.database) as connection:
                for words in PASSING:
                    connection.execute(text(words), {"s": seconds})
        return self.clock.time


@pytest.fixture
def later(database: Engine, clock: Clock) -> Ageing:
    """Lets time pass."""
    return Ageing(database, clock)


@pytest.fixture
def jobs(database: Engine, clock: Clock) -> Iterator[StoredJobs]:
    """On each database."""
    questions = Questions(database)
    yield StoredJobs(database, KEY, questions, clock)
    questions.close()


def claim(jobs: StoredJobs, now: float, lease_s: float = 60.0) -> Job | None:
    """The next job of the only kind there is."""
    return asyncio.run(jobs.claim(("card",), now, lease_s))


def put(jobs: StoredJobs, token: str, expires_at: float = END) -> None:
    """Put work off whose payload is its token."""
    asyncio.run(jobs.put(token, "card", "owner", token.encode(), expires_at))


def state(jobs: StoredJobs, token: str, now: float) -> JobState | None:
    """How it stands."""
    return asyncio.run(jobs.state("card", "owner", token, now))


def payloads(database: Engine) -> list[bytes]:
    """What is kept of work that is still to be done."""
    with reading(database) as connection:
        return list(connection.execute(select(JOBS.c.payload).where(JOBS.c.payload.is_not(None))).scalars())


def test_a_job_goes_from_put_to_done(jobs: StoredJobs) -> None:
    """Its payload comes back to the worker, its result to the owner, and the owner only."""
    put(jobs, "t")
    assert JobState(None) == state(jobs, "t", 0)
    job = claim(jobs, 0)
    assert job is not None
    assert ("card", "owner", b"t", 1) == (job.kind, job.owner, job.payload, job.attempt)
    assert JobState(None) == state(jobs, "t", 1)
    assert asyncio.run(jobs.finish(job, b"done"))
    assert JobState(b"done") == state(jobs, "t", 2)
    assert asyncio.run(jobs.state("card", "somebody else", "t", 2)) is None
    assert asyncio.run(jobs.state("other", "owner", "t", 2)) is None
    assert claim(jobs, 3) is None


def test_the_oldest_goes_first_and_other_kinds_are_left(jobs: StoredJobs, clock: Clock) -> None:
    """Jobs are done in the order in which they came."""
    asyncio.run(jobs.put("z", "other", "owner", b"", END))
    for place, token in enumerate("cab"):
        clock.time = float(place)
        put(jobs, token)
    claimed = [claim(jobs, 5) for _ in range(4)]
    assert [b"c", b"a", b"b", None] == [one and one.payload for one in claimed]


def test_a_job_put_twice_is_done_once(jobs: StoredJobs) -> None:
    """A repeated put does not begin it anew, not even when it is done."""
    put(jobs, "t")
    job = claim(jobs, 0)
    assert job is not None
    put(jobs, "t")
    assert claim(jobs, 1) is None
    assert asyncio.run(jobs.finish(job, b"done"))
    put(jobs, "t")
    assert JobState(b"done") == state(jobs, "t", 2)


def test_a_result_after_the_lease_went_to_somebody_else_is_refused(jobs: StoredJobs, later: Ageing) -> None:
    """A slow worker's result counts as long as nobody else began; of two workers only the later one's is kept."""
    put(jobs, "t")
    slow = claim(jobs, 0)
    assert claim(jobs, later(59)) is None
    quick = claim(jobs, later(2))
    assert slow is not None
    assert quick is not None
    assert (1, 2) == (slow.attempt, quick.attempt)
    assert not asyncio.run(jobs.hold(slow, 61, 60))
    assert not asyncio.run(jobs.finish(slow, b"slow"))
    assert asyncio.run(jobs.finish(quick, b"quick"))
    assert not asyncio.run(jobs.finish(quick, b"again"))
    assert JobState(b"quick") == state(jobs, "t", 61)


def test_a_late_result_is_kept_as_long_as_nobody_else_began(jobs: StoredJobs, later: Ageing) -> None:
    """A worker that was thought dead and comes back in time has not worked in vain."""
    put(jobs, "t")
    slow = claim(jobs, 0)
    assert slow is not None
    later(100)
    assert asyncio.run(jobs.finish(slow, b"slow"))
    assert claim(jobs, later(100)) is None
    assert JobState(b"slow") == state(jobs, "t", 200)


def test_a_job_that_is_held_goes_to_nobody_else(jobs: StoredJobs, later: Ageing) -> None:
    """Its lease begins anew with every beat, and is over so many seconds after the last one."""
    put(jobs, "t")
    job = claim(jobs, 0)
    assert job is not None
    for _ in range(5):
        assert asyncio.run(jobs.hold(job, later(50), 60))
    assert claim(jobs, later(59)) is None
    assert claim(jobs, later(2)) is not None
    assert not asyncio.run(jobs.hold(job, later(0), 60))


def test_a_failed_attempt_is_followed_by_another_a_little_later(jobs: StoredJobs, later: Ageing) -> None:
    """Not before the time that was said, and without waiting for the lease."""
    put(jobs, "t")
    job = claim(jobs, 0)
    assert job is not None
    asyncio.run(jobs.fail(job, 0, 5))
    assert claim(jobs, later(4)) is None
    again = claim(jobs, later(2))
    assert again is not None
    assert (b"t", 2) == (again.payload, again.attempt)
    asyncio.run(jobs.fail(job, later(0), 5))
    assert asyncio.run(jobs.finish(again, b"done"))


def test_after_the_last_failed_attempt_the_job_is_given_up_at_once(
    jobs: StoredJobs, later: Ageing, database: Engine
) -> None:
    """Its owner is told at once and for good, and its payload is gone."""
    put(jobs, "t")
    attempts = []
    for _ in range(MOST_ATTEMPTS):
        attempts += [job] if (job := claim(jobs, later(6))) else []
        asyncio.run(jobs.fail(attempts[-1], later(0), 5))
    assert [1, 2, 3] == [job.attempt for job in attempts]
    assert JobState(None, given_up=True) == state(jobs, "t", later(0))
    assert [] == payloads(database)
    assert not asyncio.run(jobs.finish(attempts[-1], b"too late"))
    assert claim(jobs, later(100)) is None


def test_a_job_that_ends_every_worker_is_given_up(jobs: StoredJobs, later: Ageing, database: Engine) -> None:
    """It is tried as often as is allowed; then its owner is told for good, and the next claim forgets its payload."""
    put(jobs, "t")
    attempts = [claim(jobs, later(100)) for _ in range(MOST_ATTEMPTS)]
    assert [1, 2, 3] == [one and one.attempt for one in attempts]
    assert [JobState(None), JobState(None, given_up=True)] == [state(jobs, "t", later(by)) for by in (1, 60)]
    last = attempts[-1]
    assert last is not None
    assert not asyncio.run(jobs.finish(last, b"too late"))
    assert 1 == len(payloads(database))
    assert claim(jobs, later(0)) is None
    assert [] == payloads(database)
    assert JobState(None, given_up=True) == state(jobs, "t", later(0))


def test_the_house_forgets_what_no_worker_is_left_to_forget(jobs: StoredJobs, later: Ageing, database: Engine) -> None:
    """The payload of a job that was given up, and the row of one that has expired, are gone without any claim."""
    put(jobs, "t")
    for _ in range(MOST_ATTEMPTS):
        assert claim(jobs, later(100)) is not None
    assert {} == purge_some(database, later(59))
    assert {"payloads_of_given_up_jobs": 1} == purge_some(database, later(2))
    assert JobState(None, given_up=True) == state(jobs, "t", later(0))
    put(jobs, "u", expires_at=END - 1)
    assert {"jobs": 1} == purge_some(database, END - 1)
    assert claim(jobs, later(0)) is None
    assert [] == payloads(database)


def test_an_expired_job_is_neither_done_nor_shown(jobs: StoredJobs) -> None:
    """After its time it is as if it had never been."""
    put(jobs, "t", expires_at=10)
    assert [JobState(None), None] == [state(jobs, "t", now) for now in (9.9, 10)]
    assert claim(jobs, 10) is None


def test_the_table_tells_neither_token_nor_content(jobs: StoredJobs, database: Engine) -> None:
    """Token, payload and result stand nowhere in the clear, and the payload goes when the job is done."""
    put(jobs, "the token and payload")
    with reading(database) as connection:
        before = connection.execute(select(JOBS)).one()
    job = claim(jobs, 0)
    assert job is not None
    assert asyncio.run(jobs.finish(job, b"the result"))
    with reading(database) as connection:
        after = connection.execute(select(JOBS)).one()
    assert after.payload is None
    words = [value for row in (before, after) for value in row if isinstance(value, bytes)]
    assert 4 == len(words)
    assert not [word for word in words if b"the " in word]


def test_a_job_that_cannot_be_opened_does_not_stop_the_others(jobs: StoredJobs, database: Engine) -> None:
    """A payload sealed under a lost key uses up its attempts; the next job is done."""
    questions = Questions(database)
    put(StoredJobs(database, MasterKey(bytes(range(32))), questions, Clock()), "lost")
    questions.close()
    put(jobs, "t")
    job = claim(jobs, 0)
    assert job is not None
    assert b"t" == job.payload


def test_two_processes_share_the_work(jobs: StoredJobs, database_url: str) -> None:
    """Thirty jobs are each done once, whichever of two workers comes first."""
    for number in range(30):
        put(jobs, str(number))
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, database_url, "go"], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    done = [word for worker in workers for word in worker.communicate()[0].split()]
    assert sorted(map(str, range(30))) == sorted(done)
    assert [0, 0] == [worker.returncode for worker in workers]
    assert [str(number).encode() for number in range(30)] == [
        found.result for number in range(30) if (found := state(jobs, str(number), 200))
    ]


def test_of_attempts_that_cross_one_result_is_kept(
    jobs: StoredJobs, database: Engine, open_again: Callable[[], Engine]
) -> None:
    """Four workers whose leases are over at once get in each other's way: none stumbles, no job ends twice or never."""
    for number in range(12):
        put(jobs, str(number))
    engines = [open_again() for _ in range(4)]
    others = [StoredJobs(engine, KEY, Questions(engine), Clock()) for engine in engines]

    def work(other: StoredJobs) -> list[str]:
        kept = []
        while (job := claim(other, 0, 0.0)) is not None:
            assert asyncio.run(other.hold(job, 0, 0.0)) in {True, False}
            kept += [job.payload.decode()] if asyncio.run(other.finish(job, b"done")) else []
        return kept

    with ThreadPoolExecutor(4) as pool:
        kept = [token for tokens in pool.map(work, others) for token in tokens]
    for other in others:
        other._questions.close()
    states = {str(number): state(jobs, str(number), 1) for number in range(12)}
    assert sorted(kept) == sorted(token for token, one in states.items() if one == JobState(b"done"))
    assert set(states) - set(kept) == {token for token, one in states.items() if one and one.given_up}
    assert [] == payloads(database)


def test_the_job_of_a_killed_worker_comes_back(jobs: StoredJobs, later: Ageing, database_url: str) -> None:
    """After kill -9 in the middle the job is nobody's once its lease has run out, and is done by the next worker."""
    put(jobs, "t")
    command = [sys.executable, "-c", WORKER, database_url, "hang"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert "t\n" == worker.stdout.readline()
        worker.kill()
    assert claim(jobs, later(59)) is None
    job = claim(jobs, later(2))
    assert job is not None
    assert (b"t", 2) == (job.payload, job.attempt)
    assert asyncio.run(jobs.finish(job, b"done"))


def test_row_and_place_in_the_queue_are_one(postgresql_url: str) -> None:
    """A put that fails leaves neither; what is done or given up leaves the queue, and no sign of who did it."""
    database = open_database(postgresql_url)
    questions = Questions(database)
    clock = Clock()
    jobs = StoredJobs(database, KEY, questions, clock)
    queued = text("SELECT (SELECT count(*) FROM procrastinate_jobs), (SELECT count(*) FROM procrastinate_workers)")

    def counts() -> tuple[int, ...]:
        with reading(database) as connection:
            rows = connection.execute(select(func.count()).select_from(JOBS)).scalar_one()
            return (rows, *connection.execute(queued).one())

    with writing(database) as connection:
        connection.execute(text("ALTER TABLE procrastinate_events ADD CONSTRAINT never CHECK (job_id < 0) NOT VALID"))
    with pytest.raises(DatabaseError):
        put(jobs, "t")
    assert (0, 0, 0) == counts()
    with writing(database) as connection:
        connection.execute(text("ALTER TABLE procrastinate_events DROP CONSTRAINT never"))
    put(jobs, "t")
    put(jobs, "t")
    assert (1, 1, 0) == counts()
    job = claim(jobs, 0)
    assert job is not None
    assert (1, 1, 1) == counts()
    assert asyncio.run(jobs.finish(job, b"done"))
    assert (1, 0, 0) == counts()
    questions.close()
    database.dispose()
