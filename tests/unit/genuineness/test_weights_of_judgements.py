"""Which of two networks answers for a judgement: the one trained on research pictures only where that is allowed."""

from pathlib import Path

import pytest

from ipse.engine.liveness import liveness_weights
from ipse.infra.settings import Settings
from ipse.models.manifest import Manifest, Role


@pytest.mark.parametrize("role", ["mask", "synthetic"])
def test_a_research_weight_counts_only_where_it_is_allowed(role: Role, tmp_path: Path) -> None:
    """Both lie in the folder; nothing is opened to choose."""
    ours = [weight for weight in Manifest.load().networks if weight.role == role]
    for weight in ours:
        (tmp_path / weight.file).touch()
    chosen = {
        allowed: liveness_weights(Settings(weights_dir=tmp_path, allow_research_weights=allowed)).get(role)
        for allowed in (False, True)
    }
    assert chosen[False] == next((weight for weight in ours if weight.default), None)
    assert chosen[True] == next(weight for weight in ours if not weight.commercial)
