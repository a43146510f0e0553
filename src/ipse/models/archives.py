"""One member out of a wheel, a zip or a tar; nothing else of the archive touches the disk."""

import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class MemberError(LookupError):
    """The archive has no such file."""


class ArchiveError(ValueError):
    """The file is no archive that can be read."""


@contextmanager
def member(archive: Path, name: str) -> Iterator[IO[bytes]]:
    """
    A stream of one file inside an archive.

    Raises:
        MemberError: There is no such file in it.
        ArchiveError: It cannot be read.
    """
    try:
        opened = _from_zip if zipfile.is_zipfile(archive) else _from_tar
        with opened(archive, name) as stream:
            yield stream
    except (zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        raise ArchiveError(f"{archive.name} cannot be read: {error}") from error


@contextmanager
def _from_zip(archive: Path, name: str) -> Iterator[IO[bytes]]:
    """A stream of one file inside a zip."""
    with zipfile.ZipFile(archive) as opened:
        if name not in opened.namelist():
            raise MemberError(f"{archive.name} has no member {name}")
        with opened.open(name) as stream:
            yield stream


@contextmanager
def _from_tar(archive: Path, name: str) -> Iterator[IO[bytes]]:
    """A stream of one file inside a tar, compressed or not."""
    with tarfile.open(archive) as opened:
        entry = next((one for one in opened if one.name == name and one.isfile()), None)
        stream = opened.extractfile(entry) if entry else None
        if stream is None:
            raise MemberError(f"{archive.name} has no member {name}")
        with stream:
            yield stream
