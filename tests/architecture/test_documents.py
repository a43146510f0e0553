"""Documents are tests: what they claim to be enforced must exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_invariant_names_what_enforces_it() -> None:
    """Each rule in INVARIANTS.md ends with `Enforced by:` and every test file named there exists."""
    text = (ROOT / "INVARIANTS.md").read_text(encoding="utf-8")
    rules = re.split(r"\n(?=\d+\. )", text)[1:]
    assert rules
    for rule in rules:
        assert "Enforced by:" in rule, rule
        for name in re.findall(r"`(tests/[^`:]+)", rule):
            assert (ROOT / name).exists(), name


def test_every_decision_has_its_four_parts() -> None:
    """Each decision record has Status, Context, Decision and Consequences."""
    records = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert records
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert re.findall(r"^## (\w+)", text, re.MULTILINE) == ["Status", "Context", "Decision", "Consequences"], record


def test_links_between_documents_lead_somewhere() -> None:
    """No relative link in a tracked page is broken."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
