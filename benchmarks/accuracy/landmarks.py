"""
Print how well faces are recognised, by how their landmarks were found: what decides the constants of `core/faces`.

    .venv/bin/python benchmarks/accuracy/landmarks.py ../shared/data/faces [--rows first,look,mixed,eyes,precision]

People are dealt into two halves: choices were made on the first, the second shows what they are worth. About two
minutes of one core a row.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.faces import views
from ipse.core.faces.align import align
from ipse.core.faces.detect import detect
from ipse.core.faces.embed import embed
from ipse.core.faces.refine import best_in, refine
from ipse.core.faces.subject import choose
from ipse.core.vocabulary import Box, Face, Floats, Network, Pixels, Subject
from ipse.engine import open_engine
from ipse.infra.settings import Settings

FMRS = (1e-3, 1e-4, 1e-5)
SEED = 7

Aligned: TypeAlias = Callable[[Pixels, Face], Pixels]


@dataclass(frozen=True)
class Seen:
    """A picture, its subject as first detected, and who it is."""

    pixels: Pixels
    face: Face
    person: int


def main() -> None:
    """Print the rows that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="one folder per person")
    parser.add_argument("--rows", default="first,look,mixed,eyes,precision")
    asked = parser.parse_args()
    engine = open_engine(Settings(precision="float32"))
    people = np.random.default_rng(SEED).permutation(sum(1 for _ in asked.folder.iterdir()))
    print("| landmarks | first half, TAR at 1e-3 / 1e-4 / 1e-5 | second half | all |\n|---|---|---|---|")
    pictures = list(subjects(asked.folder, engine.detector))
    half = people[[seen.person for seen in pictures]] < len(people) // 2
    for group in asked.rows.split(","):
        for name, aligned in rows(group, engine.detector):
            crops = [aligned(seen.pixels, seen.face) for seen in pictures]
            vectors = np.stack([embed(crop, engine.embedder, "balanced").vector for crop in crops])
            owners = np.array([seen.person for seen in pictures])
            cells = [tar(vectors[part], owners[part]) for part in (half, ~half, np.full(len(half), True))]
            print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def subjects(folder: Path, detector: Network) -> Iterator[Seen]:
    """Give each picture in which the subject, the face nearest the middle, is found."""
    for person, home in enumerate(sorted(folder.iterdir())):
        for file in sorted(home.glob("*.jpg")):
            pixels = np.asarray(cv2.imread(str(file)), np.uint8)[:, :, ::-1].copy()
            faces = detect(pixels, detector)
            if faces:
                yield Seen(pixels, faces[choose(faces, Subject.CENTRE, pixels.shape[1], pixels.shape[0])], person)


def rows(group: str, detector: Network) -> Iterator[tuple[str, Aligned]]:
    """Give the rows of a group: a name, and how a face is aligned."""
    if group == "first":
        yield "of the detection alone", lambda pixels, face: align(pixels, face.landmarks_px)
    if group == "look":
        for face_px in (125, 150, 180, 205):
            yield f"closer look, face {face_px} px wide", lambda p, f, w=face_px: look(p, f, w, detector)  # type: ignore[misc] # w is bound
    if group == "mixed":
        yield "seen 50 or 180 px wide, by chance", lambda p, f: look(p, f, (50, 180)[int(f.box.x1 * 64) % 2], detector)
    if group == "eyes":
        for eyes_px in (44, 36, 28, 22, 17):
            yield f"eyes at most {eyes_px} px apart", lambda p, f, e=eyes_px: shrunk(p, f, e, detector)  # type: ignore[misc] # e is bound
    if group == "precision":
        rough = open_engine(Settings(precision="bfloat16")).detector
        yield "closer look in bfloat16", lambda p, f: align(p, refine(p, f, rough).landmarks_px)


def look(pixels: Pixels, face: Face, face_px: int, detector: Network) -> Pixels:
    """Give the face aligned by a closer look in which it is so wide."""
    square, placement = views.around(pixels, face.box, face_px, views.CLOSE_PX)
    return align(pixels, best_in(square, placement, face, detector).landmarks_px)


def shrunk(pixels: Pixels, face: Face, eyes_px: float, detector: Network) -> Pixels:
    """Give the face aligned from a picture that was shrunk until its eyes are at most so far apart."""
    apart_px = float(np.hypot(*(face.landmarks_px[1] - face.landmarks_px[0])))
    scale = min(1.0, eyes_px / apart_px)
    small = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    x, y = small.shape[1] / pixels.shape[1], small.shape[0] / pixels.shape[0]
    box = Box(face.box.x1 * x, face.box.y1 * y, face.box.x2 * x, face.box.y2 * y)
    moved = replace(face, box=box, landmarks_px=(face.landmarks_px * (x, y)).astype(np.float32))
    return align(small, refine(small, moved, detector).landmarks_px)


def tar(vectors: Floats, owners: NDArray[np.int64]) -> str:
    """Give the true accept rates at `FMRS`, in per cent."""
    scores = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
    same = (owners[:, None] == owners)[np.triu_indices(len(vectors), 1)]
    impostors = np.sort(scores[~same])[::-1]
    return " / ".join(f"{100 * np.mean(scores[same] > impostors[int(fmr * len(impostors))]):.2f}" for fmr in FMRS)


if __name__ == "__main__":
    main()
