"""The bounds on the head of a request, on real connections."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, TypeAlias

import pytest
import uvicorn
from uvicorn.server import ServerState

from ipse.infra.guarded_http import GuardedHttp

Talk: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


class Hasty(GuardedHttp):
    """The same with bounds that a test can wait for."""

    head_bytes: ClassVar[int] = 4096
    head_seconds: ClassVar[float] = 0.2


async def answer(scope: Any, receive: Any, send: Any) -> None:
    """An application that reads the body and answers its length."""
    del scope
    count, more = 0, True
    while more:
        message = await receive()
        count, more = count + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"7")]})
    await send({"type": "http.response.body", "body": b"%07d" % count})


def talk(said: Talk, reads: asyncio.Queue[int] | None = None) -> bytes:
    """What a client gets that talks like this; the server notes in `reads` how much it read at once."""

    class Noting(Hasty):
        def data_received(self, data: bytes) -> None:
            """Note, then judge."""
            if reads is not None:
                reads.put_nowait(len(data))
            super().data_received(data)

    async def run() -> bytes:
        config = uvicorn.Config(answer, log_config=None, lifespan="off", ws="none")
        loop = asyncio.get_running_loop()
        async with await loop.create_server(lambda: Noting(config, ServerState(), {}), "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            got = await asyncio.wait_for(said(reader, writer), 30)
            writer.close()
            return got

    return asyncio.run(run())


def test_a_large_head_in_pieces_is_refused() -> None:
    """A header line without end gets 400 as soon as it is beyond the bound, and the connection is closed."""
    reads: asyncio.Queue[int] = asyncio.Queue()

    async def said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        for piece in (b"GET / HTTP/1.1\r\nx: ", b"x" * 2048, b"x" * 2048, b"x"):
            writer.write(piece)
            await reads.get()  # Each piece is to be read on its own.
        return await reader.read()

    assert talk(said, reads).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("beginning", [b"", b"G", b"POST / HTTP/1.1\r\nhost: x\r\n"])
def test_a_slow_head_is_cut(beginning: bytes) -> None:
    """Who says nothing, or not enough, is cut without a word."""

    async def said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(beginning)
        return await reader.read()

    assert b"" == talk(said)


def test_a_large_body_is_none_of_its_business() -> None:
    """Bodies far beyond the head's bound pass, also when another request follows in the same read."""

    async def said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        request = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 200000\r\n\r\n" + b"x" * 200_000
        writer.write(request + request)
        return b"".join([await reader.readuntil(b"0200000"), await reader.readuntil(b"0200000")])

    assert 2 == talk(said).count(b"HTTP/1.1 200 ")


def test_a_slow_body_is_not_cut_here() -> None:
    """Once the head is whole the timer is off: bodies have bounds of their own."""

    async def said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n")
        loop = asyncio.get_running_loop()
        later = loop.create_future()
        loop.call_later(2 * Hasty.head_seconds, later.set_result, None)
        await later
        writer.write(b"x")
        return await reader.readuntil(b"0000001")

    assert talk(said).startswith(b"HTTP/1.1 200 ")


def test_an_offer_of_http_2_is_declined_and_the_body_read() -> None:
    """Java's own client offers HTTP/2 with its first request: it is answered as any other, and the next too."""

    async def said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        offer = b"Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAEAAEAA\r\nUpgrade: h2c\r\n"
        for number in (3, 5):
            head = b"POST / HTTP/1.1\r\n" + offer + b"Content-Length: %d\r\nHost: h\r\n\r\n" % number
            writer.write(head + b"x" * number)
            got = await reader.readuntil(b"%07d" % number)
            assert got.startswith(b"HTTP/1.1 200")
        return got

    assert talk(said).endswith(b"0000005")
