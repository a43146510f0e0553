"""What an import says about rows: how many there were of each kind, and which were refused or doubtful."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TextIO, TypeAlias

from ipse.infra.people_file import Line
from ipse.infra.trouble import using

Verdict: TypeAlias = Literal["refused", "warning"]


@dataclass(slots=True)
class Report:
    """
    Counts, and a CSV with a row for everything that was refused or doubtful; it names nobody unless asked to.

    Attributes:
        path: Where the CSV goes. It is made when there is something to say; an old one of that name is always replaced.
        shows: Whether numbers and names are told too.
        rows: How many rows were added, changed or unchanged.
        photos: How many of them have a photo in each state.
        verdicts: How often each reason was told, by verdict.
    """

    path: Path
    shows: bool
    rows: Counter[str] = field(default_factory=Counter)
    photos: Counter[str] = field(default_factory=Counter)
    verdicts: dict[Verdict, Counter[str]] = field(default_factory=lambda: {"refused": Counter(), "warning": Counter()})
    _file: TextIO | None = None

    def __enter__(self) -> Self:
        """Begin; an old report would be about another import."""
        if self.path.exists():
            self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()

    def facts(self) -> dict[str, object]:
        """Everything that was counted, as JSON shows it."""
        refused, warnings = (dict(sorted(self.verdicts[verdict].items())) for verdict in ("refused", "warning"))
        return {
            "rows": sum(self.rows.values()) + sum(refused.values()),
            **{word: self.rows[word] for word in ("added", "changed", "unchanged")},
            "refused": refused,
            "warnings": warnings,
            "photos": dict(sorted(self.photos.items())),
            "report": None if self._file is None else str(self.path),
        }

    def tell(self, line: Line, verdict: Verdict, reason: str) -> None:
        """Count a row's verdict, and write it down."""
        self.verdicts[verdict][reason] += 1
        file = self._file or self._open()
        shown = (line.id_number, line.name) if self.shows else ()
        csv.writer(file, lineterminator="\n").writerow((line.number, verdict, reason, *shown))
        file.flush()

    def _open(self) -> TextIO:
        """The file with its header, for its owner's eyes only."""
        with using(self.path):
            self.path.unlink(missing_ok=True)
            self.path.touch(mode=0o600)
            self._file = self.path.open("w", encoding="utf-8", newline="")
        shown = ("id_number", "name") if self.shows else ()
        csv.writer(self._file, lineterminator="\n").writerow(("line", "verdict", "reason", *shown))
        return self._file
