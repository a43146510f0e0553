"""
The open bundle ("EKD1"): a `delta` that vouches for the exact bytes of the pictures sent with it.

It proves that whoever held the session's key signed these bytes within the session's life, not that anybody is alive.
The format is written down in docs/liveness-bundle.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from ipse.core.genuineness.capture import Action
from ipse.core.genuineness.session import LivenessSession
from ipse.core.genuineness.signed import (
    VERSION,
    Unvouched,
    digest_of,
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

KIND: Final = "ekd+jws"
"""The header's `typ`."""

LIMIT: Final = 64 * 1024
"""Characters that a delta may have."""

PICTURES: Final = ("image_best", "image_env", *(f"image_action{number}" for number in range(1, 6)))
"""What a bundle can vouch for. Source: Megvii FaceID, verify, `face_image_type=meglive`."""

ENV_SINCE: Final = (2, 4, 1)
"""From this version on `image_env` counts. Source: Megvii FaceID, verify."""

REPLACED_SINCE: Final = (2, 4, 3)
"""From this version on `face_replaced` is answered. Source: likewise."""

SID: Final = re.compile(r"[0-9]{9,12},[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What the id of a session looks like: `<unix seconds>,<uuid v4>`."""

_REQUIRED: Final = frozenset({"v", "sid", "nonce", "jti", "iat", "sdk", "images"})
_OPTIONAL: Final = frozenset({"log", "actions"})
_ENTRY: Final = frozenset({"sha256"})
_ASIDE: Final = frozenset({"rect", "quality"})
_RECT: Final = frozenset({"left", "top", "width", "height"})


@dataclass(frozen=True, slots=True)
class BundleClaims:
    """
    What a good bundle says.

    Attributes:
        jti: Its own id, 22 characters: once it was accepted, it is spent.
        sdk: Version of the client.
        actions: What the client says was done, always the session's actions; `None` if it says nothing.
        log: What the client says of itself: never trusted.
        issued_at: When it was signed, Unix seconds by the client's clock.
    """

    jti: str
    sdk: tuple[int, ...]
    actions: tuple[Action, ...] | None
    log: Mapping[str, object] = field(repr=False)
    issued_at: float

    @property
    def has_env(self) -> bool:
        """Whether `image_env` counts."""
        return self.sdk >= ENV_SINCE

    @property
    def tells_replaced(self) -> bool:
        """Whether `face_replaced` is answered."""
        return self.sdk >= REPLACED_SINCE


def sid_of(delta: str) -> str | None:
    """Give the session that a delta names, unverified; `None` for whatever names none."""
    claims = peeked(delta, LIMIT)
    sid = None if claims is None else claims.get("sid")
    return sid if isinstance(sid, str) and SID.fullmatch(sid) else None


def check_bundle(delta: str, session: LivenessSession, uploads: Mapping[str, bytes], now: float) -> BundleClaims:
    """
    Give what a bundle says, if it vouches for the pictures.

    Args:
        delta: As sent.
        session: The session that `sid_of` named, found among those of the caller.
        uploads: The pictures sent with it, under their names, byte for byte.
        now: Unix seconds.

    Raises:
        Refusal: It does not (`LIVENESS_BUNDLE_INVALID`, whatever the cause).
    """
    try:
        require(now <= session.expires_at)
        claims = opened(delta, KIND, session, LIMIT)
        only(claims, _REQUIRED, _OPTIONAL)
        require(type(claims["v"]) is int and claims["v"] == VERSION)
        require(equal(session.sid, claims["sid"]) and equal(session.nonce, claims["nonce"]))
        said = BundleClaims(
            jti=random_of(claims["jti"]),
            sdk=sdk_of(claims["sdk"]),
            actions=_actions(claims, session),
            log=MappingProxyType(mapping_of(claims.get("log", {}))),
            issued_at=issued_at(claims["iat"], session),
        )
        _check_pictures(mapping_of(claims["images"]), uploads, said)
    except Unvouched:
        raise Refusal(Reason.LIVENESS_BUNDLE_INVALID) from None
    return said


def _check_pictures(listed: Mapping[str, Any], uploads: Mapping[str, bytes], said: BundleClaims) -> None:
    """
    Refuse unless `image_best` was listed and sent, and every picture sent is listed with its digest.

    Raises:
        Unvouched: It is not so.
    """
    require("image_best" in listed and "image_best" in uploads and listed.keys() <= set(PICTURES))
    for picture in listed.values():
        entry = mapping_of(picture)
        only(entry, _ENTRY, _ASIDE)
        digest_of(entry["sha256"])
        if "rect" in entry:
            rect = mapping_of(entry["rect"])
            only(rect, _RECT)
            for side in rect.values():
                number_of(side)
        number_of(entry.get("quality", 0))
    for name, content in uploads.items():
        if name == "image_env" and not said.has_env:
            continue
        require(name in listed and vouches(listed[name]["sha256"], content))


def _actions(claims: Mapping[str, Any], session: LivenessSession) -> tuple[Action, ...] | None:
    """
    Give the actions that a bundle claims: none at all, or those that the session asked for, in their order.

    Raises:
        Unvouched: Others, another order, or one of which no picture is listed.
    """
    if "actions" not in claims:
        return None
    asked = {f"image_action{number}": action.value for number, action in enumerate(session.actions, start=1)}
    require(mapping_of(claims["actions"]) == asked)
    require(asked.keys() <= mapping_of(claims["images"]).keys())
    return session.actions
