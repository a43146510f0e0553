"""
Ways to spoil a good HTTP request: its bytes, its head, the fields of its form, the values of its JSON.

Every function takes a request and a source of randomness with a seed, and gives a new request.
"""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, urlencode

from inside import Sent

ODD_TEXTS = (
    "", " ", "0", "1", "-1", "2", "30.0", "1e309", "NaN", "null", "true", "[]", "{}", "\x00", "\ufeff", "'", '"', "%00",
    "../../etc/passwd", "A" * 600, "9" * 4000, "é", "名", "\u202e", "😀", "1\r\nx: y", "http://127.0.0.1/", "file:///",
    "THA", "AUTO", "110101199003077512", "dGVzdA==", "data:image/png;base64,", "ffd8ff",
)  # fmt: skip
ODD_JSON: tuple[object, ...] = (None, True, 0, -1, 10**30, 1e308, "", [], {}, [[[]]], {"a": {"b": []}}, "A" * 5000)
TYPES = (
    "application/json", "application/json; charset=utf-16", "application/x-www-form-urlencoded", "multipart/form-data",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=b", "text/plain", "", "image/jpeg", "\xff/\xfe",
)  # fmt: skip
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW")
PATHS = (
    "/", "//", "/faceid/v1/detect", "/faceid/v2/verify", "/faceid/v9/x", "/identity/handhold_idcard_verification",
    "//identity/handhold_idcard_verification", "/resources/upload_image", "/face-verify-id2", "/api/v2/ekyc",
    "/v3/store/ekyc/face-and-id-card-verification/front", "/thai-national-id-card/v3/back/kyc", "/v1/compare",
    "/v1/compare/batch", "/v1/detect", "/v1/holder", "/v1/people/lookup", "/v1/usage", "/v1/records/x", "/openapi.json",
    "/v1/liveness/session", "/v1/flash/biz_no", "/v1/flash/biz_info", "/v1/genuineness", "/v1/captures",
    "/v1/captures/x", "/v1/captures/x/compare", "/capture", "/capture/session", "/capture/result",
    "/v1/records/%00", "/é", "/" + "a" * 3000, "/..;/",
)  # fmt: skip


def flip_bytes(good: Sent, chance: random.Random) -> Sent:
    """Give other bytes at up to ten places of the body."""
    body = bytearray(good.body)
    for _ in range(chance.randint(1, 10)):
        if body:
            body[chance.randrange(len(body))] = chance.randrange(256)
    return replace(good, body=bytes(body))


def cut_body(good: Sent, chance: random.Random) -> Sent:
    """Give the body without its end."""
    return replace(good, body=good.body[: chance.randrange(len(good.body) + 1)])


def repeat_body(good: Sent, chance: random.Random) -> Sent:
    """Give the body with a piece of it twice."""
    start, end = sorted(chance.randrange(len(good.body) + 1) for _ in range(2))
    return replace(good, body=good.body[:end] + good.body[start:])


def insert_rubbish(good: Sent, chance: random.Random) -> Sent:
    """Give the body with random bytes in the middle."""
    place = chance.randrange(len(good.body) + 1)
    return replace(good, body=good.body[:place] + chance.randbytes(chance.randint(1, 200)) + good.body[place:])


def change_head(good: Sent, chance: random.Random) -> Sent:
    """Give another content type, or an odd or missing header."""
    if chance.random() < 0.4:
        return good.with_header("content-type", chance.choice(TYPES))
    name = chance.choice([key for key, _ in good.headers] or ["host"])
    return good.with_header(name, chance.choice((None, *ODD_TEXTS)))


def change_target(good: Sent, chance: random.Random) -> Sent:
    """Give another method, path or query."""
    kind = chance.randrange(3)
    if kind == 0:
        return replace(good, method=chance.choice(METHODS))
    if kind == 1:
        return replace(good, path=chance.choice(PATHS))
    query = urlencode({chance.choice(("api_key", "Action", "file_url", "options", "by")): chance.choice(ODD_TEXTS)})
    return replace(
        good, query=chance.choice((query.encode(), b"&&==&%", b"\xff=%zz", good.query + b"&" + query.encode()))
    )


def change_field(good: Sent, chance: random.Random) -> Sent:
    """Give a form with one field dropped, doubled, emptied or odd; other bodies get rubbish."""
    boundary = good.header("content-type").partition("boundary=")[2]
    if not boundary:
        return change_json(good, chance)
    mark = b"--" + boundary.encode()
    parts = good.body.split(mark)
    place = chance.randrange(1, max(len(parts) - 1, 2))
    if place >= len(parts):
        return insert_rubbish(good, chance)
    kind = chance.randrange(4)
    if kind == 0:
        parts.pop(place)
    elif kind == 1:
        parts.insert(place, parts[place])
    else:
        head = parts[place].partition(b"\r\n\r\n")[0]
        value = b"" if kind == 2 else chance.choice(ODD_TEXTS).encode("utf-8", "surrogatepass")
        parts[place] = head + b"\r\n\r\n" + value + b"\r\n"
    return replace(good, body=mark.join(parts))


def change_json(good: Sent, chance: random.Random) -> Sent:
    """Give JSON with one member dropped, added or of another kind; other bodies get rubbish."""
    if "json" not in good.header("content-type"):
        return insert_rubbish(good, chance)
    try:
        values = json.loads(good.body)
    except ValueError:
        return insert_rubbish(good, chance)
    if not isinstance(values, dict) or not values:
        return replace(good, body=json.dumps(chance.choice(ODD_JSON)).encode())
    name = chance.choice(list(values))
    kind = chance.randrange(4)
    if kind == 0:
        del values[name]
    elif kind == 1:
        values[chance.choice(ODD_TEXTS)] = chance.choice(ODD_JSON)
    else:
        values[name] = chance.choice(ODD_JSON if kind == 2 else ODD_TEXTS)
    return replace(good, body=json.dumps(values).encode())


def encode_as_form(good: Sent, chance: random.Random) -> Sent:
    """Give the values of a JSON body as an urlencoded form or a query."""
    try:
        values = json.loads(good.body)
    except ValueError:
        return cut_body(good, chance)
    if not isinstance(values, dict):
        return cut_body(good, chance)
    pairs = "&".join(f"{quote(str(name))}={quote(str(value))}" for name, value in values.items()).encode()
    if chance.random() < 0.5:
        return replace(good, body=pairs).with_header("content-type", "application/x-www-form-urlencoded")
    return replace(good, method="GET", query=pairs[:30_000], body=b"")


MUTATIONS: tuple[Callable[[Sent, random.Random], Sent], ...] = (
    flip_bytes, cut_body, repeat_body, insert_rubbish, change_head, change_target, change_field, change_field,
    change_json, encode_as_form,
)  # fmt: skip


def spoilt(good: Sent, chance: random.Random) -> Sent:
    """Give the request after one to three mutations."""
    for _ in range(chance.randint(1, 3)):
        good = chance.choice(MUTATIONS)(good, chance)
    return good
