"""Looking at registered photos again, after a change of weights, profile or precision."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice

from ipse.cli.people.looking import Looker
from ipse.infra.store.people import PAGE_ROWS, PeopleRows, PersonRow, photo_digest


@dataclass(frozen=True, slots=True)
class Reindex:
    """
    One reindexing; a killed one goes on where it stopped, since it only looks at photos that were seen otherwise.

    Attributes:
        rows: Where people are kept.
        looker: Who looks at photos.
    """

    rows: PeopleRows
    looker: Looker

    def run(self, advance: Callable[[int], object]) -> Counter[str]:
        """
        How many photos are in each state now.

        Args:
            advance: Called with the number of rows that are done, for a progress bar.
        """
        states: Counter[str] = Counter()
        stale = self.rows.every(unlike=self.looker.recipe)
        while batch := list(islice(stale, PAGE_ROWS)):
            people = self.looker.each(self._looked_at, batch)
            self.rows.look_again(people)
            states.update(person.seen.state for person in people)
            advance(len(people))
        return states

    def _looked_at(self, person: PersonRow) -> PersonRow:
        """A person whose photo was seen with today's networks."""
        assert person.photo is not None
        shown = self.looker.look(person.photo, photo_digest(person.photo))
        return replace(person, seen=self.looker.seen(shown), updated_at_ms=time.time_ns() // 1_000_000)
