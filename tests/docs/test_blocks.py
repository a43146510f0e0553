"""What pages show is run, or it says why not."""

from pathlib import Path

import markdown  # type: ignore[import-untyped]  # It comes with MkDocs, without types.
import pytest

from tests.docs.blocks import ROOT, blocks_of, pages


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
