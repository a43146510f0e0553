"""
What bundles and flash results have in common: claims signed with the key of a session, as JWS in compact form.

One spelling a token: base64url without padding and without loose bits, a header of three members, JSON without doubled
keys. So no byte of it can change and leave it good.
Source: RFC 7515 (JWS), RFC 7518 section 3.2 (HS256).
"""

import binascii
import hashlib
import hmac
import json
import math
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from jwt import PyJWS
from jwt.exceptions import PyJWTError

from ipse.core.genuineness.session import LivenessSession

SKEW_S: Final = 120
"""How wrong a client's clock may be. Source: the published format, `iat` within the session's life ± 120 s."""

VERSION: Final = 1
"""The claim `v`."""

SDK_END: Final = (3,)
"""Clients from this version on speak a format that is not this one. Source: Megvii FaceID, MegLive 3.0 has no delta."""

RANDOM_BYTES: Final = 16
"""Length of `nonce` and `jti`: 128 bits."""

_ALGORITHM: Final = "HS256"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}")
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")
_DOTTED: Final = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,5}){1,3}")
_JWS: Final = PyJWS(algorithms=[_ALGORITHM])


class Unvouched(ValueError):  # noqa: N818 (it reads as what it is)
    """Something is not as it must be; which thing it is, nobody learns."""


def require(holds: object) -> None:
    """Refuse unless this holds."""
    if not holds:
        raise Unvouched


def encoded(content: bytes) -> str:
    """Give base64url without padding."""
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def decoded(text: object) -> bytes:
    """
    Give the bytes of base64url in its one spelling: no padding, no other letters, no loose bits at the end.

    Raises:
        Unvouched: It is not text, or not spelt so.
    """
    if not isinstance(text, str) or not _BASE64URL.fullmatch(text):
        raise Unvouched
    try:
        content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise Unvouched from None
    require(encoded(content) == text)
    return content


def vouches(claim: object, content: bytes) -> bool:
    """
    Give whether a claim is the SHA-256 of these bytes.

    Raises:
        Unvouched: It is nobody's SHA-256.
    """
    return hmac.compare_digest(hashlib.sha256(content).digest(), digest_of(claim))


def digest_of(claim: object) -> bytes:
    """
    Give a claim that is a SHA-256.

    Raises:
        Unvouched: It is not.
    """
    digest = decoded(claim)
    require(len(digest) == hashlib.sha256().digest_size)
    return digest


def equal(expected: str | bytes, given: object) -> bool:
    """Give whether a claim is this text, or base64url of these bytes; in constant time."""
    if isinstance(expected, bytes):
        return hmac.compare_digest(expected, decoded(given))
    return isinstance(given, str) and hmac.compare_digest(expected.encode(), given.encode())


def random_of(claim: object) -> str:
    """
    Give a claim that is base64url of 128 random bits.

    Raises:
        Unvouched: It is not.
    """
    require(len(decoded(claim)) == RANDOM_BYTES)
    return str(claim)


def mapping_of(claim: object) -> dict[str, Any]:
    """
    Give a claim that is a JSON object.

    Raises:
        Unvouched: It is not.
    """
    if not isinstance(claim, dict):
        raise Unvouched
    return claim


def only(claims: Mapping[str, object], required: frozenset[str], optional: frozenset[str] = frozenset()) -> None:
    """
    Refuse unless all required members are there and none but those and the optional ones.

    Raises:
        Unvouched: One is missing, or one too many is there.
    """
    require(required <= claims.keys() <= required | optional)


def number_of(claim: object) -> float:
    """
    Give a claim that is a finite number; `true` is none.

    Raises:
        Unvouched: It is not.
    """
    if isinstance(claim, bool) or not isinstance(claim, int | float):
        raise Unvouched
    try:
        number = float(claim)
    except OverflowError:
        raise Unvouched from None
    require(math.isfinite(number))
    return number


def issued_at(claim: object, session: LivenessSession) -> float:
    """
    Give when something was signed, by the client's clock: whole Unix seconds within the session's life ± 120 s.

    Raises:
        Unvouched: It is no whole number, or lies outside.
    """
    if isinstance(claim, bool) or not isinstance(claim, int):
        raise Unvouched
    require(math.floor(session.issued_at) - SKEW_S <= claim <= math.ceil(session.expires_at) + SKEW_S)
    return float(claim)


def sdk_of(claim: object) -> tuple[int, ...]:
    """
    Give the version of a client that speaks this format: two to four dotted numbers below 3.0.

    Raises:
        Unvouched: It is none.
    """
    if not isinstance(claim, str) or not _DOTTED.fullmatch(claim):
        raise Unvouched
    version = tuple(int(number) for number in claim.split("."))
    require(version < SDK_END)
    return version


def peeked(token: str, limit: int) -> dict[str, Any] | None:
    """Give the claims of a token, unverified: only for finding out whose session it names. Garbage gives nothing."""
    if len(token) > limit or not _TOKEN.fullmatch(token):
        return None
    try:
        return _parsed(decoded(token.split(".")[1]))
    except Unvouched:
        return None


def opened(token: str, kind: str, session: LivenessSession, limit: int) -> dict[str, Any]:
    """
    Give the claims of a token that the session's key signed.

    Args:
        token: JWS in compact form.
        kind: What the header's `typ` must be.
        session: Whose key, and whose `kid` the header must name.
        limit: How many characters it may have.

    Raises:
        Unvouched: The form, the header or the signature is wrong.
    """
    require(len(token) <= limit and _TOKEN.fullmatch(token))
    head, body, signature = token.split(".")
    decoded(signature)
    header = _parsed(decoded(head))
    require(header.keys() == {"alg", "kid", "typ"})
    require((header["alg"], header["kid"], header["typ"]) == (_ALGORITHM, session.kid, kind))
    try:
        _JWS.decode(token, session.key, algorithms=[_ALGORITHM])
    except PyJWTError:
        raise Unvouched from None
    return _parsed(decoded(body))


def sealed(claims: Mapping[str, object], kind: str, kid: str, key: bytes) -> str:
    """Give the token of these claims: sorted keys, no spaces, ASCII."""
    body = json.dumps(claims, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")
    return _JWS.encode(body, key, _ALGORITHM, headers={"kid": kid, "typ": kind}, sort_headers=True)


def _parsed(content: bytes) -> dict[str, Any]:
    """
    Give the JSON object that these bytes are: UTF-8, no doubled keys, no NaN, no half of a surrogate pair.

    Raises:
        Unvouched: They are none.
    """
    try:
        value = json.loads(content.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Unvouched from None
    return mapping_of(value)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """
    Give the object of these members.

    Raises:
        Unvouched: Two have the same name.
    """
    members = dict(pairs)
    require(len(members) == len(pairs))
    return members


def _no_constant(word: str) -> NoReturn:
    """
    Refuse `NaN` and `Infinity`, which JSON does not know.

    Raises:
        Unvouched: Always.
    """
    del word
    raise Unvouched
