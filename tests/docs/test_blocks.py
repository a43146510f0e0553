"""What pages show is run, or it says why not; and translations show the same."""

from pathlib import Path

import markdown  # type: ignore[import-untyped]  # It comes with MkDocs, without types.
import pytest
from docs.building.translations import LANGUAGES, english, with_code_of

from tests.docs.blocks import ROOT, blocks_of, is_translation, pages

TRANSLATIONS = [page for page in (ROOT / "docs").rglob("*.md") if is_translation(page)]
TRANSLATED = ("index", "start", *(f"vendors/{name}" for name in ("index", "megvii", "iapp", "linkface", "tencent")))


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_is_run_or_says_why_not(page: Path) -> None:
    """A fenced block is run, written to a file, compared with an answer, or has a reason in the comment above it."""
    assert [block.line for block in blocks_of(page) if not block.is_explained] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_code_stands_in_fences(page: Path) -> None:
    """No code is hidden from the runner by indentation alone."""
    text = page.read_text(encoding="utf-8")
    rendered = markdown.markdown(text, extensions=["tables", "admonition", "pymdownx.superfences", "pymdownx.tabbed"])
    assert len(blocks_of(page)) == rendered.count("<pre")


@pytest.mark.parametrize("page", TRANSLATIONS, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_translation_shows_the_same_code(page: Path) -> None:
    """Blocks of a translated page are those of the English one, which are run; `make docs` takes them over."""
    text = page.read_text(encoding="utf-8")
    assert text == with_code_of(english(page), text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TRANSLATED)
def test_what_a_newcomer_reads_is_there_in_their_language(name: str, language: str) -> None:
    """The first pages and those of the vendors exist in Chinese and Thai."""
    assert (ROOT / "docs" / f"{name}.{language}.md").exists()
