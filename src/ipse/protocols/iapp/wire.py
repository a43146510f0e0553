"""
iApp's wire: two files -> command, outcome -> JSON. All of the vendor's spelling begins and ends here.

Keys come in alphabetical order, as in the page's sample, and booleans as strings.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.iapp import scale
from ipse.protocols.messages import Context, Headers, Part, WireRequest, WireResponse
from ipse.service.access import Caller
from ipse.service.match_holder import MatchHolderCommand, MatchHolderOutcome, Roles
from ipse.service.match_holder import Part as Comparison
from ipse.service.verify_faces import Picture

JSON: Headers = (("content-type", "application/json"),)
"""Source: clients parse JSON; the exact header was not recorded."""

FILES = ("file0", "file1")
"""Source: the page, request parameters."""

MOST_FILE_BYTES = 10 * 1_048_576
"""Source: the page, at most 10 MB a picture; 1 MB is read as 1,048,576 bytes."""

FileOrder: TypeAlias = Literal["auto", "selfie_first", "card_first"]
"""Which of the two files is the card: the one that shows it, or always the same."""

ROLES: dict[FileOrder, Roles] = {"auto": "auto", "selfie_first": "first_is_selfie", "card_first": "first_is_card"}


@dataclass(frozen=True, slots=True)
class Wording:
    """
    What is left to the operator.

    Attributes:
        file_order: Who decides which file is the card.
        threshold: The confidence from which a part is the same person.
        errors_as_200: Whether the service's own errors go out with status 200.
        card_errors: Whose numbers the page's routes that read cards answer with: the page's, or the reading family's.
    """

    file_order: FileOrder = "auto"
    threshold: float = 50.0
    errors_as_200: bool = False
    card_errors: Literal["page", "ocr"] = "page"


def decoder(wording: Wording) -> Callable[[WireRequest, Caller], MatchHolderCommand]:
    """Give what turns a request into a command."""

    def decode(request: WireRequest, _caller: Caller) -> MatchHolderCommand:
        pictures = tuple(Picture(name, content) for name, content in zip(FILES, _files(request), strict=True))
        return MatchHolderCommand(pictures, roles=ROLES[wording.file_order])

    return decode


def _files(request: WireRequest) -> list[bytes]:
    """
    Give the contents of both files.

    Raises:
        Refusal: In this order: `FILE_TOO_LARGE` for any file, `ARGUMENT_MISSING` naming all that are, `FILES_MANY`,
            `FILE_MISSING` or `FILE_EMPTY`.
    """
    for part in request.parts:
        if (part.name in FILES or is_file(part)) and len(part.content) > MOST_FILE_BYTES:
            raise Refusal(Reason.FILE_TOO_LARGE, part.name)
    parts = [request.part(name) for name in FILES]
    missing = [name for name, part in zip(FILES, parts, strict=True) if part is None]
    if missing:
        raise Refusal(Reason.ARGUMENT_MISSING, ", ".join(missing))
    _refuse_others(request)
    return [_content(name, part) for name, part in zip(FILES, parts, strict=True) if part is not None]


def _refuse_others(request: WireRequest) -> None:
    """Refuse a third file and a name used twice; a file input left empty was not sent, other text is nobody's."""
    names = [part.name for part in request.parts if part.name in FILES or is_file(part)]
    for name in names:
        if name not in FILES or names.count(name) > 1:
            raise Refusal(Reason.FILES_MANY, name)


def is_file(part: Part) -> bool:
    """Tell whether a part is a file: it has a file name, or at least something in it behind an empty one."""
    return bool(part.filename) or (part.filename is not None and bool(part.content))


def _content(name: str, part: Part) -> bytes:
    """Give the bytes of a part that must be a file."""
    if not part.filename:
        raise Refusal(Reason.FILE_MISSING, name)
    if not part.content:
        raise Refusal(Reason.FILE_EMPTY, name)
    return part.content


def encoder(wording: Wording) -> Callable[[MatchHolderOutcome, Context], WireResponse]:
    """Give what turns an outcome into an answer."""
    return lambda outcome, context: WireResponse(200, JSON, compact(match_told(outcome, context, wording)))


def match_told(outcome: MatchHolderOutcome, context: Context, wording: Wording) -> dict[str, object]:
    """Give the members that tell how alike holder and card are."""
    parts = {"idcard": _part(outcome.idcard, outcome, wording), "selfie": _part(outcome.selfie, outcome, wording)}
    mean = scale.printed(sum(shown for shown, _ in parts.values()) / len(parts), wording.threshold)
    together = mean, all(same for _, same in parts.values())
    answer: dict[str, object] = {name: _told(*part) for name, part in parts.items()}
    return answer | {"time_process": round(context.elapsed_ms() / 1000, scale.DECIMALS), "total": _told(*together)}


def _part(part: Comparison, outcome: MatchHolderOutcome, wording: Wording) -> tuple[float, bool]:
    """Give the confidence of one comparison as printed, and whether it is the same person's."""
    value = scale.confidence(part.false_match_rate, outcome.lowest_rate)
    return scale.printed(value, wording.threshold), scale.reaches(value, wording.threshold)


def _told(confidence: float, same_person: bool) -> dict[str, object]:  # noqa: FBT001 - a verdict, no option
    """Give a part as the vendor tells it; the boolean is a string."""
    return {"confidence": confidence, "isSamePerson": "true" if same_person else "false"}


def compact(answer: dict[str, object]) -> bytes:
    """Give JSON without spaces."""
    return json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode()
