"""The samples of iApp's page, as they stand there."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conformance import samples as pages

if TYPE_CHECKING:
    from tests.conformance.conftest import Vendors

pytestmark = pytest.mark.shared


def judge(text: str) -> None:
    """The page's own shape: two parts and their mean, string verdicts; one person."""
    told = json.loads(text)
    assert ["idcard", "selfie", "time_process", "total"] == list(told)
    assert {"true"} == {told[part]["isSamePerson"] for part in ("idcard", "selfie", "total")}


def test_curl(vendors: "Vendors", shared: Path) -> None:
    """`file0` is the card, `file1` the selfie."""
    pages.need("curl")
    sample = "curl --location " + pages.between(
        pages.page(shared, "iapp").replace("curl --location ", "curl --location\n"), "curl --location", "面部和身份证件"
    )
    command = pages.filled(sample, "iapp", vendors.address, {"{{{YOUR API KEY}}}": vendors.keys["iapp"][0]})
    done = vendors.run("bash", "-c", command)
    assert 0 == done.returncode, done.stderr
    judge(done.stdout)


def test_python(vendors: "Vendors", shared: Path) -> None:
    """Its files are called `{IMAGE FILE 1}`, without an extension, and image/png whatever they are."""
    pages.need("/usr/bin/2to3")
    lines = pages.page(shared, "iapp").partition("代码示例\nPython\n")[2]
    blanks = {
        "{YOUR API KEY}": vendors.keys["iapp"][0],
        "{IMAGE FILE PATH 1}": "image1.png",
        "{IMAGE FILE PATH 2}": "image2.png",
    }
    (vendors.folder / "iapp.py").write_text(pages.filled(lines, "iapp", vendors.address, blanks), encoding="utf-8")
    done = vendors.run("/usr/bin/python3", "iapp.py")
    assert 0 == done.returncode, done.stderr
    judge(done.stdout)
