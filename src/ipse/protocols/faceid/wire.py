"""
Megvii's wire, `v2/verify` and `v1/detect`: form fields -> command, outcome -> JSON.

All of the vendor's spelling begins and ends here.

Recorded bodies are one line of Python's `json.dumps` with its default separators; their keys came in hash order, which
is no contract, and are kept here as the recordings have them.
"""

import json
import re
from typing import Literal

from ipse.core.genuineness.bundle import PICTURES
from ipse.core.reasons import Reason, Refusal
from ipse.protocols.faceid import scale
from ipse.protocols.faceid.form import Form
from ipse.protocols.faceid.genuineness import encode_genuineness
from ipse.protocols.messages import Context, Headers, WireRequest, WireResponse
from ipse.service.access import Caller
from ipse.service.detect_faces import DetectFacesCommand, DetectFacesOutcome
from ipse.service.page_tokens import owner_of
from ipse.service.ports import Mark
from ipse.service.registry import Person
from ipse.service.verify_faces import (
    PROBE,
    Findings,
    IssuedFace,
    Likeness,
    PersonFound,
    Picture,
    Probe,
    SeenFace,
    VerifyFacesCommand,
    VerifyFacesOutcome,
)
from ipse.service.vouched_probe import FlashResult, LivenessBundle
from ipse.service.vouching import SentBundle

DIALECT = "faceid"
"""Ours."""

JSON: Headers = (("content-type", "application/json"),)
"""Source: no recording shows this header; ours."""

MAX_SIDE_PX = 4096
"""Source: the page, error INVALID_IMAGE_SIZE."""

MAX_NAME_CHARACTERS = 32
"""Source: the page, error INVALID_NAME_FORMAT."""

MAX_UUID_BYTES = 512
"""Source: the page, parameter uuid."""

ID_NUMBER = re.compile(rb"[0-9]{17}[0-9Xx]")
"""Source: the page, error INVALID_IDCARD_NUMBER; it speaks of the form only, so the check digit is not looked at."""

SHOWN_TOKEN_CHARACTERS = 256
"""How much of an unknown face token is echoed. Source: ours; recorded tokens have 44 characters."""

COMPARISON_TYPES = frozenset({b"0", b"1"})
MEGLIVE = b"meglive"
MEGLIVE_FLASH = b"meglive_flash"
RAW_IMAGE = b"raw_image"
FACE_IMAGE_TYPES = frozenset({MEGLIVE, b"facetoken", RAW_IMAGE, MEGLIVE_FLASH})
KYC = b"1"

IMAGE_MEMBERS = {
    MEGLIVE: ("delta", "image_best"),
    b"facetoken": ("face_token",),
    RAW_IMAGE: ("image",),
    MEGLIVE_FLASH: ("meglive_flash_result",),
}
"""What each `face_image_type` requires, in the page's order."""


def decode_verify(request: WireRequest, caller: Caller) -> VerifyFacesCommand:
    """
    Give the command of a verify request.

    Raises:
        Refusal: The first fault, in the order of `docs/protocols/faceid.md`, steps 8 to 12.
    """
    form = Form(request)
    comparison, source = form.required("comparison_type"), form.required("face_image_type")
    if comparison not in COMPARISON_TYPES:
        raise Refusal(Reason.ARGUMENT_INVALID, "comparison_type")
    if source not in FACE_IMAGE_TYPES:
        raise Refusal(Reason.ARGUMENT_INVALID, "face_image_type")
    if comparison == KYC and not caller.kyc:
        raise Refusal(Reason.KYC_DENIED)
    for name in ("idcard_name", "idcard_number") if comparison == KYC else ("uuid", "image_ref1"):
        form.required(name)
    for name in IMAGE_MEMBERS[source]:
        form.required(name)
    one_face_in_references = form.flag("fail_when_ref_multiple_faces", default=True)
    check_delta = source == MEGLIVE and form.flag("check_delta", default=False)
    is_raw = source == RAW_IMAGE
    one_face_in_probe = not is_raw or form.flag("fail_when_multiple_faces", default=True)
    quality_at_least = form.quality() if is_raw else 0
    want_faces = is_raw and form.flag("return_faces", default=False)
    search_orientation = form.flag("multi_oriented_detection", default=False)
    person = _person(form) if comparison == KYC else None
    if comparison != KYC and len(form.required("uuid")) > MAX_UUID_BYTES:
        raise Refusal(Reason.ARGUMENT_INVALID, "uuid")
    return VerifyFacesCommand(
        probe=_probe(form, source, caller, check_delta=check_delta),
        references=form.references(),
        person=person,
        max_side_px=MAX_SIDE_PX,
        one_face_in_references=one_face_in_references,
        one_face_in_probe=one_face_in_probe,
        quality_at_least=quality_at_least,
        want_faces=want_faces,
        search_orientation=search_orientation,
        policy=caller.record.liveness,
    )


def _person(form: Form) -> Person:
    """Give the person to ask the registry about."""
    try:
        name = form.required("idcard_name").decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(Reason.NAME_INVALID) from None
    if len(name) > MAX_NAME_CHARACTERS:
        raise Refusal(Reason.NAME_INVALID)
    number = form.required("idcard_number")
    if not ID_NUMBER.fullmatch(number):
        raise Refusal(Reason.ID_NUMBER_INVALID)
    return Person(name, number.decode("ascii").upper())


def _probe(form: Form, source: bytes, caller: Caller, *, check_delta: bool) -> Probe:
    """Give the probe of a form whose members are all there."""
    if source == b"facetoken":
        token = form.required("face_token").decode("utf-8", "replace")[:SHOWN_TOKEN_CHARACTERS]
        return IssuedFace(token, caller.record.key)
    if source == MEGLIVE:
        delta = form.required("delta").decode("ascii", "replace")
        return LivenessBundle(SentBundle(delta, form.files(*PICTURES), check_delta), session_owner(caller))
    if source == MEGLIVE_FLASH:
        return FlashResult(form.required("meglive_flash_result"), session_owner(caller))
    return Picture(PROBE, form.required("image"))


def session_owner(caller: Caller) -> str:
    """Give whose sessions a caller's are."""
    return owner_of(DIALECT, caller.record.key)


def encode_verify(outcome: VerifyFacesOutcome, context: Context) -> WireResponse:
    """Give the body of a success, in the order of the recordings: time, exceptions, results, faces, request id."""
    answer: dict[str, object] = {"time_used": time_used(context)}
    if outcome.person is not None:
        answer["id_exceptions"] = _exceptions(outcome.person)
    if outcome.genuineness is not None:
        answer["face_genuineness"] = encode_genuineness(outcome.genuineness)
    if outcome.person is not None:
        answer["result_faceid"] = _result(outcome.person.likeness, outcome.lowest_rate)
    for likeness in outcome.likenesses:
        answer["result_ref" + likeness.reference.removeprefix("reference")] = _result(likeness, outcome.lowest_rate)
    if outcome.findings is not None:
        answer["faces"] = encode_faces(outcome.findings)
    answer["request_id"] = request_id(context)
    return WireResponse(200, JSON, json.dumps(answer).encode())


def _exceptions(person: PersonFound) -> dict[str, int]:
    """Give what is odd about the registered person, as 0 and 1."""
    return {"id_photo_monochrome": int(person.monochrome), "id_attacked": int(person.attacked)}


def _result(likeness: Likeness, lowest_rate: float) -> dict[str, object]:
    """Give one comparison."""
    confidence = scale.printed(scale.confidence(likeness.false_match_rate, lowest_rate))
    return {"confidence": confidence, "thresholds": scale.THRESHOLDS}


def decode_detect(request: WireRequest, caller: Caller) -> DetectFacesCommand:
    """
    Give the command of a detect request; `separate_face` is ignored like every unknown field.

    Raises:
        Refusal: `ARGUMENT_MISSING` (image), `ARGUMENT_INVALID` (multi_oriented_detection), in this order.
    """
    form = Form(request)
    return DetectFacesCommand(
        picture=Picture(PROBE, form.required("image")),
        owner=caller.record.key,
        max_side_px=MAX_SIDE_PX,
        search_orientation=form.flag("multi_oriented_detection", default=False),
    )


def encode_detect(outcome: DetectFacesOutcome, context: Context) -> WireResponse:
    """Give the body of a success: time, request id, faces; here no number is rounded."""
    told = zip(outcome.findings.faces, outcome.tokens, strict=True)
    faces = [{"token": token, **_face(face, outcome.findings), "quality": face.quality} for face, token in told]
    answer = {"time_used": time_used(context), "request_id": request_id(context), "faces": faces}
    return WireResponse(200, JSON, json.dumps(answer).encode())


def marks_verify(request: WireRequest) -> tuple[Mark, ...]:
    """Give what a verify call can be found by: the caller's id of its user, and the face token."""
    told: tuple[tuple[Literal["uuid", "token"], bytes | None], ...] = (
        ("uuid", request.content("uuid")),
        ("token", request.content("face_token")),
    )
    return tuple(Mark(kind, content.decode("utf-8", "replace")) for kind, content in told if content)


def marks_person(command: VerifyFacesCommand) -> tuple[Mark, ...]:
    """Give whom a verify call is about, where that is a registered person."""
    return () if command.person is None else (Mark("number", command.person.id_number),)


def marks_issued(outcome: DetectFacesOutcome) -> tuple[Mark, ...]:
    """Give what a detect call can be found by: the tokens that it made."""
    return tuple(Mark("token", token) for token in outcome.tokens)


def request_id(context: Context) -> str:
    """Give the request's id: unix seconds of its beginning, a comma, a random UUID in lower case."""
    return f"{int(context.started_at)},{context.correlation}"


def time_used(context: Context) -> int:
    """Give the whole milliseconds spent; clients parse an integer."""
    return int(context.elapsed_ms())


def encode_faces(findings: Findings) -> list[dict[str, object]]:
    """Give the faces as an array, as the page's sample has them."""
    return [_face(face, findings) for face in findings.faces]


def _face(face: SeenFace, findings: Findings) -> dict[str, object]:
    """Give one face; its rectangle is relative to the picture, kept inside it, and not rounded."""
    left, right = (min(max(x / findings.width_px, 0.0), 1.0) for x in (face.box.x1, face.box.x2))
    top, bottom = (min(max(y / findings.height_px, 0.0), 1.0) for y in (face.box.y1, face.box.y2))
    told: dict[str, object] = {
        "quality": round(face.quality, scale.DECIMALS),
        "quality_threshold": scale.QUALITY_THRESHOLD,
        "rect": {"left": left, "top": top, "width": right - left, "height": bottom - top},
    }
    return told if face.orientation_deg is None else {**told, "orientation": face.orientation_deg}
