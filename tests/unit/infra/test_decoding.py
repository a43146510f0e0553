"""Pictures expanded in limited processes: the same pixels, the same refusals, and an end that is nobody else's."""

import ctypes
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipse import Verifier
from ipse.core.images import PLACE, Limits, decode, inspect
from ipse.core.reasons import Reason, Refusal
from ipse.infra import decoding as module
from ipse.infra.decoding import LimitedDecoding

LIMITS = Limits()
GET_DUMPABLE, SET_DUMPABLE = 3, 4
"""Source: linux/prctl.h."""


@pytest.fixture(scope="module")
def limited() -> Iterator[LimitedDecoding]:
    """One process that expands pictures."""
    opened = LimitedDecoding(1)
    yield opened
    opened.close()


@pytest.fixture
def file(samples: Path) -> bytes:
    """A portrait."""
    return (samples / "obama.jpg").read_bytes()


def process(limited: LimitedDecoding) -> "subprocess.Popen[bytes]":
    """The process behind the one that is idle."""
    return limited._idle.queue[0]._process


def put_in(limited: LimitedDecoding, code: str) -> tuple[Any, Counter[str]]:
    """A process in the place of ours that runs this code, and how many were lost until now."""
    limited._idle.get().end()
    child = module._Child(("-c", code))
    limited._idle.put(child)
    return child, limited.lost.copy()


def reason(work: Any) -> Reason:
    """Why something was refused."""
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.reason


@pytest.mark.parametrize("enough_px", [None, 200])
def test_the_pixels_are_the_same(limited: LimitedDecoding, samples: Path, enough_px: int | None) -> None:
    """Every sample portrait, whole and reduced: pixels, sizes, format and digest of the other way."""
    for picture in sorted(samples.glob("*.jpg")):
        data = picture.read_bytes()
        here, there = decode(data, LIMITS, enough_px), limited.decode(data, LIMITS, enough_px)
        np.testing.assert_array_equal(here.pixels, there.pixels)
        assert replace(here, pixels=there.pixels) == there
        assert inspect(data, LIMITS) == limited.inspect(data, LIMITS)


def test_the_refusals_are_the_same(limited: LimitedDecoding, file: bytes) -> None:
    """Half a picture, none, one too large: the reason is the other way's."""
    small = replace(LIMITS, max_pixels=1000)
    for data, limits in ((file[: len(file) // 2], LIMITS), (b"none", LIMITS), (file, small)):
        expected = reason(lambda data=data, limits=limits: decode(data, limits))
        assert expected == reason(lambda data=data, limits=limits: limited.decode(data, limits, None))


def while_at_it(limited: LimitedDecoding, file: bytes, sent: signal.Signals) -> Reason:
    """Why a picture is refused in the middle of which its process gets a signal."""
    limited.decode(file, LIMITS, None)
    child = limited._idle.queue[0]
    os.kill(child._process.pid, signal.SIGSTOP)
    child.shared[:2] = bytes(2)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(reason, lambda: limited.decode(file, LIMITS, None))
        while child.shared[:2] != file[:2]:
            assert not asked.done()
        os.kill(child._process.pid, sent)
        os.kill(child._process.pid, signal.SIGCONT)
        return asked.result()


def test_a_crash_ends_one_process_only(limited: LimitedDecoding, file: bytes) -> None:
    """A process that dies of a picture is replaced; the caller hears that the picture is corrupt."""
    lost = limited.lost["crashed"]
    assert while_at_it(limited, file, signal.SIGSEGV) is Reason.IMAGE_CORRUPT
    assert limited.lost["crashed"] == lost + 1
    assert limited.decode(file, LIMITS, None).format == "jpeg"


def test_cpu_time_that_is_used_up_is_too_complex(limited: LimitedDecoding, file: bytes) -> None:
    """The signal of the system's limit counts as a picture that took too long."""
    assert while_at_it(limited, file, signal.SIGXCPU) is Reason.IMAGE_TOO_COMPLEX


def test_a_process_that_died_idle_costs_nobody_a_picture(limited: LimitedDecoding, file: bytes) -> None:
    """Somebody else ended it between two pictures: the next one is answered all the same."""
    limited.decode(file, LIMITS, None)
    process(limited).kill()
    process(limited).wait()
    assert limited.decode(file, LIMITS, None).format == "jpeg"


def test_a_picture_without_end_is_too_complex(
    limited: LimitedDecoding, file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that does not come back is ended, and the caller is told in the word for it."""
    limited.decode(file, LIMITS, None)
    ended = process(limited)
    with monkeypatch.context() as patched:
        patched.setattr(module, "PATIENCE_S", 0.2)
        os.kill(ended.pid, signal.SIGSTOP)
        assert reason(lambda: limited.decode(file, LIMITS, None)) is Reason.IMAGE_TOO_COMPLEX
    assert ended.poll() == -signal.SIGKILL
    assert limited.decode(file, LIMITS, None).format == "jpeg"


def test_the_process_is_limited(limited: LimitedDecoding, file: bytes) -> None:
    """Three pipes and the shared memory; no file, no core, some memory and CPU time, none of our environment."""
    limited.decode(file, LIMITS, None)
    folder = Path("/proc") / str(process(limited).pid)
    lines = (folder / "limits").read_text(encoding="ascii").splitlines()
    limits = {line[:25].strip(): line[25:].split()[:2] for line in lines}
    assert limits["Max open files"] == limits["Max file size"] == limits["Max core file size"] == ["0", "0"]
    assert int(limits["Max address space"][1]) < 8 << 30
    assert 30 <= int(limits["Max cpu time"][0]) <= 90
    assert int(limits["Max cpu time"][1]) == 3600
    assert b"IPSE_" not in (folder / "environ").read_bytes()
    assert "NoNewPrivs:\t1" in (folder / "status").read_text(encoding="ascii")
    assert len(list((folder / "fd").iterdir())) == 4


def test_what_is_given_up_is_gone() -> None:
    """After it no file opens, no socket either, and 4 GiB are not to be had."""
    code = """
import errno, socket
from ipse.infra.decoding_child import _give_up
_give_up()
for attempt in (lambda: open("/etc/hostname"), socket.socket):
    try: attempt()
    except OSError as error: print(errno.errorcode[error.errno])
try: bytearray(4 << 30)
except MemoryError: print("ENOMEM")
"""
    outcome = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert outcome.stdout.split() == ["EMFILE", "EMFILE", "ENOMEM"]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"shape": [0, 5], "px": [5, 5], "reduction": 1, "format": "jpeg"},
        {"shape": [50_000, 50_000], "px": [5, 5], "reduction": 1, "format": "jpeg"},
        {"shape": [5, 5], "px": [True, 5], "reduction": 1, "format": "jpeg"},
        {"shape": [5, 5], "px": [5, 5], "reduction": 3, "format": "jpeg"},
        {"shape": [5, 5], "px": [5, 5], "reduction": 1, "format": "exe"},
        {"shape": [5, 5, 5], "px": [5, 5], "reduction": 1, "format": "jpeg"},
    ],
    ids=str,
)
def test_a_process_is_not_believed(limited: LimitedDecoding, said: dict[str, Any]) -> None:
    """Sizes, formats and reductions that cannot be are refused before anything is read."""
    with pytest.raises((ValueError, KeyError)):
        module._image(limited._idle.queue[0], said, b"", LIMITS)


@pytest.mark.parametrize(
    "said",
    [
        '{"header": {"format": "jpeg", "stored_px": [5], "orientation": 1, "frames": 1, "scans": 1, "reductions": []}}',
        "[" * 4000,
        '{"refused": "busy"}',
        '{"refused": []}',
        '{"header": 7}',
        "1" * 4090,
    ],
    ids=lambda said: said[:30],
)
def test_a_process_that_lies_is_replaced(limited: LimitedDecoding, file: bytes, said: str) -> None:
    """Whatever line a process may say, the caller hears of a corrupt picture, and the liar is gone."""
    liar, lost = put_in(limited, f"print('{{}}', flush=True); input(); print({said!r}, flush=True); input()")
    assert reason(lambda: limited.inspect(file, LIMITS)) is Reason.IMAGE_CORRUPT
    assert (lost["lied"] + 1, True) == (limited.lost["lied"], liar.has_ended)
    assert limited.inspect(file, LIMITS).format == "jpeg"


def test_a_process_that_hangs_up_and_stays_is_ended(
    limited: LimitedDecoding, file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It closes its end without ending: nobody waits for it for ever."""
    liar, lost = put_in(limited, "import os; print('{}', flush=True); os.close(1); input(); input()")
    with monkeypatch.context() as patched:
        patched.setattr(module, "_END_S", 0.1)
        assert reason(lambda: limited.inspect(file, LIMITS)) is Reason.IMAGE_CORRUPT
    assert (lost["lied"] + 1, True) == (limited.lost["lied"], liar.has_ended)


def test_a_place_is_not_lost_with_its_process(
    limited: LimitedDecoding, file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While no process is to be had pictures fail, and when there is one again they do not."""
    limited.inspect(file, LIMITS)
    process(limited).kill()
    process(limited).wait()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", "/nowhere/python")
        for _ in range(2):
            with pytest.raises(FileNotFoundError):
                limited.inspect(file, LIMITS)
    assert limited.inspect(file, LIMITS).format == "jpeg"


def test_the_last_picture_of_a_process_is_answered(limited: LimitedDecoding, file: bytes) -> None:
    """A process whose time in all is nearly over says so with an answer, and another one takes its place."""
    ending, lost = put_in(
        limited, "from ipse.infra import decoding_child as child; child.LIFE_CPU_S = 2 * child.CPU_S; child.main()"
    )
    assert limited.inspect(file, LIMITS).format == "jpeg"
    assert (lost, True) == (limited.lost, ending.has_ended)


def test_a_process_ends_with_whoever_asks_it(file: bytes) -> None:
    """When nobody can ask any more, it goes by itself; the thread that began it may end before."""
    with ThreadPoolExecutor(1) as pool:
        alone = pool.submit(LimitedDecoding, 1).result()
    assert alone.decode(file, LIMITS, None).format == "jpeg"
    ended = process(alone)
    assert ended.poll() is None
    assert ended.stdin is not None
    ended.stdin.close()
    assert ended.wait(timeout=60) == 0
    alone.close()


def test_the_setting_moves_everything(samples: Path) -> None:
    """With the setting the same similarity comes out, our memory is shut, and without it pictures are expanded here."""
    expected = Verifier().compare(samples / "obama.jpg", samples / "obama2.jpg").similarity
    try:
        verifier = Verifier(decode_in="process", threads=1)
        assert isinstance(PLACE.elsewhere, LimitedDecoding)
        assert ctypes.CDLL(None).prctl(GET_DUMPABLE, 0, 0, 0, 0) == 0
        found = verifier.compare(samples / "obama.jpg", samples / "obama2.jpg").similarity
        assert expected == found
    finally:
        PLACE.move(None)
        ctypes.CDLL(None).prctl(SET_DUMPABLE, 1, 0, 0, 0)
