from pathlib import Path

from docs import liveness_tables

PAGE = Path(__file__).parents[3] / "docs" / "liveness.md"


def test_page_of_liveness_is_not_stale() -> None:
    """The table of docs/liveness.md is that of the manifest as it is now (`python docs/generate.py`)."""
    page = PAGE.read_text(encoding="utf-8")
    assert liveness_tables.written(page) == page
