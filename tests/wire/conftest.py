"""A fresh world for each test."""

import pytest

from tests.wire.world import World


@pytest.fixture
def world() -> World:
    """A fresh world."""
    return World()
