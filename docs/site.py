"""
Build the site into `site/`, strictly and without a network: `make site`, or `docs/site.py serve` to look at it.

Its sources are laid out in `build/site` first: see `docs/building/stage.py`.
"""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from docs.building.reference import reference  # noqa: E402  # Found from the checkout's root.
from docs.building.stage import stage  # noqa: E402  # Likewise.


def main() -> None:
    """Lay out the sources and hand them to MkDocs."""
    stage(ROOT / "build" / "site", {"api.md": reference(version("ipse"))})
    words = ["serve"] if sys.argv[1:] == ["serve"] else ["build", "--quiet"]
    variables = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}  # noqa: TID251 - handed on; without the theme's advertisement
    done = subprocess.run([sys.executable, "-m", "mkdocs", *words], cwd=ROOT, env=variables, check=False)  # noqa: S603 - MkDocs itself
    raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
