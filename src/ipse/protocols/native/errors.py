"""
Our own errors: problem details (RFC 9457), one row for every reason.

The status is RFC 9110's (sections 15.5 and 15.6); `type` is a page that this server shows, `reason` the stable word.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, ErrorFamily, Headers, WireResponse
from ipse.protocols.native.sights import found_picture
from ipse.service.match_holder import FoundPicture
from ipse.service.ports import Standing


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One row.

    Attributes:
        status: HTTP status.
        title: What is wrong, the same for every occurrence.
        remedy: What the caller can do about it.
    """

    status: HTTPStatus
    title: str
    remedy: str


BAD = HTTPStatus.BAD_REQUEST
UNAUTHORISED = HTTPStatus.UNAUTHORIZED
FORBIDDEN = HTTPStatus.FORBIDDEN
MISSING = HTTPStatus.NOT_FOUND
CANNOT = HTTPStatus.UNPROCESSABLE_ENTITY
OFTEN = HTTPStatus.TOO_MANY_REQUESTS
FULL = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

ASK = "Ask the operator of this server."
RETAKE = "Send another picture of this person."
SEE = "See /docs for what the operation takes."

ERRORS: Mapping[Reason, Problem] = MappingProxyType(
    {
        Reason.BODY_TOO_LARGE: Problem(FULL, "The request is too large", "Send smaller pictures, or fewer at once."),
        Reason.BODY_MALFORMED: Problem(
            BAD,
            "The request's body cannot be read",
            "Send a JSON object as application/json in UTF-8, each name once, or a whole multipart/form-data body.",
        ),
        Reason.OPERATION_UNKNOWN: Problem(MISSING, "There is nothing at this path", "See /docs for the paths."),
        Reason.METHOD_DENIED: Problem(
            HTTPStatus.METHOD_NOT_ALLOWED, "The path does not take this method", "The header Allow says which it takes."
        ),
        Reason.VERSION_UNKNOWN: Problem(MISSING, "There is no such version", "See /docs for the paths."),
        Reason.REGION_UNKNOWN: Problem(BAD, "There is no such region", "Leave the region out."),
        Reason.REGION_UNSUPPORTED: Problem(BAD, "The region does not offer this", "Leave the region out."),
        Reason.NOT_OPEN: Problem(
            HTTPStatus.NOT_IMPLEMENTED,
            "This operation is not open on this server",
            f"It needs a part that is not in. {ASK}",
        ),
        Reason.CREDENTIALS_MISSING: Problem(
            UNAUTHORISED,
            "No key was sent",
            "Send `Authorization: Bearer KEY`; `ipse keys create --dialect native` makes one.",
        ),
        Reason.CREDENTIALS_INVALID: Problem(
            UNAUTHORISED, "The key is not known", f"Check it for missing letters. {ASK}"
        ),
        Reason.CREDENTIALS_MALFORMED: Problem(
            UNAUTHORISED, "The key is not sent as it must be", "Send `Authorization: Bearer KEY`."
        ),
        Reason.CREDENTIALS_STALE: Problem(UNAUTHORISED, "The credential is out of date", "Send a fresh one."),
        Reason.KEY_DISABLED: Problem(FORBIDDEN, "The key was switched off", ASK),
        Reason.KEY_EXPIRED: Problem(FORBIDDEN, "The key has expired", ASK),
        Reason.KEY_SUSPENDED: Problem(FORBIDDEN, "The key is suspended for debt", ASK),
        Reason.OPERATION_DENIED: Problem(FORBIDDEN, "The key may not call this operation", ASK),
        Reason.KYC_DENIED: Problem(
            FORBIDDEN, "The key may not ask the registry of people", f"The key needs the permission kyc. {ASK}"
        ),
        Reason.QUOTA_SPENT: Problem(FORBIDDEN, "The test key has made all its calls", ASK),
        Reason.CREDIT_SPENT: Problem(HTTPStatus.PAYMENT_REQUIRED, "All that was paid for is used", ASK),
        Reason.RATE_EXCEEDED: Problem(OFTEN, "The key calls too often", "Wait as long as Retry-After says."),
        Reason.CONCURRENCY_EXCEEDED: Problem(
            OFTEN, "The key has too many calls under way", "Wait for one of them to end."
        ),
        Reason.BUSY: Problem(
            HTTPStatus.SERVICE_UNAVAILABLE, "The server has no room just now", "Nothing was done; try again soon."
        ),
        Reason.ARGUMENT_MISSING: Problem(BAD, "A required field is missing", SEE),
        Reason.ARGUMENT_INVALID: Problem(BAD, "A field has a value that is not allowed", SEE),
        Reason.ARGUMENT_TYPE: Problem(BAD, "A field has the wrong type", SEE),
        Reason.ARGUMENT_UNKNOWN: Problem(BAD, "There is no field of this name", f"Correct or leave it out. {SEE}"),
        Reason.ARGUMENT_UNREADABLE: Problem(
            BAD, "A field cannot be decoded", "Texts are UTF-8; pictures in JSON are base64 (RFC 4648, section 4)."
        ),
        Reason.FILES_MANY: Problem(BAD, "There are too many pictures in a field", SEE),
        Reason.FILE_MISSING: Problem(BAD, "A picture is missing", SEE),
        Reason.FILE_EMPTY: Problem(BAD, "A picture has no bytes", "Send the bytes of the file."),
        Reason.FILE_TOO_LARGE: Problem(FULL, "A picture has too many bytes", "Send a smaller file."),
        Reason.NAME_INVALID: Problem(CANNOT, "The name is no name", "Send a text of 1 to 200 characters."),
        Reason.ID_NUMBER_INVALID: Problem(CANNOT, "The number has not the form that it must have", "Check the digits."),
        Reason.IMAGE_UNRECOGNISED: Problem(
            CANNOT, "The bytes are no picture", "Send a JPEG, PNG, WebP, HEIC, AVIF, GIF, BMP or TIFF file."
        ),
        Reason.IMAGE_TRUNCATED: Problem(CANNOT, "The picture ends too early", "Send the whole file."),
        Reason.IMAGE_CORRUPT: Problem(CANNOT, "The picture is damaged", "Save it anew and send that."),
        Reason.IMAGE_FORMAT_DENIED: Problem(
            CANNOT, "Pictures of this format are not taken", "Send a JPEG or PNG file."
        ),
        Reason.IMAGE_TOO_SMALL: Problem(CANNOT, "The picture has too few pixels", "Send a larger one."),
        Reason.IMAGE_TOO_LARGE: Problem(CANNOT, "The picture has too many pixels", "Send a smaller one."),
        Reason.IMAGE_TOO_COMPLEX: Problem(
            CANNOT, "The picture takes too long to decode", "Save it anew and send that."
        ),
        Reason.FACE_MISSING: Problem(
            CANNOT, "No face was found", f"{RETAKE} `search_orientation` also finds lying ones."
        ),
        Reason.FACES_FEW: Problem(
            CANNOT, "One face was found where two are needed", "Show the holder and the card, or send the card apart."
        ),
        Reason.FACES_MANY: Problem(CANNOT, "There are too many faces", "Show nobody else, or crop the picture."),
        Reason.FACES_NOT_ON_CARD: Problem(
            CANNOT, "Neither of two faces is printed on a card", "Show the whole card, or send it apart."
        ),
        Reason.CARD_MISSING: Problem(CANNOT, "No card was found", "Show the whole card, flat and well lit."),
        Reason.CARD_PORTRAIT_MISSING: Problem(
            CANNOT, "No portrait was found on the card", "Show the side with the portrait, sharp and uncovered."
        ),
        Reason.CARD_NUMBER_WRONG: Problem(CANNOT, "The card's number breaks its own rule", RETAKE),
        Reason.CARD_NUMBER_UNREADABLE: Problem(CANNOT, "The card's number cannot be read", RETAKE),
        Reason.CARD_NUMBER_MISSING: Problem(CANNOT, "The card's number was not found", RETAKE),
        Reason.IMAGE_GREY: Problem(CANNOT, "The picture has no colours", "Photograph the card itself."),
        Reason.HOLDER_MISSING: Problem(CANNOT, "No face of a holder was found", "Show the holder's whole face."),
        Reason.QUALITY_LOW: Problem(CANNOT, "The face is not good enough", RETAKE),
        Reason.FACE_TOKEN_UNKNOWN: Problem(
            CANNOT, "The face token is not known or has expired", "Detect the face again."
        ),
        Reason.FACE_TOKEN_STALE: Problem(CANNOT, "The face token was made by other weights", "Detect the face again."),
        Reason.IMAGE_ID_UNKNOWN: Problem(CANNOT, "The image id is not known or has expired", "Send the picture again."),
        Reason.JOB_UNKNOWN: Problem(MISSING, "There is no such job, or no longer", "Begin again."),
        Reason.DOWNLOAD_FAILED: Problem(CANNOT, "A picture could not be fetched", "Send the picture itself."),
        Reason.DOWNLOAD_SLOW: Problem(CANNOT, "A picture did not arrive in time", "Send the picture itself."),
        Reason.LIVENESS_BUNDLE_INVALID: Problem(
            CANNOT, "The liveness bundle does not vouch for it", "Begin a new run."
        ),
        Reason.LIVENESS_BUNDLE_USED: Problem(
            HTTPStatus.CONFLICT, "The liveness bundle was used before", "Begin a new run."
        ),
        Reason.FLASH_RESULT_INVALID: Problem(
            CANNOT, "The flash result is damaged, failed or not ours", "Begin a new run."
        ),
        Reason.FLASH_RUN_USED: Problem(HTTPStatus.CONFLICT, "The flash run was used before", "Begin a new run."),
        Reason.CAPTURE_NOT_PASSED: Problem(
            HTTPStatus.CONFLICT, "The capture was not passed", "Wait until it is done, or open another."
        ),
        Reason.DATA_SOURCE_FAILED: Problem(
            HTTPStatus.BAD_GATEWAY, "The registry of people cannot be asked", f"Try again later. {ASK}"
        ),
        Reason.PERSON_UNKNOWN: Problem(MISSING, "Nobody is registered under this number", "Check the number."),
        Reason.PERSON_NAME_DIFFERS: Problem(CANNOT, "Another name is registered under this number", "Check the name."),
        Reason.PERSON_PHOTO_UNUSABLE: Problem(CANNOT, "There is no usable photo of this person", "Register one."),
        Reason.PERSON_PHOTO_FACELESS: Problem(CANNOT, "The registered photo shows no face", "Register another."),
        Reason.RECORD_UNKNOWN: Problem(
            MISSING, "There is no such record", "Only calls of this key are found; evidence is kept for a while only."
        ),
        Reason.IDEMPOTENCY_CONFLICT: Problem(
            HTTPStatus.CONFLICT,
            "The Idempotency-Key was used before",
            "Use a new one for another request; if the first is still under way, wait for it and send it again.",
        ),
        Reason.INTERNAL: Problem(
            HTTPStatus.INTERNAL_SERVER_ERROR, "Something of ours failed", "Tell the operator the request id."
        ),
    }
)
"""What is said for each reason. Source: RFC 9110 for the statuses; the choice is ours, this API is our own."""

OTHER_REQUEST: Final = (Reason.IDEMPOTENCY_CONFLICT, "request")
"""An idempotency key that came with another request."""

PROBLEM: Headers = (("content-type", "application/problem+json"),)

CHALLENGE: Final = 'Bearer realm="ipse"'
"""Source: RFC 6750, section 3: what a 401 answer tells of itself."""

SOON_S: Final = 1
"""Seconds after which to try again when nobody can know better. Source: ours; a call takes tenths of that."""


def render(row: Problem, refusal: Refusal, context: Context) -> WireResponse:
    """Give the problem document."""
    body = document(row, refusal, str(context.correlation))
    return WireResponse(
        status_of(row, refusal).value, (*PROBLEM, *_headers(refusal)), json.dumps(body, ensure_ascii=False).encode()
    )


def status_of(row: Problem, refusal: Refusal) -> HTTPStatus:
    """
    Give the status: that of the row, but for an idempotency key that came with another request.

    Source: draft-ietf-httpapi-idempotency-key-header-07, section 2.7: 422 then, 409 for one that is under way.
    """
    return CANNOT if (refusal.reason, refusal.field) == OTHER_REQUEST else row.status


def statuses(reason: Reason) -> tuple[HTTPStatus, ...]:
    """Give every status that a reason may have."""
    return (ERRORS[reason].status, *((CANNOT,) if reason is OTHER_REQUEST[0] else ()))


def document(row: Problem, refusal: Refusal, request: str) -> dict[str, object]:
    """Give the members of a problem; `request` finds the call, `field` says what it is about."""
    members: dict[str, object] = {
        "type": f"/problems/{refusal.reason.value}",
        "title": row.title,
        "status": status_of(row, refusal).value,
        "detail": row.remedy,
        "reason": refusal.reason.value,
        "request": request,
    }
    if refusal.field is not None:
        members["field"] = refusal.field
    found = refusal.findings
    if isinstance(found, tuple) and found and all(isinstance(one, FoundPicture) for one in found):
        members["pictures"] = [found_picture(one) for one in found]
    return members


def _headers(refusal: Refusal) -> Headers:
    """Give the headers that a reason brings along."""
    match refusal.reason:
        case Reason.METHOD_DENIED if isinstance(refusal.findings, tuple):
            return (("allow", ", ".join(refusal.findings)),)
        case Reason.CREDENTIALS_MISSING:
            return (("www-authenticate", CHALLENGE),)
        case Reason.CREDENTIALS_INVALID | Reason.CREDENTIALS_MALFORMED:
            return (("www-authenticate", f'{CHALLENGE}, error="invalid_token"'),)
    wait_s = _wait_s(refusal)
    return () if wait_s is None else (("retry-after", str(wait_s)),)


def _wait_s(refusal: Refusal) -> int | None:
    """Give the seconds after which the same request may be answered."""
    if refusal.reason is Reason.RATE_EXCEEDED and isinstance(refusal.findings, Standing):
        return math.ceil(refusal.findings.resets_in_s)
    is_soon = refusal.reason in {Reason.BUSY, Reason.CONCURRENCY_EXCEEDED}
    is_under_way = refusal.reason is Reason.IDEMPOTENCY_CONFLICT and refusal.field is None
    return SOON_S if is_soon or is_under_way else None


FAMILY: ErrorFamily[Problem] = ErrorFamily(ERRORS, render)
"""The errors of our own paths."""
