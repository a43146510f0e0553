"""Threads follow the CPU quota, whichever cgroup version and however deep."""

from pathlib import Path

import pytest

from ipse.infra.cores import cores

V2 = "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = "33 32 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
V1_MEMORY = "34 32 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"


def machine(root: Path, cgroup: str, mountinfo: str, files: dict[str, str]) -> Path:
    """A machine's files below a folder; gives its `/proc/self`."""
    process = root / "proc" / "self"
    process.mkdir(parents=True)
    (process / "cgroup").write_text(cgroup)
    (process / "mountinfo").write_text(mountinfo)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return process


@pytest.mark.parametrize(
    ("quota", "expected"),
    [("max 100000", 8), ("100000 100000", 1), ("150000 100000", 2), ("10000 100000", 1), ("3200000 100000", 8)],
)
def test_a_v2_quota_is_a_whole_number_of_threads(tmp_path: Path, quota: str, expected: int) -> None:
    """No quota is the affinity, one and a half CPUs are two threads, a tenth is one, more than there is counts not."""
    process = machine(tmp_path, "0::/\n", V2, {"sys/fs/cgroup/cpu.max": f"{quota}\n"})
    assert expected == cores(process, tmp_path, affinity=8)


def test_the_tightest_quota_on_the_way_up_counts(tmp_path: Path) -> None:
    """A service without a quota inside a slice with one has the slice's."""
    files = {
        "sys/fs/cgroup/app.slice/ipse.service/cpu.max": "max 100000\n",
        "sys/fs/cgroup/app.slice/cpu.max": "300000 100000\n",
    }
    process = machine(tmp_path, "0::/app.slice/ipse.service\n", V2, files)
    assert 3 == cores(process, tmp_path, affinity=8)


@pytest.mark.parametrize(("quota", "expected"), [("-1", 8), ("250000", 3)])
def test_a_v1_quota_counts(tmp_path: Path, quota: str, expected: int) -> None:
    """Version 1 has two files, and -1 for no quota."""
    folder = "sys/fs/cgroup/cpu,cpuacct/docker/abc"
    files = {f"{folder}/cpu.cfs_quota_us": f"{quota}\n", f"{folder}/cpu.cfs_period_us": "100000\n"}
    process = machine(tmp_path, "4:memory:/x\n3:cpu,cpuacct:/docker/abc\n", V1_MEMORY + V1, files)
    assert expected == cores(process, tmp_path, affinity=8)


def test_a_container_that_sees_only_its_own_folder(tmp_path: Path) -> None:
    """Docker with version 1 names the host's path but mounts the container's folder as the root."""
    mount = "33 32 0:30 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n"
    files = {"sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n"}
    process = machine(tmp_path, "1:cpu:/docker/abc\n", mount, files)
    assert 2 == cores(process, tmp_path, affinity=8)


def test_without_cgroups_the_affinity_counts(tmp_path: Path) -> None:
    """A system that has no such files at all is no error."""
    assert 5 == cores(tmp_path / "proc" / "self", tmp_path, affinity=5)


def test_this_machine_has_a_core() -> None:
    """The real files of this machine give a number of threads that can run here."""
    assert 1 <= cores() <= cores(Path("/nonexistent"))
