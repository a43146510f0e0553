"""
Tiles around faces, with their five points: what the networks of `synthetic` and `mask` are trained on.

    python -m training.people research ../shared/data/faces TILES.npz
    python -m training.people shipped FOLDER TILES.npz

`research` takes the first half of the people by name. `shipped` takes every picture of a folder, README.md says which:
their faces at many sizes and, because they are few, as many places without a face, where five points are put at will.
What is pasted into a picture differs from the rest of it whatever it shows.
Runs in the project's own environment, because it finds faces with the project's own detector.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from ipse.core.faces.align import TARGET_PX, similarity_to_target
from ipse.core.faces.detect import detect
from ipse.core.faces.refine import refine
from ipse.core.faces.subject import choose
from ipse.core.vocabulary import Floats, Network, Pixels, Subject
from ipse.infra.settings import read_settings
from ipse.models.manifest import Manifest
from ipse.models.session import RuntimeChoice, open_network

TILE_PX: Final = 208
"""Side of a tile: at 1.25 pixels for one of the aligned square it shows 166 of them, the network's 144 and a margin."""

FINEST: Final = 1.25
"""A tile has at most so many pixels for one of the aligned square: what LFW's faces have (median 1.23)."""

SIZES: Final = tuple(float(size) for size in np.linspace(0.6, 1.0, 40))
"""At which shares of that a portrait of the shipped set is shown."""

PLACES: Final = 40
"""So many places without a face are taken from every picture of the shipped set."""


def detector() -> Network:
    """Give the project's detector."""
    weight = Manifest.load().network("detect")
    return open_network(weight, read_settings().weights_dir / weight.file, RuntimeChoice())


def picture(file: Path) -> Pixels:
    """Give a file's pixels as RGB."""
    return np.ascontiguousarray(np.asarray(cv2.imread(str(file), cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


def points(pixels: Pixels, network: Network) -> Floats | None:
    """Give the five points of the face nearest the centre."""
    faces = detect(pixels, network)
    if not faces:
        return None
    return refine(pixels, faces[choose(faces, Subject.CENTRE, pixels.shape[1], pixels.shape[0])], network).landmarks_px


def tile(pixels: Pixels, landmarks_px: Floats, finest: float = FINEST) -> tuple[Pixels, Floats]:
    """
    Give a square around the face, never enlarged and never turned, and the five points in it.

    Shape: (H, W, 3) uint8 RGB, (5, 2) -> (208, 208, 3) uint8 RGB, (5, 2) float32.
    """
    unit = 1 / float(np.hypot(*similarity_to_target(landmarks_px)[:, 0]))
    share = min(1.0, finest / unit)
    if share < 1:
        size = round(pixels.shape[1] * share), round(pixels.shape[0] * share)
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        landmarks_px = landmarks_px * np.float32(share)
    left, top = np.rint(landmarks_px.mean(axis=0) - TILE_PX / 2).astype(int)
    padded = cv2.copyMakeBorder(pixels, TILE_PX, TILE_PX, TILE_PX, TILE_PX, cv2.BORDER_REFLECT_101)
    cut = padded[top + TILE_PX : top + 2 * TILE_PX, left + TILE_PX : left + 2 * TILE_PX]
    return np.asarray(cut, np.uint8), np.asarray(landmarks_px - (left, top), np.float32)


def first_half(folder: Path) -> list[Path]:
    """Give the pictures of the first half of the people by name (INVARIANTS.md: the second half is for figures)."""
    people = sorted(place for place in folder.iterdir() if place.is_dir())
    return [file for person in people[: len(people) // 2] for file in sorted(person.glob("*.jpg"))]


def faces(files: list[Path], sizes: tuple[float, ...]) -> Iterator[tuple[Pixels, Floats]]:
    """Give the tiles of pictures in which a face was found."""
    network = detector()
    for file in files:
        pixels = picture(file)
        found = points(pixels, network)
        if found is not None:
            for size in sizes:
                yield tile(pixels, found, FINEST * size)


def places(files: list[Path], chance: np.random.Generator) -> Iterator[tuple[Pixels, Floats]]:
    """Give tiles of anything, with five points where a face could have been."""
    for file in files:
        pixels = picture(file)
        for _ in range(PLACES):
            most = min(pixels.shape[:2]) / 170
            unit = chance.uniform(min(0.7, most), min(3.0, most))
            at = chance.uniform((85 * unit, 85 * unit), np.array(pixels.shape[1::-1]) - 85 * unit + 1e-6)
            points_px = (np.array(TARGET_PX) - 56) * unit + at + chance.normal(0, 1.5 * unit, (5, 2))
            yield tile(pixels, points_px.astype(np.float32), float(chance.uniform(0.7, FINEST)))


def main() -> None:
    """Write the tiles of one of the two sets."""
    kind, folder, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if kind == "research":
        files = first_half(folder)
        made = list(faces(files, (1.0,)))
    else:
        files = sorted(folder.iterdir())
        made = [*faces(files, SIZES), *places(files, np.random.default_rng(1))]
    np.savez(target, pixels=np.array([one for one, _ in made]), landmarks=np.array([at for _, at in made]))
    print(f"{len(made)} tiles of {len(files)} pictures")


if __name__ == "__main__":
    main()
