"""
Fit the evidence for cards: which quadrilateral around a face is a card, and whether the face is printed on it.

Scenes are composed from the first half of the people (`composer/people.py`); `card_portraits.py` reports on the second.
Two logistic regressions: over the traits of all quadrilaterals around each face (right when they share 75 % with the
true card), then over the print traits of the likeliest one. Prints the lines for `core/documents/evidence.py`, and how
many faces on cards, holders, plain portraits side by side and held photographs pass, each scene judged by weights that
were fitted without it.

    python benchmarks/accuracy/card_evidence.py [--folders DIR] [--scenes N]
"""

import argparse
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import cv2
import numpy as np
from composer.card import Card, Floats, Generator, Pixels, Slot, drawn_card, rounded
from composer.people import SEED, People, opened
from composer.scene import (
    HEIGHT_PX,
    LFW_FACE,
    WIDTH_PX,
    card_alone,
    person_alone,
    selfie_with_card,
    side_by_side,
    to_jpeg,
)
from numpy.typing import NDArray
from scipy.optimize import minimize

from ipse.core.documents.locate import cards_tried
from ipse.core.documents.printing import PRINT_TRAITS, print_traits
from ipse.core.documents.reduced import reduce
from ipse.core.documents.traits import TRAITS
from ipse.core.faces.detect import detect
from ipse.core.faces.refine import refine
from ipse.core.faces.small import with_small
from ipse.core.vocabulary import Face
from ipse.evaluation.pairs import read_folders
from ipse.verifier import Verifier

Reals = NDArray[np.float64]

HERE = Path(__file__).parent
WIDTHS_PX = (40, 60, 100, 160, 260)
FRAME = np.array([[0, 0], [WIDTH_PX, 0], [WIDTH_PX, HEIGHT_PX], [0, HEIGHT_PX]], np.float32)
RIGHT, WRONG = 0.75, 0.5
"""Share of union from which a quadrilateral is the card, and below which it is not; between them it is neither."""
FOLDS = 5
RIDGE = 1e-3
HARDENINGS = 4
"""Times that the wrong quadrilaterals are weighed anew by how right they look."""


@dataclass(frozen=True)
class Truth:
    """A picture: what kind, and where its card and portrait are."""

    kind: str
    jpeg: bytes
    corners_px: Floats | None = None
    portrait_px: Floats | None = None


@dataclass(frozen=True)
class Tried:
    """A face, the quadrilaterals around it, and whether each is the card; whether the face is the portrait."""

    scene: int
    kind: str
    is_portrait: bool
    traits: Reals
    right: Reals
    corners_px: Floats
    face: Face
    jpeg: bytes


def main() -> None:
    """Compose, fit, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folders", type=Path, default=HERE.parents[2] / "shared" / "data" / "faces")
    parser.add_argument("--scenes", type=int, default=120)
    given = parser.parse_args()
    people = People.of(read_folders(given.folders), "first")
    verifier = Verifier()
    with ProcessPoolExecutor(2) as pool:
        every = pool.map(partial(composed, people), range(given.scenes), chunksize=2)
        tried = [one for number, truths in enumerate(every) for one in looked_at(verifier, number, truths)]
    report(tried)


def composed(people: People, number: int) -> list[Truth]:
    """Give the pictures of one number: a selfie with a card for each width, and four without or with the card alone."""
    rng = np.random.default_rng([SEED, 3, number])

    def somebody() -> Pixels:
        pictures = people.pictures_of(int(rng.choice(people.numbers)))
        return opened(pictures[int(rng.integers(len(pictures)))])

    found = []
    for width_px in WIDTHS_PX:
        scene = selfie_with_card(somebody(), drawn_card(somebody(), rng), width_px, rng)
        found.append(Truth(f"card, {width_px} px", scene.jpeg, scene.corners_px, scene.portrait_px))
    alone = card_alone(drawn_card(somebody(), rng), rng.uniform(60, 240), rng)
    photo = selfie_with_card(somebody(), photograph(somebody(), rng), rng.uniform(60, 200), rng)
    return [
        *found,
        Truth("card alone", alone.jpeg, alone.corners_px, alone.portrait_px),
        Truth("person alone", to_jpeg(person_alone(somebody(), rng), 85)),
        Truth("side by side", to_jpeg(side_by_side(somebody(), somebody(), rng), 85)),
        Truth("held photograph", photo.jpeg),
    ]


def photograph(picture: Pixels, rng: Generator) -> Card:
    """Give a plain photograph as a thing to hold: no writing, any shape, perhaps a white rim."""
    side = picture.shape[0]
    shape = float(rng.choice([0.75, 1.0, 4 / 3, 1.5, 1.586]))
    height = round(rng.uniform(0.5, 1.0) * side / max(shape, 1.0))
    width = min(round(height * shape), side)
    left, top = (side - width) // 2, max(0, round(0.49 * side - height / 2))
    part = picture[top : top + height, left : left + width]
    large = cv2.resize(part, (1011, round(1011 * part.shape[0] / part.shape[1])), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.4:
        large = cv2.copyMakeBorder(large, 25, 25, 25, 25, cv2.BORDER_CONSTANT, value=(245, 245, 245))
    face = LFW_FACE * side / part.shape[1]
    return Card(rounded(np.asarray(large, np.uint8), 0.005), Slot(0.5 - 0.8 * face, 0.3, 1.6 * face, 0.4), None)


def looked_at(verifier: Verifier, number: int, truths: list[Truth]) -> Iterator[Tried]:
    """Give every face of the pictures with the quadrilaterals around it; ghosts are left out."""
    detector = verifier.engine.detector
    for truth in truths:
        pixels = decoded(truth.jpeg)
        reduced = reduce(pixels)
        for face in with_small(pixels, detect(pixels, detector), detector):
            close = refine(pixels, face, detector)
            corners, told = cards_tried(reduced, close)
            is_portrait, is_ghost = placed(close, truth)
            if len(told) and not is_ghost:
                right = np.array([shared(one, truth.corners_px) if is_portrait else 0.0 for one in corners])
                yield Tried(number, truth.kind, is_portrait, told, right, corners, close, truth.jpeg)


@lru_cache(maxsize=2)
def decoded(jpeg: bytes) -> Pixels:
    """Give the pixels of a picture; the last ones are kept, since faces of one picture come together."""
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return np.ascontiguousarray(pixels[:, :, ::-1], np.uint8)


def placed(face: Face, truth: Truth) -> tuple[bool, bool]:
    """Tell whether the face is the portrait, and whether it is something else on the card."""
    if truth.corners_px is None or truth.portrait_px is None:
        return False, False
    middle = ((face.box.x1 + face.box.x2) / 2, (face.box.y1 + face.box.y2) / 2)
    off = np.hypot(*(truth.portrait_px.mean(0) - middle))
    is_portrait = bool(off < 0.35 * np.linalg.norm(truth.portrait_px[1] - truth.portrait_px[0]))
    inside = cv2.pointPolygonTest(truth.corners_px.reshape(-1, 1, 2), middle, measureDist=False) > 0
    return is_portrait, inside and not is_portrait


def shared(one: Floats, other: Floats | None) -> float:
    """Give the intersection over union of two quadrilaterals within the picture."""
    if other is None:
        return 0.0
    a, b = (within_frame(each) for each in (one, other))
    both = cv2.intersectConvexConvex(a, b)[0]
    return float(both / max(cv2.contourArea(a) + cv2.contourArea(b) - both, 1e-6))


def within_frame(corners: Floats) -> Floats:
    """Give what of a quadrilateral lies in the picture."""
    clipped = cv2.intersectConvexConvex(corners.astype(np.float32).reshape(-1, 1, 2), FRAME)[1]
    return corners.astype(np.float32) if clipped is None or len(clipped) < 3 else np.asarray(clipped, np.float32)


def logistic(rows: Reals, right: Reals, weight: Reals) -> tuple[Reals, float]:
    """Give weights and offset of a logistic regression with a ridge."""
    mean, spread = rows.mean(0), rows.std(0) + 1e-9
    scaled = np.column_stack(((rows - mean) / spread, np.ones(len(rows))))

    def loss(b: Reals) -> tuple[float, Reals]:
        odds = scaled @ b
        value = (weight * (np.logaddexp(0, odds) - right * odds)).sum() / weight.sum() + RIDGE * (b[:-1] ** 2).sum()
        slope = scaled.T @ (weight * (1 / (1 + np.exp(-odds)) - right)) / weight.sum()
        return float(value), slope + 2 * RIDGE * np.append(b[:-1], 0)

    best = np.asarray(minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B").x, np.float64)
    weights = best[:-1] / spread
    return weights, float(best[-1] - mean @ weights)


def fitted_quads(tried: list[Tried]) -> tuple[Reals, float]:
    """Give the weights of the traits; of each face's wrong quadrilaterals those count that look right."""
    chosen = [(one.traits, one.right) for one in tried]
    rows = np.concatenate([told[(right > RIGHT) | (right < WRONG)] for told, right in chosen])
    is_right = np.concatenate([right[(right > RIGHT) | (right < WRONG)] > RIGHT for _, right in chosen]).astype(float)
    owner = np.concatenate([np.full(int(((r > RIGHT) | (r < WRONG)).sum()), n) for n, (_, r) in enumerate(chosen)])
    counts = np.zeros((len(tried), 2))
    np.add.at(counts, (owner, is_right.astype(int)), 1)
    weight = 1 / counts[owner, is_right.astype(int)]
    weights, offset = logistic(rows, is_right, weight)
    wrong = is_right == 0
    for _ in range(HARDENINGS):
        odds = rows @ weights + offset
        best = np.full(len(tried), -np.inf)
        np.maximum.at(best, owner[wrong], odds[wrong])
        hard = np.where(wrong, np.exp(1.5 * np.minimum(odds - best[owner], 0)), 0)
        total = np.zeros(len(tried))
        np.add.at(total, owner, hard)
        weights, offset = logistic(rows, is_right, np.where(wrong, hard / np.maximum(total[owner], 1e-9), weight))
    return weights, offset


def printed_rows(tried: list[Tried], weights: Reals, offset: float) -> Reals:
    """Give, for each face, the odds of its likeliest quadrilateral and the print traits there."""
    rows = []
    for one in tried:
        odds = one.traits @ weights + offset
        best = int(np.argmax(odds))
        middle = ((one.face.box.x1 + one.face.box.x2) / 2, (one.face.box.y1 + one.face.box.y2) / 2)
        told = print_traits(decoded(one.jpeg), one.corners_px[best], (*middle, one.face.box.width_px))
        rows.append([max(float(odds[best]), -8.0), *told])
    return np.array(rows)


def fitted(tried: list[Tried]) -> tuple[Callable[[list[Tried]], Reals], list[str]]:
    """Give what judges faces, fitted on these, and its lines for `core/documents/evidence.py`."""
    weights, offset = fitted_quads(tried)
    is_portrait = np.array([one.is_portrait for one in tried], float)
    slopes, constant = logistic(printed_rows(tried, weights, offset), is_portrait, np.ones(len(tried)))

    def judge(others: list[Tried]) -> Reals:
        return np.asarray(printed_rows(others, weights, offset) @ slopes + constant, np.float64)

    return judge, lines_of(weights, offset, slopes, constant)


def lines_of(weights: Reals, offset: float, slopes: Reals, constant: float) -> list[str]:
    """Give the lines for `core/documents/evidence.py`."""
    return [
        *(f'"{name}": {value:.3f},' for name, value in zip(TRAITS, weights, strict=True)),
        f"OFFSET = {offset:.3f}",
        *(f'"{name}": {value:.3f},' for name, value in zip(PRINT_TRAITS, slopes[1:], strict=True)),
        f"PRINT_OFFSET, PRINT_SLOPE = {constant:.3f}, {slopes[0]:.3f}",
    ]


def report(tried: list[Tried]) -> None:
    """Print the weights, and what passes at which odds, by weights fitted without the scene."""
    odds = np.zeros(len(tried))
    fold = np.array([one.scene % FOLDS for one in tried])
    for number in range(FOLDS):
        judge, _ = fitted([one for one, its in zip(tried, fold, strict=True) if its != number])
        odds[fold == number] = judge([one for one, its in zip(tried, fold, strict=True) if its == number])
    print(*fitted(tried)[1], sep="\n")
    print("\nshare of faces at or above odds of", *(f"{at:+.1f}" for at in (-2.5, -1.2, -1.0, 0.0, 1.0, 2.2)))
    for kind in dict.fromkeys(one.kind for one in tried):
        for is_portrait, name in ((True, "portrait"), (False, "other face")):
            taken = np.array([one.kind == kind and one.is_portrait == is_portrait for one in tried])
            if taken.any():
                shares = " ".join(f"{(odds[taken] >= at).mean():.3f}" for at in (-2.5, -1.2, -1.0, 0.0, 1.0, 2.2))
                print(f"{kind:>16} {name:>10} {taken.sum():>4}  {shares}")


if __name__ == "__main__":
    main()
