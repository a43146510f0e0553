"""
Structured log lines that can hold no picture, name, number, secret or token: what a line says is filtered before it is
written, whoever wrote it.

A logger is made at the composition root and handed on; nothing here is global.
"""

import logging
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import Final, Literal, TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

SENSITIVE: Final = frozenset(
    {
        "api_key",
        "api_secret",
        "apikey",
        "authorization",
        "bearer",
        "body",
        "birthday",
        "cookie",
        "credential",
        "data",
        "delta",
        "face_token",
        "id_number",
        "idcard",
        "idcard_name",
        "idcard_number",
        "image",
        "image_best",
        "image_ref1",
        "image_ref2",
        "image_ref3",
        "master_key",
        "name",
        "number",
        "password",
        "photo",
        "picture",
        "probe",
        "query",
        "query_string",
        "secret",
        "sign",
        "signature",
        "template",
        "token",
        "uuid",
        "vector",
    }
)
"""Field names whose value is never written. Source: the parameters of the four vendors' pages, and our own words."""

LONGEST: Final = 200
"""Most characters of one value. Anything longer is no fact about a request but a piece of it."""

_DEEPEST: Final = 4
"""How deep a value is looked into; our lines are flat, and a cycle must end."""

_FRAMES: Final = 12
"""How many frames of a fault are named, the innermost."""


def make_log(
    level: Literal["debug", "info", "warning", "error"],
    form: Literal["auto", "json", "console"],
    stream: TextIO = sys.stderr,
) -> FilteringBoundLogger:
    """A logger that writes filtered lines to a stream."""
    is_for_people = form == "console" or (form == "auto" and stream.isatty())
    last: Processor = (
        structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback)
        if is_for_people
        else structlog.processors.JSONRenderer()
    )
    log: FilteringBoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            name_fault,
            redact,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    return log


def redact(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The line without anything that belongs to a request's content."""
    return {key: _redacted(key, value, 0) for key, value in line.items()}


def name_fault(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """
    The line with an exception replaced by its kind and the places it went through.

    Its message stays out: it may quote what a caller sent.
    """
    fault = line.pop("exc_info", None)
    if fault is True:
        fault = sys.exception()
    if isinstance(fault, tuple):
        fault = fault[1]
    if isinstance(fault, BaseException):
        frames = traceback.extract_tb(fault.__traceback__)[-_FRAMES:]
        line["fault"] = type(fault).__qualname__
        line["places"] = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    return line


def _redacted(key: str, value: object, depth: int) -> object:
    """
    A value as it may be written under this name.

    Floats are written under any name: they are measurements of ours (the milliseconds of the stage `body`).
    """
    word = key.lower().replace("-", "_")
    is_sensitive = word in SENSITIVE or word.endswith(("_secret", "_token", "_password", "_key"))
    return "[redacted]" if is_sensitive and not isinstance(value, float) else _plain(value, depth)


def _plain(value: object, depth: int) -> object:
    """A value reduced to what may be written: numbers, short words, and small collections of them."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"[{len(value)} characters]"
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {str(key): _redacted(str(key), one, depth + 1) for key, one in value.items()}
    if depth < _DEEPEST and isinstance(value, Sequence | frozenset | set) and not isinstance(value, bytes | bytearray):
        return [_plain(one, depth + 1) for one in value]
    return f"[{type(value).__name__}]"


class Forward(logging.Handler):
    """Uvicorn's warnings as lines of our own log."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write the words of the program, never the values that were put into them."""
        self._log.warning("uvicorn", words=str(record.msg).strip(), exc_info=record.exc_info)
