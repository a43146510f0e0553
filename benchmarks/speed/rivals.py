"""
Ipse beside two open rivals: the same pictures, the same machine, the same run.

Every contender gets the whole machine in turn (rivals: one single-threaded process per core; Ipse: one process with one
thread per core) and the same subject rule. A comparison is two pictures. A picture without an acquired face counts as a
non-match. The contenders take turns three times and the median of each is quoted, so that a neighbour on the machine
does not choose the winner. Writes rivals.json and rivals.md beside this script.

Usage: rivals.py [PEOPLE]   (default 250: the first people of ../shared/data/faces with two pictures or more)
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from machine import describe
from numpy.typing import NDArray

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FACES = ROOT.parent / "shared" / "data" / "faces"
RIVAL_PYTHON = ROOT / ".venv-rivals" / "bin" / "python"
RATES = (1e-3, 1e-4)
ROUNDS = 3
FLOOR = -4.0  # a score below every cosine and every negative distance: no face was acquired


def pictures(people: int) -> list[Path]:
    """The pictures of the first people (by name) who have at least two."""
    folders = [folder for folder in sorted(FACES.iterdir()) if len(list(folder.glob("*.jpg"))) > 1][:people]
    return [path for folder in folders for path in sorted(folder.glob("*.jpg"))]


def run(commands: list[list[str]], paths: list[Path]) -> tuple[NDArray[np.float32], float]:
    """Vectors of all pictures, and pictures per second, with the list dealt out to these commands at the same time."""
    with tempfile.TemporaryDirectory() as folder:
        started = []
        for index, command in enumerate(commands):
            share, target = Path(folder, f"{index}.txt"), Path(folder, f"{index}.npz")
            share.write_text("\n".join(map(str, paths[index :: len(commands)])), encoding="utf-8")
            process = subprocess.Popen([*command, str(share), str(target)], stderr=subprocess.DEVNULL)
            started.append((process, target))
        for process, _ in started:
            if process.wait():
                raise SystemExit(f"{process.args!r} failed")
        parts = [np.load(target) for _, target in started]
        vectors = np.empty((len(paths), parts[0]["vectors"].shape[1]), np.float32)
        for index, part in enumerate(parts):
            vectors[index :: len(parts)] = part["vectors"]
        return vectors, len(paths) / max(float(part["seconds"]) for part in parts)


def scores(vectors: NDArray[np.float32], *, distance: bool) -> NDArray[np.float32]:
    """All pairwise scores, higher is more alike: cosine, or minus the Euclidean distance."""
    lost = np.isnan(vectors[:, 0])
    filled = np.nan_to_num(vectors)
    table = filled @ filled.T
    if distance:
        square = np.sum(filled**2, axis=1)
        table = -np.sqrt(np.maximum(square[:, None] + square[None] - 2 * table, 0))
    table[lost] = FLOOR
    table[:, lost] = FLOOR
    return table


def accuracy(vectors: NDArray[np.float32], owners: NDArray[np.int64], *, distance: bool) -> dict[str, float]:
    """Failure-to-acquire rate, and TAR at each false match rate."""
    rows, columns = np.triu_indices(len(vectors), 1)
    table = scores(vectors, distance=distance)[rows, columns]
    same = owners[rows] == owners[columns]
    genuine, impostor = table[same], np.sort(table[~same])[::-1]
    figures = {"fta": float(np.isnan(vectors[:, 0]).mean())}
    for rate in RATES:
        figures[f"tar@{rate:.0e}"] = float((genuine > impostor[int(rate * len(impostor))]).mean())
    return figures


def contenders() -> dict[str, list[list[str]]]:
    """The commands of each contender, to be run at the same time."""
    cores = os.cpu_count() or 1
    rivals = {
        name: [[str(RIVAL_PYTHON), str(HERE / "rival_worker.py"), name]] * cores
        for name in ("verifyface", "face_recognition")
    }
    own = {f"ipse {p}": [[sys.executable, str(HERE / "ipse_worker.py"), p]] for p in ("fast", "balanced")}
    return {**own, **rivals}


def main() -> None:
    """Measure all contenders and write both files."""
    paths = pictures(int(sys.argv[1]) if len(sys.argv) > 1 else 250)
    owners = np.unique([path.parent.name for path in paths], return_inverse=True)[1]
    rates: dict[str, list[float]] = {name: [] for name in contenders()}
    found = {}
    for _ in range(ROUNDS):
        for name, commands in contenders().items():
            found[name], rate = run(commands, paths)
            rates[name].append(rate / 2)
            print(f"{name}: {rate / 2:.1f} compares/s", flush=True)
    rows = {
        name: {
            "compares_per_s": statistics.median(rates[name]),
            "slowest": min(rates[name]),
            "fastest": max(rates[name]),
            **accuracy(vectors, owners, distance=name == "face_recognition"),
        }
        for name, vectors in found.items()
    }
    head = f"{len(paths)} pictures of {owners.max() + 1} people, 250×250. {describe()}"
    (HERE / "rivals.json").write_text(json.dumps({"what": head, "rows": rows}, indent=1) + "\n", encoding="utf-8")
    lines = [
        f"| {name} | {row['compares_per_s']:.1f} ({row['slowest']:.1f} to {row['fastest']:.1f}) "
        f"| {100 * row['fta']:.2f} | " + " | ".join(f"{100 * row[f'tar@{rate:.0e}']:.2f}" for rate in RATES) + " |"
        for name, row in rows.items()
    ]
    print("\n".join(lines))
    title = "# Beside two open rivals\n\nWritten by `make bench`; nothing here is typed by hand.\n\n"
    table = "| | compares/s (three turns) | FTA % | TAR % at 1e-3 | TAR % at 1e-4 |\n|---|---|---|---|---|\n"
    (HERE / "rivals.md").write_text(f"{title}{head}\n\n{table}" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
