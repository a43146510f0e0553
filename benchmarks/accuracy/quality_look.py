"""
What the shipped examiner sees in pictures, whole or damaged: the raw material of the quality's fit and report.

People are split into two halves once and for all: what is fitted is fitted on the first, what is reported is measured
on the second.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from degrade import degrade, opened
from numpy.typing import NDArray

from ipse.core.faces.align import align
from ipse.core.faces.examine import Examiner, Wish
from ipse.core.images import Limits
from ipse.core.vocabulary import Face, Floats, Measure, Network, Pixels, Precision, Quality, Subject
from ipse.models.fetch import fetch
from ipse.models.manifest import Manifest
from ipse.models.session import RuntimeChoice, open_network

SPLIT_SEED = 20_000
"""Seed that deals the people into two halves."""


@dataclass(frozen=True)
class Picture:
    """A picture of the folder, who is on it, and which half that person belongs to."""

    file: Path
    person: int
    fitted: bool


@dataclass(frozen=True)
class Damage:
    """What is done to a picture before it is looked at."""

    kind: str
    seed: int


@dataclass(frozen=True)
class Seen:
    """
    What was seen in one picture; `face` is `None` where none was found, and the rest is empty then.

    Attributes:
        picture: Number of the picture.
        person: Number of the person.
        kind: `"clean"`, or the damage.
        resized: Whether the damage left the picture smaller than it was.
        vector: The template.
        norm: Length of the embedding before it was normalised.
        aligned: (112, 112, 3) uint8 RGB.
        quality: What the shipped code makes of it.
        covered: (112, 112) float32, 1 where the damage covered the aligned face; only for `"covered"`.
    """

    picture: int
    person: int
    kind: str
    resized: bool
    face: Face | None = None
    vector: Floats = field(default_factory=lambda: np.zeros(0, np.float32), repr=False)
    norm: float = 0.0
    aligned: Pixels = field(default_factory=lambda: np.zeros((112, 112, 3), np.uint8), repr=False)
    quality: Quality = field(default_factory=lambda: Quality(0.0, {}), repr=False)
    covered: Floats | None = field(default=None, repr=False)

    def raw(self, name: str) -> float:
        """Give a measure's raw value; not a number where it was not assessed."""
        value = self.quality.measures.get(name, Measure(None, None)).raw
        return float("nan") if value is None else value


class Unhurried:
    """A stopwatch that nobody reads."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time nothing."""
        del name
        yield


class Overheard:
    """The embedding network, with what went in and came out first since `forget`."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.first: tuple[Floats, Floats] | None = None

    @property
    def digest(self) -> str:
        """Digest of the weights."""
        return self._network.digest

    @property
    def precision(self) -> Precision:
        """Arithmetic in use."""
        return self._network.precision

    def forget(self) -> None:
        """Listen anew."""
        self.first = None

    def run(self, tensor: Floats) -> Mapping[str, Floats]:
        """Run the network, and keep tensor and answer if they are the first."""
        answers = self._network.run(tensor)
        if self.first is None:
            (answer,) = answers.values()
            self.first = (tensor.copy(), answer.copy())
        return answers


class Looker:
    """The shipped examiner with open ears; one per thread."""

    def __init__(self, detector: Network, embedder: Network) -> None:
        self._overheard = Overheard(embedder)
        self._examiner = Examiner(detector, self._overheard, "balanced")

    def look(self, number: int, picture: Picture, damage: Damage | None) -> Seen:
        """Give what is seen in a picture."""
        clean = opened(picture.file.read_bytes())
        pixels = clean if damage is None else degrade(clean, damage.kind, damage.seed, number)
        kind = "clean" if damage is None else damage.kind
        resized = pixels.shape != clean.shape
        self._overheard.forget()
        found = self._examiner.examine(pixels, Wish(subject=Subject.CENTRE), Limits(), Unhurried())
        if found.subject is None or found.template is None or found.quality is None or self._overheard.first is None:
            return Seen(number, picture.person, kind, resized)
        tensor, answer = self._overheard.first
        face = found.faces[found.subject].face
        return Seen(
            number,
            picture.person,
            kind,
            resized,
            face,
            found.template.vector,
            float(np.linalg.norm(answer)),
            np.ascontiguousarray(tensor[0].transpose(1, 2, 0), np.uint8),
            found.quality,
            _difference(clean, pixels, face) if kind == "covered" else None,
        )


def _difference(clean: Pixels, pixels: Pixels, face: Face) -> Floats:
    """Give where on the aligned face a block was laid, (112, 112) float32."""
    changed = (clean != pixels).any(axis=2).astype(np.uint8) * 255
    grain = np.ones((7, 7), np.uint8)  # a block's pixel may have the face's colour by chance
    closed = np.asarray(cv2.morphologyEx(changed, cv2.MORPH_CLOSE, grain), np.uint8)
    moved = align(np.repeat(closed[:, :, None], 3, axis=2), face.landmarks_px)
    return np.asarray(moved[:, :, 0] / 255, np.float32)


def pictures(folder: Path) -> list[Picture]:
    """Give the pictures of a folder of people, each with its person's half."""
    files = sorted(folder.glob("*/*.jpg"))
    names = sorted({file.parent.name for file in files})
    order = np.random.default_rng(SPLIT_SEED).permutation(len(names))
    first = set(order[: len(names) // 2].tolist())
    number = {name: index for index, name in enumerate(names)}
    return [Picture(file, number[file.parent.name], number[file.parent.name] in first) for file in files]


def look_at(
    folder: list[Picture], wanted: Sequence[tuple[int, Damage | None]], weights: Path, threads: int
) -> list[Seen]:
    """Give what is seen in the wanted pictures, in their order."""
    manifest = Manifest.load()
    by_role = {weight.role: weight for weight in manifest.networks if weight.default}
    chosen = [by_role["detect"], by_role["embed"]]
    paths = fetch(chosen, weights)
    choice = RuntimeChoice(precision="float32", threads=threads)
    detector, embedder = (open_network(weight, path, choice) for weight, path in zip(chosen, paths, strict=True))
    embedder.warm_up()
    cv2.setNumThreads(1)

    def share(start: int) -> list[Seen]:
        looker = Looker(detector, embedder)
        return [looker.look(number, folder[number], damage) for number, damage in wanted[start::threads]]

    with ThreadPoolExecutor(threads) as pool:
        shares = list(pool.map(share, range(threads)))
    return [shares[place % threads][place // threads] for place in range(len(wanted))]


def threshold(seen: Sequence[Seen], fmr: float) -> float:
    """Give the similarity that this share of all impostor pairs exceeds."""
    vectors, people = stacked(seen)
    scores = vectors @ vectors.T
    upper = np.triu(people[:, None] != people[None, :], 1)
    impostors = scores[upper]
    return float(np.partition(impostors, len(impostors) - round(fmr * len(impostors)))[-round(fmr * len(impostors))])


def stacked(seen: Sequence[Seen]) -> tuple[Floats, NDArray[np.int64]]:
    """Give the templates and the people of what was seen."""
    return np.stack([one.vector for one in seen]), np.array([one.person for one in seen])


def arguments(about: str | None) -> argparse.ArgumentParser:
    """Give the arguments that fit and report share."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folders", type=Path, default=Path("../shared/data/faces"), help="one folder per person")
    parser.add_argument("--weights", type=Path, default=Path.home() / ".cache" / "ipse" / "weights")
    parser.add_argument("--threads", type=int, default=2)
    return parser
