"""
The file that people are imported from and exported to: CSV with the columns id_number, name and photo.

It is read a line at a time, so that its length costs no memory. It is UTF-8, with or without a byte order mark; what is
no UTF-8 is read as GB18030, which is what spreadsheets in China write (GB 18030-2022).
"""

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TextIO, TypeAlias

from ipse.core.images.sniff import recognise
from ipse.infra.trouble import using

COLUMNS: Final = ("id_number", "name", "photo")

Encoding: TypeAlias = Literal["utf-8-sig", "gb18030"]

ENCODINGS: Final[tuple[Encoding, ...]] = ("utf-8-sig", "gb18030")
"""What a file may be written in, the first that fits."""


class PeopleFileError(ValueError):
    """The file cannot be used; the message says why, and repeats no line."""


@dataclass(frozen=True, slots=True)
class Line:
    """
    One row of the file.

    Attributes:
        number: The line on which it begins; the header is line 1.
        id_number: As written, without spaces around.
        name: Likewise.
        photo: The file of the photo, if one is named.
        fits: Whether it has as many fields as the header.
    """

    number: int
    id_number: str = field(repr=False)
    name: str = field(repr=False)
    photo: Path | None = field(repr=False)
    fits: bool = True


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """
    A file that was looked through.

    Attributes:
        path: Where it lies; photos are named relative to it.
        encoding: What it is written in.
        rows: How many rows it has.
    """

    path: Path
    encoding: Encoding
    rows: int

    def lines(self) -> Iterator[Line]:
        """The rows, read as they are asked for."""
        with _opened(self.path, self.encoding) as file:
            yield from _lines(file, self.path)


def open_people_file(path: Path) -> PeopleFile:
    """
    The file, once its encoding is known and its rows are counted.

    Raises:
        PeopleFileError: It is no CSV, lacks a column or has it twice, is written in something else, or is no
            file that can be read twice.
        SetupError: It cannot be read.
    """
    if path.exists() and not path.is_file():
        raise PeopleFileError(f"{path.name} is no regular file; it is read twice, so a pipe will not do")
    for encoding in ENCODINGS:
        try:
            with _opened(path, encoding) as file:
                return PeopleFile(path, encoding, sum(1 for _ in _lines(file, path)))
        except UnicodeDecodeError:
            continue
    raise PeopleFileError(f"{path.name} is neither UTF-8 nor GB18030")


class PeopleWriter:
    """
    Writes a file that can be imported again, for its owner's eyes only.

    Args:
        path: Where; a file that is there is an error.
        photos: The folder for photos; absent, none are written.
    """

    def __init__(self, path: Path, photos: Path | None) -> None:
        self._photos = photos
        self._home = path.resolve().parent
        self._count = 0
        with using(path):
            if photos is not None:
                photos.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = _created(path)
        self._rows = csv.writer(self._file, lineterminator="\n")
        self._rows.writerow(COLUMNS)

    def write(self, id_number: str, name: str, photo: bytes | None) -> None:
        """Write one person; the name of the photo's file says nothing about them."""
        self._count += 1
        place = "" if photo is None or self._photos is None else self._photo(photo, self._photos)
        self._rows.writerow((id_number, name, place))

    def close(self) -> int:
        """Finish the file; how many people are in it."""
        self._file.close()
        return self._count

    def _photo(self, photo: bytes, folder: Path) -> str:
        """Where a photo was written, as seen from the file."""
        path = folder.resolve() / f"{self._count:07d}.{recognise(photo)}"
        with using(path):
            path.touch(mode=0o600, exist_ok=False)
            path.write_bytes(photo)
        return os.path.relpath(path, self._home)


def _opened(path: Path, encoding: Encoding) -> TextIO:
    """The file as text, its line ends as they are: CSV has its own rules for them."""
    with using(path):
        return path.open(encoding=encoding, newline="")


def _created(path: Path) -> TextIO:
    """A new text file, mode 0600."""
    path.touch(mode=0o600, exist_ok=False)
    return path.open("w", encoding="utf-8", newline="")


def _lines(file: TextIO, path: Path) -> Iterator[Line]:
    """The rows of an open file."""
    reader = csv.reader(file, strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise PeopleFileError(
                f"{path.name} has no column {missing[0]}; its first line must name id_number,name,photo"
            )
        twice = [name for name in COLUMNS if header.count(name) > 1]
        if twice:
            raise PeopleFileError(f"{path.name} has the column {twice[0]} twice")
        places = [header.index(name) for name in COLUMNS]
        begins = reader.line_num + 1
        for fields in reader:
            if fields:
                yield _line(begins, fields, places, len(header), path.parent)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise PeopleFileError(f"{path.name}, line {reader.line_num} is no CSV: {error}") from None


def _line(number: int, fields: list[str], places: list[int], width: int, folder: Path) -> Line:
    """One row."""
    if len(fields) != width:
        return Line(number, "", "", None, fits=False)
    id_number, name, photo = (fields[place].strip() for place in places)
    return Line(number, id_number, name, folder / photo if photo else None)
