"""The formats of zones: what stands where, and what each check digit covers."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Grammar: TypeAlias = Literal["letters", "digits", "mixed", "sex"]
"""What may stand in an element, fillers aside."""


@dataclass(frozen=True, slots=True)
class Span:
    """Letters of one line, from `start` to before `end`."""

    row: int
    start: int
    end: int

    def of(self, lines: tuple[str, ...]) -> str:
        """Give the letters that stand there."""
        return lines[self.row][self.start : self.end]


@dataclass(frozen=True, slots=True)
class CheckDigit:
    """
    A check digit.

    Attributes:
        name: The element that it covers, or `"composite"`.
        covers: What it covers, in this order.
        at: Where it stands.
        may_be_filler: Whether a filler may stand for it when all that it covers is fillers.
    """

    name: str
    covers: tuple[Span, ...]
    at: Span
    may_be_filler: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """
    A format.

    Attributes:
        name: `"TD3"`.
        rows: How many lines.
        length: Letters in each.
        elements: Where each element stands.
        check_digits: Its check digits.
        begins: The letters that its first line may begin with.
    """

    name: str
    rows: int
    length: int
    elements: dict[str, tuple[Span, Grammar]]
    check_digits: tuple[CheckDigit, ...]
    begins: str


def _single(name: str, span: Span, *, may_be_filler: bool = False) -> CheckDigit:
    """Give a check digit that stands right behind what it covers."""
    return CheckDigit(name, (span,), Span(span.row, span.end, span.end + 1), may_be_filler)


def _two_lines(name: str, length: int, optional_end: int, begins: str) -> Format:
    """Give a format of two lines: they differ in their length and in what follows the day of expiry."""
    is_visa = begins == "V"
    number, born, expires = Span(1, 0, 9), Span(1, 13, 19), Span(1, 21, 27)
    optional = Span(1, 28, optional_end)
    checks = [_single("document_number", number), _single("birth_date", born), _single("expiry_date", expires)]
    if length - optional_end > 1:
        checks.append(_single("personal_number", optional, may_be_filler=True))
    if not is_visa:
        covered = (Span(1, 0, 10), Span(1, 13, 20), Span(1, 21, length - 1))
        checks.append(CheckDigit("composite", covered, Span(1, length - 1, length)))
    return Format(
        name,
        2,
        length,
        {
            "document_code": (Span(0, 0, 2), "letters"),
            "issuing_country": (Span(0, 2, 5), "letters"),
            "names": (Span(0, 5, length), "letters"),
            "document_number": (number, "mixed"),
            "nationality": (Span(1, 10, 13), "letters"),
            "birth_date": (born, "digits"),
            "sex": (Span(1, 20, 21), "sex"),
            "expiry_date": (expires, "digits"),
            "optional_data" if is_visa else "personal_number": (optional, "mixed"),
        },
        tuple(checks),
        begins,
    )


def _three_lines() -> Format:
    """Give the format of cards."""
    number, born, expires = Span(0, 5, 14), Span(1, 0, 6), Span(1, 8, 14)
    covered = (Span(0, 5, 30), Span(1, 0, 7), Span(1, 8, 15), Span(1, 18, 29))
    return Format(
        "TD1",
        3,
        30,
        {
            "document_code": (Span(0, 0, 2), "mixed"),
            "issuing_country": (Span(0, 2, 5), "letters"),
            "document_number": (number, "mixed"),
            "personal_number": (Span(0, 15, 30), "mixed"),
            "birth_date": (born, "digits"),
            "sex": (Span(1, 7, 8), "sex"),
            "expiry_date": (expires, "digits"),
            "nationality": (Span(1, 15, 18), "letters"),
            "optional_data": (Span(1, 18, 29), "mixed"),
            "names": (Span(2, 0, 30), "letters"),
        },
        (
            _single("document_number", number),
            _single("birth_date", born),
            _single("expiry_date", expires),
            CheckDigit("composite", covered, Span(1, 29, 30)),
        ),
        "ACI",
    )


FORMATS: Final = (
    _two_lines("TD3", 44, 42, "P"),
    _two_lines("TD2", 36, 35, "ACIP"),
    _two_lines("MRVA", 44, 44, "V"),
    _two_lines("MRVB", 36, 36, "V"),
    _three_lines(),
)
"""Source: ICAO 9303, eighth edition, parts 4 (TD3), 5 (TD1), 6 (TD2) and 7 (visas), appendix B of each."""
