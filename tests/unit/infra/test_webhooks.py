"""Webhooks to real local servers, which the loopback's allow-listing opens."""

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from typing import Any

import pytest

from ipse.core.reasons import Reason, Refusal
from ipse.infra.reachable import Network
from ipse.infra.webhooks import WebWebhooks

LOOPBACK = (ip_network("127.0.0.0/8"),)
BODY = b'{"status":"passed"}'
HEADERS = {"Content-Type": "application/json", "X-Ipse-Signature": "t=1,v1=0"}


async def posted(
    answer: bytes, allow: tuple[Network, ...] = LOOPBACK, total_s: float = 2.0, path: str = "/told?shop=1"
) -> bytes:
    """What a server that answers this was sent."""
    heard, ended = bytearray(), asyncio.Event()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.readuntil(b"\r\n\r\n"))
        heard.extend(await reader.readexactly(len(BODY)))
        writer.write(answer)
        if not answer:
            await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    webhooks = WebWebhooks(allow, total_s=total_s)
    try:
        await webhooks.deliver(f"http://127.0.0.1:{port}{path}", BODY, HEADERS)
    finally:
        webhooks.close()
        if allow:
            await ended.wait()
        server.close()
        await server.wait_closed()
    return bytes(heard)


def refused(work: Callable[[], Awaitable[Any]]) -> Reason:
    """Why it was not taken."""
    with pytest.raises(Refusal) as caught:
        asyncio.run(work())  # type: ignore[arg-type]  # A coroutine is awaitable.
    return caught.value.reason


@pytest.mark.parametrize("status", ["200 OK", "204 No Content", "202 Accepted"])
def test_what_is_posted(status: str) -> None:
    """Body and headers as they were given, to the path and query of the address; any success is one."""
    heard = asyncio.run(posted(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()))
    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /told?shop=1 HTTP/1.1\r\n")
    for line in (b"Content-Type: application/json", b"X-Ipse-Signature: t=1,v1=0", b"User-Agent: ipse"):
        assert line in head
    assert BODY == body


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        b"no HTTP\r\n\r\n",
    ],
    ids=["a fault", "a redirect", "nothing there", "no HTTP"],
)
def test_what_is_not_taken(answer: bytes) -> None:
    """Anything but a success is a failure; a redirect is not followed."""
    assert Reason.DOWNLOAD_FAILED is refused(lambda: posted(answer))


def test_silence() -> None:
    """A server that takes the request and says nothing is given up."""
    assert Reason.DOWNLOAD_SLOW is refused(lambda: posted(b"", total_s=0.2))


def test_private_networks_are_not_asked() -> None:
    """Unless the operator allows it."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    assert Reason.DOWNLOAD_FAILED is refused(lambda: posted(answer, allow=()))


@pytest.mark.parametrize("url", ["ftp://shop.test/", "http://", "no address", "http://127.0.0.1:0/"])
def test_what_is_no_address(url: str) -> None:
    """It is refused before anything is asked."""
    webhooks = WebWebhooks(LOOPBACK)
    try:
        assert Reason.DOWNLOAD_FAILED is refused(lambda: webhooks.deliver(url, BODY, HEADERS))
    finally:
        webhooks.close()
