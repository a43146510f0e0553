"""What all tests share: the way to the real pictures, the weights and the sample portraits."""

import os
from pathlib import Path

import pytest

from ipse.infra.settings import read_settings
from ipse.models.bundle import samples_folder
from ipse.models.fetch import fetch
from ipse.models.manifest import Manifest, Samples


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pictures beside the repository; the test is skipped where it is absent, and fails in CI."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        reason = "../shared/data is absent: real pictures are needed"
        if os.environ.get("CI") == "true":  # noqa: TID251 - the one question that a test asks of its surroundings
            pytest.fail(reason)
        pytest.skip(reason)
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
