"""
Tencent's credentials: signatures over the request, TC3-HMAC-SHA256 in a header or the old ones among the fields.

Neither sends the secret. What was signed is put together here in every way in which a vendor's own client signs it
(`docs/protocols/tencent.md`, signatures); whether one of them fits shows once the key's secret is known.
"""

import base64
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import product
from types import MappingProxyType
from typing import Final, TypeAlias

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, WireRequest
from ipse.protocols.tencent.parameters import common, fields
from ipse.protocols.tencent.parameters import field as sent_field

ALGORITHM: Final = "TC3-HMAC-SHA256"
SERVICE: Final = "faceid"

AUTHORIZATION: Final = re.compile(
    r"TC3-HMAC-SHA256\s+Credential=(?P<key>[^/,\s]+)/(?P<date>\d{4}-\d\d-\d\d)/(?P<service>[^/,\s]+)/tc3_request\s*,"
    r"\s*SignedHeaders=(?P<headers>[a-z0-9;-]+)\s*,\s*Signature=(?P<signature>[0-9a-f]{64})\s*",
    re.ASCII,
)
"""Source: the vendor's guide to signature version 3."""

MUST_BE_SIGNED: Final = frozenset({"content-type", "host"})
"""Source: the vendor's guide to signature version 3."""

UNSIGNED: Final = "UNSIGNED-PAYLOAD"
"""What stands for the body where the sender does not sign it. Source: the vendor's clients."""

WINDOW_S: Final = 300
"""How far the sender's clock may be off. Source: the vendor's guide to calls: five minutes."""

TIMESTAMP: Final = re.compile(r"[0-9]{1,11}", re.ASCII)
"""Whole Unix seconds, until the year 5138."""

METHODS: Final = MappingProxyType({"HmacSHA1": "sha1", "HmacSHA256": "sha256"})
"""Source: the vendor's guide to signature version 1; without a word it is HmacSHA1."""

MOST_OLD_BYTES: Final = 1_048_576
"""The largest form that an old signature may sign. Source: the vendor's guide to calls: 1 MB."""


@dataclass(frozen=True, slots=True)
class Tc3Signature:
    """
    A request signed with TC3-HMAC-SHA256.

    Attributes:
        key: The SecretId.
        date: The day of the scope.
        service: The service of the scope.
        timestamp: Unix seconds, as sent.
        signature: In hexadecimal digits.
        digests: Of each canonical request that the sender may have signed.
        fits: Whether day and service are those of this request; else nothing proves anything.
        stale: Whether the timestamp is too far off.
    """

    key: str
    date: str
    service: str
    timestamp: str
    signature: str = field(repr=False)
    digests: tuple[str, ...] = field(repr=False)
    fits: bool
    stale: bool

    def proves(self, secret: str | None) -> bool:
        """Whether one of the canonical requests was signed with this secret; all of them are tried."""
        signing = f"TC3{secret or ''}".encode()
        for word in (self.date, self.service, "tc3_request"):
            signing = hmac.digest(signing, word.encode(), "sha256")
        scope = f"{self.date}/{self.service}/tc3_request"
        texts = (f"{ALGORITHM}\n{self.timestamp}\n{scope}\n{digest}" for digest in self.digests)
        made = [hmac.digest(signing, text.encode(), "sha256").hex() for text in texts]
        return _any_equal(made, self.signature) and self.fits and secret is not None


@dataclass(frozen=True, slots=True)
class OldSignature:
    """
    A request signed with signature version 1, HmacSHA1 or HmacSHA256.

    Attributes:
        key: The SecretId.
        method: The digest, in our word.
        signature: In base64.
        texts: What the sender may have signed.
        stale: Whether the timestamp is too far off.
    """

    key: str
    method: str
    signature: str = field(repr=False)
    texts: tuple[bytes, ...] = field(repr=False)
    stale: bool

    def proves(self, secret: str | None) -> bool:
        """Whether one of the texts was signed with this secret; all of them are tried."""
        made = (hmac.digest((secret or "").encode(), text, self.method) for text in self.texts)
        return _any_equal([base64.b64encode(one).decode() for one in made], self.signature) and secret is not None


Signature: TypeAlias = Tc3Signature | OldSignature


def authenticate(request: WireRequest, context: Context) -> Signature:
    """
    Give the signature of a request.

    Raises:
        Refusal: `CREDENTIALS_MISSING`, `CREDENTIALS_MALFORMED`, or `ARGUMENT_TYPE` for a timestamp that is no number;
            `CREDENTIALS_INVALID` with field `size` when more was sent than an old signature may sign.
    """
    authorization = request.head.header("authorization")
    if authorization is None:
        return _old(request, context)
    return _tc3(request, context, authorization)


def _tc3(request: WireRequest, context: Context, authorization: str) -> Tc3Signature:
    """Give a TC3 signature with everything that it may be about."""
    said = AUTHORIZATION.fullmatch(authorization)
    if said is None or not set(said["headers"].split(";")) >= MUST_BE_SIGNED:
        raise Refusal(Reason.CREDENTIALS_MALFORMED)
    timestamp = _timestamp(request)
    day = datetime.fromtimestamp(int(timestamp), UTC).date().isoformat()
    hosts = _hosts(request)
    services = {SERVICE, *(host.partition(".")[0] for host in hosts)}
    return Tc3Signature(
        key=said["key"],
        date=said["date"],
        service=said["service"],
        timestamp=timestamp,
        signature=said["signature"],
        digests=_digests(request, said["headers"], hosts),
        fits=said["date"] == day and said["service"] in services,
        stale=_is_stale(timestamp, context),
    )


def _digests(request: WireRequest, names: str, hosts: tuple[str, ...]) -> tuple[str, ...]:
    """Give the digest of each canonical request: for each host, with values as sent or, as the guide says, lowered."""
    unsigned = request.head.header("x-tc-content-sha256") == UNSIGNED
    payload = sha256(UNSIGNED.encode() if unsigned else request.body).hexdigest()
    query = request.head.query.decode("latin-1") if request.head.method == "GET" else ""
    sent = dict(request.head.headers)
    values = [(name, sent.get(name, "").strip()) for name in names.split(";")]
    digests = []
    for host, small in product(hosts, (False, True)):
        known = ((name, host if name == "host" else value) for name, value in values)
        lines = "".join(f"{name}:{value.lower() if small else value}\n" for name, value in known)
        canonical = f"{request.head.method}\n/\n{query}\n{lines}\n{names}\n{payload}"
        digests.append(sha256(canonical.encode("latin-1", "replace")).hexdigest())
    return tuple(digests)


def _old(request: WireRequest, context: Context) -> OldSignature:
    """Give an old signature with everything that it may be about; only what is signed counts, so no header does."""
    _timestamp(request)
    key, signature, _, timestamp = (
        _required(request, name) for name in ("SecretId", "Signature", "Nonce", "Timestamp")
    )
    method = METHODS.get(sent_field(request, "SignatureMethod") or "HmacSHA1")
    if method is None:
        raise Refusal(Reason.CREDENTIALS_MALFORMED)
    if len(request.body) > MOST_OLD_BYTES:
        raise Refusal(Reason.CREDENTIALS_INVALID, "size")
    values = {part.name.encode("utf-8", "surrogateescape"): part.content for part in fields(request)}
    values.pop(b"Signature", None)
    starts = (f"{request.head.method}{host}/?".encode("latin-1", "replace") for host in _hosts(request))
    texts = tuple(start + pairs for start, pairs in product(starts, _spellings(values)))
    return OldSignature(key, method, signature, texts, _is_stale(timestamp, context))


def _spellings(values: Mapping[bytes, bytes]) -> Iterator[bytes]:
    """Give the fields in the order of their names: as sent, and with points for low lines, as Python signs them."""
    yield b"&".join(name + b"=" + content for name, content in sorted(values.items()))
    if any(b"_" in name for name in values):
        pointed = ((name.replace(b"_", b"."), content) for name, content in values.items())
        yield b"&".join(name + b"=" + content for name, content in sorted(pointed))


def _hosts(request: WireRequest) -> tuple[str, ...]:
    """Give the names under which clients sign the server: as sent, and without the port, as Node does."""
    sent = (request.head.header("host") or "").strip()
    return tuple(dict.fromkeys((sent, re.sub(r":\d+$", "", sent))))


def _timestamp(request: WireRequest) -> str:
    """Give the timestamp, as sent."""
    timestamp = common(request, "Timestamp")
    if timestamp is None:
        raise Refusal(Reason.CREDENTIALS_MISSING, "Timestamp")
    if not TIMESTAMP.fullmatch(timestamp):
        raise Refusal(Reason.ARGUMENT_TYPE, "Timestamp")
    return timestamp


def _required(request: WireRequest, name: str) -> str:
    """Give a field that every old signature comes with."""
    value = sent_field(request, name)
    if not value:
        raise Refusal(Reason.CREDENTIALS_MISSING, name)
    return value


def _is_stale(timestamp: str, context: Context) -> bool:
    """Give whether a timestamp is too far from now; of both only whole seconds count, as senders have no others."""
    return abs(int(context.started_at) - int(timestamp)) > WINDOW_S


def _any_equal(made: list[str], sent: str) -> bool:
    """Give whether any is equal, in a time that does not tell which or how nearly."""
    return sum(hmac.compare_digest(one.encode(), sent.encode("utf-8", "replace")) for one in made) > 0
