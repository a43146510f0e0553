"""Faces in real pictures: found at every size, turn and shape, once each, and nowhere else."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from ipse.core.faces.align import align
from ipse.core.faces.detect import detect
from ipse.core.faces.embed import embed, similarity
from ipse.core.faces.examine import Examination, Wish
from ipse.core.faces.orient import detect_upright_or_turned, to_unturned
from ipse.core.faces.refine import refine
from ipse.core.faces.subject import choose
from ipse.core.vocabulary import Box, Face, Network, Pixels, Subject
from ipse.engine import Engine

pytestmark = pytest.mark.shared

SEED = 20


def read(file: Path) -> Pixels:
    """A picture as RGB."""
    return np.asarray(cv2.imread(str(file)), np.uint8)[:, :, ::-1].copy()


def iou(a: Box, b: Box) -> float:
    """Intersection over union of two boxes."""
    across = max(0.0, min(a.x2, b.x2) - max(a.x1, b.x1))
    down = max(0.0, min(a.y2, b.y2) - max(a.y1, b.y1))
    return across * down / (a.area_px + b.area_px - across * down)


def on_ground(picture: Pixels, face: Face, share: float, ground: Pixels, at: tuple[float, float]) -> tuple[Pixels, Box]:
    """The ground with the picture on it, its face so wide and as far across and down as it fits; and where it is."""
    height, width = ground.shape[:2]
    scale = share * width / face.box.width_px
    resized = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    face_w, face_h = min(share * width, width), min(face.box.height_px * scale, height)
    left = round(face_w / 2 + at[0] * (width - face_w) - (face.box.x1 + face.box.x2) / 2 * scale)
    top = round(face_h / 2 + at[1] * (height - face_h) - (face.box.y1 + face.box.y2) / 2 * scale)
    scene = ground.copy()
    y1, x1, y2, x2 = max(0, top), max(0, left), min(height, top + resized.shape[0]), min(width, left + resized.shape[1])
    scene[y1:y2, x1:x2] = resized[y1 - top : y2 - top, x1 - left : x2 - left]
    box = face.box
    truth = Box(box.x1 * scale + left, box.y1 * scale + top, box.x2 * scale + left, box.y2 * scale + top)
    return scene, truth


@pytest.fixture(scope="module")
def portraits(shared: Path, detector: Network) -> list[tuple[Pixels, Face]]:
    """Twelve pictures and their subjects, always the same."""
    files = sorted((shared / "faces").glob("*/*.jpg"))
    chosen = []
    for index in np.random.default_rng(SEED).choice(len(files), 12, replace=False):
        pixels = read(files[index])
        faces = detect(pixels, detector)
        chosen.append((pixels, faces[choose(faces, Subject.CENTRE, *pixels.shape[1::-1])]))
    return chosen


@pytest.mark.parametrize("size", [(800, 1422), (800, 1067), (800, 800), (800, 600), (1280, 720)], ids=str)
@pytest.mark.parametrize("share", [0.05, 0.12, 0.3, 0.6, 0.95])
def test_faces_are_found_from_5_to_95_percent_of_the_width(
    share: float, size: tuple[int, int], portraits: list[tuple[Pixels, Face]], shared: Path, detector: Network
) -> None:
    """Eleven of twelve faces of this width are found, in portrait, square and landscape, where they fit."""
    if share * size[0] > 1.1 * size[1]:
        share = 0.9 * size[1] / size[0]
    ground = np.asarray(cv2.resize(read(shared / "faces-misc/bulk/view.jpg"), size), np.uint8)
    rng = np.random.default_rng(SEED)
    found = 0
    for pixels, face in portraits:
        scene, truth = on_ground(pixels, face, share, ground, (rng.uniform(), rng.uniform()))
        found += any(iou(candidate.box, truth) >= 0.5 for candidate in detect(scene, detector))
    assert found >= 11


@pytest.mark.parametrize("folder", ["bulk/r", "rotate/rot_"])
@pytest.mark.parametrize("orientation", [0, 90, 180, 270])
def test_the_orientation_is_found(folder: str, orientation: int, shared: Path, detector: Network) -> None:
    """One face in a picture that lies on a side or on its head, and by how much it is turned."""
    turned = detect_upright_or_turned(read(shared / f"faces-misc/{folder}{orientation}.jpg"), detector)
    assert (orientation, 1) == (turned.orientation_deg, len(turned.faces))


@pytest.mark.parametrize("orientation", [90, 180, 270])
def test_a_turned_face_is_no_upright_face(orientation: int, shared: Path, detector: Network) -> None:
    """Without the search, a picture on its side or head has no face, rather than one with wrong landmarks."""
    assert () == detect(read(shared / f"faces-misc/bulk/r{orientation}.jpg"), detector)


@pytest.mark.parametrize("orientation", [90, 180, 270])
def test_a_turned_face_gives_the_same_template(orientation: int, shared: Path, engine: Engine) -> None:
    """The face of a turned picture, aligned in the picture as sent, is the same face as upright."""

    def vector(name: str) -> np.ndarray:
        pixels = read(shared / f"faces-misc/bulk/{name}.jpg")
        turned = detect_upright_or_turned(pixels, engine.detector)
        face = refine(turned.pixels, turned.faces[0], engine.detector)
        unturned = to_unturned(face, turned.orientation_deg, pixels.shape[1], pixels.shape[0])
        return embed(align(pixels, unturned.landmarks_px), engine.embedder, "balanced").vector

    assert vector("r0") @ vector(f"r{orientation}") > 0.97


def test_six_actors_are_six_faces(shared: Path, detector: Network) -> None:
    """The group picture has six faces, no more."""
    assert 6 == len(detect(read(shared / "faces-misc/group-and-masks/t1.jpg"), detector))


@pytest.mark.parametrize(
    "name", ["bulk/view.jpg", *(f"group-and-masks/mask_{c}.jpg" for c in ("black", "blue", "green", "white"))]
)
def test_where_nobody_is_no_face_is_found(name: str, shared: Path, detector: Network) -> None:
    """A landscape and four empty masks have no face, turned or not."""
    assert () == detect_upright_or_turned(read(shared / "faces-misc" / name), detector).faces


@pytest.mark.parametrize(
    "name",
    [
        "bulk/mask.png",
        "bulk/mask2.jpg",
        "bulk/blur.jpg",
        "bulk/yifei.jpg",
        "bulk/image_T1.jpeg",
        "bulk/woman.png",
        "reaction/close_eyes.jpeg",
        "public-figures/examples/biden.jpg",
        "public-figures/examples/obama-1080p.jpg",
        "group-and-masks/Tom_Hanks_54745.png",
    ],
)
def test_one_person_is_one_face(name: str, shared: Path, detector: Network) -> None:
    """Masked, blurred, turned away, close up or far away: one box, never two."""
    assert 1 == len(detect(read(shared / "faces-misc" / name), detector))


@pytest.mark.parametrize("width_px", [60, 250, 1500])
@pytest.mark.parametrize("side", [1.0, 1.4])
def test_a_close_up_is_one_face(
    side: float, width_px: int, portraits: list[tuple[Pixels, Face]], detector: Network
) -> None:
    """A square of one to one and a half face widths, small or large, has exactly one face."""
    for pixels, face in portraits:
        scale = width_px / (side * face.box.width_px)
        shift_x = width_px / 2 - scale * (face.box.x1 + face.box.x2) / 2
        shift_y = width_px / 2 - scale * (face.box.y1 + face.box.y2) / 2
        matrix = np.array([[scale, 0, shift_x], [0, scale, shift_y]])
        close = np.asarray(cv2.warpAffine(pixels, matrix, (width_px, width_px)), np.uint8)
        assert 1 == len(detect(close, detector))


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (4096, 50), (50, 4096), (1, 4096), (4096, 1)], ids=str)
def test_noise_of_any_shape_has_no_face(size: tuple[int, int], detector: Network) -> None:
    """Pictures of one pixel and ribbons are searched without harm."""
    noise = np.random.default_rng(SEED).integers(0, 255, (*size, 3)).astype(np.uint8)
    assert () == detect(noise, detector)


def test_a_small_face_in_a_large_jpeg_is_looked_at_in_full(
    portraits: list[tuple[Pixels, Face]], shared: Path, examine: Callable[[bytes | Pixels, Wish], Examination]
) -> None:
    """A face of 6 % of a 12-megapixel JPEG's width gives nearly the template of the picture it was cut from."""
    pixels, face = portraits[0]
    ground = np.asarray(cv2.resize(read(shared / "faces-misc/bulk/view.jpg"), (4000, 3000)), np.uint8)
    scene, truth = on_ground(pixels, face, 0.06, ground, (0.3, 0.6))
    written, data = cv2.imencode(".jpg", scene[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
    assert written
    examination = examine(data.tobytes(), Wish())
    alone = examine(pixels, Wish(subject=Subject.CENTRE))
    assert (4000, 3000) == (examination.width_px, examination.height_px)
    assert examination.subject is not None
    assert iou(examination.faces[examination.subject].face.box, truth) > 0.7
    assert examination.template is not None
    assert alone.template is not None
    assert similarity(examination.template, alone.template) > 0.9


def test_nobody_is_a_finding(shared: Path, examine: Callable[[bytes | Pixels, Wish], Examination]) -> None:
    """A landscape is examined without a refusal: no faces, no subject, no template, no quality."""
    found = examine((shared / "faces-misc/bulk/view.jpg").read_bytes(), Wish(search_orientation=True))
    assert ((), None, None, None, 0) == (
        found.faces, found.subject, found.template, found.quality, found.orientation_deg,
    )  # fmt: skip


def test_a_turned_picture_is_examined_in_its_own_pixels(
    shared: Path, examine: Callable[[bytes | Pixels, Wish], Examination]
) -> None:
    """The rectangle of a turned face lies in the unturned picture, and its template is the upright one's."""
    upright = examine((shared / "faces-misc/bulk/r0.jpg").read_bytes(), Wish())
    turned = examine((shared / "faces-misc/bulk/r90.jpg").read_bytes(), Wish(search_orientation=True, quality="all"))
    a, b = upright.faces[0].face.box, turned.faces[0].face.box
    assert (90, turned.height_px) == (turned.orientation_deg, upright.width_px)
    expected = Box(upright.height_px - a.y2, a.x1, upright.height_px - a.y1, a.x2)
    assert iou(expected, b) > 0.97
    assert upright.template is not None
    assert turned.template is not None
    assert similarity(upright.template, turned.template) > 0.97
    assert turned.quality is not None
