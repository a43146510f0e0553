"""
What the networks of the judgement `mask` are worth on simulated attacks: benchmarks/accuracy/masks.md.

    PYTHONPATH=. python benchmarks/accuracy/masks.py ../shared/data
"""

import argparse
from pathlib import Path
from typing import Final

from attacked import Family, measure, write
from attacks.masks import held_mask, hood, paper_mask, resin_mask

FAMILIES: Final = (
    Family("paper, worn", paper_mask, is_trained_on=True),
    Family("resin, worn", resin_mask, is_trained_on=True),
    Family("paper, held before the face", held_mask, is_trained_on=False),
    Family("latex hood", hood, is_trained_on=False),
)


def main() -> None:
    """Measure and write."""
    words = argparse.ArgumentParser()
    words.add_argument("data", type=Path)
    words.add_argument("--people", type=int, default=300)
    told = words.parse_args()
    write(measure("mask", FAMILIES, told.data, told.people), "Masks", Path(__file__), told.people)


if __name__ == "__main__":
    main()
