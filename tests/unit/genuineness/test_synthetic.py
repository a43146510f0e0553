"""`synthetic`: a network of our own, which lies in this package, judges faces that are large enough."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from attacks.blend import self_blended
from attacks.video import jpeg

from ipse.core.genuineness.capture import Capture, Shot
from ipse.core.genuineness.evidence import Evidence, Networks
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, Status
from ipse.core.genuineness.synthetic import judge
from ipse.core.vocabulary import Network
from ipse.models.fetch import fetch
from ipse.models.manifest import Manifest
from ipse.models.session import RuntimeChoice, open_network
from tests.heads import Camera

POINT = OperatingPoint("synthetic", assessed=True, threshold=0.5, bpcer=0.05)
SHIPPED = tuple(one for one in Manifest.load().networks if one.role == "synthetic")


@pytest.fixture(scope="module")
def camera(weights: Path, samples: Path) -> Camera:
    """A camera before which anybody can be put."""
    return Camera(weights, samples)


@pytest.fixture(scope="module", params=SHIPPED, ids=[one.name for one in SHIPPED])
def network(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Network:
    """Each network for this judgement, put in place from this package alone."""
    (path,) = fetch([request.param], tmp_path_factory.mktemp("weights"))
    return open_network(request.param, path, RuntimeChoice(precision="float32"), allow_research=True)


def judged(shot: Shot, network: Network | None) -> Judgement:
    """What is said of one picture."""
    return judge(Evidence(Capture(shot), Networks(synthetic=network)), POINT)


def portrait(camera: Camera, file: Path) -> Shot:
    """A sample portrait, its eyes 44 pixels apart."""
    large = camera.looked(file.read_bytes())
    assert large.face is not None
    left, right = large.face.landmarks_px[:2]
    share = 44 / float(np.hypot(*(right - left)))
    size = round(large.pixels.shape[1] * share), round(large.pixels.shape[0] * share)
    return camera.looked(jpeg(np.asarray(cv2.resize(large.pixels, size, interpolation=cv2.INTER_AREA), np.uint8)))


@pytest.mark.parametrize("person", ["biden", "obama", "obama2", "obama3"])
def test_blends_score_higher_than_the_picture_that_they_were_made_of(
    camera: Camera, samples: Path, network: Network, person: str
) -> None:
    """On the average: a quarter of a copy blended in is seen by nobody."""
    shot = portrait(camera, samples / f"{person}.jpg")
    assert shot.face is not None
    blends = [camera.looked(jpeg(self_blended(shot.pixels, shot.face.landmarks_px, seed))) for seed in range(6)]
    genuine, *scores = (judged(one, network).score for one in (shot, *blends))
    assert genuine == judged(shot, network).score
    assert genuine is not None
    assert all(score is not None and 0.0 <= score <= 1.0 for score in (genuine, *scores))
    assert np.mean([score for score in scores if score is not None]) > genuine + 0.1


def test_who_suspects_says_why_and_how_often_that_is_wrong(camera: Camera, network: Network) -> None:
    """The word and the error rate come with the suspicion."""
    found = judge(Evidence(Capture(camera.shot()), Networks(synthetic=network)), replace(POINT, threshold=1e-9))
    assert (Status.SUSPECTED, "blended", 0.05) == (found.status, found.why, found.error_rate)


def test_a_face_that_is_too_small_is_not_assessed(camera: Camera, network: Network) -> None:
    """Its details would be inventions."""
    shot = camera.shot()
    assert shot.face is not None
    shot = replace(shot, face=replace(shot.face, landmarks_px=shot.face.landmarks_px / np.float32(8)))
    assert (Status.NOT_ASSESSED, "face_too_small") == (judged(shot, network).status, judged(shot, network).why)


def test_without_a_network_nothing_is_assessed(camera: Camera) -> None:
    """The judgement says so."""
    assert "weights_missing" == judged(camera.shot(), None).why


def test_without_a_face_nothing_is_assessed(camera: Camera, network: Network) -> None:
    """The network is not even asked."""
    assert "no_face" == judged(replace(camera.shot(), face=None), network).why
