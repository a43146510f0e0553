"""Answers that only tell something: ids, people, usage."""

from collections.abc import Callable

from ipse.console.trying.finding import Finding, ReadField, Sentence
from ipse.console.trying.reading.answer import OK, Answer, refused


def telling(word: str) -> Callable[[Answer], Finding]:
    """Give a reader that says this sentence of every good answer, and lists what is plain in it."""

    def read(answer: Answer) -> Finding:
        if answer.status != OK:
            return refused(answer)
        fields = tuple(
            ReadField(name, str(value))
            for name, value in answer.json.items()
            if isinstance(value, str | int | bool) and len(str(value)) < 200  # noqa: PLR2004  # Longer ones are no words.
        )
        return Finding("good", Sentence(word), drawings=answer.sight, fields=fields)

    return read
