"""The security case is whole: every point of the standard stands in it, and every test that it names exists."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from docs import security_case  # noqa: E402 - a script beside the documents

STANDARD = Path(__file__).with_name("asvs-5.0.0.txt")


def points() -> dict[str, dict[str, object]]:
    """Every point of the case."""
    return {
        number: point
        for chapter in security_case.read().values()
        for number, point in chapter.items()
        if number != "title"
    }


def test_every_point_of_levels_one_and_two_is_there() -> None:
    """The numbers are those of the standard, and of the ten risks of APIs."""
    rows = [line.partition(": ") for line in STANDARD.read_text(encoding="utf-8").splitlines() if line[:1].isdigit()]
    standard = {f"{section}.{number}" for section, _, numbers in rows for number in numbers.split()}
    assert standard | {f"API{number}" for number in range(1, 11)} == set(points())
    assert 253 == len(standard)


@pytest.mark.parametrize("number", points())
def test_a_point_is_shown_by_tests_that_exist(number: str) -> None:
    """What is said to be held names its tests; a path may lead to a folder, a file or one test in it."""
    point = points()[number]
    assert point["state"] in security_case.STATES
    tests = point.get("tests", [])
    assert isinstance(tests, list)
    assert bool(tests) == (point["state"] == "held")
    for place in tests:
        path, _, name = place.partition("::")
        assert (ROOT / path).exists(), place
        assert not name or re.search(rf"def {name}\b", (ROOT / path).read_text(encoding="utf-8")), place


def test_the_page_is_not_stale() -> None:
    """The page says what the case says."""
    assert security_case.described() == (ROOT / "docs" / "security" / "asvs.md").read_text(encoding="utf-8")
