"""`ipse worker`: the work that is put off, in a process of its own."""

import asyncio
import signal
from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from ipse.cli.store import configured_master_key
from ipse.infra.leaving import leave_within, stop_quietly
from ipse.infra.log import make_log
from ipse.infra.settings import read_settings
from ipse.service.jobs import LONGEST_S, Crew
from ipse.service.ports import Log

if TYPE_CHECKING:
    from ipse.infra.watching import Watch
    from ipse.stores import Stores

LEAVE_SECONDS: Final = LONGEST_S + 15
"""How long a stopping worker may take: the job that it has begun, then the rest. Supervisors are told to wait for 140
(`docs/fleet.md`)."""


def worker() -> None:
    """Do the work that is put off until stopped; any number may run beside any number of servers."""
    settings = read_settings()
    stop_quietly()
    # Wrong settings are told before the imports.
    from ipse.background import open_watch, open_worker  # noqa: PLC0415
    from ipse.composition import card_reader  # noqa: PLC0415
    from ipse.engine import open_engine  # noqa: PLC0415
    from ipse.infra.compute import BoundedCompute  # noqa: PLC0415
    from ipse.infra.metrics_page import metrics_page  # noqa: PLC0415
    from ipse.infra.telemetry import PrometheusMetrics  # noqa: PLC0415
    from ipse.stores import open_stores  # noqa: PLC0415

    log = make_log(settings.log_level, settings.log_format)
    with ExitStack() as closing:
        stores = open_stores(settings, configured_master_key(settings))
        closing.callback(stores.close)
        engine = open_engine(settings)
        compute = BoundedCompute(engine.threads, settings.max_in_flight)
        closing.callback(compute.close)
        metrics = None
        if settings.worker_metrics_port is not None:
            metrics = PrometheusMetrics(lambda: compute.in_flight)
            metrics.describe_console(stores.console_keys.is_ours)
            port = closing.enter_context(metrics_page(metrics.page, settings.host, settings.worker_metrics_port))
            log.info("showing metrics", host=settings.host, port=port)
        watch = open_watch(settings, metrics)
        closing.callback(watch.close)
        crew = open_worker(stores, compute, card_reader(settings, engine), log, watch)
        lost = {} if engine.decoding is None else engine.decoding.lost
        asyncio.run(_work(crew, stores, watch, lost, log))


async def _work(crew: Crew, stores: "Stores", watch: "Watch", lost: Mapping[str, int], log: Log) -> None:
    """Work until a signal, and delete what has expired; the job that was begun is ended first."""
    stop = asyncio.Event()

    def leave() -> None:
        if not stop.is_set():
            leave_within(LEAVE_SECONDS, log)
        stop.set()

    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, leave)
    log.info("working")
    await asyncio.gather(crew.run(stop), stores.house.run(log, stop), watch.run(stores.vitals, lost, stop))
    log.info("stopped")
