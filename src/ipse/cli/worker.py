"""`ipse worker`: the work that is put off, in a process of its own."""

import asyncio
import signal

from ipse.cli.store import configured_master_key
from ipse.infra.log import make_log
from ipse.infra.settings import read_settings
from ipse.infra.store.housekeeping import Housekeeping
from ipse.service.jobs import Crew
from ipse.service.ports import Log


def worker() -> None:
    """Do the work that is put off until stopped; any number may run beside any number of servers."""
    settings = read_settings()
    # Wrong settings are told before the imports.
    from ipse.background import open_watch, open_worker  # noqa: PLC0415
    from ipse.composition import card_reader  # noqa: PLC0415
    from ipse.engine import open_engine  # noqa: PLC0415
    from ipse.infra.compute import BoundedCompute  # noqa: PLC0415
    from ipse.stores import open_stores  # noqa: PLC0415

    log = make_log(settings.log_level, settings.log_format)
    stores = open_stores(settings, configured_master_key(settings))
    engine = open_engine(settings)
    compute = BoundedCompute(engine.threads, settings.max_in_flight)
    watch = open_watch(settings)
    try:
        crew = open_worker(stores, compute, card_reader(settings, engine), log, watch)
        asyncio.run(_work(crew, stores.house, log))
    finally:
        watch.close()
        compute.close()
        stores.close()


async def _work(hand: Crew, house: Housekeeping, log: Log) -> None:
    """Work until a signal, and delete what has expired; the job that was begun is ended first."""
    stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    log.info("working")
    await asyncio.gather(hand.run(stop), house.run(log, stop))
    log.info("stopped")
