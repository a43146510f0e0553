"""
Servers that can all do the same: each in turn, another one when one fails, and rest for one that keeps failing.

pybreaker is not used here: it holds a lock while a call is under way (1.4), so that one picture would wait for another.
"""

import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Final, TypeVar
from weakref import finalize

import httpx2

from ipse.models.open_inference import Question
from ipse.models.runtime import Servers
from ipse.models.trouble import InferenceAwayError, WeightsError

FAILURES: Final = 3
"""How many calls in a row may fail before a server is left alone."""

REST_S: Final = 10.0
"""For how long. Source: Kubernetes looks at a pod's readiness every 10 s by default."""

ATTEMPTS: Final = 3
"""How many servers one call may try."""

_CONNECT_S: Final = 1.0
"""How long a connection may take: a server in the same network answers in milliseconds, or is not there."""

Result = TypeVar("Result")


class AnswerError(Exception):
    """A server did not answer as it should; the message says how, and repeats nothing that it sent."""


@dataclass(slots=True, eq=False)
class Replica:
    """
    One server, and how it has done so far.

    Attributes:
        url: What stands before `/v2`.
        is_checked: Whether it was found to have our network since it last rested.
        binary: Whether it reads and writes tensors as bytes.
        failures: How many calls in a row have failed.
        rests_until_s: Until when it is left alone, on the clock that never runs backwards.
    """

    url: str
    is_checked: bool = False
    binary: bool = True
    failures: int = 0
    rests_until_s: float = 0.0


class Replicas:
    """
    Asks one of several servers. Safe to call from several threads at once.

    Args:
        servers: Where they are, and how they are asked.
        check: Raises unless a server has our network; called before its first use and after each rest.
    """

    def __init__(self, servers: Servers, check: Callable[[Replica], None]) -> None:
        if not servers.urls:
            raise InferenceAwayError("no inference server is named: set IPSE_INFERENCE_URLS")
        self.all = tuple(Replica(url.rstrip("/")) for url in servers.urls)
        self._check = check
        self._lock = Lock()
        self._next = 0
        self._patience_s = servers.timeout_s
        bearer = {} if servers.token is None else {"Authorization": f"Bearer {servers.token}"}
        self._client = httpx2.Client(
            headers={"Accept-Encoding": "identity", "User-Agent": "ipse", **bearer},
            timeout=httpx2.Timeout(servers.timeout_s, connect=min(_CONNECT_S, servers.timeout_s)),
            limits=httpx2.Limits(max_connections=None, keepalive_expiry=30.0),
            verify=ssl.create_default_context(cafile=servers.ca),
            trust_env=False,
        )
        finalize(self, self._client.close)

    def call(self, work: Callable[[Replica], Result]) -> Result:
        """
        What the work gives at the first server where it succeeds.

        Raises:
            InferenceAwayError: It failed at every server that was tried, or all of them rest.
        """
        why = "all of them rest after failures"
        for replica in self._turn():
            try:
                if not replica.is_checked:
                    self._check(replica)
                    replica.is_checked = True
                result = work(replica)
            except (AnswerError, WeightsError) as error:
                why = str(error)
                self._failed(replica)
                continue
            replica.failures = 0
            return result
        raise InferenceAwayError(f"no inference server answers: {why}")

    def open(self) -> None:
        """
        Check every server; those that do not answer now rest, and are checked when they are back.

        Raises:
            InferenceAwayError: None of them answers.
            WeightsError: One of them answers, and does not have our network.
        """
        why = ""
        for replica in self.all:
            try:
                self._check(replica)
                replica.is_checked = True
            except AnswerError as error:
                why = f"{replica.url}: {error}"
                self._failed(replica)
        if not any(replica.is_checked for replica in self.all):
            raise InferenceAwayError(f"no inference server answers as it should; {why}")

    def send(
        self, replica: Replica, path: str, most_bytes: int, question: Question | None = None
    ) -> tuple[bytes, httpx2.Headers]:
        """
        The body and the headers of a good answer.

        Args:
            replica: Who is asked.
            path: What stands behind its address.
            most_bytes: How long the answer may be.
            question: What is posted; without one it is a plain question.

        Raises:
            AnswerError: There is no good answer.
        """
        method, body, headers = ("GET", None, {}) if question is None else ("POST", question.body, question.headers)
        until_s = time.monotonic() + self._patience_s
        try:
            with self._client.stream(method, replica.url + path, content=body, headers=headers) as response:
                if response.status_code != httpx2.codes.OK:
                    raise AnswerError(f"status {response.status_code} for {path}")
                found = bytearray()
                for chunk in response.iter_raw():
                    found += chunk
                    if len(found) > most_bytes:
                        raise AnswerError(f"a longer answer than there can be for {path}")
                    if time.monotonic() > until_s:
                        raise AnswerError(f"an answer that does not end for {path}")
                return bytes(found), response.headers
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise AnswerError(f"no answer: {type(error).__name__}") from None

    def _turn(self) -> Iterator[Replica]:
        """Whom one call may try: those that do not rest, the next one first; a server alone is tried twice."""
        with self._lock:
            first, self._next = self._next, (self._next + 1) % len(self.all)
        order = (*self.all[first:], *self.all[:first])
        tried = 0
        for replica in order if len(order) > 1 else order * 2:
            if tried < ATTEMPTS and replica.rests_until_s <= time.monotonic():
                tried += 1
                yield replica

    def _failed(self, replica: Replica) -> None:
        """Note a failure; after a few the server rests, and is checked again before it is used."""
        replica.failures += 1
        if replica.failures >= FAILURES or not replica.is_checked:
            replica.rests_until_s = time.monotonic() + REST_S
            replica.is_checked = False
