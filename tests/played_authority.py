"""An authority that knows people, played by a real HTTP server on the loopback: honest, away, slow or lying."""

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LONG_S = 30.0


@dataclass(frozen=True)
class Said:
    """One answer, as it goes out."""

    body: bytes
    status: int = 200
    kind: str = "application/json"
    after_s: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)


def says(photo: bytes | None = None, result: str = "match", **more: Any) -> Said:
    """An honest answer."""
    told = None if photo is None else b64encode(photo).decode()
    return Said(json.dumps({"result": result, "photo": told, **more}).encode())


@dataclass
class PlayedAuthority:
    """
    A running authority.

    Attributes:
        script: What is answered to a number, the next one each time, the last for ever; other numbers are unknown.
        asked: The questions so far: headers in lower case, and body.
    """

    script: dict[str, list[Said]] = field(default_factory=dict)
    asked: list[tuple[dict[str, str], dict[str, str]]] = field(default_factory=list)
    port: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where questions are posted."""
        return f"http://127.0.0.1:{self.port}/people"

    def answer(self, headers: dict[str, str], question: dict[str, str]) -> Said:
        """What is said to a question."""
        self.asked.append((headers, question))
        lines = self.script.get(question["id_number"], [])
        if not lines:
            return says(result="unknown_number")
        return lines.pop(0) if len(lines) > 1 else lines[0]


@contextmanager
def played() -> Iterator[PlayedAuthority]:
    """An authority for as long as the block lasts."""
    authority = PlayedAuthority()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(authority))
    server.daemon_threads = True
    authority.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield authority
    finally:
        authority.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(authority: PlayedAuthority) -> Callable[..., BaseHTTPRequestHandler]:
    """Handlers that ask the script."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Answer one question."""
            question = json.loads(self.rfile.read(int(self.headers["content-length"])))
            said = authority.answer({name.lower(): value for name, value in self.headers.items()}, question)
            authority.ended.wait(said.after_s)
            self.send_response(said.status)
            for name, value in {
                "Content-Type": said.kind,
                "Content-Length": str(len(said.body)),
                **said.headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            """Take it calmly when the asker has gone."""
            try:
                super().handle()
            except (ConnectionError, TimeoutError):
                self.close_connection = True

    return Handler
