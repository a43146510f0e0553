"""
No judgement pretends: one that the manifest calls assessed tells pictures and captures apart, any other says nothing.

The few real pictures are looked at by themselves, and as captures in which the still is sent for every frame, in which
its frames are those of the next picture, and in which they are moved and lit a little: enough to see an answer that is
always the same, far too little for a rate.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
import pytest

from ipse.core.genuineness.capture import Acted, Action, Capture, Colour, Lit, Shot
from ipse.core.genuineness.examine import GenuinenessExaminer
from ipse.core.genuineness.judgement import NAMES, Judgement, JudgementName, Judgements, Status
from ipse.core.images import Limits
from ipse.core.vocabulary import Pixels
from ipse.engine import Engine, open_genuineness
from ipse.infra.settings import Settings
from ipse.protocols.faceid.genuineness import NEUTRAL, THRESHOLD, printed
from tests.golden.conftest import Untimed

pytestmark = pytest.mark.shared

COLOURS = {
    Colour.RED: (255, 0, 0),
    Colour.GREEN: (0, 255, 0),
    Colour.BLUE: (0, 0, 255),
    Colour.WHITE: (255, 255, 255),
    Colour.BLACK: (0, 0, 0),
    Colour.YELLOW: (255, 255, 0),
}
"""What a screen shows in the made-up flash runs, in their order."""

FILMED = 6
"""Of how many pictures captures are made; they take most of the time."""

VIRTUAL = "OBS Virtual Camera"
"""What programs that pretend to be a camera call themselves."""

Look: TypeAlias = Callable[[str, Pixels], Shot]


@pytest.fixture(scope="module")
def examiner(engine: Engine, weights: Path) -> GenuinenessExaminer:
    """Who judges, with what is on by default."""
    return open_genuineness(Settings(weights_dir=weights, precision="float32", threads=1), engine).examiner


@pytest.fixture(scope="module")
def stills(examiner: GenuinenessExaminer, shared: Path) -> list[Shot]:
    """The real pictures that show a face, as they are."""
    files = sorted(file for file in (shared / "spoof").iterdir() if file.suffix in {".jpg", ".png"})
    assert 13 == len(files)
    shots = [
        examiner.look("image_best", file.read_bytes(), Limits(), Untimed(), template=examiner.profile) for file in files
    ]
    return [shot for shot in shots if shot.face is not None]


def as_jpeg(pixels: Pixels) -> bytes:
    """A picture, written anew."""
    written, data = cv2.imencode(".jpg", np.ascontiguousarray(pixels[:, :, ::-1]), [cv2.IMWRITE_JPEG_QUALITY, 92])
    assert written
    return data.tobytes()


def lit_by(shot: Shot, colour: Colour, strength: float) -> Pixels:
    """The picture with this much more of a colour on the face than around it."""
    assert shot.face is not None
    box = shot.face.box
    height, width = shot.pixels.shape[:2]
    down, across = np.mgrid[:height, :width]
    off_x = (across - (box.x1 + box.x2) / 2) / box.width_px
    off_y = (down - (box.y1 + box.y2) / 2) / box.height_px
    near = np.exp(-2 * (off_x**2 + off_y**2))[..., None]
    gain = 1 + strength * near * np.array(COLOURS[colour]) / 255
    return np.asarray(np.clip(shot.pixels * gain / (1 + strength), 0, 255), np.uint8)


def narrowed(pixels: Pixels, share: float) -> Pixels:
    """The picture narrower: the least that a turned head does."""
    return np.asarray(cv2.resize(pixels, None, fx=share, fy=1.0, interpolation=cv2.INTER_AREA), np.uint8)


def captures(stills: list[Shot], look: Look) -> Iterator[Capture]:
    """The pictures by themselves, and some as three kinds of capture."""
    actions = (Action.TURN_LEFT, Action.OPEN_MOUTH, Action.BLINK)
    yield from map(Capture, stills)
    for best, following in pairwise(stills[:FILMED]):
        yield filmed(best, [best] * len(actions), [best] * len(COLOURS), actions)
        yield filmed(best, [following] * len(actions), [following] * len(COLOURS), actions)
        moved = [look("moved", narrowed(best.pixels, share)) for share in (0.8, 0.85, 0.9)]
        shone = [look("flash", lit_by(best, colour, 0.3)) for colour in COLOURS]
        yield filmed(best, moved, shone, actions, "Integrated Camera")


def filmed(
    best: Shot, acted: list[Shot], lit: list[Shot], actions: tuple[Action, ...], camera: str = VIRTUAL
) -> Capture:
    """A capture of these frames, each taken 250 ms after its colour was shown."""
    return Capture(
        best,
        env=replace(best, name="image_env"),
        acted=tuple(Acted(action, shot) for action, shot in zip(actions, acted, strict=True)),
        lit=tuple(
            Lit(colour, shot, 500.0 * place, 500.0 * place + 250)
            for place, (colour, shot) in enumerate(zip(COLOURS, lit, strict=True))
        ),
        log={"camera": camera, "frames_ms": [33.0 * place + 2 * (place % 3) for place in range(30)]},
    )


@pytest.fixture(scope="module")
def answers(stills: list[Shot], examiner: GenuinenessExaminer) -> list[Judgements]:
    """Every judgement about every capture."""

    def look(name: str, pixels: Pixels) -> Shot:
        return examiner.look(name, as_jpeg(pixels), Limits(), Untimed(), template=examiner.profile)

    return [examiner.judge(capture, Untimed()) for capture in captures(stills, look)]


@pytest.mark.parametrize("name", NAMES)
def test_an_assessed_judgement_does_not_always_say_the_same(
    name: JudgementName, examiner: GenuinenessExaminer, answers: list[Judgements]
) -> None:
    """Assessed by the manifest: it has scores, and not one score for all. Not assessed: it has none, and says why."""
    told: list[Judgement] = [one[name] for one in answers]
    scores = {round(one.score, 4) for one in told if one.score is not None}
    if examiner.points[name].assessed:
        assert len(scores) > 1, f"{name} is assessed, and its answer is always {told[0]}"
    else:
        assert {(Status.NOT_ASSESSED, None, True)} == {(one.status, one.score, one.why is not None) for one in told}


@pytest.mark.parametrize("name", ["screen_replay", "print", "mask", "synthetic"])
def test_what_one_picture_shows_is_told_of_one_picture(
    name: JudgementName, examiner: GenuinenessExaminer, stills: list[Shot]
) -> None:
    """Judgements of a single picture, if assessed, tell the thirteen real ones apart without any further frame."""
    told = [examiner.judge(Capture(best), Untimed())[name] for best in stills]
    scores = {round(one.score, 4) for one in told if one.score is not None}
    assert examiner.points[name].assessed == (len(scores) > 1), f"{name}: {scores}"


@pytest.mark.parametrize("name", ["screen_replay", "print", "mask", "synthetic"])
def test_a_neutral_value_goes_out_only_for_what_is_not_assessed(
    name: JudgementName, examiner: GenuinenessExaminer, answers: list[Judgements]
) -> None:
    """On Megvii's wire a judgement that is assessed has its own values, and one that is not has the neutral one."""
    sent = {printed(one[name]) for one in answers}
    assert (sent != {NEUTRAL} and len(sent) > 1) == examiner.points[name].assessed, f"{name}: {sent}"
    for one in answers:
        if one[name].status is not Status.NOT_ASSESSED:
            assert (one[name].status is Status.SUSPECTED) == (printed(one[name]) > THRESHOLD)
