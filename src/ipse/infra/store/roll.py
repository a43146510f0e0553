"""The port `Roll` on the store."""

from ipse.core.cards.numbers.spelling import one_spelling
from ipse.core.vocabulary import Recipe
from ipse.infra.store.people import PeopleRows, PersonRow, Seen, photo_digest, recipe_word
from ipse.infra.store.questions import Questions
from ipse.infra.store.registered import asked
from ipse.service.ports import Log
from ipse.service.roll import Entered, Newcomer


class StoredRoll:
    """
    Our own registry, to keep.

    Args:
        rows: The table.
        recipe: What templates are made of now.
        questions: Where the database is asked.
        log: Where failures are told.
    """

    def __init__(self, rows: PeopleRows, recipe: Recipe, questions: Questions, log: Log) -> None:
        self._rows = rows
        self._recipe = recipe_word(recipe)
        self._questions = questions
        self._log = log

    async def put(self, newcomer: Newcomer, now: float) -> bool:
        """Put somebody in, in place of whoever had the number; whether nobody had."""
        return await asked(self._questions, self._log, lambda: self._put(newcomer, int(now * 1000)))

    async def find(self, id_number: str) -> Entered | None:
        """Who has this number."""
        row = await asked(self._questions, self._log, lambda: self._rows.find(id_number, self._recipe))
        if row is None:
            return None
        return Entered(row.name, row.seen.state, row.seen.monochrome, row.updated_at_ms / 1000)

    async def remove(self, id_number: str) -> bool:
        """Take somebody out; whether somebody was there."""
        return await asked(self._questions, self._log, lambda: self._rows.remove((id_number,)) > 0)

    def _put(self, newcomer: Newcomer, now_ms: int) -> bool:
        """The row as an import would write it, so that importing the same again finds it unchanged."""
        shown, photo = newcomer.shown, newcomer.photo
        number = one_spelling(newcomer.id_number)
        is_new = not self._rows.marks((number,))
        row = PersonRow(
            number=newcomer.id_number,
            name=newcomer.name,
            photo=photo,
            seen=Seen(shown.state, shown.monochrome, shown.template, None if photo is None else self._recipe),
            mark=self._rows.mark(newcomer.id_number, newcomer.name, "" if photo is None else photo_digest(photo)),
            updated_at_ms=now_ms,
        )
        self._rows.put((row,))
        return is_new
