"""Whoever does what a page says gets what it promises."""

from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, blocks_of, pages
from tests.docs.reader import Reader

PLAYED = [page for page in pages() if any(block.is_run for block in blocks_of(page))]


@pytest.mark.parametrize("page", PLAYED, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_of_a_page_does_what_the_page_says(page: Path, reader: Reader) -> None:
    """All blocks of a page, in their order, against a server of the page's own."""
    for block in blocks_of(page):
        try:
            reader.play(block)
        except AssertionError as error:
            raise AssertionError(f"{page.relative_to(ROOT)}:{block.line}: {error}") from error
