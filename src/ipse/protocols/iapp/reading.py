"""
The errors of iApp's card reading family: its own codes, where face and card have the page's words.

420, 421 and 422 mean other things here than there. The routes of the page that read cards answer both: the page's body
with the code as `error_message`; the plain reading routes answer the code alone.

Cards are not read yet: whoever is let in is told that the server is busy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.iapp.errors import ERRORS, NEVER, WireError, headers, told
from ipse.protocols.iapp.wire import compact
from ipse.protocols.messages import Context, ErrorFamily, WireResponse


@dataclass(frozen=True, slots=True)
class CodedError:
    """One row: as the page's, and the reading family's code; the gateway has none."""

    error: WireError
    code: str = ""

    @property
    def source(self) -> str:
        """Where it is documented."""
        return self.error.source


TABLE = "the reading family's error codes"
BUSY = CodedError(
    WireError(427, "server is busy.", f"{TABLE}; 427 rather than 428 is a guess of the table's readers"),
    "SERVER_IS_BUSY",
)
EMPTY = CodedError(
    WireError(461, "no file attached.", f"{TABLE}; for a body that cannot be read: ours"), "NO_FILE_ATTACHED"
)
LARGE = CodedError(ERRORS[Reason.BODY_TOO_LARGE], "FILE_IS_TOO_LARGE")

AT_GATEWAY = (
    Reason.OPERATION_UNKNOWN,
    Reason.METHOD_DENIED,
    Reason.CREDENTIALS_MISSING,
    Reason.CREDENTIALS_INVALID,
    Reason.KEY_DISABLED,
    Reason.KEY_EXPIRED,
    Reason.KEY_SUSPENDED,
    Reason.OPERATION_DENIED,
    Reason.QUOTA_SPENT,
    Reason.CREDIT_SPENT,
    Reason.RATE_EXCEEDED,
    Reason.CONCURRENCY_EXCEEDED,
    Reason.BUSY,
    Reason.INTERNAL,
)
"""What is decided before the service is asked, or when it has fallen over: the same words as for face and card."""

CODES: Mapping[Reason, CodedError] = MappingProxyType(
    {
        **{reason: CodedError(WireError(BUSY.error.status, BUSY.error.words, NEVER), BUSY.code) for reason in Reason},
        **{reason: CodedError(ERRORS[reason]) for reason in AT_GATEWAY},
        Reason.BODY_TOO_LARGE: LARGE,
        Reason.BODY_MALFORMED: EMPTY,
        Reason.NOT_OPEN: BUSY,
    }
)
"""The reading family's table."""


def render_both(row: CodedError, refusal: Refusal, _context: Context) -> WireResponse:
    """Give the page's body, with the code if there is one."""
    body = told(row.error, refusal)
    if row.code:
        body = {"error_message": row.code, **body}
    return WireResponse(row.error.status, headers(row.error, refusal), compact(body))


def render_code(row: CodedError, refusal: Refusal, context: Context) -> WireResponse:
    """Give the code alone, or what the gateway says."""
    if not row.code:
        return render_both(row, refusal, context)
    return WireResponse(row.error.status, headers(row.error, refusal), compact({"error_message": row.code}))


FAMILY_KYC: ErrorFamily[CodedError] = ErrorFamily(CODES, render_both)
"""The errors of the page's routes that read cards."""

FAMILY_READING: ErrorFamily[CodedError] = ErrorFamily(CODES, render_code)
"""The errors of the plain reading routes."""
