"""The store that the settings name, for every command that needs it."""

from ipse.infra.master_key import MasterKey
from ipse.infra.master_key_file import load_master_key
from ipse.infra.settings import Settings, read_settings
from ipse.infra.store.audit import AuditRows
from ipse.infra.store.unlocking import Store, open_store
from ipse.infra.telemetry import SystemClock
from ipse.service.ports.audit import CLI


def configured_store() -> Store:
    """The database and its master key; both are made if need be."""
    settings = read_settings()
    return open_store(settings.database, configured_master_key(settings))


def noted(action: str, subject: str = "", **detail: str | int | bool) -> None:
    """
    Write into the audit trail what a command has changed or shown.

    Args:
        action: In the words of the desk: `keys.create`, `people.see`.
        subject: A public id; never a name, number, uuid or token.
        **detail: As little personal.
    """
    store = configured_store()
    AuditRows(store.database, store.master_key, SystemClock()).note(CLI, action, subject, **detail)
    store.database.dispose()


def configured_master_key(settings: Settings) -> MasterKey:
    """The master key as it was given, or that of the data folder; it does not know a database yet."""
    given = None if settings.master_key is None else settings.master_key.get_secret_value()
    return load_master_key(given, settings.data_dir)
