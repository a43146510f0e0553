"""The nearest of a closed set of values to a text that was read with errors."""

from collections.abc import Mapping, Sequence
from typing import Final

from ipse.core.cards.matching import Hit, find, fold, plain

SEX: Final[Mapping[str, Sequence[str]]] = {
    "M": ("MALE", "LAKI-LAKI", "LAKI LAKI", "LELAKI", "LALAKI", "PRIA", "ชาย", "男", "M", "L"),
    "F": ("FEMALE", "PEREMPUAN", "WANITA", "BABAE", "หญิง", "女", "F", "P"),
    "X": ("X",),
}
"""Sex in the languages of the cards. Source: documents.md, section 5; L and P stand for the Malay words."""


def nearest(text: str, choices: Mapping[str, Sequence[str]]) -> tuple[str, int, int, float] | None:
    """Give the value whose spelling is nearest to a part of the text, where that stands, and how near, 0 to 1."""
    line = fold(text)
    hits: list[tuple[Hit, str]] = [
        (hit, value) for value, spellings in choices.items() for one in spellings for hit in find(plain(one), line)
    ]
    if not hits:
        return None
    hit, value = max(hits, key=lambda one: (one[0].weight, -one[0].start))
    return value, hit.start, hit.end, hit.quality
