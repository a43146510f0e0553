"""
The dialects, each with the use cases behind its operations: the composition root between engine, stores and wire.

A new use case is built here from ports, and handed to the dialects that ask for it. Nothing here knows HTTP.
"""

from dataclasses import dataclass

from ipse.core.scoring.calibration import Curve
from ipse.engine import Engine
from ipse.infra.master_key import MasterKey
from ipse.infra.settings import Settings
from ipse.infra.store.callers import StoredCallers
from ipse.infra.store.database import open_database, prove_master_key
from ipse.infra.store.keys import Keys
from ipse.protocols import faceid, native
from ipse.protocols.messages import Dialect
from ipse.service.verify_faces import VerifyFaces

ANSWERING = frozenset({"faceid", "native"})
"""The dialects that answer calls so far."""


@dataclass(frozen=True, slots=True)
class Stores:
    """
    The ports that rest on the database.

    Attributes:
        callers: Keys and their ledger.
    """

    callers: StoredCallers

    def close(self) -> None:
        """Let the last questions end."""
        self.callers.close()


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
    database = open_database(settings.database)
    prove_master_key(database, master_key)
    return Stores(StoredCallers(Keys(database, master_key)))


def compose(settings: Settings, engine: Engine, curve: Curve, stores: Stores) -> Dialects:
    """The dialects, ready to answer."""
    del settings, stores
    verify_faces = VerifyFaces(engine.examiner, curve)
    return Dialects((faceid.dialect(verify_faces),), native.dialect())
