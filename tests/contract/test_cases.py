"""The port `Cases` on both databases: nobody decides twice, and of two at once one is told that something changed."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select

from ipse.infra.master_key import MasterKey
from ipse.infra.store.cases import StoredCases
from ipse.infra.store.database import reading
from ipse.infra.store.deliveries import StoredDeliveries
from ipse.infra.store.housekeeping import purge_some
from ipse.infra.store.questions import Questions
from ipse.infra.store.tables import CASES, OPINIONS
from ipse.service.ports import Case, CaseWish, DeliveryWish, NewCase, Opinion, Step
from ipse.service.webhooks import news_of

KEY = MasterKey(bytes(32))
NOW = 1_700_000_000.0
DAY_S = 86_400.0
NEWS = news_of("case", "one", "a", "https://a.test/", {"decision": "approve"})


@pytest.fixture
def questions(database: Engine) -> Iterator[Questions]:
    """Asked of each database."""
    questions = Questions(database)
    yield questions
    questions.close()


@pytest.fixture
def cases(database: Engine, questions: Questions) -> StoredCases:
    """On each database."""
    return StoredCases(database, KEY, questions)


def put(
    cases: StoredCases, entry: str = "one", owner: str = "a", warnings: tuple[str, ...] = ("screen", "glare")
) -> None:
    """Have people look at a call."""
    content = json.dumps({"token": "a token"}).encode()
    asyncio.run(cases.open(NewCase(entry, "card", owner, warnings, content), NOW))


def find(cases: StoredCases, now: float = NOW, owner: str | None = None) -> Case | None:
    """The case of the call `one`."""
    return asyncio.run(cases.find("one", now, owner))


def step(user: str, before: int = 0, *, ends: bool = True) -> Step:
    """What somebody thinks, and that it decides."""
    opinion = Opinion(user, "approve", "Der Name ist gut lesbar.", NOW)
    return Step(opinion, before, "decided" if ends else "second", "approve" if ends else None, NEWS if ends else None)


def test_a_case_is_found_as_it_was_opened(database: Engine, cases: StoredCases) -> None:
    """By anybody at the desk and by its owner; what was found is sealed, and it is opened once."""
    put(cases)
    put(cases, warnings=("expired",))
    case = find(cases)
    assert case is not None
    line = case.line
    assert ("one", "card", "a", ("glare", "screen"), "open", None, NOW, None) == (
        line.entry, line.kind, line.owner, line.warnings, line.state, line.decision, line.created_at, line.held_by
    )  # fmt: skip
    assert ({"token": "a token"}, ()) == (json.loads(case.content), case.opinions)
    assert case == find(cases, owner="a")
    assert [None, None] == [find(cases, owner="b"), find(cases, now=NOW + 30 * DAY_S)]
    with reading(database) as connection:
        assert b"a token" not in connection.execute(select(CASES.c.content)).scalar_one()


def test_who_works_on_a_case_keeps_others_off(cases: StoredCases) -> None:
    """Until they let go, or their time is over."""
    put(cases)
    hold = cases.hold
    assert [True, False, True] == [asyncio.run(hold("one", user, NOW, NOW + 900)) for user in ("ann", "bob", "ann")]
    case = find(cases)
    assert case is not None
    assert "ann" == case.line.held_by
    assert not asyncio.run(cases.step("one", step("bob"), NOW))
    asyncio.run(cases.let_go("one", "bob"))
    assert not asyncio.run(hold("one", "bob", NOW, NOW + 900))
    assert asyncio.run(hold("one", "bob", NOW + 900, NOW + 1800))
    asyncio.run(cases.let_go("one", "bob"))
    assert asyncio.run(hold("one", "ann", NOW + 901, NOW + 1800))
    assert not asyncio.run(hold("nothing", "ann", NOW, NOW + 900))


def test_a_decision_is_kept_with_its_reason_and_told(
    database: Engine, questions: Questions, cases: StoredCases
) -> None:
    """All in one transaction; the reason is sealed, nobody holds the case any more, and it is decided once."""
    put(cases)
    asyncio.run(cases.hold("one", "ann", NOW, NOW + 900))
    assert asyncio.run(cases.step("one", step("ann", ends=False), NOW))
    assert asyncio.run(cases.step("one", step("bob", 1), NOW + 1))
    case = find(cases)
    assert case is not None
    assert ("decided", "approve", NOW + 1, None) == (
        case.line.state, case.line.decision, case.line.decided_at, case.line.held_by
    )  # fmt: skip
    assert ["ann", "bob"] == sorted(one.user for one in case.opinions)
    assert {"Der Name ist gut lesbar."} == {one.reason for one in case.opinions}
    assert not asyncio.run(cases.step("one", step("cyd", 2), NOW))
    assert not asyncio.run(cases.hold("one", "cyd", NOW, NOW + 900))
    (told,) = asyncio.run(StoredDeliveries(database, KEY, questions).lines(DeliveryWish(), NOW + 2))
    assert (NEWS.id, "case", "one", "waiting") == (told.id, told.event, told.entry, told.state)
    with reading(database) as connection:
        assert not [one for one in connection.execute(select(OPINIONS.c.reason)).scalars() if b"lesbar" in one]


def test_of_two_who_decide_at_once_one_counts(database: Engine, cases: StoredCases) -> None:
    """The other one is told that the case has changed."""
    put(cases)

    def decide(user: str) -> bool:
        questions = Questions(database)
        came = asyncio.run(StoredCases(database, KEY, questions).step("one", step(user), NOW))
        questions.close()
        return came

    with ThreadPoolExecutor(4) as pool:
        assert 1 == sum(pool.map(decide, ("ann", "bob", "cyd", "dan")))
    with reading(database) as connection:
        assert 1 == connection.execute(select(func.count()).select_from(OPINIONS)).scalar_one()


@pytest.mark.parametrize(("wish", "found"), [
    (CaseWish(), ["one", "two"]), (CaseWish(owner="b"), ["two"]), (CaseWish(warning="glare"), ["one"]),
    (CaseWish(warning="lare"), []), (CaseWish(kind="capture"), []), (CaseWish(state="decided"), []),
    (CaseWish(most=1), ["one"]),
])  # fmt: skip
def test_what_is_looked_for(cases: StoredCases, wish: CaseWish, found: list[str]) -> None:
    """By state, kind, key and warning, those that wait longest first."""
    put(cases)
    put(cases, "two", "b", ("screen",))
    assert found == [one.entry for one in asyncio.run(cases.lines(wish, NOW))]


def test_a_case_is_forgotten_with_what_people_thought(database: Engine, cases: StoredCases) -> None:
    """After thirty days; with none, nobody is asked to look."""
    put(cases)
    asyncio.run(cases.step("one", step("ann", ends=False), NOW))
    assert {} == purge_some(database, NOW + 30 * DAY_S - 1)
    assert {"cases": 1, "opinions": 1} == purge_some(database, NOW + 30 * DAY_S)
    questions = Questions(database)
    put(StoredCases(database, KEY, questions, days=0))
    questions.close()
    assert find(cases) is None
