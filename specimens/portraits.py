"""A portrait for whoever gives none: a drawn neutral silhouette."""

import cv2
import numpy as np

from specimens.words import Pixels


def silhouette() -> Pixels:
    """
    Give head and shoulders in grey, nobody's.

    Shape: (400, 320, 3) uint8 RGB.
    """
    drawn = np.full((400, 320, 3), (214, 222, 230), np.uint8)
    cv2.ellipse(drawn, (160, 400), (140, 130), 0, 0, 360, (96, 104, 120), -1, cv2.LINE_AA)
    cv2.rectangle(drawn, (128, 210), (192, 300), (176, 150, 134), -1)
    cv2.ellipse(drawn, (160, 160), (74, 98), 0, 0, 360, (190, 164, 146), -1, cv2.LINE_AA)
    cv2.ellipse(drawn, (160, 112), (80, 66), 0, 180, 360, (52, 46, 44), -1, cv2.LINE_AA)
    return cv2.GaussianBlur(drawn, (0, 0), 1.2).astype(np.uint8)
