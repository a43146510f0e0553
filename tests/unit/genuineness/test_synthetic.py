"""`synthetic`: a network of our own, which lies in this package, judges faces that are large enough."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from attacks.blend import swapped
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


def attacked(camera: Camera, shot: Shot, seed: int) -> Shot:
    """The picture attacked with somebody else's face."""
    other = camera.shot(person="obama")
    assert shot.face is not None
    assert other.face is not None
    return camera.looked(
        jpeg(swapped(shot.pixels, shot.face.landmarks_px, other.pixels, other.face.landmarks_px, seed))
    )


def test_attacks_score_higher_than_the_picture_that_they_were_made_of(camera: Camera, network: Network) -> None:
    """All scores lie between 0 and 1, and are the same each time."""
    genuine = judged(camera.shot(), network)
    scores = [judged(attacked(camera, camera.shot(), seed), network).score for seed in range(5)]
    assert genuine.score is not None
    assert genuine == judged(camera.shot(), network)
    assert all(score is not None and 0.0 <= score <= 1.0 for score in (genuine.score, *scores))
    assert np.median([score for score in scores if score is not None]) > genuine.score


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
