"""How a process that was told to stop ends at the latest, and how one that has hardly begun does."""

import asyncio
import os
import signal
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import PurePath
from types import FrameType
from typing import Any, Final

from ipse.service.ports import Log

TOO_LATE: Final = os.EX_TEMPFAIL
"""The exit status then. Nothing is lost by it: what was held is free again in seconds, and jobs are done by others."""

_TELL_S: Final = 2.0
"""How long the log may take: it may be what holds everything up."""

_FRAMES: Final = 4


def stop_quietly() -> None:
    """Until somebody else listens, let SIGTERM end this process in good order, wherever it is."""

    def stop(sig: int, frame: FrameType | None) -> None:
        del sig, frame
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)


def leave_within(seconds: float, log: Log) -> None:
    """
    End this process with `TOO_LATE` unless it has ended by itself by then; the log is told what held it up.

    Asked in an event loop, it tells where the loop's tasks stand, too.
    """
    loop = None
    with suppress(RuntimeError):
        loop = asyncio.get_running_loop()
    timer = threading.Timer(seconds, _end, (log, loop))
    timer.daemon = True
    timer.name = "leaving"
    timer.start()


def _end(log: Log, loop: asyncio.AbstractEventLoop | None) -> None:
    """Say what stands where, and end without waiting for any of it."""
    try:
        teller = threading.Thread(target=_tell, args=(log, loop), name="telling", daemon=True)
        teller.start()
        teller.join(_TELL_S)
    finally:
        os._exit(TOO_LATE)


def _tell(log: Log, loop: asyncio.AbstractEventLoop | None) -> None:
    """Name the last lines of every thread and task but those of this module."""
    names = {one.ident: one.name for one in threading.enumerate() if one.name not in {"leaving", "telling"}}
    held = {
        names[ident]: [_place(one.filename, one.lineno, one.name) for one in traceback.extract_stack(frame)[-_FRAMES:]]
        for ident, frame in sys._current_frames().items()  # noqa: SLF001  # Documented; its name warns of its speed.
        if ident in names
    }
    tasks = asyncio.all_tasks(loop) if loop is not None else ()
    held |= {f"task {one.get_name()}": _awaited(one.get_coro())[-_FRAMES:] for one in tasks}
    log.error("stopping took too long", held=held)
    sys.stderr.flush()


def _awaited(coroutine: Any) -> list[str]:
    """What a coroutine waits for, and what that waits for, down to the last line of ours."""
    places = []
    while (frame := getattr(coroutine, "cr_frame", None)) is not None:
        places.append(_place(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        coroutine = coroutine.cr_await
    return places


def _place(file: str, line: int | None, function: str) -> str:
    """A line of code, without what it works on."""
    return f"{PurePath(file).name}:{line} {function}"
