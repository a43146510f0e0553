"""What the tests of the generator share."""

import pytest
from specimens.fonts import PACKAGES, absent


@pytest.fixture(autouse=True)
def _fonts() -> None:
    """The fonts that cards are printed in; the test is skipped where they are absent, and fails in CI."""
    if lacking := absent():
        pytest.skip(f"apt-get install {PACKAGES}: {len(lacking)} font files are absent")
