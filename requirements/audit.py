"""
`make audit`: licences of what is installed, and known vulnerabilities where their database can be asked.

Ends with 1 for a licence that is not allowed or a vulnerability that is known. A database that cannot be reached is
said loudly; with `--strict` that ends with 1 too.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

from licences import LOCK, is_allowed, licence_of, pinned

from ipse.models.manifest import Manifest

UNREACHED: Final = ("could not be audited", "ConnectionError", "Failed to resolve", "Max retries", "timed out")
"""What pip-audit says when its service does not answer for a package. Source: pip-audit 2.10."""


def main() -> None:
    """Say what was found."""
    wrong = [*_licences(), *_weights()]
    reached, vulnerable = _vulnerabilities()
    if not reached:
        sys.stdout.write(
            "VULNERABILITIES WERE NOT CHECKED: their database is out of reach. Say `make audit` where it is not.\n"
        )
    for one in (*wrong, *vulnerable):
        sys.stdout.write(f"{one}\n")
    sys.exit(bool(wrong or vulnerable or (not reached and "--strict" in sys.argv)))


def _licences() -> list[str]:
    """What is wrong with the packages' licences."""
    told = {package: licence_of(package) for package in pinned()}
    known = {package: licence for package, licence in told.items() if licence is not None}
    sys.stdout.write(
        f"{len(known)} packages have a licence; not installed on this platform: {len(told) - len(known)}\n"
    )
    return [f"{package}: {licence} is not allowed" for package, licence in known.items() if not is_allowed(licence)]


def _weights() -> list[str]:
    """Weights that are on by default though nobody may sell what they give."""
    return [
        f"weight {one.name}: not for commercial use"
        for one in Manifest.load().weights
        if one.default and not one.commercial
    ]


def _vulnerabilities() -> tuple[bool, list[str]]:
    """Whether the database answered, and which vulnerabilities it knows."""
    program = Path(sys.executable).with_name("pip-audit")
    words = ["-r", str(LOCK), "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    if any(word in done.stdout + done.stderr for word in UNREACHED):
        return False, []
    return True, [] if done.returncode == 0 else done.stdout.splitlines()


if __name__ == "__main__":
    main()
