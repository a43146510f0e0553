"""Whether two prints say the same."""

import re
import unicodedata


def same(one: str, other: str) -> bool:
    """Tell whether two prints say the same: letters and digits alone count, and a date's day may be missing."""
    first, second = letters(one), letters(other)
    return first == second or first.replace("O", "0") == second.replace("O", "0")


def letters(text: str) -> str:
    """Give a text's letters, digits and marks of letters, in capitals, without accents on Latin letters."""
    folded = unicodedata.normalize("NFKD", text).upper()
    plain = "".join(one for one in folded if not "\u0300" <= one <= "\u036f")
    return re.sub(r"[^\w\u0e00-\u0e7f]", "", unicodedata.normalize("NFC", plain)).replace("_", "")
