"""Files that are what their digest says, and that appear whole or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from ipse.models.trouble import DigestError

_CHUNK_BYTES: Final = 1 << 20


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
        DigestError: It has another.
        FileNotFoundError: It is not there.
    """
    got = digest_of(path)
    if got != digest:
        raise DigestError(path.name, digest, got)


@contextmanager
def placed(path: Path, digest: str) -> Iterator[IO[bytes]]:
    """
    A stream to write a file into; on leaving, the file is checked, flushed to disk and put in its place at once.

    A reader sees the old file or the whole new one, and two writers cannot mix their bytes.

    Raises:
        DigestError: What was written is not what was asked for; the place is left as it was.
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
                raise DigestError(path.name, digest, got)
            temporary.chmod(0o644)
            temporary.replace(path)
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()


def copy(source: IO[bytes], target: IO[bytes], *, at_most: int) -> str:
    """
    Hex SHA-256 of what was copied; the copy stops just past the announced size, and the digest then tells.

    Args:
        source: Where the bytes come from.
        target: Where they go.
        at_most: The size that the manifest pins.
    """
    digest = hashlib.sha256()
    left = at_most + 1
    while left > 0 and (chunk := source.read(min(_CHUNK_BYTES, left))):
        digest.update(chunk)
        target.write(chunk)
        left -= len(chunk)
    return digest.hexdigest()
