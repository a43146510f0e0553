"""
What a vendor documents, and the vectors that show it: the tables at the end of `docs/protocols/<dialect>.md`.

`tests/vectors/<dialect>/documented.toml` lists every operation, every error and every question that the vendor's page
leaves open. A vector shows an operation by being answered with a success of it, an error by its answer, and a question
by naming it in `shows`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.wire.builder import Case
from tests.wire.vectors import DOCUMENTED, VECTORS, named
from tests.wire.world import World

PAGES = VECTORS.parents[1] / "docs" / "protocols"
"""Where the tables are written."""

BEGIN = "<!-- coverage: written by `make docs` -->"
END = "<!-- end of coverage -->"
ANY = "any"
"""Stands for every operation, where all have the same errors."""

MOST_SHOWN = 2
"""How many vectors a row names; the others are counted."""


@dataclass(frozen=True)
class Played:
    """A vector and its answer."""

    name: str
    case: Case
    operation: str
    outcome: str
    status: int
    text: str


@dataclass(frozen=True)
class Row:
    """Something documented, and the vectors that show it."""

    group: str
    cells: tuple[str, ...]
    shown_by: tuple[Played, ...]
    without: str | None = None

    @property
    def is_missing(self) -> bool:
        """Whether a vector ought to show it."""
        return not self.shown_by and self.without is None

    def line(self) -> str:
        """The row as Markdown."""
        best = sorted(self.shown_by, key=lambda played: played.case["kind"] == "derived")
        shown = "; ".join(f"{one.name} ({one.case['kind']}: {one.case['source']})" for one in best[:MOST_SHOWN])
        more = f"; and {len(best) - MOST_SHOWN} more" if len(best) > MOST_SHOWN else ""
        if not best:
            shown = "**nothing**" if self.without is None else f"none: {self.without}"
        cells = (*self.cells, shown + more)
        return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    """A cell that Markdown takes for neither two cells nor HTML; between backticks it looks for no HTML."""
    pieces = text.replace("|", "\\|").split("`")
    return "`".join(piece if index % 2 else piece.replace("<", "&lt;") for index, piece in enumerate(pieces))


def dialects() -> list[str]:
    """The dialects whose documents were listed."""
    names = sorted(path.parent.name for path in VECTORS.glob(f"*/{DOCUMENTED}"))
    return [name for name in names if (PAGES / f"{name}.md").exists()]


@cache
def documented(dialect: str) -> Mapping[str, Any]:
    """The list of what is documented."""
    return tomllib.loads((VECTORS / dialect / DOCUMENTED).read_text(encoding="utf-8"))


@cache
def played(dialect: str) -> tuple[Played, ...]:
    """Every vector of a dialect with the answer that it gets."""
    return tuple(_play(name, case) for name, case in named().items() if case["dialect"] == dialect)


def _play(name: str, case: Case) -> Played:
    """The answer of one vector."""
    world = World()
    response = world.play(case)
    ((_, operation, outcome, status),) = world.journal.counted
    return Played(name.partition("/")[2], case, operation, outcome, status, response.content.decode())


@cache
def rows(dialect: str) -> tuple[Row, ...]:
    """Everything documented of a dialect, in the order of its list."""
    return (*_operations(dialect), *_errors(dialect), *_questions(dialect))


def _operations(dialect: str) -> Iterator[Row]:
    """Successes of every operation."""
    for entry in documented(dialect)["operation"]:
        shown = (one for one in played(dialect) if (one.operation, one.outcome) == (entry["name"], "ok"))
        cells = (entry["name"], f"`{entry['wire']}`", entry["where"])
        best = tuple(one for one in shown if re.search(entry.get("says", ""), one.text))
        yield Row("operation", cells, best, entry.get("without"))


def _errors(dialect: str) -> Iterator[Row]:
    """Every error of every operation."""
    for entry in documented(dialect)["error"]:
        says = re.compile(entry.get("says") or pattern(entry["code"]))
        shown = (
            one
            for one in played(dialect)
            if one.outcome != "ok"
            and (entry["operation"] == ANY or one.operation in _names(entry["operation"]))
            and one.status == entry["status"]
            and says.search(one.text)
        )
        cells = (" ".join(_names(entry["operation"])), str(entry["status"]), f"`{entry['code']}`", entry["where"])
        yield Row("error", cells, tuple(shown), entry.get("without"))


def _questions(dialect: str) -> Iterator[Row]:
    """Every contradiction and every silence."""
    for entry in documented(dialect).get("question", ()):
        shown = tuple(one for one in played(dialect) if entry["id"] in one.case.get("shows", ()))
        yield Row("question", (entry["id"], entry["asks"], entry["answer"]), shown, entry.get("without"))


def _names(operation: str | list[str]) -> list[str]:
    """One or several operations."""
    return [operation] if isinstance(operation, str) else operation


def pattern(code: str) -> str:
    """How a code looks in an answer: what stands between angle brackets is something, not this word."""
    return ".+".join(re.escape(piece) for piece in re.split(r"<\w+>", code))


def section(dialect: str) -> str:
    """The tables of a dialect between their markers."""
    found = rows(dialect)
    heads = {
        "operation": ("operation", "wire", "where documented"),
        "error": ("operation", "status", "error", "where documented"),
        "question": ("question", "asks", "answer"),
    }
    lines = [BEGIN, "## Coverage", "", _summary(dialect)]
    for group, head in heads.items():
        if not any(row.group == group for row in found):
            continue
        lines += ["", "| " + " | ".join((*head, "shown by")) + " |", "|---" * (len(head) + 1) + "|"]
        lines += [row.line() for row in found if row.group == group]
    return "\n".join((*lines, "", END))


def _summary(dialect: str) -> str:
    """How much there is, in one line."""
    found, kinds = rows(dialect), [one.case["kind"] for one in played(dialect)]
    counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("documented", "recorded", "derived"))
    missing = sum(row.is_missing for row in found)
    without = sum(not row.shown_by and not row.is_missing for row in found)
    groups = [row.group for row in found]
    return (
        f"{len(kinds)} vectors ({counts}) show {groups.count('operation')} operations, {groups.count('error')} errors "
        f"and {groups.count('question')} open questions; missing: {missing}; without a vector, for a reason: {without}."
    )


def written(page: str, dialect: str) -> str:
    """The page with its tables as they are now; at its end if it has none yet."""
    before, begin, rest = page.partition(BEGIN)
    after = rest.partition(END)[2] if begin else ""
    return f"{before.rstrip()}\n\n{section(dialect)}\n{after.lstrip()}"
