"""What all tests share: the way to the real pictures, the weights and the sample portraits."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from ipse.infra.settings import read_settings
from ipse.models.bundle import samples_folder
from ipse.models.fetch import fetch
from ipse.models.manifest import Manifest, Samples

IN_CI = os.environ.get("CI") == "true"  # noqa: TID251 - the one question that tests ask of their surroundings


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test is a failed one: there, everything that a test needs can be had."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pictures beside the repository; the test is skipped where it is absent, and fails in CI."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("../shared/data is absent: real pictures are needed")
    return folder


@pytest.fixture(scope="session")
def weights() -> Path:
    """The folder of the default weights, fetched now if they are not there."""
    folder = read_settings().weights_dir.expanduser()
    fetch(Manifest.load().defaults, folder)
    return folder


@pytest.fixture(scope="session")
def samples(weights: Path) -> Path:
    """The folder of the sample portraits, fetched now if they are not there."""
    folder = samples_folder(weights)
    fetch(Samples.load().pictures, folder)
    return folder
