"""
Pictures expanded in limited processes: a picture that breaks its decoder breaks that process, and nothing else.

What such a process says is held for hostile: it is read as JSON of a few known members, and every number is checked.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import json
import mmap
import os
import select
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from queue import LifoQueue
from typing import Any, Final, TypeVar, get_args
from weakref import finalize

import numpy as np

from ipse.core.images import Format, Header, Limits
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Image

ROOM_BYTES: Final = 50_000_000 * 3
"""Memory that both sides see: the pixels of the largest picture within the default limits."""

PATIENCE_S: Final = 60.0
"""How long one picture may take by the clock: twice its CPU time, as others compute too."""

_START_S: Final = 60.0
"""How long a process may take to load its decoders; 0.5 s on an idle machine."""

_KEEP_BYTES: Final = 48 << 20
"""Shared memory that is not given back between two pictures: 16 megapixels of a phone, whole."""

_LONGEST_LINE: Final = 4096
"""Also what a pipe takes whole or not at all. Source: `PIPE_BUF`, pipe(7)."""

_END_S: Final = 1.0
"""How long a process that hangs up may take to end; the system takes milliseconds."""

_LIES: Final = (ValueError, LookupError, TypeError, RecursionError)
"""All that can come of reading JSON that somebody hostile wrote."""

_SET_DUMPABLE: Final = 4
"""`PR_SET_DUMPABLE` of prctl(2). Source: linux/prctl.h."""

Result = TypeVar("Result")


class LimitedDecoding:
    """
    As many processes as pictures are expanded at once; implements the port `Decoder`. Safe from several threads.

    Args:
        processes: How many.

    Attributes:
        lost: How many processes were lost so far, by why: `crashed`, `slow`, `memory` or `lied`.
    """

    def __init__(self, processes: int) -> None:
        self.lost: Counter[str] = Counter()
        self._idle: LifoQueue[_Child] = LifoQueue()
        for child in [_Child() for _ in range(processes)]:
            self._idle.put(child)

    def decode(self, data: bytes, limits: Limits, enough_px: int | None) -> Image:
        """
        The picture as upright RGB.

        Raises:
            Refusal: As `ipse.core.images.decode`; `IMAGE_CORRUPT` too for a picture that crashed the process, and
                `IMAGE_TOO_COMPLEX` for one that took all its time or memory.
        """
        return self._ask("decode", data, limits, enough_px, lambda child, said: _image(child, said, data, limits))

    def inspect(self, data: bytes, limits: Limits) -> Header:
        """
        What the picture is and how large.

        Raises:
            Refusal: As `decode`.
        """
        return self._ask("inspect", data, limits, None, lambda _, said: _header(said))

    def close(self) -> None:
        """End the processes."""
        while not self._idle.empty():
            self._idle.get_nowait().end()

    def _ask(
        self,
        what: str,
        data: bytes,
        limits: Limits,
        enough_px: int | None,
        read: "Callable[[_Child, dict[str, Any]], Result]",
    ) -> Result:
        """What one process makes of a picture; a process that failed is replaced."""
        if len(data) > min(limits.max_bytes, ROOM_BYTES):
            raise Refusal(Reason.IMAGE_TOO_LARGE)
        child, goes_on = self._idle.get(), False
        try:
            if child.has_ended:  # While nobody used it: no picture's fault.
                child.end()
                child = _Child()
            said = child.ask({"what": what, "limits": asdict(limits), "enough_px": enough_px}, data)
            found = _refusal(said) or read(child, said)
            goes_on = "last" not in said
        except (_LostError, *_LIES) as lost:
            why = str(lost) if isinstance(lost, _LostError) else "lied"
            self.lost[why] += 1
            slow = why in {"slow", "memory"}
            raise Refusal(Reason.IMAGE_TOO_COMPLEX if slow else Reason.IMAGE_CORRUPT) from None
        finally:
            # Whatever happened, the place is kept: where no other process is to be had, the next picture tries again.
            self._idle.put(child if goes_on else _instead_of(child))
        if isinstance(found, Refusal):
            raise found
        return found


class _LostError(Exception):
    """A process cannot be used any more; the message is one word that says why."""


class _Child:
    """
    One process, and the memory that it shares with us.

    Args:
        program: What Python runs there; the number of the memory's descriptor follows.
    """

    def __init__(self, program: tuple[str, str] = ("-m", "ipse.infra.decoding_child")) -> None:
        descriptor = os.memfd_create("ipse-picture", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(descriptor, ROOM_BYTES)
        # Without the seal the other side could take the memory away while we read it, which would end us.
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
        try:
            self.shared = mmap.mmap(descriptor, ROOM_BYTES)
            self._process = subprocess.Popen(  # noqa: S603  # Our own program.
                [sys.executable, "-I", *program, str(descriptor)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=(descriptor,),
                env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                cwd="/",
                bufsize=0,
            )
        finally:
            os.close(descriptor)
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)  # One that does not read must not keep us.
        self._is_ready = False
        self._end = finalize(self, _end, self._process, self.shared)

    def ask(self, question: dict[str, Any], data: bytes) -> dict[str, Any]:
        """What the process says of a picture."""
        if not self._is_ready:
            self._read(_START_S)
            self._is_ready = True
        self.shared[: len(data)] = data
        line = json.dumps({**question, "bytes": len(data)}).encode() + b"\n"
        assert self._process.stdin is not None
        try:
            if self._process.stdin.write(line) != len(line):
                raise _LostError("lied")
        except OSError:
            raise _LostError(self._cause()) from None
        said = json.loads(self._read(PATIENCE_S))
        if not isinstance(said, dict) or "fault" in said:
            raise _LostError("memory" if isinstance(said, dict) else "lied")
        return said

    @property
    def has_ended(self) -> bool:
        """Whether the process is not there any more."""
        return self._process.poll() is not None

    def end(self) -> None:
        """Kill the process."""
        self._end()

    def _read(self, within_s: float) -> bytes:
        """The next line that the process says."""
        assert self._process.stdout is not None
        until, line = time.monotonic() + within_s, b""
        poll = select.poll()
        poll.register(self._process.stdout, select.POLLIN)
        while not line.endswith(b"\n"):
            if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
                raise _LostError("slow")
            chunk = os.read(self._process.stdout.fileno(), _LONGEST_LINE)
            line += chunk
            if not chunk:
                raise _LostError(self._cause())
            if len(line) > _LONGEST_LINE:
                raise _LostError("lied")
        return line

    def _cause(self) -> str:
        """Why a process ended by itself: the system ends one that has used up its CPU time with this signal."""
        try:
            return "slow" if self._process.wait(_END_S) == -_SIGXCPU else "crashed"
        except subprocess.TimeoutExpired:
            return "lied"


def hide_memory() -> None:
    """Let no other process of our user read or write this one's memory; nor is it dumped when it crashes."""
    ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def _instead_of(child: _Child) -> _Child:
    """Another process; where none is to be had, the one that has been ended."""
    child.end()
    with contextlib.suppress(OSError):
        return _Child()
    return child


def _refusal(said: dict[str, Any]) -> Refusal | None:
    """
    That a process refuses a picture, if it does.

    Raises:
        ValueError: Not for a reason that a picture can give.
    """
    if "refused" not in said:
        return None
    reason = Reason(said["refused"])
    if not reason.name.startswith("IMAGE_"):
        raise ValueError("reason")
    return Refusal(reason)


_SIGXCPU: Final = 24
"""Source: signal(7)."""


def _end(process: "subprocess.Popen[bytes]", shared: mmap.mmap) -> None:
    """End a process and give its memory back."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    shared.close()


def _image(child: _Child, said: dict[str, Any], data: bytes, limits: Limits) -> Image:
    """
    The picture that a process has made.

    Shape: pixels (H, W, 3) uint8, a copy.

    Raises:
        ValueError: It cannot be what was asked for.
    """
    (height, width), (width_px, height_px) = said["shape"], said["px"]
    reduction, kind = said["reduction"], said["format"]
    sides = (height, width, width_px, height_px)
    if not all(type(side) is int and side > 0 for side in sides) or max(height * width, width_px * height_px) > min(
        limits.max_pixels, ROOM_BYTES // 3
    ):
        raise ValueError("sides")
    if reduction not in {1, 2, 4, 8} or kind not in get_args(Format):
        raise ValueError("format")
    count = height * width * 3
    pixels = np.frombuffer(child.shared, np.uint8, count).reshape(height, width, 3).copy()
    if max(count, len(data)) > _KEEP_BYTES:
        child.shared.madvise(mmap.MADV_REMOVE)
    return Image(pixels, width_px, height_px, reduction, kind, hashlib.sha256(data).hexdigest())


def _header(said: dict[str, Any]) -> Header:
    """
    What a process says of a picture.

    Raises:
        ValueError: It cannot be.
    """
    told = said["header"]
    numbers = [*told["stored_px"], told["orientation"], told["frames"], told["scans"], *told["reductions"]]
    if not all(type(number) is int and number > 0 for number in numbers) or told["format"] not in get_args(Format):
        raise ValueError("header")
    return Header(
        format=told["format"],
        stored_px=(told["stored_px"][0], told["stored_px"][1]),
        orientation=told["orientation"],
        frames=told["frames"],
        scans=told["scans"],
        reductions=tuple(told["reductions"]),
    )
