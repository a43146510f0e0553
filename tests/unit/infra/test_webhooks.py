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
NOT_ALLOWED = (Reason.DOWNLOAD_FAILED, "address")
HEADERS = {"Content-Type": "application/json", "X-Ipse-Signature": "t=1,v1=0"}


async def posted(
    answer: bytes, allow: tuple[Network, ...] = LOOPBACK, total_s: float = 2.0, path: str = "/told?shop=1"
) -> tuple[int, bytes]:
    """The status that is given of a server that answers this, and what it was sent."""
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
        status = await webhooks.deliver(f"http://127.0.0.1:{port}{path}", BODY, HEADERS)
    finally:
        webhooks.close()
        if allow:
            await ended.wait()
        server.close()
        await server.wait_closed()
    return status, bytes(heard)


def refused(work: Callable[[], Awaitable[Any]]) -> tuple[Reason, str | None]:
    """Why there was no answer."""
    with pytest.raises(Refusal) as caught:
        asyncio.run(work())  # type: ignore[arg-type]  # A coroutine is awaitable.
    return caught.value.reason, caught.value.field


@pytest.mark.parametrize("status", ["200 OK", "204 No Content", "202 Accepted"])
def test_what_is_posted(status: str) -> None:
    """Body and headers as they were given, to the path and query of the address."""
    told, heard = asyncio.run(posted(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()))
    assert int(status[:3]) == told
    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /told?shop=1 HTTP/1.1\r\n")
    for line in (b"Content-Type: application/json", b"X-Ipse-Signature: t=1,v1=0", b"User-Agent: ipse"):
        assert line in head
    assert BODY == body


@pytest.mark.parametrize(
    "status", ["500 Internal Server Error", "302 Found\r\nLocation: http://127.0.0.1/", "410 Gone"]
)
def test_what_is_not_taken(status: str) -> None:
    """The status is given as it came; a redirect is not followed."""
    answer = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()
    assert int(status[:3]) == asyncio.run(posted(answer))[0]


def test_what_is_no_answer() -> None:
    """Whoever speaks no HTTP was not reached."""
    assert (Reason.DOWNLOAD_FAILED, None) == refused(lambda: posted(b"no HTTP\r\n\r\n"))


def test_silence() -> None:
    """A server that takes the request and says nothing is given up."""
    assert (Reason.DOWNLOAD_SLOW, None) == refused(lambda: posted(b"", total_s=0.2))


def test_private_networks_are_not_asked() -> None:
    """Unless the operator allows it."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    assert NOT_ALLOWED == refused(lambda: posted(answer, allow=()))


async def resolved(_host: str, _port: int) -> tuple[str, ...]:
    """A public address, which nobody here can reach."""
    return ("93.184.216.34",)


def test_nobody_is_told_in_the_clear_on_public_networks() -> None:
    """What is told is about people; without encryption only networks that the operator names are asked."""
    webhooks = WebWebhooks(LOOPBACK, resolve=resolved)
    try:
        assert NOT_ALLOWED == refused(lambda: webhooks.deliver("http://shop.test/told", BODY, HEADERS))
    finally:
        webhooks.close()


@pytest.mark.parametrize("url", ["ftp://shop.test/", "http://", "no address", "http://127.0.0.1:0/"])
def test_what_is_no_address(url: str) -> None:
    """It is refused before anything is asked."""
    webhooks = WebWebhooks(LOOPBACK)
    try:
        assert NOT_ALLOWED == refused(lambda: webhooks.deliver(url, BODY, HEADERS))
    finally:
        webhooks.close()
