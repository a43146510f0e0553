"""A small world for the wire: ports in memory, keys in every state, and one application for all dialects."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from uuid import UUID

from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from ipse.protocols.dialect import Patience, Surroundings, asgi_app
from ipse.protocols.native.captures import told
from ipse.service.access import Access
from ipse.service.aftermath import CaptureAftermath
from ipse.service.detect_faces import DetectFaces
from ipse.service.face_tokens import FaceTokens
from ipse.service.flash_runs import FlashRuns
from ipse.service.liveness_sessions import LivenessSessions
from ipse.service.match_holder import MatchHolder
from ipse.service.open_session import OpenSession
from ipse.service.page_tokens import PageTokens
from ipse.service.read_card import ReadCard, read_nothing
from ipse.service.read_thai_card import ReadCard as ReadsCards
from ipse.service.registry import Registry
from ipse.service.verify_faces import VerifyFaces
from ipse.service.vouched_probe import VouchedProbes
from ipse.service.vouching import Vouching
from ipse.service.webhooks import Announcing
from tests.wire import holders, judges, read_cards
from tests.wire.builder import Case, builders
from tests.wire.keeping import InMemoryIdempotency, InMemoryRoll
from tests.wire.people import InMemoryAttacks, InMemoryPeople
from tests.wire.ports import (
    InMemoryCallers,
    InMemoryCompute,
    InMemoryJobs,
    InMemoryOnce,
    InMemoryVault,
    Journal,
    ScriptedDownload,
    StandingClock,
    StandingStopwatch,
)
from tests.wire.scenes import RECIPE, ScriptedExaminer, ScriptedRates, pictures
from tests.wire.telling import InMemoryCases, InMemoryDeliveries

CALL = UUID("71eeb124-08f0-47b3-8fc8-ac048cfa1372")


def all_keys() -> InMemoryCallers:
    """The keys of all dialects."""
    return InMemoryCallers(tuple(key for builder in builders().values() for key in builder.keys))


@cache
def all_pictures() -> Mapping[str, bytes]:
    """The pictures of faces, those of holders with cards, and those of cards that are read."""
    return {**judges.pictures(), **read_cards.pictures(), **holders.pictures(), **pictures()}


@dataclass
class World:
    """
    Everything behind the wire, and the application in front of it.

    Attributes:
        settings: What the case sets, by the names of the settings; builders look here.
    """

    callers: InMemoryCallers = field(default_factory=all_keys)
    compute: InMemoryCompute = field(default_factory=lambda: InMemoryCompute(4))
    clock: StandingClock = field(default_factory=StandingClock)
    vault: InMemoryVault = field(default_factory=InMemoryVault)
    once: InMemoryOnce = field(default_factory=InMemoryOnce)
    jobs: InMemoryJobs = field(default_factory=InMemoryJobs)
    idempotency: InMemoryIdempotency = field(default_factory=InMemoryIdempotency)
    roll: InMemoryRoll = field(default_factory=InMemoryRoll)
    people: InMemoryPeople = field(default_factory=InMemoryPeople)
    attacks: InMemoryAttacks = field(default_factory=InMemoryAttacks)
    deliveries: InMemoryDeliveries = field(default_factory=InMemoryDeliveries)
    cases: InMemoryCases = field(default_factory=InMemoryCases)
    download: ScriptedDownload = field(init=False)
    journal: Journal = field(default_factory=Journal)
    pictures: dict[str, bytes] = field(default_factory=lambda: dict(all_pictures()))
    patience: Patience = field(default_factory=lambda: Patience(stall_s=0.05, whole_s=0.2, linger_s=0.05))
    bodies_bytes: int = 16 * 1_048_576
    hosts: Mapping[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    entropy_asked: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Let the network serve this world's pictures."""
        self.download = ScriptedDownload(self.pictures)

    def verify_faces(self) -> VerifyFaces:
        """The use case over the scenes; with the setting `liveness = "off"` nobody judges captures."""
        registry = Registry(self.people, self.attacks, ScriptedExaminer(), self.clock)
        vouching = Vouching(self.liveness_sessions(), self.once, judges.ScriptedJudges(), self.clock)
        probes = VouchedProbes(vouching) if self.settings.get("liveness") != "off" else None
        return VerifyFaces(ScriptedExaminer(), ScriptedRates(), self.face_tokens(), registry=registry, vouched=probes)

    def liveness_sessions(self) -> LivenessSessions:
        """Sessions in memory."""
        return LivenessSessions(self.vault, self.clock, self.entropy, runs=self.flash_runs())

    def flash_runs(self) -> FlashRuns:
        """Flash runs in memory."""
        return FlashRuns(self.vault, self.clock, self.settings.get("flash_readback_hours", 24))

    def capture_aftermath(self) -> CaptureAftermath:
        """What follows from captures, in memory."""
        return CaptureAftermath(Announcing(self.deliveries, self.clock), self.cases, told, self.clock)

    def open_session(self) -> OpenSession:
        """The use case over sessions in memory."""
        return OpenSession(self.liveness_sessions(), PageTokens(self.vault, self.clock, self.entropy))

    def detect_faces(self) -> DetectFaces:
        """The use case over the scenes."""
        return DetectFaces(ScriptedExaminer(), self.face_tokens())

    def match_holder(self) -> MatchHolder:
        """The use case over the scenes of `holders`."""
        return MatchHolder(holders.ScriptedHolders(), holders.ScriptedIntervals(), told=lambda alike, _face_px: alike)

    def read_card(self) -> ReadsCards:
        """The use case over the scenes of `read_cards`, unless nobody reads cards in this world."""
        return ReadCard(read_cards.ScriptedCards(), self.clock) if self.settings.get("reads", True) else read_nothing

    def face_tokens(self) -> FaceTokens:
        """Face tokens in memory; a case may change weights or master key with `meanwhile`."""
        self.vault.opened = "master_key" not in self.settings
        return FaceTokens(
            vault=self.vault,
            clock=self.clock,
            entropy=self.entropy,
            recipe=replace(RECIPE, embedder=self.settings.get("embedder", RECIPE.embedder)),
            hours=self.settings.get("face_token_hours", 72),
            keep_pictures=self.settings.get("face_token_pictures", False),
        )

    def entropy(self, count: int) -> bytes:
        """As many bytes as asked: first those of `CALL`, then others, never the same twice."""
        self.entropy_asked += 1
        last = CALL.bytes[-1] + self.entropy_asked - 1
        return (CALL.bytes[:-1] + bytes([last % 256]))[:count].ljust(count, b"\0")

    def app(self) -> ASGIApp:
        """The application; each request gets a clock of its own."""

        def begin(count: int) -> bytes:
            self.clock.asked = 0
            return CALL.bytes[:count]

        surroundings = Surroundings(
            access=Access(self.callers, self.compute, self.clock),
            clock=self.clock,
            entropy=begin,
            stopwatch=StandingStopwatch,
            log=self.journal,
            metrics=self.journal,
            patience=self.patience,
            bodies_bytes=self.bodies_bytes,
        )
        dialects = {name: builder.dialect(self) for name, builder in builders().items()}
        native = dialects.pop("native")
        return asgi_app(tuple(dialects.values()), native, surroundings, self.hosts)

    def send(self, case: Case, dialect: str = "faceid") -> Response:
        """The answer to a case: a good request of its dialect, changed as the case says."""
        sent = builders()[case.get("dialect", dialect)].request(case, self.pictures)
        client = TestClient(self.app(), raise_server_exceptions=True)
        headers = [*sent.headers, *case.get("send_headers", {}).items()]
        return client.request(sent.method, f"http://testserver{sent.target}", content=sent.body, headers=headers)

    def play(self, case: Case) -> Response:
        """The answer to a case after what it says went before: settings, earlier calls, time, a full engine room."""
        self.settings |= case.get("settings", {})
        self.hosts = case.get("hosts", self.hosts)
        for earlier in case.get("before", []):
            self.send({"dialect": case["dialect"], **earlier})
        self.journal.counted.clear()
        self.clock.moment += case.get("wait_s", 0.0)
        self.settings |= case.get("meanwhile", {})
        self.bodies_bytes = case.get("bodies_bytes", self.bodies_bytes)
        if case.get("room") == "full":
            self.compute.free = 0
        return self.send(case)
