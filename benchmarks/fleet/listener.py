"""Somebody who is told by webhooks: now and then it fails, and then it must be told again."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

REFUSED_EVERY = 3
"""Every third request is answered with an error."""


@dataclass
class Listener:
    """
    What was told.

    Attributes:
        heard: How often each delivery came.
        taken: The call that each delivery was about, once it was answered with 200.
        bodies: What each delivery said.
    """

    heard: Counter[str] = field(default_factory=Counter)
    taken: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, set[bytes]] = field(default_factory=dict)
    address: str = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers["content-length"]))
        delivery = headers["x-ipse-delivery"]
        self.heard[delivery] += 1
        self.bodies.setdefault(delivery, set()).add(body)
        is_refused = self.heard.total() % REFUSED_EVERY == 0 and self.heard[delivery] == 1  # Not again: waits grow.
        status = "503 Service Unavailable" if is_refused else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()
        if status.startswith("200"):
            self.taken[delivery] = json.loads(body)["request"]


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """Somebody who listens on this machine."""
    listener = Listener()
    server = await asyncio.start_server(listener.answer, "127.0.0.1", 0)
    listener.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/told"
    async with server:
        yield listener
