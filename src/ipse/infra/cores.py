"""
How many CPU threads are ours: the CPU quota of the container (cgroup v2 and v1) and the affinity, not the host's count.

Source: https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files (cpu.max) and
https://docs.kernel.org/scheduler/sched-bwc.html (cpu.cfs_quota_us, cpu.cfs_period_us).
"""

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

_PROCESS: Final = Path("/proc/self")
_ROOT: Final = Path("/")


def cores(process: Path = _PROCESS, root: Path = _ROOT, affinity: int | None = None) -> int:
    """
    A whole number of threads that this process can keep busy, at least 1.

    A quota of 1.5 CPUs gives 2: two threads use all of it, one would leave a third unused.

    Args:
        process: The folder of this process under `/proc`.
        root: Where absolute mount points start.
        affinity: CPUs that the process may run on; asked of the system when not given.
    """
    allowed = affinity if affinity is not None else _affinity()
    return max(1, math.ceil(min((float(allowed), *_quotas(process, root)))))


@dataclass(frozen=True, slots=True)
class _Hierarchy:
    """A cgroup hierarchy that can limit CPU time: where it is mounted, what it shows there, and our place in it."""

    mount: Path
    shown: PurePosixPath
    ours: PurePosixPath
    is_v2: bool

    def folders(self) -> Iterator[Path]:
        """Our folder and every one above it as far as the mount shows them: the tightest quota counts."""
        inside = self.ours.relative_to(self.shown) if self.ours.is_relative_to(self.shown) else PurePosixPath()
        for path in (inside, *inside.parents):
            yield self.mount / path


def _affinity() -> int:
    """CPUs that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quotas(process: Path, root: Path) -> Iterator[float]:
    """Every quota over this process, in CPUs."""
    for hierarchy in _hierarchies(process, root):
        for folder in hierarchy.folders():
            quota = _quota_v2(folder) if hierarchy.is_v2 else _quota_v1(folder)
            if quota is not None:
                yield quota


def _hierarchies(process: Path, root: Path) -> Iterator[_Hierarchy]:
    """The hierarchies that this process is in and that are mounted here."""
    places = dict(_places(_lines(process / "cgroup")))
    for line in _lines(process / "mountinfo"):
        before, _, after = line.partition(" - ")
        shown, mount = before.split(" ")[3:5]
        kind, _, options = after.split(" ", 2)
        is_v2 = kind == "cgroup2"
        if (is_v2 or (kind == "cgroup" and "cpu" in options.split(" ")[-1].split(","))) and is_v2 in places:
            yield _Hierarchy(root / mount.lstrip("/"), PurePosixPath(shown), PurePosixPath(places[is_v2]), is_v2)


def _places(lines: list[str]) -> Iterator[tuple[bool, str]]:
    """Our path in the v2 hierarchy (true) and in that of the v1 controller `cpu` (false)."""
    for line in lines:
        number, controllers, path = line.split(":", 2)
        if (number, controllers) == ("0", ""):
            yield True, path
        elif "cpu" in controllers.split(","):
            yield False, path


def _quota_v2(folder: Path) -> float | None:
    """`cpu.max`: quota and period in microseconds, or `max`."""
    match " ".join(_lines(folder / "cpu.max")).split():
        case [quota, period] if quota != "max":
            return int(quota) / int(period)
    return None


def _quota_v1(folder: Path) -> float | None:
    """`cpu.cfs_quota_us` and `cpu.cfs_period_us`; a quota of -1 is none."""
    match _lines(folder / "cpu.cfs_quota_us"), _lines(folder / "cpu.cfs_period_us"):
        case [quota], [period] if int(quota) > 0:
            return int(quota) / int(period)
    return None


def _lines(path: Path) -> list[str]:
    """The lines of a small file, or none when it is not there."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
