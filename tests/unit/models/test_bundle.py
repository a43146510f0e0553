"""A bundle carries exactly the manifest's files, and puts all of them in place or none."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ipse.models.bundle import BundleError, bundle, load
from ipse.models.manifest import Manifest, Samples
from ipse.models.trouble import DigestError, NotFetchedError

MANIFEST, SAMPLES = Manifest.load(), Samples.load()


@pytest.fixture(scope="module")
def bundled(weights: Path, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of everything that is here."""
    assert samples.is_dir()
    file = tmp_path_factory.mktemp("bundle") / "weights.tar"
    bundle(file, MANIFEST, SAMPLES, weights)
    return file


def rewritten(bundled: Path, file: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """A bundle with some of its members changed or left out."""
    with tarfile.open(bundled) as source, tarfile.open(file, "w") as target:
        for entry in source:
            stream = source.extractfile(entry)
            assert stream is not None
            changed = change(entry.name, stream.read())
            if changed is not None:
                entry.name, content = changed
                entry.size = len(content)
                target.addfile(entry, io.BytesIO(content))
    return file


def files_below(folder: Path) -> set[str]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_bundle_fills_an_empty_machine(bundled: Path, weights: Path, tmp_path: Path) -> None:
    """Every file arrives, byte for byte, folded forms included."""
    places = load(bundled, MANIFEST, SAMPLES, tmp_path / "weights")
    assert {path.name for path in places} == {path.rpartition("/")[2] for path in files_below(tmp_path)}
    for weight in MANIFEST.defaults:
        expected = (weights / weight.opened.file).read_bytes()
        assert expected == (tmp_path / "weights" / weight.opened.file).read_bytes()


def test_the_same_files_make_the_same_bundle(bundled: Path, weights: Path, tmp_path: Path) -> None:
    """No date, owner or order of this machine is in it."""
    bundle(tmp_path / "again.tar", MANIFEST, SAMPLES, weights)
    assert bundled.read_bytes() == (tmp_path / "again.tar").read_bytes()


def test_one_wrong_byte_places_nothing(bundled: Path, tmp_path: Path) -> None:
    """The last file of the bundle is damaged: none of the good ones before it is placed either."""
    last = f"samples/{SAMPLES.pictures[-1].file}"
    damaged = rewritten(
        bundled,
        tmp_path / "damaged.tar",
        lambda name, content: (name, content[:-1] + b"?" if name == last else content),
    )
    with pytest.raises(DigestError, match=SAMPLES.pictures[-1].digest):
        load(damaged, MANIFEST, SAMPLES, tmp_path / "target" / "weights")
    assert set() == files_below(tmp_path / "target")


@pytest.mark.parametrize(
    "strange", ["../escaped.onnx", "/escaped.onnx", "weights/../../escaped.onnx", "weights/other.onnx"]
)
def test_a_strange_name_places_nothing(bundled: Path, tmp_path: Path, strange: str) -> None:
    """A path out of the folder, or a file that the manifest does not know, is refused."""
    evil = tmp_path / "evil.tar"
    rewritten(bundled, evil, lambda name, content: (name, content))
    with tarfile.open(evil, "a") as target:
        target.addfile(tarfile.TarInfo(strange), io.BytesIO())
    with pytest.raises(BundleError, match="does not know"):
        load(evil, MANIFEST, SAMPLES, tmp_path / "target" / "weights")
    assert set() == files_below(tmp_path / "target")


def test_a_missing_file_is_named(bundled: Path, tmp_path: Path) -> None:
    """A bundle of another version says what it lacks."""
    first = f"weights/{MANIFEST.weights[0].file}"
    short = rewritten(bundled, tmp_path / "short.tar", lambda name, content: None if name == first else (name, content))
    with pytest.raises(BundleError, match=f"lacks {first}"):
        load(short, MANIFEST, SAMPLES, tmp_path / "weights")


def test_what_is_no_tar_is_refused(bundled: Path, tmp_path: Path) -> None:
    """Text, and a bundle that was cut, are said to be unreadable."""
    (tmp_path / "text.tar").write_text("no tar " * 200)
    (tmp_path / "cut.tar").write_bytes(bundled.read_bytes()[:5_000_000])
    for name in ("text.tar", "cut.tar"):
        with pytest.raises(BundleError):
            load(tmp_path / name, MANIFEST, SAMPLES, tmp_path / "weights")
    assert {"text.tar", "cut.tar"} == files_below(tmp_path)


def test_bundling_needs_the_files(tmp_path: Path) -> None:
    """Without weights there is no bundle, and no half of one."""
    with pytest.raises(NotFetchedError):
        bundle(tmp_path / "weights.tar", MANIFEST, SAMPLES, tmp_path / "weights")
    assert set() == files_below(tmp_path)
