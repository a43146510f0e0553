"""
Print how many faces are found by their share of the picture's width and the picture's shape, and how many too many.

    .venv/bin/python benchmarks/accuracy/detection_recall.py ../shared/data [--faces 100]

A face is cut from a picture of `faces/` with all that surrounds it, scaled so that its box has the wanted width, and
laid over a landscape or a wall at a random place where it fits; it counts as found when a detection shares half of its
box. The true box is the one found in the original picture.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ipse.core.faces.detect import detect
from ipse.core.faces.orient import detect_upright_or_turned, turn
from ipse.core.faces.subject import choose
from ipse.core.vocabulary import Box, Face, Network, Pixels, Subject
from ipse.engine import open_engine
from ipse.infra.settings import Settings

SHARES = (0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.25, 0.4, 0.6, 0.75, 0.85, 0.95)
SHAPES = {"9:19.5": 9 / 19.5, "9:16": 9 / 16, "3:4": 3 / 4, "1:1": 1.0, "4:3": 4 / 3, "16:9": 16 / 9, "21:9": 21 / 9}
WIDTH_PX = 1080
SEED = 3


@dataclass(frozen=True)
class Portrait:
    """A picture with its subject."""

    pixels: Pixels
    face: Face


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="the folder of shared pictures")
    parser.add_argument("--faces", type=int, default=100, help="faces per cell of the table")
    asked = parser.parse_args()
    detector = open_engine(Settings(precision="float32")).detector
    portraits = list(sample(asked.shared / "faces", asked.faces, detector))
    grounds = [read(asked.shared / "faces-misc/bulk/view.jpg"), np.full((900, 900, 3), (196, 190, 180), np.uint8)]
    print_recall(portraits, grounds, detector)
    print_turned(portraits, detector)
    print_doubled(portraits, detector)


def read(file: Path) -> Pixels:
    """Give a picture as RGB."""
    return np.asarray(cv2.imread(str(file)), np.uint8)[:, :, ::-1].copy()


def sample(folder: Path, count: int, detector: Network) -> Iterator[Portrait]:
    """Give this many pictures and their subjects, the same at every call."""
    files = sorted(folder.glob("*/*.jpg"))
    for index in np.random.default_rng(SEED).choice(len(files), count, replace=False):
        pixels = read(files[index])
        faces = detect(pixels, detector)
        yield Portrait(pixels, faces[choose(faces, Subject.CENTRE, pixels.shape[1], pixels.shape[0])])


def print_recall(portraits: list[Portrait], grounds: list[Pixels], detector: Network) -> None:
    """Print the share of faces found, a row per width and a column per shape; a dash where the face does not fit."""
    print("| width | " + " | ".join(SHAPES) + " |\n|---|" + "---|" * len(SHAPES))
    rng = np.random.default_rng(SEED)
    for share in SHARES:
        cells = []
        for shape in SHAPES.values():
            size = (WIDTH_PX, round(WIDTH_PX / shape))
            if share * WIDTH_PX > size[1]:
                cells.append("–")
                continue
            found = [is_found(portrait, share, size, grounds, rng, detector) for portrait in portraits]
            cells.append(f"{100 * np.mean(found):.1f}")
        print(f"| {100 * share:.0f} % | " + " | ".join(cells) + " |", flush=True)


def is_found(
    portrait: Portrait,
    share: float,
    size: tuple[int, int],
    grounds: list[Pixels],
    rng: np.random.Generator,
    detector: Network,
) -> bool:
    """Tell whether the face is found when it has this share of the width."""
    ground = cv2.resize(grounds[int(rng.integers(len(grounds)))], size)
    scene, truth = laid_over(portrait, np.asarray(ground, np.uint8), share * size[0], rng)
    return any(iou(face.box, truth) >= 0.5 for face in detect(scene, detector))


def laid_over(portrait: Portrait, ground: Pixels, face_px: float, rng: np.random.Generator) -> tuple[Pixels, Box]:
    """Give the ground with the portrait on it, its face this wide, and where the face is."""
    box = portrait.face.box
    scale = face_px / box.width_px
    picture = cv2.resize(portrait.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else 2)
    height, width = ground.shape[:2]
    half_w, half_h = min(face_px / 2, width / 2), min(box.height_px * scale / 2, height / 2)
    middle_x = rng.uniform(half_w, width - half_w)
    middle_y = rng.uniform(half_h, height - half_h)
    left = round(middle_x - (box.x1 + box.x2) / 2 * scale)
    top = round(middle_y - (box.y1 + box.y2) / 2 * scale)
    scene = ground.copy()
    y1, x1 = max(0, top), max(0, left)
    y2, x2 = min(height, top + picture.shape[0]), min(width, left + picture.shape[1])
    scene[y1:y2, x1:x2] = picture[y1 - top : y2 - top, x1 - left : x2 - left]
    truth = Box(box.x1 * scale + left, box.y1 * scale + top, box.x2 * scale + left, box.y2 * scale + top)
    return scene, truth


def iou(a: Box, b: Box) -> float:
    """Give the intersection over union of two boxes."""
    across = max(0.0, min(a.x2, b.x2) - max(a.x1, b.x1))
    down = max(0.0, min(a.y2, b.y2) - max(a.y1, b.y1))
    return across * down / (a.area_px + b.area_px - across * down)


def print_turned(portraits: list[Portrait], detector: Network) -> None:
    """Print how often the orientation search gives the orientation that a picture was turned to."""
    print("\n| turned | orientation found | a face without the search |\n|---|---|---|")
    for orientation in (0, 90, 180, 270):
        turned = [turn(p.pixels, (360 - orientation) % 360) for p in portraits]  # type: ignore[arg-type] # a multiple of 90
        right = [orientation == detect_upright_or_turned(pixels, detector).orientation_deg for pixels in turned]
        upright = [bool(detect(pixels, detector)) for pixels in turned]
        print(f"| {orientation} | {100 * np.mean(right):.1f} % | {100 * np.mean(upright):.1f} % |", flush=True)


def print_doubled(portraits: list[Portrait], detector: Network) -> None:
    """Print how often one person yields two boxes: the portrait cut close and scaled to several sizes."""
    print("\n| portrait width | side, in faces | pictures | one face | none | two or more that overlap |")
    print("|---|---|---|---|---|---|")
    for width in (120, 250, 600, 1500):
        for side in (1.1, 1.5, 2.0):
            counts = [overlapping(cut(portrait, side, width), detector) for portrait in portraits]
            one, none = counts.count(1), counts.count(0)
            print(f"| {width} | {side} | {len(counts)} | {one} | {none} | {len(counts) - one - none} |", flush=True)


def cut(portrait: Portrait, side: float, width_px: int) -> Pixels:
    """Give a square of `side` face widths around the face at this width."""
    box = portrait.face.box
    scale = width_px / (side * box.width_px)
    matrix = np.array(
        [
            [scale, 0, width_px / 2 - scale * (box.x1 + box.x2) / 2],
            [0, scale, width_px / 2 - scale * (box.y1 + box.y2) / 2],
        ]
    )
    return np.asarray(
        cv2.warpAffine(portrait.pixels, matrix, (width_px, width_px), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def overlapping(pixels: Pixels, detector: Network) -> int:
    """Give how many boxes touch the middle of the picture's largest box, itself included."""
    faces = detect(pixels, detector)
    if not faces:
        return 0
    subject = faces[choose(faces, Subject.LARGEST, pixels.shape[1], pixels.shape[0])].box
    middle = Box(
        subject.x1 + subject.width_px / 4,
        subject.y1 + subject.height_px / 4,
        subject.x2 - subject.width_px / 4,
        subject.y2 - subject.height_px / 4,
    )
    return sum(iou(face.box, middle) > 0 for face in faces)


if __name__ == "__main__":
    main()
