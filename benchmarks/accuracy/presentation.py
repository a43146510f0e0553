"""
What the judgements `screen_replay` and `print` are worth.

    PYTHONPATH=. python benchmarks/accuracy/presentation.py ../shared/data
    PYTHONPATH=. python benchmarks/accuracy/presentation.py ../shared/data --fit

With a folder as the last word, the pictures that are made are kept there and not made again.

The first writes `presentation.md` and `presentation.json` beside this script, from people whom no number was fitted on
(the second half of `faces`) and from recipes of attacks that nothing was fitted on; the second prints the weights that
the first half and the known recipes give (`ipse.core.genuineness.recapture`). The few pictures of `spoof` are listed
one by one and make no rate.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TypeAlias

import cv2
import numpy as np
from attacks import camera, paper, screen
from presentation_page import page
from shares import Share

from ipse.core.genuineness import frame, presentation, raster, recapture
from ipse.core.genuineness.capture import Capture
from ipse.core.genuineness.look import Looker
from ipse.core.genuineness.recapture import Traces
from ipse.core.genuineness.surround import LEAST, shown, without_bars
from ipse.core.images import Limits
from ipse.core.vocabulary import Pixels
from ipse.infra.settings import read_settings
from ipse.models.manifest import Manifest
from ipse.models.session import OpenedNetwork, RuntimeChoice, open_network

ATTACKED: Final = (100, 50)
"""People who are shown on screens and printed: of the first half, for the fit, and of the second, for the report."""

FITTED: Final = 3
"""Every how many-th other person of the first half the fit looks at."""

WIDTHS_PX: Final = (360, 420, 480)
"""Widths of attacks: the portraits have 250 pixels and are not to be blown up more than twice."""

NOTHING_SEEN: Final = frozenset(
    {"screen: diode phone, full", "print: photo, full", "print: inkjet, cut out", "print: photo, cut out"}
)
"""Unseen recipes without frame, raster or dots that a camera resolves: reported apart as well."""

Kind: TypeAlias = str


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of one picture: of what kind it is, which picture, and the traces or why there are none."""

    kind: Kind
    name: str
    traces: Traces | str
    shown: float = 0.0

    @property
    def odds(self) -> float:
        """The log odds of the judgement that suspects more; what cannot be assessed is not suspected."""
        if isinstance(self.traces, str):
            return -np.inf
        return max(self.traces.log_odds("screen"), self.traces.log_odds("print"))


class Eyes:
    """The networks that look, opened once in a process."""

    def __init__(self) -> None:
        settings, manifest = read_settings(), Manifest.load()

        def opened(name: str) -> OpenedNetwork:
            weight = manifest.weight(name)
            return open_network(weight, settings.weights_dir / weight.file, RuntimeChoice(threads=1))

        self.network = opened("fr-liveness")
        self.looker = Looker(opened("yunet"), opened("sface"), "balanced")

    def told(self, kind: Kind, name: str, content: bytes) -> Told:
        """Give what is said of one file."""
        shot = self.looker.look("image_best", content, Limits(), Unmeasured(), None)
        if shot.face is None:
            return Told(kind, name, "no_face")
        room = shown(*without_bars(shot.pixels, shot.face.box))
        seen = recapture.look(Capture(best=shot), self.network)
        return Told(kind, name, seen if isinstance(seen, str) else seen[0], room)


class Unmeasured:
    """A stopwatch that nobody reads."""

    def stage(self, name: str) -> nullcontext[None]:
        """Time nothing."""
        del name
        return nullcontext()


def main() -> None:
    """Write the report, or print what a fit gives."""
    folder = Path(sys.argv[1])
    people = sorted(one for one in (folder / "faces").iterdir() if one.is_dir())
    first, second = people[: len(people) // 2], people[len(people) // 2 :]
    kept = next((Path(one) for one in sys.argv[2:] if not one.startswith("--")), None)
    if "--fit" in sys.argv:
        fit(told_of(first, ("taken", *kinds(screen.KNOWN, paper.KNOWN)), kept, ATTACKED[0], FITTED))
        return
    eyes = opened_once()
    spoof = [eyes.told("spoof", path.name, path.read_bytes()) for path in files(folder / "spoof")]
    others = [
        eyes.told("press", path.name, path.read_bytes()) for path in files(folder / "faces-misc" / "public-figures")
    ]
    found = told_of(second, ("taken", *kinds(screen.RECIPES, paper.RECIPES)), kept, ATTACKED[1])
    figures = summed(found, others)
    figures["spoof"] = [row(one) for one in spoof]
    figures["ms"] = milliseconds(eyes, folder / "spoof" / "minivision-sample-image_T1.jpg")
    here = Path(__file__).parent
    (here / "presentation.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (here / "presentation.md").write_text(page(figures), encoding="utf-8")


def files(folder: Path) -> list[Path]:
    """Give the pictures under a folder, in order."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"})


def kinds(screens: Iterable[str], papers: Iterable[str]) -> tuple[Kind, ...]:
    """Give the kinds of attack that some recipes make."""
    return (*(f"screen: {one}" for one in screens), *(f"print: {one}" for one in papers))


@dataclass(frozen=True, slots=True)
class Work:
    """What is looked at: a person, which attacks are made of them, from which seed on, and where they are kept."""

    person: Path
    made: tuple[Kind, ...] = ()
    seed: int = 0
    kept: Path | None = None


def told_of(
    people: Sequence[Path], made: tuple[Kind, ...], kept: Path | None, attacked_count: int, every: int = 1
) -> list[Told]:
    """Give what is said of people's first pictures, and of what is made of some of them."""
    chosen = [people[index] for index in np.random.default_rng(7).permutation(len(people))[:attacked_count]]
    places = {person: place for place, person in enumerate(chosen)}
    plain = set(people[::every])
    work = [
        Work(one, made, 1000 * places[one], kept) if one in places else Work(one)
        for one in people
        if one in places or one in plain
    ]
    with get_context("spawn").Pool(2) as pool:
        return [one for part in pool.imap(_of_person, work, chunksize=4) for one in part]


def _of_person(work: Work) -> list[Told]:
    """Give what is said of one person's first picture, and of what is made of it."""
    cv2.setNumThreads(1)
    eyes = opened_once()
    path = min(work.person.glob("*.jpg"))
    found = [eyes.told("genuine", work.person.name, path.read_bytes())]
    for turn, kind in enumerate(work.made):
        found.append(eyes.told(kind, work.person.name, _file(path, kind, work.seed + turn, work.kept)))
    return found


def _file(path: Path, kind: Kind, seed: int, kept: Path | None) -> bytes:
    """Give a file of an attack, made unless it was kept."""
    place = None if kept is None else kept / f"{seed} {kind.replace(': ', ' ')}.png"
    if place is not None and place.is_file():
        return place.read_bytes()
    pixels = np.ascontiguousarray(np.asarray(cv2.imread(str(path)), np.uint8)[..., ::-1])
    _, file = cv2.imencode(".png", attacked(pixels, kind, seed)[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.tobytes())
    return file.tobytes()


@cache
def opened_once() -> Eyes:
    """Give the networks, one each in a process."""
    return Eyes()


def attacked(pixels: Pixels, kind: Kind, seed: int) -> Pixels:
    """Give a portrait as an attack of this kind shows it, or as a camera takes the person."""
    width = WIDTHS_PX[seed % len(WIDTHS_PX)]
    what, _, recipe = kind.partition(": ")
    make: dict[str, Callable[[], Pixels]] = {
        "taken": lambda: camera.taken(pixels, width, seed),
        "screen": lambda: screen.replay(pixels, recipe, seed, width),
        "print": lambda: paper.print_out(pixels, recipe, seed, width),
    }
    return make[what]()


def summed(found: Sequence[Told], others: Sequence[Told]) -> dict[str, object]:
    """Give the figures of the report."""
    genuine = [one for one in found if one.kind == "genuine" and one.traces != "no_face"]
    assessed = [one for one in genuine if not isinstance(one.traces, str)]
    unseen = kinds(screen.UNSEEN, paper.UNSEEN)
    return {
        "people": len(genuine),
        "assessed": str(Share(len(assessed), len(genuine))),
        "least": LEAST,
        "room": [round(float(one), 2) for one in np.quantile([one.shown for one in genuine], (0.05, 0.5, 0.95))],
        "bpcer": suspected(assessed),
        "bpcer_taken": suspected([one for one in found if one.kind == "taken"]),
        "alone": {name: str(share) for name, share in alone(assessed)},
        "press": {"pictures": len(others), "flagged": [one.name for one in others if one.odds >= 0]},
        "species": [
            species(found, kind) | {"fitted": kind not in unseen} for kind in kinds(screen.RECIPES, paper.RECIPES)
        ],
        "at_apcer": [
            at_apcer(found, assessed, "all unseen recipes", unseen),
            at_apcer(
                found, assessed, "of these, what shows something", [one for one in unseen if one not in NOTHING_SEEN]
            ),
            *(at_apcer(found, assessed, kind, [kind]) for kind in unseen),
        ],
    }


def suspected(those: Sequence[Told]) -> dict[str, str]:
    """Give how many are suspected: of anything, of a screen, of a print."""
    told = [one.traces for one in those if isinstance(one.traces, Traces)]
    return {
        "either": str(Share(sum(one.odds >= 0 for one in those), len(those))),
        "screen_replay": str(Share(sum(one.log_odds("screen") >= 0 for one in told), len(told))),
        "print": str(Share(sum(one.log_odds("print") >= 0 for one in told), len(told))),
    }


def alone(those: Sequence[Told]) -> Iterator[tuple[str, Share]]:
    """Give how many each trace would suspect by itself."""
    told = [one.traces for one in those if isinstance(one.traces, Traces)]
    yield "network", Share(sum(one.doubt > 2 for one in told), len(told))
    yield "frame", Share(sum(one.frame > 0.36 for one in told), len(told))
    yield "raster", Share(sum(one.raster.luma > recapture.PLAIN for one in told), len(told))


def species(found: Sequence[Told], kind: Kind) -> dict[str, object]:
    """Give the figures of one kind of attack at the default threshold."""
    those = [one for one in found if one.kind == kind and one.traces != "no_face"]
    assessed = [one for one in those if isinstance(one.traces, Traces)]
    told = Counter(one.traces.told for one in assessed if one.odds >= 0 and isinstance(one.traces, Traces))
    return {
        "kind": kind,
        "attacks": len(those),
        "assessed": len(assessed),
        "apcer": str(Share(sum(one.odds < 0 for one in assessed), len(assessed))),
        "as_screen": told["screen"],
        "as_print": told["print"],
        "as_either": told[None],
        "alone": {name: str(share) for name, share in alone(assessed)},
    }


def at_apcer(found: Sequence[Told], genuine: Sequence[Told], name: str, made: Sequence[Kind]) -> dict[str, str]:
    """Give how many genuine pictures are suspected where 5 % of some attacks are not."""
    odds = np.array([one.odds for one in found if one.kind in made and isinstance(one.traces, Traces)])
    threshold = float(np.quantile(odds, 0.05))
    share = Share(sum(one.odds >= threshold for one in genuine), len(genuine))
    return {
        "name": name,
        "attacks": str(len(odds)),
        "threshold": f"{1 / (1 + np.exp(-threshold)):.2f}",
        "bpcer": str(share),
    }


def row(one: Told) -> dict[str, object]:
    """Give what is said of one picture, as the report lists it."""
    if isinstance(one.traces, str):
        return {"name": one.name, "shown": round(one.shown, 2), "why": one.traces}
    return {
        "name": one.name,
        "shown": round(one.shown, 2),
        "screen_replay": round(one.traces.score("screen"), 2),
        "print": round(one.traces.score("print"), 2),
        "why": one.traces.why if one.odds >= 0 else "",
        "traces": asdict(one.traces),
    }


def milliseconds(eyes: Eyes, path: Path) -> dict[str, float]:
    """Give what one picture costs, on one thread: the least of twenty, as other work on the machine only adds."""
    shot = eyes.looker.look("image_best", path.read_bytes(), Limits(), Unmeasured(), None)
    assert shot.face is not None
    view = without_bars(shot.pixels, shot.face.box)
    cv2.setNumThreads(1)
    parts: dict[str, Callable[[], object]] = {
        "network, two crops": lambda: presentation.doubt(*view, eyes.network),
        "frame": lambda: frame.measure(*view),
        "raster": lambda: raster.measure(*view),
    }
    return {name: round(min(_timed(part) for _ in range(20)), 2) for name, part in parts.items()}


def _timed(part: Callable[[], object]) -> float:
    """Give the milliseconds of CPU that something takes."""
    begin = time.process_time()
    part()
    return (time.process_time() - begin) * 1e3


def fit(found: Sequence[Told]) -> None:
    """Print what logistic regression gives for the weights; recipes that show nothing, and "taken", are left out."""
    from scipy.optimize import minimize  # noqa: PLC0415 - only who fits needs it

    left_out = {"taken", "screen: phone, full", "print: inkjet, full"}
    used = [one for one in found if isinstance(one.traces, Traces) and one.kind not in left_out]
    values = np.array([one.traces.values for one in used if isinstance(one.traces, Traces)])
    signs = np.array([-1.0 if one.kind == "genuine" else 1.0 for one in used])
    shares = np.where(signs < 0, 0.5 / (signs < 0).sum(), 0.5 / (signs > 0).sum())

    def loss(weights: np.ndarray) -> float:
        odds = values @ weights[:-1] + weights[-1]
        return float((shares * np.logaddexp(0, -signs * odds)).sum() + 1e-4 * (weights[:-1] ** 2).sum())

    weights = minimize(loss, np.zeros(values.shape[1] + 1)).x
    odds = (values @ weights[:-1] + weights[-1])[signs < 0]
    print("weights", weights[:-1].round(2), "bias", (weights[-1] - np.quantile(odds, 0.99)).round(2))
    print("shipped", recapture.WEIGHTS, recapture.BIAS)
    people = [one.traces for one in used if one.kind == "genuine" and isinstance(one.traces, Traces)]
    traces = np.array([(one.frame, one.raster.luma, one.raster.colour) for one in people])
    for share in (0.5, 0.9, 0.95, 0.96, 0.99):
        print(f"frame, brightness, colour of people, {share:.0%}:", np.quantile(traces, share, axis=0).round(2))


if __name__ == "__main__":
    main()
