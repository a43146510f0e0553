"""
The dialects, each with the use cases behind its operations: the composition root between engine, stores and wire.

A new use case is built here from ports, and handed to the dialects that ask for it. Nothing here knows HTTP.
"""

import secrets
from dataclasses import dataclass

from ipse.core.scoring.calibration import Curve
from ipse.engine import Engine
from ipse.infra.master_key import MasterKey
from ipse.infra.settings import Settings
from ipse.infra.store.callers import StoredCallers
from ipse.infra.store.questions import Questions
from ipse.infra.store.records import StoredRecords
from ipse.infra.store.unlocking import open_store
from ipse.infra.store.vault import StoredVault
from ipse.infra.telemetry import SystemClock
from ipse.protocols import faceid, native
from ipse.protocols.messages import Dialect
from ipse.service.detect_faces import DetectFaces
from ipse.service.face_tokens import FaceTokens
from ipse.service.verify_faces import VerifyFaces

ANSWERING = frozenset({"faceid", "native"})
"""The dialects that answer calls so far."""


@dataclass(frozen=True, slots=True)
class Stores:
    """
    The ports that rest on the database.

    Attributes:
        callers: Keys and their ledger.
        records: The ledger, to read.
        vault: What a wire makes us keep for a while.
        questions: Where the database is asked, by all stores.
    """

    callers: StoredCallers
    records: StoredRecords
    vault: StoredVault
    questions: Questions

    def close(self) -> None:
        """Let the last questions end."""
        self.questions.close()


@dataclass(frozen=True, slots=True)
class Dialects:
    """Every dialect: the vendors in the order in which they are asked whether a path is theirs, and our own."""

    vendors: tuple[Dialect, ...]
    native: Dialect


def open_stores(settings: Settings, master_key: MasterKey) -> Stores:
    """
    The stores, in a database that is up to date.

    Raises:
        SetupError: The database cannot be used, or was begun under another master key.
    """
    store = open_store(settings.database, master_key)
    database, master_key, questions = store.database, store.master_key, Questions(store.database)
    return Stores(
        callers=StoredCallers(database, master_key, questions, SystemClock(), settings.evidence_days),
        records=StoredRecords(database, master_key, questions),
        vault=StoredVault(database, master_key, questions),
        questions=questions,
    )


def compose(settings: Settings, engine: Engine, curve: Curve, stores: Stores) -> Dialects:
    """The dialects, ready to answer."""
    tokens = FaceTokens(
        vault=stores.vault,
        clock=SystemClock(),
        entropy=secrets.token_bytes,
        recipe=engine.examiner.recipe,
        hours=settings.face_token_hours,
        keep_pictures=settings.face_token_pictures,
    )
    verify_faces = VerifyFaces(engine.examiner, curve, tokens)
    detect_faces = DetectFaces(engine.examiner, tokens)
    return Dialects((faceid.dialect(verify_faces, detect_faces),), native.dialect())
