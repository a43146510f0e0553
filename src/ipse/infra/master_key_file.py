"""
Where the master key comes from: `IPSE_MASTER_KEY`, or a file in the data folder that is made once.

Both hold one key, or several: the first one seals, the others still open what was sealed before it came. A running
process sees at once when the file changes.
"""

import base64
import binascii
import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ipse.infra.folders import make_data_dir
from ipse.infra.master_key import KEY_BYTES, MasterKey, MasterKeyError
from ipse.infra.trouble import using

_FILE_NAME: Final = "master.key"

_OTHERS: Final = 0o077
"""Permission bits of everybody but the owner."""


def load_master_key(given: str | None, data_dir: Path) -> MasterKey:
    """
    The master key that was given, else the one of the data folder, made now if there is none.

    Raises:
        MasterKeyError: The text is no key, or the file may be read by others.
        SetupError: The data folder cannot be used.
    """
    if given:
        return MasterKey(*_parse(given, "IPSE_MASTER_KEY"))
    path = data_dir / _FILE_NAME
    with using(path):
        if not path.exists():
            _create(path)
        watch = _Watch(path)
        return MasterKey(*_read(path), renewed=watch.renewed)


def put_new_key_first(data_dir: Path) -> None:
    """Make a new key, which seals from now on in every process that reads this folder; the others still open."""
    path = data_dir / _FILE_NAME
    with using(path):
        _write(path, (secrets.token_bytes(KEY_BYTES), *_read(path)))


def forget_old_keys(data_dir: Path) -> None:
    """Keep the first key only; what is still sealed under another one is lost."""
    path = data_dir / _FILE_NAME
    with using(path):
        _write(path, _read(path)[:1])


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """
    Keep every other process from changing the keys of this folder; a process that is killed keeps nobody.

    Raises:
        MasterKeyError: Another one is changing them now.
    """
    with using(data_dir):
        folder = os.open(make_data_dir(data_dir), os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise MasterKeyError("Another process is changing the master key now.") from None
        yield
    finally:
        os.close(folder)


class _Watch:
    """Reads the file again when it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._look()

    def renewed(self) -> tuple[bytes, ...] | None:
        """The keys, if they changed since the last question; a file that cannot be used changes nothing."""
        with suppress(OSError, MasterKeyError):
            look = self._look()
            if look != self._seen:
                keys = _read(self._path)
                self._seen = look
                return keys
        return None

    def _look(self) -> tuple[int, int]:
        """What differs when another file has taken its place."""
        found = self._path.stat()
        return found.st_ino, found.st_mtime_ns


def _read(path: Path) -> tuple[bytes, ...]:
    """The keys in the file."""
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        raise MasterKeyError(f"Others may read {path}. Say: chmod 600 {path}")
    return _parse(path.read_text(encoding="ascii", errors="replace"), str(path))


def _create(path: Path) -> None:
    """
    Write a new key, whole or not at all, mode 0600; if another process was first, its key stays.

    A hard link fails when its target is there, which a rename would not.
    """
    make_data_dir(path.parent)
    with _draft(path, (secrets.token_bytes(KEY_BYTES),)) as draft, suppress(FileExistsError):
        path.hardlink_to(draft)


def _write(path: Path, keys: tuple[bytes, ...]) -> None:
    """Put these keys in the place of the others, whole or not at all, and on the disk before anything is sealed."""
    with _draft(path, keys) as draft:
        draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _draft(path: Path, keys: tuple[bytes, ...]) -> Iterator[Path]:
    """A file beside this one with these keys, a line each, mode 0600; gone at the end."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123  # takes a descriptor
            file.writelines(base64.b64encode(key) + b"\n" for key in keys)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _parse(text: str, origin: str) -> tuple[bytes, ...]:
    """The keys that a text spells, one a line or separated by commas; each once."""
    return tuple(dict.fromkeys(_spelt(word, origin) for word in re.split(r"[\s,]+", text.strip())))


def _spelt(word: str, origin: str) -> bytes:
    """The 32 bytes that a word spells in hexadecimal, base64 or URL-safe base64."""
    try:
        if len(word) == 2 * KEY_BYTES:
            return bytes.fromhex(word)
        key = base64.b64decode(word.replace("-", "+").replace("_", "/") + "=" * (-len(word) % 4), validate=True)
    except (ValueError, binascii.Error):
        raise MasterKeyError(f"{origin} is no key: write {KEY_BYTES} bytes in base64 or hexadecimal.") from None
    if len(key) != KEY_BYTES:
        raise MasterKeyError(f"{origin} has {len(key)} bytes; the master key must have {KEY_BYTES}.")
    return key
