"""Whether all frames show one person: on heads composed from the sample portraits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from attacks.motion import Pose
from attacks.video import jpeg

from ipse.core.genuineness.capture import Acted, Action, Capture, Colour, Lit
from ipse.core.genuineness.evidence import Evidence, Networks
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, Status
from ipse.core.genuineness.replaced import judge
from ipse.core.vocabulary import Box
from ipse.models.manifest import Manifest
from tests.heads import Camera

THRESHOLD = next(one.threshold for one in Manifest.load().judgements if one.name == "replaced")
POINT = OperatingPoint("replaced", assessed=True, threshold=THRESHOLD)


@pytest.fixture(scope="module")
def camera(weights: Path, samples: Path) -> Camera:
    """A camera before which anybody can be put."""
    return Camera(weights, samples)


def judged(capture: Capture) -> Judgement:
    """What is said of a capture."""
    return judge(Evidence(capture, Networks()), POINT)


@pytest.mark.parametrize("pose", [Pose(yaw_deg=28), Pose(yaw_deg=-28), Pose(pitch_deg=-22), Pose(opened=1)])
def test_one_person_in_any_pose_is_one_person(camera: Camera, pose: Pose) -> None:
    """Turned, nodding, with an open mouth."""
    acted = (Acted(Action.NOD, camera.shot(pose, seed=1)),)
    assert Status.CLEAR == judged(Capture(camera.shot(), env=camera.shot(seed=2), acted=acted)).status


@pytest.mark.parametrize("where", ["env", "acted", "lit"])
def test_another_person_is_seen_in_any_frame(camera: Camera, where: str) -> None:
    """Surroundings, an action, a colour."""
    best, other = camera.shot(), camera.shot(person="obama")
    capture = {
        "env": Capture(best, env=other),
        "acted": Capture(best, env=camera.shot(seed=1), acted=(Acted(Action.NOD, other),)),
        "lit": Capture(best, lit=(Lit(Colour.RED, other, 0.0, 40.0),)),
    }[where]
    found = judged(capture)
    assert (Status.SUSPECTED, "another_face") == (found.status, found.why)


def test_a_frame_without_a_face_vouches_for_nobody(camera: Camera) -> None:
    """It is suspected, unless it was lit by a colour, which may be black."""
    wall = camera.looked(jpeg(np.full((480, 640, 3), 20, np.uint8)))
    found = judged(Capture(camera.shot(), env=wall))
    assert (1.0, "no_face") == (found.score, found.why)
    lit = (Lit(Colour.BLACK, wall, 0.0, 40.0), Lit(Colour.RED, camera.shot(seed=1), 100.0, 140.0))
    assert Status.CLEAR == judged(Capture(camera.shot(), lit=lit)).status


def test_two_people_of_one_size_are_suspected(camera: Camera) -> None:
    """Somebody small in the background is not."""
    shot = camera.shot(seed=1)
    assert shot.face is not None
    beside = replace(shot.face, box=Box(0, 0, shot.face.box.width_px, 0.9 * shot.face.box.height_px))
    behind = replace(shot.face, box=Box(0, 0, 0.5 * shot.face.box.width_px, 0.5 * shot.face.box.height_px))
    found = [judged(Capture(camera.shot(), env=replace(shot, faces=(shot.face, one)))) for one in (beside, behind)]
    assert [("two_people", Status.SUSPECTED), (None, Status.CLEAR)] == [(one.why, one.status) for one in found]


def test_one_picture_alone_is_not_assessed(camera: Camera) -> None:
    """There is nothing that it could be held against."""
    assert (Status.NOT_ASSESSED, "nothing_to_compare") == (
        judged(Capture(camera.shot())).status,
        judged(Capture(camera.shot())).why,
    )
