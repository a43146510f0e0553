"""Answers on their way out: headers, timing, and what becomes of a body that nobody wants to read."""

import asyncio
from contextlib import suppress

from starlette.types import Receive, Send

from ipse.protocols.messages import Context, WireResponse
from ipse.protocols.surroundings import Patience


async def send_answer(
    response: WireResponse, context: Context, send: Send, unread: Receive | None, patience: Patience
) -> None:
    """Send the answer; if a refused body is still coming, close, but only after throwing some of the rest away."""
    headers = [*response.headers, ("server-timing", _server_timing(context))]
    headers.append(("content-length", str(len(response.body))))
    if unread is not None and ("connection", "close") not in response.headers:
        headers.append(("connection", "close"))
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": response.status, "headers": raw})
    await send({"type": "http.response.body", "body": response.body, "more_body": unread is not None})
    if unread is not None:
        await _throw_away(unread, patience.linger_s)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _throw_away(receive: Receive, linger_s: float) -> None:
    """Read and forget what is left of a body, for a while."""
    with suppress(TimeoutError):
        async with asyncio.timeout(linger_s):
            while (message := await receive())["type"] == "http.request" and message.get("more_body", False):
                pass


def _server_timing(context: Context) -> str:
    """Give the stages as a `Server-Timing` header. Source: W3C Server Timing, durations in milliseconds."""
    stages = (*context.stopwatch.spent_ms().items(), ("total", context.elapsed_ms()))
    return ", ".join(f"{name};dur={spent:.1f}" for name, spent in stages)
