"""
Megvii's errors, versions 2 and 1: one row for every reason, each with the place that documents it.

The body is `{"error_message", "request_id", "time_used"}`, plus `faces` when the caller asked for them and the refusal
carries them; version 1 calls the message `error`. Two rows differ: 404 has the message alone, 413 is plain text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Literal, TypeAlias

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.faceid.form import REFERENCES
from ipse.protocols.faceid.wire import JSON, encode_faces, request_id, time_used
from ipse.protocols.messages import Context, ErrorFamily, Headers, WireResponse
from ipse.service.verify_faces import PROBE, Findings

Shape: TypeAlias = Literal["full", "message", "text"]

TEXT: Headers = (("content-type", "text/plain"), ("connection", "close"))
"""Source: the page, error 413 is plain text; the exact headers are ours."""

FIELDS = MappingProxyType({PROBE: "image"} | {neutral: name for name, neutral in REFERENCES.items()})
"""What the vendor calls the pictures of the use case. Other fields bear the vendor's name already."""


@dataclass(frozen=True, slots=True)
class WireError:
    """
    One row.

    Attributes:
        status: HTTP status.
        words: The message; `{field}` stands for what it concerns, after a colon and one space as recorded.
        source: Where it is documented.
        shape: What the body holds.
    """

    status: int
    words: str
    source: str
    shape: Shape = "full"


PAGE = "verify 2.0.6, own errors"
SHARED = "verify 2.0.6, shared errors"
DENIED = "AUTHORIZATION_ERROR: Denied."
CROWDED = "CONCURRENCY_LIMIT_EXCEEDED"
BAD = "BAD_ARGUMENTS: {field}"
OWN = "the state of a key that the vendor does not document: ours"
SIGNED = "FaceID authentication of version 3, for our own calls: ours"
NEVER = "no operation of this dialect refuses so; the nearest word of the page"
UNSUPPORTED = "IMAGE_ERROR_UNSUPPORTED_FORMAT: {field}"

ERRORS: Mapping[Reason, WireError] = MappingProxyType(
    {
        Reason.BODY_TOO_LARGE: WireError(413, "Request Entity Too Large", SHARED, "text"),
        Reason.BODY_MALFORMED: WireError(
            400,
            "MISSING_ARGUMENTS: api_key",
            "the vendor's Flask: werkzeug's form parser is silent, as if no field had come",
        ),
        Reason.OPERATION_UNKNOWN: WireError(404, "API_NOT_FOUND", f"{SHARED}; body: ours", "message"),
        Reason.CREDENTIALS_MISSING: WireError(400, "MISSING_ARGUMENTS: {field}", SHARED),
        Reason.CREDENTIALS_INVALID: WireError(403, "AUTHENTICATION_ERROR", "sibling pages Raw-Verify, PC-GetResult"),
        Reason.KEY_DISABLED: WireError(403, DENIED, SHARED),
        Reason.KEY_EXPIRED: WireError(403, DENIED, f"{SHARED}; an expired key counts as stopped: ours"),
        Reason.OPERATION_DENIED: WireError(403, DENIED, SHARED),
        Reason.KEY_SUSPENDED: WireError(403, DENIED, f"{SHARED}; {OWN}"),
        Reason.CREDIT_SPENT: WireError(403, DENIED, f"{SHARED}; {OWN}"),
        Reason.RATE_EXCEEDED: WireError(403, CROWDED, f"{SHARED}; {OWN}"),
        Reason.CONCURRENCY_EXCEEDED: WireError(403, CROWDED, SHARED),
        Reason.METHOD_DENIED: WireError(404, "API_NOT_FOUND", NEVER, "message"),
        Reason.VERSION_UNKNOWN: WireError(404, "API_NOT_FOUND", NEVER, "message"),
        Reason.REGION_UNKNOWN: WireError(400, BAD, NEVER),
        Reason.REGION_UNSUPPORTED: WireError(400, BAD, NEVER),
        Reason.NOT_OPEN: WireError(403, DENIED, f"{SHARED}; liveness is switched off: ours"),
        Reason.CREDENTIALS_MALFORMED: WireError(403, "AUTHENTICATION_ERROR", SIGNED),
        Reason.CREDENTIALS_STALE: WireError(403, "AUTHENTICATION_ERROR", SIGNED),
        Reason.ARGUMENT_TYPE: WireError(400, BAD, NEVER),
        Reason.ARGUMENT_UNKNOWN: WireError(400, BAD, NEVER),
        Reason.ARGUMENT_UNREADABLE: WireError(400, BAD, NEVER),
        Reason.FILES_MANY: WireError(400, BAD, NEVER),
        Reason.FILE_MISSING: WireError(400, "MISSING_ARGUMENTS: {field}", NEVER),
        Reason.FILE_EMPTY: WireError(400, "MISSING_ARGUMENTS: {field}", NEVER),
        Reason.FILE_TOO_LARGE: WireError(413, "Request Entity Too Large", NEVER, "text"),
        Reason.IMAGE_FORMAT_DENIED: WireError(400, UNSUPPORTED, NEVER),
        Reason.IMAGE_TOO_SMALL: WireError(400, "INVALID_IMAGE_SIZE: {field}", NEVER),
        Reason.FACES_FEW: WireError(400, "NO_FACE_FOUND: {field}", NEVER),
        Reason.FACES_NOT_ON_CARD: WireError(400, "NO_FACE_FOUND: {field}", NEVER),
        Reason.CARD_MISSING: WireError(400, "NO_FACE_FOUND: {field}", NEVER),
        Reason.CARD_PORTRAIT_MISSING: WireError(400, "NO_FACE_FOUND: {field}", NEVER),
        Reason.CARD_NUMBER_WRONG: WireError(400, "NO_FACE_FOUND: {field}", NEVER),
        Reason.CARD_NUMBER_UNREADABLE: WireError(400, "NO_FACE_FOUND: {field}", NEVER),
        Reason.CARD_NUMBER_MISSING: WireError(400, "NO_FACE_FOUND: {field}", NEVER),
        Reason.IMAGE_GREY: WireError(400, "NO_FACE_FOUND: {field}", NEVER),
        Reason.HOLDER_MISSING: WireError(400, "NO_FACE_FOUND: {field}", NEVER),
        Reason.FACE_TOKEN_STALE: WireError(400, "IMAGE_ERROR_UNSUPPORTED_FORMAT: facetoken", PAGE),
        Reason.IMAGE_ID_UNKNOWN: WireError(400, BAD, NEVER),
        Reason.JOB_UNKNOWN: WireError(400, BAD, NEVER),
        Reason.DOWNLOAD_FAILED: WireError(400, UNSUPPORTED, NEVER),
        Reason.DOWNLOAD_SLOW: WireError(400, UNSUPPORTED, NEVER),
        Reason.PERSON_UNKNOWN: WireError(400, "NO_SUCH_ID_NUMBER", PAGE),
        Reason.PERSON_NAME_DIFFERS: WireError(400, "ID_NUMBER_NAME_NOT_MATCH", PAGE),
        Reason.PERSON_PHOTO_UNUSABLE: WireError(400, "IMAGE_ERROR_UNSUPPORTED_FORMAT: data_source", PAGE),
        Reason.PERSON_PHOTO_FACELESS: WireError(400, "NO_FACE_FOUND: data_source", PAGE),
        Reason.RECORD_UNKNOWN: WireError(404, "API_NOT_FOUND", NEVER, "message"),
        Reason.CAPTURE_NOT_PASSED: WireError(400, BAD, NEVER),
        Reason.IDEMPOTENCY_CONFLICT: WireError(400, BAD, NEVER),
        Reason.KYC_DENIED: WireError(403, "AUTHORIZATION_ERROR: No data source permission.", SHARED),
        Reason.QUOTA_SPENT: WireError(403, "AUTHORIZATION_ERROR: Limit reached.", SHARED),
        Reason.BUSY: WireError(403, CROWDED, SHARED),
        Reason.ARGUMENT_MISSING: WireError(400, "MISSING_ARGUMENTS: {field}", SHARED),
        Reason.ARGUMENT_INVALID: WireError(400, BAD, SHARED),
        Reason.NAME_INVALID: WireError(400, "INVALID_NAME_FORMAT", PAGE),
        Reason.ID_NUMBER_INVALID: WireError(400, "INVALID_IDCARD_NUMBER", PAGE),
        Reason.IMAGE_UNRECOGNISED: WireError(400, UNSUPPORTED, PAGE),
        Reason.IMAGE_TRUNCATED: WireError(400, UNSUPPORTED, PAGE),
        Reason.IMAGE_CORRUPT: WireError(400, UNSUPPORTED, PAGE),
        Reason.IMAGE_TOO_LARGE: WireError(400, "INVALID_IMAGE_SIZE: {field}", PAGE),
        Reason.IMAGE_TOO_COMPLEX: WireError(
            400, UNSUPPORTED, f"{PAGE}; too costly to decode counts as not decodable: ours"
        ),
        Reason.FACE_MISSING: WireError(400, "NO_FACE_FOUND: {field}", PAGE),
        Reason.FACES_MANY: WireError(400, "MULTIPLE_FACES: {field}", PAGE),
        Reason.QUALITY_LOW: WireError(400, "LOW_QUALITY", PAGE),
        Reason.FACE_TOKEN_UNKNOWN: WireError(400, "INVALID_FACE_TOKEN: {field}", PAGE),
        Reason.LIVENESS_BUNDLE_INVALID: WireError(400, "DATA_VALIDATION_ERROR", PAGE),
        Reason.LIVENESS_BUNDLE_USED: WireError(400, "DELTA_USED", PAGE),
        Reason.FLASH_RUN_USED: WireError(400, "MEGLIVE_BIZ_NO_USED", PAGE),
        Reason.FLASH_RESULT_INVALID: WireError(
            400, "BAD_ARGUMENTS: meglive_flash_result", "verify 2.0.6, parameter meglive_flash_result"
        ),
        Reason.DATA_SOURCE_FAILED: WireError(400, "DATA_SOURCE_ERROR", PAGE),
        Reason.INTERNAL: WireError(500, "INTERNAL_ERROR", SHARED),
    }
)


DETECT = "Detect API 1.0.1, errors"
UNSUPPORTED_V1 = WireError(400, "IMAGE_ERROR_UNSUPPORTED_FORMAT", f"{DETECT}: without a parameter")

AS_IN_V2 = (
    Reason.BODY_TOO_LARGE,
    Reason.BODY_MALFORMED,
    Reason.OPERATION_UNKNOWN,
    Reason.CREDENTIALS_MISSING,
    Reason.KEY_DISABLED,
    Reason.KEY_EXPIRED,
    Reason.OPERATION_DENIED,
    Reason.KEY_SUSPENDED,
    Reason.CREDIT_SPENT,
    Reason.QUOTA_SPENT,
    Reason.RATE_EXCEEDED,
    Reason.CONCURRENCY_EXCEEDED,
    Reason.BUSY,
    Reason.ARGUMENT_MISSING,
    Reason.ARGUMENT_INVALID,
    Reason.IMAGE_TOO_LARGE,
    Reason.INTERNAL,
)
"""Reasons that version 1 documents with version 2's words."""

ERRORS_V1: Mapping[Reason, WireError] = MappingProxyType(
    {reason: replace(row, source=NEVER) for reason, row in ERRORS.items()}
    | {reason: replace(ERRORS[reason], source=DETECT) for reason in AS_IN_V2}
    | {
        Reason.CREDENTIALS_INVALID: WireError(403, "AUTHORIZATION_ERROR", f"{DETECT}: key and secret that do not fit"),
        Reason.IMAGE_UNRECOGNISED: UNSUPPORTED_V1,
        Reason.IMAGE_TRUNCATED: UNSUPPORTED_V1,
        Reason.IMAGE_CORRUPT: UNSUPPORTED_V1,
        Reason.IMAGE_TOO_COMPLEX: replace(UNSUPPORTED_V1, source=f"{DETECT}; too costly to decode: ours"),
    }
)
"""Version 1's table; what no operation of version 1 refuses keeps version 2's words."""


def render(row: WireError, refusal: Refusal, context: Context, key: str = "error_message") -> WireResponse:
    """Give the bytes of an error; its message stands under `key`."""
    field = refusal.field or ""
    words = row.words.format(field=FIELDS.get(field, field))
    if row.shape == "text":
        return WireResponse(row.status, TEXT, words.encode())
    body: dict[str, object] = {key: words}
    if row.shape == "full":
        body |= {"request_id": request_id(context), "time_used": time_used(context)}
    if isinstance(refusal.findings, Findings):
        body["faces"] = encode_faces(refusal.findings)
    return WireResponse(row.status, JSON, json.dumps(body).encode())


FAMILY: ErrorFamily[WireError] = ErrorFamily(ERRORS, render)
"""The errors of every version 2 operation."""

FAMILY_V1: ErrorFamily[WireError] = ErrorFamily(ERRORS_V1, partial(render, key="error"))
"""The errors of every version 1 operation. Source: Detect API 1.0.1: the key is `error`."""
