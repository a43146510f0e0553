"""What Ipse is made of: every package of the lock may be used, and stands in the bill of materials with the weights."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ipse.models.manifest import Manifest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "requirements"))

from licences import is_allowed, licence_of, pinned  # noqa: E402 - scripts beside the locks


def test_every_package_has_a_licence_that_is_allowed() -> None:
    """Whoever installs Ipse may sell what they build with it."""
    known = {package: licence for package in pinned() if (licence := licence_of(package)) is not None}
    assert {} == {package: licence for package, licence in known.items() if not is_allowed(licence)}


@pytest.mark.parametrize("expression", ["GPL-3.0-only", "MIT AND GPL-2.0-only", "none stated", "proprietary"])
def test_other_licences_are_not(expression: str) -> None:
    """What would oblige them, or says nothing, is told."""
    assert not is_allowed(expression)


def test_a_choice_of_licences_is_one() -> None:
    """Of two licences one may take the one that is allowed."""
    assert is_allowed("GPL-2.0-only OR MIT")


def test_the_bill_names_every_package_and_every_weight(tmp_path: Path) -> None:
    """The file is valid CycloneDX; each component has a hash, each weight its licence."""
    place = tmp_path / "sbom.json"
    subprocess.run([sys.executable, ROOT / "requirements" / "sbom.py", place], check=True, capture_output=True)
    components = json.loads(place.read_text(encoding="utf-8"))["components"]
    libraries = {one["name"] for one in components if one["type"] == "library"}
    weights = {one["name"]: one for one in components if one["type"] == "machine-learning-model"}
    assert set(pinned()) == libraries
    assert {one.name: one.digest for one in Manifest.load().weights} == {
        name: one["hashes"][0]["content"] for name, one in weights.items()
    }
