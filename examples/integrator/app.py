"""
A sample integrator: a shop whose visitors show their face on Ipse's capture page, in a frame of the shop's own page.

Its back end opens a capture with its key, its page shows it, and its back end reads what came of it; the browser is
never asked. `CAPTURE_SERVER` is Ipse's address, `CAPTURE_KEY` a native key, `PORT` where the shop listens (8001). Ipse
must name the shop's origin in its setting `capture_embed_origins`.

What only a sample does: the visitor chooses what is asked for, and sees the scores. A real shop asks for what it needs
whatever the browser says, and tells a visitor no more than passed or not: whoever sees scores can practise.
"""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from ipse.capture import CaptureClient, CaptureRefused

VISITOR: Final = "visitor"
"""The cookie by which the shop knows a visitor again: who opened a capture may ask for it, nobody else."""

PAGE: Final = Path(__file__).with_name("index.html")


class Shop:
    """
    The back end.

    Args:
        client: Speaks to Ipse with the shop's key, which never leaves this process.
        server: Ipse's address as browsers know it.
    """

    def __init__(self, client: CaptureClient, server: str) -> None:
        self._client = client
        self._server = server.rstrip("/")
        self._opened: dict[str, str] = {}

    def application(self) -> Starlette:
        """The shop as an ASGI application."""
        return Starlette(
            routes=[
                Route("/", self.page),
                Route("/captures", self.open, methods=["POST"]),
                Route("/captures/{capture}", self.result),
                Route("/captures/{capture}/compare", self.compare, methods=["POST"]),
            ]
        )

    async def page(self, request: Request) -> Response:
        """The shop's page; a visitor who is new gets a cookie."""
        response = HTMLResponse(PAGE.read_text(encoding="utf-8").replace("{{server}}", self._server))
        visitor = request.cookies.get(VISITOR) or secrets.token_urlsafe(16)
        response.set_cookie(VISITOR, visitor, httponly=True, samesite="strict", secure=request.url.scheme == "https")
        return response

    def open(self, request: Request) -> Response:
        """A new capture for this visitor: its id, and the token that the page in the frame works with."""
        visitor = request.cookies.get(VISITOR)
        if visitor is None:
            return JSONResponse({"error": "load the page first"}, 403)
        wishes = request.query_params
        try:
            opened = self._client.open(
                actions=int(wishes.get("actions", "3")),
                flash=wishes.get("flash") == "true",
                origin=request.headers.get("origin"),
                uuid=visitor,
            )
        except (CaptureRefused, ValueError) as refused:
            return JSONResponse({"error": str(refused)}, 502)
        self._opened[opened.capture] = visitor
        return JSONResponse({"capture": opened.capture, "token": opened.token})

    def result(self, request: Request) -> Response:
        """What Ipse says of a capture of this visitor."""
        if not self._is_theirs(request):
            return JSONResponse({"error": "there is no such capture"}, 404)
        return self._told(lambda: self._client.result(request.path_params["capture"]))

    async def compare(self, request: Request) -> Response:
        """Whether whoever was captured is the person on a picture, such as the portrait of their card."""
        if not self._is_theirs(request):
            return JSONResponse({"error": "there is no such capture"}, 404)
        picture = await request.body()
        return await run_in_threadpool(
            self._told, lambda: self._client.compare(request.path_params["capture"], picture)
        )

    def _is_theirs(self, request: Request) -> bool:
        """Whether the visitor who asks opened the capture."""
        visitor = request.cookies.get(VISITOR)
        return visitor is not None and self._opened.get(request.path_params["capture"]) == visitor

    def _told(self, ask: Callable[[], dict[str, Any]]) -> Response:
        """An answer of Ipse, or why there is none."""
        try:
            return JSONResponse(ask())
        except CaptureRefused as refused:
            return JSONResponse({"error": str(refused)}, 502)


def shop(environment: Mapping[str, str]) -> Starlette:
    """The shop as its environment has it."""
    server = environment.get("CAPTURE_SERVER", "http://127.0.0.1:8000")
    return Shop(CaptureClient(server, environment["CAPTURE_KEY"]), server).application()


def main() -> None:
    """Serve the shop on this machine."""
    if "CAPTURE_KEY" not in os.environ:
        raise SystemExit("set CAPTURE_KEY: ipse keys create --dialect native --name shop")
    port = int(os.environ.get("PORT", "8001"))
    print(json.dumps({"shop": f"http://127.0.0.1:{port}"}), flush=True)
    uvicorn.run(shop(os.environ), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
