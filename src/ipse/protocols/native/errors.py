"""Our own errors: problem details (RFC 9457), one row for every reason."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, ErrorFamily, WireResponse

ERRORS: Mapping[Reason, HTTPStatus] = MappingProxyType(
    {
        Reason.BODY_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        Reason.BODY_MALFORMED: HTTPStatus.BAD_REQUEST,
        Reason.OPERATION_UNKNOWN: HTTPStatus.NOT_FOUND,
        Reason.CREDENTIALS_MISSING: HTTPStatus.UNAUTHORIZED,
        Reason.CREDENTIALS_INVALID: HTTPStatus.UNAUTHORIZED,
        Reason.KEY_DISABLED: HTTPStatus.FORBIDDEN,
        Reason.KEY_EXPIRED: HTTPStatus.FORBIDDEN,
        Reason.OPERATION_DENIED: HTTPStatus.FORBIDDEN,
        Reason.KYC_DENIED: HTTPStatus.FORBIDDEN,
        Reason.QUOTA_SPENT: HTTPStatus.FORBIDDEN,
        Reason.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
        Reason.ARGUMENT_MISSING: HTTPStatus.BAD_REQUEST,
        Reason.ARGUMENT_INVALID: HTTPStatus.BAD_REQUEST,
        Reason.NAME_INVALID: HTTPStatus.BAD_REQUEST,
        Reason.ID_NUMBER_INVALID: HTTPStatus.BAD_REQUEST,
        Reason.IMAGE_UNRECOGNISED: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.IMAGE_TRUNCATED: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.IMAGE_CORRUPT: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.IMAGE_TOO_LARGE: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.IMAGE_TOO_COMPLEX: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.FACE_MISSING: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.FACES_MANY: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.QUALITY_LOW: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.FACE_TOKEN_UNKNOWN: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.LIVENESS_BUNDLE_INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.FLASH_RESULT_INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.DATA_SOURCE_FAILED: HTTPStatus.BAD_GATEWAY,
        Reason.KEY_SUSPENDED: HTTPStatus.FORBIDDEN,
        Reason.CREDIT_SPENT: HTTPStatus.PAYMENT_REQUIRED,
        Reason.RATE_EXCEEDED: HTTPStatus.TOO_MANY_REQUESTS,
        Reason.CONCURRENCY_EXCEEDED: HTTPStatus.TOO_MANY_REQUESTS,
        Reason.METHOD_DENIED: HTTPStatus.METHOD_NOT_ALLOWED,
        Reason.VERSION_UNKNOWN: HTTPStatus.NOT_FOUND,
        Reason.REGION_UNKNOWN: HTTPStatus.BAD_REQUEST,
        Reason.REGION_UNSUPPORTED: HTTPStatus.BAD_REQUEST,
        Reason.NOT_OPEN: HTTPStatus.NOT_IMPLEMENTED,
        Reason.CREDENTIALS_MALFORMED: HTTPStatus.UNAUTHORIZED,
        Reason.CREDENTIALS_STALE: HTTPStatus.UNAUTHORIZED,
        Reason.ARGUMENT_TYPE: HTTPStatus.BAD_REQUEST,
        Reason.ARGUMENT_UNKNOWN: HTTPStatus.BAD_REQUEST,
        Reason.ARGUMENT_UNREADABLE: HTTPStatus.BAD_REQUEST,
        Reason.FILES_MANY: HTTPStatus.BAD_REQUEST,
        Reason.FILE_MISSING: HTTPStatus.BAD_REQUEST,
        Reason.FILE_EMPTY: HTTPStatus.BAD_REQUEST,
        Reason.FILE_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        Reason.IMAGE_FORMAT_DENIED: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.IMAGE_TOO_SMALL: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.FACES_FEW: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.FACES_NOT_ON_CARD: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.CARD_MISSING: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.CARD_PORTRAIT_MISSING: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.HOLDER_MISSING: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.FACE_TOKEN_STALE: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.IMAGE_ID_UNKNOWN: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.JOB_UNKNOWN: HTTPStatus.NOT_FOUND,
        Reason.DOWNLOAD_FAILED: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.DOWNLOAD_SLOW: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.PERSON_UNKNOWN: HTTPStatus.NOT_FOUND,
        Reason.PERSON_NAME_DIFFERS: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.PERSON_PHOTO_UNUSABLE: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.PERSON_PHOTO_FACELESS: HTTPStatus.UNPROCESSABLE_ENTITY,
        Reason.RECORD_UNKNOWN: HTTPStatus.NOT_FOUND,
        Reason.IDEMPOTENCY_CONFLICT: HTTPStatus.CONFLICT,
        Reason.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
    }
)
"""The status of each reason. Source: RFC 9110, section 15, and RFC 9457; the choice is ours, this API is our own."""


def render(status: HTTPStatus, refusal: Refusal, context: Context) -> WireResponse:
    """Give a problem document; `reason` is the stable word, `request` finds the call in the logs."""
    problem = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "reason": refusal.reason.value,
        "request": str(context.correlation),
    }
    return WireResponse(status.value, (("content-type", "application/problem+json"),), json.dumps(problem).encode())


FAMILY: ErrorFamily[HTTPStatus] = ErrorFamily(ERRORS, render)
"""The errors of our own paths."""
