"""Captures over HTTP: opened by an integrator's back end, done on the capture page, read and compared afterwards."""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

import httpx2

TIMEOUT_S: Final = 30.0
"""Longest that one call may take; the slowest compares two pictures and waits for room."""

_FAULTS: Final = 400
"""Statuses from here on are refusals. Source: RFC 9110, section 15."""


class CaptureRefused(Exception):  # noqa: N818 (it reads as what it is)
    """
    Ipse refused a call.

    Attributes:
        status: HTTP status.
        reason: The stable word of why; empty when something between us answered.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}".strip())
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class OpenCapture:
    """
    A capture that waits for somebody.

    Attributes:
        capture: Its id: whoever opened it reads the result by it.
        token: What the page works with; whoever has it can do the capture once.
        page: Where the person is sent, or what a frame shows; the token stands in its fragment.
        expires_in_s: How long it waits.
        webhook_secret: What its webhook is signed with, for `check_webhook`; `None` without a webhook.
    """

    capture: str
    token: str = field(repr=False)
    page: str = field(repr=False)
    expires_in_s: int
    webhook_secret: str | None = field(default=None, repr=False)


class CaptureClient:
    """
    Calls Ipse; safe to use from several threads. Close it, or use it in a `with` statement.

    Args:
        base_url: Where Ipse is, such as `https://ipse.example.com`.
        key: A native key (`ipse keys create --dialect native`).
        client: The HTTP client to use instead of one of its own.
    """

    def __init__(self, base_url: str, key: str, client: httpx2.Client | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self._credential = {"Authorization": f"Bearer {key}"}
        self._client = httpx2.Client(timeout=TIMEOUT_S) if client is None else client

    def open(
        self,
        *,
        actions: int = 3,
        flash: bool = False,
        origin: str | None = None,
        webhook: str | None = None,
        uuid: str | None = None,
    ) -> OpenCapture:
        """
        Give a new capture.

        Args:
            actions: How many actions are asked for, 0 to 5.
            flash: Whether the screen is lit in colours.
            origin: The origin of the page that shows the capture in a frame; only it is told the result.
            webhook: Where the result is posted, signed.
            uuid: What the integrator calls the person.

        Raises:
            CaptureRefused: Ipse refused.
            httpx2.TransportError: Ipse could not be reached.
        """
        asked = {"actions": actions, "flash": flash, "origin": origin, "webhook": webhook, "uuid": uuid}
        told = self._call(
            "POST", "/v1/captures", json={name: value for name, value in asked.items() if value is not None}
        )
        return OpenCapture(
            capture=told["capture"],
            token=told["token"],
            page=self._base_url + told["page"],
            expires_in_s=int(told["expires_in_s"]),
            webhook_secret=told.get("webhook_secret"),
        )

    def result(self, capture: str) -> dict[str, Any]:
        """
        Give how a capture stands: `status` is `waiting`, `passed`, `warned`, `failed` or `expired`.

        Raises:
            CaptureRefused: Ipse refused; there may be no such capture.
            httpx2.TransportError: Ipse could not be reached.
        """
        return self._call("GET", f"/v1/captures/{quote(capture, safe='')}")

    def compare(self, capture: str, reference: bytes) -> dict[str, Any]:
        """
        Give whether whoever was captured is the person on a picture.

        Raises:
            CaptureRefused: Ipse refused; the picture may show no face.
            httpx2.TransportError: Ipse could not be reached.
        """
        return self._call("POST", f"/v1/captures/{quote(capture, safe='')}/compare", files={"reference": reference})

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _call(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        """
        Give what Ipse answers.

        Raises:
            CaptureRefused: Ipse refused.
            httpx2.TransportError: Ipse could not be reached.
        """
        answer = self._client.request(method, self._base_url + path, headers=self._credential, **content)
        try:
            told = answer.json()
        except ValueError:
            told = {}
        if answer.status_code >= _FAULTS or not isinstance(told, dict):
            raise CaptureRefused(answer.status_code, str(told.get("reason", "")) if isinstance(told, dict) else "")
        return told
