"""
What the use cases need from the outside world, as Protocols: `infra` implements them, tests have in-memory ones.

Nouns only. Every asynchronous method may be called by many requests at once on one event loop.
"""

from ipse.service.ports.accounts import Accounts, Attempts, Invitation, Passwords, Sessions, User, Vouched
from ipse.service.ports.audit import CLI, SERVER, AuditLine, AuditTrail
from ipse.service.ports.calls import Callers, KeyRecord, LedgerEntry, Mark, Receipt, Standing
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
    WebhookSecrets,
)
from ipse.service.ports.records import FoundRecord, Records, UsageBy, UsageRow, UsageWish
from ipse.service.ports.registry import Attacks, People, Registered
from ipse.service.ports.time import Clock, Stopwatch

__all__ = [
    "CLI",
    "DIALECTS",
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
    "DialectName",
    "Download",
    "DownloadLimits",
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
    "Once",
    "OnceKind",
    "OutsideError",
    "Passwords",
    "People",
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
