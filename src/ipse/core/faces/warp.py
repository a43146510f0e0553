"""A square cut out of a picture at any place, angle and scale, without aliases."""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.vocabulary import Pixels

Affine: TypeAlias = NDArray[np.float64]
"""(2, 3): takes (x, y, 1) of the picture to (x, y) of the square, in indices of pixels."""


def warp(pixels: Pixels, matrix: Affine, side_px: int) -> Pixels:
    """
    Give the square that the matrix cuts out; black outside the picture.

    A part that must shrink to half or less is halved by area first: a warp reads four pixels and would skip the rest.

    Shape: pixels (H, W, 3) uint8, matrix (2, 3) -> (side_px, side_px, 3) uint8.
    """
    corners = corners_in_picture(matrix, side_px)
    low = np.clip(np.floor(corners.min(axis=0)) - 2, 0, None).astype(np.int64)
    high = np.clip(np.ceil(corners.max(axis=0)) + 2, 0, None).astype(np.int64)
    part = pixels[low[1] : high[1], low[0] : high[0]]
    if part.size == 0:
        return np.zeros((side_px, side_px, 3), np.uint8)
    matrix = matrix.copy()
    matrix[:, 2] += matrix[:, :2] @ low
    while np.hypot(*matrix[:, 0]) <= 0.5 and min(part.shape[:2]) > 1:  # noqa: PLR2004 - a half is a half
        part = halved(part)
        matrix[:, :2] *= 2
        matrix[:, 2] += matrix[:, :2] @ (0.25, 0.25)
    return np.asarray(cv2.warpAffine(part, matrix, (side_px, side_px)), np.uint8)


def halved(pixels: Pixels) -> Pixels:
    """
    Give the picture at half the size, each pixel the mean of four; an odd last row or column is left out.

    Shape: (H, W, 3) -> (H // 2, W // 2, 3).
    Source: this ratio alone is fast in OpenCV 5.0: 1000x750 in 0.2 ms, against 5.9 ms to 416x312 by INTER_AREA.
    """
    width, height = pixels.shape[1] // 2, pixels.shape[0] // 2
    even = pixels[: height * 2, : width * 2]
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def corners_in_picture(matrix: Affine, side_px: int) -> Affine:
    """
    Give the corners of the square in the picture.

    Shape: (2, 3) -> (4, 2).
    """
    backward = cv2.invertAffineTransform(matrix)
    square = np.array([[0, 0, 1], [side_px, 0, 1], [side_px, side_px, 1], [0, side_px, 1]])
    return np.asarray(square @ backward.T, np.float64)
