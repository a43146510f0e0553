"""
Write what is generated: docs/models.md from the manifest, docs/settings.md from the settings, tables of docs/cards.md
from layouts and benchmarks, that of docs/liveness.md from the manifest, the coverage tables of docs/protocols/*.md
from the vectors, docs/security/asvs.md from the case beside it, and the code of translated pages from the English ones.
"""

import sys
from pathlib import Path

from ipse.infra.settings_page import describe_settings
from ipse.models.manifest import Manifest, Samples
from ipse.models.page import describe_models

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from docs.building import translations  # noqa: E402  # Likewise.

from docs import cards_tables, liveness_tables, security_case  # noqa: E402  # Likewise.
from tests.wire import coverage  # noqa: E402  # The tests are no package; they are found from the checkout's root.


def main() -> None:
    """Write all."""
    (HERE / "models.md").write_text(describe_models(Manifest.load(), Samples.load()), encoding="utf-8")
    (HERE / "settings.md").write_text(describe_settings(), encoding="utf-8")
    cards = HERE / "cards.md"
    cards.write_text(cards_tables.written(cards.read_text(encoding="utf-8")), encoding="utf-8")
    liveness = HERE / "liveness.md"
    liveness.write_text(liveness_tables.written(liveness.read_text(encoding="utf-8")), encoding="utf-8")
    (HERE / "security" / "asvs.md").write_text(security_case.described(), encoding="utf-8")
    for dialect in coverage.dialects():
        page = HERE / "protocols" / f"{dialect}.md"
        page.write_text(coverage.written(page.read_text(encoding="utf-8"), dialect), encoding="utf-8")
    translations.refresh(HERE)


if __name__ == "__main__":
    main()
