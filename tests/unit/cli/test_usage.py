"""`ipse usage` and `ipse find` on a small ledger."""

import asyncio
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from ipse.cli import build_app
from ipse.infra.master_key_file import load_master_key
from ipse.infra.store.callers import StoredCallers
from ipse.infra.store.keys import Keys
from ipse.infra.store.questions import Questions
from ipse.infra.store.unlocking import open_store
from ipse.infra.telemetry import SystemClock
from ipse.service.ports import KeyRecord, LedgerEntry, Mark, Receipt

NOW = SystemClock().now()
DAY = 86_400.0
FIRST_DAY = 1_461_715_200.0
ANNA = Mark("uuid", "anna-7")


@dataclass
class Office:
    """A data folder with a ledger, and the command line on it."""

    folder: Path
    bearer: str

    def say(self, *words: str) -> tuple[int, str]:
        """Exit status and standard output of a command."""
        done = CliRunner().invoke(build_app(words), [*words], env={"IPSE_DATA_DIR": str(self.folder), "COLUMNS": "120"})
        return done.exit_code, done.stdout

    def told(self, *words: str) -> Any:
        """What a command says as JSON."""
        return json.loads(self.say(*words, "--json")[1])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Three calls: two on one day with somebody's id, one long after without, with a token and a decision."""
    store = open_store(f"sqlite:///{(tmp_path / 'ipse.sqlite').resolve()}", load_master_key(None, tmp_path))
    desk, questions = Keys(store.database, store.master_key), Questions(store.database)
    callers = StoredCallers(store.database, store.master_key, questions, SystemClock(), evidence_days=30)
    bearer = desk.create("native", "n", now_s=0).key
    record = KeyRecord(bearer.partition(".")[0], "native", None)

    def write(
        number: int, at: float, outcome: str, marks: tuple[Mark, ...], decision: dict[str, object] | None
    ) -> None:
        entry = LedgerEntry(
            UUID(int=number), at, record.key, "native", "compare", outcome, 200, int(outcome == "ok"), True, 2.5
        )
        asyncio.run(callers.settle(record, Receipt(entry, marks, decision)))

    write(1, FIRST_DAY, "ok", (ANNA,), None)
    write(2, FIRST_DAY + DAY - 1, "face_missing", (ANNA,), None)
    write(3, NOW, "ok", (Mark("token", "t0ken"),), {"similarity": 0.5})
    questions.close()
    yield Office(tmp_path, bearer)
    store.database.dispose()


def test_usage_is_told_by_day_and_narrowed_by_days(office: Office) -> None:
    """Days are whole: the first and the last that were named belong to it."""
    first = {"day": "2016-04-27", "calls": 2, "succeeded": 1, "billed": 1}
    assert [first] == office.told("usage", "--until", "2016-04-27")
    assert [first] == office.told("usage", "--since", "2016-04-27", "--until", "2016-04-28")
    assert [] == office.told("usage", "--since", "2016-04-28", "--until", "2016-04-28")
    assert 2 == len(office.told("usage", "--by", "day"))


def test_usage_of_a_key_is_told_for_its_public_part_and_its_whole_word(office: Office) -> None:
    """The word that callers send does; one that is no key has used nothing."""
    row = {"operation": "native compare", "calls": 3, "succeeded": 2, "billed": 2}
    for key in (office.bearer, office.bearer.partition(".")[0]):
        assert [row] == office.told("usage", "--by", "operation", "--key", key)
    assert [] == office.told("usage", "--by", "operation", "--key", "nobody")


def test_usage_by_uuid_shows_pseudonyms(office: Office) -> None:
    """The id itself is not printed, but its own figures can be asked for by it."""
    rows = office.told("usage", "--by", "uuid")
    assert {("", 1), (rows[-1]["uuid"], 2)} == {(row["uuid"], row["calls"]) for row in rows}
    assert [rows[-1]] == office.told("usage", "--by", "uuid", "--uuid", ANNA.text)
    assert ANNA.text not in office.say("usage", "--by", "uuid")[1]


def test_usage_comes_out_as_csv(office: Office) -> None:
    """A head and a line for each group, nothing else; two forms at once are wrong usage."""
    status, text = office.say("usage", "--by", "key", "--csv")
    public = office.bearer.partition(".")[0]
    assert [["key", "calls", "succeeded", "billed"], [public, "3", "2", "2"]] == list(csv.reader(StringIO(text)))
    assert 0 == status
    assert 2 == office.say("usage", "--csv", "--json")[0]


def test_people_see_the_sum(office: Office) -> None:
    """The table ends with a line that adds up."""
    lines = office.say("usage")[1].splitlines()
    assert ["in", "all", "3", "2", "2"] == lines[-1].split()


@pytest.mark.parametrize(
    ("words", "calls"),
    [
        (("--request-id", "1461740007,00000000-0000-0000-0000-000000000001"), [1]),
        (("--request-id", "TID00000000000000000000000000000003"), [3]),
        (("--request-id", "anything else"), []),
        (("--uuid", ANNA.text), [2, 1]),
        (("--uuid", "t0ken"), []),
        (("--token", "t0ken"), [3]),
    ],
)
def test_calls_are_found(office: Office, words: tuple[str, ...], calls: list[int]) -> None:
    """By any vendor's request id, the caller's own id or a token, the newest first; 1 is the status of nothing."""
    assert calls == [UUID(found["call"]).int for found in office.told("find", *words)]
    assert int(not calls) == office.say("find", *words)[0]


def test_what_is_found_holds_the_decision_and_nothing_of_the_caller(office: Office) -> None:
    """The decision is there as long as it is kept; the token that was looked for is not repeated."""
    (found,) = office.told("find", "--token", "t0ken")
    assert {"similarity": 0.5} == found.pop("decision")
    assert ("native", "compare", "ok", 200, 1, True, 2.5) == tuple(
        found[name] for name in ("dialect", "operation", "outcome", "status", "billed", "counted", "elapsed_ms")
    )
    for words in (("--json",), ()):
        text = office.say("find", "--token", "t0ken", *words)[1]
        assert office.bearer.partition(".")[0] in text
        assert "t0ken" not in text


@pytest.mark.parametrize("words", [(), ("--uuid", "a", "--token", "b")])
def test_find_takes_one_word_to_look_for(office: Office, words: tuple[str, ...]) -> None:
    """None or several are wrong usage."""
    assert (2, "") == office.say("find", *words)
