"""Angles come back out of five points that were turned by them."""

import numpy as np
import pytest

from ipse.core.faces.quality import head_pose
from ipse.core.faces.quality.parameters import EYE_SPAN, NOSE_DEPTH, NOSE_HEIGHT
from ipse.core.vocabulary import Floats

HEAD = np.array(
    [
        [-EYE_SPAN / 2, 0, 0],
        [EYE_SPAN / 2, 0, 0],
        [0, NOSE_HEIGHT, NOSE_DEPTH],
        [-0.4, 1, 0],
        [0.4, 1, 0],
    ]
)
"""The five points of a frontal head: right, down, towards the camera; the mouth lies one unit below the eyes."""


def seen(yaw_deg: float = 0, pitch_deg: float = 0, roll_deg: float = 0) -> Floats:
    """The five points in a picture, 100 px from eyes to mouth."""
    yaw, pitch, roll = np.radians([yaw_deg, pitch_deg, roll_deg])
    turn = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    tilt = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    lean = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    flat = (HEAD @ turn.T @ tilt.T)[:, :2] @ lean.T
    return np.asarray(flat * 100 + 200, np.float32)


@pytest.mark.parametrize("angle", [-60, -20, 0, 35, 70])
def test_yaw_comes_back(angle: float) -> None:
    """Positive when the nose points to the picture's right."""
    assert pytest.approx(angle, abs=0.01) == head_pose.yaw_deg(seen(yaw_deg=angle))


@pytest.mark.parametrize("angle", [-40, -10, 0, 15, 40])
def test_pitch_comes_back(angle: float) -> None:
    """Positive when the face looks up."""
    assert pytest.approx(angle, abs=0.01) == head_pose.pitch_deg(seen(pitch_deg=angle))


@pytest.mark.parametrize("angle", [-170, -45, 0, 30, 90])
def test_roll_comes_back(angle: float) -> None:
    """Clockwise as seen in the picture, and the other angles do not notice."""
    points = seen(yaw_deg=20, roll_deg=angle)
    assert pytest.approx(angle, abs=0.01) == head_pose.roll_deg(points)
    assert pytest.approx(20, abs=0.01) == head_pose.yaw_deg(points)


def test_points_that_coincide_have_a_pose() -> None:
    """Landmarks without extent give finite angles."""
    points = np.zeros((5, 2), np.float32)
    assert np.isfinite([head_pose.yaw_deg(points), head_pose.pitch_deg(points), head_pose.roll_deg(points)]).all()
