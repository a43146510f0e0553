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
