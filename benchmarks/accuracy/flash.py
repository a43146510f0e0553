"""
Does the light of the screen tell a face from a recording? Simulated runs of real people's stills, by `attacks.light`.

Every run goes through the detector and the judgement as a request does. The threshold lies halfway between genuine runs
and wrong or absent light of the first half of the people, two in a hundred of either left out; figures are those of the
second half, over six skins and three rooms. Writes flash.md and flash.json beside itself, totals only.

    PYTHONPATH=. python benchmarks/accuracy/flash.py [--faces DIR] [--people N] [--processes N]
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from attacks import light
from numpy.typing import NDArray

from ipse.core.genuineness.capture import Capture, Colour, Lit, Shot
from ipse.core.genuineness.evidence import Evidence, Networks
from ipse.core.genuineness.flash import judge
from ipse.core.genuineness.judgement import OperatingPoint
from ipse.core.genuineness.look import Looker
from ipse.core.images import Limits
from ipse.core.vocabulary import Pixels
from ipse.engine import open_engine
from ipse.infra.settings import read_settings
from ipse.verifier import Untimed

HERE = Path(__file__).parent
SEED = 5_000
SIDE = 320
TAIL = 0.02
"""Share of either kind that the threshold is not drawn for."""
SKINS = len(light.SKINS)
ATTACKS: dict[str, str] = {
    "other": "a head before a screen that showed another sequence",
    "late": "a head before a screen that is one colour late",
    **{species: words for species, words in light.SPECIES.items() if species != "genuine"},
}
WRONG_OR_ABSENT = ("other", "late", "unlit", "screen")
SURE = ("other", "late", "unlit")
CROWD = "no single face in the still"


@dataclass(frozen=True)
class Run:
    """One run: who, where, as what, and what the judgement said (`score` is `None` if it said nothing)."""

    person: int
    half: int
    room: str
    skin: int
    kind: str
    score: float | None = None
    why: str | None = None


def main() -> None:
    """Judge every run, write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=Path, default=HERE.parents[2] / "shared" / "data" / "faces")
    parser.add_argument("--people", type=int, default=18, help="of each half")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    people = sorted(given.faces.iterdir())
    tasks = list(planned(len(people), given.people))
    with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn")) as pool:
        runs = list(pool.map(judged, tasks, [people[task.person] for task in tasks], chunksize=8))
    threshold = fitted([run for run in runs if run.half == 0])
    (HERE / "flash.json").write_text(json.dumps(figures(runs, threshold), indent=1) + "\n")
    (HERE / "flash.md").write_text(as_text(figures(runs, threshold), given.people))
    print(as_text(figures(runs, threshold), given.people))


def planned(count: int, each: int) -> Iterator[Run]:
    """Give the runs: people spread over each half, each in every room, skins in turn; genuine ones twice."""
    for half in (0, 1):
        first = half * (count // 2)
        for place in range(each):
            person = first + place * (count // 2) // each
            for number, room in enumerate(light.ROOMS):
                for kind, again in product(("genuine", *ATTACKS), (0, 1)):
                    if kind == "genuine" or not again:
                        yield Run(person, half, room, (place + number + 3 * again) % SKINS, kind)


@lru_cache(maxsize=1)
def looker() -> Looker:
    """Give this process' looker."""
    engine = open_engine(read_settings())
    return Looker(engine.detector, engine.embedder, "fast")


def looked(pixels: Pixels, quality: int) -> Shot:
    """Give what a server finds in a picture that was sent."""
    _, file = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return looker().look("flash", file.tobytes(), Limits(), Untimed(), None)


def judged(run: Run, folder: Path) -> Run:
    """Give a run with what the judgement says of it."""
    chance = np.random.default_rng((SEED, run.person, run.skin, *run.kind.encode(), *run.room.encode()))
    picture = cv2.imread(str(min(folder.glob("*.jpg"))))
    assert picture is not None
    still = np.asarray(cv2.cvtColor(cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC),
                                    cv2.COLOR_BGR2RGB), np.uint8)  # fmt: skip
    found = looked(still, 98)
    if found.face is None or len(found.faces) != 1:
        return Run(**asdict(run) | {"why": CROWD})
    asked = light.sequence(chance)
    setting = light.Setting(run.room, run.skin, lag=1.0 if run.kind == "late" else 0.1)
    species: light.Species = "genuine" if run.kind in ("other", "late") else run.kind  # type: ignore[assignment] # a species
    shown = another(asked, chance) if run.kind == "other" else asked
    taken = light.frames(still, found.face.landmarks_px, shown, species, setting, int(chance.integers(1 << 31)))
    lit = [Lit(colour, looked(frame, 90), 450.0 * place, 450.0 * place + 420)
           for place, (colour, frame) in enumerate(zip(asked, taken, strict=True))]  # fmt: skip
    said = judge(Evidence(Capture(found, lit=tuple(lit)), Networks()), OperatingPoint("flash", True, 0.5))
    return Run(**asdict(run) | {"score": said.score, "why": said.why})


def another(asked: Sequence[Colour], chance: np.random.Generator) -> tuple[Colour, ...]:
    """Give another sequence of the same length."""
    while True:
        drawn = light.sequence(chance)
        if len(drawn) == len(asked) and drawn != tuple(asked):
            return drawn


def fitted(runs: Sequence[Run]) -> float:
    """Give the score halfway between the genuine runs that score highest and the wrong or absent that score lowest."""
    genuine, wrong = scores(runs, "genuine"), scores(runs, *SURE)
    return round(float(np.quantile(genuine, 1 - TAIL) + np.quantile(wrong, TAIL)) / 2, 2)


def scores(runs: Sequence[Run], *kinds: str) -> NDArray[np.float64]:
    """Give the scores of runs of these kinds that could be judged."""
    return np.array([run.score for run in runs if run.kind in kinds and run.score is not None])


def area(genuine: NDArray[np.float64], attacks: NDArray[np.float64]) -> float:
    """Give the area under the curve: how often an attack scores above a genuine run."""
    above = (attacks[:, None] > genuine[None]).mean() + (attacks[:, None] == genuine[None]).mean() / 2
    return round(float(above), 4)


def figures(runs: Sequence[Run], threshold: float) -> dict[str, object]:
    """Give all totals of the second half at a threshold."""
    shown = [run for run in runs if run.half == 1 and run.why != CROWD]
    genuine = scores(shown, "genuine")
    cells = {}
    for room, skin in product(light.ROOMS, range(SKINS)):
        cell = [run for run in shown if (run.room, run.skin) == (room, skin)]
        own = scores(cell, "genuine")
        cells[f"{room}, skin {skin + 1}"] = {
            "runs": len(own),
            "rejected": int((own >= threshold).sum()),
            "auc": area(own, scores(cell, *WRONG_OR_ABSENT)),
        }
    return {
        "threshold": threshold,
        "people": len({run.person for run in shown}),
        "genuine": len(genuine),
        "bpcer": round(float((genuine >= threshold).mean()), 4),
        "not_judged": sum(run.score is None for run in shown),
        "runs": len(shown),
        "auc_wrong_or_absent": area(genuine, scores(shown, *WRONG_OR_ABSENT)),
        "auc_all": area(genuine, scores(shown, *ATTACKS)),
        "attacks": {
            kind: {
                "runs": len(scores(shown, kind)),
                "auc": area(genuine, scores(shown, kind)),
                "apcer": round(float((scores(shown, kind) < threshold).mean()), 4),
            }
            for kind in ATTACKS
        },
        "rooms": {
            room: {
                "bpcer": round(float((scores(of_room, "genuine") >= threshold).mean()), 4),
                "auc": area(scores(of_room, "genuine"), scores(of_room, *WRONG_OR_ABSENT)),
            }
            for room in light.ROOMS
            for of_room in [[run for run in shown if run.room == room]]
        },
        "cells": cells,
    }


def as_text(found: dict[str, object], people: int) -> str:
    """Give the page."""
    attacks, rooms, cells = (dict(found[name]) for name in ("attacks", "rooms", "cells"))  # type: ignore[call-overload] # tables
    bpcer = 100 * float(str(found["bpcer"]))
    lines = [
        "# The light of the screen on a face",
        "",
        "**Simulated**: stills of real people, lit by `attacks/light.py` (the head an ellipsoid, a wall behind, a",
        "camera that adapts). So the method works on such light; how often it errs on real cameras they do not say.",
        "Made by `PYTHONPATH=. python benchmarks/accuracy/flash.py`.",
        "",
        f"Threshold {found['threshold']}: halfway between genuine runs and wrong or absent light of up to {people}",
        "people of the first half of `data/faces`, two in a hundred of either left out. Real cameras will be worse, so",
        f"it is drawn no tighter. Below: {found['people']} people of the second half, {found['runs']} runs, of which",
        f"{found['not_judged']} could not be judged.",
        "",
        f"**Right against wrong or absent light ({', '.join(WRONG_OR_ABSENT)}): AUC {found['auc_wrong_or_absent']}**,",
        f"against all attacks {found['auc_all']}.",
        f"Genuine runs suspected (BPCER): {bpcer:.1f} % of {found['genuine']}.",
        "",
        "| Attack | What it is | Runs | AUC | Not suspected (APCER) |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {kind} | {ATTACKS[kind]} | {one['runs']} | {one['auc']:.4f} | {100 * one['apcer']:.1f} % |"
            for kind, one in attacks.items()
        ),
        "",
        "| Room | BPCER | AUC, wrong or absent |",
        "| --- | --- | --- |",
        *(f"| {room} | {100 * one['bpcer']:.1f} % | {one['auc']:.4f} |" for room, one in rooms.items()),
        "",
        "| Room and skin (1 light, 6 dark) | Genuine runs | Suspected | AUC, wrong or absent |",
        "| --- | --- | --- | --- |",
        *(f"| {cell} | {one['runs']} | {one['rejected']} | {one['auc']:.4f} |" for cell, one in cells.items()),
        "",
        "Rooms: the screen gives 42 lux beside 50 (dim), 200 (indoor) and 500 (bright). In daylight it drowns, and a",
        "genuine run is suspected: no light on the face cannot be told from a recording.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
