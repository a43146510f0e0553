"""
Write motion.md and motion.json: what `action`, `replaced` and `injection` are worth on motion composed from stills.

    PYTHONPATH=. python benchmarks/accuracy/motion.py ../shared/data/faces [--people 200] [--cache FOLDER]

Constants were chosen on the first half of the people, every figure is of the second (`--half first` shows the other).
The motion is simulated (`attacks/motion.py`), from one still each: real heads differ. About a minute for 25 people.
"""

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from attacks.found import Finder, Unwatched
from attacks.head import portrait
from attacks.motion import Pose, drifted, posed, seen
from attacks.video import jpeg
from motion_page import Measured, figures, page
from numpy.typing import NDArray

from ipse.core.genuineness import action, injection, replaced
from ipse.core.genuineness.action import stance
from ipse.core.genuineness.capture import Acted, Action, Capture, Shot
from ipse.core.genuineness.evidence import Evidence, Networks
from ipse.core.genuineness.judgement import OperatingPoint
from ipse.core.genuineness.look import Looker
from ipse.core.images import Limits
from ipse.engine import open_engine
from ipse.engine.networks import open_weight
from ipse.infra.settings import Settings
from ipse.models.manifest import Manifest
from ipse.models.session import RuntimeChoice

Values = NDArray[np.float64]

HERE: Final = Path(__file__).parent

KINDS: Final[dict[str, Pose]] = {
    "rest": Pose(),
    "turn_left, least": Pose(yaw_deg=20),
    "turn_left": Pose(yaw_deg=28),
    "turn_right, least": Pose(yaw_deg=-20),
    "turn_right": Pose(yaw_deg=-28),
    "nod, least": Pose(pitch_deg=-15),
    "nod": Pose(pitch_deg=-22),
    "blink, least": Pose(closed=0.8),
    "blink": Pose(closed=1),
    "open_mouth, least": Pose(opened=0.55),
    "open_mouth": Pose(opened=1),
}
"""
What is composed for each person besides the best picture. "Least" is what the capture page just lets through (static/
actions.js); an eye that it takes for closed by 40 % is most often caught at more.
"""

FRONTAL_DEG: Final = 12.0
"""Turned further, a still is no best picture: the page waits until the face looks straight ahead."""

CPU_ROUNDS: Final = 20


class Looking:
    """The engine's eyes: shots of frames, and what is measured in them."""

    def __init__(self) -> None:
        settings = Settings(precision="float32", threads=1)
        engine = open_engine(settings)
        choice = RuntimeChoice(settings.runtime, settings.device, settings.precision, 1)
        self.networks = Networks(
            landmarks=open_weight(Manifest.load().network("landmarks"), settings, choice),
            eyes=open_weight(Manifest.load().network("eyes"), settings, choice),
        )
        self.finder = Finder(settings)
        self._looker = Looker(engine.detector, engine.embedder, "balanced")

    def shot(self, content: bytes, *, is_best: bool = False) -> Shot:
        """One picture, as the service looks at it: the best one twice, the others once."""
        return self._looker.look("shot", content, Limits(), Unwatched(), "balanced" if is_best else "fast")

    def stance(self, shot: Shot) -> Values | None:
        """What the face does."""
        assert self.networks.landmarks is not None
        assert self.networks.eyes is not None
        found = stance(shot, self.networks.landmarks, self.networks.eyes)
        return None if found is None else np.array([found.yaw_deg, found.pitch_deg, found.closed, found.opened])


def main() -> None:
    """Measure, and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="one folder per person")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--half", choices=("first", "second"), default="second")
    parser.add_argument("--cache", type=Path, help="keep what was measured here")
    asked = parser.parse_args()
    kept = None if asked.cache is None else asked.cache / f"motion-{asked.half}-{asked.people}.npz"
    if kept is not None and kept.is_file():
        found = Measured(**{name: value if value.ndim else value.item() for name, value in np.load(kept).items()})
    else:
        people = sorted(place for place in asked.folder.iterdir() if place.is_dir())
        middle = len(people) // 2
        half = people[:middle] if asked.half == "first" else people[middle:]
        step = max(len(half) // asked.people, 1)
        found = measured(half[::step][: asked.people], Looking())
        if kept is not None:
            np.savez(kept, **vars(found))
    told = figures(found, tuple(KINDS))
    print(page(told))
    if asked.half == "second":
        (HERE / "motion.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        (HERE / "motion.md").write_text(page(told), encoding="utf-8")


def measured(people: list[Path], looking: Looking) -> Measured:
    """Everything about these people."""
    rows = [row for number, person in enumerate(people) for row in person_measured(person, number, looking)]
    best = np.stack([row[0].template.vector for row in rows])  # type: ignore[union-attr]  # Only whole rows are given.
    vectors = np.stack([[shot.template.vector for shot in row[1]] for row in rows])  # type: ignore[union-attr]
    cosines = np.einsum("id,jkd->ijk", best, vectors)
    index = np.arange(len(rows))
    return Measured(
        best=np.stack([looking.stance(row[0]) for row in rows]),  # type: ignore[misc]
        acted=np.stack([[looking.stance(shot) for shot in row[1]] for row in rows]),
        same=cosines[index, index],
        others=np.stack([np.delete(cosines[i], i, axis=0) for i in index]),
        days=np.array([row[2] for row in rows if row[2] is not None]),
        identical=np.array([[injection.identical(row[0].pixels, shot.pixels) for shot in row[1]] for row in rows]),
        skipped=len(people) - len(rows),
        milliseconds=cpu(rows[0][0], rows[0][1], looking),
    )


Row = tuple[Shot, list[Shot], float | None]


def person_measured(person: Path, number: int, looking: Looking) -> Iterator[Row]:
    """Best picture, frames, and the cosine with another day; nothing if unfit."""
    pictures = sorted(person.glob("*.jpg"))
    try:
        face = portrait(*looking.finder.found(pictures[0].read_bytes()))
    except ValueError:
        return
    dice = np.random.default_rng(number)
    phases = dice.uniform(0, 2 * np.pi, 6)

    def frame(pose: Pose) -> bytes:
        """One frame at some time."""
        at = dice.uniform(0, 10)
        moved = drifted(posed(face, pose, sway=at, phases=phases).pixels, at, phases)
        return jpeg(seen(moved, dice))

    best = looking.shot(frame(Pose()), is_best=True)
    told = looking.stance(best)
    if told is None or abs(told[0]) > FRONTAL_DEG or told[2] > 0:
        return
    shots = [looking.shot(frame(pose)) for pose in KINDS.values()]
    if any(shot.face is None for shot in shots):
        print(f"no face in {sum(shot.face is None for shot in shots)} frames of {person.name}")
        return
    day = None
    if len(pictures) > 1:
        other = looking.shot(pictures[1].read_bytes())
        if other.template is not None and best.template is not None:
            day = float(best.template.vector @ other.template.vector)
    yield best, shots, day


def cpu(best: Shot, shots: list[Shot], looking: Looking) -> float:
    """Milliseconds of CPU of the three judgements about a best picture and five actions: the quickest round."""
    acted = tuple(Acted(one, shot) for one, shot in zip(Action, shots[2::2], strict=True))
    evidence = Evidence(Capture(best, acted=acted, log={"camera": "FaceTime"}), looking.networks)
    judges = ((action.judge, "action"), (replaced.judge, "replaced"), (injection.judge, "injection"))
    points = {name: OperatingPoint(name, assessed=True, threshold=0.5) for _, name in judges}  # type: ignore[arg-type]
    rounds = []
    for _ in range(CPU_ROUNDS):
        began = time.process_time()
        for judge, name in judges:
            judge(evidence, points[name])
        rounds.append(time.process_time() - began)
    return min(rounds) * 1000


if __name__ == "__main__":
    main()
