"""
What `synthetic.py` and `masks.py` beside it share: faces, attacks made of them, scores, and what those are worth.

Thresholds are set on genuine pictures of the first half of the people by name, everything that is reported is of the
second half. Every picture, genuine or attacked, is saved as a JPEG first and its face is found anew.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.faces.detect import detect
from ipse.core.faces.refine import refine
from ipse.core.faces.subject import choose
from ipse.core.genuineness.crop import crop, score, too_coarse
from ipse.core.vocabulary import Floats, Network, Pixels, Subject
from ipse.evaluation.rates import Rate, rate
from ipse.infra.settings import read_settings
from ipse.models.manifest import Manifest, Role
from ipse.models.session import RuntimeChoice, open_network

Attack: TypeAlias = Callable[[Pixels, Floats, Pixels, Floats, int], Pixels]
"""A face, its points, somebody else's face, its points, a seed: the attack."""

QUALITY: Final = 92
"""JPEG quality at which everything is saved; LFW's own files are about as good."""

REPLICATES: Final = 1000
WANTED_BPCER: Final = 0.05
"""Thresholds are set where so many genuine pictures of the first half are suspected, not below `LEAST_THRESHOLD`."""

LEAST_THRESHOLD: Final = 0.5
"""
Press photographs score lower than a telephone's: the genuine pictures of data/spoof lie above nine in ten of LFW's.
"""


@dataclass(frozen=True)
class Family:
    """A way to attack, and whether the networks were trained on it."""

    name: str
    attack: Attack
    is_trained_on: bool


@dataclass(frozen=True)
class Found:
    """A picture and the five points of the face that it is about."""

    pixels: Pixels
    landmarks_px: Floats


class Finder:
    """The project's detector."""

    def __init__(self) -> None:
        weight = Manifest.load().network("detect")
        self._network = open_network(weight, read_settings().weights_dir / weight.file, RuntimeChoice())

    def find(self, pixels: Pixels, subject: Subject = Subject.CENTRE) -> Found | None:
        """Give the picture with its face's points."""
        faces = detect(pixels, self._network)
        if not faces:
            return None
        face = faces[choose(faces, subject, pixels.shape[1], pixels.shape[0])]
        return Found(pixels, refine(pixels, face, self._network).landmarks_px)

    def saved_and_found(self, pixels: Pixels) -> Found | None:
        """Give the picture as its JPEG shows it."""
        _, file = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        return self.find(_rgb(cv2.imdecode(file, cv2.IMREAD_COLOR)))


def _rgb(picture: object) -> Pixels:
    """Give OpenCV's picture in our order of colours."""
    return np.ascontiguousarray(np.asarray(picture, np.uint8)[..., ::-1])


def people(folder: Path, half: int, count: int, finder: Finder) -> list[Found]:
    """Give one picture each of some people of one half by name, evenly spread."""
    everybody = sorted(place for place in folder.iterdir() if place.is_dir())
    middle = len(everybody) // 2
    some = everybody[:middle] if half == 0 else everybody[middle:]
    chosen = [some[at] for at in np.linspace(0, len(some) - 1, min(count, len(some))).astype(int)]
    found = (finder.find(_rgb(cv2.imread(str(min(place.glob("*.jpg")))))) for place in chosen)
    return [one for one in found if one is not None]


def networks(role: Role) -> dict[str, Network]:
    """Give the networks that this package ships for a role, by the names of their weights."""
    folder = resources.files("ipse.models.trained")
    opened: dict[str, Network] = {}
    for weight in Manifest.load().networks:
        if weight.role == role and weight.sources[0].kind == "shipped":
            with resources.as_file(folder.joinpath(weight.file)) as path:
                opened[weight.name] = open_network(weight, path, RuntimeChoice(), allow_research=True)
    return opened


def told(found: Found | None, opened: Mapping[str, Network]) -> list[float]:
    """Give the score of every network; NaN where the face is lost or too small."""
    if found is None or too_coarse(found.landmarks_px):
        return [np.nan] * len(opened)
    seen = crop(found.pixels, found.landmarks_px)
    return [score(seen, network) for network in opened.values()]


def area(genuine: NDArray[np.float64], attacked: NDArray[np.float64]) -> float:
    """Give the area under the curve: how often an attack scores above a genuine picture; ties count half."""
    order = np.sort(genuine)
    below, upto = np.searchsorted(order, attacked, "left"), np.searchsorted(order, attacked, "right")
    return float((below + upto).mean() / 2 / len(order))


def area_interval(genuine: NDArray[np.float64], attacked: NDArray[np.float64]) -> tuple[float, float]:
    """Give the 95 % interval of the area, people drawn with replacement: row by row both are of one person."""
    chance = np.random.default_rng(1)
    drawn = (chance.integers(len(genuine), size=len(genuine)) for _ in range(REPLICATES))
    areas = [area(genuine[at], attacked[at]) for at in drawn]
    low, high = np.quantile(areas, (0.025, 0.975))
    return float(low), float(high)


@dataclass(frozen=True)
class Measured:
    """What was measured of one network."""

    name: str
    threshold: float
    bpcer: Rate | None
    families: list[dict[str, Any]]
    pictures: list[dict[str, Any]]


def measure(role: Role, families: Sequence[Family], data: Path, count: int) -> list[Measured]:
    """Give what the shipped networks of a role are worth."""
    finder, opened = Finder(), networks(role)
    fitting = np.array(
        [told(finder.saved_and_found(one.pixels), opened) for one in people(data / "faces", 0, count, finder)]
    )
    some = people(data / "faces", 1, count, finder)
    genuine = np.array([told(finder.saved_and_found(one.pixels), opened) for one in some])
    attacked = {
        family.name: np.array([told(finder.saved_and_found(one), opened) for one in _attacked(family, some)])
        for family in families
    }
    pictures = [(file.name, told(finder.find(_upright(file), Subject.LARGEST), opened)) for file in _spoofs(data)]
    return [
        _measured(
            name, fitting[:, at], genuine[:, at],
            [(family, attacked[family.name][:, at]) for family in families],
            [(file, scores[at]) for file, scores in pictures],
        )
        for at, name in enumerate(opened)
    ]  # fmt: skip


def _attacked(family: Family, some: Sequence[Found]) -> Iterator[Pixels]:
    """Give everybody attacked; the other face is that of the person half the list on."""
    for at, one in enumerate(some):
        other = some[(at + len(some) // 2) % len(some)]
        yield family.attack(one.pixels, one.landmarks_px, other.pixels, other.landmarks_px, 10**6 + at)


def _spoofs(data: Path) -> list[Path]:
    """Give the pictures of real attacks."""
    return sorted(file for file in (data / "spoof").iterdir() if file.suffix != ".csv")


def _upright(file: Path) -> Pixels:
    """Give a picture turned as its EXIF says, at most 1,000 pixels high."""
    pixels = _rgb(cv2.imread(str(file), cv2.IMREAD_COLOR))
    share = min(1.0, 1000 / pixels.shape[0])
    size = round(pixels.shape[1] * share), round(pixels.shape[0] * share)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _measured(
    name: str,
    fitting: NDArray[np.float64],
    genuine: NDArray[np.float64],
    attacked: Sequence[tuple[Family, NDArray[np.float64]]],
    pictures: Sequence[tuple[str, float]],
) -> Measured:
    """Give the figures of one network."""
    threshold = round(max(LEAST_THRESHOLD, float(np.nanquantile(fitting, 1 - WANTED_BPCER))), 3)
    rows = []
    for family, scores in attacked:
        both = ~np.isnan(genuine) & ~np.isnan(scores)
        low, high = area_interval(genuine[both], scores[both])
        missed = rate(int((scores[both] < threshold).sum()), int(both.sum()), None, int(both.sum()))
        assert missed is not None
        rows.append({"family": family.name, "trained_on": family.is_trained_on, "count": int(both.sum()),
                     "lost": int((~both).sum()), "auc": area(genuine[both], scores[both]), "auc_low": low,
                     "auc_high": high, "apcer": missed.value, "apcer_low": missed.low,
                     "apcer_high": missed.high})  # fmt: skip
    answered = genuine[~np.isnan(genuine)]
    suspected = rate(int((answered >= threshold).sum()), len(answered), None, len(answered))
    files = [{"file": file, "score": None if np.isnan(value) else round(value, 3)} for file, value in pictures]
    return Measured(name, threshold, suspected, rows, files)


def write(measured: Sequence[Measured], title: str, script: Path, count: int) -> None:
    """Write the figures as JSON and as a page, beside the script."""
    tables = [
        {"weight": one.name, "threshold": one.threshold,
         "bpcer": [one.bpcer.value, one.bpcer.low, one.bpcer.high] if one.bpcer else None,
         "families": one.families, "pictures": one.pictures}
        for one in measured
    ]  # fmt: skip
    script.with_suffix(".json").write_text(json.dumps(tables, indent=1) + "\n", encoding="utf-8")
    command = f"PYTHONPATH=. python benchmarks/accuracy/{script.name} ../shared/data --people {count}"
    lines = [f"# {title}", "", f"Written by `{command}`.",
             "Simulated attacks on people whom no network has seen (the second half of LFW by name), saved as JPEG;",
             f"95 % intervals. Thresholds stand where {WANTED_BPCER:.0%} of genuine pictures of the first half are",
             f"suspected, but not below {LEAST_THRESHOLD:g}; the research network has seen those people, so its BPCER",
             "may be higher on the second half.",
             "Real attacks may look different: the last table has the few real pictures, far too few for a rate.",
             ""]  # fmt: skip
    for one in measured:
        lines += _page(one)
    script.with_suffix(".md").write_text("\n".join(lines), encoding="utf-8")


def _page(one: Measured) -> Iterator[str]:
    """Give the lines about one network."""
    assert one.bpcer is not None
    bpcer = f"{one.bpcer.value:.1%} [{one.bpcer.low:.1%}, {one.bpcer.high:.1%}] of {one.bpcer.trials}"
    yield from (f"## `{one.name}`", "", f"Threshold {one.threshold:g}; BPCER {bpcer}.", "")
    yield from ("| attack | trained on | pictures | AUC | APCER |", "|---|---|---|---|---|")
    for row in one.families:
        seen = "yes, other people" if row["trained_on"] else "no"
        auc = f"{row['auc']:.3f} [{row['auc_low']:.3f}, {row['auc_high']:.3f}]"
        apcer = f"{row['apcer']:.1%} [{row['apcer_low']:.1%}, {row['apcer_high']:.1%}]"
        yield f"| {row['family']} | {seen} | {row['count']} | {auc} | {apcer} |"
    yield from ("", "| picture of data/spoof | score |", "|---|---|")
    for row in one.pictures:
        yield f"| {row['file']} | {'not assessed' if row['score'] is None else row['score']} |"
    yield ""
