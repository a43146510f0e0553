"""
Good calls about captures for the wire fuzzer and the measurements: sessions are opened first, each is used in turn.

What a session vouches for is spent with its first use; a call that comes back to it is refused as a repetition, which
is a good call too.
"""

import json
import random
from collections.abc import Callable, Mapping
from itertools import cycle
from typing import Any

import httpx2
from demo import live_calls as calls
from inside import ADDRESS, Inside, Sent, answer, sent

SESSIONS = 32
"""How many of each kind are opened."""

WHOLE = 0.6
"""Share of the pictures of a broken bundle that are as they should be."""


async def good_captures(world: Inside, pictures: Mapping[str, bytes]) -> dict[str, Callable[[], Sent]]:
    """
    Give makers of one good call of each operation about captures.

    Args:
        world: The application.
        pictures: `image_best`, `image_env` and `image_action1`.
    """
    faceid, native, best = world.keys["faceid"], world.keys["native"], pictures["image_best"]
    bundles = [await _told(world, calls.faceid_session(ADDRESS, faceid, 0, flash=False)) for _ in range(SESSIONS)]
    runs = [await _told(world, calls.faceid_session(ADDRESS, faceid, 0, flash=True)) for _ in range(SESSIONS)]
    captures = [
        await _told(world, calls.native_capture(ADDRESS, native, 1, flash=bool(n % 2))) for n in range(SESSIONS)
    ]
    pages = [(one["token"], await _told(world, calls.capture_session(ADDRESS, one["token"]))) for one in captures]
    bundle, run, capture, page = cycle(bundles), cycle(runs), cycle(captures), cycle(pages)
    made: dict[str, Callable[[], httpx2.Request]] = {
        "faceid session": lambda: calls.faceid_session(ADDRESS, faceid, 2, flash=True),
        "faceid verify bundle": lambda: calls.faceid_verify_bundle(ADDRESS, faceid, next(bundle), pictures, best),
        "faceid verify flash": lambda: calls.faceid_verify_flash(ADDRESS, faceid, next(run), best, best),
        "faceid flash state": lambda: calls.faceid_flash_state(ADDRESS, faceid, next(run)["biz_no"]),
        "native genuineness": lambda: calls.native_genuineness(ADDRESS, native, best),
        "native capture": lambda: calls.native_capture(ADDRESS, native, 3, flash=True),
        "native capture state": lambda: calls.native_capture_state(ADDRESS, native, next(capture)["capture"]),
        "native capture compare": lambda: calls.native_capture_compare(ADDRESS, native, next(capture)["capture"], best),
        "capture session": lambda: calls.capture_session(ADDRESS, next(page)[0]),
        "capture result": lambda: calls.capture_result(ADDRESS, *next(page), pictures),
    }
    return {name: _sender(make) for name, make in made.items()}


async def signed_rubbish(
    world: Inside, pictures: Mapping[str, bytes], chance: random.Random
) -> dict[str, Callable[[], Sent]]:
    """Give makers of calls whose pictures are broken and well signed, so that more than a signature is tried."""
    faceid, best = world.keys["faceid"], pictures["image_best"]
    bundles = [await _told(world, calls.faceid_session(ADDRESS, faceid, 0, flash=False)) for _ in range(SESSIONS)]
    runs = [await _told(world, calls.faceid_session(ADDRESS, faceid, 0, flash=True)) for _ in range(SESSIONS)]
    bundle, run = cycle(bundles), cycle(runs)

    def broken(content: bytes) -> bytes:
        octets = bytearray(content[: chance.randrange(1, len(content) + 1)])
        octets[chance.randrange(len(octets))] = chance.randrange(256)
        return bytes(octets)

    def bundled() -> httpx2.Request:
        sent_pictures = {
            name: content if chance.random() < WHOLE else broken(content) for name, content in pictures.items()
        }
        return calls.faceid_verify_bundle(ADDRESS, faceid, next(bundle), sent_pictures, best)

    return {
        "faceid verify broken bundle": _sender(bundled),
        "faceid verify broken flash": _sender(
            lambda: calls.faceid_verify_flash(ADDRESS, faceid, next(run), broken(best), best)
        ),
    }


def _sender(make: Callable[[], httpx2.Request]) -> Callable[[], Sent]:
    """Give a maker of requests as they are sent."""
    return lambda: sent(make())


async def _told(world: Inside, request: httpx2.Request) -> dict[str, Any]:
    """Give what a good call is answered with."""
    status, body = await answer(world.app, sent(request))
    if status not in {200, 201}:
        raise SystemExit(f"{request.method} {request.url.path} was answered with {status}: {body[:300]!r}")
    told: dict[str, Any] = json.loads(body)
    return told
