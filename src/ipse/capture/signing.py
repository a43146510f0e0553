"""Bundles and flash results as a client makes them, from a session as `POST /v1/liveness/session` answers it."""

import hashlib
import secrets
import time
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ipse.core.genuineness import bundle, flash_file
from ipse.core.genuineness.signed import RANDOM_BYTES, VERSION, encoded, sealed

SDK: Final = "2.4.5"
"""Version of the client that these functions speak as: image_env counts, face_replaced is answered."""


def sign_bundle(
    session: Mapping[str, Any],
    images: Mapping[str, bytes],
    *,
    actions: Sequence[str] | None = None,
    log: Mapping[str, object] | None = None,
    sdk: str = SDK,
    jti: bytes | None = None,
    now: float | None = None,
) -> str:
    """
    Give the `delta` that vouches for pictures.

    Args:
        session: What the server answered: `sid`, `kid`, `nonce` and `session_key`.
        images: `image_best`, and as there are `image_env`, `image_action1` … `image_action5`: exactly the bytes that
            will be uploaded.
        actions: What was done, in order: the session's actions. Absent: nothing is said.
        log: What the client says of itself.
        sdk: Version of the client.
        jti: 16 random bytes; by default new ones.
        now: Unix seconds; by default the clock's.

    Raises:
        ValueError: `image_best` is missing, or a name is none of the above.
    """
    if "image_best" not in images or not images.keys() <= set(bundle.PICTURES):
        raise ValueError(f"images are image_best and others of {', '.join(bundle.PICTURES)}")
    claims: dict[str, object] = {
        **_stamp(session, jti, now),
        "sid": session["sid"],
        "sdk": sdk,
        "images": {name: {"sha256": _digest(content)} for name, content in images.items()},
    }
    if actions is not None:
        claims["actions"] = {f"image_action{number}": action for number, action in enumerate(actions, start=1)}
    if log is not None:
        claims["log"] = dict(log)
    return sealed(claims, bundle.KIND, session["kid"], _bytes(session["session_key"]))


def pack_flash(
    session: Mapping[str, Any],
    parts: Mapping[str, bytes],
    *,
    shown_ms: Sequence[float],
    taken_ms: Sequence[float],
    log: Mapping[str, object] | None = None,
    jti: bytes | None = None,
    now: float | None = None,
) -> bytes:
    """
    Give the `meglive_flash_result` of a flash run.

    Args:
        session: What the server answered: `biz_no`, `kid`, `nonce`, `session_key` and `colours`.
        parts: `image_best` and `flash1`, `flash2`, …: one frame for each colour.
        shown_ms: When the screen showed each colour, on a monotonic clock.
        taken_ms: When each frame was taken, on the same clock.
        log: What the client says of itself.
        jti: 16 random bytes; by default new ones.
        now: Unix seconds; by default the clock's.

    Raises:
        ValueError: Parts or times do not fit the colours, or the file is larger than 512 KB.
    """
    names = flash_file.frame_names(session["colours"])
    if set(names) != parts.keys() or {len(shown_ms), len(taken_ms)} != {len(names) - 1}:
        raise ValueError(f"a run over {len(names) - 1} colours has as many times and the parts {', '.join(names)}")
    flash = {"colours": list(session["colours"]), "shown_ms": list(shown_ms), "taken_ms": list(taken_ms)}
    claims: dict[str, object] = {
        **_stamp(session, jti, now),
        "biz_no": session["biz_no"],
        "result": "pass",
        "parts": {name: _digest(content) for name, content in parts.items()},
        "flash": flash,
    }
    if log is not None:
        claims["log"] = dict(log)
    manifest = sealed(claims, flash_file.KIND, session["kid"], _bytes(session["session_key"]))
    content = flash_file.packed(manifest, {name: parts[name] for name in names})
    if len(content) > flash_file.LIMIT:
        raise ValueError(f"the file has {len(content)} bytes, and may have {flash_file.LIMIT}: send smaller frames")
    return content


def _stamp(session: Mapping[str, Any], jti: bytes | None, now: float | None) -> dict[str, object]:
    """Give the claims that say which, when, and in which session."""
    return {
        "v": VERSION,
        "nonce": session["nonce"],
        "jti": encoded(secrets.token_bytes(RANDOM_BYTES) if jti is None else jti),
        "iat": int(time.time() if now is None else now),
    }


def _digest(content: bytes) -> str:
    """Give base64url of the SHA-256 of bytes."""
    return encoded(hashlib.sha256(content).digest())


def _bytes(text: str) -> bytes:
    """Give the bytes of base64url, padded or not."""
    return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
