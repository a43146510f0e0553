"""What the text reader said of a picture, kept on disk: whoever changes only a layout need not read all cards again."""

import hashlib
import pickle
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import ipse.core.text
from card_figures.meter import Meter
from ipse.core.text.lines import TextLine
from ipse.core.text.reader import Reader
from ipse.core.vocabulary import Pixels

Lines = tuple[TextLine, ...]


OWN: Final = frozenset({"thai", "zone"})
"""What is read by a module of its own, of this name."""


def digest_of_reader(reader: Reader, what: str) -> bytes:
    """Give a digest of the weights and of the code that read: with others, nothing kept counts."""
    files = sorted(Path(ipse.core.text.__path__[0]).glob("*.py"))
    code = b"".join(file.read_bytes() for file in files if file.stem not in OWN - {what})
    return hashlib.sha256(code + repr(sorted(reader.digests.items())).encode()).digest()


class Remembering:
    """
    A text reader that says what it said before of the same pixels, and charges what that took then.

    Args:
        inner: Who reads.
        folder: Where it is kept.
        meter: Who adds up the CPU time of parts.
    """

    def __init__(self, inner: Reader, folder: Path, meter: Meter) -> None:
        self._inner, self._folder, self._meter = inner, folder, meter
        self._digests = {what: digest_of_reader(inner, what) for what in ("lines", *OWN)}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def lines(self, pixels: Pixels) -> Lines:
        """Give the lines of a picture."""
        return self._kept("lines", pixels, (), lambda: self._inner.lines(pixels))

    def thai_lines(self, pixels: Pixels, lines: Sequence[TextLine]) -> Lines:
        """Give the same lines, Thai ones read anew."""
        return self._kept("thai", pixels, lines, lambda: self._inner.thai_lines(pixels, lines))

    def zone_lines(self, pixels: Pixels, lines: Sequence[TextLine]) -> Lines:
        """Give the same lines as those of a zone."""
        return self._kept("zone", pixels, lines, lambda: self._inner.zone_lines(pixels, lines))

    def _kept(self, what: str, pixels: Pixels, lines: Sequence[TextLine], read: Callable[[], Lines]) -> Lines:
        """Give what was said before; or read, and keep it."""
        key = hashlib.sha256(self._digests[what] + what.encode() + repr(pixels.shape).encode() + pixels.tobytes())
        for line in lines:
            key.update(line.text.encode() + line.corners_px.tobytes())
        place = self._folder / key.hexdigest()[:2] / key.hexdigest()
        if place.exists():
            said, whole, parts = pickle.loads(place.read_bytes())  # noqa: S301  # Our own file.
            self._meter.charge(whole, parts)
            return said  # type: ignore[no-any-return]  # What was written below.
        before, began = dict(self._meter.seconds), time.process_time()
        said = read()
        whole = time.process_time() - began
        parts = {part: all_ - before.get(part, 0.0) for part, all_ in self._meter.seconds.items()}
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(pickle.dumps((said, whole, parts)))
        return said
