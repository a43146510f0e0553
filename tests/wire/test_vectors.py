"""Every vector of every dialect's operation, over the whole edge."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ipse.core.reasons import Reason
from tests.wire.builder import Case, builders
from tests.wire.coverage import played
from tests.wire.vectors import KINDS, VECTORS, cases, files, named

if TYPE_CHECKING:
    from tests.wire.world import World

HOPS = {"server-timing", "content-length"}
"""Headers of every answer that no vendor's contract names."""


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in named().items()])
def test_vector(world: "World", case: Case) -> None:
    """The request of the vector gets its status, its headers and its body, byte for byte, and nothing is left over."""
    seats = world.compute.free
    builder = builders()[case["dialect"]]
    response = world.play(case)
    assert (case["status"], builder.body(case)) == (response.status_code, response.content.decode())
    expected = {**builder.headers(case), **case.get("headers", {})}
    shown = {name: value for name, value in response.headers.items() if name not in HOPS}
    assert {name: value for name, value in expected.items() if value} == shown
    assert (0 if case.get("room") == "full" else seats) == world.compute.free
    assert [(case["dialect"], case["status"])] == [(dialect, status) for dialect, _, _, status in world.journal.counted]


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(VECTORS).with_suffix("")))
def test_every_vector_says_where_it_comes_from(path: Path) -> None:
    """Each file names its source and whether that is documented, recorded or derived."""
    for case in cases(path):
        assert case["source"].strip()
        assert case["kind"] in KINDS


@pytest.mark.parametrize("name", builders())
def test_every_error_of_the_dialect_has_a_vector(name: str) -> None:
    """Each row of the dialect's tables that an operation can give is given by some vector, and no other row is."""
    builder = builders()[name]
    answered: dict[str, set[str]] = {family: set() for family in builder.families}
    for one in played(name):
        answered[builder.family_of(one.operation)].add(one.outcome)
    for family, rows in builder.families.items():
        possible = {reason for reason, raised in rows.items() if raised}
        missing = {reason for reason in possible if reason not in answered[family]}
        assert builder.under_way & possible == missing
        assert answered[family] <= {"ok", *possible}


@pytest.mark.parametrize("name", builders())
def test_error_tables_are_total(name: str) -> None:
    """Each dialect words every reason, and no other."""
    for rows in builders()[name].families.values():
        assert set(Reason) == set(rows)
