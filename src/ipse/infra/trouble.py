"""What a person must put right before Ipse can work."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ipse.service.ports import OutsideError


class SetupError(OutsideError):
    """Settings, keys or files are not usable; the message is whole sentences and holds no secret."""


@contextmanager
def using(place: Path) -> Iterator[None]:
    """
    Turn what the file system refuses into one sentence that names the path.

    Raises:
        SetupError: A file or folder cannot be read, made or written.
    """
    try:
        yield
    except OSError as error:
        raise SetupError(f"Cannot use {error.filename or place}: {error.strerror or error}.") from None
