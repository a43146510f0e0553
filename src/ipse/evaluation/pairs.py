"""
What is to be compared: pictures in one folder per person, or a list of pairs.

A comma separated file names pictures by paths relative to itself, whatever the working directory.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Indices: TypeAlias = NDArray[np.int32]

LITTER: Final = frozenset({"thumbs.db", "desktop.ini"})
"""Files that desktops leave in folders of pictures; hidden files are skipped as well."""


class TrialsError(ValueError):
    """The folder or the file cannot be used as asked; the message names the place and says what to change."""


@dataclass(frozen=True)
class Trials:
    """
    Pictures and who is on them.

    Attributes:
        pictures: Where each lies.
        names: What reports call each: its path relative to the folder or to the list.
        people: (pictures,) int32: which person each shows.
        labels: What each person is called.
        listed: (pairs, 3) int32: first picture, second picture, 1 for the same person; `None` for all against all.
        repeated: Lines of the list that name a pair again; it counts once.
        with_itself: Lines of the list that compare a picture with itself; they are left out.
    """

    pictures: tuple[Path, ...]
    names: tuple[str, ...]
    people: Indices
    labels: tuple[str, ...]
    listed: Indices | None = None
    repeated: int = 0
    with_itself: int = 0


def read_folders(root: Path) -> Trials:
    """
    Give the pictures of a folder that holds one folder per person: everybody against everybody.

    Every file counts as a picture, whatever its name ends in; hidden files and desktop litter are skipped.
    """
    if not root.is_dir():
        raise TrialsError(f"{root} is no folder")
    people = [person for person in sorted(root.iterdir()) if person.is_dir() and not person.name.startswith(".")]
    found = [(number, file) for number, person in enumerate(people) for file in sorted(_pictures(person))]
    if not found:
        raise TrialsError(f"{root} holds no pictures: it needs one folder per person, the pictures inside")
    return Trials(
        pictures=tuple(file for _, file in found),
        names=tuple(file.relative_to(root).as_posix() for _, file in found),
        people=np.array([number for number, _ in found], np.int32),
        labels=tuple(person.name for person in people),
    )


def _pictures(person: Path) -> Iterator[Path]:
    """Give the files in one person's folder that may be pictures."""
    for file in person.iterdir():
        if file.is_file() and not file.name.startswith(".") and file.name.lower() not in LITTER:
            yield file


def read_pairs(listing: Path) -> Trials:
    """
    Give the pairs of a file with the columns `a`, `b` and `same` (0 or 1), paths relative to the file.

    Pictures that are chained by pairs of one person count as that one person, which is what intervals resample. A pair
    that is listed again counts once, a picture against itself not at all: it would be right without any skill. Whether
    a picture is there shows when it is opened.
    """
    number: dict[Path, int] = {}
    rows: dict[tuple[int, int], tuple[int, int, int]] = {}
    repeated = with_itself = 0
    for line, row in read_table(listing, ("a", "b", "same")):
        if row["same"] not in {"0", "1"}:
            raise TrialsError(f"{listing}:{line}: same is 0 or 1, not {row['same']!r}")
        if not all(row[name] and "\0" not in row[name] for name in ("a", "b")):
            raise TrialsError(f"{listing}:{line}: a and b each name a picture")
        pictures = [listing.parent / row[name] for name in ("a", "b")]
        if pictures[0] == pictures[1]:
            with_itself += 1
            continue
        first, second = (number.setdefault(picture, len(number)) for picture in pictures)
        key, same = (min(first, second), max(first, second)), int(row["same"])
        if key in rows and rows[key][2] != same:
            raise TrialsError(f"{listing}:{line}: this pair is listed as the same person and as different people")
        repeated += key in rows
        rows.setdefault(key, (first, second, same))
    if not rows:
        raise TrialsError(f"{listing} lists no pairs of two pictures")
    listed = np.array(list(rows.values()), np.int32)
    people = _chained(len(number), listed[listed[:, 2] == 1, :2])
    names = tuple(name_below(picture, listing.parent) for picture in number)
    labels = tuple(names[np.argmax(people == one)] for one in range(people.max() + 1))
    return Trials(tuple(number), names, people, labels, listed, repeated, with_itself)


def name_below(picture: Path, folder: Path) -> str:
    """Give a picture's path relative to a folder, or in full if it lies elsewhere."""
    return picture.relative_to(folder).as_posix() if picture.is_relative_to(folder) else picture.as_posix()


def read_table(file: Path, columns: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Give line number and cells of every row of a comma separated file that has at least these columns."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, skipinitialspace=True)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise TrialsError(
                    f"{file}: the first line must name the column{'s' * (len(missing) > 1)} {', '.join(missing)}"
                )
            for row in reader:
                if None in row or None in row.values():
                    raise TrialsError(f"{file}:{reader.line_num}: this line has not as many cells as the first")
                yield reader.line_num, {name: cell.strip() for name, cell in row.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TrialsError(f"{file} cannot be read as a comma separated file: {error}") from error


def _chained(count: int, pairs: Indices) -> Indices:
    """
    Give every picture the number of its person: pictures joined by genuine pairs, directly or in a chain, are one.

    Shape: count pictures, pairs (P, 2) -> (count,) int32.
    """
    leader = list(range(count))

    def find(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for first, second in pairs.tolist():
        leader[find(first)] = find(second)
    return np.unique([find(one) for one in range(count)], return_inverse=True)[1].astype(np.int32)
