"""
The errors of iApp's card reading family: its own codes, where face and card have the page's words.

420, 421 and 422 mean other things here than there, and the back has numbers of its own. The plain reading routes answer
the code alone with the family's number; the page's routes that read cards answer the page's number and words with the
code as `error_message`, or, by a setting, as the plain routes do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from ipse.core.cards.card import Side
from ipse.core.reasons import Reason, Refusal
from ipse.protocols.iapp.errors import ERRORS, NEVER, WireError, headers, told
from ipse.protocols.iapp.wire import compact
from ipse.protocols.messages import Context, ErrorFamily, WireResponse

Style: TypeAlias = Literal["page", "ocr"]
"""Whose numbers the page's routes that read cards answer with."""


@dataclass(frozen=True, slots=True)
class CodedError:
    """
    One row.

    Attributes:
        error: What the page's routes answer.
        code: The reading family's code; what the gateway says has none.
        numbers: The family's HTTP status for a front and for a back.
    """

    error: WireError
    code: str = ""
    numbers: tuple[int, int] = (0, 0)

    @property
    def source(self) -> str:
        """Where it is documented."""
        return self.error.source


TABLE: Final = "the reading family's error codes"
PAGED: Final = f"{TABLE}; the page's nearest words"


def _row(reason: Reason, code: str, front: int, back: int, source: str = TABLE) -> CodedError:
    """Give a row whose page's words are those of a reason."""
    error = ERRORS[reason]
    return CodedError(WireError(error.status, error.words, source, error.headers), code, (front, back))


BUSY = CodedError(
    WireError(427, "server is busy.", f"{TABLE}; 427 rather than 428 is a guess of the table's readers"),
    "SERVER_IS_BUSY",
    (427, 427),
)
EMPTY = _row(Reason.FILE_MISSING, "NO_FILE_ATTACHED", 461, 461)
LARGE = _row(Reason.FILE_TOO_LARGE, "FILE_IS_TOO_LARGE", 413, 413)
FORMAT = _row(Reason.IMAGE_UNRECOGNISED, "IMAGE_ERROR_UNSUPPORTED_FORMAT", 421, 431)
DENIED_FORMAT = _row(Reason.IMAGE_FORMAT_DENIED, "IMAGE_ERROR_UNSUPPORTED_FORMAT", 421, 431)
SIZE = _row(Reason.IMAGE_TOO_SMALL, "INVALID_IMAGE_SIZE", 422, 432)
CARDLESS = _row(Reason.CARD_MISSING, "NO_ID_CARD_FOUND", 420, 430)
WRONG = _row(Reason.CARD_MISSING, "PLEASE_VERIFY_ID_CARD_NUMBER", 424, 434, PAGED)
UNCLEAR = _row(Reason.CARD_MISSING, "CANNOT_READ_ID_CARD_NUMBER_CLEARLY", 425, 435, PAGED)
UNCLEAR_LASER: Final = "CANNOT_READ_LASER_NUMBER_CLEARLY"
LASERLESS = _row(Reason.CARD_MISSING, "LASER_NUMBER_NOT_FOUND", 434, 434, PAGED)
GREY = _row(Reason.IMAGE_UNRECOGNISED, "IMAGE_ERROR_UNSUPPORTED_BLACK_WHITE_IMAGE", 426, 436, PAGED)
MANY = CodedError(ERRORS[Reason.FILES_MANY])
FACELESS = CodedError(ERRORS[Reason.FACE_MISSING])

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

NEVER_ROW = CodedError(WireError(BUSY.error.status, BUSY.error.words, NEVER), BUSY.code, BUSY.numbers)

CODES: Mapping[Reason, CodedError] = MappingProxyType(
    {
        **dict.fromkeys(Reason, NEVER_ROW),
        **{reason: CodedError(ERRORS[reason]) for reason in AT_GATEWAY},
        Reason.BODY_TOO_LARGE: LARGE,
        Reason.BODY_MALFORMED: EMPTY,
        Reason.NOT_OPEN: BUSY,
        Reason.FILE_TOO_LARGE: LARGE,
        Reason.FILE_MISSING: EMPTY,
        Reason.FILES_MANY: MANY,
        Reason.IMAGE_FORMAT_DENIED: DENIED_FORMAT,
        Reason.IMAGE_UNRECOGNISED: FORMAT,
        Reason.IMAGE_TRUNCATED: FORMAT,
        Reason.IMAGE_CORRUPT: FORMAT,
        Reason.IMAGE_TOO_COMPLEX: FORMAT,
        Reason.IMAGE_TOO_LARGE: SIZE,
        Reason.IMAGE_TOO_SMALL: SIZE,
        Reason.CARD_MISSING: CARDLESS,
        Reason.CARD_NUMBER_WRONG: WRONG,
        Reason.CARD_NUMBER_UNREADABLE: UNCLEAR,
        Reason.CARD_NUMBER_MISSING: LASERLESS,
        Reason.IMAGE_GREY: GREY,
        Reason.FACE_MISSING: FACELESS,
        Reason.HOLDER_MISSING: FACELESS,
        Reason.FACES_MANY: FACELESS,
    }
)
"""The reading family's table."""


def family(side: Side, style: Style) -> ErrorFamily[CodedError]:
    """Give the errors of the routes that read a side, in one of both styles."""

    def render(row: CodedError, refusal: Refusal, context: Context) -> WireResponse:
        """Give the bytes of an error."""
        code = _code(row, refusal, side)
        if not code:
            return WireResponse(row.error.status, headers(row.error, refusal), compact(told(row.error, refusal)))
        body: dict[str, object] = {"error_message": code}
        if refusal.reason is Reason.CARD_MISSING:
            elapsed_s = round(context.elapsed_ms() / 1000, 3)
            score = refusal.findings if isinstance(refusal.findings, float) else 0.0
            body = {"detection_score": round(score, 4), **body, "process_time": elapsed_s}
        if style == "page":
            status, body = row.error.status, {**body, **told(row.error, refusal)}
        else:
            status = row.numbers[list(Side).index(side)]
        return WireResponse(status, headers(row.error, refusal), compact(body))

    return ErrorFamily(CODES, render)


def _code(row: CodedError, refusal: Refusal, side: Side) -> str:
    """Give the code: of a number that cannot be read, the back's is another."""
    is_laser = side is Side.BACK and refusal.reason is Reason.CARD_NUMBER_UNREADABLE
    return UNCLEAR_LASER if is_laser else row.code
