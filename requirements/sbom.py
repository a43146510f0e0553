"""
`make sbom`: everything that Ipse is made of, as one CycloneDX 1.6 file: packages with hashes and licences, and weights.

The same checkout gives the same file.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from licences import LOCK, licence_of

from ipse.models.manifest import Licensed, Manifest

ROOT: Final = Path(__file__).parents[1]


def main(place: Path) -> None:
    """Write the file; ends with 1 if it is no valid CycloneDX."""
    bill = _packages()
    for component in bill["components"]:
        del component["description"]  # A line of the lock.
        licence = licence_of(component["name"])
        if licence is not None:
            component["licenses"] = [{"expression": licence}] if " " in licence else [{"license": {"name": licence}}]
    manifest = Manifest.load()
    bill["components"] += [_weight(one) for one in manifest.weights]
    told = json.dumps(bill, indent=1, ensure_ascii=False)
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(told)
    if wrong is not None:
        sys.exit(f"the bill of materials is no CycloneDX: {wrong.data.message}")
    place.write_text(told, encoding="utf-8")
    sys.stdout.write(f"{place}: {len(bill['components'])} components, {len(manifest.weights)} of them weights\n")


def _packages() -> dict[str, Any]:
    """What the lock names, with the hashes of its files."""
    words = ["requirements", str(LOCK), "--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible"]
    program = Path(sys.executable).with_name("cyclonedx-py")
    done = subprocess.run([program, *words, "--of", "JSON", "-o", "-"], check=True, capture_output=True, text=True)
    bill: dict[str, Any] = json.loads(done.stdout)
    return bill


def _weight(weight: Licensed) -> dict[str, Any]:
    """A weight as a component."""
    licence = {"name": weight.weights_license.name}
    if weight.weights_license.page.startswith("https://"):
        licence["url"] = weight.weights_license.page
    return {
        "type": "machine-learning-model",
        "bom-ref": f"weight-{weight.name}",
        "name": weight.name,
        "description": weight.title,
        "hashes": [{"alg": "SHA-256", "content": weight.digest}],
        "licenses": [{"license": licence}],
        "properties": [
            {"name": "ipse:commercial", "value": str(weight.commercial).lower()},
            {"name": "ipse:default", "value": str(weight.default).lower()},
            {"name": "ipse:code-licence", "value": weight.code_license.name},
        ],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
