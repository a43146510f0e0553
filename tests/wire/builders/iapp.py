"""iApp: two files in a form, a key in a header."""

import json
from collections.abc import Mapping
from types import MappingProxyType

from ipse.core.reasons import Reason
from ipse.protocols import iapp
from ipse.protocols.iapp.errors import ERRORS, NEVER
from ipse.protocols.iapp.reading import CODES
from ipse.protocols.iapp.wire import Wording
from ipse.protocols.messages import Dialect
from ipse.service.ports import KeyRecord
from tests.wire.builder import Builder, Case, Sent
from tests.wire.forms import BOUNDARY, multipart, recorded
from tests.wire.ports import NOW
from tests.wire.world import CALL, World

PATH = "/v3/store/ekyc/face-and-id-card-verification"
GOOD: Mapping[str, str] = MappingProxyType({"file0": "selfie", "file1": "card"})
KEYS = (
    KeyRecord("good", "iapp", None),
    KeyRecord("disabled", "iapp", None, disabled=True),
    KeyRecord("expired", "iapp", None, expires_at=NOW),
    KeyRecord("narrow", "iapp", None, operations=frozenset({"read_front"})),
    KeyRecord("spent", "iapp", None, test_quota=0),
    KeyRecord("poor", "iapp", None, credit=0),
    KeyRecord("indebted", "iapp", None, suspended=True),
    KeyRecord("hasty", "iapp", None, rate="0/second"),
    KeyRecord("crowded", "iapp", None, concurrency=0),
    KeyRecord("broken", "iapp", None, rate="no number"),
    KeyRecord("poor and hasty", "iapp", None, credit=0, rate="0/second"),
)


def dialect(world: World) -> Dialect:
    """The dialect over the scenes."""
    settings = world.settings
    wording = Wording(
        file_order=settings.get("iapp_file_order", "auto"),
        threshold=settings.get("iapp_threshold", 50.0),
        errors_as_200=settings.get("iapp_errors_as_200", False),
        card_errors=settings.get("iapp_card_errors", "page"),
    )
    return iapp.dialect(
        world.match_holder(), world.read_card(), wording, strict_min_size=settings.get("iapp_strict_min_size", False)
    )


def request(case: Case, pictures: Mapping[str, bytes]) -> Sent:
    """A good call, changed as the case says; `parts` are all parts, each a name and a picture or a text."""
    key = case.get("key", "good")
    headers = (("apikey", key),) if key else ()
    kind, body = _body(case, pictures)
    kind = case.get("content_type", kind)
    return Sent(
        case.get("method", "POST"),
        case.get("path", PATH),
        (*headers, *((("content-type", kind),) if kind else ())),
        body,
    )


def _body(case: Case, pictures: Mapping[str, bytes]) -> tuple[str, bytes]:
    """The content type and bytes of a request."""
    if "recorded" in case:
        return f"multipart/form-data; boundary={BOUNDARY}", recorded(case["recorded"], pictures)
    files = {**GOOD, **case.get("pictures", {})}
    pairs: list[tuple[str, str | bytes]] = [(name, pictures[picture]) for name, picture in files.items()]
    if "parts" in case:
        pairs = [(name, pictures.get(content, content)) for name, content in case["parts"]]
    pairs = [(name, value) for name, value in pairs if name not in case.get("drop", [])]
    zeros = case.get("zeros", {})
    pairs = [(name, b"\0" * zeros[name] if name in zeros else value) for name, value in pairs]
    return multipart(pairs, case.get("encoding", "curl"))


def body(case: Case) -> str:
    """The expected body; `error` is short for the superset, `code` adds the reading family's word to it."""
    if "error" not in case:
        return str(case["body"])
    told = {"message": case["error"], "status_code": case.get("code_status", case["status"])}
    told["status_message"] = case["error"]
    told = {"error_message": case["code"], **told} if "code" in case else told
    return json.dumps(told, separators=(",", ":"))


def headers(_case: Case) -> Mapping[str, str]:
    """The headers of every answer."""
    return {"content-type": "application/json", "x-request-id": str(CALL)}


def family_of(operation: str) -> str:
    """Face and card, what the gateway says of no operation, and the reading family."""
    return "reading" if operation.startswith(("card_", "read_")) else "page"


BUILDER = Builder(
    keys=KEYS,
    dialect=dialect,
    request=request,
    headers=headers,
    body=body,
    families={
        "page": {reason: row.source != NEVER for reason, row in ERRORS.items()},
        "reading": {
            reason: row.source != NEVER and reason not in {Reason.OPERATION_UNKNOWN, Reason.METHOD_DENIED}
            for reason, row in CODES.items()
        },
    },
    family_of=family_of,
)
