"""
Tencent: requests signed here once more, from the vendor's guides alone, so that no codec checks itself.

A case changes a good ApplyCardVerification: `action`, `set`, `drop`, `pictures` (as base64), `long` (text and times),
`region`, `language`, `key`, `secret`, `late_s`; `form` is `json` (TC3), `get` (TC3), `old` or `old get`. `common`
changes the common parameters, `tamper` headers after signing. `recorded` is a whole request as it was recorded.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from ipse.protocols import tencent
from ipse.protocols.messages import Dialect
from ipse.protocols.tencent.errors import ERRORS, NEVER
from ipse.service.check_card import (
    JOB,
    ApplyForCard,
    AskForCard,
    CardChecker,
    ReadingChecker,
    RejectingChecker,
    check_card,
)
from ipse.service.ports import KeyRecord
from ipse.service.read_card import ReadCard
from tests.wire.builder import Builder, Case, Sent
from tests.wire.ports import NOW, StandingStopwatch
from tests.wire.read_cards import ScriptedCards

if TYPE_CHECKING:
    from tests.wire.world import World

REQUEST_ID = "71eeb124-08f0-47b3-8fc8-ac048cfa1372"
HOST = "faceid.test"
KEYS = (
    KeyRecord("good", "tencent", "s3cret"),
    KeyRecord("other", "tencent", "s3cret"),
    KeyRecord("disabled", "tencent", "s3cret", disabled=True),
    KeyRecord("expired", "tencent", "s3cret", expires_at=NOW),
    KeyRecord("suspended", "tencent", "s3cret", suspended=True),
    KeyRecord("narrow", "tencent", "s3cret", operations=frozenset({"card_result"})),
    KeyRecord("applier", "tencent", "s3cret", operations=frozenset({"apply_card"})),
    KeyRecord("applying", "tencent", "s3cret", operations=frozenset({"apply_card"})),
    KeyRecord("spent", "tencent", "s3cret", test_quota=0),
    KeyRecord("test", "tencent", "s3cret", test_quota=1),
    KeyRecord("poor", "tencent", "s3cret", credit=1),
    KeyRecord("slow", "tencent", "s3cret", rate="1/second"),
    KeyRecord("alone", "tencent", "s3cret", concurrency=0),
    KeyRecord("AKIDEXAMPLE", "tencent", "SECRETEXAMPLE"),
)
GOOD: Mapping[str, object] = {"Nationality": "THA", "CardType": "ID_CARD"}


def request(case: Case, pictures: Mapping[str, bytes]) -> Sent:
    """A good request, changed as the case says."""
    if "recorded" in case:
        return _recorded(case["recorded"])
    given = _given(case, pictures)
    common = {
        "Action": case.get("action", "ApplyCardVerification"),
        "Version": "2018-03-01",
        "Region": case.get("region", "ap-hongkong"),
        "Timestamp": str(int(NOW) - case.get("late_s", 0)),
    }
    common |= {"Language": case["language"]} if "language" in case else {}
    common = {name: value for name, value in {**common, **case.get("common", {})}.items() if value}
    secret = case.get("secret", "s3cret")
    if case.get("form", "json") in {"json", "get"}:
        sent = _tc3(case, common, given, secret, base64.b64encode(pictures["anna"]).decode())
    else:
        sent = _old(case, common, given, secret)
    kept = {**dict(sent.headers), **case.get("tamper", {})}
    headers = tuple((name, value) for name, value in kept.items() if value)
    return Sent(case.get("method", sent.method), case.get("path", sent.target), headers, sent.body)


def _given(case: Case, pictures: Mapping[str, bytes]) -> dict[str, object]:
    """What the action is asked with."""
    given: dict[str, object] = {}
    if case.get("action", "ApplyCardVerification") == "ApplyCardVerification":
        given = {**GOOD, "ImageBase64Front": base64.b64encode(pictures["anna"]).decode()}
    for name, picture in case.get("pictures", {}).items():
        given[name] = base64.b64encode(pictures[picture]).decode()
    given |= {name: text * times for name, (text, times) in case.get("long", {}).items()}
    given |= case.get("set", {})
    if "prefix" in case or "wrap" in case:
        text, wrap = str(given["ImageBase64Front"]), case.get("wrap", 1000)
        lines = [text[at : at + wrap] for at in range(0, len(text), wrap)]
        given["ImageBase64Front"] = case.get("prefix", "") + "\r\n".join(lines)
    return {name: value for name, value in given.items() if name not in case.get("drop", [])}


def _json(case: Case, given: Mapping[str, object], anna: str) -> bytes:
    """The JSON body; `raw` is one that is written out, with `@ANNA@` for a picture."""
    if "raw_times" in case:
        piece, times = case["raw_times"]
        return str(piece).encode() * int(times)
    return str(case.get("raw", json.dumps(given))).replace("@ANNA@", anna).encode()


def _tc3(case: Case, common: Mapping[str, str], given: Mapping[str, object], secret: str, anna: str) -> Sent:
    """A request as the vendor's guide to signature version 3 has it."""
    is_get = case.get("form") == "get"
    method = case.get("method", "GET" if is_get else "POST")
    kind = case.get("content_type", "application/x-www-form-urlencoded" if is_get else "application/json")
    query = urlencode({name: str(value) for name, value in given.items()}, quote_via=quote) if is_get else ""
    query = case.get("query", query)
    body = b"" if is_get else _json(case, given, anna)
    payload = hashlib.sha256(case.get("payload", "").encode() or body).hexdigest()
    host = case.get("signed_host", HOST)
    names = case.get("signed", "content-type;host")
    values = {"content-type": kind, "host": host, "x-tc-action": common.get("Action", "").lower()}
    lines = "".join(f"{name}:{values.get(name, '')}\n" for name in names.split(";"))
    canonical = f"{method}\n/\n{query}\n{lines}\n{names}\n{payload}"
    timestamp = common.get("Timestamp", "0")
    digits = int(timestamp) if timestamp.isdigit() else 0
    date = case.get("date", datetime.fromtimestamp(digits, UTC).strftime("%Y-%m-%d"))
    scope = f"{date}/{case.get('service', 'faceid')}/tc3_request"
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signing = b"TC3" + secret.encode()
    for word in scope.split("/"):
        signing = hmac.new(signing, word.encode(), hashlib.sha256).digest()
    signature = hmac.new(signing, text.encode(), hashlib.sha256).hexdigest()
    credential = f"Credential={case.get('key', 'good')}/{scope}"
    headers = {f"x-tc-{name.lower()}": value for name, value in common.items()}
    headers |= {"host": case.get("host", HOST), "content-type": kind}
    headers |= {"authorization": f"TC3-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={signature}"}
    headers |= {"x-tc-content-sha256": case["payload"]} if "payload" in case else {}
    return Sent(method, f"/?{query}" if is_get else "/", tuple(headers.items()), body)


def _old(case: Case, common: Mapping[str, str], given: Mapping[str, object], secret: str) -> Sent:
    """A request as the vendor's guide to signature version 1 has it."""
    method = "GET" if case["form"] == "old get" else "POST"
    signed = {
        **common,
        "Nonce": "98811744434644627",
        "SecretId": case.get("key", "good"),
        "SignatureMethod": "HmacSHA256",
    }
    pairs = {name: str(value) for name, value in {**signed, **given, **case.get("fields", {})}.items() if value != ""}
    text = f"{method}{case.get('signed_host', HOST)}/?" + "&".join(f"{name}={pairs[name]}" for name in sorted(pairs))
    digest = "sha256" if pairs.get("SignatureMethod") == "HmacSHA256" else "sha1"
    pairs["Signature"] = base64.b64encode(hmac.new(secret.encode(), text.encode(), digest).digest()).decode()
    pairs |= case.get("after", {})
    sent = urlencode({name: value for name, value in pairs.items() if value}, quote_via=quote)
    headers = {"host": case.get("host", HOST), "content-type": "application/x-www-form-urlencoded"}
    if method == "GET":
        return Sent(method, f"/?{sent}", tuple(headers.items()))
    return Sent(method, "/", tuple(headers.items()), sent.encode())


def _recorded(text: str) -> Sent:
    """A request as it was recorded, its lines ended as usual."""
    head, _, body = text.partition("\n\n")
    line, *lines = head.split("\n")
    method, target, _ = line.split(" ")
    headers = [tuple(one.split(": ", 1)) for one in lines]
    kept = tuple((name, value) for name, value in headers if name not in {"Connection", "Content-Length"})
    return Sent(method, target.removeprefix("http://faceid.intl.tencentcloudapi.com"), kept, body.encode())


def body(case: Case) -> str:
    """The expected body; `error` is code and message, `answer` what stands before the request id."""
    if "error" in case:
        code, message = case["error"]
        content = f'"Error":{{"Code":"{code}","Message":{json.dumps(message, ensure_ascii=False)}}}'
    else:
        content = case["answer"]
    return f'{{"Response":{{{content},"RequestId":"{REQUEST_ID}"}}}}'


def _checker(world: "World") -> CardChecker:
    """Who reads cards: nobody, but where a case says so."""
    if not world.settings.get("reads", False):
        return RejectingChecker(world.clock)
    return ReadingChecker(ReadCard(ScriptedCards(), world.clock), world.clock, StandingStopwatch)


def dialect(world: "World") -> Dialect:
    """The dialect over a world's ports; a token is made like a request id."""
    settings = world.settings
    world.jobs.handlers[JOB] = check_card(_checker(world))
    world.jobs.fate = settings.get("jobs", "done")
    is_open = settings.get("tencent_without_reader", "reject") == "reject"
    regions = settings.get("tencent_regions")
    conduct = tencent.Conduct(strict=settings.get("tencent_strict", True))
    if regions:
        conduct = replace(conduct, regions=frozenset(regions))
    return tencent.dialect(
        ApplyForCard(world.jobs, world.download, world.clock, world.entropy, is_open=is_open),
        AskForCard(world.jobs, world.clock),
        conduct,
    )


BUILDER = Builder(
    keys=KEYS,
    dialect=dialect,
    request=request,
    body=body,
    families={"tencent": {reason: row.source != NEVER for reason, row in ERRORS.items()}},
    family_of=lambda _operation: "tencent",
)
