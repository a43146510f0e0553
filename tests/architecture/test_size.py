"""Small files and small functions, measured; the exemption lists may only shrink."""

import ast
import statistics
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "ipse"
FILES = sorted(SOURCE.rglob("*.py"))

# Longer than the cap, each with the reason. Shrink it; do not grow it.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}


def lines(path: Path) -> int:
    """Lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> list[tuple[str, int]]:
    """Name and length in lines of each function of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(f"{path.name}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1) for node in found]


def quantile(values: list[int], share: float) -> int:
    """The value below which this share of the values lies."""
    return sorted(values)[int(share * (len(values) - 1))]


def test_no_file_is_longer_than_the_cap() -> None:
    """No source file has more than 400 lines."""
    assert {path.name for path in FILES if lines(path) > 400} == set(LONG_FILES)


def test_files_are_small() -> None:
    """The median source file has at most 120 lines, nine in ten at most 300."""
    sizes = [lines(path) for path in FILES if path.name != "__init__.py"]
    assert statistics.median(sizes) <= 120
    assert quantile(sizes, 0.9) <= 300


def test_no_function_is_longer_than_the_cap() -> None:
    """No function has more than 60 lines, its docstring included."""
    assert {name for path in FILES for name, size in functions(path) if size > 60} == set(LONG_FUNCTIONS)


def test_functions_are_small() -> None:
    """The median function has at most 12 lines with its docstring, nine in ten at most 32."""
    sizes = [size for path in FILES for _, size in functions(path)]
    assert statistics.median(sizes) <= 12
    assert quantile(sizes, 0.9) <= 32


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_module_says_what_it_is(path: Path) -> None:
    """Each module has a docstring with words in it."""
    assert (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").strip()
