"""What goes on beside the answers: work that was put off, and the deleting of what has expired."""

import asyncio
from random import random

from ipse.capturing import card_aftermath, older_webhooks
from ipse.composition import capture_ports
from ipse.infra.settings import Settings
from ipse.infra.telemetry import RequestStopwatch, SystemClock
from ipse.service.check_card import JOB, ReadingChecker, RejectingChecker, check_card
from ipse.service.jobs import Crew, Worker
from ipse.service.older_webhooks import JOB as OLDER
from ipse.service.ports import Compute, Log
from ipse.service.read_card import ReadCard
from ipse.service.webhooks import Teller
from ipse.stores import Stores


async def in_background(settings: Settings, stores: Stores, work: Crew, log: Log, stop: asyncio.Event) -> None:
    """Do what nobody waits for, until told to stop: delete what has expired, and, by setting, what was put off."""
    workers = [work.run(stop)] if settings.jobs_in_server else []
    await asyncio.gather(stores.heart.run(log, stop), stores.house.run(log, stop), *workers)


def open_worker(stores: Stores, compute: Compute, read_card: ReadCard | None, log: Log) -> Crew:
    """
    What does the work that is put off; where nobody reads cards, those that are taken all the same are rejected.

    Whoever tells webhooks does so beside: who is slow to answer keeps no card waiting.
    """
    clock = SystemClock()
    checker = RejectingChecker(clock) if read_card is None else ReadingChecker(read_card, clock, RequestStopwatch)
    ports = capture_ports(stores, log)
    follows = card_aftermath(ports)
    handlers = {JOB: check_card(checker, follows.put_down), OLDER: older_webhooks(ports)}
    teller = Teller(stores.deliveries, stores.webhooks, stores.webhook_secrets, clock, random, log)
    return Crew(Worker(stores.jobs, handlers, compute, clock, log, follows={JOB: follows.kept}), teller)
