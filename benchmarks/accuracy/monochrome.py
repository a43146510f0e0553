"""
How far apart grey and coloured portraits are by `ipse.core.images.monochrome`, and so where its threshold may stand.

    python benchmarks/accuracy/monochrome.py ../shared/data/faces

Every picture is measured as it is, saved again as a small JPEG, and as grey copies: saved again, and tinted a little or
much before that. Pictures that are grey themselves are told from the coloured ones by their own measure, and listed.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import numpy as np

from ipse.core.images.monochrome import MONOCHROME_BELOW, colour
from ipse.core.vocabulary import Pixels

SEED = 1
LISTED = 12


def saved(pixels: Pixels, quality: int) -> Pixels:
    """Give a picture as a JPEG of this quality shows it."""
    _, file = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return rgb(cv2.imdecode(file, cv2.IMREAD_COLOR))


def rgb(picture: object) -> Pixels:
    """Give OpenCV's picture in our order of colours."""
    return np.asarray(cv2.cvtColor(np.asarray(picture, np.uint8), cv2.COLOR_BGR2RGB), np.uint8)


def grey(pixels: Pixels) -> Pixels:
    """Give a picture without its colours."""
    return np.repeat(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)[..., None], 3, axis=2)


def tinted(pixels: Pixels, strength: float, chance: np.random.Generator) -> Pixels:
    """Give a picture whose channels are each made stronger or weaker by up to this share."""
    return np.clip(pixels * (1 + chance.uniform(-strength, strength, 3)), 0, 255).astype(np.uint8)


def copies(chance: np.random.Generator) -> Mapping[str, Callable[[Pixels], Pixels]]:
    """Give what is done to every picture, by its name."""
    return {
        "colour": lambda pixels: pixels,
        "colour, JPEG 30": lambda pixels: saved(pixels, 30),
        "grey, JPEG 50": lambda pixels: saved(grey(pixels), 50),
        "grey, tinted 5 %, JPEG 60": lambda pixels: saved(tinted(saved(grey(pixels), 90), 0.05, chance), 60),
        "grey, tinted 15 %, JPEG 40": lambda pixels: saved(tinted(saved(grey(pixels), 90), 0.15, chance), 40),
    }


def main() -> None:
    """Print the measures of each kind, and the coloured pictures that measure least."""
    files = sorted(Path(sys.argv[1]).rglob("*.jpg"))
    kinds = copies(np.random.default_rng(SEED))
    found = np.array([[colour(make(rgb(cv2.imread(str(file))))) for make in kinds.values()] for file in files])
    print(f"{len(files)} pictures, threshold {MONOCHROME_BELOW}\n")
    print(f"{'':28}{'least':>8}{'0.5 %':>8}{'median':>8}{'99.5 %':>8}{'most':>8}{'below':>8}")
    for name, column in zip(kinds, found.T, strict=True):
        marks = "".join(f"{mark:8.2f}" for mark in np.quantile(column, [0, 0.005, 0.5, 0.995, 1]))
        print(f"{name:28}{marks}{int((column < MONOCHROME_BELOW).sum()):8}")
    print("\nAs they are, least colour first:")
    for index in np.argsort(found[:, 0])[: int((found[:, 0] < MONOCHROME_BELOW).sum()) + LISTED]:
        print(f"{found[index, 0]:8.2f}  {files[index].parent.name}/{files[index].name}")


if __name__ == "__main__":
    main()
