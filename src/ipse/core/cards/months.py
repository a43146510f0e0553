"""The months in the languages of the cards."""

from typing import Final

_ENGLISH: Final = "january february march april may june july august september october november december"
_INDONESIAN: Final = "januari februari maret april mei juni juli agustus september oktober november desember"
_MALAY: Final = "januari februari mac april mei jun julai ogos september oktober november disember"
_FILIPINO: Final = "enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre"
_SHORT: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
_SHORT_MALAY: Final = "jan feb mac apr mei jun jul ogo sep okt nov dis"
_SHORT_INDONESIAN: Final = "jan feb mar apr mei jun jul agu sep okt nov des"
_THAI: Final = "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม"
_SHORT_THAI: Final = "มค กพ มีค เมย พค มิย กค สค กย ตค พย ธค"

MONTHS: Final = {
    name: number
    for row in (
        _ENGLISH,
        _INDONESIAN,
        _MALAY,
        _FILIPINO,
        _SHORT,
        _SHORT_MALAY,
        _SHORT_INDONESIAN,
        _THAI,
        _SHORT_THAI,
        "- - - - - - - - sept - - -",
    )
    for number, name in enumerate(row.split(), 1)
    if name != "-"
}
"""Number of a month by its name or abbreviation, without full stops."""

_FIRST_THAI: Final = {
    **dict.fromkeys("กถภฤ", "ก"),
    **dict.fromkeys("มนฆ", "ม"),
    **dict.fromkeys("สลศ", "ส"),
    **dict.fromkeys("ตดค", "ต"),
    **dict.fromkeys("ธรฮ", "ธ"),
    **dict.fromkeys("พฟผฝ", "พ"),
    **dict.fromkeys("เแ", "เ"),
}
_LAST_THAI: Final = {**dict.fromkeys("คดตศ", "ค"), **dict.fromkeys("ยบปษ", "ย"), **dict.fromkeys("พฟผฝ", "พ")}
"""
Letters that are taken for each other at either end of a month's abbreviation, and the one that can stand there.

Source: their shapes; each differs in one loop or one stroke.
"""


def thai_month(letters: str) -> int | None:
    """Give the month of a Thai abbreviation without its full stops, marks lost and letters misread or not."""
    bare = "".join(one for one in letters if "\u0e01" <= one <= "\u0e2e" or one in "เแ")
    if not len("มค") <= len(bare) <= len("เมย"):
        return None
    first, last = _FIRST_THAI.get(bare[0], ""), _LAST_THAI.get(bare[-1], "")
    has_mark = any(mark in letters for mark in "\u0e34\u0e35\u0e36\u0e37\u0e31\u0e4d")
    if first == "ม" and has_mark:
        return {"ค": 3, "ย": 6}.get(last)
    return {**{name[0] + name[-1]: at for name, at in MONTHS.items() if name in _SHORT_THAI}, "มค": 1, "มย": 6}.get(
        first + last
    )
