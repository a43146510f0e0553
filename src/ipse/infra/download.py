"""
Pictures from addresses that callers give: fetched from public networks only, within so many bytes and seconds.

Such an address is a request that a stranger makes with our hands. A name is resolved once, every address that it has
is judged, and the connection goes to one of exactly these; a redirect is an address like the first. What the sender
could add to it (passwords, cookies, compression) is left out. `docs/download.md` has the rules.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_address
from typing import Final, TypeAlias

import httpcore2
import httpx2

from ipse.core.reasons import Reason, Refusal
from ipse.infra.reachable import Network, may_ask
from ipse.service.ports import DownloadLimits

Resolve: TypeAlias = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""Gives the addresses of a name, in the order in which to try them; an `OSError` if it has none."""

MOST_REDIRECTS: Final = 3
"""Source: the issue that asked for this."""

MOST_AT_ONCE: Final = 16
"""How many are fetched at once. Source: ours: 16 of the largest (8 MB) are 128 MB, half of what bodies may hold."""

NEXT_AFTER_S: Final = 0.75
"""
How long an address may be silent before the name's next one is asked: a network that swallows IPv6 must not cost all of
a vendor's three seconds.

Source: RFC 8305, section 8, bounds the wait for a connection by 2 s and recommends 0.25 s; ours lies between, since the
address is then left for good, and twice the 0.3 s that an answer takes around the world are within it.
"""

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
"""Source: RFC 9110, section 15.4; 300 and 304 lead nowhere by themselves."""

HEADERS: Final = (("Accept", "*/*"), ("Accept-Encoding", "identity"), ("User-Agent", "ipse"))
"""All that a server learns of us beside the address. Nothing compressed: what is fetched is no larger than it says."""

PORTS: Final = {"http": 80, "https": 443}
LAST_PORT: Final = 65_535


class WebDownload:
    """
    Fetches pictures, as the port `Download` says.

    Args:
        allow: Private networks that may be asked all the same.
        resolve: Gives the addresses of a name. Absent: the system does, on threads of its own.
        trust: Which certificates are good. Absent: those that the system trusts.
        most_at_once: How many may be fetched at once.
    """

    def __init__(
        self,
        allow: tuple[Network, ...] = (),
        resolve: Resolve | None = None,
        trust: ssl.SSLContext | None = None,
        most_at_once: int = MOST_AT_ONCE,
    ) -> None:
        self._names = ThreadPoolExecutor(most_at_once, thread_name_prefix="names")
        self._backend = JudgingBackend(resolve or partial(ask_system, self._names), allow)
        self._trust = httpcore2.default_ssl_context() if trust is None else trust
        self._most_at_once = most_at_once
        self._under_way = 0

    async def fetch(self, url: str, limits: DownloadLimits) -> bytes:
        """
        Give what the address serves.

        Raises:
            Refusal: `DOWNLOAD_FAILED`, `DOWNLOAD_SLOW`, `FILE_TOO_LARGE`, or `BUSY` when too many are fetched already.
        """
        if self._under_way >= self._most_at_once:
            raise Refusal(Reason.BUSY)
        self._under_way += 1
        try:
            async with asyncio.timeout(limits.total_s):
                return await self._follow(url, limits.most_bytes)
        except (TimeoutError, httpcore2.TimeoutException):
            raise Refusal(Reason.DOWNLOAD_SLOW) from None
        except (OSError, httpcore2.NetworkError, httpcore2.ProtocolError):
            raise Refusal(Reason.DOWNLOAD_FAILED) from None
        finally:
            self._under_way -= 1

    def close(self) -> None:
        """Let go of the threads; a name that is being asked for is not waited for."""
        self._names.shutdown(wait=False, cancel_futures=True)

    async def _follow(self, url: str, most_bytes: int) -> bytes:
        """Give what is at the address, or where it leads."""
        place = place_of(url)
        for _ in range(MOST_REDIRECTS + 1):
            found = await self._get(place, most_bytes)
            if isinstance(found, bytes):
                return found
            place = place_of(found, place)
        raise Refusal(Reason.DOWNLOAD_FAILED)

    async def _get(self, place: httpx2.URL, most_bytes: int) -> bytes | str:
        """Give what one address serves, or the next address that it names."""
        wanted = httpcore2.URL(scheme=place.scheme, host=place.raw_host, port=port_of(place), target=place.raw_path)
        pool = httpcore2.AsyncConnectionPool(
            self._trust, max_keepalive_connections=0, network_backend=self._backend, retries=0
        )
        async with pool, pool.stream("GET", wanted, headers=HEADERS) as response:
            headers = {name.lower(): value for name, value in response.headers}
            if response.status in REDIRECTS and b"location" in headers:
                return headers[b"location"].decode("latin-1")
            encoding = headers.get(b"content-encoding", b"identity").lower()
            if response.status != httpx2.codes.OK or encoding not in {b"identity", b""}:
                raise Refusal(Reason.DOWNLOAD_FAILED)
            return await _body(response, headers.get(b"content-length", b""), most_bytes)


async def ask_system(threads: ThreadPoolExecutor, host: str, port: int) -> tuple[str, ...]:
    """Give the addresses that the system has for a name; who gives up waiting leaves the thread to itself."""

    def ask() -> tuple[str, ...]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return tuple(dict.fromkeys(str(place[0]) for *_, place in found))

    return await asyncio.get_running_loop().run_in_executor(threads, ask)


class JudgingBackend(httpcore2.AsyncNetworkBackend):
    """
    Connects to addresses that were judged; the name stays what the certificate is checked against.

    Args:
        resolve: Gives the addresses of a name.
        allow: Networks that the operator opens.
        public: Whether the public internet is open too.
    """

    def __init__(self, resolve: Resolve, allow: tuple[Network, ...], *, public: bool = True) -> None:
        self._resolve = resolve
        self._allow = allow
        self._public = public
        # Pyright sees the library's stand-in for when anyio is absent; here it is always there.
        self._tcp: httpcore2.AsyncNetworkBackend = httpcore2.AnyIOBackend()  # pyright: ignore[reportAttributeAccessIssue]

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature of the library; the whole download is timed.
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """
        Give a connection to the first address of the name that takes one.

        Raises:
            Refusal: `DOWNLOAD_FAILED`: the name has no address, or one, among whatever others, that may not be asked.
        """
        try:
            addresses = [ip_address(text) for text in await self._resolve(host, port)]
        except ValueError:
            addresses = []
        if not addresses or not all(may_ask(address, port, self._allow, public=self._public) for address in addresses):
            raise Refusal(Reason.DOWNLOAD_FAILED)
        for address in addresses[:-1]:
            try:
                return await self._tcp.connect_tcp(str(address), port, NEXT_AFTER_S, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._tcp.connect_tcp(str(addresses[-1]), port, timeout, local_address, socket_options)


def place_of(url: str, before: httpx2.URL | None = None) -> httpx2.URL:
    """Give an address that can be asked, relative to the one before; https never leads back to http."""
    try:
        place = httpx2.URL(url) if before is None else before.join(url)
    except (httpx2.InvalidURL, ValueError):
        raise Refusal(Reason.DOWNLOAD_FAILED) from None
    falls_back = before is not None and (before.scheme, place.scheme) == ("https", "http")
    if place.scheme not in PORTS or not place.raw_host or not 0 < port_of(place) <= LAST_PORT or falls_back:
        raise Refusal(Reason.DOWNLOAD_FAILED)
    return place


def port_of(place: httpx2.URL) -> int:
    """Give the port of an address, written or not."""
    return PORTS[place.scheme] if place.port is None else place.port


async def _body(response: httpcore2.Response, declared: bytes, most_bytes: int) -> bytes:
    """Give a body that keeps within its bounds."""
    if declared.isdigit() and int(declared[:19]) > most_bytes:
        raise Refusal(Reason.FILE_TOO_LARGE)
    body = bytearray()
    async for chunk in response.aiter_stream():
        body += chunk
        if len(body) > most_bytes:
            raise Refusal(Reason.FILE_TOO_LARGE)
    return bytes(body)
