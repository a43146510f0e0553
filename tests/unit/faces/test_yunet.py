"""The detector's outputs become candidates."""

import numpy as np

from ipse.core.faces import yunet
from ipse.core.vocabulary import Floats


def outputs(height_px: int, width_px: int) -> dict[str, Floats]:
    """Outputs of a network that sees nothing."""
    empty = {}
    for stride in yunet.STRIDES_PX:
        cells = (height_px // stride) * (width_px // stride)
        for name, values in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)):
            empty[f"{name}_{stride}"] = np.zeros((1, cells, values), np.float32)
    return empty


def test_one_cell_becomes_one_candidate() -> None:
    """Cell (3, 2) at stride 16 with offset 0.5 and sizes e^1 and e^2 lies where the formula says."""
    seen = outputs(64, 96)
    cell = 2 * (96 // 16) + 3
    seen["cls_16"][0, cell] = 0.81
    seen["obj_16"][0, cell] = 1.0
    seen["bbox_16"][0, cell] = (0.5, 0.5, 1.0, 2.0)
    seen["kps_16"][0, cell] = np.arange(10)
    (found,) = yunet.candidates(seen, 96, 0.5)
    half_w, half_h = np.exp(1) * 8, np.exp(2) * 8
    np.testing.assert_allclose([56 - half_w, 40 - half_h, 56 + half_w, 40 + half_h], found[:4], rtol=1e-6)
    np.testing.assert_allclose((np.arange(10) + [3, 2] * 5) * 16, found[4:14], rtol=1e-6)
    np.testing.assert_allclose(0.9, found[14], rtol=1e-6)


def test_what_is_below_the_score_is_dropped() -> None:
    """A cell whose score is 0.9 is no candidate at 0.91."""
    seen = outputs(64, 64)
    seen["cls_8"][0, 0] = 0.81
    seen["obj_8"][0, 0] = 1.0
    assert [1, 0] == [len(yunet.candidates(seen, 64, at_least)) for at_least in (0.89, 0.91)]


def test_a_candidate_becomes_a_face() -> None:
    """Box, five points in order, score."""
    face = yunet.to_face(np.arange(15, dtype=np.float32))
    assert (0, 1, 2, 3, 14) == (face.box.x1, face.box.y1, face.box.x2, face.box.y2, face.score)
    assert [[4, 5], [6, 7], [8, 9], [10, 11], [12, 13]] == face.landmarks_px.tolist()
