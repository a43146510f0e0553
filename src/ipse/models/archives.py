"""One member out of a wheel, a zip, a tar or a Debian package; nothing else of the archive touches the disk."""

import io
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

_AR: Final = b"!<arch>\n"
"""How a Debian package begins. Source: deb(5), ar(5)."""

_AR_ENTRY_BYTES: Final = 60
"""An entry's header: a name of 16 bytes, at 48 its size in 10 digits. Source: ar(5)."""


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
        opened = _from_deb if _is_deb(archive) else _from_zip if zipfile.is_zipfile(archive) else _from_tar
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
    with tarfile.open(archive) as opened, _of_tar(opened, archive, name) as stream:
        yield stream


@contextmanager
def _from_deb(archive: Path, name: str) -> Iterator[IO[bytes]]:
    """A stream of one file that a Debian package would install."""
    content = io.BytesIO(_installed(archive))
    with tarfile.open(fileobj=content) as opened, _of_tar(opened, archive, name) as stream:
        yield stream


def _is_deb(archive: Path) -> bool:
    """Whether it is a Debian package."""
    with archive.open("rb") as stream:
        return stream.read(len(_AR)) == _AR


def _installed(archive: Path) -> bytes:
    """The compressed tar of what a Debian package would install."""
    with archive.open("rb") as stream:
        stream.seek(len(_AR))
        while len(head := stream.read(_AR_ENTRY_BYTES)) == _AR_ENTRY_BYTES and head[48:58].strip().isdigit():
            size_bytes = int(head[48:58])
            if head.startswith(b"data.tar"):
                return stream.read(size_bytes)
            stream.seek(size_bytes + size_bytes % 2, io.SEEK_CUR)
    raise ArchiveError(f"{archive.name} installs nothing")


@contextmanager
def _of_tar(opened: tarfile.TarFile, archive: Path, name: str) -> Iterator[IO[bytes]]:
    """A stream of one file inside an open tar."""
    entry = next((one for one in opened if one.name == name and one.isfile()), None)
    stream = opened.extractfile(entry) if entry else None
    if stream is None:
        raise MemberError(f"{archive.name} has no member {name}")
    with stream:
        yield stream
