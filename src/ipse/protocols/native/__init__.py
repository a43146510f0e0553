"""Our own API under `/v1`. Whatever no vendor owns is answered here, in problem documents."""

from dataclasses import dataclass

from ipse.protocols.messages import BodyLimits, Dialect, Head, Repeats
from ipse.protocols.native import (
    batch,
    captures,
    cards,
    cases,
    compare,
    detect,
    documents,
    genuineness,
    holder,
    ledger,
    people,
)
from ipse.protocols.native.auth import authenticate
from ipse.protocols.native.catalogue import CATALOGUE, PUBLIC
from ipse.protocols.native.documents import ReadCard as ReadsCards
from ipse.protocols.native.errors import FAMILY
from ipse.protocols.native.genuineness import JudgePicture as JudgesPicture
from ipse.protocols.native.holder import MatchHolder
from ipse.protocols.native.pages import public_pages
from ipse.protocols.native.paths import matcher, unmatched
from ipse.protocols.native.writing import headers, idempotency_key
from ipse.service.ask_for_case import AskForCase
from ipse.service.captures import AskForCapture, CompareCapture, OpenCapture
from ipse.service.check_card import ApplyForCard, AskForCard
from ipse.service.compare_faces import CompareBatch, CompareFaces
from ipse.service.evidence import Recorder, Signer
from ipse.service.find_faces import FindFaces
from ipse.service.keep_people import EnterPerson, FindPerson, RemovePerson
from ipse.service.ports import Idempotency
from ipse.service.read_records import FindRecords, GiveEvidence, ReadUsage

__all__ = ["Captures", "ReadsCards", "UseCases", "dialect"]

LIMITS = BodyLimits(body_bytes=32 * 1_048_576, parts=512)
"""
Source: ours. A batch of 100 pairs with one probe has 101 pictures; as 1280 x 960 JPEGs of 230 KB (quality 85) in base64
they take 31 MB. Twice 200 pictures, or a few options more, are 512 fields.
"""


@dataclass(frozen=True, slots=True)
class Captures:
    """What stands behind the operations about captures."""

    open: OpenCapture
    ask: AskForCapture
    compare: CompareCapture


@dataclass(frozen=True, slots=True)
class UseCases:
    """What stands behind the operations, and which version of the program this is."""

    version: str
    compare_faces: CompareFaces
    compare_batch: CompareBatch
    find_faces: FindFaces
    match_holder: MatchHolder
    judge_picture: JudgesPicture
    captures: Captures
    read_card: ReadsCards
    apply_for_card: ApplyForCard
    ask_for_card: AskForCard
    enter_person: EnterPerson
    find_person: FindPerson
    remove_person: RemovePerson
    read_usage: ReadUsage
    find_records: FindRecords
    give_evidence: GiveEvidence
    ask_for_case: AskForCase
    recorder: Recorder
    signer: Signer
    idempotency: Idempotency


def dialect(use: UseCases) -> Dialect:
    """Give the dialect that owns what nobody else does."""
    return Dialect(
        name="native",
        owns=lambda _head: True,
        operations=(
            compare.operation(use.compare_faces, use.recorder),
            batch.operation(use.compare_batch, use.recorder),
            detect.operation(use.find_faces),
            holder.operation(use.match_holder, use.recorder),
            genuineness.operation(use.judge_picture, use.recorder),
            *captures.operations(use.captures.open, use.captures.ask, use.captures.compare, use.recorder),
            documents.operation(use.read_card),
            *cards.operations(use.apply_for_card, use.ask_for_card),
            *people.operations(use.enter_person, use.find_person, use.remove_person),
            *ledger.operations(use.read_usage, use.find_records, use.give_evidence, use.signer),
            cases.operation(use.ask_for_case),
        ),
        authenticate=authenticate,
        errors=FAMILY,
        limits=LIMITS,
        headers=headers,
        early=True,
        knocks=True,
        pages=public_pages(use.version),
        unmatched=unmatched((*((each.method, each.path) for each in CATALOGUE), *(("GET", path) for path in PUBLIC))),
        repeats=Repeats(_repeatable, use.idempotency),
    )


def _repeatable(head: Head) -> str | None:
    """Give the idempotency key of a request whose answer may be kept."""
    kept = any(each.is_repeatable and matcher(each.method, each.path)(head) for each in CATALOGUE)
    return idempotency_key(head) if kept else None
