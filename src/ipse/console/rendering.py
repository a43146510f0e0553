"""Templates and static files of the console: nothing in them may become a script that we did not write."""

import gzip
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from importlib import resources
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ipse.console.page import ROOT

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
        ".json": "application/json",
    }
)
"""Media types by suffix. Source: IANA."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it goes out."""

    content: bytes
    packed: bytes
    kind: str
    tag: str


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Every file of `static/` by its name."""
    folder = resources.files("ipse.console") / "static"
    return {
        one.name: _file(one.name, one.read_bytes()) for one in folder.iterdir() if PurePath(one.name).suffix in KINDS
    }


@cache
def templates() -> Environment:
    """The templates; everything that is filled in is escaped, and a name that is not there is an error."""
    made = Environment(
        loader=PackageLoader("ipse.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = address_of
    made.globals["root"] = ROOT
    made.globals["fresh"] = partial(secrets.token_urlsafe, 16)
    made.filters["moment"] = moment
    return made


def moment(seconds: float) -> Markup:
    """Unix seconds as a time that people and machines read, in UTC."""
    at = datetime.fromtimestamp(seconds, UTC)
    return Markup('<time datetime="{}">{}</time>').format(f"{at:%Y-%m-%dT%H:%M:%SZ}", f"{at:%Y-%m-%d %H:%M:%S}")


def address_of(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it for ever."""
    return f"{ROOT}/static/{static_files()[name].tag}/{name}"


def has_static(name: str) -> bool:
    """Whether there is such a static file."""
    return name in static_files()


def _file(name: str, content: bytes) -> StaticFile:
    """A file with its tag, packed."""
    tag = hashlib.sha256(content).hexdigest()[:16]
    return StaticFile(content, gzip.compress(content, mtime=0), KINDS[PurePath(name).suffix], tag)
