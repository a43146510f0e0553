"""Names in their parts."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from rapidfuzz.distance import Levenshtein


def by_comma(name: str) -> dict[str, str]:
    """Give the parts of `"SURNAME, Given"`; of a name without a comma nothing follows."""
    last, comma, first = name.partition(",")
    if not comma:
        return {}
    return _parts(last_name=last, first_name=first)


def filipino(name: str) -> dict[str, str]:
    """
    Give the parts of a Philippine name: given names, mother's family, own family.

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
    return _parts(last_name=last, first_name=first, middle_name=middle)


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


def patronymic(name: str) -> dict[str, str]:
    """Give a Malaysian or Singaporean name with its `A/L`, `A/P`, `S/O`, `D/O`, whose stroke reads as I or l."""
    return _parts(full_name=PATRONYMIC.sub(r" \1/\2 ", name))


PATRONYMIC: Final = re.compile(r"\s+(?:(?=A.[LP])|(?=[SD].O))([ASD])[/Il1|]([LPO])\s+")
"""Son or daughter of, between two names."""


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


def hong_kong(name: str) -> dict[str, str]:
    """Give the parts of `"CHAN, Tai Man"`, and the whole as the card spells it, whatever the reader made of blanks."""
    last, comma, first = re.sub(r"[，.、]", ",", name).partition(",")
    if not comma:
        return {}
    first = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", first)
    parts = _parts(last_name=last, first_name=first)
    return parts | {"full_name": ", ".join(parts.values())}


def hong_kong_local(name: str) -> dict[str, str]:
    """Give the parts of a Chinese name, and the whole without blanks."""
    return chinese(name) | {"full_name": "".join(name.split())}


def japanese(name: str) -> dict[str, str]:
    """Give the parts of `"田中 陽子"`; where no blank was read nothing follows."""
    words = name.split()
    return _parts(last_name=words[0], first_name=words[1]) if len(words) == len(("last", "first")) else {}


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

THAI_TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "น.ส.": ("น.ส.", "น.ส", "นส."),
    "นางสาว": ("นางสาว", "นางลาว"),
    "ด.ช.": ("ด.ช.", "ด.ช", "ดช."),
    "ด.ญ.": ("ด.ญ.", "ด.ญ", "ดญ."),
    "เด็กชาย": ("เด็กชาย", "เดกชาย"),
    "เด็กหญิง": ("เด็กหญิง", "เดกหญิง", "เด็กหญง", "เดกหญง"),
    "นาย": ("นาย",),
    "นาง": ("นาง",),
}
"""Titles of the register, and how they are read. Source: documents.md, section 1.3."""

_MISREAD: Final = 0.75
"""Share of a title's letters that may be wrong where three words stand: what the first of them is is known then."""

ENGLISH_TITLES: Final[Mapping[str, str]] = {"MR": "Mr.", "MRS": "Mrs.", "MISS": "Miss", "MS": "Ms.", "MASTER": "Master"}
"""Titles as Thai cards print them in English. Source: the same."""

_DOTTED: Final = re.compile(r"^([^\s.]{1,3}\.[^\s.]{1,3}\.)\s*")
"""What an abbreviated title looks like."""

_ENGLISH_TITLE: Final = re.compile(r"^\W*(MASTER|MISS|MRS|MR|MS)\b[.,]?\s*", re.IGNORECASE)


def thai(name: str) -> dict[str, str]:
    """Give the parts of `"นาย สมชาย ใจดี"`; where no blank was read between the names they stay together."""
    tight = re.sub(r"\s*\.\s*", ".", name).strip(" .,:-")
    title, rest = _thai_title(tight)
    first, _, last = rest.strip().partition(" ")
    return _parts(title=title, first_name=first if last else "", last_name=last, full_name=rest)


def _thai_title(name: str) -> tuple[str, str]:
    """Give the title and what stands behind it; there may be no blank between, or one in a wrong place."""
    words = name.split()
    has_three = len(words) == len(("title", "first", "last"))
    for title, spellings in THAI_TITLES.items():
        for spelling in spellings:
            rest = name.removeprefix(spelling)
            if rest == name or not rest.strip() or _is_mark(rest[0]):
                continue
            if rest[0] == " " or spelling.endswith(".") or not has_three:
                return title, rest
            if len(words[0]) > len(spelling) + 1:
                return title, f"{words[0].removeprefix(spelling)}{words[1]} {words[2]}"
    if dotted := _DOTTED.match(name):
        short = [one for one in THAI_TITLES if "." in one]
        return min(short, key=lambda one: Levenshtein.distance(dotted.group(1), one)), name[dotted.end() :]
    if not has_three:
        return "", name
    wrong, title = min((Levenshtein.distance(words[0], one) / max(len(words[0]), len(one)), one) for one in THAI_TITLES)
    return (title if wrong <= _MISREAD else ""), " ".join(words[1:])


def _is_mark(letter: str) -> bool:
    """Give whether a Thai letter cannot begin a word."""
    return "\u0e30" <= letter <= "\u0e3a" or "\u0e45" <= letter <= "\u0e4e"


def english_first(name: str) -> dict[str, str]:
    """Give title, given names and the sex that the title tells, of `"Mr. Somchai"`."""
    title, rest = _english_title(name)
    return _parts(title=title, first_name=rest, sex=SEX_OF_TITLES.get(title, ""))


def english(name: str) -> dict[str, str]:
    """Give the parts of `"Miss Kanokwan Boonmak"`."""
    title, rest = _english_title(name)
    return _parts(title=title, full_name=rest, sex=SEX_OF_TITLES.get(title, "")) | surname_last(rest)


SEX_OF_TITLES: Final[Mapping[str, str]] = {"Mr.": "M", "Master": "M", "Mrs.": "F", "Miss": "F", "Ms.": "F"}
"""Source: the words themselves."""


def _english_title(name: str) -> tuple[str, str]:
    """Give the title and what stands behind it."""
    match = _ENGLISH_TITLE.match(name)
    if match is None:
        return "", name
    return ENGLISH_TITLES[match.group(1).upper()], name[match.end() :]


SPLITS: Final[Mapping[str, Callable[[str], dict[str, str]]]] = {
    "comma": by_comma,
    "filipino": filipino,
    "patronymic": patronymic,
    "surname_last": surname_last,
    "chinese": chinese,
    "thai": thai,
    "english": english,
    "english_first": english_first,
    "hong_kong": hong_kong,
    "hong_kong_local": hong_kong_local,
    "japanese": japanese,
}
"""Ways to split a name, by the word that layouts use."""


def _parts(**parts: str) -> dict[str, str]:
    """Give the parts that say something."""
    return {name: " ".join(text.split()).strip(" ,") for name, text in parts.items() if text.strip(" ,")}
