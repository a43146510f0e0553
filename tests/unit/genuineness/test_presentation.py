"""Screens and prints: what lies around a face, frames, rasters, and what the two judgements make of them."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from attacks import camera, paper, screen

from ipse.core.faces.detect import detect
from ipse.core.genuineness import frame, printed, raster, recapture, screen_replay
from ipse.core.genuineness.capture import Capture, Shot
from ipse.core.genuineness.evidence import Evidence, Networks
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, Status
from ipse.core.genuineness.presentation import against_live
from ipse.core.genuineness.raster import Raster
from ipse.core.genuineness.recapture import Traces
from ipse.core.genuineness.surround import LEAST, cut_off, pushed_inside, shown, without_bars
from ipse.core.vocabulary import Box, Pixels
from ipse.models.manifest import Manifest
from ipse.models.session import OpenedNetwork, RuntimeChoice, open_network

MANIFEST = Manifest.load()
SCREEN = OperatingPoint("screen_replay", assessed=True, threshold=0.5, bpcer=0.01)
PRINT = OperatingPoint("print", assessed=True, threshold=0.5, bpcer=0.01)


def opened(weights: Path, name: str) -> OpenedNetwork:
    """A network in float32."""
    weight = MANIFEST.weight(name)
    return open_network(weight, weights / weight.file, RuntimeChoice("openvino", "cpu", "float32", 1))


@pytest.fixture(scope="module")
def detector(weights: Path) -> OpenedNetwork:
    """The network that finds faces."""
    return opened(weights, "yunet")


@pytest.fixture(scope="module")
def networks(weights: Path) -> Networks:
    """The network of screens and prints."""
    return Networks(presentation=opened(weights, "fr-liveness"))


@pytest.fixture(scope="module")
def portrait(samples: Path) -> Pixels:
    """A press photograph, small."""
    pixels = cv2.cvtColor(np.asarray(cv2.imread(str(samples / "obama.jpg")), np.uint8), cv2.COLOR_BGR2RGB)
    return np.asarray(cv2.resize(pixels, (400, 500), interpolation=cv2.INTER_AREA), np.uint8)


def shot(pixels: Pixels, detector: OpenedNetwork, name: str = "image_best") -> Shot:
    """A picture with its largest face."""
    faces = detect(pixels, detector)
    face = max(faces, key=lambda one: one.box.area_px) if faces else None
    height, width = pixels.shape[:2]
    return Shot(name, b"", pixels, width, height, "", faces, face)


def judged(capture: Capture, networks: Networks) -> tuple[Judgement, Judgement]:
    """Both judgements."""
    evidence = Evidence(capture, networks)
    return screen_replay.judge(evidence, SCREEN), printed.judge(evidence, PRINT)


def face_of(pixels: Pixels, detector: OpenedNetwork) -> Box:
    """The box of the largest face."""
    found = shot(pixels, detector).face
    assert found is not None
    return found.box


def test_a_crop_factor_counts_how_often_the_box_goes_into_the_picture() -> None:
    """The side where it goes least often counts."""
    assert 2.0 == shown(np.zeros((400, 200, 3), np.uint8), Box(50, 50, 150, 150))


def test_bars_at_the_rim_are_no_surround() -> None:
    """Black rows and columns that a program added are left out, and the box moves with what is left."""
    pixels = np.zeros((100, 120, 3), np.uint8)
    pixels[10:80, 20:120] = 90
    inside, box = without_bars(pixels, Box(40, 30, 60, 50))
    assert (70, 100, 3) == inside.shape
    assert Box(20, 20, 40, 40) == box


def test_a_black_picture_stays_whole() -> None:
    """There is nothing to cut away from."""
    assert (50, 60, 3) == without_bars(np.zeros((50, 60, 3), np.uint8), Box(0, 0, 10, 10))[0].shape


@pytest.mark.parametrize(
    "box", [Box(-30, -30, 20, 30), Box(180, 90, 260, 170), Box(0, 0, 200, 100), Box(99, 40, 99, 40)]
)
def test_crops_lie_within_the_picture(box: Box) -> None:
    """Whatever the detector's box, both crops have pixels, and the pushed one is square."""
    pixels = np.zeros((100, 200, 3), np.uint8)
    cut, square = cut_off(pixels, box), pushed_inside(pixels, box)
    assert min(*cut.shape, *square.shape) >= 1
    assert square.shape[0] == square.shape[1]


def test_log_odds_against_live_are_those_of_the_softmax() -> None:
    """Three logits, the first one is life."""
    logits = np.array([1.0, 2.0, 0.5], np.float32)
    live = np.exp(logits[0]) / np.exp(logits).sum()
    assert np.log((1 - live) / live) == pytest.approx(against_live(logits), abs=1e-6)


def test_a_frame_is_found_on_four_sides_and_on_three_is_none(portrait: Pixels, detector: OpenedNetwork) -> None:
    """A dark bezel around a portrait is one; without its lower side it is none, and the portrait has none."""
    box = face_of(portrait, detector)
    framed = cv2.copyMakeBorder(portrait, 30, 30, 30, 30, cv2.BORDER_CONSTANT, value=(12, 12, 12))
    lying = cv2.copyMakeBorder(framed, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(170, 160, 150))
    moved = Box(box.x1 + 90, box.y1 + 90, box.x2 + 90, box.y2 + 90)
    assert frame.measure(np.asarray(lying, np.uint8), moved) > 0.6
    assert frame.measure(np.asarray(lying[: int(moved.y2) + 10], np.uint8), moved) < 0.3
    assert frame.measure(portrait, box) < 0.45


def test_a_raster_is_level_and_dots_are_slanted(portrait: Pixels, detector: OpenedNetwork) -> None:
    """A laptop's raster and a magazine's dots stand out, a person before the same camera does not."""
    seen = {
        "person": camera.taken(portrait, 400, 4),
        "screen": screen.replay(portrait, "laptop, full", 2, 400),
        "print": paper.print_out(portrait, "magazine, full", 4, 400),
    }
    found = {name: raster.measure(pixels, face_of(pixels, detector)) for name, pixels in seen.items()}
    assert found["person"].luma < recapture.RASTER_FROM
    assert min(found["screen"].luma, found["print"].luma) > recapture.PLAIN
    assert found["screen"].slant_deg <= recapture.LEVEL_DEG < found["print"].slant_deg


@pytest.mark.parametrize(("slant_deg", "screened", "inked"), [(2.0, True, False), (20.0, False, True)])
def test_a_plain_raster_tells_which_it_is(slant_deg: float, *, screened: bool, inked: bool) -> None:
    """Level waves are a screen's, slanted ones a print's, however sure the network is."""
    traces = Traces(doubt=9.0, frame=0.9, raster=Raster(2.0, 0.5, slant_deg))
    assert (screened, inked) == (traces.log_odds("screen") >= 0, traces.log_odds("print") >= 0)


def test_without_a_raster_both_are_suspected(portrait: Pixels) -> None:
    """What may be either is told as either."""
    del portrait
    traces = Traces(doubt=6.0, frame=0.1, raster=Raster(0.6, 0.5, 20.0))
    assert traces.score("screen") == traces.score("print") > 0.5
    assert "network" == traces.why


def test_being_sure_of_life_does_not_outweigh_a_frame() -> None:
    """A frame on all four sides is enough."""
    traces = Traces(doubt=-12.0, frame=0.8, raster=Raster(0.6, 0.5, 20.0))
    assert traces.score("screen") > 0.5
    assert "frame_around_face" == traces.why


def test_portraits_are_clear(samples: Path, detector: OpenedNetwork, networks: Networks) -> None:
    """No sample portrait is suspected of anything, and the error rate is told."""
    for path in sorted(samples.glob("*.jpg")):
        pixels = cv2.cvtColor(np.asarray(cv2.imread(str(path)), np.uint8), cv2.COLOR_BGR2RGB)
        found = judged(Capture(shot(np.asarray(pixels, np.uint8), detector)), networks)
        assert [Status.CLEAR, Status.CLEAR] == [one.status for one in found]
        assert {0.01} == {one.error_rate for one in found}


@pytest.mark.parametrize("seed", [1, 3])
@pytest.mark.parametrize("recipe", ["tablet, framed", "monitor, framed"])
def test_a_framed_screen_is_suspected(
    recipe: str, seed: int, portrait: Pixels, detector: OpenedNetwork, networks: Networks
) -> None:
    """A portrait on a screen whose frame is seen is suspected by at least one judgement."""
    found = judged(Capture(shot(screen.replay(portrait, recipe, seed, 480), detector)), networks)
    assert Status.SUSPECTED in [one.status for one in found]


def test_the_wider_picture_counts(portrait: Pixels, detector: OpenedNetwork, networks: Networks) -> None:
    """A best picture that shows nothing is suspected with surroundings that show the tablet."""
    best = shot(portrait, detector)
    env = shot(screen.replay(portrait, "tablet, framed", 1, 480), detector, "image_env")
    assert [Status.CLEAR, Status.CLEAR] == [one.status for one in judged(Capture(best), networks)]
    assert Status.SUSPECTED in [one.status for one in judged(Capture(best, env), networks)]


def test_a_tight_crop_is_not_assessed(portrait: Pixels, detector: OpenedNetwork, networks: Networks) -> None:
    """Below the least surround nothing is said, and why; with a wider picture of the surroundings it is."""
    whole = shot(portrait, detector)
    assert whole.face is not None
    box = whole.face.box
    left, top = int(box.x1), int(box.y1)
    pixels = np.ascontiguousarray(portrait[top : int(box.y2) + 6, left : int(box.x2) + 6])
    face = replace(whole.face, box=Box(box.x1 - left, box.y1 - top, box.x2 - left, box.y2 - top))
    tight = replace(whole, pixels=pixels, face=face)
    assert shown(pixels, face.box) < LEAST
    found = judged(Capture(tight), networks)
    assert [(Status.NOT_ASSESSED, "surround_too_small")] * 2 == [(one.status, one.why) for one in found]
    wider = judged(Capture(tight, shot(portrait, detector, "image_env")), networks)
    assert [Status.CLEAR, Status.CLEAR] == [one.status for one in wider]


def test_without_the_network_nothing_is_said(portrait: Pixels, detector: OpenedNetwork) -> None:
    """The weights are named as missing."""
    found = judged(Capture(shot(portrait, detector)), Networks())
    assert [(Status.NOT_ASSESSED, "weights_missing")] * 2 == [(one.status, one.why) for one in found]


@pytest.mark.parametrize("recipe", [*screen.RECIPES, *paper.RECIPES])
def test_attacks_fall_the_same_each_time(recipe: str, portrait: Pixels) -> None:
    """One seed gives one picture, another seed another, of the width that was asked for."""
    make = screen.replay if recipe in screen.RECIPES else paper.print_out
    first, again, other = (make(portrait[::2, ::2], recipe, seed, 200) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert 200 == first.shape[1] == other.shape[1]
    assert not np.array_equal(first, other)
