"""A call as the bytes that a vendor's client would send."""

import hashlib
import hmac
import json
import time
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any, Final

import httpx2

from ipse.console.trying.call import TENCENT_HEADERS, Call, Picture
from ipse.service.ports.trying import ConsoleKey

HOST: Final = "console.invalid"
"""
The server's name within this process: no dialect is bound to it, so that the path chooses.

Source: RFC 6761, section 6.4: nobody has a name under `invalid`.
"""

SERVICE: Final = "faceid"
"""Source: the vendor's guide to signature method v3: the product that the scope names."""


def request(call: Call, key: ConsoleKey) -> httpx2.Request:
    """Give the request that asks this with this key."""
    asked = call.with_credentials(key.key, key.secret)
    address = f"http://{HOST}{asked.path}"
    if asked.action:
        return _tencent(asked, key, address)
    headers = asked.headers(key.key)
    query: tuple[tuple[str, str | int | float | bool | None], ...] | None = asked.query or None
    if asked.json is not None:
        body = json.dumps(plain(asked.json)).encode()
        headers["Content-Type"] = "application/json"
        return httpx2.Request(asked.method, address, params=query, headers=headers, content=body)
    if not asked.form:
        return httpx2.Request(asked.method, address, params=query, headers=headers)
    # Fields without a file name are files named `None` to httpx, so that their order stays.
    files = [
        (name, (one.filename, one.content) if isinstance(one, Picture) else (None, one)) for name, one in asked.form
    ]
    return httpx2.Request(asked.method, address, params=query, headers=headers, files=files)


def plain(members: Any) -> Any:
    """Give JSON values in which pictures are base64."""
    match members:
        case Picture():
            return b64encode(members.content).decode()
        case dict():
            return {name: plain(one) for name, one in members.items()}
        case list() | tuple():
            return [plain(one) for one in members]
        case _:
            return members


def _tencent(call: Call, key: ConsoleKey, address: str) -> httpx2.Request:
    """Give a request signed with TC3-HMAC-SHA256."""
    now = int(time.time())
    body = json.dumps(plain(call.json or {}))
    headers = {
        "Host": HOST,
        "Content-Type": "application/json",
        "X-TC-Action": call.action,
        "X-TC-Timestamp": str(now),
        **TENCENT_HEADERS,
        "Authorization": tc3(key.key, key.secret or "", HOST, body, now),
    }
    return httpx2.Request("POST", address, headers=headers, content=body)


def tc3(key: str, secret: str, host: str, body: str, now: int) -> str:
    """
    Give the header `Authorization` of a JSON body.

    Source: the vendor's guide to signature method v3; written apart from the server's verifier on purpose.
    """
    day = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{SERVICE}/tc3_request"
    canonical = f"POST\n/\n\ncontent-type:application/json\nhost:{host}\n\ncontent-type;host\n{_sha256(body)}"
    signing = f"TC3{secret}".encode()
    for word in (day, SERVICE, "tc3_request"):
        signing = hmac.digest(signing, word.encode(), "sha256")
    signed = f"TC3-HMAC-SHA256\n{now}\n{scope}\n{_sha256(canonical)}"
    signature = hmac.digest(signing, signed.encode(), "sha256").hex()
    return f"TC3-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders=content-type;host, Signature={signature}"


def _sha256(text: str) -> str:
    """Give the hexadecimal digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
