"""Linkface: credentials in the query and a file in a form, or anything else that the vendor takes."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from ipse.protocols import linkface
from ipse.protocols.linkface.errors import ERRORS, NEVER, UPLOAD_ERRORS
from ipse.protocols.messages import Dialect
from ipse.service.image_ids import ImageIds
from ipse.service.ports import KeyRecord
from tests.wire.builder import Builder, Case, Sent
from tests.wire.forms import BOUNDARY, multipart, recorded
from tests.wire.ports import NOW
from tests.wire.world import CALL, World

PATH = "/identity/handhold_idcard_verification"
UNTIL = 1_530_547_199.0
KEYS = (
    KeyRecord("good", "linkface", "s3cret"),
    KeyRecord("other", "linkface", "s3cret"),
    KeyRecord("rated", "linkface", "s3cret", rate="5/second"),
    KeyRecord("disabled", "linkface", "s3cret", disabled=True),
    KeyRecord("expired", "linkface", "s3cret", expires_at=UNTIL),
    KeyRecord("disabled and expired", "linkface", "s3cret", disabled=True, expires_at=NOW),
    KeyRecord("narrow", "linkface", "s3cret", operations=frozenset({"compare"})),
    KeyRecord("spent", "linkface", "s3cret", test_quota=0),
    KeyRecord("poor", "linkface", "s3cret", credit=0),
    KeyRecord("indebted", "linkface", "s3cret", suspended=True),
    KeyRecord("hasty", "linkface", "s3cret", rate="0/second"),
    KeyRecord("hasty and narrow", "linkface", "s3cret", rate="0/second", operations=frozenset({"compare"})),
    KeyRecord("crowded", "linkface", "s3cret", concurrency=0),
    KeyRecord("broken", "linkface", "s3cret", rate="no number"),
)


def dialect(world: World) -> Dialect:
    """The dialect over the scenes."""
    image_ids = ImageIds(world.vault, world.clock, world.entropy, world.settings.get("linkface_image_days", 5))
    return linkface.dialect(world.match_holder(), linkface.Ports(world.download, image_ids))


def request(case: Case, pictures: Mapping[str, bytes]) -> Sent:
    """
    A good call, changed as the case says.

    `query` and `set` are arguments in query and form, `file` names the picture (`""` sends none), `json` is a whole
    body; `credentials` says where they stand: in the query unless said otherwise. `octets` go with `urlencoded`.
    """
    place = case.get("credentials", "query")
    credentials = {"api_id": case.get("key", "good"), "api_secret": case.get("secret", "s3cret")}
    query = {**(credentials if place == "query" else {}), **case.get("query", {})}
    raw_query = case.get("raw_query", urlencode(query))
    kind, body = _body(case, pictures, credentials if place in {"form", "after"} else {})
    target = case.get("path", PATH) + (f"?{raw_query}" if raw_query else "")
    kind = case.get("content_type", kind)
    return Sent(case.get("method", "POST"), target, (("content-type", kind),) if kind else (), body)


def _body(case: Case, pictures: Mapping[str, bytes], credentials: dict[str, str]) -> tuple[str, bytes]:
    """The content type and bytes of a request."""
    if "recorded" in case:
        return f"multipart/form-data; boundary={BOUNDARY}", recorded(case["recorded"], pictures)
    if "json" in case:
        text = case["json"]
        return "application/json", bytes.fromhex(text["octets"]) if isinstance(text, dict) else text.encode()
    if "zeros" in case:
        return multipart([("file", b"\0" * case["zeros"])])
    texts: dict[str, str | bytes] = {**credentials, **case.get("set", {})}
    texts |= {name: bytes.fromhex(octets) for name, octets in case.get("octets", {}).items()}
    if case.get("encoding") == "urlencoded":
        return "application/x-www-form-urlencoded", urlencode(list(texts.items())).encode()
    picture = case.get("file", "holding")
    files: list[tuple[str, str | bytes]] = [("file", pictures[picture])] if picture else []
    pairs = [*files, *texts.items()] if case.get("credentials") == "after" else [*texts.items(), *files]
    return multipart(pairs, case.get("encoding", "curl")) if pairs else ("", b"")


def body(case: Case) -> str:
    """The expected body; `error`, `reason` and `image`, or `score` and `image_id`, are short for the usual shape."""
    if "body" in case:
        return str(case["body"])
    told: dict[str, object] = {"request_id": f"TID{CALL.hex}"}
    if "error" in case:
        told |= {"status": case["error"]}
        told |= {name: case[name] for name in ("reason", "image") if name in case}
    else:
        told |= {"status": "OK"}
        told |= {
            shown: case[name] for name, shown in (("score", "verify_score"), ("image_id", "image_id")) if name in case
        }
    return json.dumps(told, separators=(",", ":"))


def headers(case: Case) -> Mapping[str, str]:
    """The headers of every answer; `rate` is limit, remaining, seconds."""
    limit, remaining, wait_s = case.get("rate", (2_147_483_647, 2_147_483_647, 0))
    return {
        "content-type": "application/json;charset=utf-8",
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(wait_s),
    }


BUILDER = Builder(
    keys=KEYS,
    dialect=dialect,
    request=request,
    headers=headers,
    body=body,
    families={
        "handhold": {reason: row.source != NEVER for reason, row in ERRORS.items()},
        "upload": {reason: row.source != NEVER for reason, row in UPLOAD_ERRORS.items()},
    },
    family_of=lambda operation: "upload" if operation == "upload" else "handhold",
)
