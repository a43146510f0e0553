"""
The capture page as a browser gets it: its files, and the networks that it runs, each with its headers.

Nothing here knows what is captured: the page's two calls are answered by a dialect of their own.
"""

import asyncio
import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

ROOT: Final = "/capture"
"""Where the page is; its files lie below."""

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".bin": "application/octet-stream",
    }
)
"""Media types by suffix: WebAssembly compiles while it arrives only as its own. Source: IANA, the HTML standard."""

_PACKABLE: Final = frozenset({".html", ".css", ".js", ".json", ".svg", ".wasm"})
"""What gzip shrinks; trained numbers it does not."""

_SHOWN: Final = "index.html"
_ASSETS: Final = b"{{assets}}"
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASKED_ANEW: Final = "no-cache"
_NEVER: Final = "no-store"

_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
)
"""WebAssembly may be compiled, no text may become code. Source: CSP level 3."""

_PERMISSIONS: Final = "camera=(self), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()"


@dataclass(frozen=True, slots=True)
class Asset:
    """A pinned file of the weights folder."""

    path: Path
    digest: str


@dataclass(frozen=True, slots=True)
class _Served:
    """A file as it goes out, packed too where that is worth it."""

    content: bytes
    packed: bytes | None
    tag: str


class CapturePage:
    """
    An ASGI application for the page and everything that it loads.

    Args:
        assets: The pinned files that the browser runs, by the name under which the page asks for them.
        embedders: Origins that may show the page in a frame, besides our own.
    """

    def __init__(self, assets: Mapping[str, Asset], embedders: Iterable[str] = ()) -> None:
        self._assets = assets
        self._fetched: dict[str, _Served] = {}
        version = hashlib.sha256("".join(assets[name].digest for name in sorted(assets)).encode()).hexdigest()[:16]
        self._asset_root = f"{ROOT}/assets/{version}/"
        self._files = dict(_files(resources.files("ipse.capture") / "static", version))
        self._policy = _POLICY.format(ancestors=" ".join(("'self'", *embedders)))

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of all files, the page's own first."""
        own = (ROOT if name == _SHOWN else f"{ROOT}/{name}" for name in self._files)
        return *own, *(self._asset_root + name for name in self._assets)

    def answers(self, scope: Scope) -> bool:
        """Whether this request is for the page or one of its files."""
        path: str = scope["path"]
        if scope["method"] not in {"GET", "HEAD"}:
            return False
        name = path.removeprefix(f"{ROOT}/")
        return path in {ROOT, f"{ROOT}/"} or (path != name and (name in self._files or name.startswith("assets/")))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request that `answers` takes."""
        response = await self._response(scope["path"], Headers(scope=scope))
        await response(scope, receive, send)

    async def _response(self, path: str, asked: Headers) -> Response:
        """The file behind a path."""
        if path == f"{ROOT}/":
            return RedirectResponse(f"..{ROOT}", status_code=308)
        if path == ROOT:
            return self._file(self._files[_SHOWN], ".html", _NEVER, asked)
        name = path.removeprefix(f"{ROOT}/")
        if name in self._files:
            return self._file(self._files[name], Path(name).suffix, _ASKED_ANEW, asked)
        name = path.removeprefix(self._asset_root)
        if name not in self._assets:
            return _said("There is no such file here.", 404)
        served = self._fetched.get(name) or await asyncio.to_thread(_read, self._assets[name])
        if served is None:
            return _said("The networks of this page were not fetched yet: `ipse models fetch` does it.", 503)
        self._fetched[name] = served
        return self._file(served, Path(name).suffix, _FOREVER, asked)

    def _file(self, served: _Served, suffix: str, lasts: str, asked: Headers) -> Response:
        """A file with all its headers, or the news that the browser has it already."""
        headers = {
            "Cache-Control": lasts,
            "Content-Security-Policy": self._policy,
            "Cross-Origin-Resource-Policy": "cross-origin",
            "ETag": served.tag,
            "Permissions-Policy": _PERMISSIONS,
            "Referrer-Policy": "no-referrer",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if lasts != _NEVER and served.tag in asked.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        content = served.content
        if served.packed is not None and "gzip" in asked.get("accept-encoding", ""):
            content = served.packed
            headers["Content-Encoding"] = "gzip"
        return Response(content, headers=headers | {"Content-Type": KINDS[suffix]})


def _files(folder: Traversable, version: str, above: str = "") -> Iterable[tuple[str, _Served]]:
    """Every file of a folder under its path, the place of the networks filled in."""
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        name = f"{above}{one.name}"
        if one.is_dir():
            yield from _files(one, version, f"{name}/")
        elif Path(name).suffix in KINDS:
            yield name, _served(one.read_bytes().replace(_ASSETS, f"assets/{version}/".encode()), Path(name).suffix)


def _read(asset: Asset) -> _Served | None:
    """A pinned file, if it is there and whole."""
    try:
        content = asset.path.read_bytes()
    except OSError:
        return None
    return _served(content, asset.path.suffix) if hashlib.sha256(content).hexdigest() == asset.digest else None


def _served(content: bytes, suffix: str) -> _Served:
    """A file as it goes out."""
    packed = gzip.compress(content, 6, mtime=0) if suffix in _PACKABLE else None
    return _Served(content, packed, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


def _said(sentence: str, status: int) -> Response:
    """A sentence for whoever opened this address."""
    headers = {"Cache-Control": _NEVER, "X-Content-Type-Options": "nosniff"}
    return PlainTextResponse(f"{sentence}\n", status_code=status, headers=headers)
