"""Motion composed from a still: the head does what the script says, and files are what browsers read."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from attacks.found import Finder
from attacks.head import HEIGHT_PX, WIDTH_PX, Pixels, Points, portrait, turned
from attacks.motion import EVERYTHING, Step, frames, pose_of, replayed
from attacks.video import on_screen, write_mjpeg, write_y4m

from ipse.core.faces.contours import five_of
from ipse.core.faces.quality.head_pose import pitch_deg, yaw_deg
from ipse.infra.settings import Settings

FPS = 5.0


@pytest.fixture(scope="module")
def still(weights: Path, samples: Path) -> tuple[Pixels, Points]:
    """A sample portrait and the contours of its face."""
    finder = Finder(Settings(weights_dir=weights, precision="float32", threads=1))
    return finder.found((samples / "obama.jpg").read_bytes())


def test_the_face_stands_upright_on_the_canvas(still: tuple[Pixels, Points]) -> None:
    """Its jaw is 220 pixels wide and its eyes are level."""
    face = portrait(*still)
    assert 220 == pytest.approx(float(np.ptp(face.points[:17, 0])), abs=8)
    assert face.points[36:42, 1].mean() == pytest.approx(face.points[42:48, 1].mean(), abs=1)


@pytest.mark.parametrize("angle", [-28, -14, 14, 28])
def test_a_turned_head_measures_as_turned(still: tuple[Pixels, Points], angle: float) -> None:
    """Positive is to the right of the picture."""
    face = portrait(*still)
    seen = yaw_deg(five_of(turned(face, yaw_deg=angle).points)) - yaw_deg(five_of(face.points))
    assert angle == pytest.approx(seen, abs=8)


def test_a_head_that_nods_looks_down(still: tuple[Pixels, Points]) -> None:
    """The pitch falls by about as much."""
    face = portrait(*still)
    down = turned(face, yaw_deg=0, pitch_deg=-20)
    assert -20 == pytest.approx(pitch_deg(five_of(down.points)) - pitch_deg(five_of(face.points)), abs=8)


def test_frames_are_as_many_as_the_script_takes(still: tuple[Pixels, Points]) -> None:
    """Seconds times frames a second, each of a camera's size."""
    shown = list(frames(*still, script=(Step("rest", 1), Step("blink", 0.6)), fps=FPS))
    assert [(HEIGHT_PX, WIDTH_PX, 3)] * 8 == [frame.shape for frame in shown]


def test_a_seed_gives_the_same_frames_again(still: tuple[Pixels, Points]) -> None:
    """Drift and noise are dice that fall the same."""
    one, same, other = (next(frames(*still, seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_replayed_still_moves_only_by_noise(still: tuple[Pixels, Points]) -> None:
    """No pixel leaves the noise; a living head's do."""
    first, second = islice(replayed(*still, seconds=1, fps=FPS), 2)
    assert np.abs(first.astype(int) - second).max() < 40
    resting, turning = list(frames(*still, script=(Step("rest", 0.2), Step("turn_left", 1)), fps=FPS))[::3]
    assert np.abs(resting.astype(int) - turning).max() > 100


def test_every_movement_is_played() -> None:
    """The script that browsers loop over holds all that may be asked."""
    assert {"rest", "turn_left", "turn_right", "nod", "blink", "open_mouth"} == {one.movement for one in EVERYTHING}
    assert pose_of("turn_left", 0.5).yaw_deg > 0 > pose_of("turn_right", 0.5).yaw_deg


def test_a_video_is_what_chromium_reads(still: tuple[Pixels, Points], tmp_path: Path) -> None:
    """A header, then for each frame a line and one and a half bytes a pixel."""
    file = write_y4m(tmp_path / "head.y4m", islice(frames(*still), 2), fps=15)
    header, rest = file.read_bytes().split(b"\n", 1)
    assert b"YUV4MPEG2 W640 H480 F15:1 Ip A1:1" == header
    assert 2 * (len(b"FRAME\n") + WIDTH_PX * HEIGHT_PX * 3 // 2) == len(rest)


def test_a_video_of_a_screen_has_a_dark_bezel(still: tuple[Pixels, Points], tmp_path: Path) -> None:
    """Between the room and the picture."""
    (shown,) = on_screen(islice(frames(*still), 1), seed=1)
    assert shown[HEIGHT_PX // 2, :80].mean(axis=-1).min() < 40
    assert write_mjpeg(tmp_path / "screen.mjpeg", [shown]).read_bytes().startswith(b"\xff\xd8")
