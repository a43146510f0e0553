"""The words of the console: complete in every language."""

import json
import re
from importlib import resources

import pytest

from ipse.console.words import LANGUAGES, chosen

FOLDER = resources.files("ipse.console") / "words"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words_with_the_same_gaps(language: str) -> None:
    """Pages, keys and the names in braces are those of English, and no sentence is empty."""

    def gaps(tag: str) -> dict[tuple[str, str], list[str]]:
        return {
            (page.name, key): sorted(re.findall(r"\{(\w+)\}", sentence)) if sentence.strip() else ["empty"]
            for page in (FOLDER / tag).iterdir()
            for key, sentence in json.loads(page.read_text(encoding="utf-8")).items()
        }

    assert gaps("en") == gaps(language)


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "told"),
    [
        ("th", "zh", "en", "th"),
        ("xx", "zh-Hans", "en", "zh"),
        ("", "", "fr-FR, id;q=0.8, en;q=0.5", "id"),
        ("", "", "", "en"),
    ],
)
def test_the_language_is_what_was_asked_for(asked: str, remembered: str, accepted: str, told: str) -> None:
    """What the address says wins over the cookie, that over the browser, and else it is English."""
    assert told == chosen(asked, remembered, accepted)
