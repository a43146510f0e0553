"""
Fit and report the photometric checks of cards, on generated cards: what they say of real forgeries, nobody measured.

Bounds are fitted on good cards of rendering "a" with seeds below 5,000, L1 and L2, through all of `CardExaminer.look`;
of each bound the stricter level's counts. Figures are taken on rendering "b" with seeds from 50,000 on, and portraits
of other people: nobody tunes anything by them. Prints `BOUNDS` for `core/authenticity/photo/bounds.py` and writes
card_checks.md and card_checks.json beside itself.

    python -m benchmarks.accuracy.card_checks [--faces DIR] [--fit N] [--report N] [--keep DIR]

"Before the photo": the altered card is photographed at L1. "In the photo": an L1 photo is altered and saved as JPEG 95.
"""

import argparse
import json
import pickle
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np

import specimens
from ipse.core.authenticity.photo import blur, covered, grey_copy, photo_checks, portrait, retyped, screen
from ipse.core.authenticity.photo.bounds import BOUNDS
from ipse.core.authenticity.photo.shown import Shown
from ipse.core.authenticity.photo.traces import why_not
from ipse.core.cards.card import Said, Side
from ipse.core.cards.examine import CardExaminer
from ipse.core.cards.sight import SideSight
from ipse.core.images import Limits
from ipse.core.reasons import Refusal
from ipse.core.vocabulary import Pixels
from ipse.engine import open_cards, open_engine
from ipse.infra.settings import read_settings
from ipse.verifier import Untimed

HERE = Path(__file__).parent
FIT = ("good@L1", "good@L2")
REPORT = (
    *("good@L1", "good@L2", "good@L3", "grey_copy@L1", "screen@L1", "retyped@L1", "tamper_retyped@L1"),
    *("swapped_portrait@L1", "tamper_swapped_portrait@L1", "covered_corner@L1", "screenshot@none"),
)
ONE_SIDED = ("phl-id_card-voter", "any-passport-td3", "any-passport-td2")
BACKS = 0.3
"""Share of good cards of which the back is taken: attacks are made on fronts."""
Scores = dict[str, list[float]]

MEASURES: Mapping[str, Callable[[Shown], float | None]] = {
    "grey_copy": lambda shown: grey_copy.measure(shown) if shown.face else None,
    "screen": screen.measure,
    "blur": blur.measure,
    "covered": lambda shown: covered.measure(shown.fixed),
    "retyped": lambda shown: None if why_not(shown) else max(known(retyped.measure(shown)), default=None),
    "portrait_replaced": lambda shown: None if why_not(shown) else portrait.measure(shown),
    "ghost_portrait": lambda shown: shown.sight.likeness,
}
AIMED = {
    "grey_copy@L1": ("grey_copy",),
    "screen@L1": ("screen",),
    "retyped@L1": ("retyped",),
    "tamper_retyped@L1": ("retyped",),
    "swapped_portrait@L1": ("portrait_replaced", "ghost_portrait"),
    "tamper_swapped_portrait@L1": ("portrait_replaced", "ghost_portrait"),
    "covered_corner@L1": ("covered",),
}


def main() -> None:
    """Make or read the cards, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=Path, default=HERE.parents[2] / "shared" / "data" / "faces")
    parser.add_argument("--fit", type=int, default=150, help="Cards of each class to fit on.")
    parser.add_argument("--report", type=int, default=100, help="Cards of each class to report on.")
    parser.add_argument("--keep", type=Path, default=None, help="Where sights are kept from run to run.")
    given = parser.parse_args()
    settings = read_settings()
    examiner = open_cards(settings, open_engine(settings))
    bounds = fitted(scores_of(seen(examiner, "a", FIT, given.fit, given.faces, given.keep))[0])
    print(as_code(bounds))
    scores, others, cpu_s = scores_of(seen(examiner, "b", REPORT, given.report, given.faces, given.keep))
    report = reported(scores, others, bounds) | {"cpu_s_a_side": round(cpu_s, 3), "bounds": bounds}
    (HERE / "card_checks.json").write_text(json.dumps(report, indent=1) + "\n")
    (HERE / "card_checks.md").write_text(as_text(report))
    print(as_text(report))


def seen(
    examiner: CardExaminer, rendering: str, classes: Sequence[str], number: int, faces: Path, keep: Path | None
) -> Iterator[tuple[str, SideSight, Side]]:
    """Give so many sights of each class, those that were kept first."""
    if keep is not None:
        (keep / rendering).mkdir(parents=True, exist_ok=True)
        for path in sorted((keep / rendering).glob("*.pkl")):
            name = next((one for one in classes if path.name.startswith(f"{one}_")), None)
            if name is not None:
                sight = pickle.loads(path.read_bytes())  # noqa: S301 - what this script wrote itself
                yield name, sight, Side.BACK if "_back_" in path.name else Side.FRONT
    people = sorted(path for path in faces.iterdir() if path.is_dir())
    people = people[: len(people) // 2] if rendering == "a" else people[len(people) // 2 :]
    for name in classes:
        there = 0 if keep is None else len(list((keep / rendering).glob(f"{name}_*.pkl")))
        dice = random.Random(f"{name}/{rendering}/{there}")  # noqa: S311 - nothing secret
        for _ in range(number - there):
            kind, seed = dice.choice(specimens.KINDS), dice.randrange(5000) + (50_000 if rendering == "b" else 0)
            is_back = name.startswith("good") and kind not in ONE_SIDED and dice.random() < BACKS
            side = Side.BACK if is_back else Side.FRONT
            content = picture(name, kind, side, seed, rendering, people)
            try:
                sight = examiner.look(content, side, Said(), datetime.now(UTC).date(), Limits(), Untimed())
            except Refusal:
                continue
            if keep is not None:
                (keep / rendering / f"{name}_{kind}_{side}_{seed}.pkl").write_bytes(pickle.dumps(sight))
            yield name, sight, side


def picture(name: str, kind: str, side: Side, seed: int, rendering: str, people: Sequence[Path]) -> bytes:
    """Give the file of a card of a class."""
    card = specimens.draw(kind, seed, rendering, face(people, seed * 7))
    drawn = card.front if side is Side.FRONT or card.back is None else card.back
    attack, level = name.split("@")
    other = face(people, seed * 7 + 3)
    if attack == "good":
        return specimens.degrade(drawn.pixels, level, seed).jpeg
    if attack.startswith("tamper_"):
        photo = specimens.degrade(drawn.pixels, level, seed)
        return specimens.tamper(photo, drawn, attack.removeprefix("tamper_"), seed, other).jpeg
    altered = specimens.attack(drawn, attack, seed, other)
    if attack == "screenshot":
        return cv2.imencode(".png", altered.pixels[..., ::-1])[1].tobytes()
    return specimens.degrade(altered.pixels, level, seed).jpeg


def face(people: Sequence[Path], number: int) -> Pixels:
    """Give the middle of somebody's picture."""
    read = cv2.imread(str(min(people[number % len(people)].glob("*.jpg"))), cv2.IMREAD_COLOR_RGB)
    assert read is not None
    return np.ascontiguousarray(read[25:225, 45:205], np.uint8)


def scores_of(sights: Iterator[tuple[str, SideSight, Side]]) -> tuple[dict[str, Scores], dict[str, Scores], float]:
    """Give each measure of each card, `nan` if not assessed; other checks' suspicions; and the CPU of a side."""
    scores: dict[str, Scores] = defaultdict(lambda: defaultdict(list))
    others: dict[str, Scores] = defaultdict(lambda: defaultdict(list))
    spent, sides = 0.0, 0
    for name, sight, side in sights:
        if sight.view is None:
            continue
        begun = time.process_time()
        checks = photo_checks(sight, side)
        spent, sides = spent + time.process_time() - begun, sides + 1
        for check in checks:
            if check.score is None and check.status != "not_assessed":
                others[name][check.name.removeprefix(f"{side}_")].append(float(check.status == "suspected"))
        shown = Shown(sight, side, sight.view)
        for measure, give in MEASURES.items():
            value = give(shown)
            scores[name][measure].append(np.nan if value is None else value)
    return scores, others, spent / max(sides, 1)


def fitted(scores: Mapping[str, Scores]) -> dict[str, tuple[float, float]]:
    """Give each measure's bounds at 5 % and 1 %: of both levels the stricter."""
    found: dict[str, tuple[float, float]] = {}
    for measure in MEASURES:
        is_least = BOUNDS[measure].is_least
        sets = [known(scores[name][measure]) for name in FIT]
        at = [
            [np.quantile(values, rate if is_least else 1 - rate) for values in sets if len(values)]
            for rate in (0.05, 0.01)
        ]
        best = min if is_least else max
        suspected, striking = (round(float(best(one)), 3) for one in at)
        found[measure] = suspected, striking
    return found


def known(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """Give the scores of what was assessed."""
    array = np.array(values, float)
    return np.asarray(array[~np.isnan(array)])


def reported(
    scores: Mapping[str, Scores], others: Mapping[str, Scores], bounds: Mapping[str, tuple[float, float]]
) -> dict[str, Any]:
    """Give rates of false alarms of good cards, and of detection of attacks, at both bounds; shares of all cards."""
    alarms = {
        name: {
            measure: {
                "cards": len(known(scores[name][measure])),
                "at_5": share(scores[name], (measure,), bounds, 0, assessed=True),
                "at_1": share(scores[name], (measure,), bounds, 1, assessed=True),
            }
            for measure in MEASURES
        }
        for name in REPORT
        if name.startswith("good")
    }
    found = {
        name: {
            "cards": len(scores[name]["screen"]),
            "at_5": share(scores[name], aimed, bounds, 0),
            "at_1": share(scores[name], aimed, bounds, 1),
        }
        for name, aimed in AIMED.items()
    }
    yes = {
        name: {check: round(float(np.mean(values)), 3) for check, values in kept.items()}
        for name, kept in others.items()
    }
    return {"false_alarms": alarms, "detection": found, "yes_or_no": yes}


def share(
    scores: Scores,
    measures: Sequence[str],
    bounds: Mapping[str, tuple[float, float]],
    which: int,
    *,
    assessed: bool = False,
) -> float | None:
    """Give the share of cards that any of some measures suspects; what is not assessed counts as not found."""
    rows = np.array([scores[measure] for measure in measures], float)
    if assessed:
        rows = rows[:, ~np.isnan(rows).any(axis=0)]
    if not rows.size:
        return None
    beyond = [
        np.nan_to_num(row, nan=np.inf) < bounds[measure][which]
        if BOUNDS[measure].is_least
        else np.nan_to_num(row, nan=-np.inf) > bounds[measure][which]
        for measure, row in zip(measures, rows, strict=True)
    ]
    return round(float(np.any(beyond, axis=0).mean()), 3)


def as_code(bounds: Mapping[str, tuple[float, float]]) -> str:
    """Give the lines for `bounds.py`."""
    least = {name: ", is_least=True" if BOUNDS[name].is_least else "" for name in bounds}
    return "\n".join(f'        "{name}": Bound({one}, {two}{least[name]}),' for name, (one, two) in bounds.items())


def as_text(report: Mapping[str, Any]) -> str:
    """Give the report as a page."""
    lines = [
        "# Photometric checks of cards, on generated cards",
        "",
        "All cards and all forgeries here are synthetic (`specimens`): the rates say nothing certain of real ones.",
        'Bounds were fitted on good cards of rendering "a"; figures are of rendering "b", other seeds, other people.',
        "Made by `python -m benchmarks.accuracy.card_checks`.",
        "",
        f"CPU of all photometric checks of a side, one core: {report['cpu_s_a_side']} s.",
        "",
        "## Attacks found, at L1",
        "",
        "| Attack | Cards | At 5 % false alarms | At 1 % |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| {told(name)} | {one['cards']} | {percent(one['at_5'])} | {percent(one['at_1'])} |"
        for name, one in report["detection"].items()
    ]
    lines += [
        "",
        "A card that a check could not assess counts as not found.",
        "`covered` is applied at its 1 % bound, all others at 5 %.",
        "",
        "## False alarms of good cards",
        "",
    ]
    lines += ["| Check | " + " | ".join(f"{name}: cards, at 5 %, at 1 %" for name in report["false_alarms"]) + " |"]
    lines += ["| --- |" + " --- |" * len(report["false_alarms"])]
    for measure in MEASURES:
        cells = (alarms[measure] for alarms in report["false_alarms"].values())
        told_of = (f"{cell['cards']}, {percent(cell['at_5'])}, {percent(cell['at_1'])}" for cell in cells)
        lines.append(f"| {measure} | " + " | ".join(told_of) + " |")
    lines += ["", "## Checks that measure nothing: share of cards that they suspect", ""]
    checks = sorted({check for kept in report["yes_or_no"].values() for check in kept})
    lines += ["| Cards | " + " | ".join(checks) + " |", "| --- |" + " --- |" * len(checks)]
    lines += [
        f"| {told(name)} | " + " | ".join(percent(kept.get(check)) for check in checks) + " |"
        for name, kept in report["yes_or_no"].items()
    ]
    return "\n".join(lines) + "\n"


def told(name: str) -> str:
    """Give a class in words."""
    attack, level = name.split("@")
    words = attack.removeprefix("tamper_").replace("_", " ")
    if attack.startswith("tamper_"):
        return f"{words}, in the photo ({level})"
    return f"{words}, before the photo ({level})" if words in {"retyped", "swapped portrait"} else f"{words} ({level})"


def percent(value: float | None) -> str:
    """Give a share in per cent."""
    return "–" if value is None else f"{100 * value:.0f} %"


if __name__ == "__main__":
    main()
