"""What judgements come to: by default, and as a key says otherwise."""

import pytest

from ipse.core.genuineness.judgement import NAMES, Judgement, JudgementName, Judgements, Status
from ipse.core.genuineness.policy import DEFAULTS, Policy, rejects, verdict


def judged(**statuses: Status) -> Judgements:
    """All judgements clear, but for these."""
    return {name: Judgement(name, statuses.get(name, Status.CLEAR)) for name in NAMES}


def test_every_judgement_has_a_default() -> None:
    """None is forgotten."""
    assert set(NAMES) == set(DEFAULTS)


@pytest.mark.parametrize("name", NAMES)
def test_each_suspicion_has_the_consequence_that_the_key_gives_it(name: JudgementName) -> None:
    """Reject fails, warn warns, inform passes; the others keep their defaults."""
    judgements = judged(**{name: Status.SUSPECTED})
    told = {word: verdict(judgements, {name: word}) for word in ("reject", "warn", "inform")}
    assert {"reject": "failed", "warn": "warned", "inform": "passed"} == told
    assert {"reject": "failed", "warn": "warned"}[DEFAULTS[name]] == verdict(judgements, {})
    assert (DEFAULTS[name] == "reject") == rejects(judgements, {}, name)


@pytest.mark.parametrize("policy", [{}, dict.fromkeys(NAMES, "reject")])
def test_what_is_clear_or_was_not_assessed_passes(policy: Policy) -> None:
    """Nothing follows from either."""
    assert "passed" == verdict(judged(), policy)
    assert "passed" == verdict(judged(**dict.fromkeys(NAMES, Status.NOT_ASSESSED)), policy)
    assert not rejects({}, policy, "mask")


def test_the_hardest_consequence_counts() -> None:
    """One that rejects beside one that warns fails."""
    assert "failed" == verdict(judged(mask=Status.SUSPECTED, action=Status.SUSPECTED), {})
