"""The light of the screen: on a face it follows the sequence, behind it it does not; whatever else is suspected."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from attacks import light

from ipse.core.faces.align import TARGET_PX, align
from ipse.core.genuineness.capture import Capture, Colour, Lit, Shot
from ipse.core.genuineness.evidence import Evidence, Networks
from ipse.core.genuineness.flash import SCREEN, judge
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, Status
from ipse.core.vocabulary import Box, Face, Floats, Pixels

POINT = OperatingPoint("flash", assessed=True, threshold=0.43)
COLOURS = (Colour.RED, Colour.WHITE, Colour.BLUE, Colour.BLACK, Colour.GREEN, Colour.MAGENTA)
OTHER = (Colour.BLACK, Colour.CYAN, Colour.YELLOW, Colour.RED, Colour.WHITE, Colour.BLUE)
LANDMARKS = (np.array(TARGET_PX) * 1.1 + (98, 90)).astype(np.float32)
"""A face 120 px wide in the middle of 320 px."""


@pytest.fixture(scope="module")
def still() -> Pixels:
    """A head of one colour, softly shaded, with eyes and a mouth, before a wall with things on it."""
    chance = np.random.default_rng(7)
    wall = cv2.resize(chance.uniform(60, 190, (5, 5, 3)).astype(np.float32), (320, 320), interpolation=cv2.INTER_CUBIC)
    rows, columns = np.mgrid[:320, :320]
    across, down = (columns - 160) / 62, (rows - 155) / 82
    shade = np.sqrt(np.clip(1 - across**2 - down**2, 0, 1))[..., None]
    wall[shade[..., 0] > 0] = (np.array((196, 150, 126)) * (0.75 + 0.25 * shade))[shade[..., 0] > 0]
    for x, y in LANDMARKS[[0, 1, 3, 4]]:
        cv2.circle(wall, (int(x), int(y)), 6, (60.0, 40.0, 40.0), -1)
    return np.asarray(np.clip(wall, 0, 255), np.uint8)


def shot(pixels: Pixels, landmarks: Floats = LANDMARKS) -> Shot:
    """A frame whose face is known."""
    face = Face(Box(98, 90, 222, 214), landmarks, 0.9)
    return Shot("flash", b"", pixels, 320, 320, "", (face,), face, align(pixels, landmarks))


def run(frames: Sequence[Pixels], colours: Sequence[Colour] = COLOURS) -> tuple[Lit, ...]:
    """A run of these frames, each taken 400 ms after its colour was shown."""
    return tuple(
        Lit(colour, shot(frame), 450.0 * place, 450.0 * place + 400)
        for place, (colour, frame) in enumerate(zip(colours, frames, strict=True))
    )


def said(lit: tuple[Lit, ...], point: OperatingPoint = POINT) -> Judgement:
    """What the judgement says of a run."""
    return judge(Evidence(Capture(shot(np.zeros((320, 320, 3), np.uint8)), lit=lit), Networks()), point)


@pytest.mark.parametrize("room", light.ROOMS)
@pytest.mark.parametrize("skin", range(len(light.SKINS)))
def test_a_lit_face_is_clear(still: Pixels, room: str, skin: int) -> None:
    """Six skins in three rooms, heads that sway, cameras that adapt: the screen is seen on all of them."""
    frames = light.frames(still, LANDMARKS, COLOURS, "genuine", light.Setting(room, skin), seed=skin)
    assert Status.CLEAR is said(run(frames)).status


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("species", ["unlit", "tint", "photo", "screen"])
def test_what_is_no_lit_face_is_suspected(still: Pixels, species: light.Species, seed: int) -> None:
    """No light, a tint all over, a photo or a screen held before the screen."""
    judgement = said(run(light.frames(still, LANDMARKS, COLOURS, species, light.Setting("indoor"), seed)))
    assert Status.SUSPECTED is judgement.status
    assert judgement.why in {"no_reflection", "uniform", "other_colours", "delayed"}


@pytest.mark.parametrize("room", light.ROOMS)
def test_another_sequence_is_suspected(still: Pixels, room: str) -> None:
    """A recording of a face that was lit, but in other colours."""
    frames = light.frames(still, LANDMARKS, OTHER, "genuine", light.Setting(room), seed=3)
    judgement = said(run(frames))
    assert (Status.SUSPECTED, "other_colours") == (judgement.status, judgement.why)


def test_a_sequence_that_comes_late_is_suspected(still: Pixels) -> None:
    """Each frame shows the colour before its own: somebody had to look first."""
    frames = light.frames(still, LANDMARKS, COLOURS, "genuine", light.Setting("dim", lag=1.0), seed=3)
    judgement = said(run(frames))
    assert (Status.SUSPECTED, "delayed") == (judgement.status, judgement.why)


def test_a_tint_all_over_is_told_as_such(still: Pixels) -> None:
    """What lies behind the head follows the screen as much as the face does."""
    tinted = [np.clip(still * (0.6 + 0.4 * np.array(SCREEN[colour])), 0, 255).astype(np.uint8)
              for colour in COLOURS]  # fmt: skip
    judgement = said(run(tinted))
    assert (Status.SUSPECTED, "uniform") == (judgement.status, judgement.why)


def test_one_picture_over_and_over_is_suspected(still: Pixels) -> None:
    """Nothing at all changes."""
    judgement = said(run([still] * len(COLOURS)))
    assert (Status.SUSPECTED, 1.0, "no_reflection") == (judgement.status, judgement.score, judgement.why)


@pytest.mark.parametrize(
    ("place", "shown_ms", "taken_ms"),
    [(0, 0.0, 10.0), (2, 900.0, 890.0), (2, 900.0, 1500.0), (2, 400.0, 850.0), (5, 2250.0, 2251.0)],
    ids=["before light can be seen", "before it was shown", "when the next was shown", "out of order", "the last"],
)
def test_times_that_cannot_be_are_suspected(still: Pixels, place: int, shown_ms: float, taken_ms: float) -> None:
    """A frame is taken while its colour is shown, long enough after, and colours follow each other."""
    frames = light.frames(still, LANDMARKS, COLOURS, "genuine", light.Setting("dim"), seed=1)
    lit = list(run(frames))
    lit[place] = replace(lit[place], shown_ms=shown_ms, taken_ms=taken_ms)
    judgement = said(tuple(lit))
    assert (Status.SUSPECTED, 1.0, "timing") == (judgement.status, judgement.score, judgement.why)


def test_what_cannot_be_assessed_says_why(still: Pixels) -> None:
    """No run, too few faces, frames of different sizes, nothing behind the head, everything white."""
    frames = light.frames(still, LANDMARKS, COLOURS, "genuine", light.Setting("dim"), seed=1)
    faceless = tuple(replace(one, shot=replace(one.shot, face=None)) if place < 2 else one
                     for place, one in enumerate(run(frames)))  # fmt: skip
    smaller = (*run(frames)[:5], replace(run(frames)[5], shot=shot(frames[5][:300])))
    close = LANDMARKS[:1] + (LANDMARKS - LANDMARKS[:1]) * 4
    filled = tuple(replace(one, shot=shot(one.shot.pixels, close.astype(np.float32))) for one in run(frames))
    skin = np.where((still > 0) & (np.mgrid[:320, :320][0][..., None] > 60), 255, still).astype(np.uint8)
    words = [said(lit).why for lit in ((), faceless, smaller, filled, run([skin] * 6))]
    assert ["no_flash_run", "no_face_in_frames", "frames_differ", "no_background", "too_bright"] == words


def test_one_frame_without_a_face_is_left_out(still: Pixels) -> None:
    """Five of six are enough."""
    frames = light.frames(still, LANDMARKS, COLOURS, "genuine", light.Setting("dim"), seed=1)
    lit = tuple(replace(one, shot=replace(one.shot, face=None)) if place == 2 else one
                for place, one in enumerate(run(frames)))  # fmt: skip
    assert Status.CLEAR is said(lit).status
