"""Compile the locks with an empty environment and a fresh home, so that nothing of this machine leaks into them."""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).parent
UV = "uv==0.13.9"
TARGETS = (
    (
        "run.lock",
        [
            str(HERE.parent / "pyproject.toml"),
            *("--group", f"{HERE.parent / 'pyproject.toml'}:build"),
            *("-c", str(HERE / "constraints.in")),
        ],
    ),
    (
        "dev.lock",
        [
            str(HERE.parent / "pyproject.toml"),
            *("--group", f"{HERE.parent / 'pyproject.toml'}:build"),
            *("--group", f"{HERE.parent / 'pyproject.toml'}:dev"),
            *("-c", str(HERE / "run.lock")),
        ],
    ),
    ("rivals.lock", [str(HERE / "rivals.in"), "--no-deps"]),
    *((f"{client.stem}.lock", [str(client)]) for client in sorted(HERE.glob("clients-*.in"))),
)
FLAGS = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate"),
    *("--no-header", "--no-emit-index-url", "--no-emit-find-links", "--quiet"),
)


def main() -> None:
    """Write every lock beside this script."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        subprocess.run([f"{folder}/bin/python", "-m", "pip", "install", "--quiet", UV], check=True)
        bare = ["env", "-i", f"HOME={folder}", "PATH=/usr/bin:/bin", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"]
        for name, inputs in TARGETS:
            subprocess.run(
                [*bare, f"{folder}/bin/uv", "pip", "compile", *inputs, *FLAGS, "-o", str(HERE / name)], check=True
            )
            sys.stdout.write(f"{name} written\n")


if __name__ == "__main__":
    main()
