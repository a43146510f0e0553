"""The port `Census` on the store."""

from collections.abc import Mapping

from sqlalchemy import Engine, func, select

from ipse.infra.store.database import reading
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import PEOPLE


class StoredCensus:
    """
    Counts the registry.

    Args:
        database: Up to date.
        questions: Where the database is asked.
    """

    def __init__(self, database: Engine, questions: Questions) -> None:
        self._database = database
        self._questions = questions

    async def count(self) -> Mapping[str, int]:
        """How many people there are, by what their photos are good for."""
        return await self._questions.ask(self._count)

    def _count(self) -> Mapping[str, int]:
        """The same, on the thread of the questions."""
        wanted = select(PEOPLE.c.photo_state, func.count().label("people")).group_by(PEOPLE.c.photo_state)
        with reading(self._database) as connection:
            return {row.photo_state: row.people for row in connection.execute(wanted)}
