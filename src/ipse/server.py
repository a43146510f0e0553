"""
The HTTP side: the engine, the dialects and the pages about the server itself become one ASGI application.

The socket listens before the networks are warm. Until then `/readyz` answers 503, and a vendor's call waits.
"""

import asyncio
import logging
import secrets
import signal
import socket
import ssl
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from ipse.background import in_background, open_watch, open_worker
from ipse.capture.page import Asset, CapturePage
from ipse.composition import ANSWERING, card_reader, compose
from ipse.console import Console
from ipse.console.bodies import Bodies
from ipse.console.page import ROOT
from ipse.desk import open_desk, welcome
from ipse.engine import engine_facts, load_curve, open_engine, thread_count
from ipse.engine.sheet import engine_sheet
from ipse.infra.compute import BoundedCompute
from ipse.infra.draining import DrainingServer
from ipse.infra.guarded_http import GuardedHttp
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
from ipse.stores import open_stores

KEEP_ALIVE_SECONDS: Final = 75
"""How long an idle connection stays open. Source: nginx's `keepalive_timeout`."""

ARRIVAL_SECONDS: Final = 5.0
"""How long a stopping server waits for bodies that are still arriving. Source: 2 MiB at 4 Mbit/s take 4.2 s."""

DRAIN_SECONDS: Final = 30
"""How long a stopping server waits for the requests that it has begun; Kubernetes kills after 30 s by default."""


@dataclass(frozen=True, slots=True)
class Opened:
    """
    What is there once the server is warm.

    Attributes:
        answers: Every dialect.
        console: The pages for people.
        facts: What `/readyz` tells.
        is_usable: Whether the database can be reached.
        work: Goes on in the background until told to stop.
        close: Said at the end.
    """

    answers: ASGIApp
    console: ASGIApp
    facts: dict[str, object]
    is_usable: Callable[[], Awaitable[bool]]
    work: Callable[[asyncio.Event], Coroutine[None, None, None]]
    close: Callable[[], None]


class Edge:
    """
    The ASGI application: `/healthz`, `/readyz`, `/metrics` and the capture page itself, the rest by the dialects.

    Args:
        opening: Opens and warms up everything; it runs on a thread of its own.
        metrics: What `/metrics` shows.
        capture: The page at `/capture` and its files.
        on_failure: Called with what stopped the opening.
    """

    def __init__(
        self,
        opening: Callable[[], Opened],
        metrics: PrometheusMetrics,
        capture: CapturePage,
        on_failure: Callable[[BaseException], None],
    ) -> None:
        self._opening = opening
        self._metrics = metrics
        self._capture = capture
        self._on_failure = on_failure
        self._opened: asyncio.Future[Opened] | None = None
        self._working: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()
        self._leaving = False

    def leave(self) -> None:
        """Say from now on that this server is not ready, for it will soon be gone."""
        self._leaving = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live from start to stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        page = await self._page(scope) if scope["type"] == "http" else None
        if page is not None:
            await page(scope, receive, send)
            return
        if scope["type"] == "http" and self._capture.answers(scope):
            await self._capture(scope, receive, send)
            return
        assert self._opened is not None
        await asyncio.wait([self._opened])
        if self._opened.cancelled() or self._opened.exception() is not None:
            await JSONResponse({"ready": False}, status_code=503)(scope, receive, send)  # It is about to end.
            return
        opened = self._opened.result()
        await (opened.console if Console.answers(scope) else opened.answers)(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Open in the background, close at the end."""
        await receive()
        pool = ThreadPoolExecutor(1, thread_name_prefix="opening")
        self._opened = asyncio.get_running_loop().run_in_executor(pool, self._opening)
        self._opened.add_done_callback(self._judge)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._stop.set()
        await asyncio.wait([self._opened])
        if self._working is not None:
            await asyncio.wait([self._working], timeout=DRAIN_SECONDS)
            self._working.cancel()
        if self._opened.exception() is None:
            await asyncio.to_thread(self._opened.result().close)
        await send({"type": "lifespan.shutdown.complete"})

    def _judge(self, opened: asyncio.Future[Opened]) -> None:
        """Begin to work, or report an opening that failed."""
        fault = None if opened.cancelled() else opened.exception()
        if fault is not None:
            self._on_failure(fault)
        elif not opened.cancelled():
            self._working = asyncio.create_task(opened.result().work(self._stop))

    async def _page(self, scope: Scope) -> Response | None:
        """The answer about the server itself that is asked for, if it is one."""
        if scope["method"] not in {"GET", "HEAD"}:
            return None
        match scope["path"]:
            case "/healthz":
                return PlainTextResponse("ok\n")
            case "/readyz":
                return await self._readiness()
            case "/" if _is_person(scope):
                return RedirectResponse(ROOT, headers={"Cache-Control": "no-store"})
            case "/metrics":
                content, kind = self._metrics.page()
                return Response(content, media_type=kind)
        return None

    async def _readiness(self) -> Response:
        """Whether a call would be answered now, and by what; or why not."""
        why = None
        if self._opened is None or not self._opened.done() or self._opened.exception() is not None:
            why = "starting"
        elif self._leaving:
            why = "stopping"
        elif not await self._opened.result().is_usable():
            why = "the database is away"
        if why is not None or self._opened is None:
            return JSONResponse({"ready": False, "version": version("ipse"), "why": why}, status_code=503)
        return JSONResponse({"ready": True, **self._opened.result().facts})


def _is_person(scope: Scope) -> bool:
    """Whether a browser looks at `/` itself: an action of Tencent's names itself in the query."""
    request = Request(scope)
    return "text/html" in request.headers.get("accept", "") and "Action" not in request.query_params


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
        faults.append(fault)
        server.should_exit = True

    arrivals = Arrivals()
    home = _home(listener, tls)
    edge = Edge(
        lambda: _open(settings, master_key, log, compute, metrics, arrivals, home),
        metrics,
        capture_page(settings),
        give_up,
    )
    config = _config(edge, tls)
    server = DrainingServer(
        config,
        on_hangup=lambda: _renew(config.ssl, tls, log),
        on_leave=edge.leave,
        on_stop=lambda: arrivals.hurry(ARRIVAL_SECONDS),
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
) -> Opened:
    """Everything that answers, warm: database and networks are opened at the same time."""
    began = time.perf_counter()
    with ThreadPoolExecutor(2, thread_name_prefix="opening") as pool:
        opening = pool.submit(open_stores, settings, master_key, log)
        engine = open_engine(settings)
        curve = load_curve(settings, engine.examiner.recipe)
        engine.warm_up()
        stores = opening.result()
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


def _in_short(facts: Mapping[str, object]) -> dict[str, object]:
    """The facts but for the long ones, which `/readyz` has."""
    return {name: fact for name, fact in facts.items() if name not in {"curve", "liveness"}}


def _master_key(settings: Settings) -> MasterKey:
    """The master key that was given, or that of the data folder."""
    given = None if settings.master_key is None else settings.master_key.get_secret_value()
    return load_master_key(given, settings.data_dir)
