"""
What the networks of the judgement `synthetic` are worth on simulated attacks: benchmarks/accuracy/synthetic.md.

    PYTHONPATH=. python benchmarks/accuracy/synthetic.py ../shared/data
"""

import argparse
from pathlib import Path
from typing import Final

from attacked import Attack, Family, measure, write
from attacks.blend import checkered, cloned, coded, remade, self_blended, swapped

from ipse.core.vocabulary import Floats, Pixels


def alone(attack: object) -> Attack:
    """Give an attack that needs nobody else."""
    assert callable(attack)

    def apply(pixels: Pixels, landmarks: Floats, other: Pixels, other_landmarks: Floats, seed: int) -> Pixels:
        del other, other_landmarks
        made: Pixels = attack(pixels, landmarks, seed)
        return made

    return apply


FAMILIES: Final = (
    Family("blended into itself", alone(self_blended), is_trained_on=True),
    Family("made anew from a smaller one", alone(remade), is_trained_on=True),
    Family("face of another person, feathered", swapped, is_trained_on=False),
    Family("face of another person, Poisson", cloned, is_trained_on=False),
    Family("transposed convolutions, whole picture", alone(checkered), is_trained_on=False),
    Family("autoencoder's blocks, whole picture", alone(coded), is_trained_on=False),
)


def main() -> None:
    """Measure and write."""
    words = argparse.ArgumentParser()
    words.add_argument("data", type=Path)
    words.add_argument("--people", type=int, default=300)
    told = words.parse_args()
    write(measure("synthetic", FAMILIES, told.data, told.people), "Synthetic faces", Path(__file__), told.people)


if __name__ == "__main__":
    main()
