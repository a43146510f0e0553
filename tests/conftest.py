"""What all tests share: the way to the real pictures."""

import os
from pathlib import Path

import pytest


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
