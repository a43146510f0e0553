"""
The ports `People` and `Attacks` on the store.

What the database refuses, and a row that does not open, is a data source that failed; why, is logged.
"""

from collections.abc import Callable
from typing import TypeVar

from ipse.core.people.names import same_name
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Recipe
from ipse.infra.store.attacked import AttackedRows
from ipse.infra.store.people import PeopleRows, PersonRow, recipe_word
from ipse.infra.store.questions import Questions
from ipse.infra.trouble import SetupError
from ipse.service.ports import Log, Registered

Result = TypeVar("Result")


class StoredPeople:
    """
    Our own registry.

    Args:
        rows: The table.
        recipe: What today's templates are made of: a row of another one answers with its photo.
        questions: Where the database is asked.
        log: Where failures are told.
    """

    def __init__(self, rows: PeopleRows, recipe: Recipe, questions: Questions, log: Log) -> None:
        self._rows = rows
        self._recipe = recipe_word(recipe)
        self._questions = questions
        self._log = log

    async def look_up(self, id_number: str, name: str) -> Registered:
        """
        What is registered under a number and a name.

        Raises:
            Refusal: `DATA_SOURCE_FAILED`, `PERSON_UNKNOWN`, `PERSON_NAME_DIFFERS`, `PERSON_PHOTO_UNUSABLE` or
                `PERSON_PHOTO_FACELESS`.
        """
        row = await asked(self._questions, self._log, lambda: self._rows.find(id_number, self._recipe))
        if row is None:
            raise Refusal(Reason.PERSON_UNKNOWN)
        if not same_name(row.name, name):
            raise Refusal(Reason.PERSON_NAME_DIFFERS)
        return self._registered(row)

    def _registered(self, row: PersonRow) -> Registered:
        """What a row is worth to whoever compares."""
        if row.photo is not None:
            return Registered(photo=row.photo)
        if row.seen.template is None:
            faceless = row.seen.state == "faceless"
            raise Refusal(Reason.PERSON_PHOTO_FACELESS if faceless else Reason.PERSON_PHOTO_UNUSABLE)
        return Registered(row.seen.template, None, row.seen.monochrome)


class StoredAttacks:
    """
    The numbers under which attacks were seen.

    Args:
        rows: The table.
        questions: Where the database is asked.
        log: Where failures are told.
    """

    def __init__(self, rows: AttackedRows, questions: Questions, log: Log) -> None:
        self._rows = rows
        self._questions = questions
        self._log = log

    async def seen(self, id_number: str, now: float) -> bool:
        """Whether there was an attack that still counts; `Refusal(DATA_SOURCE_FAILED)` if that cannot be told."""
        return await asked(self._questions, self._log, lambda: self._rows.seen(id_number, int(now * 1000)))

    async def note(self, id_number: str, expires_at: float) -> None:
        """Remember an attack until `expires_at` (Unix seconds), or as long as one is remembered already."""
        await asked(self._questions, self._log, lambda: self._rows.note((id_number,), int(expires_at * 1000)))


async def asked(questions: Questions, log: Log, question: Callable[[], Result]) -> Result:
    """The answer of the database, or a data source that failed."""
    try:
        return await questions.ask(question)
    except SetupError as error:
        log.error("data source failed", source="store", why=str(error))  # noqa: TRY400  # A port, and the sentence is all.
        raise Refusal(Reason.DATA_SOURCE_FAILED) from None
