from pathlib import Path

from docs import cards_tables

PAGE = Path(__file__).parents[3] / "docs" / "cards.md"


def test_page_of_cards_is_not_stale() -> None:
    """The tables of docs/cards.md are those of the layouts and figures as they are now (`python docs/generate.py`)."""
    page = PAGE.read_text(encoding="utf-8")
    assert cards_tables.written(page) == page
