"""`ipse keys rotate-master`: a new master key takes over while servers go on."""

import json
from typing import Annotated

import typer
from rich.console import Console

from ipse.cli.store import configured_store, noted
from ipse.infra.master_key import MasterKeyError
from ipse.infra.master_key_file import alone, forget_old_keys, put_new_key_first
from ipse.infra.settings import Settings, read_settings
from ipse.infra.store.database import compact
from ipse.infra.store.rotation import Rotation, is_settled, reseal
from ipse.infra.store.unlocking import Store, unlock


def rotate_master(
    *,
    forget_old: Annotated[
        bool, typer.Option("--forget-old", help="No new key: throw away the old ones. Backups under them are lost.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Seal everything anew under a new master key. Broken off, the next call goes on where it was."""
    settings = read_settings()
    store = configured_store()
    if settings.master_key is None:
        with alone(settings.data_dir):
            done = _rotate_file(settings, store, forget_old=forget_old)
    else:
        done = _rotate_given(store, forget_old=forget_old)
    compact(store.database)
    store.database.dispose()
    noted("keys.rotate_master", forget_old=forget_old, resealed=done.resealed)
    if as_json:
        typer.echo(json.dumps({"resealed": done.resealed, "shut": done.shut}))
        return
    console = Console(highlight=False)
    console.print(f"{done.resealed} values are sealed anew.")
    if done.shut:
        console.print(f"[yellow]{done.shut} values open under no key that is here; they stay as they are.[/]")
    if settings.master_key is not None:
        console.print("When every server has the new key first, take the old one out of IPSE_MASTER_KEY.")
    elif not forget_old:
        console.print("The old key stays in master.key and opens old backups. Done with them: --forget-old")


def _rotate_file(settings: Settings, store: Store, *, forget_old: bool) -> Rotation:
    """Rotate to a key that is made now, or go on to one that an earlier call has made."""
    if not forget_old and is_settled(store.database, store.master_key):
        put_new_key_first(settings.data_dir)
        unlock(store.database, store.master_key)
    done = _reseal(store)
    if forget_old:
        forget_old_keys(settings.data_dir)
    return done


def _rotate_given(store: Store, *, forget_old: bool) -> Rotation:
    """Rotate to the first of the keys that were given."""
    if forget_old:
        raise typer.BadParameter("the keys stand in IPSE_MASTER_KEY: take the old one out there")
    if len(store.master_key.ids) == 1:
        raise MasterKeyError("IPSE_MASTER_KEY holds one key. Put the new one before it: IPSE_MASTER_KEY=NEW,OLD")
    return _reseal(store)


def _reseal(store: Store) -> Rotation:
    """Seal everything anew, with a line that says how far it is."""
    with Console(stderr=True).status("Sealing anew …") as status:
        return reseal(store.database, store.master_key, lambda done: status.update(f"Sealed anew: {done.resealed}"))
