"""Review: who may decide what, who knows what others thought, and what is written down and told."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from uuid import UUID

import numpy as np
import PIL.Image
import pytest

from ipse.core.cards.reading import CardReading
from ipse.core.images import Limits
from ipse.core.images.shown import LONGER_PX, shown
from ipse.infra.master_key import MasterKey
from ipse.infra.store.audit import AuditRows, StoredAudit
from ipse.infra.store.cases import StoredCases
from ipse.infra.store.database import open_database
from ipse.infra.store.deliveries import StoredDeliveries
from ipse.infra.store.jobs import StoredJobs
from ipse.infra.store.questions import Questions
from ipse.protocols.native.cards import told_of_card
from ipse.protocols.native.cases import told_of_case
from ipse.service.aftermath import CardAftermath, findings
from ipse.service.check_card import JOB, CardToCheck, check_card, packed
from ipse.service.desk.cases import Review, Reviewer, Trouble
from ipse.service.jobs import Worker
from ipse.service.ports import CaseState, CaseWish, Decision, DeliveryWish, Job, NewCase, Seat
from ipse.service.ports.retention import KeptArtefact
from ipse.service.retention import Keeper
from ipse.service.webhooks import Announcing
from tests.wire import read_cards
from tests.wire.ports import NOW, InMemoryCompute, Journal, StandingClock

KEY = MasterKey(bytes(32))
CALL = UUID("00000000-0000-4000-8000-00000000ca5e")
ENTRY, OTHER = str(CALL), "00000000-0000-4000-8000-00000000ca5f"
ANN, BOB, CYD = Reviewer("ann", is_admin=False), Reviewer("bob", is_admin=False), Reviewer("cyd", is_admin=True)
FOUND = {"address": "https://shop.test/told", "token": "a token", "checks": [], "fields": []}


@dataclass
class Kept:
    """What a policy keeps: pictures of this call, by their names."""

    pictures: dict[str, bytes] = field(default_factory=dict)

    async def of_call(self, call: UUID, now: float) -> tuple[KeptArtefact, ...]:
        """What is kept."""
        del now
        return tuple(KeptArtefact(name, "picture", name, NOW + 60) for name in self.pictures) if call == CALL else ()

    async def content(self, artefact: str, now: float) -> bytes | None:
        """A file."""
        del now
        return self.pictures[artefact]


@dataclass
class Desk:
    """Everything behind the page."""

    clock: StandingClock
    cases: StoredCases
    deliveries: StoredDeliveries
    jobs: StoredJobs
    audit: StoredAudit
    kept: Kept = field(default_factory=Kept)
    four_eyes: bool = False

    @property
    def review(self) -> Review:
        """The use case."""
        keeper = Keeper(self.kept, self.clock)
        compute = InMemoryCompute(1)
        return Review(self.cases, self.audit, self.clock, keeper, self.jobs, compute, self.four_eyes, told_of_case)

    def open(self) -> None:
        """A card has warned."""
        content = json.dumps(FOUND).encode()
        asyncio.run(self.cases.open(NewCase(ENTRY, "card", "good", ("glare",), content), self.clock.now()))

    def decide(self, by: Reviewer, decision: Decision = "approve", reason: str = "It is legible.") -> Trouble | None:
        """What somebody thinks."""
        self.clock.moment += 1
        return asyncio.run(self.review.decide(by, ENTRY, decision, reason))

    def stands(self) -> tuple[CaseState, Decision | None]:
        """How the case stands."""
        case = asyncio.run(self.cases.find(ENTRY, self.clock.now()))
        assert case is not None
        return case.line.state, case.line.decision

    def actions(self) -> list[str]:
        """What was written down, the first first."""
        return [one.action for one in reversed(asyncio.run(self.audit.lines()))]

    def told(self) -> int:
        """How many news wait."""
        return len(asyncio.run(self.deliveries.lines(DeliveryWish(), self.clock.now())))


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """On SQLite, with a case that waits."""
    database, clock = open_database(sqlite_url), StandingClock()
    questions = Questions(database)
    made = Desk(
        clock,
        StoredCases(database, KEY, questions),
        StoredDeliveries(database, KEY, questions),
        StoredJobs(database, KEY, questions, clock),
        StoredAudit(AuditRows(database, KEY, clock), questions),
    )
    made.open()
    yield made
    questions.close()
    database.dispose()


def test_one_decides_and_the_owner_is_told(desk: Desk) -> None:
    """What was decided and when, not by whom or why; the trail says who, not why."""
    assert desk.decide(ANN) is None
    assert ("decided", "approve") == desk.stands()
    told = asyncio.run(desk.deliveries.claim(desk.clock.now(), 30))
    assert told is not None
    assert ("https://shop.test/told", "good") == (told.address, told.owner)
    body = json.loads(told.content)
    assert {"event": "case", "delivery": told.id, "request": ENTRY, "token": "a token"}.items() <= body.items()
    assert ("decided", "approve", ["glare"]) == (body["status"], body["decision"], body["warnings"])
    assert [False, False] == [word in told.content for word in (b"legible", b"ann")]
    assert [("ann", "cases.decide", ENTRY, {"decision": "approve", "state": "decided"})] == [
        (one.actor, one.action, one.subject, dict(one.detail)) for one in asyncio.run(desk.audit.lines())
    ]
    assert Trouble.DECIDED is desk.decide(BOB)


def test_with_four_eyes_two_must_agree(desk: Desk) -> None:
    """One alone decides nothing and nobody is told; the same person twice is one."""
    desk.four_eyes = True
    assert (None, ("second", None), 0) == (desk.decide(ANN), desk.stands(), desk.told())
    assert Trouble.TWICE is desk.decide(ANN)
    assert (None, ("decided", "approve"), 1) == (desk.decide(BOB), desk.stands(), desk.told())


def test_where_two_differ_an_administrator_decides(desk: Desk) -> None:
    """Who has not said yet what they think."""
    desk.four_eyes = True
    assert [None, None] == [desk.decide(ANN), desk.decide(BOB, "reject")]
    assert ("third", None) == desk.stands()
    assert Trouble.THIRD is desk.decide(Reviewer("dan", is_admin=False))
    assert Trouble.TWICE is desk.decide(Reviewer("bob", is_admin=True))
    assert (None, ("decided", "reject")) == (desk.decide(CYD, "reject"), desk.stands())


def test_nobody_is_swayed(desk: Desk) -> None:
    """What another one thought is shown once it is decided, and to the administrator who must."""
    desk.four_eyes = True

    def known(by: Reviewer) -> list[str]:
        case = asyncio.run(desk.review.look(by, ENTRY))
        assert case is not None
        return [one.user for one in case.opinions]

    desk.decide(ANN)
    assert [["ann"], [], []] == [known(ANN), known(BOB), known(CYD)]
    desk.decide(BOB, "reject")
    assert [["ann"], ["ann", "bob"]] == [known(ANN), known(CYD)]
    desk.decide(CYD, "reject")
    assert ["ann", "bob", "cyd"] == known(ANN)


def test_who_works_on_a_case_keeps_others_off(desk: Desk) -> None:
    """For a quarter of an hour, or until they let go."""
    review = desk.review
    assert [None, Trouble.HELD] == [asyncio.run(review.hold(one, ENTRY)) for one in (ANN, BOB)]
    assert Trouble.HELD is desk.decide(BOB)
    desk.clock.moment += 15 * 60
    assert asyncio.run(review.hold(BOB, ENTRY)) is None
    asyncio.run(review.let_go(BOB, ENTRY))
    assert desk.decide(ANN) is None
    assert [Trouble.DECIDED, Trouble.GONE] == [asyncio.run(review.hold(ANN, one)) for one in (ENTRY, "nothing")]
    assert ["cases.hold", "cases.hold", "cases.let_go", "cases.decide"] == desk.actions()


@pytest.mark.parametrize("reason", ["", "x" * 2001])
def test_a_reason_is_given(desk: Desk, reason: str) -> None:
    """And it is no novel."""
    assert (Trouble.REASON, ("open", None)) == (desk.decide(ANN, reason=reason), desk.stands())


def test_a_case_that_is_not_there(desk: Desk) -> None:
    """Is seen by nobody and decided by nobody; nothing is written down."""
    review = desk.review
    assert [None, None] == [asyncio.run(review.look(ANN, "nothing")), asyncio.run(review.see(ANN, "nothing"))]
    assert Trouble.GONE is asyncio.run(review.decide(ANN, "nothing", "approve", "why"))
    assert [] == desk.actions()


def test_pictures_are_shown_small_and_every_look_is_written_down(desk: Desk) -> None:
    """In the pixels of the picture as it was sent; what is no picture any more is left out."""
    desk.kept.pictures = {"front": read_cards.picture("thai front"), "back": b"no picture"}
    seen = asyncio.run(desk.review.see(ANN, ENTRY))
    assert seen is not None
    assert (["front"], {}) == ([one.name for one in seen.pictures], seen.values)
    assert b"\xff\xd8" == seen.pictures[0].picture.jpeg[:2]
    assert ["pictures.see"] == desk.actions()


def test_a_large_picture_is_made_small() -> None:
    """Its file holds nothing but pixels, and the size is that of the picture as sent, upright."""
    file = BytesIO()
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a secret"
    PIL.Image.fromarray(np.zeros((1000, 4000, 3), np.uint8)).save(file, "JPEG", exif=exif)
    small = shown(file.getvalue(), Limits())
    assert (1000, 4000) == (small.width_px, small.height_px)
    assert b"secret" not in small.jpeg
    with PIL.Image.open(BytesIO(small.jpeg)) as opened:
        assert LONGER_PX == max(opened.size)


@dataclass(frozen=True)
class Reader:
    """Whoever reads cards: every one is a Thai card that may be a copy."""

    async def check(self, card: CardToCheck, seat: Seat) -> CardReading:
        """The same."""
        del card, seat
        return read_cards.SCENES["thai front, grey"]


def test_a_card_that_warns_is_told_and_is_a_case(desk: Desk) -> None:
    """What was read is told and can be seen while the job's result is there; the case itself holds none of it."""
    aftermath = CardAftermath(Announcing(desk.deliveries, desk.clock), desk.cases, told_of_card, desk.clock)
    handlers = {JOB: check_card(Reader(), aftermath.put_down)}
    sent = CardToCheck("THA", "ID_CARD", b"front", None, "the token", OTHER, "https://shop.test/card")

    async def work() -> None:
        stop = asyncio.Event()

        async def kept(job: Job) -> None:
            await aftermath.kept(job)
            stop.set()

        await desk.jobs.put("the token", JOB, "good", packed(sent), NOW + 60)
        await Worker(desk.jobs, handlers, InMemoryCompute(1), desk.clock, Journal(), follows={JOB: kept}).run(stop)

    asyncio.run(work())
    told = asyncio.run(desk.deliveries.claim(desk.clock.now(), 30))
    assert told is not None
    body = json.loads(told.content)
    assert ("card", "the token", OTHER, "WARNING") == (body["event"], body["token"], body["request"], body["status"])
    (line,) = asyncio.run(desk.cases.lines(CaseWish(warning="grey_copy"), desk.clock.now()))
    assert (OTHER, "card", "good", ("grey_copy",)) == (line.entry, line.kind, line.owner, line.warnings)
    case = asyncio.run(desk.cases.find(OTHER, desk.clock.now()))
    assert case is not None
    card = read_cards.SCENES["thai front, grey"]
    found = json.loads(case.content)
    assert {"address": sent.webhook, "token": "the token", **json.loads(json.dumps(findings(card)))} == found
    values = [one.printed for one in card.fields.values() if len(one.printed) > 3]
    assert [] == [value for value in values if value in case.content.decode()] != values
    seen = asyncio.run(desk.review.see(ANN, OTHER))
    assert seen is not None
    assert {name: one.value or one.printed for name, one in card.fields.items()} == seen.values
