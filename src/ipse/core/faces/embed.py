"""An aligned face as a point on the unit sphere, and how near two such points are."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from ipse.core.vocabulary import Floats, Network, Pixels, Profile, Template


@dataclass(frozen=True, slots=True)
class Embedding:
    """
    What the embedding network made of one face.

    Attributes:
        vector: (D,) float32, L2 norm 1.
        norm: Length of the network's answer before it was scaled to 1; faces it knows little about come out short.
        mirror_agreement: Cosine between the face and its mirror image; `None` when only one of them was looked at.
    """

    vector: Floats = field(repr=False)
    norm: float
    mirror_agreement: float | None


def embed(aligned: Pixels, network: Network, profile: Profile) -> Embedding:
    """
    Give the embedding of an aligned face: of itself (`fast`), or of itself plus its mirror image (`balanced`).

    Shape: aligned (112, 112, 3) uint8 RGB -> (D,) float32, L2 norm 1.
    Source: ArcFace, arXiv:1801.07698 (features are L2-normalised; the mirrored sum is its evaluation protocol).
    """
    seen = _look(aligned, network)
    norm = float(np.linalg.norm(seen))
    if profile == "fast":
        return Embedding(_unit(seen), norm, None)
    mirrored = _look(np.asarray(cv2.flip(aligned, 1), np.uint8), network)
    agreement = float(_unit(seen) @ _unit(mirrored))
    return Embedding(_unit(seen + mirrored), norm, agreement)


def similarity(a: Template, b: Template) -> float:
    """
    Give the cosine between two templates, -1 to 1.

    Raises:
        ValueError: They were made by different recipes; their cosine would mean nothing.
    """
    if a.recipe != b.recipe:
        raise ValueError(f"Templates of different recipes cannot be compared: {a.recipe} and {b.recipe}.")
    return float(np.clip(a.vector @ b.vector, -1, 1))


def _look(aligned: Pixels, network: Network) -> Floats:
    """
    Give the network's answer to one aligned face.

    Shape: (112, 112, 3) uint8 RGB -> (D,) float32.
    Source: SFace takes RGB 0-255 (opencv_zoo, models/face_recognition_sface).
    """
    tensor = np.empty((1, 3, *aligned.shape[:2]), np.float32)
    for channel, plane in enumerate(cv2.split(aligned)):
        tensor[0, channel] = plane
    (answer,) = network.run(tensor).values()
    return answer.reshape(-1)


def _unit(vector: Floats) -> Floats:
    """Give the vector at length 1; the zero vector stays what it is."""
    return (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
