"""Cards drawn on plain ground: where they are, and what is none."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.documents.locate import around, locate
from ipse.core.documents.quads import Room, possible
from ipse.core.documents.reduced import reduce
from ipse.core.faces.align import TARGET_PX
from ipse.core.vocabulary import Box, Face, Floats, Pixels

CORNERS = np.array([[300, 250], [830, 310], [795, 640], [265, 580]], np.float32)
"""A card 533 by 332 px, turned by 6.5 degrees."""


def drawn(corners: Floats) -> Pixels:
    """A light card with lines of writing on dark ground."""
    picture = np.full((900, 1200, 3), (60, 70, 90), np.uint8)
    cv2.fillConvexPoly(picture, corners.astype(np.int32), (215, 220, 230), cv2.LINE_AA)
    for line in range(6):
        start = corners[0] + (corners[1] - corners[0]) * 0.4 + (corners[3] - corners[0]) * (0.2 + 0.12 * line)
        place = (int(start[0]), int(start[1]))
        cv2.putText(picture, "NAME 0123456", place, cv2.FONT_HERSHEY_SIMPLEX, 0.8, (30, 30, 60), 2, cv2.LINE_AA)
    return picture


def face_on(corners: Floats, width_px: float) -> Face:
    """A face as it is found on the left of the card, standing as the card does."""
    across = (corners[1] - corners[0]) / np.linalg.norm(corners[1] - corners[0])
    middle = corners[0] + (corners[1] - corners[0]) * 0.18 + (corners[3] - corners[0]) * 0.5
    points = (np.array(TARGET_PX) - (56, 70)) * (width_px / 77)
    turned = points @ np.array([across, (-across[1], across[0])])
    half = np.array([width_px / 2, width_px * 0.68])
    (x1, y1), (x2, y2) = (middle - half).tolist(), (middle + half).tolist()
    return Face(Box(x1, y1, x2, y2), (turned + middle).astype(np.float32), 0.9)


def overlap(one: Floats, other: Floats) -> float:
    """Intersection over union of two quadrilaterals."""
    shared = cv2.intersectConvexConvex(one, other)[0]
    return float(shared / (cv2.contourArea(one) + cv2.contourArea(other) - shared))


def outline(card: Floats) -> NDArray[np.float32]:
    """Corners as OpenCV takes them."""
    return card.reshape(-1, 1, 2)


def test_a_card_is_found_around_a_face_printed_on_it() -> None:
    """Its corners clockwise from the top left, and odds in its favour."""
    card = around(reduce(drawn(CORNERS)), face_on(CORNERS, 80))
    assert card is not None
    assert overlap(outline(CORNERS), outline(card.corners_px)) > 0.95
    assert card.score > 0.5
    assert not card.is_cut_off
    assert np.abs(card.corners_px[0] - CORNERS[0]).max() < 12


def test_a_card_is_found_without_a_face() -> None:
    """By its sides alone."""
    (card,) = locate(drawn(CORNERS))
    assert overlap(outline(CORNERS), outline(card.corners_px)) > 0.95


def test_plain_ground_has_no_card() -> None:
    """There is nothing that could be a side."""
    plain = np.full((480, 640, 3), 120, np.uint8)
    room = Room((-3, -0.5), (0.5, 3), (-3, -0.5), (0.5, 3), height=(1, 6))
    frame = np.array([[0.01, 0, -3.2], [0, 0.01, -2.4]])
    assert 0 == len(possible(reduce(plain), frame, room))


def test_a_card_that_fills_the_picture_ends_at_its_borders() -> None:
    """The picture's border stands for the sides, and the card is told to be cut off."""
    whole = drawn(CORNERS)[330:560, 320:760]
    corners = np.array([[0, 0], [440, 0], [440, 230], [0, 230]], np.float32)
    card = around(reduce(np.ascontiguousarray(whole)), face_on(corners, 50))
    assert card is not None
    assert card.is_cut_off


def test_what_lies_on_a_card_is_inside_its_corners() -> None:
    """The middle does, a corner of the picture does not."""
    (card,) = locate(drawn(CORNERS))
    assert card.contains(547, 445)
    assert not card.contains(5, 5)
