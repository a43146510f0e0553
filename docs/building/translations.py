"""Code in translated pages: taken from the English page, block by block, so that nobody copies it by hand."""

import re
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("zh", "th")
FENCE: Final = re.compile(
    r"^(?P<indent> *)```(?P<said>\S[^\n]*)\n(?P<code>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)


def refresh(docs: Path) -> None:
    """Put the English pages' code into all translations."""
    for language in LANGUAGES:
        for page in sorted(docs.rglob(f"*.{language}.md")):
            page.write_text(with_code_of(english(page), page.read_text(encoding="utf-8")), encoding="utf-8")


def english(page: Path) -> str:
    """The text of the page that this one translates."""
    return page.with_name(f"{page.name.split('.')[0]}.md").read_text(encoding="utf-8")


def with_code_of(original: str, translated: str) -> str:
    """The translation with the original's blocks of code in the place of its own; it must have as many."""
    blocks = [found.group(0) for found in FENCE.finditer(original)]
    pieces = FENCE.split(translated)
    assert len(pieces) == 4 * len(blocks) + 1, f"{len(blocks)} blocks in English, {len(pieces) // 4} in the translation"
    texts = pieces[::4]
    return "".join(text + block for text, block in zip(texts, [*blocks, ""], strict=True))
