"""Layouts as they are shipped, and drawn lines as if a reader had read them without error."""

import tomllib
from importlib import resources

import numpy as np
import pytest

from ipse.core.cards.layout import Layout, layouts_from
from ipse.core.text.lines import TextLine
from specimens import Drawn


@pytest.fixture(scope="session")
def layouts() -> tuple[Layout, ...]:
    """All layouts."""
    folder = resources.files("ipse.core.cards").joinpath("layouts")
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return layouts_from({file.name[: -len(".toml")]: tomllib.loads(file.read_text("utf-8")) for file in files})


def as_read(drawn: Drawn) -> tuple[TextLine, ...]:
    """Give the lines of a drawn side as a perfect reader would."""
    return tuple(line_of(line.text, np.asarray(line.corners, np.float32)) for line in drawn.lines)


def line_of(text: str, corners: np.ndarray) -> TextLine:
    """Give a line whose characters are equally wide."""
    return TextLine(corners, text, 0.98, tuple((at + 0.5) / len(text) for at in range(len(text))))
