"""
Holder and card in one picture: are both faces found, told apart, and is the score worth what it says?

Scenes are composed from the second half of the people, none of whom had a part in anything used here: the weights of
the evidence for cards and the curve were fitted on the first half. Portraits are printed 40, 60, 100 and 160 px wide in
pictures of 1280 by 960 (the photograph on the card; its face is 0.62 as wide). Genuine pairs are a card's portrait and
its holder, two pictures of one person; impostor pairs are each portrait against the plain pictures of all others.
Writes card_portraits.md and card_portraits.json beside this file.

    python benchmarks/accuracy/card_portraits.py [--folders DIR] [--scenes N] [--cache DIR]
"""

import argparse
import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from calibration_honesty import DATASET, POPULATION, templates
from composer.card import Floats, drawn_card
from composer.people import SEED, Half, People, opened
from composer.scene import Scene, card_alone, person_alone, selfie_with_card, side_by_side, to_jpeg
from numpy.typing import NDArray
from shares import Share

from ipse.core.faces.examine import Wish
from ipse.core.faces.holding import Holding
from ipse.core.images import Limits
from ipse.core.reasons import Reason
from ipse.core.scoring.calibration import Curve
from ipse.core.scoring.portraits import as_plain
from ipse.core.vocabulary import Face
from ipse.evaluation.acquire import Gallery
from ipse.evaluation.bootstrap import draws
from ipse.evaluation.exclusions import Exclusions, read_exclusions
from ipse.evaluation.fit import fit_curve
from ipse.evaluation.pairs import Trials, read_folders
from ipse.evaluation.provenance import provenance_of
from ipse.evaluation.scores import compare_all
from ipse.verifier import Untimed, Verifier

HERE = Path(__file__).parent
DRAWS: Final[Mapping[Half, int]] = MappingProxyType({"first": SEED, "second": 20261121})
"""
Decides whom the scenes show, in which pictures, on which cards and how held. That of the second half is looked at once,
when what it reports on is settled; the next settling gets another.
"""
Draw = tuple[int, int]
"""A seed of `DRAWS`, and how wide portraits are in its scenes."""
WIDTHS_PX = (40, 60, 100, 160)
STATED = (1e-2, 1e-3, 1e-4)
"""What Linkface's verify_score 0.5, 0.6 and 0.7 mean."""
LEAST_FOUND, LEAST_PAIRED, FACTOR = 0.98, 0.99, 2.0
"""What is to be reached: two faces found from 60 px on, right pairing, measured FMR within a factor of the stated."""


@dataclass(frozen=True)
class Seen:
    """
    What was made of one scene: both faces found, rightly told apart, and the templates (zeros if not).

    `crowded`: refused all the same, since a third face counts (somebody in the background, or what looks like a face).
    """

    person: int
    found: bool
    paired: bool
    crowded: bool
    face_px: float
    portrait: Floats
    holder: Floats


@dataclass(frozen=True)
class Figures:
    """What one width came to."""

    width_px: int
    face_px: float
    found: Share
    paired: Share
    crowded: Share
    tar: dict[float, Share]
    tar_of_all: dict[float, Share]
    fmr: dict[float, tuple[int, int]]
    bare_fmr: dict[float, tuple[int, int]]
    bare_tar: dict[float, Share]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folders", type=Path, default=HERE.parents[2] / "shared" / "data" / "faces")
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--cache", type=Path, help="keep templates here; empty it when the pipeline changes")
    given = parser.parse_args()
    verifier = Verifier()
    trials = read_folders(given.folders)
    exclusions = read_exclusions(HERE / "exclusions.csv", trials)
    recipe = verifier.engine.holders.recipe
    gallery = without(templates(trials, recipe.profile, recipe.precision, given.cache), exclusions)
    curve = curve_of_half(gallery, trials, exclusions)
    sides = {half: People.of(trials, half) for half in DRAWS}
    kept = (
        {}
        if given.cache is None
        else {
            (half, width): given.cache / f"{half}-{width}-{given.scenes}-{DRAWS[half]}-{recipe.embedder[:8]}.npz"
            for half in sides
            for width in WIDTHS_PX
        }
    )
    counts: dict[Half, int] = {"second": given.scenes, "first": given.scenes // 2}
    seen = {
        (half, width): look_at(verifier, sides[half], (DRAWS[half], width), count, kept.get((half, width)))
        for half, count in counts.items()
        for width in WIDTHS_PX
    }
    needed = {width: stretches(seen["first", width], gallery, trials, sides["first"], curve) for width in WIDTHS_PX}
    figures = [figures_of(width, seen["second", width], gallery, trials, sides["second"], curve) for width in WIDTHS_PX]
    refused = refusals(verifier, sides["second"], given.scenes // 3)
    write(figures, refused, curve, needed, verifier, given.scenes)


def without(gallery: Gallery, exclusions: Exclusions) -> Gallery:
    """Give the gallery without the pictures whose label is wrong."""
    kept = ~np.isin(gallery.pictures, exclusions.pictures)
    return Gallery(gallery.vectors[kept], gallery.pictures[kept], (), gallery.recipe)


def within(gallery: Gallery, trials: Trials, people: People) -> Gallery:
    """Give the templates of some people."""
    kept = np.isin(trials.people[gallery.pictures], people.numbers)
    return Gallery(gallery.vectors[kept], gallery.pictures[kept], (), gallery.recipe)


def curve_of_half(gallery: Gallery, trials: Trials, exclusions: Exclusions) -> Curve:
    """Give the curve of the first half's plain pictures, fitted as the shipped ones are."""
    part = within(gallery, trials, People.of(trials, "first"))
    scores = compare_all(part, trials.people, exclusions)
    origin = provenance_of(scores, DATASET, POPULATION, datetime.now(UTC).date().isoformat(), exclusions)
    return fit_curve(scores, tuple(draws(scores, 2)), part.recipe, origin)


def composed(people: People, draw: Draw, numbers: Sequence[tuple[int, int, int]], index: int) -> Scene:
    """Give scene number `index`: a person with a card that shows another picture of the same person."""
    person, card, holder = numbers[index]
    rng = np.random.default_rng([*draw, person])
    pictures = people.pictures_of(person)
    return selfie_with_card(opened(pictures[holder]), drawn_card(opened(pictures[card]), rng), draw[1], rng)


def cast(verifier: Verifier, people: People, draw: Draw, count: int) -> list[tuple[int, int, int]]:
    """
    Give whom the scenes show and in which pictures: (person, picture on the card, picture of the holder).

    Only pictures that show one face: who else stands in one of the rest is nobody's holder, but not composed either.
    """
    rng = np.random.default_rng(draw)
    chosen: list[tuple[int, int, int]] = []
    for person in rng.permutation(people.with_two_pictures()):
        pictures = people.pictures_of(int(person))
        card, holder = (int(one) for one in rng.permutation(len(pictures))[:2])
        if all(is_alone(verifier, pictures[one]) for one in (card, holder)):
            chosen.append((int(person), card, holder))
        if len(chosen) == count:
            break
    return chosen


def is_alone(verifier: Verifier, picture: Path) -> bool:
    """Tell whether a picture shows one face."""
    return len(verifier.examine(picture, Wish(quality="none", template=False)).faces) == 1


def look_at(verifier: Verifier, people: People, draw: Draw, count: int, kept: Path | None) -> list[Seen]:
    """Give what is made of the scenes of one draw, from the file kept before if there is one."""
    if kept is not None and kept.exists():
        with np.load(kept) as held:
            return [Seen(*row) for row in zip(*(held[name] for name in Seen.__dataclass_fields__), strict=True)]
    numbers = cast(verifier, people, draw, count)
    with ProcessPoolExecutor(2) as pool:
        scenes = pool.map(partial(composed, people, draw, numbers), range(len(numbers)), chunksize=4)
        seen = [judged(verifier, scene, person) for scene, (person, *_) in zip(scenes, numbers, strict=True)]
    print(draw[1], "px:", len(seen), "scenes,", sum(each.found for each in seen), "found,", end=" ")
    print(sum(each.paired for each in seen), "paired", flush=True)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        columns = {name: np.array([getattr(each, name) for each in seen]) for name in Seen.__dataclass_fields__}
        np.savez(kept, allow_pickle=False, **columns)
    return seen


def judged(verifier: Verifier, scene: Scene, person: int) -> Seen:
    """Give what is made of one scene."""
    held = verifier.engine.holders.examine(scene.jpeg, "upright", Limits(), Untimed())
    assert scene.holder_px is not None
    x, y, size = scene.holder_px
    wide = float(np.linalg.norm(scene.portrait_px[1] - scene.portrait_px[0]))
    middle = scene.portrait_px.mean(axis=0).tolist()
    portrait = nearest(held, middle[0], middle[1], 0.35 * wide)
    holder = nearest(held, x, y, 0.5 * size)
    found = portrait is not None and holder is not None
    paired = found and (held.pairing.printed, held.pairing.holder) == (portrait, holder)
    nothing = np.zeros(128, np.float32)
    return Seen(
        person,
        found,
        paired,
        paired and held.pairing.trouble is not None,
        held.faces[portrait].box.width_px if portrait is not None else 0.0,
        held.templates[portrait].vector if paired and portrait is not None else nothing,
        held.templates[holder].vector if paired and holder is not None else nothing,
    )


def nearest(held: Holding, x: float, y: float, within_px: float) -> int | None:
    """Give the face whose middle is nearest to a place, if it is near enough."""

    def away(face: Face) -> float:
        return float(np.hypot((face.box.x1 + face.box.x2) / 2 - x, (face.box.y1 + face.box.y2) / 2 - y))

    best = min(range(len(held.faces)), key=lambda index: away(held.faces[index]), default=None)
    return best if best is not None and away(held.faces[best]) <= within_px else None


def impostors(seen: Sequence[Seen], gallery: Gallery, trials: Trials, people: People) -> NDArray[np.float64]:
    """
    Give the similarity of every portrait with every plain picture of the other people of its half, and its width.

    Shape: -> (P, 2) float64.
    """
    part = within(gallery, trials, people)
    owners = trials.people[part.pictures]
    rows = []
    for each in (each for each in seen if each.paired):
        alike = part.vectors[owners != each.person] @ each.portrait
        rows.append(np.column_stack((alike, np.full(len(alike), each.face_px))).astype(np.float64))
    return np.concatenate(rows)


def stretches(
    seen: Sequence[Seen], gallery: Gallery, trials: Trials, people: People, curve: Curve
) -> tuple[float, ...]:
    """Give by how much the similarities of some portraits must be stretched at 0 for each stated rate to be right."""
    found = []
    scores = np.sort([alike for alike, _ in impostors(seen, gallery, trials, people)])[::-1]
    for fmr in STATED:
        plain, bare = curve.similarity_at(fmr), float(scores[int(fmr * len(scores))])
        found.append(plain * (1 - bare) / (bare * (1 - plain)))
    return tuple(found)


def figures_of(
    width_px: int, seen: Sequence[Seen], gallery: Gallery, trials: Trials, people: People, curve: Curve
) -> Figures:
    """Give the figures of one width."""
    at = {fmr: curve.similarity_at(fmr) for fmr in STATED}
    strangers = impostors(seen, gallery, trials, people)
    told = np.array([as_plain(alike, face_px) for alike, face_px in strangers.tolist()])
    found = [each for each in seen if each.found]
    paired = [each for each in found if each.paired]
    genuine = {id(each): as_plain(float(each.portrait @ each.holder), each.face_px) for each in paired}
    bare = np.array([float(each.portrait @ each.holder) for each in paired])
    answered = [genuine[id(each)] for each in paired if not each.crowded]
    return Figures(
        width_px=width_px,
        face_px=float(np.median([each.face_px for each in found])),
        found=Share(len(found), len(seen)),
        paired=Share(len(paired), len(found)),
        crowded=Share(sum(each.crowded for each in found), len(found)),
        tar={fmr: Share(sum(one >= place for one in genuine.values()), len(paired)) for fmr, place in at.items()},
        tar_of_all={fmr: Share(sum(one >= place for one in answered), len(seen)) for fmr, place in at.items()},
        fmr={fmr: (int((told >= place).sum()), len(told)) for fmr, place in at.items()},
        bare_fmr={fmr: (int((strangers[:, 0] >= place).sum()), len(told)) for fmr, place in at.items()},
        bare_tar={fmr: Share(int((bare >= place).sum()), len(paired)) for fmr, place in at.items()},
    )


def refusals(verifier: Verifier, people: People, count: int) -> dict[str, Share]:
    """Give how often a picture without holder, card or both is refused for that reason."""
    wanted = {"two plain portraits side by side": Reason.FACES_NOT_ON_CARD, "a card alone": Reason.HOLDER_MISSING}
    wanted["a person alone"] = Reason.FACES_FEW
    taken: dict[str, list[Reason | None]] = {name: [] for name in wanted}
    pairs = list(people_in_pairs(verifier, people, count))
    with ProcessPoolExecutor(2) as pool:
        for shown in pool.map(without_one_or_both, range(len(pairs)), pairs, chunksize=4):
            for name, jpeg in shown.items():
                held = verifier.engine.holders.examine(jpeg, "upright", Limits(), Untimed())
                taken[name].append(held.pairing.trouble)
    told = {name: Share(sum(why is wanted[name] for why in reasons), len(reasons)) for name, reasons in taken.items()}
    passed = {
        f"{name}: taken for holder and card": Share(sum(why is None for why in reasons), len(reasons))
        for name, reasons in taken.items()
    }
    return told | passed


def without_one_or_both(number: int, pair: tuple[Path, Path]) -> dict[str, bytes]:
    """Give a picture of each kind that lacks the holder, the card or both."""
    rng = np.random.default_rng([DRAWS["second"], 1, number])
    pictures = opened(pair[0]), opened(pair[1])
    return {
        "two plain portraits side by side": to_jpeg(side_by_side(*pictures, rng), 85),
        "a card alone": card_alone(drawn_card(pictures[0], rng, with_ghost=True), rng.uniform(100, 240), rng).jpeg,
        "a person alone": to_jpeg(person_alone(pictures[1], rng), 85),
    }


def people_in_pairs(verifier: Verifier, people: People, count: int) -> Iterator[tuple[Path, Path]]:
    """Give pictures of two people each, with one face in every picture."""
    rng = np.random.default_rng([DRAWS["second"], 2])
    alone = (
        picture
        for person in rng.permutation(people.numbers)
        if is_alone(verifier, picture := people.pictures_of(int(person))[0])
    )
    for _ in range(count):
        yield next(alone), next(alone)


def write(
    figures: Sequence[Figures],
    refused: dict[str, Share],
    curve: Curve,
    needed: dict[int, tuple[float, ...]],
    verifier: Verifier,
    scenes: int,
) -> None:
    """Write the page and the numbers."""
    plain = {
        "seed": SEED,
        "draws": dict(DRAWS),
        "scenes": scenes,
        "machine": platform.processor() or platform.machine(),
        "runtime": str(verifier.engine.facts),
        "thresholds": {f"{fmr:.0e}": curve.similarity_at(fmr) for fmr in STATED},
        "stretches_of_first_half": {str(width): list(each) for width, each in needed.items()},
        "widths": [asdict(each) for each in figures],
        "refused": {name: asdict(share) for name, share in refused.items()},
    }
    text = json.dumps(plain, indent=2, default=str)
    (HERE / "card_portraits.json").write_text(text + "\n", encoding="utf-8")
    (HERE / "card_portraits.md").write_text(page(figures, refused, needed, verifier, scenes), encoding="utf-8")
    print(page(figures, refused, needed, verifier, scenes))


def page(
    figures: Sequence[Figures],
    refused: dict[str, Share],
    needed: dict[int, tuple[float, ...]],
    verifier: Verifier,
    scenes: int,
) -> str:
    """Give card_portraits.md."""
    facts = verifier.engine.facts
    recipe = verifier.engine.holders.recipe
    lines = [
        "# Holder and card in one picture",
        "",
        f"Written by `python benchmarks/accuracy/card_portraits.py --scenes {scenes}`;",
        f"halves by seed {SEED}, scenes by {DRAWS['second']};",
        f"{recipe.profile} at {recipe.precision}, {facts.runtime} {facts.version}.",
        "",
        f"**Composed pictures**, 1280 by 960, JPEG 62 to 92: portraits of {DATASET} ({POPULATION})",
        "printed on invented cards, held in front of another picture of the same person: turned up to 25°, seen",
        "at an angle, shaded, with fingers over edges and corners. Real cards and cameras will differ. Everybody shown",
        "is of the second half of the people; the evidence for cards and the curve used here were fitted on the first.",
        "Both faces of every scene are alone in their own pictures.",
        "",
        "Percent with the 95 % interval (Wilson).",
        "",
        "| portrait, px | its face, px | scenes | both faces found | rightly told apart, of them | and a third face |",
        "|---|---|---|---|---|---|",
        *(
            f"| {one.width_px} | {one.face_px:.0f} | {one.found.of} | {one.found} | {one.paired} | {one.crowded} |"
            for one in figures
        ),
        "",
        f"To be reached: found {LEAST_FOUND:.0%} from 60 px, told apart {LEAST_PAIRED:.0%}. With a third face",
        "that counts (somebody in the background, or what looks like a face) a picture is refused all the same.",
        "",
        "## True accept rate at the curve's thresholds",
        "",
        "| portrait, px | " + " | ".join(f"{fmr:.0e}" for fmr in STATED) + " | of all scenes, 1e-04 |",
        "|---|" + "---|" * (len(STATED) + 1),
        *(
            f"| {one.width_px} | " + " | ".join(str(one.tar[fmr]) for fmr in STATED) + f" | {one.tar_of_all[1e-4]} |"
            for one in figures
        ),
        "",
        "## Measured against stated false match rate",
        "",
        "Each portrait against the plain pictures of all others of its half. Stated rates are those of `verify_score`",
        f"0.5, 0.6 and 0.7; the measured ones are to lie within a factor of {FACTOR:g}.",
        "",
        "| portrait, px | pairs | " + " | ".join(f"{fmr:.0e}" for fmr in STATED) + " |",
        "|---|---|" + "---|" * len(STATED),
        *(
            f"| {one.width_px} | {one.fmr[1e-2][1]:,} | " + " | ".join(rate(one.fmr, fmr) for fmr in STATED) + " |"
            for one in figures
        ),
        "",
        "The same by the bare cosine, as plain pictures are judged: a small printed face looks less like anybody.",
        "",
        "| portrait, px | "
        + " | ".join(f"{fmr:.0e}" for fmr in STATED)
        + " | "
        + " | ".join(f"TAR, {fmr:.0e}" for fmr in STATED)
        + " |",
        "|---|" + "---|" * (2 * len(STATED)),
        *(
            f"| {one.width_px} | "
            + " | ".join([*(rate(one.bare_fmr, fmr) for fmr in STATED), *(str(one.bare_tar[fmr]) for fmr in STATED)])
            + " |"
            for one in figures
        ),
        "",
        "So a portrait's similarity is stretched by its width (`core/scoring/portraits.py`). What the portraits of the",
        f"first half need, {scenes // 2} scenes a width:",
        "",
        "| portrait, px | " + " | ".join(f"{fmr:.0e}" for fmr in STATED) + " |",
        "|---|" + "---|" * len(STATED),
        *(f"| {width} | " + " | ".join(f"{one:.3f}" for one in each) + " |" for width, each in needed.items()),
        "",
        "## Pictures that are none",
        "",
        "| picture | refused for its own reason | taken for holder and card |",
        "|---|---|---|",
        *(
            f"| {name} | {share} | {refused[f'{name}: taken for holder and card']} |"
            for name, share in refused.items()
            if ":" not in name
        ),
    ]
    return "\n".join(lines) + "\n"


def rate(measured: dict[float, tuple[int, int]], stated: float) -> str:
    """Give a measured rate, and how it stands to the stated one."""
    count, pairs = measured[stated]
    return f"{count / pairs:.2e} (×{count / pairs / stated:.2f})"


if __name__ == "__main__":
    main()
