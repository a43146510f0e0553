"""
iApp's card reading: one file (or two) -> command, what was read -> JSON.

Every member of an answer is a text that is empty where the card says nothing, but for the few that are numbers; keys
come in alphabetical order. Source: the vendor's card reading page and its clients, as `docs/protocols/iapp.md` tells.
"""

import base64
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final
from urllib.parse import parse_qs

from ipse.core.authenticity.check import CheckStatus
from ipse.core.cards.card import Side
from ipse.core.cards.reading import CardReading
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Box
from ipse.protocols.iapp.wire import FILES, JSON, MOST_FILE_BYTES, Wording, compact, is_file, match_told
from ipse.protocols.messages import Context, Part, WireRequest, WireResponse
from ipse.service.access import Caller
from ipse.service.read_thai_card import ReadThaiCardCommand, ReadThaiCardOutcome
from ipse.service.verify_faces import Picture

FILE: Final = "file"
"""Source: the vendor's card reading page."""

OPTIONS: Final = frozenset(
    {"not_crop_card", "not_rotate_card", "get_bbox", "get_image", "get_original", "id_check", "gray_check"}
)
"""Words of `options`; others are ignored, as an older client may know one that is gone. Source: the vendor's pages."""

TROUBLES: Final[Mapping[Reason, str]] = {
    Reason.CARD_NUMBER_WRONG: "PLEASE_VERIFY_ID_CARD_NUMBER",
    Reason.CARD_NUMBER_UNREADABLE: "CANNOT_READ_ID_CARD_NUMBER_CLEARLY",
}
"""What stands as `error_message` of a card that was read all the same."""

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
THAI_MONTHS: Final = (
    *("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย."),
    *("ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."),
)
BUDDHIST_YEARS: Final = 543
"""Years that the Buddhist calendar is ahead since 1941. Source: `documents.md`, section 5."""

BBOX: Final = ("xmin", "ymin", "xmax", "ymax")
"""Source: the vendor's face detection; its card reading has an option for rectangles and no sample of them."""

LIFELONG: Final = ("LIFELONG", "ตลอดชีพ")
"""What stands for a day of expiry that never comes. Source: as the card prints it."""

MALE: Final = frozenset({"นาย", "ด.ช.", "เด็กชาย", "Mr.", "Master"})
FEMALE: Final = frozenset({"นาง", "น.ส.", "นางสาว", "ด.ญ.", "เด็กหญิง", "Mrs.", "Miss", "Ms."})
"""Titles, from which the vendor tells the sex."""

PARTS: Final[Mapping[str, str]] = {
    "house_no": "address_house",
    "village_no": "address_village",
    "village": "address_place",
    "lane": "address_lane",
    "alley": "address_alley",
    "road": "address_road",
    "sub_district": "address_subdistrict",
    "district": "address_district",
    "province": "address_province",
    "postal_code": "postal_code",
}
"""Parts of the address, and our names for them."""


def decoder(side: Side, *, with_selfie: bool) -> Callable[[WireRequest, Caller], ReadThaiCardCommand]:
    """
    Give what turns a request into a command.

    Args:
        side: Which side the route reads.
        with_selfie: Whether the route may have a second file, with the holder.
    """

    def decode(request: WireRequest, _caller: Caller) -> ReadThaiCardCommand:
        picture, *more = _files(request, with_selfie=with_selfie)
        options = _words(request, "options") & OPTIONS
        return ReadThaiCardCommand(
            picture=picture,
            side=side,
            selfie=more[0] if more and side is Side.FRONT else None,
            number_must_fit="id_check" in options,
            colours_must_be="gray_check" in options,
            options=options,
            only=_words(request, "fields"),
        )

    return decode


def _files(request: WireRequest, *, with_selfie: bool) -> list[Picture]:
    """
    Give the files: `file`, else `file0` and perhaps `file1`, else the only one there is.

    Raises:
        Refusal: In this order: `FILE_TOO_LARGE`, `FILE_MISSING` for none or an empty one, `FILES_MANY`.
    """
    parts = [part for part in request.parts if part.name in {FILE, *FILES} or is_file(part)]
    for part in parts:
        if len(part.content) > MOST_FILE_BYTES:
            raise Refusal(Reason.FILE_TOO_LARGE, part.name)
    named = {part.name: part for part in parts}
    if len(named) < len(parts) or len(parts) > (2 if with_selfie else 1):
        raise Refusal(Reason.FILES_MANY, parts[-1].name)
    order = [name for name in (FILE, *FILES, *named) if name in named]
    if not order:
        raise Refusal(Reason.FILE_MISSING, FILE)
    return [_picture(named[name]) for name in dict.fromkeys(order)]


def _picture(part: Part) -> Picture:
    """Give a part's picture."""
    if not part.filename or not part.content:
        raise Refusal(Reason.FILE_MISSING, part.name)
    return Picture(part.name, part.content)


def _words(request: WireRequest, name: str) -> frozenset[str]:
    """Give the words of a list with commas, in the form or in the query."""
    part = request.part(name)
    asked = parse_qs(request.head.query.decode("latin-1")).get(name, [""])
    text = part.content.decode("utf-8", "replace") if part is not None else asked[-1]
    return frozenset(word.strip() for word in text.split(",") if word.strip())


def encoder(wording: Wording) -> Callable[[ReadThaiCardOutcome, Context], WireResponse]:
    """Give what turns an outcome into an answer."""

    def encode(outcome: ReadThaiCardOutcome, context: Context) -> WireResponse:
        command = outcome.command
        body = _front(outcome) if command.side is Side.FRONT else _back(outcome)
        body |= {"detection_score": round(outcome.card.certainty, 4), "error_message": _trouble(outcome)}
        body |= _pictures(outcome)
        if command.only:
            body = {name: value for name, value in body.items() if name in command.only}
        body["process_time"] = round(context.elapsed_ms() / 1000, 3)
        if outcome.match is not None:
            body |= match_told(outcome.match, context, wording)
        return WireResponse(200, JSON, compact(dict(sorted(body.items()))))

    return encode


def _trouble(outcome: ReadThaiCardOutcome) -> str:
    """Give `error_message` of a card that was read."""
    return "" if outcome.number_trouble is None else TROUBLES[outcome.number_trouble]


def _front(outcome: ReadThaiCardOutcome) -> dict[str, object]:
    """Give the members of a front."""
    card = outcome.card
    body: dict[str, object] = {
        "id_number": _letters(card.printed("id_number")),
        "id_number_status": int(_is_right(card)),
        "gender": _gender(card),
        "religion": card.value("religion"),
        "address": card.value("address"),
        "home_address": _home(card),
        "face": "" if outcome.portrait is None else base64.b64encode(outcome.portrait).decode(),
        **{name: card.value(ours) for name, ours in PARTS.items()},
    }
    return body | _names(card) | _dates(card)


def _home(card: CardReading) -> str:
    """Give house and village number, the latter as Thai addresses write it."""
    house, village = (card.value(PARTS[one]) for one in ("house_no", "village_no"))
    return " ".join(filter(None, (house, village and f"หมู่ที่ {village}")))


def _names(card: CardReading) -> dict[str, object]:
    """Give the names in both scripts; a whole name begins with its title."""
    names: dict[str, object] = {}
    for prefix, suffix in (("th", "_local"), ("en", "")):
        title, first, last = (card.value(f"{one}{suffix}") for one in ("title", "first_name", "last_name"))
        names |= {f"{prefix}_init": title, f"{prefix}_fname": first, f"{prefix}_lname": last}
        names[f"{prefix}_name"] = " ".join(filter(None, (title, first, last)))
    return names


def _dates(card: CardReading) -> dict[str, object]:
    """Give the dates in both calendars; where only one of two was read it stands for both."""
    dates: dict[str, object] = {}
    for wire, ours in (("dob", "birth_date"), ("issue", "issue_date"), ("expire", "expiry_date")):
        english, thai = card.value(ours), card.value(f"{ours}_local")
        dates[f"en_{wire}"] = _written(english or thai, MONTHS, 0)
        dates[f"th_{wire}"] = _written(thai or english, THAI_MONTHS, BUDDHIST_YEARS)
    if card.value("is_lifelong") == "true":
        dates |= {"en_expire": LIFELONG[0], "th_expire": LIFELONG[1]}
    return dates


def _written(value: str, months: tuple[str, ...], ahead: int) -> str:
    """Give a date as day, month and year; what is not known of it is left out."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        year, _, month = value.partition("-")
        if not year.isdigit():
            return ""
        said = f"{months[int(month) - 1]} " if month.isdigit() and 0 < int(month) <= len(months) else ""
        return f"{said}{int(year) + ahead}"
    return f"{day.day} {months[day.month - 1]} {day.year + ahead}"


def _gender(card: CardReading) -> str:
    """Give the sex in the vendor's words, from the title where the card prints none."""
    titles = {card.value("title"), card.value("title_local")}
    is_male = card.value("sex") == "M" or bool(titles & MALE)
    is_female = card.value("sex") == "F" or bool(titles & FEMALE)
    return "" if is_male == is_female else "Male" if is_male else "Female"


def _is_right(card: CardReading) -> bool:
    """Tell whether the number keeps its check digit."""
    return any(one.name == "id_number_check_digit" and one.status is CheckStatus.PASSED for one in card.checks)


def _back(outcome: ReadThaiCardOutcome) -> dict[str, object]:
    """Give the members of a back."""
    return {"back_number": _letters(outcome.card.value("laser_number"))}


def _letters(text: str) -> str:
    """Give a number without what groups its letters and digits."""
    return "".join(one for one in text if one.isalnum())


def _pictures(outcome: ReadThaiCardOutcome) -> dict[str, object]:
    """Give what the options ask for beside the fields; the names of these members are ours."""
    more: dict[str, object] = {}
    options = outcome.command.options
    if "get_bbox" in options:
        more["bbox"] = {field.name: _bbox(field.box) for field in outcome.card.fields.values()}
    if "get_image" in options and outcome.view is not None:
        flat = outcome.command.picture.content if "not_crop_card" in options else outcome.view
        more["image"] = base64.b64encode(flat).decode()
    if "get_original" in options:
        more["original"] = base64.b64encode(outcome.command.picture.content).decode()
    return more


def _bbox(box: Box) -> dict[str, int]:
    """Give a rectangle as the vendor's face detection tells them, in pixels of the picture as sent."""
    return {name: round(edge) for name, edge in zip(BBOX, (box.x1, box.y1, box.x2, box.y2), strict=True)}
