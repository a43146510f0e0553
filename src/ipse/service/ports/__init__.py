"""
What the use cases need from the outside world, as Protocols: `infra` implements them, tests have in-memory ones.

Nouns only. Every asynchronous method may be called by many requests at once on one event loop.
"""

from ipse.service.ports.accounts import Accounts, Attempts, FirstToken, Invitation, Passwords, Sessions, User, Vouched
from ipse.service.ports.audit import CLI, SERVER, AuditLine, AuditTrail
from ipse.service.ports.calls import Callers, KeyRecord, LedgerEntry, Mark, Receipt, Standing
from ipse.service.ports.deliveries import (
    DELIVERY_STATES,
    EVENTS,
    Deliveries,
    Delivery,
    DeliveryLine,
    DeliveryState,
    DeliveryWish,
    Event,
    News,
    Random,
    WebhookSecrets,
)
from ipse.service.ports.engine_room import Compute, Seat
from ipse.service.ports.keeping import Idempotency, Job, Jobs, JobState, KeptAnswer, Once, OnceKind, Vault, VaultKind
from ipse.service.ports.keys import DIALECTS, Credentials, DialectName, IssuedKeys, Key, Limits
from ipse.service.ports.outside import (
    Download,
    DownloadLimits,
    Log,
    Metrics,
    OutsideError,
    Webhooks,
)
from ipse.service.ports.records import FoundRecord, Records, UsageBy, UsageRow, UsageWish
from ipse.service.ports.registry import Attacks, People, Registered
from ipse.service.ports.time import Clock, Stopwatch

__all__ = [
    "CLI",
    "DELIVERY_STATES",
    "DIALECTS",
    "EVENTS",
    "SERVER",
    "Accounts",
    "Attacks",
    "Attempts",
    "AuditLine",
    "AuditTrail",
    "Callers",
    "Clock",
    "Compute",
    "Credentials",
    "Deliveries",
    "Delivery",
    "DeliveryLine",
    "DeliveryState",
    "DeliveryWish",
    "DialectName",
    "Download",
    "DownloadLimits",
    "FirstToken",
    "Event",
    "FoundRecord",
    "Idempotency",
    "Invitation",
    "IssuedKeys",
    "Job",
    "JobState",
    "Jobs",
    "KeptAnswer",
    "Key",
    "KeyRecord",
    "LedgerEntry",
    "Limits",
    "Log",
    "Mark",
    "Metrics",
    "News",
    "Once",
    "OnceKind",
    "OutsideError",
    "Passwords",
    "People",
    "Random",
    "Receipt",
    "Records",
    "Registered",
    "Seat",
    "Sessions",
    "Standing",
    "Stopwatch",
    "UsageBy",
    "UsageRow",
    "UsageWish",
    "User",
    "Vault",
    "VaultKind",
    "Vouched",
    "WebhookSecrets",
    "Webhooks",
]
