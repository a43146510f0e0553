"""
Accuracy of every profile at every precision: `ipse evaluate` on all of ../shared/data/faces, nothing excluded.

Writes tar.json and tar.md beside this script. The subject is the face nearest the centre (see the data's own page).
Every picture counts; wrong labels are in the figures.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "speed"))

from machine import describe

HERE = Path(__file__).parent
MISSES = HERE.parents[1] / "src" / "ipse" / "engine" / "misses.json"
FACES = HERE.resolve().parents[2] / "shared" / "data" / "faces"
IPSE = str(Path(sys.executable).with_name("ipse"))
RATES = ("1e-2", "1e-3", "1e-4", "1e-5")


def evaluate(profile: str, precision: str) -> dict[str, Any]:
    """The summary that `ipse evaluate` writes."""
    with tempfile.TemporaryDirectory() as folder:
        command = [IPSE, "evaluate", "--folders", str(FACES), "--subject", "centre", "--profile", profile]
        environment = {**os.environ, "IPSE_PRECISION": precision}
        subprocess.run([*command, "--out", folder], env=environment, check=True, stdout=subprocess.DEVNULL)
        summary: dict[str, Any] = json.loads(Path(folder, "summary.json").read_text(encoding="utf-8"))
        return summary


def misses(told: dict[str, Any]) -> dict[str, Any]:
    """The same as the console draws it: how many genuine pairs are missed at each false match rate."""
    rows = [
        {
            "recipe": row["recipe"],
            "points": [
                {
                    "fmr": float(rate),
                    "fnmr": round(1 - point["value"], 6),
                    "low": round(1 - point["high"], 6),
                    "high": round(1 - point["low"], 6),
                }
                for rate, point in row["tar"].items()
            ],
        }
        for row in told["rows"].values()
    ]
    return {"what": told["what"], "rows": rows}


def cell(point: dict[str, Any]) -> str:
    """A rate with its interval, in per cent."""
    return f"{100 * point['value']:.2f} ({100 * point['low']:.2f} to {100 * point['high']:.2f})"


def main() -> None:
    """Measure and write."""
    precisions = ("bfloat16", "float32") if "avx512_bf16" in describe() else ("float32",)
    rows = {f"{name}, {kind}": evaluate(name, kind) for name in ("balanced", "fast") for kind in precisions}
    first = next(iter(rows.values()))
    head = (
        f"{first['pictures']} pictures of {first['people']} people, subject nearest the centre; "
        f"{first['genuine']} genuine and {first['impostor']:,} impostor pairs, nothing excluded. "
        "95 % intervals by resampling people."
    )
    lines = [
        "# Accuracy",
        "",
        "Written by `make bench`; nothing here is typed by hand.",
        "",
        head,
        "",
        describe(),
        "",
        "| profile, precision | FTA % | " + " | ".join(f"TAR % at FMR {rate}" for rate in RATES) + " |",
        "|---" * (len(RATES) + 2) + "|",
    ]
    for name, row in rows.items():
        lines.append(
            f"| {name} | {100 * row['fta']:.2f} | " + " | ".join(cell(row["tar"][rate]) for rate in RATES) + " |"
        )
    kept = {
        name: {key: row[key] for key in ("fta", "genuine", "impostor", "tar", "recipe")} for name, row in rows.items()
    }
    told = {"what": head, "rows": kept}
    (HERE / "tar.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    MISSES.write_text(json.dumps(misses(told), indent=1) + "\n", encoding="utf-8")
    (HERE / "tar.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
