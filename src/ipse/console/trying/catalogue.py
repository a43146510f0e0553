"""Everything that can be tried, in the order in which it is shown."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ipse.console.trying.call import Call, Picture
from ipse.console.trying.megvii import SignBundle, megvii
from ipse.console.trying.reading import cards, faces, living, plain
from ipse.console.trying.samples import FACES
from ipse.console.trying.trial import Given, Json, Slot, Step, Trial, Wish, ask, form, post_json
from ipse.service.desk.roles import Right

BIG: Final = ("native.compare", "native.holder", "native.documents")
"""The three that a newcomer sees first."""

CARDS: Final = ("card", "thai")
THAI: Final = ("thai",)
HELD: Final = ("held", "stolen")

_PROBE: Final = Slot("probe", FACES, "slot_face")
_REFERENCE: Final = Slot("references", ("a2", "a1", "a3", "b1"), "slot_other_face")
_PHOTO: Final = Slot("photo", HELD, "slot_held")
_FRONT: Final = Slot("front", CARDS, "slot_front")
_BACK: Final = Slot("back", (), "slot_back", required=False)
_NUMBER: Final = Wish("id_number", "110101199001010015", (), "wish_id_number")

_COMPARE: Final = form("native", "/v1/compare")
_OPEN_CAPTURE: Final = post_json("native", "/v1/captures")


def _of_call(what: str) -> Step:
    """Give the step that asks for what is known of the call before."""
    return lambda _given, before: Call("native", "GET", f"/v1/records/{before.get('request', 'REQUEST_ID')}{what}")


NATIVE: Final = (
    Trial("native.compare", (form("native", "/v1/compare"),), faces.compared, (_PROBE, _REFERENCE)),
    Trial(
        "native.holder",
        (form("native", "/v1/holder"),),
        faces.held,
        (_PHOTO, Slot("card", CARDS, "slot_card_apart", required=False)),
    ),
    Trial(
        "native.documents",
        (form("native", "/v1/documents"),),
        cards.documented,
        (_FRONT, _BACK),
        looks={"photo": "front", "card": "back"},
    ),
    Trial("native.detect", (form("native", "/v1/detect"),), faces.detected, (Slot("picture", FACES, "slot_face"),)),
    Trial(
        "native.genuineness",
        (form("native", "/v1/genuineness"),),
        living.judged,
        (Slot("picture", FACES, "slot_face"), Slot("env", (), "slot_env", required=False)),
        looks={"photo": "picture"},
    ),
    Trial(
        "native.compare_batch",
        (
            lambda given, _before: Call(
                "native",
                "POST",
                "/v1/compare/batch",
                json={
                    "pictures": dict(given.pictures),
                    "pairs": [{"probe": "probe", "reference": "references"}],
                },
            ),
        ),
        faces.compared_pairs,
        (_PROBE, _REFERENCE),
    ),
    Trial(
        "native.cards",
        (
            form("native", "/v1/cards"),
            lambda _given, before: Call("native", "GET", f"/v1/cards/{before.get('token', 'CARD_TOKEN')}"),
        ),
        cards.documented,
        (_FRONT, _BACK),
        looks={"photo": "front", "card": "back"},
        waits=lambda answer: answer.get("status") == "PENDING",
    ),
    Trial(
        "native.captures",
        (post_json("native", "/v1/captures"),),
        living.capture_opened,
        wishes=(
            Wish("actions", "2", ("0", "1", "2", "3", "4", "5"), "wish_actions"),
            Wish("flash", "false", ("false", "true"), "wish_flash"),
        ),
    ),
    Trial(
        "native.people_enter",
        (form("native", "/v1/people"),),
        plain.telling("person_entered"),
        (Slot("photo", FACES, "slot_face"),),
        (_NUMBER, Wish("name", "Example Person", (), "wish_name")),
        rights=frozenset({Right.CHANGE_PEOPLE}),
    ),
    Trial(
        "native.people_lookup",
        (post_json("native", "/v1/people/lookup"),),
        plain.telling("person_found"),
        wishes=(_NUMBER,),
        rights=frozenset({Right.SEE_PEOPLE}),
    ),
    Trial(
        "native.people_remove",
        (post_json("native", "/v1/people/remove"),),
        plain.telling("person_removed"),
        wishes=(_NUMBER,),
        rights=frozenset({Right.CHANGE_PEOPLE}),
    ),
    Trial(
        "native.capture",
        (
            _OPEN_CAPTURE,
            lambda _given, before: Call("native", "GET", f"/v1/captures/{before.get('capture', 'CAPTURE')}"),
        ),
        plain.telling("capture_state"),
    ),
    Trial(
        "native.compare_capture",
        (
            _OPEN_CAPTURE,
            lambda given, before: Call(
                "native",
                "POST",
                f"/v1/captures/{before.get('capture', 'CAPTURE')}/compare",
                (("reference", given.pictures["reference"]),),
            ),
        ),
        plain.telling("capture_state"),
        (Slot("reference", FACES, "slot_face"),),
    ),
    Trial(
        "native.case",
        (
            form("native", "/v1/cards"),
            lambda _given, before: Call("native", "GET", f"/v1/cards/{before.get('token', 'CARD_TOKEN')}"),
            lambda _given, before: Call("native", "GET", f"/v1/cases/{before.get('request', 'REQUEST_ID')}"),
        ),
        plain.telling("case_told"),
        (Slot("front", ("thai",), "slot_front"),),
        waits=lambda answer: answer.get("status") == "PENDING",
    ),
    Trial("native.record", (_COMPARE, _of_call("")), plain.telling("record_told"), (_PROBE, _REFERENCE)),
    Trial("native.evidence", (_COMPARE, _of_call("/evidence")), plain.telling("evidence_told"), (_PROBE, _REFERENCE)),
    Trial(
        "native.find_records",
        (post_json("native", "/v1/records/find"),),
        plain.telling("records_told"),
        wishes=(Wish("uuid", "console", (), "wish_uuid"),),
    ),
    Trial("native.usage", (ask("native", "/v1/usage"),), plain.telling("usage_told")),
    Trial("native.evidence_key", (ask("native", "/v1/evidence/key"),), plain.telling("key_told")),
)

_FACE_AND_CARD: Final = "/v3/store/ekyc/face-and-id-card-verification"
_THAI_CARD: Final = "/v3/store/ekyc/thai-national-id-card"
_FILE: Final = Slot("file", THAI, "slot_thai_front")

IAPP: Final = (
    Trial(
        "iapp.face_and_card",
        (form("iapp", _FACE_AND_CARD),),
        faces.iapp_held,
        (Slot("file0", CARDS, "slot_card"), Slot("file1", ("held", "stolen", "a2", "b1"), "slot_selfie")),
        looks={"card": "file0", "photo": "file1"},
    ),
    Trial("iapp.front", (form("iapp", f"{_THAI_CARD}/front"),), cards.iapp_read, (_FILE,), looks={"photo": "file"}),
    Trial(
        "iapp.back",
        (form("iapp", f"{_THAI_CARD}/back"),),
        cards.iapp_read,
        (Slot("file", ("back",), "slot_thai_back"),),
        looks={"photo": "file"},
    ),
    Trial(
        "iapp.card_front",
        (form("iapp", f"{_FACE_AND_CARD}/front"),),
        cards.iapp_read,
        (Slot("file0", THAI, "slot_thai_front"), Slot("file1", ("held", "stolen", "a2", "b1"), "slot_selfie")),
        looks={"card": "file0", "photo": "file1"},
    ),
    Trial(
        "iapp.card_back",
        (form("iapp", f"{_FACE_AND_CARD}/back"),),
        cards.iapp_read,
        (Slot("file0", ("back",), "slot_thai_back"),),
        looks={"photo": "file0"},
    ),
)

_HANDHELD: Final = "/identity/handhold_idcard_verification"
_HELD_FILE: Final = Slot("file", HELD, "slot_held")

LINKFACE: Final = (
    Trial(
        "linkface.handheld", (form("linkface", _HANDHELD),), faces.linkface_held, (_HELD_FILE,), looks={"photo": "file"}
    ),
    Trial(
        "linkface.upload",
        (form("linkface", "/resources/upload_image"),),
        plain.telling("picture_kept"),
        (_HELD_FILE,),
        looks={"photo": "file"},
    ),
    Trial(
        "linkface.handheld_kept",
        (
            form("linkface", "/resources/upload_image"),
            lambda _given, before: Call(
                "linkface",
                "POST",
                _HANDHELD,
                query=(("file_id", before.get("id") or before.get("image_id") or "FILE_ID"),),
            ),
        ),
        faces.linkface_held,
        (_HELD_FILE,),
        looks={"photo": "file"},
    ),
)


def _apply(given: Given, _before: Json) -> Call:
    """Give the call that hands a card in."""
    pictures: dict[str, Picture] = {"ImageBase64Front": given.pictures["front"]}
    if "back" in given.pictures:
        pictures["ImageBase64Back"] = given.pictures["back"]
    return Call("tencent", "POST", "/", json={**given.words, **pictures}, action="ApplyCardVerification")


def _result(_given: Given, before: Json) -> Call:
    """Give the call that asks what became of a card."""
    token = before.get("Response", {}).get("CardVerificationToken", "CARD_TOKEN")
    return Call("tencent", "POST", "/", json={"CardVerificationToken": token}, action="GetCardVerificationResult")


TENCENT: Final = (
    Trial(
        "tencent.apply",
        (_apply, _result),
        cards.tencent_read,
        (_FRONT, _BACK),
        (
            Wish(
                "Nationality",
                "AUTO",
                ("AUTO", "THA", "IDN", "HKG", "MYS", "SGP", "JPN", "TWN", "PHL"),
                "wish_nationality",
            ),
            Wish("CardType", "AUTO", ("AUTO", "ID_CARD", "PASSPORT", "DRIVING_LICENSE"), "wish_card_type"),
        ),
        looks={"photo": "front", "card": "back"},
        waits=lambda answer: answer.get("Response", {}).get("Status") == "PROCESSING",
    ),
)


def catalogue(sign_bundle: SignBundle) -> Mapping[str, Trial]:
    """Give everything that can be tried, by name; see `megvii` for `sign_bundle`."""
    rows = (*NATIVE, *megvii(sign_bundle), *IAPP, *LINKFACE, *TENCENT)
    return MappingProxyType({one.name: one for one in rows})
