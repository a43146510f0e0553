"""The vectors: what `tests/vectors/<dialect>/**.toml` says, one case after the other."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.wire.builder import Case

VECTORS = Path(__file__).parents[1] / "vectors"
DOCUMENTED = "documented.toml"
"""Lists what a vendor documents; it is no file of vectors."""

KINDS = {"documented", "recorded", "derived"}


def files() -> list[Path]:
    """Every file of vectors."""
    return sorted(path for path in VECTORS.rglob("*.toml") if path.name != DOCUMENTED)


def cases(path: Path) -> Iterator[Case]:
    """Every case of a file, with its header: `source`, `kind` and whatever all of them share."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    dialect = path.relative_to(VECTORS).parts[0]
    for case in content.pop("case"):
        yield {"dialect": dialect, **content, **case}


def named() -> dict[str, Case]:
    """Every case of every file by a name that finds it."""
    return {f"{path.relative_to(VECTORS).with_suffix('')}: {case['name']}": case
            for path in files() for case in cases(path)}  # fmt: skip
