"""
The open result of a flash run ("EKF1"): one file with a signed manifest and the frames that it vouches for.

The format is written down in docs/liveness-bundle.md.
"""

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from ipse.core.genuineness.capture import Colour
from ipse.core.genuineness.session import LivenessSession
from ipse.core.genuineness.signed import (
    VERSION,
    Unvouched,
    equal,
    issued_at,
    mapping_of,
    number_of,
    only,
    opened,
    peeked,
    random_of,
    require,
    sdk_of,
    vouches,
)
from ipse.core.reasons import Reason, Refusal

KIND: Final = "ekf+jws"
"""The header's `typ`."""

MAGIC: Final = b"EKFLASH1"
"""How a file begins."""

LIMIT: Final = 512 * 1024
"""Bytes that a file may have."""

MANIFEST_LIMIT: Final = 64 * 1024
"""Bytes that its manifest may have."""

PARTS: Final = 16
"""Frames that it may hold."""

BIZ_NO: Final = re.compile(r"[A-Za-z0-9,_-]{1,64}")
"""What the id of a flash run looks like."""

_REQUIRED: Final = frozenset({"v", "biz_no", "nonce", "jti", "iat", "result", "parts", "flash"})
_OPTIONAL: Final = frozenset({"log", "sdk"})
_FLASH: Final = frozenset({"colours", "shown_ms", "taken_ms"})


@dataclass(frozen=True, slots=True)
class FlashClaims:
    """
    What a good flash result says.

    Attributes:
        jti: Its own id, 22 characters.
        parts: `image_best` and `flash1`, `flash2`, …: one frame for each colour, in the order of the sequence.
        shown_ms: When the screen showed each colour, on the client's monotonic clock.
        taken_ms: When each frame was taken, likewise.
        colours: The sequence, always the session's.
        log: What the client says of itself: never trusted.
        issued_at: When it was signed, Unix seconds by the client's clock.
    """

    jti: str
    parts: Mapping[str, bytes] = field(repr=False)
    shown_ms: tuple[float, ...]
    taken_ms: tuple[float, ...]
    colours: tuple[Colour, ...]
    log: Mapping[str, object] = field(repr=False)
    issued_at: float


def frame_names(colours: Sequence[Colour]) -> tuple[str, ...]:
    """Give what the parts of a run over these colours are called, `image_best` first."""
    return ("image_best", *(f"flash{number}" for number in range(1, len(colours) + 1)))


def packed(manifest: str, parts: Mapping[str, bytes]) -> bytes:
    """Give the file of a signed manifest and its parts, in their order."""
    signed = manifest.encode("ascii")
    pieces = [MAGIC, struct.pack(">I", len(signed)), signed, struct.pack(">H", len(parts))]
    for name, content in parts.items():
        spelt = name.encode("ascii")
        pieces += [struct.pack(">B", len(spelt)), spelt, struct.pack(">I", len(content)), content]
    return b"".join(pieces)


def biz_no_of(content: bytes) -> str | None:
    """Give the flash run that a file names, unverified; `None` for whatever names none."""
    try:
        manifest, _ = _unpacked(content)
    except Unvouched:
        return None
    claims = peeked(manifest, MANIFEST_LIMIT)
    biz_no = None if claims is None else claims.get("biz_no")
    return biz_no if isinstance(biz_no, str) and BIZ_NO.fullmatch(biz_no) else None


def check_flash(content: bytes, session: LivenessSession, now: float) -> FlashClaims:
    """
    Give what a flash result says, if it is one of this session and complete.

    Args:
        content: The file, byte for byte.
        session: The session whose run `biz_no_of` named, found among those of the caller.
        now: Unix seconds.

    Raises:
        Refusal: It is not (`FLASH_RESULT_INVALID`, whatever the cause).
    """
    try:
        require(now <= session.expires_at)
        manifest, parts = _unpacked(content)
        claims = opened(manifest, KIND, session, MANIFEST_LIMIT)
        only(claims, _REQUIRED, _OPTIONAL)
        require(type(claims["v"]) is int and claims["v"] == VERSION)
        require(session.biz_no is not None and equal(session.biz_no, claims["biz_no"]))
        require(equal(session.nonce, claims["nonce"]) and claims["result"] == "pass")
        sdk_of(claims.get("sdk", "0.0"))
        _check_parts(mapping_of(claims["parts"]), parts, session)
        shown_ms, taken_ms = _timing(mapping_of(claims["flash"]), session)
        return FlashClaims(
            jti=random_of(claims["jti"]),
            parts=MappingProxyType(parts),
            shown_ms=shown_ms,
            taken_ms=taken_ms,
            colours=session.colours,
            log=MappingProxyType(mapping_of(claims.get("log", {}))),
            issued_at=issued_at(claims["iat"], session),
        )
    except Unvouched:
        raise Refusal(Reason.FLASH_RESULT_INVALID) from None


def _check_parts(listed: Mapping[str, Any], parts: Mapping[str, bytes], session: LivenessSession) -> None:
    """
    Refuse unless manifest, file and sequence name the same parts, and every digest is right.

    Raises:
        Unvouched: It is not so.
    """
    require(session.colours and listed.keys() == parts.keys() == set(frame_names(session.colours)))
    for name, part in parts.items():
        require(vouches(listed[name], part))


def _timing(flash: Mapping[str, Any], session: LivenessSession) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """
    Give when the colours were shown and the frames taken; whether that is plausible is judged elsewhere.

    Raises:
        Unvouched: The colours are not the session's, or a time is missing or none.
    """
    only(flash, _FLASH)
    require(flash["colours"] == [colour.value for colour in session.colours])
    times = []
    for name in ("shown_ms", "taken_ms"):
        told = flash[name]
        require(isinstance(told, list) and len(told) == len(session.colours))
        times.append(tuple(number_of(one) for one in told))
    return times[0], times[1]


def _unpacked(content: bytes) -> tuple[str, dict[str, bytes]]:
    """
    Give manifest and parts of a file that ends where its last part does.

    Raises:
        Unvouched: It is too large, cut off, longer than it says, or names a part twice.
    """
    require(len(content) <= LIMIT)
    reader = _Reader(content)
    require(reader.take(len(MAGIC)) == MAGIC)
    length = reader.number(4)
    require(length <= MANIFEST_LIMIT)
    manifest = reader.text(length)
    parts: dict[str, bytes] = {}
    number = reader.number(2)
    require(number <= PARTS)
    for _ in range(number):
        name = reader.text(reader.number(1))
        require(name not in parts)
        parts[name] = reader.take(reader.number(4))
    require(reader.is_at_end)
    return manifest, parts


class _Reader:
    """
    Takes bytes off the front.

    Args:
        content: From what.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 0

    @property
    def is_at_end(self) -> bool:
        """Whether all was taken."""
        return self._place == len(self._content)

    def take(self, length: int) -> bytes:
        """
        Give the next bytes.

        Raises:
            Unvouched: There are not so many.
        """
        require(length <= len(self._content) - self._place)
        start, self._place = self._place, self._place + length
        return self._content[start : self._place]

    def number(self, length: int) -> int:
        """Give the next big-endian number."""
        return int.from_bytes(self.take(length), "big")

    def text(self, length: int) -> str:
        """
        Give the next ASCII text.

        Raises:
            Unvouched: It is none.
        """
        try:
            return self.take(length).decode("ascii")
        except UnicodeDecodeError:
            raise Unvouched from None
