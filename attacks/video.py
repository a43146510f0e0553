"""Frames as files that browsers take for a camera, and frames as a screen shows them."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from attacks.head import HEIGHT_PX, WIDTH_PX, Pixels
from attacks.motion import seen

SHOWN: Final = 0.86
"""How much of the camera's picture the screen fills."""

PITCH_PX: Final = 2.6
"""Distance between two rows of a screen's pixels in the camera's: near two, which makes the moiré."""


def write_y4m(path: Path, frames: Iterable[Pixels], fps: float = 15.0) -> Path:
    """
    Write the frames as Chromium's `--use-file-for-fake-video-capture` reads them (YUV4MPEG2, 4:2:0), and give the file.

    Shape: frames (H, W, 3) uint8 RGB, all of one even size.
    """
    with path.open("wb") as file:
        for index, frame in enumerate(frames):
            if index == 0:
                file.write(f"YUV4MPEG2 W{frame.shape[1]} H{frame.shape[0]} F{round(fps)}:1 Ip A1:1\n".encode())
            file.write(b"FRAME\n")
            file.write(np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2YUV_I420), np.uint8).tobytes())
    return path


def write_mjpeg(path: Path, frames: Iterable[Pixels], quality: int = 92) -> Path:
    """Write the frames as JPEGs one after the other (`.mjpeg`), which Chromium takes too, and give the file."""
    with path.open("wb") as file:
        for frame in frames:
            file.write(jpeg(frame, quality))
    return path


def jpeg(frame: Pixels, quality: int = 92) -> bytes:
    """Give a frame as a JPEG; (H, W, 3) uint8 RGB."""
    _, coded = cv2.imencode(".jpg", cv2.cvtColor(frame, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return coded.tobytes()


def on_screen(frames: Iterable[Pixels], seed: int = 0) -> Iterator[Pixels]:
    """
    Give frames as a camera sees them on a screen that is held before it: a bezel, rows of pixels, blue light, a gleam.

    Simulated; `attacks.screen` has finer ones for single pictures.
    """
    dice = np.random.default_rng(seed)
    corners = _corners(dice)
    whole = np.array([[0, 0], [WIDTH_PX, 0], [WIDTH_PX, HEIGHT_PX], [0, HEIGHT_PX]], np.float32)
    onto = cv2.getPerspectiveTransform(whole, corners)
    bezel = cv2.fillConvexPoly(_room(dice), _grown(corners, 14).astype(np.int32), (14, 14, 16))
    inside = cv2.fillConvexPoly(np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8), corners.astype(np.int32), 1)[..., None]
    rows, columns = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX]
    grid = (
        1
        - 0.10 * (1 + np.sin(2 * np.pi * rows / PITCH_PX))
        - 0.06 * (1 + np.sin(2 * np.pi * (columns + rows / 9) / 2.2))
    )
    gleam = 40 * np.exp(-(((columns - dice.uniform(150, 500)) / 60) ** 2) - ((rows - dice.uniform(80, 300)) / 110) ** 2)
    for frame in frames:
        shown = cv2.warpPerspective(frame, onto, (WIDTH_PX, HEIGHT_PX)) * grid[..., None] * (0.94, 1.0, 1.12)
        lit = shown + 12 + gleam[..., None]
        whole_frame = np.where(inside == 1, lit, bezel)
        yield seen(np.clip(whole_frame, 0, 255).astype(np.uint8), dice)


def _corners(dice: np.random.Generator) -> np.ndarray:
    """Give where the corners of the screen lie: not quite square on."""
    across, down = WIDTH_PX * (1 - SHOWN) / 2, HEIGHT_PX * (1 - SHOWN) / 2
    square = np.array(
        [[across, down], [WIDTH_PX - across, down], [WIDTH_PX - across, HEIGHT_PX - down], [across, HEIGHT_PX - down]]
    )
    return (square + dice.uniform(-12, 12, (4, 2))).astype(np.float32)


def _grown(corners: np.ndarray, by_px: float) -> np.ndarray:
    """Give the corners of the bezel around a screen."""
    outward = corners - corners.mean(axis=0)
    return np.asarray(corners + np.sign(outward) * by_px)


def _room(dice: np.random.Generator) -> Pixels:
    """Give what lies behind the screen: a wall, out of focus."""
    coarse = (dice.uniform(90, 190, (4, 5, 1)) + dice.uniform(-15, 15, (4, 5, 3))).astype(np.float32)
    return cv2.resize(coarse, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_CUBIC).clip(0, 255).astype(np.uint8)
