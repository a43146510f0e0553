"""Everything that a vendor documents has a vector, and the pages say so."""

import re
from pathlib import Path

import pytest

from tests.wire import coverage
from tests.wire.builder import builders

CODES = {
    "faceid": ("001*.txt", r"\b[A-Z]+(?:_[A-Z]+)+\b", {"ERROR_MESSAGE", "IDCARD_NO_PHOTO"}),
    "iapp": ("000*.txt", r"(?m)^\| (4\d\d) \|", set()),
    "linkface": ("002*.txt", r"(?m)^\d{3}\s+([A-Z_]+)\b", set()),
    "tencent": ("003*.txt", r"(?m)^((?:FailedOperation|InvalidParameter\w*|ResourceUnavailable)\.\w+)", set()),
}
"""Where each vendor's page lies, how its error codes look, and what looks so but is none of this version's."""


def test_every_dialect_has_its_list() -> None:
    """Each dialect that answers has a list of what is documented, and a page."""
    assert sorted(builders()) == coverage.dialects()


@pytest.mark.parametrize("dialect", coverage.dialects())
def test_everything_documented_has_a_vector(dialect: str) -> None:
    """Each operation, error and open question is shown by at least one vector."""
    assert [] == [row.cells for row in coverage.rows(dialect) if row.is_missing]


@pytest.mark.parametrize("dialect", coverage.dialects())
def test_what_vectors_show_is_listed(dialect: str) -> None:
    """No vector names a question that the list does not have."""
    asked = {entry["id"] for entry in coverage.documented(dialect).get("question", ())}
    shown = {question for one in coverage.played(dialect) for question in one.case.get("shows", ())}
    assert set() == shown - asked


@pytest.mark.parametrize("dialect", coverage.dialects())
def test_the_page_is_not_stale(dialect: str) -> None:
    """The tables in the page are those of today's vectors (`make docs`)."""
    page = (coverage.PAGES / f"{dialect}.md").read_text(encoding="utf-8")
    assert coverage.written(page, dialect) == page


@pytest.mark.shared
@pytest.mark.parametrize("dialect", [name for name in CODES if name in coverage.dialects()])
def test_the_list_has_every_code_of_the_vendors_page(dialect: str, shared: Path) -> None:
    """Each error code that stands in the vendor's page stands in our list."""
    place, looks, others = CODES[dialect]
    (page,) = (shared.parent / "vendors" / "docs").glob(place)
    named = set(re.findall(looks, page.read_text(encoding="utf-8"))) - others
    assert len(named) > 5
    listed = " ".join(f"{entry['status']} {entry['code']}" for entry in coverage.documented(dialect)["error"])
    assert set() == {code for code in named if not re.search(rf"\b{re.escape(code)}\b", listed)}
