"""
Importing people: a batch of rows at a time, each batch in one transaction.

A killed import goes on where it stopped: the row of somebody whose number, name and photo are as they were is left as
it is, without a look at the photo. Memory does not grow with the file, but for what finds repeated numbers: some 70
bytes a row.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from ipse.cli.people.looking import Looker
from ipse.cli.people.report import Report
from ipse.core.cards.numbers.spelling import one_spelling
from ipse.core.people.numbers import NumberForm
from ipse.core.people.rules import fault
from ipse.infra.people_file import Line
from ipse.infra.store.people import PeopleRows, PersonRow, photo_digest
from ipse.service.portrait import NO_PORTRAIT, PhotoState, Portrait

BATCH_ROWS: Final = 256
"""Rows in one transaction: SQLite takes about 15 ms to sync one, and what a killed import must do again is seconds."""

BATCH_BYTES: Final = 64 * 1_048_576
"""Bytes of photos in one batch, so that large photos make small batches."""

NO_PHOTO: Final = ""
LOST_PHOTO: Final = "lost"
"""What stands for the digest of a photo that is not named, or cannot be read from the disk."""

Trouble: TypeAlias = Literal["photo_not_found", "photo_not_readable"]
"""Why a photo that is named could not be read from the disk."""


@dataclass(frozen=True, slots=True)
class Taken:
    """
    A row on its way.

    Attributes:
        line: As it was read.
        photo: Its photo's bytes, if it could be read.
        digest: What stands for the photo in the row's mark.
        trouble: Why it could not be read.
    """

    line: Line
    photo: bytes | None = field(default=None, repr=False)
    digest: str = NO_PHOTO
    trouble: Trouble | None = None


class Import:
    """
    One import.

    Args:
        rows: Where people are kept.
        looker: Who looks at photos.
        form: What numbers look like.
        report: Where everything is told.
    """

    def __init__(self, rows: PeopleRows, looker: Looker, form: NumberForm, report: Report) -> None:
        self._rows = rows
        self._looker = looker
        self._form = form
        self._report = report
        self._places: set[int] = set()

    def run(self, lines: Iterable[Line], advance: Callable[[int], object]) -> None:
        """
        Take all rows.

        Args:
            lines: The rows.
            advance: Called with the number of rows that are done, for a progress bar.
        """
        for batch in _batches(lines):
            good = [line for line in batch if self._is_good(line)]
            self._take(self._looker.each(self._read, good))
            advance(len(batch))

    def _is_good(self, line: Line) -> bool:
        """Whether a row can be registered; if not, it is told why."""
        reason: str | None = fault(line.id_number, line.name, self._form) if line.fits else "columns"
        if reason is None and self._is_repeated(line):
            reason = "number_repeated"
        if reason is not None:
            self._report.tell(line, "refused", reason)
            return False
        return True

    def _is_repeated(self, line: Line) -> bool:
        """Whether the number came before. Source: 8 of 32 random bytes meet by chance once in 10^9 files of 100,000."""
        place = int.from_bytes(self._rows.place(line.id_number)[:8], "big")
        is_repeated = place in self._places
        self._places.add(place)
        return is_repeated

    def _read(self, line: Line) -> Taken:
        """A row with its photo's bytes; no more of them than a picture may have."""
        if line.photo is None:
            return Taken(line)
        most_bytes = self._looker.limits.max_bytes
        try:
            if not line.photo.is_file():
                return Taken(line, None, LOST_PHOTO, "photo_not_found")
            with line.photo.open("rb") as file:
                photo = file.read(most_bytes + 1)
        except OSError:
            return Taken(line, None, LOST_PHOTO, "photo_not_readable")
        return Taken(line, photo, photo_digest(photo))

    def _take(self, taken: list[Taken]) -> None:
        """Write those rows of a batch that are new or changed."""
        marks = self._rows.marks([one.line.id_number for one in taken])
        fresh: list[Taken] = []
        for one in taken:
            before = marks.get(self._rows.place(one.line.id_number))
            if before is not None and before.mark == self._mark(one):
                self._report.rows["unchanged"] += 1
                self._tell(one, before.state)
            else:
                self._report.rows["added" if before is None else "changed"] += 1
                fresh.append(one)
        people = self._looker.each(self._person, fresh)
        for one, person in zip(fresh, people, strict=True):
            self._tell(one, person.seen.state)
        self._rows.put(people)

    def _person(self, one: Taken) -> PersonRow:
        """A row as it will rest; a photo that cannot be decoded is not kept."""
        shown = self._looker.look(one.photo, one.digest) if one.photo is not None else _unseen(one)
        is_kept = shown.state in {PhotoState.USABLE, PhotoState.FACELESS}
        return PersonRow(
            number=one.line.id_number,
            name=one.line.name,
            photo=one.photo if is_kept else None,
            seen=self._looker.seen(shown),
            mark=self._mark(one),
            updated_at_ms=time.time_ns() // 1_000_000,
        )

    def _mark(self, one: Taken) -> bytes:
        """The mark of a row as it was given."""
        return self._rows.mark(one.line.id_number, one.line.name, one.digest)

    def _tell(self, one: Taken, state: str) -> None:
        """Count a row that is taken, and tell what is doubtful about it, the same however often it is imported."""
        self._report.photos[state] += 1
        doubt = self._form.warning(one_spelling(one.line.id_number))
        if doubt is not None:
            self._report.tell(one.line, "warning", doubt)
        if one.trouble is not None:
            self._report.tell(one.line, "warning", one.trouble)
        elif state in {PhotoState.UNREADABLE, PhotoState.FACELESS}:
            self._report.tell(one.line, "warning", f"photo_{state}")


def _unseen(one: Taken) -> Portrait:
    """What a photo shows that nobody could open."""
    return NO_PORTRAIT if one.trouble is None else Portrait(PhotoState.UNREADABLE)


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The rows in batches that are bounded in rows and in bytes of photos."""
    batch: list[Line] = []
    held_bytes = 0
    for line in lines:
        batch.append(line)
        held_bytes += _size(line.photo)
        if len(batch) == BATCH_ROWS or held_bytes >= BATCH_BYTES:
            yield batch
            batch, held_bytes = [], 0
    if batch:
        yield batch


def _size(photo: Path | None) -> int:
    """The length of a photo's file; 0 if there is none, or no name of a file."""
    try:
        return 0 if photo is None else photo.stat().st_size
    except (OSError, ValueError):
        return 0
