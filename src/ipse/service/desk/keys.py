"""The keys of callers, as the desk keeps them: what may be set for one, and how its secret is changed."""

from typing import Final

GRACE_HOURS: Final = 24
"""
How long an old secret works on unless somebody says otherwise.

Source: ours: a day for whoever runs the callers to put the new one everywhere; NIST SP 800-57 part 1 (8.3.1) asks for
an overlap "as short as is practical".
"""

MOST_GRACE_HOURS: Final = 24 * 30
"""The longest grace: whoever needs more than a month needs a second key."""
