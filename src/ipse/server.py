"""
The HTTP side: the engine, the dialects and the pages about the server itself become one ASGI application.

The socket listens before the networks are warm. Until then `/readyz` answers 503, and a vendor's call waits.
"""

import logging
import secrets
import signal
import socket
import ssl
import sys
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from structlog.typing import FilteringBoundLogger

from ipse.background import in_background, open_watch, open_worker
from ipse.capture.page import Asset, CapturePage
from ipse.composition import ANSWERING, card_reader, compose
from ipse.console.bodies import Bodies
from ipse.core.scoring.calibration import Curve
from ipse.desk import open_desk, welcome
from ipse.edge import Edge, GoOn, NotWantedError, Opened
from ipse.engine import Engine, engine_facts, load_curve, open_engine, thread_count
from ipse.engine.sheet import engine_sheet
from ipse.infra.compute import BoundedCompute
from ipse.infra.draining import DrainingServer
from ipse.infra.guarded_http import GuardedHttp
from ipse.infra.leaving import leave_within
from ipse.infra.log import Forward, make_log
from ipse.infra.master_key import MasterKey
from ipse.infra.master_key_file import load_master_key
from ipse.infra.settings import Settings, SettingsError
from ipse.infra.telemetry import PrometheusMetrics, SystemClock
from ipse.models.manifest import Manifest
from ipse.protocols.arrivals import Arrivals
from ipse.protocols.dialect import Patience, Surroundings, asgi_app
from ipse.service.access import Access
from ipse.service.desk.health import Here
from ipse.stores import Stores, open_stores

KEEP_ALIVE_SECONDS: Final = 75
"""How long an idle connection stays open. Source: nginx's `keepalive_timeout`."""

ARRIVAL_SECONDS: Final = 5.0
"""How long a stopping server waits for bodies that are still arriving. Source: 2 MiB at 4 Mbit/s take 4.2 s."""

DRAIN_SECONDS: Final = 30
"""How long a stopping server waits for the requests that it has begun; Kubernetes kills after 30 s by default."""

LEAVE_SECONDS: Final = 65.0
"""How long all of it may take from then on: calls, then the work behind them, then five for the rest. Supervisors are
told to wait for 70 (`docs/fleet.md`)."""

INSISTED_SECONDS: Final = 3.0
"""How long it may take from a second signal on: files and connections are closed, and nothing is waited for."""


@dataclass(frozen=True, slots=True)
class Tls:
    """Certificate chain and key, both PEM files."""

    certificate: Path
    key: Path


def serve(settings: Settings, listener: socket.socket, tls: Tls | None = None) -> int:
    """
    Serve on a listening socket until a signal; the exit status.

    Raises:
        SetupError: What was set cannot be served; said before the first connection is taken.
    """
    unknown = set(settings.hosts.values()) - ANSWERING
    if unknown:
        raise SettingsError(f"The setting hosts names {', '.join(sorted(unknown))}, which does not answer here.")
    master_key = _master_key(settings)
    log = make_log(settings.log_level, settings.log_format)
    logging.getLogger("uvicorn").addHandler(Forward(log))
    compute = BoundedCompute(thread_count(settings), settings.max_in_flight)
    metrics = PrometheusMetrics(lambda: compute.in_flight)
    faults: list[BaseException] = []

    def give_up(fault: BaseException) -> None:
        faults.extend([] if isinstance(fault, NotWantedError) else [fault])
        server.should_exit = True

    def stop() -> None:
        leave_within(LEAVE_SECONDS, log)
        arrivals.hurry(ARRIVAL_SECONDS)

    arrivals = Arrivals()
    home = _home(listener, tls)
    edge = Edge(
        lambda go_on: _open(settings, master_key, log, compute, metrics, arrivals, home, go_on),
        metrics,
        capture_page(settings),
        give_up,
    )
    config = _config(edge, tls)
    server = DrainingServer(
        config,
        on_hangup=lambda: _renew(config.ssl, tls, log),
        on_leave=edge.leave,
        on_stop=stop,
        on_insist=lambda: leave_within(INSISTED_SECONDS, log),
        delay_s=settings.drain_delay_s,
    )
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # Until the event loop runs; at its default it would end us.
    host, port = listener.getsockname()[:2]
    log.info("listening", host=host, port=port, tls=tls is not None)
    server.run(sockets=[listener])
    compute.close()
    if faults:
        raise faults[0]
    log.info("stopped")
    return 0


def capture_page(settings: Settings) -> CapturePage:
    """The capture page with the networks that were fetched for it."""
    files = Manifest.load().browser
    return CapturePage(
        {one.file: Asset(settings.weights_dir / one.file, one.digest) for one in files}, settings.capture_embed_origins
    )


def _home(listener: socket.socket, tls: Tls | None) -> str:
    """Where a browser on this machine reaches the server."""
    host, port = listener.getsockname()[:2]
    named = "localhost" if host in {"0.0.0.0", "::", "127.0.0.1", "::1"} else f"[{host}]" if ":" in host else host  # noqa: S104 - read, not bound
    return f"{'http' if tls is None else 'https'}://{named}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """
    A socket that listens already, so that a caller who is early waits instead of being turned away.

    Raises:
        SettingsError: The address cannot be had.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(f"Cannot listen on {host} port {port}: {error.strerror or error}.") from None


def _config(edge: Edge, tls: Tls | None) -> uvicorn.Config:
    """Uvicorn as we want it: no access log (query strings hold secrets), no words of its own when busy."""
    try:
        config = uvicorn.Config(
            edge,
            loop="uvloop",
            http=GuardedHttp,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=DRAIN_SECONDS,
            ssl_certfile=None if tls is None else tls.certificate,
            ssl_keyfile=None if tls is None else tls.key,
        )
        config.load()
    except (OSError, ssl.SSLError) as error:
        files = "" if tls is None else f" {tls.certificate} or its key {tls.key}"
        raise SettingsError(f"The certificate{files} cannot be used: {error.strerror or error}.") from None
    return config


def _renew(context: ssl.SSLContext | None, tls: Tls | None, log: FilteringBoundLogger) -> None:
    """Read certificate and key again for the connections to come; if they cannot be used, the old ones stay."""
    if context is None or tls is None:
        log.info("hangup ignored", why="there is no certificate to read again")
        return
    try:
        # Tried apart first: a chain whose key does not fit would leave half of itself in the live context.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.certificate, tls.key)
        context.load_cert_chain(tls.certificate, tls.key)
    except (OSError, ssl.SSLError) as error:
        log.warning("certificate not renewed", why=str(error))
        return
    log.info("certificate renewed")


def _open(
    settings: Settings,
    master_key: MasterKey,
    log: FilteringBoundLogger,
    compute: BoundedCompute,
    metrics: PrometheusMetrics,
    arrivals: Arrivals,
    home: str,
    go_on: GoOn,
) -> Opened:
    """Everything that answers, warm."""
    began = time.perf_counter()
    engine, curve, stores = _parts(settings, master_key, log, go_on)
    facts = engine_facts(settings, engine, curve)
    watch = open_watch(settings, metrics)
    closing = ExitStack()
    closing.callback(stores.close)
    closing.callback(watch.close)
    metrics.describe_console(stores.console_keys.is_ours)
    metrics.describe_engine(
        {name: str(facts[name]) for name in ("runtime", "provider", "precision", "profile", "threads")}
    )
    surroundings = Surroundings(
        access=Access(stores.callers, compute, SystemClock()),
        clock=SystemClock(),
        entropy=secrets.token_bytes,
        stopwatch=watch.stopwatch,
        log=log,
        metrics=metrics,
        patience=Patience(whole_s=settings.body_timeout_s, stall_s=min(Patience().stall_s, settings.body_timeout_s)),
        arrivals=arrivals,
        tracer=watch.tracer,
    )
    read_card = card_reader(settings, engine)
    dialects = compose(settings, engine, curve, stores, read_card, log)
    answers = asgi_app(dialects.vendors, dialects.native, surroundings, settings.hosts)
    here = Here(socket.gethostname(), time.time(), metrics.busy_count, lambda: compute.in_flight)
    sys.stdout.write(f"{welcome(settings, stores, home, log)}\n")
    sys.stdout.flush()
    log.info("ready", after_s=round(time.perf_counter() - began, 3), **_in_short(facts))
    return Opened(
        answers,
        open_desk(
            settings, stores, engine_sheet(settings, curve, facts), here, answers, compute, log, Bodies(arrivals)
        ),
        facts,
        is_usable=stores.sight.is_there,
        work=lambda stop: in_background(
            settings, stores, open_worker(stores, compute, read_card, log, watch), log, stop, watch, engine.decoding
        ),
        close=closing.close,
    )


def _parts(
    settings: Settings, master_key: MasterKey, log: FilteringBoundLogger, go_on: GoOn
) -> tuple[Engine, Curve, Stores]:
    """Networks and database, opened at the same time, as long as they are wanted."""
    with ThreadPoolExecutor(1, thread_name_prefix="opening") as pool, ExitStack() as undoing:
        opening = pool.submit(open_stores, settings, master_key, log)
        undoing.callback(_close, opening)
        engine = open_engine(settings)
        go_on()
        curve = load_curve(settings, engine.examiner.recipe)
        engine.warm_up(go_on)
        stores = opening.result()
        go_on()
        undoing.pop_all()
    return engine, curve, stores


def _close(opening: Future[Stores]) -> None:
    """Close what was opened, if it was."""
    if opening.exception() is None:
        opening.result().close()


def _in_short(facts: Mapping[str, object]) -> dict[str, object]:
    """The facts but for the long ones, which `/readyz` has."""
    return {name: fact for name, fact in facts.items() if name not in {"curve", "liveness"}}


def _master_key(settings: Settings) -> MasterKey:
    """The master key that was given, or that of the data folder."""
    given = None if settings.master_key is None else settings.master_key.get_secret_value()
    return load_master_key(given, settings.data_dir)
