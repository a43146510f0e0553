"""
What answers before everything else is there, and after it has gone: the ASGI application around the dialects.

`/healthz`, `/readyz`, `/metrics` and the capture page are answered from the first moment; a vendor's call waits for the
engine.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ipse.capture.page import CapturePage
from ipse.console import Console
from ipse.console.page import ROOT
from ipse.infra.telemetry import PrometheusMetrics

WORK_SECONDS: Final = 30
"""How long a stopping server waits for the work behind the calls; Kubernetes kills after 30 s by default."""


class NotWantedError(Exception):
    """The server was told to stop before it was open."""


GoOn: TypeAlias = Callable[[], None]
"""
Said between two steps of the opening, each of which takes seconds on a busy machine.

Raises:
    NotWantedError: There is nobody to open for any more.
"""


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
        opening: Opens and warms up everything; it runs on a thread of its own, and asks between its steps.
        metrics: What `/metrics` shows.
        capture: The page at `/capture` and its files.
        on_failure: Called with what stopped the opening: a fault, or that the server is not wanted any more.
    """

    def __init__(
        self,
        opening: Callable[[GoOn], Opened],
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
        """Say from now on that this server is not ready, for it will soon be gone; do not open it any further."""
        self._leaving = True

    def _go_on(self) -> None:
        """Let the opening go on, if it is wanted."""
        if self._leaving:
            raise NotWantedError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live from start to stop."""
        if scope["type"] == "lifespan":
            with suppress(asyncio.CancelledError):  # A second signal: nobody waits for the end of it.
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
        self._opened = asyncio.get_running_loop().run_in_executor(pool, self._opening, self._go_on)
        self._opened.add_done_callback(self._judge)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._stop.set()
        await asyncio.wait([self._opened])
        if self._working is not None:
            await asyncio.wait([self._working], timeout=WORK_SECONDS)
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
        if self._leaving:
            why = "stopping"
        elif self._opened is None or not self._opened.done() or self._opened.exception() is not None:
            why = "starting"
        elif not await self._opened.result().is_usable():
            why = "the database is away"
        if why is not None or self._opened is None:
            return JSONResponse({"ready": False, "version": version("ipse"), "why": why}, status_code=503)
        return JSONResponse({"ready": True, **self._opened.result().facts})


def _is_person(scope: Scope) -> bool:
    """Whether a browser looks at `/` itself: an action of Tencent's names itself in the query."""
    request = Request(scope)
    return "text/html" in request.headers.get("accept", "") and "Action" not in request.query_params
