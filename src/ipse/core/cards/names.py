"""Names in their parts."""

import re
from collections.abc import Callable, Mapping
from typing import Final


def by_comma(name: str) -> dict[str, str]:
    """Give the parts of `"SURNAME, Given"`; of a name without a comma nothing follows."""
    last, comma, first = name.partition(",")
    if not comma:
        return {}
    return _parts(last_name=last, first_name=first)


def filipino(name: str) -> dict[str, str]:
    """
    Give the parts of a Philippine name, and the whole as it is spoken: given names, mother's family, own family.

    `"CRUZ, ANA, REYES"`, `"CRUZ, ANA REYES"` and `"ANA REYES CRUZ"` are the same.
    """
    parts = [part for part in re.split(r"\s*[,，]\s*", name.strip(" ,")) if part]
    if len(parts) > len(("last", "first")):
        last, first, middle = parts[0], parts[1], " ".join(parts[2:])
    elif len(parts) > 1:
        last = parts[0]
        first, middle = _off_the_end(parts[1])
    else:
        rest, last = _off_the_end(name)
        first, middle = _off_the_end(rest)
    return _parts(last_name=last, first_name=first, middle_name=middle, full_name=f"{first} {middle} {last}")


def _off_the_end(words: str) -> tuple[str, str]:
    """Give a name without its last family name, and that, with its particles; a single word is no family name."""
    split = words.split()
    at = len(split) - 1
    while at > 1 and split[at - 1].upper().rstrip(".") in PARTICLES:
        at -= 1
    return (" ".join(split[:at]), " ".join(split[at:])) if at > 0 else (words, "")


PARTICLES: Final = frozenset(
    {"DE", "DELA", "DEL", "LA", "LOS", "LAS", "DELOS", "DELAS", "SAN", "STA", "STO", "SANTA", "Y"}
)
"""What belongs to the family name behind it. Source: Spanish names of the decree of 1849."""


def surname_last(name: str) -> dict[str, str]:
    """Give the parts of `"Given Names Surname"`; a single word is a given name."""
    words = name.split()
    if len(words) < len(("first", "last")):
        return _parts(first_name=name)
    return _parts(first_name=" ".join(words[:-1]), last_name=words[-1])


def chinese(name: str) -> dict[str, str]:
    """Give the parts of a Chinese name: two characters of surname where it is one of the common double ones."""
    bare = "".join(name.split())
    size = 2 if bare[:2] in DOUBLE_SURNAMES and len(bare) > len("歐陽") else 1
    return _parts(last_name=bare[:size], first_name=bare[size:])


DOUBLE_SURNAMES: Final = frozenset(
    [
        *(
            "歐陽",
            "欧阳",
            "司馬",
            "司马",
            "上官",
            "諸葛",
            "诸葛",
            "司徒",
            "東方",
            "东方",
            "皇甫",
            "尉遲",
            "尉迟",
            "公孫",
        ),
        *("公孙", "軒轅", "轩辕", "令狐", "宇文", "長孫", "长孙", "慕容", "夏侯", "張簡", "范姜"),
    ]
)
"""Surnames of two characters. Source: the Hundred Family Surnames, and Taiwan's own two."""

SPLITS: Final[Mapping[str, Callable[[str], dict[str, str]]]] = {
    "comma": by_comma,
    "filipino": filipino,
    "surname_last": surname_last,
    "chinese": chinese,
}
"""Ways to split a name, by the word that layouts use."""


def _parts(**parts: str) -> dict[str, str]:
    """Give the parts that say something."""
    return {name: " ".join(text.split()).strip(" ,") for name, text in parts.items() if text.strip(" ,")}
