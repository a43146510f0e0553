"""
The samples of the vendors' pages: cut out of the pages beside the repository, never copied into it.

Of a sample only two things are changed: the host name, and what the page leaves for the reader to fill in.
"""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

DEBIAN: Final = {
    "http": "httpie",
    "php": "php-cli php-curl",
    "ruby": "ruby ruby-multipart-post",
    "javac": "default-jdk-headless libhttpclient-java libhttpmime-java",
    "g++": "g++ libcurl4-openssl-dev libjsoncpp-dev",
    "/usr/bin/2to3": "2to3 python3-requests",
    "curl": "curl",
}
"""The programs that samples need, and Debian's packages of them."""

PAGES: Final = {"iapp": "000*.txt", "faceid": "001*.txt", "linkface": "002*.txt"}
HOSTS: Final = {
    "iapp": "https://api.iapp.co.th",
    "faceid": "https://api.megvii.com",
    "linkface": "https://cloudapi.linkface.cn",
}


def need(program: str) -> None:
    """Skip the test where a program is absent."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is absent: apt-get install {DEBIAN[program]}")


def page(shared: Path, vendor: str) -> str:
    """The text of a vendor's page."""
    (path,) = (shared.parent / "vendors" / "docs").glob(PAGES[vendor])
    return path.read_text(encoding="utf-8")


def between(text: str, begin: str, end: str) -> str:
    """What stands between two lines that begin so; each must be there."""
    lines = text.splitlines()
    first = next(index for index, line in enumerate(lines) if line.strip().startswith(begin))
    last = next(index for index, line in enumerate(lines[first + 1 :], first + 1) if line.strip().startswith(end))
    return "\n".join(lines[first + 1 : last]) + "\n"


def filled(sample: str, vendor: str, address: str, blanks: Mapping[str, str]) -> str:
    """The sample with our host in the place of the vendor's, and with its blanks filled in; each must be there."""
    for blank, content in {HOSTS[vendor]: address, **blanks}.items():
        assert blank in sample, f"the sample has no {blank}"
        sample = sample.replace(blank, content)
    return sample


def curl_lines(shared: Path) -> dict[str, str]:
    """Megvii's curl samples by their titles; the page breaks each over several lines without a backslash."""
    text = between(page(shared, "faceid"), "# 调用示例", "# 计费规则")
    titles = [line for line in text.splitlines() if line.endswith(":")]
    pieces = re.split("|".join(map(re.escape, titles)), text)[1:]
    return {title: " ".join(piece.split("\n")).strip() for title, piece in zip(titles, pieces, strict=True)}
