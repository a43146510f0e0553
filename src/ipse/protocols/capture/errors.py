"""
The page's errors: problem details (RFC 9457) whose `reason` is the stable word, as those of our own API.

The page says what to do in its own languages, so a problem has no words for people but the status' own.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, ErrorFamily, Headers, WireResponse

_BY_STATUS: Final[Mapping[HTTPStatus, tuple[Reason, ...]]] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: (
            Reason.BODY_MALFORMED,
            Reason.ARGUMENT_MISSING,
            Reason.ARGUMENT_INVALID,
            Reason.ARGUMENT_TYPE,
            Reason.ARGUMENT_UNKNOWN,
            Reason.ARGUMENT_UNREADABLE,
            Reason.FILE_MISSING,
            Reason.FILE_EMPTY,
            Reason.FILES_MANY,
            Reason.REGION_UNKNOWN,
            Reason.REGION_UNSUPPORTED,
        ),
        HTTPStatus.UNAUTHORIZED: (
            Reason.CREDENTIALS_MISSING,
            Reason.CREDENTIALS_MALFORMED,
            Reason.CREDENTIALS_INVALID,
            Reason.CREDENTIALS_STALE,
        ),
        HTTPStatus.PAYMENT_REQUIRED: (Reason.CREDIT_SPENT,),
        HTTPStatus.FORBIDDEN: (
            Reason.KEY_DISABLED,
            Reason.KEY_EXPIRED,
            Reason.KEY_SUSPENDED,
            Reason.OPERATION_DENIED,
            Reason.KYC_DENIED,
            Reason.QUOTA_SPENT,
        ),
        HTTPStatus.NOT_FOUND: (
            Reason.OPERATION_UNKNOWN,
            Reason.VERSION_UNKNOWN,
            Reason.JOB_UNKNOWN,
            Reason.RECORD_UNKNOWN,
            Reason.PERSON_UNKNOWN,
        ),
        HTTPStatus.METHOD_NOT_ALLOWED: (Reason.METHOD_DENIED,),
        HTTPStatus.CONFLICT: (
            Reason.LIVENESS_BUNDLE_USED,
            Reason.FLASH_RUN_USED,
            Reason.CAPTURE_NOT_PASSED,
            Reason.IDEMPOTENCY_CONFLICT,
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
            Reason.BODY_TOO_LARGE,
            Reason.FILE_TOO_LARGE,
        ),
        HTTPStatus.UNPROCESSABLE_ENTITY: (
            Reason.NAME_INVALID,
            Reason.ID_NUMBER_INVALID,
            Reason.IMAGE_UNRECOGNISED,
            Reason.IMAGE_TRUNCATED,
            Reason.IMAGE_CORRUPT,
            Reason.IMAGE_FORMAT_DENIED,
            Reason.IMAGE_TOO_SMALL,
            Reason.IMAGE_TOO_LARGE,
            Reason.IMAGE_TOO_COMPLEX,
            Reason.FACE_MISSING,
            Reason.FACES_FEW,
            Reason.FACES_MANY,
            Reason.FACES_NOT_ON_CARD,
            Reason.CARD_MISSING,
            Reason.CARD_PORTRAIT_MISSING,
            Reason.CARD_NUMBER_WRONG,
            Reason.CARD_NUMBER_UNREADABLE,
            Reason.CARD_NUMBER_MISSING,
            Reason.IMAGE_GREY,
            Reason.HOLDER_MISSING,
            Reason.QUALITY_LOW,
            Reason.FACE_TOKEN_UNKNOWN,
            Reason.FACE_TOKEN_STALE,
            Reason.IMAGE_ID_UNKNOWN,
            Reason.DOWNLOAD_FAILED,
            Reason.DOWNLOAD_SLOW,
            Reason.LIVENESS_BUNDLE_INVALID,
            Reason.FLASH_RESULT_INVALID,
            Reason.PERSON_NAME_DIFFERS,
            Reason.PERSON_PHOTO_UNUSABLE,
            Reason.PERSON_PHOTO_FACELESS,
        ),
        HTTPStatus.TOO_MANY_REQUESTS: (
            Reason.RATE_EXCEEDED,
            Reason.CONCURRENCY_EXCEEDED,
        ),
        HTTPStatus.INTERNAL_SERVER_ERROR: (Reason.INTERNAL,),
        HTTPStatus.NOT_IMPLEMENTED: (Reason.NOT_OPEN,),
        HTTPStatus.BAD_GATEWAY: (Reason.DATA_SOURCE_FAILED,),
        HTTPStatus.SERVICE_UNAVAILABLE: (Reason.BUSY,),
    }
)
"""Source: RFC 9110, sections 15.5 and 15.6; the same statuses as those of our own API."""

ERRORS: Final[Mapping[Reason, HTTPStatus]] = MappingProxyType(
    {reason: status for status, reasons in _BY_STATUS.items() for reason in reasons}
)
"""What is said for each reason."""

KIND: Final[Headers] = (("content-type", "application/problem+json"),)

CHALLENGE: Final[Headers] = (("www-authenticate", 'Bearer realm="ipse capture"'),)
"""Source: RFC 6750, section 3."""


def render(status: HTTPStatus, refusal: Refusal, context: Context) -> WireResponse:
    """Give the problem document."""
    body: dict[str, object] = {
        "type": f"/problems/{refusal.reason.value}",
        "title": status.phrase,
        "status": status.value,
        "reason": refusal.reason.value,
        "request": str(context.correlation),
    }
    if refusal.field is not None:
        body["field"] = refusal.field
    headers = (*KIND, *(CHALLENGE if status is HTTPStatus.UNAUTHORIZED else ()))
    return WireResponse(status.value, headers, json.dumps(body).encode())


FAMILY: Final[ErrorFamily[HTTPStatus]] = ErrorFamily(ERRORS, render)
"""The errors of both calls."""
