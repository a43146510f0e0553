"""The fitted tables as Python source: `parameters.py` and `mean_face.py` of `ipse.core.faces.quality`."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from ipse.core.faces.quality.scale import Sigmoid
from ipse.core.faces.quality.weights import Cues, Weights
from ipse.core.vocabulary import Floats

ABOUT: Mapping[str, str] = {
    "INTER_EYE_DISTANCE": "Pixels. Fitted on pictures shrunk and left small.",
    "SHARPNESS": "Decibels. Fitted on blurred pictures.",
    "COMPRESSION": "Ratio. Fitted on JPEGs of quality 2 to 20.",
    "ILLUMINATION_UNIFORMITY": "Share. Clean pictures: their median scores 90, one in twenty less than 30.1.",
    "LUMINANCE_MEAN_DARK": "Share of full brightness. Clean pictures: one in 200 is so dark that it scores 30.1.",
    "LUMINANCE_MEAN_BRIGHT": "Share of full brightness. Clean pictures: one in 200 is so bright that it scores 30.1.",
    "LUMINANCE_VARIANCE": "Full brightness squared. Clean pictures: their median scores 90, one in 200 less than 30.1.",
    "UNDER_EXPOSURE": "Share of the face. Clean pictures: their median scores 90, one in 200 less than 30.1.",
    "OVER_EXPOSURE": "Share of the face. Clean pictures: their median scores 90, one in 200 less than 30.1.",
    "DYNAMIC_RANGE": "Bits. Clean pictures: their median scores 90, one in 200 less than 30.1.",
    "POSE_YAW": "Degrees. Middle and steepness are those of 100 cos^2 (ISO/IEC 29794-5, OFIQ).",
    "POSE_PITCH": "Degrees. Middle and steepness are those of 100 cos^2 (ISO/IEC 29794-5, OFIQ).",
    "POSE_ROLL": "Degrees. Middle and steepness are those of 100 cos^2 (ISO/IEC 29794-5, OFIQ).",
    "EYES_VISIBLE": "Logarithm of odds; so this is the probability itself, at even odds beforehand.",
    "MOUTH_VISIBLE": "Logarithm of odds; so this is the probability itself, at even odds beforehand.",
    "FACE_VISIBLE": "Share of the face. Fitted on covered pictures.",
}
"""What each sigmoid's native unit is and what it was fitted on."""


@dataclass(frozen=True)
class Tables:
    """
    All that was fitted.

    Attributes:
        sigmoids: By the name of the constant.
        head: Eye span, nose depth, nose height, in units of the distance from eyes to mouth.
        cues: By the name of the part.
        embedded: Unified model for faces with an embedding.
        bare: Unified model for faces without.
        mean_face: (28, 28) float32.
        similarity: The threshold at which a comparison counted as a match.
        counts: People, clean pictures, damaged pictures, genuine comparisons.
    """

    sigmoids: Mapping[str, Sigmoid]
    head: tuple[float, float, float]
    cues: Mapping[str, Cues]
    embedded: Weights
    bare: Weights
    mean_face: Floats
    similarity: float
    counts: tuple[int, int, int, int]


def write(tables: Tables, package: Path) -> None:
    """Write both modules, in the formatter's layout."""
    targets = {"parameters.py": parameters(tables), "mean_face.py": mean_face(tables)}
    for name, text in targets.items():
        (package / name).write_text(text, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--quiet", *(str(package / name) for name in targets)], check=True
    )


def parameters(tables: Tables) -> str:
    """Give the text of `parameters.py`."""
    people, clean, damaged, comparisons = tables.counts
    span, depth, height = tables.head
    lines = [
        '"""',
        "The fitted numbers of all measures. Generated: change `benchmarks/accuracy/quality_fit.py` and run it again.",
        "",
        f"Source: {people} people of `data/faces` (Labeled Faces in the Wild: press photographs, mostly Western),",
        f"{clean} clean pictures and {damaged} damaged ones, {comparisons} genuine comparisons at similarity",
        f"{tables.similarity:.4f} (FMR 1e-3). Where a damage is named, a sigmoid is 100 x the probability that a face",
        "with this raw value, damaged in this way, still matches a clean picture of the same person at FMR 1e-5.",
        '"""',
        "",
        "from collections.abc import Mapping",
        "from typing import Final",
        "",
        "from ipse.core.faces.quality.scale import Sigmoid",
        "from ipse.core.faces.quality.weights import Cues, Weights",
        "",
    ]
    for name, sigmoid in tables.sigmoids.items():
        lines += [f"{name}: Final = {_call(sigmoid)}", f'"""{ABOUT[name]}"""', ""]
    lines += [
        f"EYE_SPAN: Final = {span}",
        '"""Distance between the eyes of a frontal face, in units of the distance from eyes to mouth."""',
        "",
        f"NOSE_DEPTH: Final = {depth}",
        '"""How far the tip of the nose stands before the eyes, in the same unit."""',
        "",
        f"NOSE_HEIGHT: Final = {height}",
        '"""How far the tip of the nose lies below the eyes of a level face, in the same unit."""',
        "",
        "VISIBILITY: Final[Mapping[str, Cues]] = {",
        *(f'    "{part}": {_call(cue)},' for part, cue in tables.cues.items()),
        "}",
        '"""Weights of the cues to each part of the face being seen. Fitted on covered pictures against all others."""',
        "",
        f"UNIFIED_EMBEDDED: Final = {_call(tables.embedded)}",
        '"""The unified model for a face that was embedded. Fitted on all pictures."""',
        "",
        f"UNIFIED_BARE: Final = {_call(tables.bare)}",
        '"""The unified model for a face that was not. Fitted on all pictures."""',
    ]
    return "\n".join(lines) + "\n"


def mean_face(tables: Tables) -> str:
    """Give the text of `mean_face.py`: two hexadecimal digits per cell."""
    rows = "\n".join('    "' + "".join(f"{round(cell):02x}" for cell in row) + '"' for row in tables.mean_face.tolist())
    return f'''"""
The mean face: how brightness usually runs over an aligned face. Nobody's face; the mean of {tables.counts[1]} pictures.

Generated: `benchmarks/accuracy/quality_fit.py` writes it from the clean pictures of half of the people of `data/faces`.
"""

from typing import Final

import numpy as np

from ipse.core.vocabulary import Floats

_ROWS: Final = (
{rows}
)
"""Two hexadecimal digits per cell, one line per row."""


def _fixed() -> Floats:
    """Give the rows as an array that nobody can change."""
    array = np.frombuffer(bytes.fromhex(_ROWS), np.uint8).reshape(28, 28).astype(np.float32)
    array.setflags(write=False)
    return array


MEAN_FACE: Final = _fixed()
"""
Brightness of each cell of 4 x 4 pixels of the aligned face.

Shape: (28, 28) float32, 0 to 255.
"""
'''


def _call(value: Sigmoid | Cues | Weights) -> str:
    """Give the constructor call that makes the value; what is as usual in a sigmoid is left out."""
    wanted = [item for item in fields(value) if item.name not in {"h", "a", "s"}]
    parts = []
    for item in wanted:
        inner = getattr(value, item.name)
        parts.append(f"{item.name}={_call(inner) if isinstance(inner, Sigmoid) else inner}")
    return f"{type(value).__name__}({', '.join(parts)})"
