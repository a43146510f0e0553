"""A glimpse finds who the whole search finds, where the subject is near, and is the whole search where nobody is."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from ipse.core.faces.detect import detect
from ipse.core.faces.glimpse import NEAR, glimpse
from ipse.core.faces.subject import choose
from ipse.core.vocabulary import Network, Pixels, Subject

pytestmark = pytest.mark.shared


def read(file: Path) -> Pixels:
    """A picture as RGB."""
    return np.asarray(cv2.imread(str(file)), np.uint8)[:, :, ::-1].copy()


@pytest.mark.parametrize("width", [320, 640])
def test_the_same_subject_is_found(width: int, shared: Path, detector: Network) -> None:
    """Of sixty near faces each is found, its middle within a tenth of its width of where the whole search sees it."""
    files = sorted((shared / "faces").glob("*/*.jpg"))[25::50][:60]
    assert 60 == len(files)
    for file in files:
        pixels = np.asarray(cv2.resize(read(file), (width, width)), np.uint8)
        whole, quick = detect(pixels, detector), glimpse(pixels, detector)
        one, other = (faces[choose(faces, Subject.LARGEST, width, width)].box for faces in (whole, quick))
        if one.width_px < NEAR * width:
            assert whole == quick
        middles = np.array([(box.x1 + box.x2, box.y1 + box.y2) for box in (one, other)]) / 2
        assert np.abs(middles[0] - middles[1]).max() < 0.1 * one.width_px, file.name


@pytest.mark.parametrize("name", ["group-and-masks/t1.jpg", "bulk/view.jpg"])
def test_without_anybody_near_it_is_the_whole_search(name: str, shared: Path, detector: Network) -> None:
    """Six small faces of a group are six, and a landscape has none."""
    pixels = read(shared / "faces-misc" / name)
    whole, quick = detect(pixels, detector), glimpse(pixels, detector)
    assert [face.box for face in whole] == [face.box for face in quick]
