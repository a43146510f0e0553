"""A curve as a TOML file, written so that a person can read it and a diff shows what changed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ipse.core.scoring.calibration import Curve


def file_name(curve: Curve) -> str:
    """Give the name under which the engine finds a curve."""
    return f"{curve.recipe.profile}-{curve.recipe.precision}.toml"


def curve_text(curve: Curve) -> str:
    """Give the TOML text of a curve; parsing it and `curve_from_mapping` give the curve back."""
    mapping = curve.to_mapping()
    knots = mapping.pop("knots")
    tables = {name: mapping.pop(name) for name in ("recipe", "provenance")}
    lines = ["# Similarity to false match rate, written by `ipse calibrate`. Do not edit: fit it again."]
    lines += _assignments(mapping)
    lines += ["# similarity, log10 of the false match rate, and the ends of its 95 % interval", "knots = ["]
    lines += [f"  [{', '.join(map(repr, knot))}]," for knot in knots]
    lines.append("]")
    for name, table in tables.items():
        lines += ["", f"[{name}]", *_assignments(table)]
    return "\n".join(lines) + "\n"


def write_curve(curve: Curve, file: Path) -> None:
    """Write a curve so that a reader sees the old file or the new one, never half of one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(file.name + ".part")
    beside.write_text(curve_text(curve), encoding="utf-8")
    beside.replace(file)


def _assignments(table: Mapping[str, Any]) -> list[str]:
    """Give `name = value` lines; TOML's basic strings are JSON's, but for characters that JSON need not escape."""
    return [f"{name} = {json.dumps(value)}".replace("\x7f", "\\u007f") for name, value in table.items()]
