"""
Linkface's errors: one row for every reason, each with the place that documents it.

The body is `{"request_id", "status"}`, with `reason` where the vendor gives one and `image` where a picture is at
fault.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from types import MappingProxyType

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.linkface.wire import JSON, compact, request_id
from ipse.protocols.messages import Context, ErrorFamily, Headers, WireResponse

UNROUTED: Headers = (("content-type", "application/json"),)
"""Source: recorded on a path that is none."""

TEXT: Headers = (("content-type", "text/plain"), ("connection", "close"))
"""Source: the ancestor's guide: a 413 may be text or empty; ours."""

IMAGE = "file"
"""Source: siblings name the picture by the prefix of its arguments; ours for an endpoint whose prefix is `file`."""

CHINA = timezone(timedelta(hours=8))
"""Source: the recorded reason of KEY_EXPIRED."""


@dataclass(frozen=True, slots=True)
class WireError:
    """
    One row.

    Attributes:
        status: HTTP status.
        word: The vendor's `status`; empty for an answer without a body.
        source: Where it is documented.
        reason: The vendor's `reason`; `{field}` stands for the argument, `{until}` for the key's end.
        has_image: Whether the picture at fault is named.
        headers: The headers.
    """

    status: int
    word: str
    source: str
    reason: str = ""
    has_image: bool = False
    headers: Headers = JSON


PAGE = "the page, error codes"
TESTED = "a public test suite of the vendor's API, 2019"
OWN = "the state of a key that the vendor does not document: ours"
NEVER = "no operation of this dialect refuses so; the nearest word of the page"


def _picture(word: str, source: str = PAGE) -> WireError:
    """Give a row about the picture."""
    return WireError(400, word, source, has_image=True)


def _argument(reason: str, source: str) -> WireError:
    """Give a row about an argument."""
    return WireError(400, "INVALID_ARGUMENT", source, reason)


def _faces(reason: str) -> WireError:
    """Give a row about the number of faces."""
    return WireError(400, "FACE_DETECTION_FAILED", f"{PAGE}, remark", reason)


UNAUTHORIZED = WireError(401, "UNAUTHORIZED", f"{PAGE}; without a reason in {TESTED}")
NO_PERMISSION = WireError(403, "NO_PERMISSION", PAGE)
OUT_OF_QUOTA = WireError(403, "OUT_OF_QUOTA", PAGE)
CROWDED = WireError(403, "RATE_LIMIT_EXCEEDED", PAGE)
NOT_FOUND = WireError(404, "NOT_FOUND", PAGE, headers=UNROUTED)
CORRUPT = _picture("CORRUPT_IMAGE")
UNFIT = _picture("INVALID_IMAGE_FORMAT_OR_SIZE")
ONE_FACE = _faces("no two faces detected")
MALFORMED = _argument("Input parameter error", TESTED)
FAULT = WireError(500, "INTERNAL_ERROR", PAGE)


def _never(row: WireError) -> WireError:
    """Give a row that is only there so that the table is total."""
    return replace(row, source=NEVER)


ERRORS: Mapping[Reason, WireError] = MappingProxyType(
    {
        Reason.BODY_TOO_LARGE: WireError(413, "", "the ancestor's guide: 413, text or empty", headers=TEXT),
        Reason.BODY_MALFORMED: MALFORMED,
        Reason.OPERATION_UNKNOWN: NOT_FOUND,
        Reason.CREDENTIALS_MISSING: UNAUTHORIZED,
        Reason.CREDENTIALS_INVALID: UNAUTHORIZED,
        Reason.KEY_DISABLED: replace(UNAUTHORIZED, source=f"{PAGE}; {OWN}"),
        Reason.KEY_EXPIRED: WireError(401, "KEY_EXPIRED", f"{PAGE}; {TESTED}", "key expired at {until}"),
        Reason.KEY_SUSPENDED: replace(NO_PERMISSION, source=f"{PAGE}; {OWN}"),
        Reason.OPERATION_DENIED: NO_PERMISSION,
        Reason.QUOTA_SPENT: OUT_OF_QUOTA,
        Reason.CREDIT_SPENT: OUT_OF_QUOTA,
        Reason.RATE_EXCEEDED: CROWDED,
        Reason.CONCURRENCY_EXCEEDED: CROWDED,
        Reason.BUSY: CROWDED,
        Reason.ARGUMENT_MISSING: _argument(
            "must specify 'file', 'file_url' or 'file_id' argument", "the ancestor's guide has it for two of them"
        ),
        Reason.ARGUMENT_INVALID: _argument(
            "argument '{field}': not a boolean", "the pattern of recorded reasons: ours"
        ),
        Reason.ARGUMENT_TYPE: _argument("argument '{field}': not a file", "the pattern of recorded reasons: ours"),
        Reason.FILE_EMPTY: _argument("argument '{field}': blank string", TESTED),
        Reason.ARGUMENT_UNREADABLE: WireError(400, "ENCODING_ERROR", PAGE),
        Reason.DOWNLOAD_SLOW: _picture("DOWNLOAD_TIMEOUT"),
        Reason.DOWNLOAD_FAILED: _picture("DOWNLOAD_ERROR"),
        Reason.FILE_TOO_LARGE: _picture("IMAGE_FILE_SIZE_TOO_BIG"),
        Reason.IMAGE_ID_UNKNOWN: _picture("IMAGE_ID_NOT_EXIST"),
        Reason.IMAGE_UNRECOGNISED: CORRUPT,
        Reason.IMAGE_TRUNCATED: CORRUPT,
        Reason.IMAGE_CORRUPT: CORRUPT,
        Reason.IMAGE_TOO_COMPLEX: replace(CORRUPT, source=f"{PAGE}; too costly to decode counts as damaged: ours"),
        Reason.IMAGE_FORMAT_DENIED: UNFIT,
        Reason.IMAGE_TOO_SMALL: UNFIT,
        Reason.IMAGE_TOO_LARGE: UNFIT,
        Reason.FACE_MISSING: _faces("no face detected"),
        Reason.FACES_FEW: ONE_FACE,
        Reason.FACES_MANY: _faces("too many faces"),
        Reason.FACES_NOT_ON_CARD: replace(ONE_FACE, source=f"{PAGE}; two faces, none on a card: ours"),
        Reason.HOLDER_MISSING: replace(ONE_FACE, source=f"{PAGE}; faces on cards only: ours"),
        Reason.CARD_PORTRAIT_MISSING: _never(ONE_FACE),
        Reason.CARD_NUMBER_WRONG: _never(ONE_FACE),
        Reason.CARD_NUMBER_UNREADABLE: _never(ONE_FACE),
        Reason.CARD_NUMBER_MISSING: _never(ONE_FACE),
        Reason.IMAGE_GREY: _never(ONE_FACE),
        Reason.INTERNAL: FAULT,
        Reason.METHOD_DENIED: _never(NOT_FOUND),
        Reason.VERSION_UNKNOWN: _never(NOT_FOUND),
        Reason.REGION_UNKNOWN: _never(MALFORMED),
        Reason.REGION_UNSUPPORTED: _never(MALFORMED),
        Reason.NOT_OPEN: _never(NO_PERMISSION),
        Reason.CREDENTIALS_MALFORMED: _never(UNAUTHORIZED),
        Reason.CREDENTIALS_STALE: _never(UNAUTHORIZED),
        Reason.KYC_DENIED: _never(NO_PERMISSION),
        Reason.ARGUMENT_UNKNOWN: _never(MALFORMED),
        Reason.FILES_MANY: _never(MALFORMED),
        Reason.FILE_MISSING: _never(MALFORMED),
        Reason.NAME_INVALID: _never(MALFORMED),
        Reason.ID_NUMBER_INVALID: _never(MALFORMED),
        Reason.CARD_MISSING: _never(ONE_FACE),
        Reason.QUALITY_LOW: _never(ONE_FACE),
        Reason.FACE_TOKEN_UNKNOWN: _never(MALFORMED),
        Reason.FACE_TOKEN_STALE: _never(MALFORMED),
        Reason.JOB_UNKNOWN: _never(MALFORMED),
        Reason.LIVENESS_BUNDLE_INVALID: _never(MALFORMED),
        Reason.LIVENESS_BUNDLE_USED: _never(MALFORMED),
        Reason.FLASH_RESULT_INVALID: _never(MALFORMED),
        Reason.FLASH_RUN_USED: _never(MALFORMED),
        Reason.DATA_SOURCE_FAILED: _never(FAULT),
        Reason.PERSON_UNKNOWN: _never(MALFORMED),
        Reason.PERSON_NAME_DIFFERS: _never(MALFORMED),
        Reason.PERSON_PHOTO_UNUSABLE: _never(MALFORMED),
        Reason.PERSON_PHOTO_FACELESS: _never(MALFORMED),
        Reason.RECORD_UNKNOWN: _never(MALFORMED),
        Reason.CAPTURE_NOT_PASSED: _never(MALFORMED),
        Reason.IDEMPOTENCY_CONFLICT: _never(MALFORMED),
    }
)
"""The table of the comparison."""

ABOUT_FACES = frozenset(
    {
        Reason.IMAGE_ID_UNKNOWN,
        Reason.ARGUMENT_INVALID,
        Reason.FACE_MISSING,
        Reason.FACES_FEW,
        Reason.FACES_MANY,
        Reason.FACES_NOT_ON_CARD,
        Reason.HOLDER_MISSING,
        Reason.OPERATION_UNKNOWN,
    }
)
"""What keeping a picture cannot come to."""

UPLOAD_ERRORS: Mapping[Reason, WireError] = MappingProxyType(
    {
        **{
            reason: replace(row, has_image=False, source=NEVER if reason in ABOUT_FACES else row.source)
            for reason, row in ERRORS.items()
        },
        Reason.ARGUMENT_MISSING: _argument("must specify 'file' or 'url' argument", "the ancestor's guide"),
    }
)
"""The table of keeping a picture. Source: the vendor's page upload_image, whose rows have no field `image`."""


def render(row: WireError, refusal: Refusal, context: Context) -> WireResponse:
    """Give the bytes of an error."""
    if not row.word:
        return WireResponse(row.status, row.headers, b"")
    body: dict[str, object] = {"request_id": request_id(context), "status": row.word}
    if row.reason:
        body["reason"] = row.reason.format(field=refusal.field, until=_until(refusal))
    if row.has_image:
        body["image"] = IMAGE
    return WireResponse(row.status, row.headers, compact(body))


def _until(refusal: Refusal) -> str:
    """Give the last moment of a key as the vendor writes it, if that is what the refusal found."""
    ended_at = refusal.findings
    if not isinstance(ended_at, int | float):
        return ""
    return datetime.fromtimestamp(ended_at, CHINA).isoformat(timespec="seconds")


FAMILY: ErrorFamily[WireError] = ErrorFamily(ERRORS, render)
"""The errors of the comparison."""

UPLOAD_FAMILY: ErrorFamily[WireError] = ErrorFamily(UPLOAD_ERRORS, render)
"""The errors of keeping a picture."""
