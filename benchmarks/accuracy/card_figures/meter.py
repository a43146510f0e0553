"""CPU time by parts of the work."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar, cast
from unittest.mock import patch

from ipse.core.cards.barcodes import read_barcodes
from ipse.core.cards.examine import CardExaminer
from ipse.core.documents.corners import find_cards
from ipse.core.text.reader import Reader

Given = TypeVar("Given")


class Meter:
    """
    Adds up the CPU time of parts of the work.

    Attributes:
        seconds: By part, since the last `start`.
        past: Those of work that was not done again.
    """

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin anew."""
        self.seconds: dict[str, float] = {}
        self.past = 0.0
        self._began = time.process_time()

    @property
    def whole(self) -> float:
        """All since the start, with what was not done again."""
        return time.process_time() - self._began + self.past

    def charge(self, whole: float, parts: Mapping[str, float]) -> None:
        """Add what some work took when it was done."""
        self.past += whole
        for part, seconds in parts.items():
            self.seconds[part] = self.seconds.get(part, 0.0) + seconds

    def around(self, part: str, work: Callable[..., Given]) -> Callable[..., Given]:
        """Give the same work, timed under a name."""

        def timed(*given: Any, **named: Any) -> Given:
            began = time.process_time()
            try:
                return work(*given, **named)
            finally:
                self.seconds[part] = self.seconds.get(part, 0.0) + time.process_time() - began

        return timed


class Metered:
    """A network or a reader of one script, one of whose methods is timed."""

    def __init__(self, inner: object, method: str, part: str, meter: Meter) -> None:
        self._inner = inner
        setattr(self, method, meter.around(part, getattr(inner, method)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def metered(examiner: CardExaminer, meter: Meter) -> CardExaminer:
    """Give the same examiner with its networks and Tesseract timed."""
    reader = cast("Reader", examiner.reader)
    timed = replace(
        reader,
        finder=cast("Any", Metered(reader.finder, "run", "networks", meter)),
        recogniser=cast("Any", Metered(reader.recogniser, "run", "networks", meter)),
        thai=reader.thai and cast("Any", Metered(reader.thai, "read", "tesseract", meter)),
        zone=reader.zone and cast("Any", Metered(reader.zone, "read", "tesseract", meter)),
    )
    detector = cast("Any", Metered(examiner.detector, "run", "networks", meter))
    embedder = examiner.embedder and cast("Any", Metered(examiner.embedder, "run", "networks", meter))
    return replace(examiner, reader=timed, detector=detector, embedder=embedder)


@contextmanager
def lines_and_codes_metered(meter: Meter) -> Iterator[None]:
    """Time the finding of cards by their lines, and that of barcodes, while this lasts."""
    with (
        patch("ipse.core.cards.examine.find_cards", meter.around("lines", find_cards)),
        patch("ipse.core.cards.examine.read_barcodes", meter.around("barcodes", read_barcodes)),
    ):
        yield
