"""What the judgements about a capture come to: by default, or as the owner of a key decided."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from ipse.core.genuineness.judgement import JudgementName, Judgements, Status

Consequence: TypeAlias = Literal["reject", "warn", "inform"]

CONSEQUENCES: Final[tuple[Consequence, ...]] = get_args(Consequence)
"""What can follow from a suspicion, the hardest first."""

Policy: TypeAlias = Mapping[JudgementName, Consequence]
"""What follows from which suspicion; what is not named has its default."""

Verdict: TypeAlias = Literal["passed", "warned", "failed"]

DEFAULTS: Final[Policy] = MappingProxyType(
    {
        "screen_replay": "reject",
        "print": "reject",
        "mask": "warn",
        "synthetic": "warn",
        "replaced": "reject",
        "action": "reject",
        "flash": "reject",
        "injection": "warn",
    }
)
"""Ours: what looks at the scene itself rejects; learnt appearance (mask, synthetic) and hints (injection) warn."""


def consequence(name: JudgementName, policy: Policy) -> Consequence:
    """Give what follows from a suspicion of this name."""
    return policy.get(name, DEFAULTS[name])


def rejects(judgements: Judgements, policy: Policy, name: JudgementName) -> bool:
    """Give whether this judgement is suspected, and its suspicion rejects."""
    judged = judgements.get(name)
    return judged is not None and judged.status is Status.SUSPECTED and consequence(name, policy) == "reject"


def verdict(judgements: Judgements, policy: Policy) -> Verdict:
    """Give `"failed"` if a suspicion rejects, else `"warned"` if one warns; what was not assessed suspects nothing."""
    followed = {consequence(one.name, policy) for one in judgements.values() if one.status is Status.SUSPECTED}
    if "reject" in followed:
        return "failed"
    return "warned" if "warn" in followed else "passed"
