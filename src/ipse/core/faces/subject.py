"""Which of several faces is meant."""

from collections.abc import Sequence

from ipse.core.vocabulary import Face, Subject


def choose(faces: Sequence[Face], subject: Subject, width_px: int, height_px: int) -> int:
    """
    Give the index of the subject: the largest face, or the one whose middle is nearest the picture's.

    The first of equals wins, and faces come best score first.

    Raises:
        ValueError: There is no face.
    """
    if not faces:
        raise ValueError("A subject is chosen among faces, and there are none.")
    if subject is Subject.LARGEST:
        return max(range(len(faces)), key=lambda index: faces[index].box.area_px)
    return min(range(len(faces)), key=lambda index: _distance_from_middle(faces[index], width_px, height_px))


def _distance_from_middle(face: Face, width_px: int, height_px: int) -> float:
    """Give the squared distance between the face's middle and the picture's, in square pixels."""
    across = (face.box.x1 + face.box.x2 - width_px) / 2
    down = (face.box.y1 + face.box.y2 - height_px) / 2
    return across * across + down * down
