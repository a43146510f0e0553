"""The sample portraits measure what `quality.csv` says, with the pinned weights, in float32."""

import csv
import math
from collections.abc import Callable, Mapping
from pathlib import Path

import cv2
import pytest

from ipse.core.faces.examine import Examination, Wish
from ipse.core.faces.quality import MEASURES
from ipse.core.vocabulary import Pixels, Quality

ROWS = tuple(csv.DictReader((Path(__file__).parent / "quality.csv").read_text(encoding="utf-8").splitlines()))
IMAGES = sorted({row["image"] for row in ROWS})


@pytest.fixture(scope="module")
def qualities(samples: Path, examine: Callable[[bytes | Pixels, Wish], Examination]) -> Mapping[str, Quality]:
    """The quality of the subject of each portrait."""
    found = {}
    for image in IMAGES:
        quality = examine((samples / image).read_bytes(), Wish()).quality
        assert quality is not None
        found[image] = quality
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['image']}-{row['measure']}")
def test_a_portrait_measures_what_it_did(row: Mapping[str, str], qualities: Mapping[str, Quality]) -> None:
    """Raw values (and the unified score) lie within the tolerance of the recorded ones; not assessed stays so."""
    quality = qualities[row["image"]]
    found = quality.unified if row["measure"] == "unified" else quality.measures[row["measure"]].raw
    expected = float(row["value"]) if row["value"] else None
    assert (expected is None) == (found is None)
    assert math.isclose(expected or 0, found or 0, abs_tol=float(row["tolerance"] or 0))


def test_every_measure_is_recorded() -> None:
    """The table has a row for each measure of each portrait."""
    assert {(image, name) for image in IMAGES for name in (*MEASURES, "unified")} == {
        (row["image"], row["measure"]) for row in ROWS
    }


def test_a_sharp_portrait_is_good_and_its_ruin_is_not(
    samples: Path, examine: Callable[[bytes | Pixels, Wish], Examination]
) -> None:
    """An official portrait scores above 80; blurred to nothing it scores below the suggested threshold."""
    picture = cv2.imread(str(samples / "obama.jpg"))
    assert picture is not None
    picture = cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    scores = []
    for sigma in (0.1, 2.0, 6.0):
        coded = cv2.imencode(".png", cv2.GaussianBlur(picture, (0, 0), sigma))[1].tobytes()
        quality = examine(coded, Wish()).quality
        scores.append(0.0 if quality is None else quality.unified)
    assert sorted(scores, reverse=True) == scores
    assert scores[0] > 80
    assert scores[2] < 30.1
