"""The words of the console, in its languages: one file for each page, the same keys in each."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {"en": "English", "zh": "中文", "th": "ไทย", "id": "Bahasa Indonesia"}
)
"""The languages by their tags (BCP 47), each called as its own speakers call it."""

DEFAULT: Final = "en"


class Words:
    """
    The words of one language, asked for by page and key: `words("keys.title")`.

    A key that is not there is a `KeyError`: a test holds all languages complete.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = _read(language)

    def __call__(self, key: str, /, **filled: object) -> str:
        """Give a sentence, its `{names}` filled in."""
        return self._words[key].format(**filled)

    def has(self, key: str) -> bool:
        """Give whether there is a sentence for it: for words that come from elsewhere, such as reasons."""
        return key in self._words


def chosen(asked: str, remembered: str, accepted: str) -> str:
    """
    Give the language to answer in: as asked for, as remembered, else the first that the browser accepts.

    Args:
        asked: What the address says, or empty.
        remembered: What the cookie says, or empty.
        accepted: The header `Accept-Language`; its order counts, its weights do not.
    """
    for tag in (asked, remembered, *(one.partition(";")[0] for one in accepted.split(","))):
        language = tag.strip().partition("-")[0].lower()
        if language in LANGUAGES:
            return language
    return DEFAULT


@cache
def _read(language: str) -> Mapping[str, str]:
    """All words of a language, each under its page's name."""
    folder = resources.files("ipse.console") / "words" / language
    pages = sorted(folder.iterdir(), key=lambda page: page.name)
    return {
        f"{page.name.removesuffix('.json')}.{key}": sentence
        for page in pages
        for key, sentence in json.loads(page.read_text(encoding="utf-8")).items()
    }
