"""
The process that expands pictures and can do nothing else: `python -I -m ipse.infra.decoding_child FD`.

It is asked by lines of JSON on standard input, and ends with it. The picture lies in the memory behind the descriptor,
pixels go back the same way. Once its decoders are loaded it gives up what it does not need: it can open no file and no
socket and write none, memory and CPU time end where the slowest picture within the limits does not reach. Threads it
may start: the decoder of HEIC needs them, and crashes without.
"""

import ctypes
import io
import json
import mmap
import os
import resource
import sys
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from PIL import Image as Pillow

from ipse.core.images import Limits, decode, inspect
from ipse.core.reasons import Refusal

MEMORY_BYTES: Final = 2 << 30
"""Address space above what the idle process has. Source: `docs/images.md`: the hungriest picture takes 458 MB, and a
HEIC or AVIF up to three times its row."""

CPU_S: Final = 30
"""CPU time of one picture. Source: the same page: 3.9 s on one core, up to three times that; twice for slower ones."""

LIFE_CPU_S: Final = 3600
"""CPU time of a process in all, which it cannot lift; it says which picture is its last before that. Source: ours:
100,000 pictures of 30 ms, and one that somebody has taken over does not compute for ever."""

_NO_NEW_PRIVILEGES: Final = 38
"""`PR_SET_NO_NEW_PRIVS` of prctl(2). Source: linux/prctl.h."""


def main() -> None:
    """Answer until nobody asks any more."""
    descriptor = int(sys.argv[1])
    shared = mmap.mmap(descriptor, 0)
    os.close(descriptor)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    _warm_up()
    _give_up()
    answers.write(b"{}\n")
    answers.flush()
    while line := questions.readline():
        answer = _answer(json.loads(line), shared)
        if _used_cpu_s() > LIFE_CPU_S - 2 * CPU_S:
            answer["last"] = True
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _answer(question: dict[str, Any], shared: mmap.mmap) -> dict[str, Any]:
    """What came of one picture; the pixels lie in the shared memory then."""
    _limit_cpu()
    data, limits = bytes(shared[: question["bytes"]]), Limits(**question["limits"])
    try:
        if question["what"] == "inspect":
            return {"header": asdict(inspect(data, limits))}
        image = decode(data, limits, question["enough_px"])
    except Refusal as refusal:
        return {"refused": refusal.reason.value}
    except MemoryError:
        return {"fault": "memory"}
    np.frombuffer(shared, np.uint8)[: image.pixels.size] = image.pixels.reshape(-1)
    return {
        "shape": image.pixels.shape[:2],
        "px": (image.width_px, image.height_px),
        "reduction": image.reduction,
        "format": image.format,
    }


def _warm_up() -> None:
    """Load every decoder, and what Pillow loads late: afterwards no file can be opened any more."""
    kinds = [(kind, "RGB") for kind in ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF")]
    kinds += [("TIFF", mode) for mode in ("1", "L", "P", "I;16", "CMYK", "YCbCr", "LAB")]
    for kind, mode in kinds:
        file = io.BytesIO()
        Pillow.new(mode, (16, 16)).save(file, kind)
        decode(file.getvalue(), Limits())


def _give_up() -> None:
    """Take from this process, for good, what expanding pictures does not need."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # Nothing else is needed of it.
        idle = int(file.read().split()[0]) * mmap.PAGESIZE
    none = (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)
    for limit in none:
        resource.setrlimit(limit, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (idle + MEMORY_BYTES, idle + MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (LIFE_CPU_S, LIFE_CPU_S))


def _limit_cpu() -> None:
    """Let this picture have its CPU time, and no more: the system then ends the process."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(_used_cpu_s()) + CPU_S, LIFE_CPU_S))


def _used_cpu_s() -> float:
    """CPU time so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
