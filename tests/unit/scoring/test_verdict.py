"""From rates to decisions."""

import pytest

from ipse.core.reasons import Reason
from ipse.core.scoring.verdict import Verdict, decide, judge


def test_the_allowed_rate_itself_is_allowed() -> None:
    """A rate equal to the allowed one is the same person; a hair above is not."""
    assert decide(1e-4, 1e-4)
    assert not decide(1.0000001e-4, 1e-4)


def test_rates_become_verdicts() -> None:
    """Rare enough is the same person, too frequent is somebody else."""
    assert Verdict(same=True) == judge(1e-6, 1e-4)
    assert Verdict(same=False) == judge(1e-2, 1e-4)


def test_an_obstacle_forbids_an_answer() -> None:
    """Whatever the rate: with an obstacle it could not be told, and the obstacles are the reasons."""
    obstacles = (Reason.QUALITY_LOW, Reason.FACE_MISSING)
    assert Verdict(None, obstacles) == judge(1e-9, 1e-4, obstacles)
    assert Verdict(None, obstacles) == judge(None, 1e-4, obstacles)


@pytest.mark.parametrize("at_most", [0.0, -1e-4, 1.1, float("nan")])
def test_an_allowed_rate_is_a_rate(at_most: float) -> None:
    """Nothing outside (0, 1] can be allowed."""
    with pytest.raises(ValueError, match="false match rate"):
        judge(0.5, at_most)


def test_nothing_compared_and_no_reason_is_a_fault() -> None:
    """Without a rate there must be an obstacle."""
    with pytest.raises(ValueError, match="obstacle"):
        judge(None, 1e-4)
