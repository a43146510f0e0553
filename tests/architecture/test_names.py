"""What cannot be named is not understood yet."""

import subprocess
from pathlib import Path

from ipse.models.manifest import Manifest
from ipse.models.origin import ShippedSource

ROOT = Path(__file__).parents[2]
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "data", "info"}


def tracked() -> list[Path]:
    """The files git tracks; in a copy without git, every source file."""
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout  # noqa: S607 (git from the PATH)
    return [Path(name) for name in listing.splitlines()] or [path.relative_to(ROOT) for path in ROOT.rglob("src/**/*")]


def test_no_file_has_a_name_that_says_nothing() -> None:
    """No tracked file or folder is called by one of the forbidden names."""
    assert [path for path in tracked() if FORBIDDEN & {part.split(".")[0] for part in path.parts}] == []


def test_no_weights_and_no_pictures_in_git() -> None:
    """Weights and photographs are fetched, never committed, but for what our own scripts trained; plots are SVG."""
    weights = {".onnx", ".tflite", ".bin", ".pt", ".pth", ".npy", ".npz", ".pb", ".safetensors", ".whl", ".zip", ".gz"}
    pictures = {".jpg", ".jpeg", ".png", ".gif", ".bmp", ".heic", ".avif", ".webp", ".tif", ".tiff"}
    shipped = {
        Path(str(source))
        for weight in Manifest.load().weights
        for source in weight.sources
        if isinstance(source, ShippedSource)
    }
    assert shipped == {path for path in tracked() if path.suffix.lower() in weights | pictures}


def test_the_licence_is_there() -> None:
    """The licence that the project declares stands in the repository, whole."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "9. Accepting Warranty or Additional Liability" in text
    assert (ROOT / "NOTICE").exists()


def test_no_lock_names_a_registry() -> None:
    """Locks hold hashes and no download address."""
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index-url" not in text
        assert "--find-links" not in text
