"""When two spellings are the same name."""

import unicodedata
from typing import Final

DOTS: Final = frozenset("\u00b7\u0387\u2022\u2027\u2219\u22c5\u2e31\u30fb\u16eb\u2024.")
"""
What stands between the parts of a name: people type whichever dot their keyboard has.

Source: Unicode's confusables of U+00B7, and U+2022, U+30FB and the full stop that Chinese forms accept for it.
"""

_UNSEEN: Final = frozenset({"Cf", "Zs", "Cc"})
"""Unicode categories that nobody sees on paper: marks of direction and width, spaces, controls."""


def same_name(one: str, other: str) -> bool:
    """Give whether two spellings are the same name: width, case, spaces and middle dots do not count."""
    return _plain(one) == _plain(other)


def is_name(text: str) -> bool:
    """Give whether anything of a text counts as a name."""
    return _plain(text) != ""


def _plain(name: str) -> str:
    """
    Give what counts in a name.

    Source: NFKC and full case folding as in Unicode's NFKC_Casefold (Unicode 16, section 3.13, D147).
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(letter for letter in folded if letter not in DOTS and unicodedata.category(letter) not in _UNSEEN)
