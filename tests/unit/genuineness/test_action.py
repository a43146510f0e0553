"""Whether actions were done: on heads composed from the sample portraits."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from attacks.motion import Pose
from attacks.video import jpeg

from ipse.core.genuineness.action import judge
from ipse.core.genuineness.capture import Acted, Action, Capture, Shot
from ipse.core.genuineness.evidence import Evidence, Networks
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, Status
from tests.heads import Camera

POINT = OperatingPoint("action", assessed=True, threshold=0.5)

DOING: Mapping[Action, Pose] = {
    Action.TURN_LEFT: Pose(yaw_deg=24),
    Action.TURN_RIGHT: Pose(yaw_deg=-24),
    Action.NOD: Pose(pitch_deg=-18),
    Action.BLINK: Pose(closed=1),
    Action.OPEN_MOUTH: Pose(opened=0.8),
}


@pytest.fixture(scope="module")
def camera(weights: Path, samples: Path) -> Camera:
    """A camera before which anybody can be put."""
    return Camera(weights, samples)


def judged(camera: Camera, *acted: tuple[Action, Shot]) -> Judgement:
    """What is said of these frames beside a picture of the same person at rest."""
    capture = Capture(camera.shot(), acted=tuple(Acted(*one) for one in acted))
    return judge(Evidence(capture, camera.networks), POINT)


@pytest.mark.parametrize("action", list(Action))
def test_an_action_that_is_done_is_seen(camera: Camera, action: Action) -> None:
    """Each of the five."""
    found = judged(camera, (action, camera.shot(DOING[action], seed=1)))
    assert (Status.CLEAR, None) == (found.status, found.why)


@pytest.mark.parametrize("action", list(Action))
def test_a_still_does_nothing(camera: Camera, action: Action) -> None:
    """The same face again under new noise is no action, and the judgement says which one is missing."""
    found = judged(camera, (action, camera.shot(seed=1)))
    assert (Status.SUSPECTED, action.value) == (found.status, found.why)


@pytest.mark.parametrize("action", list(Action))
def test_another_action_does_not_count(camera: Camera, action: Action) -> None:
    """Whatever else is done instead."""
    others = [camera.shot(pose, seed=1) for other, pose in DOING.items() if other != action]
    assert [Status.SUSPECTED] * 4 == [judged(camera, (action, shot)).status for shot in others]


def test_the_first_action_that_is_missing_is_named(camera: Camera) -> None:
    """Of several frames in the order asked."""
    blinking, resting = camera.shot(DOING[Action.BLINK], seed=1), camera.shot(seed=2)
    found = judged(camera, (Action.BLINK, blinking), (Action.NOD, resting), (Action.OPEN_MOUTH, resting))
    assert Action.NOD.value == found.why


def test_a_frame_without_a_face_shows_no_action(camera: Camera) -> None:
    """The score is full."""
    wall = camera.looked(jpeg(np.full((480, 640, 3), 128, np.uint8)))
    found = judged(camera, (Action.TURN_LEFT, wall))
    assert (1.0, "turn_left") == (found.score, found.why)


def test_without_actions_or_networks_nothing_is_assessed(camera: Camera) -> None:
    """And the judgement says why."""
    assert "no_actions" == judged(camera).why
    capture = Capture(camera.shot(), acted=(Acted(Action.NOD, camera.shot()),))
    found = judge(Evidence(capture, Networks()), POINT)
    assert (Status.NOT_ASSESSED, "weights_missing") == (found.status, found.why)
