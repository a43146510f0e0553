"""The world outside the process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ipse.service.ports.time import Stopwatch


class OutsideError(Exception):
    """Something outside the program does not do its part; the words are for its operator, and hold nothing secret."""


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """How much may be fetched from a caller's address, and how long all of it may take."""

    most_bytes: int
    total_s: float


class Download(Protocol):
    """Fetches pictures from addresses that callers give; never from private networks unless they are allow-listed."""

    async def fetch(self, url: str, limits: DownloadLimits) -> bytes:
        """
        Give what the address serves.

        Raises:
            Refusal: `DOWNLOAD_FAILED`, `DOWNLOAD_SLOW`, `FILE_TOO_LARGE`, or `BUSY` when too many are fetched already.
        """
        ...


class Webhooks(Protocol):
    """Tells integrators what happened; never on private networks unless they are allow-listed."""

    async def deliver(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """
        Post it, and give the status of the answer; a redirect is not followed.

        Raises:
            Refusal: `DOWNLOAD_FAILED` with field `address` (it may not be asked) or without, or `DOWNLOAD_SLOW`.
        """
        ...


class Log(Protocol):
    """Structured log lines. Never pixels, names, numbers, secrets or query strings."""

    def info(self, event: str, **facts: object) -> object:
        """Write what happened."""
        ...

    def error(self, event: str, **facts: object) -> object:
        """Write what went wrong."""
        ...


class Metrics(Protocol):
    """Counters and histograms of what was answered."""

    def answered(
        self,
        dialect: str,
        operation: str,
        outcome: str,
        status: int,
        elapsed_ms: float,
        stages_ms: Mapping[str, float],
    ) -> None:
        """Count one answer; `outcome` is `"ok"` or the reason's word."""
        ...

    def decided(self, key: str, decision: Mapping[str, object]) -> None:
        """Count the scores of one decision, as evidence has them, for the key's public id."""
        ...


class Tracer(Protocol):
    """Tells somebody else, request by request, where the time went; nothing that says who or what was asked about."""

    def answered(self, facts: Mapping[str, str | int], stopwatch: Stopwatch, parent: str | None) -> None:
        """
        Tell of one request that was answered now.

        Args:
            facts: Its dialect, operation, outcome, status and id.
            stopwatch: One that this tracer gave when the request came.
            parent: The caller's own trace, as its `traceparent` header names it.
        """
        ...
