"""
The dialects, each with the use cases behind its operations: the composition root between engine, stores and wire.

A new use case is built here from ports, and handed to the dialects that ask for it. Nothing here knows HTTP.
"""

import secrets
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

from ipse.capturing import Ports, capture_cases, capture_dialect
from ipse.core.scoring.calibration import Curve
from ipse.engine import (
    Engine,
    LateCards,
    LateGenuineness,
    can_read_cards,
    liveness_weights,
    open_cards,
    open_genuineness,
    operating_points,
)
from ipse.infra.authority import AskedAuthority, AuthorityAddress
from ipse.infra.people_form import form_named
from ipse.infra.settings import Settings
from ipse.infra.store.registered import StoredAttacks, StoredPeople
from ipse.infra.store.roll import StoredRoll
from ipse.infra.telemetry import SystemClock
from ipse.infra.trouble import using
from ipse.protocols import faceid, iapp, linkface, native, tencent
from ipse.protocols.messages import Dialect
from ipse.service.ask_for_case import AskForCase
from ipse.service.check_card import ApplyForCard, AskForCard
from ipse.service.compare_faces import CompareBatch, CompareFaces
from ipse.service.detect_faces import DetectFaces
from ipse.service.evidence import Recorder
from ipse.service.face_tokens import FaceTokens
from ipse.service.find_faces import FindFaces
from ipse.service.flash_runs import AskAboutRun, FlashRuns
from ipse.service.image_ids import ImageIds
from ipse.service.judge_picture import JudgePicture, judge_nothing
from ipse.service.judges import Judges
from ipse.service.keep_people import EnterPerson, FindPerson, RemovePerson
from ipse.service.liveness_sessions import LivenessSessions
from ipse.service.match_holder import MatchHolder
from ipse.service.open_session import OpenSession
from ipse.service.page_tokens import PageTokens
from ipse.service.ports import Log, People
from ipse.service.read_card import ReadCard, read_nothing
from ipse.service.read_records import FindRecords, GiveEvidence, ReadUsage
from ipse.service.registry import Registry
from ipse.service.verify_faces import VerifyFaces
from ipse.service.vouched_probe import VouchedProbes
from ipse.service.vouching import Vouching
from ipse.service.yardstick import Yardstick
from ipse.stores import Stores

ANSWERING = frozenset({"faceid", "iapp", "linkface", "native", "tencent"})
"""The dialects that answer calls so far."""


@dataclass(frozen=True, slots=True)
class Dialects:
    """Every dialect: the vendors in the order in which they are asked whether a path is theirs, and our own."""

    vendors: tuple[Dialect, ...]
    native: Dialect


def compose(
    settings: Settings, engine: Engine, curve: Curve, stores: Stores, read_card: ReadCard | None, log: Log
) -> Dialects:
    """The dialects, ready to answer; without a reader of cards they say so."""
    judges = capture_judges(settings, engine)
    opened = {} if judges is None else {one.name: one.digest for one in liveness_weights(settings).values()}
    recorder = Recorder(Yardstick(curve, f"ipse {version('ipse')}"), opened)
    match_holder = MatchHolder(engine.holders, curve)
    vendors = (
        faceid.dialect(_faceid(settings, engine, curve, stores, judges, recorder, log)),
        _linkface(settings, stores, match_holder, recorder),
        _iapp(settings, match_holder, read_card or read_nothing, recorder),
        _tencent(settings, stores, can_read=read_card is not None),
        capture_dialect(settings, capture_ports(stores, log), liveness_sessions(settings, stores), judges, recorder),
    )
    return Dialects(
        vendors,
        native.dialect(
            _native(settings, engine, stores, match_holder, read_card or read_nothing, judges, recorder, log)
        ),
    )


def card_reader(settings: Settings, engine: Engine) -> ReadCard | None:
    """
    What reads cards, opened now or with the first card as the settings say; `None` where nobody does.

    Raises:
        EngineError: The weights are there, and cannot be used.
    """
    if not can_read_cards(settings):
        return None
    cards = LateCards(partial(open_cards, settings, engine))
    if settings.cards == "start":
        _ = cards.opened
    return ReadCard(cards, SystemClock())


def capture_judges(settings: Settings, engine: Engine) -> Judges | None:
    """
    Who judges whether captures are genuine, opened now or with the first one as the settings say; `None`: nobody does.

    Raises:
        EngineError: A weight is there, and cannot be used.
    """
    if settings.liveness == "off":
        return None
    judges = LateGenuineness(
        lambda: open_genuineness(settings, engine).examiner,
        operating_points(settings),
        engine.examiner.recipe.profile,
    )
    if settings.liveness == "start":
        _ = judges.opened
    return judges


def _faceid(
    settings: Settings,
    engine: Engine,
    curve: Curve,
    stores: Stores,
    judges: Judges | None,
    recorder: Recorder,
    log: Log,
) -> faceid.UseCases:
    """What stands behind Megvii's operations."""
    clock = SystemClock()
    tokens = FaceTokens(
        vault=stores.vault,
        clock=clock,
        entropy=secrets.token_bytes,
        recipe=engine.examiner.recipe,
        hours=settings.face_token_hours,
        keep_pictures=settings.face_token_pictures,
    )
    runs = FlashRuns(stores.vault, clock, settings.flash_readback_hours)
    sessions = liveness_sessions(settings, stores)
    return faceid.UseCases(
        verify_faces=VerifyFaces(
            engine.examiner,
            curve,
            tokens,
            registry=registry_of_people(settings, engine, stores, log),
            vouched=None if judges is None else VouchedProbes(Vouching(sessions, stores.once, judges, clock)),
        ),
        detect_faces=DetectFaces(engine.examiner, tokens),
        open_session=OpenSession(sessions, PageTokens(stores.vault, clock, secrets.token_bytes)),
        ask_about_run=AskAboutRun(runs),
        decide=recorder.verify,
    )


def capture_ports(stores: Stores, log: Log) -> Ports:
    """What captures rest on."""
    return Ports(
        vault=stores.vault,
        once=stores.once,
        jobs=stores.jobs,
        deliveries=stores.deliveries,
        cases=stores.cases,
        attacks=StoredAttacks(stores.attacked, stores.questions, log),
        secrets=stores.webhook_secrets,
    )


def liveness_sessions(settings: Settings, stores: Stores) -> LivenessSessions:
    """What opens liveness sessions and finds them again, for every dialect."""
    clock = SystemClock()
    runs = FlashRuns(stores.vault, clock, settings.flash_readback_hours)
    return LivenessSessions(stores.vault, clock, secrets.token_bytes, settings.liveness_session_s, runs)


def _tencent(settings: Settings, stores: Stores, *, can_read: bool) -> Dialect:
    """Cards, applied for now and judged later."""
    is_open = can_read or settings.tencent_without_reader == "reject"
    conduct = tencent.Conduct(
        strict=settings.tencent_strict,
        regions=frozenset(settings.tencent_regions),
        polling=tencent.Polling(settings.tencent_polls, settings.tencent_poll_wait_s),
    )
    return tencent.dialect(
        ApplyForCard(stores.jobs, stores.download, SystemClock(), secrets.token_bytes, is_open=is_open),
        AskForCard(stores.jobs, SystemClock()),
        conduct,
    )


def _linkface(settings: Settings, stores: Stores, match_holder: MatchHolder, recorder: Recorder) -> Dialect:
    """Holder and card in one picture, and pictures kept for later."""
    image_ids = ImageIds(stores.vault, SystemClock(), secrets.token_bytes, settings.linkface_image_days)
    return linkface.dialect(match_holder, linkface.Ports(stores.download, image_ids), recorder.holder)


def _iapp(settings: Settings, match_holder: MatchHolder, read_card: native.ReadsCards, recorder: Recorder) -> Dialect:
    """Holder and card in two pictures."""
    wording = iapp.Wording(
        file_order=settings.iapp_file_order,
        threshold=settings.iapp_threshold,
        errors_as_200=settings.iapp_errors_as_200,
        card_errors=settings.iapp_card_errors,
    )
    return iapp.dialect(
        match_holder,
        read_card,
        wording,
        strict_min_size=settings.iapp_strict_min_size,
        decide=recorder.holder,
    )


def _native(
    settings: Settings,
    engine: Engine,
    stores: Stores,
    match_holder: MatchHolder,
    read_card: native.ReadsCards,
    judges: Judges | None,
    recorder: Recorder,
    log: Log,
) -> native.UseCases:
    """What stands behind our own operations."""
    yardstick = recorder.yardstick
    roll = StoredRoll(stores.people, engine.examiner.recipe, stores.questions, log)
    return native.UseCases(
        version=version("ipse"),
        compare_faces=CompareFaces(engine.examiner, yardstick),
        compare_batch=CompareBatch(engine.examiner, yardstick),
        find_faces=FindFaces(engine.examiner),
        match_holder=match_holder,
        judge_picture=judge_nothing if judges is None else JudgePicture(judges),
        captures=capture_cases(
            settings, engine, capture_ports(stores, log), liveness_sessions(settings, stores), judges, recorder
        ),
        read_card=read_card,
        apply_for_card=ApplyForCard(
            stores.jobs, stores.download, SystemClock(), secrets.token_bytes, is_open=read_card is not read_nothing
        ),
        ask_for_card=AskForCard(stores.jobs, SystemClock()),
        enter_person=EnterPerson(roll, engine.examiner, form_named(settings.people_number_format), SystemClock()),
        find_person=FindPerson(roll),
        remove_person=RemovePerson(roll),
        read_usage=ReadUsage(stores.records),
        find_records=FindRecords(stores.records),
        ask_for_case=AskForCase(stores.cases, SystemClock()),
        give_evidence=GiveEvidence(stores.records, stores.evidence_key, SystemClock()),
        recorder=recorder,
        signer=stores.evidence_key,
        idempotency=stores.idempotency,
    )


def registry_of_people(settings: Settings, engine: Engine, stores: Stores, log: Log) -> Registry:
    """
    The registry of people: an authority elsewhere if one is set, else our own. Attacks are always noted in our own.

    Raises:
        SetupError: The authority's certificate file cannot be used.
    """
    people: People = StoredPeople(stores.people, engine.examiner.recipe, stores.questions, log)
    if settings.people_authority_url:
        people = _authority(settings, log)
    attacks = StoredAttacks(stores.attacked, stores.questions, log)
    return Registry(people, attacks, engine.examiner, SystemClock(), attacks_days=settings.liveness_attack_days)


def _authority(settings: Settings, log: Log) -> AskedAuthority:
    """The authority that the settings name."""
    token, ca = settings.people_authority_token, settings.people_authority_ca
    address = AuthorityAddress(
        url=settings.people_authority_url,
        token=None if token is None else token.get_secret_value(),
        timeout_s=settings.people_authority_timeout_s,
        pause_s=settings.people_authority_pause_s,
        ca=ca,
    )
    with using(ca or settings.data_dir):
        return AskedAuthority(address, log)
