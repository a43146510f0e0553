"""
The port `People` at an authority elsewhere, asked over HTTP; `docs/authority.md` is the contract.

Whatever it does but answer as agreed is a data source that failed: being away, slow, too busy, or saying nonsense.
After a few such failures in a row it is left alone for a while. Nothing that it says is repeated in a log line.
"""

import asyncio
import base64
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import httpx2
from pybreaker import CircuitBreaker, CircuitBreakerError
from pydantic import BaseModel, ConfigDict, ValidationError
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from ipse.core.images.sniff import recognise
from ipse.core.reasons import Reason, Refusal
from ipse.service.ports import Log, Registered

MOST_BYTES: Final = 4 * 1_048_576
"""Longest answer: a photo of 3 MB in base64. Source: ours; the photo of a Chinese identity card has 14 to 28 KB."""

ATTEMPTS: Final = 3
"""How often one question is asked, all within its time."""

FIRST_WAIT_S: Final = 0.1
LONGEST_WAIT_S: Final = 1.0
"""Between two attempts: a random time below 0.1 s, then 0.2 s, never above this ("full jitter", AWS Architecture Blog,
Exponential Backoff And Jitter, 2015)."""

FAILURES: Final = 5
"""How many questions in a row may fail before the authority is left alone. Source: pybreaker's default."""

PASSING: Final = frozenset({429, 502, 503, 504})
"""Statuses after which the same question may be answered. Source: RFC 6585 section 4, RFC 9110 section 15.6.3 to 5."""


@dataclass(frozen=True, slots=True)
class AuthorityAddress:
    """
    How the authority is asked.

    Attributes:
        url: Where questions are posted.
        token: Sent as a bearer token, if any.
        timeout_s: How long one look-up may take, all attempts together.
        pause_s: How long it is left alone after failures.
        ca: PEM file of who signed its certificate; absent: those that the system trusts.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    timeout_s: float = 3.0
    pause_s: float = 30.0
    ca: Path | None = None


class Answer(BaseModel):
    """What an authority answers; unknown members are ignored, so that it may say more."""

    model_config = ConfigDict(strict=True, hide_input_in_errors=True, frozen=True)

    result: Literal["match", "unknown_number", "name_differs"]
    photo: str | None = None


class _Failed(Exception):  # noqa: N818  # says what happened
    """The authority did not answer as agreed; the message says how, and repeats nothing that it sent."""


class _FailedForNow(_Failed):
    """Asked again, it may answer."""


class AskedAuthority:
    """
    An authority that knows people.

    Args:
        address: How it is asked.
        log: Where failures are told.

    Raises:
        OSError: The file of certificates cannot be read.
    """

    def __init__(self, address: AuthorityAddress, log: Log) -> None:
        self._address = address
        self._log = log
        self._breaker = CircuitBreaker(
            fail_max=FAILURES,
            reset_timeout=address.pause_s,
            exclude=[asyncio.CancelledError],
            throw_new_error_on_trip=False,
        )
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "ipse"}
        bearer = {} if address.token is None else {"Authorization": f"Bearer {address.token}"}
        self._client = httpx2.AsyncClient(
            headers={**headers, **bearer},
            timeout=address.timeout_s,
            verify=ssl.create_default_context(cafile=address.ca),
            trust_env=False,
        )

    async def look_up(self, id_number: str, name: str) -> Registered:
        """
        What the authority has under a number and a name.

        Raises:
            Refusal: `DATA_SOURCE_FAILED`, `PERSON_UNKNOWN`, `PERSON_NAME_DIFFERS` or `PERSON_PHOTO_UNUSABLE`.
        """
        try:
            with self._breaker.calling():
                answer = await self._ask(id_number, name)
            return Registered(photo=_photo(answer))
        except CircuitBreakerError:
            raise self._failure("left alone after failures") from None
        except _Failed as failed:
            raise self._failure(str(failed)) from None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, id_number: str, name: str) -> Answer:
        """The answer, within the time of one look-up."""
        attempts = AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=FIRST_WAIT_S, max=LONGEST_WAIT_S),
            retry=retry_if_exception_type(_FailedForNow),
            reraise=True,
        )
        try:
            async with asyncio.timeout(self._address.timeout_s):
                return _read(await attempts(self._post, {"id_number": id_number, "name": name}))
        except TimeoutError:
            raise _Failed("no answer in time") from None

    async def _post(self, question: dict[str, str]) -> bytes:
        """The body of one good answer."""
        try:
            async with self._client.stream("POST", self._address.url, json=question) as response:
                return await _body(response)
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise _FailedForNow(f"no answer: {type(error).__name__}") from None

    def _failure(self, why: str) -> Refusal:
        """The refusal, once the log has it."""
        self._log.error("data source failed", source="authority", why=why)
        return Refusal(Reason.DATA_SOURCE_FAILED)


async def _body(response: httpx2.Response) -> bytes:
    """The bytes of a good answer, as they come over the wire: nothing is unpacked."""
    if response.status_code in PASSING:
        raise _FailedForNow(f"status {response.status_code}")
    if response.status_code != httpx2.codes.OK:
        raise _Failed(f"status {response.status_code}")
    if response.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise _Failed("not of the type application/json")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MOST_BYTES:
            raise _Failed("longer than an answer may be")
    return bytes(body)


def _read(body: bytes) -> Answer:
    """An answer, if it is what was agreed."""
    try:
        return Answer.model_validate_json(body)
    except ValidationError:
        raise _Failed("not an answer as agreed") from None


def _photo(answer: Answer) -> bytes:
    """
    The photo of a person who was found: the bytes of a picture, whole or not.

    Raises:
        Refusal: `PERSON_UNKNOWN`, `PERSON_NAME_DIFFERS` or `PERSON_PHOTO_UNUSABLE`, as the authority says.
    """
    if answer.result == "unknown_number":
        raise Refusal(Reason.PERSON_UNKNOWN)
    if answer.result == "name_differs":
        raise Refusal(Reason.PERSON_NAME_DIFFERS)
    if answer.photo is None:
        raise Refusal(Reason.PERSON_PHOTO_UNUSABLE)
    try:
        photo = base64.b64decode(answer.photo, validate=True)
    except ValueError:
        raise _Failed("a photo that is not base64") from None
    try:
        recognise(photo)
    except Refusal:
        raise _Failed("a photo that is no picture") from None
    return photo
