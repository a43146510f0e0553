"""
Linkface's wire: fields -> command, outcome -> JSON. All of the vendor's spelling begins and ends here.

Recorded bodies are compact JSON; their keys are request_id, status, then what was asked for.
"""

import json

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.linkface import scale
from ipse.protocols.linkface.fields import FILE, Fields, read_fields
from ipse.protocols.messages import Context, Headers, WireRequest, WireResponse
from ipse.service.access import Caller
from ipse.service.match_handheld import HandheldCommand, HandheldOutcome
from ipse.service.picture_sources import AddressedPicture, KeptPicture, PictureSource, SentPicture
from ipse.service.ports import Mark

JSON: Headers = (("content-type", "application/json;charset=utf-8"),)
"""Source: recorded on handled calls."""

BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
"""Source: the page's table has `true` and `false`, the ancestor's `1` and `0`; logs show both taken."""


def decode_handhold(request: WireRequest, caller: Caller) -> HandheldCommand:
    """
    Give the command of a request to compare holder and card.

    Raises:
        Refusal: The first fault, in the order of `docs/protocols/linkface.md`, steps 7 and 8.
    """
    fields = read_fields(request)
    fields.check_readable()
    source = _kept(fields) or _sent(fields) or _addressed(fields, "file_url")
    if source is None:
        raise Refusal(Reason.ARGUMENT_MISSING)
    return HandheldCommand(caller.record.key, source, search_orientation=_flag(fields, "auto_rotate"))


def decode_upload(request: WireRequest, caller: Caller) -> HandheldCommand:
    """
    Give the command of a request to keep a picture.

    Raises:
        Refusal: Likewise.
    """
    fields = read_fields(request)
    fields.check_readable()
    source = _sent(fields) or _addressed(fields, "url")
    if source is None:
        raise Refusal(Reason.ARGUMENT_MISSING)
    return HandheldCommand(caller.record.key, source)


def _kept(fields: Fields) -> PictureSource | None:
    """Give the picture that is named by its id."""
    image_id = fields.text("file_id")
    return None if image_id is None else KeptPicture(image_id)


def _sent(fields: Fields) -> PictureSource | None:
    """Give the picture that was sent; text in its place is no file."""
    if FILE in fields.files:
        return SentPicture(fields.files[FILE].content)
    if FILE in fields.texts:
        raise Refusal(Reason.ARGUMENT_TYPE, FILE)
    return None


def _addressed(fields: Fields, name: str) -> PictureSource | None:
    """Give the picture behind an address."""
    url = fields.text(name)
    return None if url is None else AddressedPicture(url)


def _flag(fields: Fields, name: str) -> bool:
    """Give a boolean; what was not sent is false."""
    word = fields.texts.get(name, b"false").decode("utf-8", "replace").lower()
    if word not in BOOLEANS:
        raise Refusal(Reason.ARGUMENT_INVALID, name)
    return BOOLEANS[word]


def encode_handhold(outcome: HandheldOutcome, context: Context) -> WireResponse:
    """Give the body of a comparison; a picture that is new has an id."""
    found = outcome.match
    score = scale.printed(scale.verify_score(found.selfie.false_match_rate, found.lowest_rate))
    answer: dict[str, object] = {"request_id": request_id(context), "status": "OK", "verify_score": score}
    if outcome.image_id is not None:
        answer["image_id"] = outcome.image_id
    return WireResponse(200, JSON, compact(answer))


def encode_upload(image_id: str, context: Context) -> WireResponse:
    """Give the body of a picture that was kept."""
    return WireResponse(200, JSON, compact({"request_id": request_id(context), "status": "OK", "image_id": image_id}))


def marks_used(request: WireRequest) -> tuple[Mark, ...]:
    """Give the id by which a request names its picture."""
    used = read_fields(request).texts.get("file_id")
    return (Mark("token", used.decode("utf-8", "replace")),) if used else ()


def marks_made(outcome: HandheldOutcome) -> tuple[Mark, ...]:
    """Give the id that a comparison made."""
    return () if outcome.image_id is None else (Mark("token", outcome.image_id),)


def mark_kept(image_id: str) -> tuple[Mark, ...]:
    """Give the id that a kept picture got."""
    return (Mark("token", image_id),)


def request_id(context: Context) -> str:
    """Give the request's id: `TID` and 32 hexadecimal digits in lower case."""
    return f"TID{context.correlation.hex}"


def compact(answer: dict[str, object]) -> bytes:
    """Give JSON without spaces."""
    return json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode()
