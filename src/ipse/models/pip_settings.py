"""Where this machine gets Python packages: what pip is told by its files and by `PIP_*`, read from pip itself."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_SECTIONS: Final = ("global", "install", ":env:")
"""The sections that `pip install` obeys, weakest first (https://pip.pypa.io/en/stable/topics/configuration/)."""

_PIP_TIMEOUT_S: Final = 60.0
_SOCKET_TIMEOUT_S: Final = 15.0
"""pip's default for `--timeout`."""


@dataclass(frozen=True, slots=True)
class PipSettings:
    """
    What pip would use to find and fetch a package.

    Attributes:
        index_urls: Simple-repository indexes, first one first.
        find_links: Folders, pages and archives that are looked at besides.
        trusted_hosts: Hosts whose certificate is not checked.
        cert: A file or folder of certificate authorities, in place of the system's.
        client_cert: A file with a certificate and key to show to the index.
        proxy: The proxy to go through.
        timeout_s: Seconds of silence after which a connection is given up.
    """

    index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    trusted_hosts: tuple[str, ...] = ()
    cert: str | None = None
    client_cert: str | None = None
    proxy: str | None = None
    timeout_s: float = _SOCKET_TIMEOUT_S


def pip_settings() -> PipSettings:
    """The settings of the pip beside this Python, else of the pip on the PATH, else pip's defaults."""
    candidates = [
        [sys.executable, "-m", "pip"],
        *([found] for name in ("pip3", "pip") if (found := shutil.which(name))),
    ]
    for command in candidates:
        listing = _listing(command)
        if listing is not None:
            return parse_listing(listing)
    return parse_listing("")


def default_index() -> str:
    """Where packages come from when nobody says: the finder's own default, which is pip's."""
    from unearth import PackageFinder  # noqa: PLC0415 (its HTTP client costs 0.1 s, and only fetching needs it)

    return str(PackageFinder().sources[0]["url"])


def parse_listing(listing: str) -> PipSettings:
    """
    What a `pip config list` says.

    Args:
        listing: Lines such as `global.index-url='https://…'`.
    """
    options = _options(listing.splitlines())
    indexes = (options.get("index-url") or default_index(), *options.get("extra-index-url", "").split())
    proxy = options.get("proxy")
    return PipSettings(
        index_urls=() if options.get("no-index", "").lower() in {"1", "true", "yes", "on"} else indexes,
        find_links=tuple(options.get("find-links", "").split()),
        trusted_hosts=tuple(options.get("trusted-host", "").split()),
        cert=options.get("cert"),
        client_cert=options.get("client-cert"),
        proxy=f"http://{proxy}" if proxy and "://" not in proxy else proxy,
        timeout_s=float(options.get("timeout", options.get("default-timeout", _SOCKET_TIMEOUT_S))),
    )


def _options(lines: Iterable[str]) -> dict[str, str]:
    """Each option with the value of the strongest section that has it."""
    found: dict[tuple[str, str], str] = {}
    for line in lines:
        key, separator, value = line.partition("=")
        section, dot, name = key.partition(".")
        if separator and dot and section in _SECTIONS:
            found[section, name] = str(ast.literal_eval(value))
    return {name: found[section, name] for section in _SECTIONS for part, name in found if part == section}


def _listing(command: Sequence[str]) -> str | None:
    """What this pip prints, or nothing when it does not run."""
    try:
        outcome = subprocess.run(  # noqa: S603 (pip, from beside this Python or from the PATH)
            [*command, "config", "list"], capture_output=True, text=True, check=True, timeout=_PIP_TIMEOUT_S
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return outcome.stdout
