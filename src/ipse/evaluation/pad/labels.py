"""
What is presented: pictures of a folder, and a list that says which are genuine and how the others attack.

The list has the columns `file` (relative to the folder), `label` (`real`, `spoof`, or `spoof?` where nobody is sure)
and `attack` (the species: what was held before the camera). Optional are `note`, `subject` (who is on it) and `env`
(the same scene seen wider, relative to the folder).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from ipse.evaluation.pairs import LITTER, TrialsError, name_below, read_table

LABELS: Final = "labels.csv"
"""What the list is called in the folder."""

_COLUMNS: Final = ("file", "label", "attack")


class Label(StrEnum):
    """What a picture is said to be."""

    GENUINE = "real"
    ATTACK = "spoof"
    DOUBTFUL = "spoof?"


@dataclass(frozen=True, slots=True)
class Presentation:
    """
    One picture that was taken of somebody, or of what somebody held before the camera.

    Attributes:
        picture: Where it lies.
        name: What reports call it.
        label: What it is said to be; a doubtful one is told of and counts in no rate.
        species: The kind of attack; empty for a genuine picture.
        note: What the list says besides.
        subject: Who is on it, if the list says so.
        env: The same scene seen wider, if there is one.
    """

    picture: Path
    name: str
    label: Label
    species: str = ""
    note: str = ""
    subject: str = ""
    env: Path | None = None

    @property
    def unit(self) -> str:
        """What intervals count: the subject; a picture without a named one counts by itself."""
        return f"subject {self.subject}" if self.subject else f"picture {self.name}"


@dataclass(frozen=True, slots=True)
class Presentations:
    """All pictures of a list, and how many files of the folder it does not name."""

    listed: tuple[Presentation, ...]
    unlisted: int = 0


def read_labels(folder: Path, listing: Path | None = None) -> Presentations:
    """
    Give the presentations of a folder.

    Args:
        folder: Holds the pictures.
        listing: The list; `None` takes `labels.csv` in the folder.

    Raises:
        TrialsError: The list cannot be used, or names a picture that is not there.
    """
    if not folder.is_dir():
        raise TrialsError(f"{folder} is no folder")
    listing = listing or folder / LABELS
    rows = [_row(folder, f"{listing}:{line}", row) for line, row in read_table(listing, _COLUMNS)]
    if not rows:
        raise TrialsError(f"{listing} lists no pictures")
    seen: set[Path] = set()
    for one in rows:
        if one.picture in seen:
            raise TrialsError(f"{listing}: {one.name} is listed twice")
        seen.add(one.picture)
    return Presentations(tuple(rows), _unlisted(folder, listing, rows))


def _row(folder: Path, place: str, row: dict[str, str]) -> Presentation:
    """Give one line of the list."""
    try:
        label = Label(row["label"])
    except ValueError:
        raise TrialsError(f"{place}: label is one of {', '.join(Label)}, not {row['label']!r}") from None
    if (label is Label.GENUINE) == bool(row["attack"]):
        raise TrialsError(f"{place}: a real picture has no attack, and every other picture names its own")
    picture = _file(folder, place, row["file"])
    return Presentation(
        picture=picture,
        name=name_below(picture, folder),
        label=label,
        species=row["attack"],
        note=row.get("note", ""),
        subject=row.get("subject", ""),
        env=_file(folder, place, row["env"]) if row.get("env") else None,
    )


def _file(folder: Path, place: str, name: str) -> Path:
    """Give a file that the list names."""
    if not name or "\0" in name or not (folder / name).is_file():
        raise TrialsError(f"{place}: {name!r} is no file below {folder}")
    return folder / name


def _unlisted(folder: Path, listing: Path, rows: Iterable[Presentation]) -> int:
    """Count the files of the folder that the list does not name; hidden files and desktop litter are skipped."""
    named = {listing, *(one.picture for one in rows), *(one.env for one in rows)}
    files = (file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
    return sum(file not in named and file.name.lower() not in LITTER for file in files)
