"""Write the generated pages: docs/models.md from the manifest, docs/settings.md from the settings."""

from pathlib import Path

from ipse.infra.settings import describe_settings
from ipse.models.manifest import Manifest, Samples
from ipse.models.page import describe_models

HERE = Path(__file__).parent


def main() -> None:
    """Write both."""
    (HERE / "models.md").write_text(describe_models(Manifest.load(), Samples.load()), encoding="utf-8")
    (HERE / "settings.md").write_text(describe_settings(), encoding="utf-8")


if __name__ == "__main__":
    main()
