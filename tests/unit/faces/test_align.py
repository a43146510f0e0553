"""Alignment puts five points where the embedding network expects them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ipse.core.faces.align import TARGET_PX, align, similarity_to_target

TARGET = np.array(TARGET_PX)


def moved(angle_deg: float, scale: float, across: float, down: float) -> np.ndarray:
    """The target's points, turned, scaled and shifted."""
    angle = np.deg2rad(angle_deg)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return TARGET @ turn.T + (across, down)


@given(st.floats(-180, 180), st.floats(0.2, 20), st.floats(-500, 5000), st.floats(-500, 5000))
def test_similarity_undoes_any_similarity(angle: float, scale: float, across: float, down: float) -> None:
    """Points that are a turned, scaled and shifted template come back onto the template."""
    points = moved(angle, scale, across, down)
    matrix = similarity_to_target(points.astype(np.float32))
    np.testing.assert_allclose(TARGET, points @ matrix[:, :2].T + matrix[:, 2], atol=0.02)


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300)), min_size=5, max_size=5))
def test_no_small_change_fits_better(points: list[tuple[float, float]]) -> None:
    """The similarity is a least-squares optimum: no small change of it brings the points nearer to the template."""
    source = np.array(points, np.float32).astype(np.float64)
    if np.ptp(source, axis=0).max() < 1:
        return
    matrix = similarity_to_target(source.astype(np.float32))

    def error(change: np.ndarray) -> float:
        turn = matrix[:, :2] + [[change[0], -change[1]], [change[1], change[0]]]
        return float(((source @ turn.T + matrix[:, 2] + change[2:] - TARGET) ** 2).sum())

    best = error(np.zeros(4))
    for step in np.vstack((np.diag([1e-4, 1e-4, 1e-2, 1e-2]), -np.diag([1e-4, 1e-4, 1e-2, 1e-2]))):
        assert best <= error(step) + 1e-6


def test_a_mirrored_face_is_not_mirrored_back() -> None:
    """Points in mirrored order never yield a reflection: the determinant stays positive."""
    mirrored = TARGET * (-1, 1) + (112, 0)
    matrix = similarity_to_target(mirrored.astype(np.float32))
    assert np.linalg.det(matrix[:, :2]) > 0


def test_coinciding_points_are_bearable() -> None:
    """Five points in one place give a finite picture of the right shape."""
    aligned = align(np.full((50, 50, 3), 7, np.uint8), np.full((5, 2), 20, np.float32))
    assert (112, 112, 3) == aligned.shape


def test_a_face_outside_the_picture_is_black() -> None:
    """Landmarks far outside give a black face, no error."""
    aligned = align(np.full((50, 50, 3), 255, np.uint8), (TARGET + 9000).astype(np.float32))
    assert 0 == aligned.max()


def test_a_large_face_is_shrunk_without_aliases() -> None:
    """A checkerboard of single pixels under a face eight times too large comes out as even grey."""
    rows, columns = np.indices((1000, 1000))
    board = np.repeat(((rows + columns) % 2 * 255).astype(np.uint8)[..., None], 3, axis=2)
    aligned = align(board, (TARGET * 8 + 20).astype(np.float32))
    assert 2 >= np.ptp(aligned[8:-8, 8:-8])


def test_halving_keeps_things_in_place() -> None:
    """A smooth ramp aligned from eight times the size has the same values as the ramp itself."""
    ramp = np.repeat(np.linspace(0, 255, 1000)[None, :, None], 1000, axis=0).repeat(3, axis=2).astype(np.uint8)
    aligned = align(ramp, (TARGET * 8 + 20).astype(np.float32))
    expected = (np.arange(112) * 8 + 20) * 255 / 999
    np.testing.assert_allclose(expected[8:-8], aligned[56, 8:-8, 0], atol=1.5)
