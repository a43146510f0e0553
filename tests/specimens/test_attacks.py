"""Photos, scenes, attacks and contradictions are what they say."""

import cv2
import numpy as np
import pytest
from specimens.scenes import SIZE

import specimens

CARD = "hkg-id_card"


@pytest.fixture(scope="module")
def front() -> specimens.Drawn:
    """The front of a card with a portrait and a ghost."""
    return specimens.draw(CARD, 2).front


@pytest.mark.parametrize(("level", "width"), [("L1", 1000), ("L2", 720), ("L3", 560)])
def test_a_photo_has_the_width_of_its_level_and_true_corners(front: specimens.Drawn, level: str, width: int) -> None:
    """The card is about as wide as the level says, and warped back it is the drawn side."""
    photo = specimens.degrade(front.pixels, level, 5)
    assert abs(float(np.linalg.norm(photo.corners[1] - photo.corners[0])) - width) < 0.06 * width
    size = (front.pixels.shape[1], front.pixels.shape[0])
    back = cv2.warpPerspective(photo.pixels, np.linalg.inv(photo.homography), size)
    one, other = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[60:-60, 60:-60].ravel() for image in (back, front.pixels))
    assert np.corrcoef(one, other)[0, 1] > 0.85


@pytest.mark.parametrize("background", specimens.BACKGROUNDS)
def test_a_card_lies_where_the_scene_says(front: specimens.Drawn, background: str) -> None:
    """Whole cards lie in the frame; warped back from its corners, the scene shows the card."""
    pixels, corners = specimens.scene(front, background, 4)
    assert pixels.shape == (SIZE[1], SIZE[0], 3)
    assert (corners > 0).all()
    assert (corners < SIZE).all()
    height, width = front.pixels.shape[:2]
    own = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    back = cv2.warpPerspective(pixels, cv2.getPerspectiveTransform(corners, own), (width, height))
    one, other = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[60:-60, 60:-60].ravel() for image in (back, front.pixels))
    assert np.corrcoef(one, other)[0, 1] > 0.8


def test_a_cut_card_leaves_the_frame(front: specimens.Drawn) -> None:
    """With `cut`, a corner lies outside."""
    _, corners = specimens.scene(front, "dark", 4, cut=True)
    assert ((corners < 0) | (corners > SIZE)).any()


@pytest.mark.parametrize("name", specimens.ATTACKS)
def test_attacks_change_the_card(front: specimens.Drawn, name: str) -> None:
    """Each attack gives another picture, the same each time."""
    one, again = (specimens.attack(front, name, 3) for _ in range(2))
    assert (one.pixels == again.pixels).all()
    assert one.pixels.shape != front.pixels.shape or (one.pixels != front.pixels).any()


def test_a_grey_copy_has_no_colour(front: specimens.Drawn) -> None:
    """Red, green and blue rise and fall together."""
    pixels = specimens.attack(front, "grey_copy", 1).pixels.astype(int)
    assert np.abs(pixels[..., 0] - pixels[..., 1]).max() < 12


def test_a_retyped_field_says_something_else(front: specimens.Drawn) -> None:
    """One field differs from what was printed, and pixels differ there; the same in a photo."""
    attacked = specimens.attack(front, "retyped", 1)
    assert [1] == [sum(attacked.fields[name].printed != field.printed for name, field in front.fields.items())]
    photo = specimens.degrade(front.pixels, "L1", 1)
    assert (specimens.tamper(photo, front, "retyped", 1).pixels != photo.pixels).any()


@pytest.mark.parametrize("kind", specimens.KINDS)
def test_a_contradiction_is_printed(kind: str) -> None:
    """Each fault that a card can have changes what it prints or what its code holds."""
    for fault in specimens.faults_of(kind):
        if fault == "ghost_of_another":
            continue
        right, wrong = specimens.draw(kind, 0), specimens.draw_faulty(kind, 0, fault)
        assert any(
            one is not None and other is not None and (one.pixels != other.pixels).any()
            for one, other in ((right.front, wrong.front), (right.back, wrong.back))
        ), fault


def test_another_ghost_is_another_face(front: specimens.Drawn) -> None:
    """Only the faint portrait differs."""
    other = np.full((200, 160, 3), 30, np.uint8)
    changed = specimens.draw_faulty(CARD, 2, "ghost_of_another", other=other).front
    assert front.ghost is not None
    (left, top), (right, bottom) = front.ghost.min(0).astype(int) - 2, front.ghost.max(0).astype(int) + 3
    different = (changed.pixels != front.pixels).any(2)
    assert different[top:bottom, left:right].any()
    different[top:bottom, left:right] = False
    assert not different.any()
