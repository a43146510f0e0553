"""Our own API: requests in JSON or as a form, problems by their reason."""

import base64
import json
import re
from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import rfc8785

from ipse.core.people.numbers import number_form
from ipse.core.reasons import Reason
from ipse.core.scoring.calibration import Curve, Knot, Provenance
from ipse.protocols import native
from ipse.protocols.messages import Dialect
from ipse.protocols.native.catalogue import CATALOGUE
from ipse.protocols.native.errors import ERRORS
from ipse.service.ask_for_case import AskForCase
from ipse.service.check_card import ApplyForCard, AskForCard
from ipse.service.compare_faces import CompareBatch, CompareFaces
from ipse.service.evidence import Recorder
from ipse.service.find_faces import FindFaces
from ipse.service.judge_picture import JudgePicture, judge_nothing
from ipse.service.keep_people import EnterPerson, FindPerson, RemovePerson
from ipse.service.ports import KeyRecord
from ipse.service.read_records import FindRecords, GiveEvidence, ReadUsage
from ipse.service.yardstick import Yardstick
from tests.wire import judges as judge_scenes
from tests.wire import read_cards
from tests.wire.builder import Builder, Case, Sent
from tests.wire.captures import scripted_captures
from tests.wire.forms import multipart
from tests.wire.judges import POINTS, ScriptedJudges, scripted_quality
from tests.wire.keeping import InMemoryRecords, evidence_key
from tests.wire.ports import NOW
from tests.wire.scenes import RECIPE, ScriptedExaminer, pictures

if TYPE_CHECKING:
    from tests.wire.world import World

CALL = "71eeb124-08f0-47b3-8fc8-ac048cfa1372"

CURVE = Curve(
    RECIPE,
    (Knot(-1, 0, 0, 0), Knot(0, -0.000012, -0.000012, 0), Knot(1, -8, -9, -7)),
    1e-6,
    Provenance("scenes", "nobody", "2016-04-27", 2, 4, 2, 4),
)
"""Eight decades of false match rate for a cosine from 0 to 1."""

KEYS = (
    KeyRecord("good", "native", None, kyc=True),
    KeyRecord("other", "native", None),
    KeyRecord("lenient", "native", None, liveness={"screen_replay": "warn"}),
    KeyRecord("overseer", "native", None, sees_all=True),
    KeyRecord("disabled", "native", None, disabled=True),
    KeyRecord("expired", "native", None, expires_at=NOW),
    KeyRecord("narrow", "native", None, operations=frozenset({"usage"})),
    KeyRecord("spent", "native", None, test_quota=0),
    KeyRecord("in-debt", "native", None, suspended=True),
    KeyRecord("used-up", "native", None, credit=0),
    KeyRecord("slow", "native", None, rate="1/second"),
    KeyRecord("at-work", "native", None, concurrency=0),
)

GOOD: Mapping[str, Mapping[str, Any]] = {
    "compare": {"probe": "<picture anna>", "references": ["<picture anna at 1e-5>"]},
    "compare_batch": {
        "pictures": {"a": "<picture anna>", "b": "<picture anna at 1e-3>"},
        "pairs": [{"id": "ab", "probe": "a", "reference": "b"}],
    },
    "detect": {"picture": "<picture anna>"},
    "holder": {"photo": "<picture holding>"},
    "genuineness": {"picture": "<picture anna>"},
    "open_capture": {},
    "compare_capture": {"reference": "<picture anna at 1e-5>"},
    "documents": {"front": "<picture card>"},
    "cards": {"front": "<picture card>"},
    "enter_person": {"id_number": "11010119900101001X", "name": "王五", "photo": "<picture anna>"},
    "find_person": {"id_number": "11010119900101001X"},
    "remove_person": {"id_number": "11010119900101001X"},
    "find_records": {"uuid": "order-17"},
}
"""A good request of every operation that takes a body."""

TOLD = (
    '"at_most":0.0001,"thresholds":{"1e-3":0.37499906249859377,"1e-4":0.499999249998875,"1e-5":0.6249994374991562,'
    '"1e-6":0.7499996249994375},'
    f'"models":{{"detector":"{"d" * 64}","embedder":"{"e" * 64}","profile":"fast","precision":"float32"}},'
    '"curve":{"sha256":"ac70090a469f9bd3bd3207b98634119306bb8eb9beba4fdfbfa8977ae37119c1","dataset":"scenes",'
    '"population":"nobody","date":"2016-04-27","people":2,"pictures":4,"genuine_pairs":2,"impostor_pairs":4,'
    '"extrapolated_below":1e-06}'
)
"""What every answer about a comparison ends with."""


NOWHERE = '"left_eye":[0.0,0.0],"right_eye":[0.0,0.0],"nose":[0.0,0.0],"left_mouth_corner":[0.0,0.0]'
FACE = (
    f'{{"box":[-1.0,-2.0,4.0,4.0],"landmarks":{{{NOWHERE},"right_mouth_corner":[0.0,0.0]}},"score":0.9,'
    '"quality":{"unified":50.0,"measures":{}}}'
)
QUALITY = '{"unified":50.0,"measures":{"sharpness":{"raw":1.0,"scaled":50.0,"status":"assessed"}}}'
BOXES: Mapping[str, str] = MappingProxyType(
    {
        "holder": '{"box":[0.0,0.0,8.0,8.0],"role":"holder","score":0.9,"on_card":0.1,"quality":50.0}',
        "held portrait": '{"box":[0.0,0.0,7.62,7.62],"role":"portrait","score":0.9,"on_card":0.9,"quality":50.0}',
        "portrait": '{"box":[0.0,0.0,8.0,8.0],"role":"portrait","score":0.9,"on_card":0.9,"quality":50.0}',
        "ghost": '{"box":[0.0,0.0,7.62,7.62],"role":"ghost","score":0.9,"on_card":0.9,"quality":null}',
        "other": '{"box":[0.0,0.0,7.62,7.62],"role":"other","score":0.9,"on_card":0.1,"quality":null}',
        "held card": '{"corners":[[0.0,0.0],[4.8,0.0],[4.8,4.8],[0.0,4.8]],"score":0.982,"is_cut_off":false}',
        "card": '{"corners":[[0.0,0.0],[14.4,0.0],[14.4,14.4],[0.0,14.4]],"score":0.982,"is_cut_off":false}',
    }
)
SEEN = r'{"width":8,"height":8,"format":"png","sha256":"<sha \1>","orientation":0,"subject":0,"faces":[<face>]}'


def dialect(world: "World") -> Dialect:
    """The dialect over a world's ports."""
    for word in world.settings.get("under_way", []):
        world.idempotency.kept["good", word] = b"", None
    world.cases.have(world.settings.get("reviewed", []))
    yardstick = Yardstick(CURVE, "ipse 1.2.3")
    captures = scripted_captures(world, yardstick)
    records = InMemoryRecords(world.callers)
    return native.dialect(
        native.UseCases(
            version="1.2.3",
            compare_faces=CompareFaces(ScriptedExaminer(), yardstick),
            compare_batch=CompareBatch(ScriptedExaminer(), yardstick),
            find_faces=FindFaces(ScriptedExaminer()),
            match_holder=world.match_holder(),
            judge_picture=JudgePicture(ScriptedJudges(), scripted_quality)
            if world.settings.get("liveness", "first") != "off"
            else judge_nothing,
            captures=captures,
            read_card=world.read_card(),
            apply_for_card=ApplyForCard(
                world.jobs, world.download, world.clock, world.entropy, is_open=world.settings.get("cards", False)
            ),
            ask_for_card=AskForCard(world.jobs, world.clock),
            enter_person=EnterPerson(world.roll, ScriptedExaminer(), number_form("mainland"), world.clock),
            find_person=FindPerson(world.roll),
            remove_person=RemovePerson(world.roll),
            read_usage=ReadUsage(records),
            find_records=FindRecords(records),
            ask_for_case=AskForCase(world.cases, world.clock),
            give_evidence=GiveEvidence(records, evidence_key(), world.clock),
            recorder=Recorder(yardstick),
            signer=evidence_key(),
            idempotency=world.idempotency,
        )
    )


def request(case: Case, files: Mapping[str, bytes]) -> Sent:
    """
    A good call of the operation `call`, changed as the case says.

    `set` and `drop` change members, `json` replaces them all, `form` is a list of fields, `raw` a whole body. The text
    `<picture NAME>` stands for that picture.
    """
    described = {each.name: each for each in CATALOGUE}.get(case.get("call", ""))
    path = case.get("path") or (described.path if described else "/")
    method = case.get("method") or (described.method if described else "POST")
    kind, body = _body(case, files) if method == "POST" else (None, b"")
    sent = {name.lower() for name in case.get("send_headers", {})}
    headers = [("content-type", kind)] if kind and "content-type" not in sent else []
    if "authorization" not in sent and not case.get("keyless"):
        headers.append(("authorization", f"Bearer {case.get('key', 'good')}"))
    return Sent(method, path + case.get("query", ""), tuple(headers), body)


def _body(case: Case, files: Mapping[str, bytes]) -> tuple[str | None, bytes]:
    """The content type and the bytes of a body."""
    if "raw_times" in case:
        piece, times = case["raw_times"]
        return "application/json", str(piece).encode() * times
    if "raw" in case:
        return case.get("content_type", "application/json"), case["raw"].encode()
    if "octets" in case:
        return "application/json", bytes.fromhex(case["octets"])
    if "form" in case:
        return multipart([(name, _part(value, files)) for name, value in case["form"]], "curl")
    members = case.get("json", {**GOOD.get(case.get("call", ""), {}), **case.get("set", {})})
    kept = {name: value for name, value in members.items() if name not in case.get("drop", [])}
    return "application/json", json.dumps(_filled(kept, files)).encode()


def _part(value: str, files: Mapping[str, bytes]) -> str | bytes:
    """A form field's value: a text, or the bytes of a picture."""
    found = re.fullmatch(r"<picture ([^>]+)>", value)
    return value if found is None else files[found[1]]


def _filled(value: Any, files: Mapping[str, bytes]) -> Any:
    """A JSON value with the pictures in base64."""
    if isinstance(value, dict):
        return {name: _filled(one, files) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, files) for one in value]
    found = re.fullmatch(r"<picture ([^>]+)>", value) if isinstance(value, str) else None
    return value if found is None else base64.b64encode(files[found[1]]).decode()


def body(case: Case) -> str:
    """The expected body: a problem by its reason and field, or an answer with short forms."""
    if "reason" not in case:
        return _written_out(str(case["body"]).strip())
    row = ERRORS[Reason(case["reason"])]
    problem: dict[str, object] = {
        "type": f"/problems/{case['reason']}",
        "title": row.title,
        "status": case["status"],
        "detail": row.remedy,
        "reason": case["reason"],
        "request": CALL,
    }
    problem |= {"field": case["field"]} if "field" in case else {}
    problem |= {"pictures": json.loads(_written_out(case["pictures"]))} if "pictures" in case else {}
    return json.dumps(problem, ensure_ascii=False)


def judged(said: str) -> str:
    """The judgements of the world's judges: what is suspected, or that there is no face."""
    told: dict[str, Any] = {}
    for name, point in POINTS.items():
        if said == "no_face" or not point.assessed:
            nothing = dict.fromkeys(("score", "threshold", "error_rate"))
            told[name] = {"status": "not_assessed", **nothing, "why": point.why or "no_face"}
        else:
            status, score, why = ("suspected", 0.9, "shade") if name in said.split() else ("clear", 0.1, None)
            told[name] = {"status": status, "score": score, "threshold": 0.5, "error_rate": 0.01, "why": why}
    unassessed = [name for name, one in told.items() if one["status"] == "not_assessed"]
    return json.dumps({"judgements": told, "not_assessed": unassessed}, separators=(",", ":"))[1:-1]


def _written_out(text: str) -> str:
    """
    A body without its short forms.

    `<judged screen_replay>` are judgements of which these are suspected, `<judged no_face>` those of a picture without
    one, `<quality>` that of the face; `<seen NAME>` is a picture with one face, `<face>` that face, `<sha NAME>` a
    picture's digest, `<told>` what every comparison ends with, `<signed>` a signature over all before it; `<holder>`
    and so on are the faces and cards of the scenes in `tests.wire.holders`.
    """
    text = text.replace("\n", "").replace("<told>", TOLD).replace("<quality>", QUALITY)
    text = re.sub(r"<judged ([^>]*)>", lambda found: judged(found[1]), text)
    for name, box in BOXES.items():
        text = text.replace(f"<{name}>", box)
    text = re.sub(r"<seen ([^>]+)>", SEEN, text).replace("<face>", FACE)
    files = {**judge_scenes.pictures(), **read_cards.pictures(), **pictures()}
    text = re.sub(r"<sha ([^>]+)>", lambda found: sha256(files[found[1]]).hexdigest(), text)
    text = text.replace("<call>", CALL)
    if text.endswith(',"signature":<signed>}'):
        record = json.loads(text.replace(',"signature":<signed>', ""))
        public = "uNw4cyja29jUyx4KJhOnQU4ozvIqYy6z9yn3f41TBLs="
        value = evidence_key().sign(rfc8785.dumps(record))
        text = text.replace("<signed>", f'{{"algorithm":"Ed25519","public_key":"{public}","value":"{value}"}}')
    return text


def headers(case: Case) -> Mapping[str, str]:
    """A JSON answer, or a problem."""
    kind = "application/problem+json" if "reason" in case else "application/json"
    return {"content-type": kind, "x-request-id": CALL}


POSSIBLE = {Reason.OPERATION_UNKNOWN, Reason.METHOD_DENIED}.union(*(each.reasons for each in CATALOGUE))

BUILDER = Builder(
    keys=KEYS,
    dialect=dialect,
    request=request,
    headers=headers,
    body=body,
    families={"problems": {reason: reason in POSSIBLE for reason in ERRORS}},
    family_of=lambda _operation: "problems",
)
