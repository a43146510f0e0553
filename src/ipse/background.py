"""What goes on beside the answers: work that was put off, and the deleting of what has expired."""

import asyncio
from typing import Final

from ipse.capturing import announcer
from ipse.composition import Stores, capture_ports
from ipse.infra.settings import Settings
from ipse.infra.telemetry import RequestStopwatch, SystemClock
from ipse.service.check_card import JOB, ReadingChecker, RejectingChecker, check_card
from ipse.service.jobs import Crew, Worker
from ipse.service.ports import Compute, Log
from ipse.service.read_card import ReadCard
from ipse.service.webhooks import JOB as WEBHOOK

TELLERS: Final = 2
"""How many webhooks are told at once. Source: ours; one that does not answer takes 10 s."""

TELLER_IDLE_S: Final = 0.5
"""How long those wait who have nobody to tell. Source: ours; a page that ended is looked at by a person."""


async def in_background(settings: Settings, stores: Stores, work: Crew, log: Log, stop: asyncio.Event) -> None:
    """Do what nobody waits for, until told to stop: delete what has expired, and, by setting, what was put off."""
    workers = [work.run(stop)] if settings.jobs_in_server else []
    await asyncio.gather(stores.heart.run(log, stop), stores.house.run(log, stop), *workers)


def open_worker(stores: Stores, compute: Compute, read_card: ReadCard | None, log: Log) -> Crew:
    """
    What does the work that is put off; where nobody reads cards, those that are taken all the same are rejected.

    Webhooks have workers of their own: who is slow to answer keeps no card waiting.
    """
    clock = SystemClock()
    checker = RejectingChecker(clock) if read_card is None else ReadingChecker(read_card, clock, RequestStopwatch)
    telling = {WEBHOOK: announcer(capture_ports(stores, log))}
    return Crew(
        Worker(stores.jobs, {JOB: check_card(checker)}, compute, clock, log),
        *(Worker(stores.jobs, telling, compute, clock, log, TELLER_IDLE_S) for _ in range(TELLERS)),
    )
