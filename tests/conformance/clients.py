"""Vendors' clients, installed as their registries have them, each into a folder of its own, once for each lock."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".clients"
PIP = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps")
NPM = ("ci", "--no-audit", "--no-fund", "--ignore-scripts", "--omit-lockfile-registry-resolved", "--loglevel=error")


def python_client(name: str) -> Path:
    """The folder of the Python packages of `requirements/clients-NAME.lock`, to be put on a path."""
    lock = ROOT / "requirements" / f"clients-{name}.lock"
    place = INSTALLED / f"{name}-{_digest(lock)}"
    if not place.is_dir():
        with _beginning() as begun:
            command = (*PIP, "--require-hashes", "--target", f"{begun}/new", "--requirement", str(lock))
            subprocess.run(command, check=True)
            _settle(Path(begun) / "new", place)
    return place


def python_program(name: str) -> Path:
    """The Python of an environment of its own with the packages of `requirements/clients-NAME.lock`."""
    lock = ROOT / "requirements" / f"clients-{name}.lock"
    place = INSTALLED / f"{name}-{_digest(lock)}"
    if not place.is_dir():
        with _beginning() as begun:
            new = Path(begun) / "new"
            venv.create(new, with_pip=True)
            install = (f"{new}/bin/python", *PIP[1:], "--require-hashes", "--requirement", str(lock))
            subprocess.run(install, check=True)
            _settle(new, place)
    return place / "bin" / "python"


def node_clients() -> Path:
    """The folder `node_modules` of `requirements/clients-node`."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node and npm are absent: apt-get install nodejs npm")
    source = ROOT / "requirements" / "clients-node"
    place = INSTALLED / f"node-{_digest(source / 'package-lock.json')}"
    if not place.is_dir():
        with _beginning() as begun:
            shutil.copytree(source, f"{begun}/new")
            subprocess.run((npm, *NPM), cwd=f"{begun}/new", check=True, stdout=subprocess.DEVNULL)
            _settle(Path(begun) / "new", place)
    return place / "node_modules"


def _digest(lock: Path) -> str:
    """What tells one lock from another."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()[:12]


def _beginning() -> "tempfile.TemporaryDirectory[str]":
    """A folder to install in; another process may be doing the same."""
    INSTALLED.mkdir(exist_ok=True)
    return tempfile.TemporaryDirectory(dir=INSTALLED)


def _settle(new: Path, place: Path) -> None:
    """Put a whole installation in its place, unless somebody else was first."""
    try:
        new.rename(place)
    except OSError:
        if not place.is_dir():
            raise
