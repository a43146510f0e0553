"""A line of text cut out of a picture: upright, as long as it is, of one height."""

import cv2
import numpy as np

from ipse.core.vocabulary import Floats, Pixels


def size_px(corners_px: Floats) -> tuple[float, float]:
    """Length and height of a line: the longer one of each pair of opposite sides."""
    right = np.linalg.norm(corners_px[[1, 2]] - corners_px[[0, 3]], axis=1).max()
    down = np.linalg.norm(corners_px[[3, 2]] - corners_px[[0, 1]], axis=1).max()
    return float(right), float(down)


def cut_out(pixels: Pixels, corners_px: Floats) -> Pixels:
    """
    The line as it is, not resized.

    Shape: pixels (H, W) or (H, W, 3) uint8; the result likewise.
    """
    width, height = (max(int(side), 1) for side in size_px(corners_px))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners_px.astype(np.float32), target)
    cut: Pixels = cv2.warpPerspective(
        pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8, copy=False)
    return cut


def of_height(strip: Pixels, height_px: int, longest_px: int) -> Pixels:
    """The strip at this height, squeezed where it would be longer than that."""
    height, width = strip.shape[:2]
    length = min(max(int(np.ceil(height_px * width / height)), 1), longest_px)
    return np.asarray(cv2.resize(strip, (length, height_px), interpolation=cv2.INTER_LINEAR), np.uint8)
