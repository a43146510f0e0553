"""What the people at the desk may do, by their roles."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What somebody is at the desk."""

    ADMIN = "admin"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class Right(StrEnum):
    """One thing that somebody may do or see."""

    TRY = "try"
    """Send pictures of one's own through the server."""
    SEE_KEYS = "see_keys"
    CHANGE_KEYS = "change_keys"
    SEE_USAGE = "see_usage"
    SEE_PEOPLE = "see_people"
    """Look one person of the registry up by number; nobody lists them."""
    CHANGE_PEOPLE = "change_people"
    FIND = "find"
    """Look calls up, and what was decided in them; no pictures."""
    SEE_PICTURES = "see_pictures"
    """See pictures that a policy keeps; every look is written down."""
    SEE_CASES = "see_cases"
    DECIDE = "decide"
    SEE_WEBHOOKS = "see_webhooks"
    REPLAY_WEBHOOKS = "replay_webhooks"
    ERASE = "erase"
    SEE_ENGINE = "see_engine"
    SEE_HEALTH = "see_health"
    SEE_AUDIT = "see_audit"
    CHANGE_USERS = "change_users"


_LOOKING: Final = frozenset(
    {Right.SEE_USAGE, Right.FIND, Right.SEE_CASES, Right.SEE_WEBHOOKS, Right.SEE_ENGINE, Right.SEE_HEALTH}
)

RIGHTS: Final[Mapping[Role, frozenset[Right]]] = MappingProxyType(
    {
        Role.ADMIN: frozenset(Right),
        Role.OPERATOR: _LOOKING
        | {Right.TRY, Right.SEE_KEYS, Right.SEE_PEOPLE, Right.SEE_PICTURES, Right.DECIDE, Right.REPLAY_WEBHOOKS},
        Role.AUDITOR: _LOOKING | {Right.SEE_KEYS, Right.SEE_AUDIT},
    }
)
"""
What each role may do.

Source: ours. Whoever reviews what others did (the auditor) changes nothing and sees no picture; whoever works on cases
(the operator) gives nobody access.
"""
