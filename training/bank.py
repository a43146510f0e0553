"""
A bank of genuine and attacked faces as the network starts from them, made once, so that learning waits for nobody.

    PYTHONPATH=src:. python -m training.bank synthetic TILES.npz BANK --pairs 20000 --seed 1 --makers 2
"""

import argparse
import multiprocessing
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.genuineness.crop import SIDE_PX
from training.residues import CELLS, CHANNELS, residues
from training.stream import Task, Tiles, pair

PART: int = 500
"""So many pairs are made at a time."""


def part(task: Task, tiles: Path, seed: int, index: int) -> NDArray[np.float16]:
    """
    Give some pairs, each the genuine face and its attack.

    Shape: (500, 2, 35, 35, 15) float16.
    """
    cv2.setNumThreads(1)
    people = Tiles.read(tiles)
    first = seed * 10**7 + index * PART
    return np.array(
        [[residues(one) for one in pair(task, people, at)] for at in range(first, first + PART)], np.float16
    )


def main() -> None:
    """Write the bank as the command line says; it grows while it can already be read."""
    words = argparse.ArgumentParser()
    words.add_argument("task", choices=("synthetic", "mask"))
    words.add_argument("tiles", type=Path)
    words.add_argument("bank", type=Path)
    words.add_argument("--pairs", type=int, default=20000)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--makers", type=int, default=1)
    told = words.parse_args()
    told.bank.mkdir(parents=True, exist_ok=True)
    make = partial(part, told.task, told.tiles, told.seed)
    with multiprocessing.get_context("spawn").Pool(told.makers) as pool:
        for index, made in enumerate(pool.imap(make, range(told.pairs // PART))):
            np.save(told.bank / f"{index:04d}.npy", made)
    print(f"{told.pairs} pairs of {SIDE_PX} px as {CELLS}x{CELLS}x{CHANNELS}")


if __name__ == "__main__":
    main()
