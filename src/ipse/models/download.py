"""A file over HTTP that survives a cut connection: what has arrived stays, the rest is asked for."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import httpx2

from ipse.models.sources import UnobtainableError, words

Advance = Callable[[int, int], None]
"""Told how many bytes are there and how many there will be (0 if unknown)."""

PAUSES_S: Final = (0.5, 2.0, 5.0)
"""How long is waited before each further attempt that follows one in which nothing arrived."""

_OK, _PARTIAL, _RANGE_UNSATISFIABLE = 200, 206, 416


def download(
    session: httpx2.Client, url: str, part: Path, advance: Advance, place: str, pauses_s: Sequence[float] = PAUSES_S
) -> None:
    """
    Nothing, once the whole file lies at `part`.

    Args:
        session: The HTTP client.
        url: Where the file is.
        part: Where it goes; what lies there already is taken for its beginning.
        advance: Told of the progress.
        place: The address for people, without credentials.
        pauses_s: Waits before the attempts that follow one in which nothing arrived.

    Raises:
        UnobtainableError: The server refuses, or the connection breaks again and again.
    """
    pauses = list(pauses_s)
    while True:
        before = _size(part)
        try:
            _continue(session, url, part, advance, place)
        except httpx2.TransportError as error:
            if _size(part) > before:
                continue
            if not pauses:
                raise UnobtainableError(place, words(error)) from error
            time.sleep(pauses.pop(0))
        else:
            return


def _continue(session: httpx2.Client, url: str, part: Path, advance: Advance, place: str) -> None:
    """One attempt: ask for what is missing and append it."""
    have = _size(part)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with session.stream("GET", url, headers=headers) as response:
        if response.status_code == _RANGE_UNSATISFIABLE and response.headers.get("Content-Range") == f"bytes */{have}":
            return
        resumed = response.status_code == _PARTIAL and response.headers.get("Content-Range", "").startswith(
            f"bytes {have}-"
        )
        if not resumed and response.status_code != _OK:
            part.unlink(missing_ok=True)
            raise UnobtainableError(place, f"it answers {response.status_code} {response.reason_phrase}")
        done = have if resumed else 0
        total = done + int(response.headers.get("Content-Length", -done))
        with part.open("ab" if resumed else "wb") as stream:
            for chunk in response.iter_raw():
                stream.write(chunk)
                done += len(chunk)
                advance(done, total)


def _size(path: Path) -> int:
    """Bytes that are there."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
