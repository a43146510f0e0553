"""
Templates of a list of pictures by Ipse, timed: the counterpart of `rival_worker.py`.

Usage: ipse_worker.py PROFILE LIST.txt OUT.npz. One process, as many threads as the CPU quota; OUT is as for the rivals.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

import ipse
from ipse.infra.cores import cores


def main() -> None:
    """Look at every picture of the list, once for warmth at the first, then timed."""
    profile, listing, target = sys.argv[1:4]
    verifier = ipse.Verifier(profile=profile)
    paths = [Path(line) for line in Path(listing).read_text(encoding="utf-8").splitlines()]

    def look(path: Path) -> np.ndarray:
        try:
            return verifier.template(path, subject="centre").vector
        except ipse.Refusal:
            return np.full(128, np.nan, np.float32)

    look(paths[0])
    started = time.perf_counter()
    with ThreadPoolExecutor(cores()) as pool:
        vectors = np.stack(list(pool.map(look, paths)))
    np.savez(target, vectors=vectors, seconds=time.perf_counter() - started)


if __name__ == "__main__":
    main()
