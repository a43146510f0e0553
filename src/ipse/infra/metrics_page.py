"""`/metrics` of a process that serves nothing else."""

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from socketserver import TCPServer, ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from ipse.infra.trouble import SetupError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATH: Final = "/metrics"


class _Server(ThreadingMixIn, WSGIServer):
    """A server that asks nobody what its own address is called."""

    daemon_threads = True
    request_queue_size = 16

    def server_bind(self) -> None:
        """Take the address."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()


class _SixServer(_Server):
    """The same for IPv6."""

    address_family = socket.AF_INET6


class _Quiet(WSGIRequestHandler):
    """Nobody wants a line for every look."""

    timeout = 10.0

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # The library's name.
        """Say nothing."""


@contextmanager
def metrics_page(page: Callable[[], tuple[bytes, str]], host: str, port: int) -> Iterator[int]:
    """
    Show a page of metrics for as long as the block lasts; gives the port.

    Args:
        page: Gives the text and its content type.
        host: The address to listen on.
        port: The port; 0 takes a free one.

    Raises:
        SetupError: The address cannot be had.
    """

    def answer(asked: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        status, content, kind = HTTPStatus.NOT_FOUND, b"", "text/plain"
        if asked["PATH_INFO"] == PATH:
            status = HTTPStatus.METHOD_NOT_ALLOWED
            if asked["REQUEST_METHOD"] in {"GET", "HEAD"}:
                status, (content, kind) = HTTPStatus.OK, page()
        headers = [("Content-Type", kind), ("Content-Length", str(len(content)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [] if asked["REQUEST_METHOD"] == "HEAD" else [content]

    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        server = (_SixServer if family == socket.AF_INET6 else _Server)((str(address[0]), port), _Quiet)
    except OSError as error:
        raise SetupError(f"Cannot show metrics on {host} port {port}: {error.strerror or error}.") from None
    server.set_app(answer)
    thread = Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
