"""Files that are what their digest says, and that appear whole or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

_CHUNK_BYTES: Final = 1 << 20


class DigestMismatch(ValueError):
    """
    A file is not the one that was asked for.

    Attributes:
        file: Its name.
        expected: The hex SHA-256 that the manifest pins.
        got: The hex SHA-256 that it has.
    """

    def __init__(self, file: str, expected: str, got: str) -> None:
        super().__init__(f"{file}: SHA-256 {expected} was expected, the file has {got}")
        self.file = file
        self.expected = expected
        self.got = got


def digest_of(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_intact(path: Path, digest: str, size_bytes: int) -> bool:
    """Whether the file is there with this size and digest."""
    try:
        return path.stat().st_size == size_bytes and digest_of(path) == digest
    except (FileNotFoundError, NotADirectoryError):
        return False


def check(path: Path, digest: str) -> None:
    """
    Nothing, if the file has this digest.

    Raises:
        DigestMismatch: It has another.
        FileNotFoundError: It is not there.
    """
    got = digest_of(path)
    if got != digest:
        raise DigestMismatch(path.name, digest, got)


@contextmanager
def placed(path: Path, digest: str) -> Iterator[IO[bytes]]:
    """
    A stream to write a file into; on leaving, the file is checked, flushed to disk and put in its place at once.

    A reader sees the old file or the whole new one, and two writers cannot mix their bytes.

    Raises:
        DigestMismatch: What was written is not what was asked for; the place is left as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
        temporary = Path(stream.name)
        try:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            got = digest_of(temporary)
            if got != digest:
                raise DigestMismatch(path.name, digest, got)
            temporary.chmod(0o644)
            temporary.replace(path)
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()


def copy(source: IO[bytes], target: IO[bytes], *, at_most: int) -> None:
    """
    Copy a stream, stopping just past the size that was announced: the digest then tells.

    Args:
        source: Where the bytes come from.
        target: Where they go.
        at_most: The size that the manifest pins.
    """
    left = at_most + 1
    while left > 0 and (chunk := source.read(min(_CHUNK_BYTES, left))):
        target.write(chunk)
        left -= len(chunk)
