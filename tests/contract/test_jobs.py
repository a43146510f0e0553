"""The port `Jobs` on both databases: nothing is lost, and nothing happens twice."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import reading
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
    while (job := await jobs.claim(("card",), 100.0, 60.0)) is not None:
        print(job.payload.decode(), flush=True)
        if sys.argv[2] == "hang":
            sys.stdin.read()
        assert await jobs.finish(job, job.payload)

asyncio.run(work())
database.dispose()
"""


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


def test_a_result_after_the_lease_went_to_somebody_else_is_refused(jobs: StoredJobs) -> None:
    """A slow worker's result counts as long as nobody else began; of two workers only the later one's is kept."""
    put(jobs, "t")
    slow = claim(jobs, 0)
    assert claim(jobs, 59.9) is None
    quick = claim(jobs, 60)
    assert slow is not None
    assert quick is not None
    assert (1, 2) == (slow.attempt, quick.attempt)
    assert not asyncio.run(jobs.finish(slow, b"slow"))
    assert asyncio.run(jobs.finish(quick, b"quick"))
    assert not asyncio.run(jobs.finish(quick, b"again"))
    assert JobState(b"quick") == state(jobs, "t", 61)


def test_a_job_that_ends_every_worker_is_given_up(jobs: StoredJobs) -> None:
    """It is tried as often as is allowed, and then its owner is told."""
    put(jobs, "t")
    attempts = [claim(jobs, 100.0 * turn) for turn in range(MOST_ATTEMPTS + 1)]
    assert [1, 2, 3, None] == [one and one.attempt for one in attempts]
    assert [JobState(None), JobState(None, given_up=True)] == [state(jobs, "t", now) for now in (201, 261)]


def test_an_expired_job_is_neither_done_nor_shown(jobs: StoredJobs) -> None:
    """After its time it is as if it had never been."""
    put(jobs, "t", expires_at=10)
    assert claim(jobs, 10) is None
    assert [None, JobState(None)] == [state(jobs, "t", now) for now in (10, 9.9)]


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


def test_the_job_of_a_killed_worker_comes_back(jobs: StoredJobs, database_url: str) -> None:
    """After kill -9 in the middle the job is nobody's once its lease has run out, and is done by the next worker."""
    put(jobs, "t")
    command = [sys.executable, "-c", WORKER, database_url, "hang"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert "t\n" == worker.stdout.readline()
        worker.kill()
    assert claim(jobs, 159.9) is None
    job = claim(jobs, 160)
    assert job is not None
    assert (b"t", 2) == (job.payload, job.attempt)
    assert asyncio.run(jobs.finish(job, b"done"))
