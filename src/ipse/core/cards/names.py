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


def last_first_middle(name: str) -> dict[str, str]:
    """Give the parts of `"SURNAME, GIVEN NAMES, MIDDLE"` or `"SURNAME, GIVEN MIDDLE"`: Philippine."""
    parts = [part.strip() for part in re.split(r"[,，]", name) if part.strip()]
    if len(parts) < len(("last", "first")):
        return {}
    if len(parts) > len(("last", "first")):
        return _parts(last_name=parts[0], first_name=parts[1], middle_name=" ".join(parts[2:]))
    words = parts[1].split()
    if len(words) == 1:
        return _parts(last_name=parts[0], first_name=parts[1])
    return _parts(last_name=parts[0], first_name=" ".join(words[:-1]), middle_name=words[-1])


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
    "last_first_middle": last_first_middle,
    "surname_last": surname_last,
    "chinese": chinese,
}
"""Ways to split a name, by the word that layouts use."""


def _parts(**parts: str) -> dict[str, str]:
    """Give the parts that say something."""
    return {name: text.strip(" ,") for name, text in parts.items() if text.strip(" ,")}
