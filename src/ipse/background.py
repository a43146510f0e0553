"""What goes on beside the answers: work that was put off, and the deleting of what has expired."""

import asyncio
from importlib.metadata import version
from random import random
from typing import Final

from ipse.capturing import card_aftermath, older_webhooks
from ipse.composition import capture_ports
from ipse.infra.decoding import LimitedDecoding
from ipse.infra.settings import Settings
from ipse.infra.telemetry import PrometheusMetrics, RequestStopwatch, SystemClock
from ipse.infra.watching import Watch, open_tracer
from ipse.service.check_card import JOB, ReadingChecker, RejectingChecker, check_card
from ipse.service.jobs import Crew, Worker
from ipse.service.keep_card import KeepCard
from ipse.service.older_webhooks import JOB as OLDER
from ipse.service.ports import Compute, Log
from ipse.service.read_card import ReadCard
from ipse.service.webhooks import Teller
from ipse.stores import Stores

UNWATCHED: Final = Watch()
"""Nobody is told."""

APART: Final = (
    "all machines must see the same one, else erasures leave pictures behind: name a bucket by IPSE_BLOB_STORE"
)
"""What is said at the start of a server whose database others may share."""


def open_watch(settings: Settings, metrics: PrometheusMetrics | None = None) -> Watch:
    """Who is told how the work goes, as the settings say."""
    headers = "" if settings.otlp_headers is None else settings.otlp_headers.get_secret_value()
    return Watch(metrics, open_tracer(settings.otlp_endpoint, headers, settings.otlp_share, version("ipse")))


async def in_background(
    settings: Settings,
    stores: Stores,
    work: Crew,
    log: Log,
    stop: asyncio.Event,
    watch: Watch = UNWATCHED,
    decoding: LimitedDecoding | None = None,
) -> None:
    """Do what nobody waits for, until told to stop: delete what has expired, and, by setting, what was put off."""
    if settings.blobs_may_be_apart:
        log.info("pictures rest in a folder", why=APART)
    workers = [work.run(stop)] if settings.jobs_in_server else []
    lost = {} if decoding is None else decoding.lost
    watching = watch.run(stores.vitals, lost, stop)
    await asyncio.gather(stores.heart.run(log, stop), stores.house.run(log, stop), watching, *workers)


def open_worker(
    stores: Stores, compute: Compute, read_card: ReadCard | None, log: Log, watch: Watch = UNWATCHED
) -> Crew:
    """
    What does the work that is put off; where nobody reads cards, those that are taken all the same are rejected.

    Whoever tells webhooks does so beside: who is slow to answer keeps no card waiting.
    """
    clock = SystemClock()
    checker = RejectingChecker(clock) if read_card is None else ReadingChecker(read_card, clock, RequestStopwatch)
    ports = capture_ports(stores, log)
    follows = card_aftermath(ports)
    keep = KeepCard(stores.kept, clock, follows.put_down)
    handlers = {JOB: check_card(checker, watch.cards(keep)), OLDER: older_webhooks(ports)}
    handlers = {kind: watch.job(kind, handler) for kind, handler in handlers.items()}
    teller = Teller(stores.deliveries, watch.webhooks(stores.webhooks), stores.webhook_secrets, clock, random, log)
    return Crew(Worker(stores.jobs, handlers, compute, clock, log, follows={JOB: follows.kept}), teller)
