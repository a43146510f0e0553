"""The real engine, in float32 so that expected numbers hold on every machine."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TypeAlias

import pytest

from ipse.core.faces.examine import Examination, Wish
from ipse.core.images import Limits
from ipse.core.vocabulary import Network, Pixels
from ipse.engine import Engine, open_engine
from ipse.infra.settings import Settings

Examine: TypeAlias = Callable[[bytes | Pixels, Wish], Examination]


class Untimed:
    """Stages that nobody times."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Let it run."""
        del name
        return nullcontext()


@pytest.fixture(scope="session")
def engine(weights: Path) -> Engine:
    """Both networks, open."""
    return open_engine(Settings(weights_dir=weights, precision="float32", threads=1))


@pytest.fixture(scope="session")
def detector(engine: Engine) -> Network:
    """The network that finds faces."""
    return engine.detector


@pytest.fixture(scope="session")
def examine(engine: Engine) -> Examine:
    """Examines a picture within the default limits."""
    return lambda data, wish: engine.examiner.examine(data, wish, Limits(), Untimed())
