"""The last resort of a process that was told to stop: it ends in time, whatever still holds it up."""

import os
import sys
import threading
import traceback
from pathlib import PurePath
from typing import Final

from ipse.service.ports import Log

TOO_LATE: Final = os.EX_TEMPFAIL
"""The exit status then. Nothing is lost by it: what was held is free again in seconds, and jobs are done by others."""

_FRAMES: Final = 4


def leave_within(seconds: float, log: Log) -> None:
    """End this process with `TOO_LATE` unless it has ended by itself by then; the log is told what held it up."""
    timer = threading.Timer(seconds, _end, (log,))
    timer.daemon = True
    timer.name = "leaving"
    timer.start()


def _end(log: Log) -> None:
    """Say where every other thread is, and end without waiting for any."""
    names = {one.ident: one.name for one in threading.enumerate()}
    held = {
        names.get(ident, str(ident)): [_place(frame) for frame in traceback.extract_stack(frames)[-_FRAMES:]]
        for ident, frames in sys._current_frames().items()  # noqa: SLF001  # Documented; its name warns of its speed.
        if ident != threading.get_ident()
    }
    log.error("stopping took too long", held=held)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(TOO_LATE)


def _place(frame: traceback.FrameSummary) -> str:
    """A line of code, without what it works on."""
    return f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}"
