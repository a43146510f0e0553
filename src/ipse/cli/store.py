"""The store that the settings name, for every command that needs it."""

from ipse.infra.master_key import MasterKey
from ipse.infra.master_key_file import load_master_key
from ipse.infra.settings import Settings, read_settings
from ipse.infra.store.unlocking import Store, open_store


def configured_store() -> Store:
    """The database and its master key; both are made if need be."""
    settings = read_settings()
    return open_store(settings.database, configured_master_key(settings))


def configured_master_key(settings: Settings) -> MasterKey:
    """The master key as it was given, or that of the data folder; it does not know a database yet."""
    given = None if settings.master_key is None else settings.master_key.get_secret_value()
    return load_master_key(given, settings.data_dir)
