"""The ports that rest on the database, the object store and the network, opened."""

import secrets
from dataclasses import dataclass

from ipse.infra.blobs import BlobAddress, StoredBlobs
from ipse.infra.download import WebDownload
from ipse.infra.master_key import MasterKey
from ipse.infra.settings import Settings
from ipse.infra.signing import EvidenceKey
from ipse.infra.store.accounts import AccountRows, StoredAccounts
from ipse.infra.store.attacked import AttackedRows
from ipse.infra.store.audit import AuditRows, StoredAudit
from ipse.infra.store.callers import StoredCallers
from ipse.infra.store.cases import StoredCases
from ipse.infra.store.census import StoredCensus
from ipse.infra.store.console_keys import StoredConsoleKeys
from ipse.infra.store.deliveries import StoredDeliveries
from ipse.infra.store.erasing import StoredErasing
from ipse.infra.store.heart import Heart
from ipse.infra.store.housekeeping import Housekeeping
from ipse.infra.store.idempotency import StoredIdempotency
from ipse.infra.store.issued import StoredIssuedKeys
from ipse.infra.store.jobs import StoredJobs
from ipse.infra.store.kept import StoredKept
from ipse.infra.store.keys import Keys
from ipse.infra.store.ledger_lines import StoredLedgerLines
from ipse.infra.store.once import StoredOnce
from ipse.infra.store.people import PeopleRows
from ipse.infra.store.questions import Questions
from ipse.infra.store.records import StoredRecords
from ipse.infra.store.sessions import StoredAttempts, StoredSessions
from ipse.infra.store.sight import Sight
from ipse.infra.store.unlocking import open_store
from ipse.infra.store.vault import StoredVault
from ipse.infra.store.vitals import StoredVitals
from ipse.infra.store.webhook_secrets import StoredWebhookSecrets
from ipse.infra.telemetry import SystemClock
from ipse.infra.webhooks import WebWebhooks
from ipse.service.erase import Erase
from ipse.service.ports import Log


@dataclass(frozen=True, slots=True)
class Stores:
    """
    The ports that rest on the database, and those that rest on the network.

    Attributes:
        callers: Keys and their ledger.
        records: The ledger, to read.
        vault: What a wire makes us keep for a while.
        once: What may be used once.
        people: The rows of our own registry of people.
        attacked: The numbers under which attacks were seen.
        idempotency: Answers that are given again.
        jobs: Work that is put off.
        house: Deletes what has expired.
        heart: Renews what the calls of this process hold.
        sight: Sees whether the database is there.
        evidence_key: Signs the records of decisions.
        questions: Where the database is asked, by all stores.
        download: Fetches pictures from addresses that callers give.
        webhooks: Tells addresses that callers give.
        deliveries: What they are told.
        webhook_secrets: With what that is signed.
        cases: What people look at.
        audit: Who did and saw what.
        master_key: Seals what rests elsewhere for a while.
        accounts: Who may look at the console.
        sessions: Who does.
        attempts: How often somebody tried to.
        issued: The keys, for those who make them.
        console_keys: The keys with which the console tries things.
        lines: The ledger, to look through.
        vitals: How the database is, and what waits in it.
        census: Counts the registry of people.
        blobs: The object store.
        kept: What policies keep of calls.
        erasing: Finds and deletes what hangs together with a call or a person.
    """

    callers: StoredCallers
    records: StoredRecords
    vault: StoredVault
    once: StoredOnce
    people: PeopleRows
    attacked: AttackedRows
    idempotency: StoredIdempotency
    jobs: StoredJobs
    house: Housekeeping
    heart: Heart
    sight: Sight
    evidence_key: EvidenceKey
    questions: Questions
    download: WebDownload
    webhooks: WebWebhooks
    deliveries: StoredDeliveries
    webhook_secrets: StoredWebhookSecrets
    cases: StoredCases
    audit: StoredAudit
    master_key: MasterKey
    accounts: StoredAccounts
    sessions: StoredSessions
    attempts: StoredAttempts
    issued: StoredIssuedKeys
    console_keys: StoredConsoleKeys
    lines: StoredLedgerLines
    vitals: StoredVitals
    census: StoredCensus
    blobs: StoredBlobs
    kept: StoredKept
    erasing: StoredErasing

    def close(self) -> None:
        """Let the last questions end."""
        self.download.close()
        self.webhooks.close()
        self.sight.close()
        self.questions.close()


def open_stores(settings: Settings, master_key: MasterKey, log: Log | None = None) -> Stores:
    """
    The stores, in a database that is up to date; the log, if there is one, gets a copy of the audit trail.

    Raises:
        SetupError: The database cannot be used, or was begun under another master key.
    """
    store = open_store(settings.database, master_key)
    database, master_key, questions = store.database, store.master_key, Questions(store.database)
    heart = Heart(database, questions, SystemClock())
    blobs = open_blobs(settings)
    kept = StoredKept(database, master_key, questions, blobs, log)
    return Stores(
        callers=StoredCallers(database, master_key, questions, SystemClock(), settings.evidence_days, heart, kept),
        records=StoredRecords(database, master_key, questions),
        vault=StoredVault(database, master_key, questions),
        once=StoredOnce(database, master_key, questions),
        people=PeopleRows(database, master_key, own_keys=settings.person_keys),
        attacked=AttackedRows(database, master_key),
        idempotency=StoredIdempotency(database, master_key, questions, heart),
        jobs=StoredJobs(database, master_key, questions, SystemClock()),
        house=Housekeeping(database, questions, SystemClock(), kept=kept),
        heart=heart,
        sight=Sight(database),
        evidence_key=EvidenceKey(master_key),
        questions=questions,
        download=WebDownload(settings.download_allow),
        webhooks=WebWebhooks(settings.webhook_allow),
        deliveries=StoredDeliveries(database, master_key, questions, settings.webhook_days),
        webhook_secrets=StoredWebhookSecrets(database, master_key, questions, SystemClock()),
        cases=StoredCases(database, master_key, questions, settings.review_days, settings.webhook_days),
        master_key=master_key,
        audit=StoredAudit(AuditRows(database, master_key, SystemClock(), log), questions),
        accounts=StoredAccounts(AccountRows(database, master_key), questions),
        sessions=StoredSessions(database, master_key, questions),
        attempts=StoredAttempts(database, master_key, questions, SystemClock()),
        issued=StoredIssuedKeys(Keys(database, master_key), questions),
        console_keys=StoredConsoleKeys(database, master_key, questions),
        lines=StoredLedgerLines(database, questions),
        vitals=StoredVitals(database, questions),
        census=StoredCensus(database, questions),
        blobs=blobs,
        kept=kept,
        erasing=StoredErasing(database, master_key, questions, blobs, log),
    )


def open_blobs(settings: Settings) -> StoredBlobs:
    """The object store that the settings name; nobody asks it yet."""
    secret = None if settings.s3_secret_key is None else settings.s3_secret_key.get_secret_value()
    return StoredBlobs(
        BlobAddress(settings.blobs, settings.s3_endpoint, settings.s3_region, settings.s3_access_key, secret)
    )


def open_erase(stores: Stores) -> Erase:
    """What erases calls and people, with a signed receipt."""
    return Erase(stores.erasing, stores.evidence_key, stores.audit, SystemClock(), secrets.token_bytes)
