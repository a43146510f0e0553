"""What must be true of a fleet after everything that was done to it: answers, ledger, limits, jobs."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from fleet.listener import Listener
from fleet.load import Tally
from fleet.processes import Fleet
from sqlalchemy import Engine, func, select, text

from ipse.infra.store.database import reading
from ipse.infra.store.engines import make_engine
from ipse.infra.store.tables import JOBS, KEPT, KEYS, LEASES, LEDGER

RATE_WINDOW_S = 60
RATE_MOST = 20


@dataclass(frozen=True)
class Line:
    """A line of the ledger."""

    call: UUID
    key: str
    operation: str
    outcome: str
    status: int
    billed: int
    counted: bool
    at_s: float
    elapsed_s: float


@dataclass(frozen=True)
class Found:
    """Everything that is looked at."""

    lines: dict[UUID, Line]
    limits: dict[str, tuple[int | None, int, int | None, int]]
    leases: int
    jobs: int
    jobs_done: int
    jobs_queued: int
    blobs: int
    kept: int
    stages_s: dict[UUID, float]


def found(site: Fleet) -> Found:
    """Read the database and all logs."""
    database = make_engine(site.environment["IPSE_DATABASE_URL"])
    try:
        with reading(database) as connection:
            rows = connection.execute(select(LEDGER)).all()
            lines = {
                UUID(row.id): Line(UUID(row.id), row.key, row.operation, row.outcome, row.status, row.billed,
                                   row.counted, row.at_ms / 1e3, row.elapsed_ms / 1e3)
                for row in rows
            }  # fmt: skip
            limits = {
                row.id: (row.test_quota, row.used, row.credit, row.spent) for row in connection.execute(select(KEYS))
            }
        kept, stages_s = _logged(site)
        return Found(
            lines=lines,
            limits=limits,
            leases=_count(database, select(func.count()).where(LEASES.c.expires_at_ms > int(time.time() * 1000))),
            jobs=_count(database, select(func.count()).select_from(JOBS)),
            jobs_done=_count(database, select(func.count()).where(JOBS.c.result.is_not(None))),
            jobs_queued=_count(database, text("SELECT count(*) FROM procrastinate_jobs")),
            blobs=_count(database, select(func.count()).where(KEPT.c.blob.is_not(None))),
            kept=kept,
            stages_s=stages_s,
        )
    finally:
        database.dispose()


def faults(tally: Tally, it: Found, keys: dict[str, dict[str, str]], listener: Listener) -> Iterator[str]:
    """Everything that is not as it must be, in words."""
    yield from (f"not an answer that is declared: {one}" for one in tally.odd)
    yield from _against_the_ledger(tally, it)
    yield from _limits(it, keys)
    yield from _repeats(tally, it, keys["again"])
    yield from _jobs(tally, it)
    yield from _webhooks(tally, listener)


def _against_the_ledger(tally: Tally, it: Found) -> Iterator[str]:
    """Every answer is one line; every other line is a call whose caller never heard the end of it."""
    answered = {one.call for one in tally.seen}
    for one in tally.seen:
        line = it.lines.get(one.call)
        if one.verdict == "fault" or one.is_repeat:
            continue
        if line is None:
            yield f"answered and not in the ledger: {one}"
        elif (line.key, line.status, line.billed) != (one.key, one.status, one.units):
            yield f"answered otherwise than written: {one} {line}"
    unheard = sum(call not in answered for call in it.lines)
    lost = sum(tally.broken.values())
    if unheard > lost:
        yield f"{unheard} lines of the ledger were never answered, and only {lost} connections broke"


def _limits(it: Found, keys: dict[str, dict[str, str]]) -> Iterator[str]:
    """None is exceeded by more than one; the counters are what the ledger adds up to."""
    for name, key in keys.items():
        public = key["key"].partition(".")[0]
        own = [line for line in it.lines.values() if line.key == public]
        quota, used, credit, spent = it.limits[public]
        billed, counted = sum(line.billed for line in own), sum(line.counted for line in own)
        if spent != billed:
            yield f"{name}: {spent} units were charged, the ledger has {billed}"
        if credit is not None and spent > credit + 1:
            yield f"{name}: {spent} of {credit} units were spent"
        if quota is not None and (used != counted or used > quota + 1):
            yield f"{name}: {used} of {quota} calls were used, the ledger has {counted}"
    if it.leases:
        yield f"{it.leases} leases are left, though nothing is under way"
    narrow = keys["narrow"]["key"].partition(".")[0]
    most = at_once(line for line in it.lines.values() if line.key == narrow and line.outcome == "ok")
    held = at_once_for_sure([line for line in it.lines.values() if line.key == narrow], it.stages_s)
    if held > 3:
        yield f"{held} calls of a key with room for 2 were at work at once ({most} as their callers see it)"
    rated = keys["rate"]["key"].partition(".")[0]
    for window, count in in_windows(line for line in it.lines.values() if line.key == rated).items():
        if count > RATE_MOST + 1:
            yield f"{count} calls of a key with {RATE_MOST} a minute were let in in the minute {window}"


def _repeats(tally: Tally, it: Found, key: dict[str, str]) -> Iterator[str]:
    """The same answer as the first time, and billed once."""
    yield from (f"another answer to the same idempotency key: {word}" for word in tally.changed)
    public = key["key"].partition(".")[0]
    billed = sum(line.billed for line in it.lines.values() if line.key == public)
    least, most = len(tally.repeated), len(tally.repeated) + len(tally.unresolved)
    if not least <= billed <= most:
        yield f"{least} to {most} repeated calls were answered, {billed} were billed"


def _jobs(tally: Tally, it: Found) -> Iterator[str]:
    """All that was accepted is done, once."""
    lost = [token for token, status in tally.tokens.items() if not status]
    if lost:
        yield f"{len(lost)} of {len(tally.tokens)} cards were never judged"
    counts, applying = tally.counts(), ("tencent apply", "native card")
    maybe = sum(tally.broken[name] + counts[name, "fault"] for name in applying)
    accepted = len(tally.tokens) + len(tally.told_about)
    if not accepted <= it.jobs <= accepted + maybe:
        yield f"{it.jobs} jobs stand in the database, {accepted} were accepted, {maybe} perhaps"
    if it.jobs_done != it.jobs or it.jobs_queued:
        yield f"{it.jobs} jobs, {it.jobs_done} results, {it.jobs_queued} still in line"
    if not it.blobs:
        yield "no picture was kept, though keys ask for it"
    if it.kept > it.jobs:
        yield f"{it.kept} results were kept for {it.jobs} jobs"


def _webhooks(tally: Tally, listener: Listener) -> Iterator[str]:
    """Each call is told of under one id, in the same words each time."""
    untold = tally.told_about - set(listener.taken.values())
    if untold:
        yield f"{len(untold)} of {len(tally.told_about)} webhooks were never told"
    twice = [call for call, count in Counter(listener.taken.values()).items() if count > 1]
    if twice:
        yield f"{len(twice)} calls were told under two ids"
    changing = [delivery for delivery, bodies in listener.bodies.items() if len(bodies) > 1]
    if changing:
        yield f"{len(changing)} webhooks said something else the second time"


def at_once(lines: Iterable[Line]) -> int:
    """Give how many calls overlap at most, from their first byte to their end: waiting at the door counts too."""
    return _most((line.at_s, line.at_s + line.elapsed_s) for line in lines)


def at_once_for_sure(lines: Sequence[Line], stages_s: dict[UUID, float]) -> int:
    """Give how many calls overlap at least at some moment, by the longest stage of their work, which came last."""
    ends = [(line.at_s + line.elapsed_s, stages_s.get(line.call, 0.0)) for line in lines if line.outcome == "ok"]
    return _most((end - stage, end) for end, stage in ends)


def _most(spans: Iterable[tuple[float, float]]) -> int:
    """Give the greatest number of spans that share a moment."""
    marks = sorted(mark for begin, end in spans for mark in ((begin, 1), (end, -1)))
    most = now = 0
    for _, step in marks:
        now += step
        most = max(most, now)
    return most


def in_windows(lines: Iterable[Line]) -> Counter[int]:
    """Give how many calls were let in within each minute, those left out that may belong to two."""
    counts: Counter[int] = Counter()
    for line in lines:
        first, last = int(line.at_s // RATE_WINDOW_S), int((line.at_s + line.elapsed_s) // RATE_WINDOW_S)
        if line.outcome != "rate_exceeded" and first == last:
            counts[first] += 1
    return counts


def _logged(site: Fleet) -> tuple[int, dict[UUID, float]]:
    """Give how many results workers kept, and of every call its longest stage but for its body."""
    kept, stages_s = 0, defaultdict(float)
    for member in (*site.servers, *site.workers):
        for line in member.lines():
            kept += line.get("event") == "job done" and line.get("kind") == "check_card" and bool(line.get("kept"))
            if line.get("event") == "answered":
                spent = [ms for name, ms in line["stages_ms"].items() if name != "body"]
                stages_s[UUID(line["request"])] = max(spent, default=0.0) / 1e3
    return kept, stages_s


def _count(database: Engine, asked: object) -> int:
    """Give a number from the database."""
    with reading(database) as connection:
        return int(connection.execute(asked).scalar_one())  # type: ignore[call-overload]  # A SELECT, or its text.
