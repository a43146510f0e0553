"""The few real pictures of screens, prints, masks and people, one by one: what each is suspected of, by name."""

from pathlib import Path

import pytest

from ipse.core.genuineness.capture import Capture
from ipse.core.genuineness.examine import GenuinenessExaminer
from ipse.core.genuineness.judgement import Judgements, Status
from ipse.core.images import Limits
from ipse.engine import Engine, open_genuineness
from ipse.infra.settings import Settings
from tests.golden.conftest import Untimed

pytestmark = pytest.mark.shared

FOUND = {
    "inspireface-bulk-rgb_fake.jpg": ("frame_around_face", "monitor"),
    "kby-ai-live_2.jpg": ("network", "cut-out"),
    "kby-ai-live_3.jpg": ("network", "print"),
    "minivision-sample-image_F1.jpg": ("network", "print"),
    "minivision-sample-image_F2.jpg": ("network", "tablet"),
    "zeusees-data-fake_screen.png": ("frame_around_face", "tablet"),
}
"""Screens, prints and the cut-out, what is told against them, and what they are."""

CLEAR = (
    "doubango-genuine.jpg",
    "minivision-sample-image_T1.jpg",
    "doubango-spoof.jpg",  # A screen replay whose frame is cropped away: missed, and reported so.
    "doubango-deepfake.jpg",  # Neither screen nor print.
    "doubango-disguise.jpg",
    "kby-ai-live_1.jpg",  # A paper mask that is held: no rectangle, no raster. The judgement `mask` is for it.
    "kby-ai-live_4.jpg",  # A mask that is worn.
)
"""People, and what these two judgements do not find."""


@pytest.fixture(scope="module")
def examiner(engine: Engine, weights: Path) -> GenuinenessExaminer:
    """Who judges, with what is on by default."""
    return open_genuineness(Settings(weights_dir=weights, precision="float32", threads=1), engine).examiner


def judged(path: Path, examiner: GenuinenessExaminer) -> Judgements:
    """Everything that is said of one file alone."""
    shot = examiner.look("image_best", path.read_bytes(), Limits(), Untimed())
    return examiner.judge(Capture(shot), Untimed())


@pytest.mark.parametrize("name", FOUND)
def test_screens_prints_and_the_cut_out_are_suspected(name: str, shared: Path, examiner: GenuinenessExaminer) -> None:
    """At least one of the two judgements suspects it, for the reason that was seen."""
    found = judged(shared / "spoof" / name, examiner)
    suspected = [one for one in (found["screen_replay"], found["print"]) if one.status is Status.SUSPECTED]
    assert suspected
    assert {FOUND[name][0]} == {one.why for one in suspected}


@pytest.mark.parametrize("name", CLEAR)
def test_people_are_not_suspected_of_screen_or_print(name: str, shared: Path, examiner: GenuinenessExaminer) -> None:
    """Both judgements are assessed and clear."""
    found = judged(shared / "spoof" / name, examiner)
    assert [Status.CLEAR, Status.CLEAR] == [found[one].status for one in ("screen_replay", "print")]


def test_every_picture_of_the_folder_is_in_one_of_the_lists(shared: Path) -> None:
    """Thirteen pictures, each judged above."""
    names = {path.name for path in (shared / "spoof").iterdir() if path.suffix in {".jpg", ".png"}}
    assert names == {*FOUND, *CLEAR}


def test_public_figures_are_not_suspected_of_screen_or_print(shared: Path, examiner: GenuinenessExaminer) -> None:
    """No press photograph of a public figure is suspected of either."""
    pictures = sorted(
        path
        for path in (shared / "faces-misc" / "public-figures").rglob("*")
        if path.suffix in {".jpg", ".png", ".jpeg"}
    )
    assert len(pictures) > 20
    flagged = [
        path.name
        for path in pictures
        for found in [judged(path, examiner)]
        if Status.SUSPECTED in (found["screen_replay"].status, found["print"].status)
    ]
    assert [] == flagged
