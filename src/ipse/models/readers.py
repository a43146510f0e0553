"""Tesseract behind the core's port for readers of one line: the only file that imports it."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

import numpy as np
import tesserocr

from ipse.core.text.lines import Reading
from ipse.core.vocabulary import Pixels
from ipse.models.integrity import check
from ipse.models.manifest import TrainedData
from ipse.models.trouble import DigestError, NotFetchedError, RuntimeUnavailableError


def open_line_reader(data: TrainedData, path: Path) -> "TesseractReader":
    """
    Who reads one script, from a file that is checked against its digest.

    Raises:
        NotFetchedError: The file is not there.
        DigestError: The file is not the one that the manifest pins.
        RuntimeUnavailableError: Tesseract does not take it.
    """
    try:
        check(path, data.digest)
    except FileNotFoundError:
        raise NotFetchedError(f"{data.name} is not at {path}: `ipse models fetch` gets it") from None
    except DigestError as error:
        raise DigestError(str(path), error.expected, error.got, "; `ipse models fetch` gets it anew") from None
    return TesseractReader(data, path)


class TesseractReader:
    """One script on Tesseract's line network; each engine serves one thread at a time, so there is a pool of them."""

    def __init__(self, data: TrainedData, path: Path) -> None:
        self._data = data
        self._path = path
        self._idle: LifoQueue[Any] = LifoQueue()
        self._idle.put(self._opened())

    @property
    def name(self) -> str:
        """The name of its weight in the manifest."""
        return self._data.name

    @property
    def digest(self) -> str:
        """Hex SHA-256 of its weight."""
        return self._data.digest

    def read(self, strip: Pixels) -> Reading:
        """
        What a strip says.

        Shape: strip (H, W) uint8 grey, one line upright in it.
        """
        height, width = strip.shape
        with self._engine() as engine:
            engine.SetImageBytes(np.ascontiguousarray(strip).tobytes(), width, height, 1, width)
            engine.Recognize()
            reading = _reading(engine, width)
            engine.Clear()
        return reading

    @contextmanager
    def _engine(self) -> Iterator[Any]:
        """An engine that nobody else uses meanwhile."""
        try:
            engine = self._idle.get_nowait()
        except Empty:
            engine = self._opened()
        try:
            yield engine
        finally:
            self._idle.put(engine)

    def _opened(self) -> Any:
        """A new engine."""
        try:
            engine = tesserocr.PyTessBaseAPI(
                path=str(self._path.parent),
                lang=self._path.stem,
                psm=tesserocr.PSM.SINGLE_LINE,
                oem=tesserocr.OEM.LSTM_ONLY,
            )
        except RuntimeError as error:
            raise RuntimeUnavailableError(f"Tesseract does not take {self._path.name}: {error}") from error
        engine.SetVariable("debug_file", "/dev/null")
        return engine


def _reading(engine: Any, width: int) -> Reading:
    """What an engine has read: its symbols with their boxes, a blank between words."""
    text, at, confidences = list[str](), list[float](), list[float]()
    symbols = engine.GetIterator()
    if symbols is None:
        return Reading("", (), ())
    for symbol in tesserocr.iterate_level(symbols, tesserocr.RIL.SYMBOL):
        if symbol.Empty(tesserocr.RIL.SYMBOL):
            continue
        letters = unicodedata.normalize("NFC", symbol.GetUTF8Text(tesserocr.RIL.SYMBOL))
        x1, _, x2, _ = symbol.BoundingBox(tesserocr.RIL.SYMBOL)
        sure = symbol.Confidence(tesserocr.RIL.SYMBOL) / 100
        if text and symbol.IsAtBeginningOf(tesserocr.RIL.WORD):
            text.append(" ")
            at.append((at[-1] + x1 / width) / 2)
            confidences.append(min(confidences[-1], sure))
        for letter in letters:
            text.append(letter)
            at.append((x1 + x2) / 2 / width)
            confidences.append(sure)
    return Reading("".join(text), tuple(at), tuple(confidences))
