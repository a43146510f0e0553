"""
iApp's errors about face and card: one row for every reason, each with the place that documents it.

The body is a superset that every known client can read: `message`, `status_code`, `status_message`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.iapp.wire import FILES, JSON, compact
from ipse.protocols.messages import Context, ErrorFamily, Headers, WireResponse
from ipse.service.ports import Standing

CHALLENGE: Headers = (("www-authenticate", "Key"),)
"""Source: Kong's key-auth; its realm is left out."""

SOON_S = 1
"""Seconds after which a call may be tried again when nobody knows better. Source: the shortest window of a rate."""

ALLOW: Headers = (("allow", "POST"),)
"""Source: RFC 9110, section 15.5.6; every path takes POST alone."""


@dataclass(frozen=True, slots=True)
class WireError:
    """
    One row.

    Attributes:
        status: HTTP status.
        words: The message; `{field}` stands for what it concerns.
        source: Where it is documented.
        headers: Further headers.
        at_gateway: Whether the gateway before the service says it: it keeps its status and its words everywhere.
    """

    status: int
    words: str
    source: str
    headers: Headers = ()
    at_gateway: bool = False


PAGE = "the page, API error messages"
KONG = "the vendor's gateway is Kong: its literal words"
RECORDED = "recorded in a public Go client's tests"
NEVER = "no operation of this dialect refuses so; the nearest word"

NO_CARD = "face on id card or id card not found in image [{field}]"
NO_FACE = "face on selfie not found in image [{field}]"
UNSUPPORTED = "image error, unsupported format."
BOTH = ", ".join(FILES)


def _gateway(status: int, words: str, source: str, headers: Headers = ()) -> WireError:
    """Give a row of the gateway."""
    return WireError(status, words, source, headers, at_gateway=True)


DENIED = _gateway(401, "Unauthorized", f"{KONG} for an unknown key; states of a key: ours", CHALLENGE)
POOR = _gateway(402, "insufficient credits", RECORDED)
CROWDED = _gateway(429, "API rate limit exceeded", KONG)
TOO_LARGE = _gateway(413, "file is too large, more than 10 MB.", PAGE)
BROKEN = WireError(442, UNSUPPORTED, f"{PAGE}; ours: bytes that begin like no known file, or do not decode")
CARDLESS = WireError(421, NO_CARD, f"{PAGE}; the literal is {RECORDED}")
FACELESS = WireError(422, NO_FACE, f"{PAGE}; the literal is {RECORDED}")
UNFILLED = WireError(461, "no file attached.", PAGE)
UNFOUND = WireError(420, "parameter not found in request. [{field}]", PAGE)
FAULT = _gateway(500, "An unexpected error occurred", KONG)


def _never(row: WireError) -> WireError:
    """Give a row that is only there so that the table is total."""
    return replace(row, source=NEVER)


ERRORS: Mapping[Reason, WireError] = MappingProxyType(
    {
        Reason.BODY_TOO_LARGE: TOO_LARGE,
        Reason.BODY_MALFORMED: replace(UNFOUND, source="werkzeug's parser is silent, as if no field had come"),
        Reason.OPERATION_UNKNOWN: _gateway(404, "no route matched with those values.", PAGE),
        Reason.METHOD_DENIED: _gateway(405, "the method is not allowed for the requested URL.", PAGE, ALLOW),
        Reason.CREDENTIALS_MISSING: _gateway(401, "No API key found in request", KONG, CHALLENGE),
        Reason.CREDENTIALS_INVALID: DENIED,
        Reason.KEY_DISABLED: DENIED,
        Reason.KEY_EXPIRED: DENIED,
        Reason.OPERATION_DENIED: DENIED,
        Reason.KEY_SUSPENDED: POOR,
        Reason.QUOTA_SPENT: POOR,
        Reason.CREDIT_SPENT: POOR,
        Reason.RATE_EXCEEDED: CROWDED,
        Reason.CONCURRENCY_EXCEEDED: CROWDED,
        Reason.BUSY: CROWDED,
        Reason.ARGUMENT_MISSING: UNFOUND,
        Reason.FILES_MANY: WireError(441, "too many images.", PAGE),
        Reason.FILE_MISSING: UNFILLED,
        Reason.FILE_EMPTY: UNFILLED,
        Reason.FILE_TOO_LARGE: TOO_LARGE,
        Reason.IMAGE_FORMAT_DENIED: WireError(
            415, "file extension is not allowed.", f"{PAGE}; by content, not by name"
        ),
        Reason.IMAGE_UNRECOGNISED: BROKEN,
        Reason.IMAGE_TRUNCATED: BROKEN,
        Reason.IMAGE_CORRUPT: BROKEN,
        Reason.IMAGE_TOO_LARGE: BROKEN,
        Reason.IMAGE_TOO_COMPLEX: BROKEN,
        Reason.IMAGE_TOO_SMALL: BROKEN,
        Reason.CARD_MISSING: CARDLESS,
        Reason.CARD_NUMBER_WRONG: _never(CARDLESS),
        Reason.CARD_NUMBER_UNREADABLE: _never(CARDLESS),
        Reason.CARD_NUMBER_MISSING: _never(CARDLESS),
        Reason.IMAGE_GREY: _never(CARDLESS),
        Reason.CARD_PORTRAIT_MISSING: _never(CARDLESS),
        Reason.FACE_MISSING: FACELESS,
        Reason.HOLDER_MISSING: FACELESS,
        Reason.FACES_MANY: FACELESS,
        Reason.INTERNAL: FAULT,
        Reason.NOT_OPEN: _never(CROWDED),
        Reason.VERSION_UNKNOWN: _never(UNFOUND),
        Reason.REGION_UNKNOWN: _never(UNFOUND),
        Reason.REGION_UNSUPPORTED: _never(UNFOUND),
        Reason.CREDENTIALS_MALFORMED: _never(DENIED),
        Reason.CREDENTIALS_STALE: _never(DENIED),
        Reason.KYC_DENIED: _never(DENIED),
        Reason.ARGUMENT_INVALID: _never(UNFOUND),
        Reason.ARGUMENT_TYPE: _never(UNFOUND),
        Reason.ARGUMENT_UNKNOWN: _never(UNFOUND),
        Reason.ARGUMENT_UNREADABLE: _never(UNFOUND),
        Reason.NAME_INVALID: _never(UNFOUND),
        Reason.ID_NUMBER_INVALID: _never(UNFOUND),
        Reason.FACES_FEW: _never(FACELESS),
        Reason.FACES_NOT_ON_CARD: _never(CARDLESS),
        Reason.QUALITY_LOW: _never(FACELESS),
        Reason.FACE_TOKEN_UNKNOWN: _never(UNFOUND),
        Reason.FACE_TOKEN_STALE: _never(UNFOUND),
        Reason.IMAGE_ID_UNKNOWN: _never(UNFOUND),
        Reason.JOB_UNKNOWN: _never(UNFOUND),
        Reason.DOWNLOAD_FAILED: _never(UNFILLED),
        Reason.DOWNLOAD_SLOW: _never(UNFILLED),
        Reason.LIVENESS_BUNDLE_INVALID: _never(UNFOUND),
        Reason.LIVENESS_BUNDLE_USED: _never(UNFOUND),
        Reason.FLASH_RESULT_INVALID: _never(UNFOUND),
        Reason.FLASH_RUN_USED: _never(UNFOUND),
        Reason.DATA_SOURCE_FAILED: _never(FAULT),
        Reason.PERSON_UNKNOWN: _never(UNFOUND),
        Reason.PERSON_NAME_DIFFERS: _never(UNFOUND),
        Reason.PERSON_PHOTO_UNUSABLE: _never(UNFOUND),
        Reason.PERSON_PHOTO_FACELESS: _never(UNFOUND),
        Reason.RECORD_UNKNOWN: _never(UNFOUND),
        Reason.CAPTURE_NOT_PASSED: _never(UNFOUND),
        Reason.IDEMPOTENCY_CONFLICT: _never(UNFOUND),
    }
)
"""The page's table: face and card."""


def told(row: WireError, refusal: Refusal) -> dict[str, object]:
    """Give the body of an error."""
    words = row.words.format(field=refusal.field or BOTH)
    return {"message": words, "status_code": row.status, "status_message": words}


def headers(row: WireError, refusal: Refusal) -> Headers:
    """Give the headers of an error; whoever called too often is told when to come back."""
    if row.status != CROWDED.status:
        return JSON + row.headers
    standing = refusal.findings
    wait_s = math.ceil(standing.resets_in_s) if isinstance(standing, Standing) else SOON_S
    return (*JSON, ("retry-after", str(max(wait_s, SOON_S))))


def render(row: WireError, refusal: Refusal, _context: Context) -> WireResponse:
    """Give the bytes of an error."""
    return WireResponse(row.status, headers(row, refusal), compact(told(row, refusal)))


def render_as_200(row: WireError, refusal: Refusal, context: Context) -> WireResponse:
    """Give the bytes of an error; the service's own go out with status 200, the gateway's as they are."""
    answer = render(row, refusal, context)
    return answer if row.at_gateway else replace(answer, status=200)


FAMILY: ErrorFamily[WireError] = ErrorFamily(ERRORS, render)
"""The errors of face and card."""

FAMILY_AS_200: ErrorFamily[WireError] = ErrorFamily(ERRORS, render_as_200)
"""The same for clients that read every answer as a success."""
