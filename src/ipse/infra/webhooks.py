"""
Webhooks, posted: to public networks only, or those that the operator allows, within so many seconds.

As with `ipse.infra.download`, such an address is a request that a stranger makes with our hands: the same rules hold,
and a redirect is not followed at all. What is told is about people: without encryption it is told on networks that the
operator allows, and nowhere else.
"""

import asyncio
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import httpcore2
import httpx2

from ipse.core.reasons import Reason, Refusal
from ipse.infra.download import JudgingBackend, Resolve, ask_system, place_of, port_of
from ipse.infra.reachable import Network

TOTAL_S: Final = 10.0
"""Seconds in which a webhook must have answered. Source: GitHub waits as long."""

MOST_AT_ONCE: Final = 16
"""How many names are asked for at once. Source: as for downloads."""


class WebWebhooks:
    """
    Posts, as the port `Webhooks` says.

    Args:
        allow: Private networks that may be told all the same.
        resolve: Gives the addresses of a name. Absent: the system does, on threads of its own.
        trust: Which certificates are good. Absent: those that the system trusts.
        total_s: Seconds that one may take.
    """

    def __init__(
        self,
        allow: tuple[Network, ...] = (),
        resolve: Resolve | None = None,
        trust: ssl.SSLContext | None = None,
        total_s: float = TOTAL_S,
    ) -> None:
        self._names = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="webhook names")
        resolve = resolve or partial(ask_system, self._names)
        self._backends = {
            "https": JudgingBackend(resolve, allow),
            "http": JudgingBackend(resolve, allow, public=False),
        }
        self._trust = httpcore2.default_ssl_context() if trust is None else trust
        self._total_s = total_s

    async def deliver(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """
        Post it, and give the status of the answer, whose body is not read.

        Raises:
            Refusal: `DOWNLOAD_FAILED` with field `address` (it may not be asked) or without, or `DOWNLOAD_SLOW`.
        """
        try:
            return await self._post(place_of(url), body, headers)
        except (TimeoutError, httpcore2.TimeoutException):
            raise Refusal(Reason.DOWNLOAD_SLOW) from None
        except (OSError, httpcore2.NetworkError, httpcore2.ProtocolError):
            raise Refusal(Reason.DOWNLOAD_FAILED) from None
        except Refusal as refusal:
            raise Refusal(refusal.reason, "address") from None

    async def _post(self, place: httpx2.URL, body: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer."""
        wanted = httpcore2.URL(scheme=place.scheme, host=place.raw_host, port=port_of(place), target=place.raw_path)
        sent = [*headers.items(), ("User-Agent", "ipse"), ("Content-Length", str(len(body)))]
        pool = httpcore2.AsyncConnectionPool(
            self._trust, max_keepalive_connections=0, network_backend=self._backends[place.scheme], retries=0
        )
        posted = pool.stream("POST", wanted, headers=sent, content=body)
        async with asyncio.timeout(self._total_s), pool, posted as answer:
            return answer.status

    def close(self) -> None:
        """Let go of the threads; a name that is being asked for is not waited for."""
        self._names.shutdown(wait=False, cancel_futures=True)
