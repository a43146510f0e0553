"""Hints that pictures did not come from a camera."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from attacks.motion import Pose, posed
from attacks.video import jpeg

from ipse.core.genuineness.capture import Acted, Action, Capture
from ipse.core.genuineness.evidence import Evidence, Networks
from ipse.core.genuineness.injection import judge
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, Status
from tests.heads import Camera

POINT = OperatingPoint("injection", assessed=True, threshold=0.5)

HONEST: Mapping[str, object] = {
    "camera": "FaceTime HD Camera (05ac:8514)",
    "frames_ms": [round(1000 + 33.37 * at + (0.4 if at % 3 else 0.0), 1) for at in range(60)],
    "size": [640, 480],
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0",
    "screen": [1920, 1080, 1],
}


@pytest.fixture(scope="module")
def camera(weights: Path, samples: Path) -> Camera:
    """A camera before which anybody can be put."""
    return Camera(weights, samples)


@pytest.fixture(scope="module")
def capture(camera: Camera) -> Capture:
    """An honest capture of one action."""
    return Capture(camera.shot(), acted=(Acted(Action.NOD, camera.shot(Pose(pitch_deg=-20), seed=1)),), log=HONEST)


def judged(capture: Capture) -> Judgement:
    """What is said of a capture."""
    return judge(Evidence(capture, Networks()), POINT)


def test_an_honest_capture_gives_no_hint(capture: Capture) -> None:
    """Neither its log nor its pictures."""
    assert (Status.CLEAR, 0.0, None) == (judged(capture).status, judged(capture).score, judged(capture).why)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"camera": "OBS Virtual Camera"}, "virtual_camera"),
        ({"camera": "fake_device_0"}, "virtual_camera"),
        ({"camera": "Dummy video device (0x0000)"}, "virtual_camera"),
        ({"user_agent": "Mozilla/5.0 HeadlessChrome/140.0.0.0"}, "automated_browser"),
        ({"frames_ms": [float(at) for at in range(0, 3000, 40)]}, "regular_times"),
        ({"frames_ms": [100.0 - at for at in range(60)]}, "impossible_times"),
        ({"frames_ms": [at / 10 for at in range(60)]}, "impossible_times"),
        ({"size": [320, 240]}, "larger_than_the_camera"),
    ],
)
def test_a_log_gives_itself_away(capture: Capture, said: Mapping[str, object], why: str) -> None:
    """Each hint has its own word."""
    found = judged(replace(capture, log={**HONEST, **said}))
    assert (Status.SUSPECTED, why) == (found.status, found.why)


@pytest.mark.parametrize(
    "log",
    [
        {"camera": 7, "user_agent": None, "size": "large", "frames_ms": {"a": 1}},
        {"frames_ms": [10**400] * 60, "size": [float("nan"), float("inf")]},
        {"frames_ms": ["1"] * 60, "size": [1, 2, 3], "screen": [[[]]]},
        {"frames_ms": [], "size": []},
    ],
)
def test_a_log_may_hold_anything(capture: Capture, log: Mapping[str, object]) -> None:
    """What is not understood is no hint."""
    assert 0.0 == judged(replace(capture, log=log)).score


def test_a_telephone_that_is_held_upright_has_its_own_size(capture: Capture) -> None:
    """Width and height may be exchanged."""
    assert 0.0 == judged(replace(capture, log={"size": [480, 640]})).score


def test_one_file_twice_is_seen(capture: Capture) -> None:
    """The best picture was sent as an action."""
    found = judged(replace(capture, acted=(Acted(Action.NOD, capture.best),)))
    assert "same_file" == found.why


def test_a_frame_that_was_edited_out_of_another_is_seen(camera: Camera) -> None:
    """Closed eyes painted into the very same frame: all else is identical."""
    face = camera.face("biden")
    best = camera.looked(jpeg(face.pixels, 100))
    edited = camera.looked(jpeg(posed(face, Pose(closed=1)).pixels, 100))
    found = judged(Capture(best, acted=(Acted(Action.BLINK, edited),)))
    assert "identical_pixels" == found.why


def test_the_name_of_an_editor_is_seen(capture: Capture) -> None:
    """Wherever the file says it."""
    content = capture.best.content[:2] + b"\xff\xe1\x00\x14Adobe Photoshop\x00\x00" + capture.best.content[2:]
    assert "edited_file" == judged(replace(capture, best=replace(capture.best, content=content))).why


def test_one_picture_without_a_log_is_not_assessed(capture: Capture) -> None:
    """There is nothing to hold it against."""
    assert Status.NOT_ASSESSED == judged(Capture(capture.best)).status


def test_pictures_of_other_sizes_are_not_held_against_each_other(capture: Capture, camera: Camera) -> None:
    """Nor tiny ones."""
    small = camera.looked(jpeg(np.ascontiguousarray(capture.best.pixels[:240])))
    assert 0.0 == judged(replace(capture, acted=(Acted(Action.NOD, small),))).score
