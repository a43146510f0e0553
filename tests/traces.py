"""
Where something of a person may still be: needles in every spelling, and all that is on a disk, closed and opened.

What is sealed is opened with the master key as far as it opens: what nobody could open any more is no trace.
"""

import json
import subprocess
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import obstore
from obstore.store import LocalStore, S3Store
from sqlalchemy import Engine, Table, select
from sqlalchemy.engine import make_url

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.infra.store.keyring import FORM, DataKey, unwrapped
from ipse.infra.store.sealed import SEALED, about
from ipse.infra.store.tables import DATA_KEYS, KEPT, METADATA

PREFIX = "ipse/"
"""Below what blobs are in a bucket."""

SLICE = 36
"""How much of a picture is looked for: 36 random bytes occur nowhere by chance, and are 48 letters in base64."""


def spellings(plain: bytes) -> set[bytes]:
    """Every way in which bytes may be written down: as they are, in hexadecimal, in base64 wherever it began."""
    found = {plain, plain.hex().encode(), plain.hex().upper().encode()}
    for skipped in range(3):
        whole = plain[skipped : skipped + (len(plain) - skipped) // 3 * 3]
        found |= {b64encode(whole), urlsafe_b64encode(whole)}
    return {one for one in found if len(one) >= 8}  # Less occurs by chance.


def of_text(text: str) -> set[bytes]:
    """A text in every encoding and escape."""
    found = spellings(text.encode()) | {text.encode("utf-16-le"), text.encode("utf-16-be")}
    found |= {json.dumps(text)[1:-1].encode(), json.dumps(text).upper()[1:-1].encode()}
    found |= {"".join(f"%{octet:02X}" for octet in text.encode()).encode()}
    return found | {text.encode("gb18030"), text.upper().encode(), text.lower().encode()}


def of_file(content: bytes) -> set[bytes]:
    """Pieces of a file: its beginning is like that of others, the rest is its own."""
    places = range(len(content) // 4, len(content) - SLICE, max(1, len(content) // 5))
    return {one for at in places for one in spellings(content[at : at + SLICE])}


@dataclass(frozen=True)
class Places:
    """Everything that a server leaves behind: its database, its folder, its object store."""

    database: Engine
    master_key: MasterKey
    folder: Path
    blobs: LocalStore | S3Store
    pg_dump: Path | None

    def closed(self) -> Iterator[tuple[str, bytes]]:
        """Every file, blob and dump as somebody finds it who has no key, by a name."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield path.name, path.read_bytes()
        yield from self._blobs()
        if self.pg_dump is not None:
            url = make_url(self.database.url).set(drivername="postgresql").render_as_string(hide_password=False)
            yield "dump", subprocess.run([self.pg_dump, url], check=True, capture_output=True).stdout

    def opened(self) -> Iterator[tuple[str, bytes]]:
        """Whatever opens under the master key, or under a data key that does, by a name."""
        keys = self._data_keys()
        for column in SEALED:
            for key, sealed in self._values(column.table, column.name):
                try:
                    yield column.name, self._open(sealed, about(column, key), keys.get(key))
                except MasterKeyError:
                    continue
        blobs = dict(self._blobs())
        with self.database.connect() as connection:
            rows = connection.execute(select(KEPT)).all()
        for row in rows:
            sealed = row.content or blobs[row.blob]
            yield f"kept {row.kind}", keys[row.data_key].decrypt(sealed, f"kept {row.id}")

    def sealed(self) -> dict[tuple[str, object], bytes]:
        """Every sealed value, and every blob, as it is stored."""
        found: dict[tuple[str, object], bytes] = {}
        for column in SEALED:
            found |= {(str(column), key): sealed for key, sealed in self._values(column.table, column.name)}
        found |= {("kept", key): sealed for key, sealed in self._values(KEPT, "content")}
        return found | {("blobs", name): sealed for name, sealed in self._blobs()}

    def counts(self) -> Mapping[str, int]:
        """How many rows every table has."""
        with self.database.connect() as connection:
            return {table.name: len(connection.execute(select(table)).all()) for table in METADATA.sorted_tables}

    def _open(self, sealed: bytes, what: str, data_key: DataKey | None) -> bytes:
        """The plain bytes of a value."""
        if sealed[:1] == FORM and data_key is not None:
            return data_key.decrypt(sealed, what)
        return self.master_key.open(sealed, what)

    def _data_keys(self) -> dict[object, DataKey]:
        """The data keys, by their places."""
        return {
            key: unwrapped(self.master_key, key, sealed)
            for key, sealed in self._values(DATA_KEYS, "wrapped")
            if isinstance(key, bytes)
        }

    def _values(self, table: Table, column: str) -> list[tuple[str | bytes, bytes]]:
        """The values of a column that are there, by their primary keys."""
        (key,) = table.primary_key.columns
        wanted = select(key, table.c[column]).where(table.c[column].is_not(None))
        with self.database.connect() as connection:
            return [(row[0], bytes(row[1])) for row in connection.execute(wanted)]

    def _blobs(self) -> Iterator[tuple[str, bytes]]:
        """Every blob by its name."""
        for some in obstore.list(self.blobs):
            for one in some:
                yield one["path"].removeprefix(PREFIX), bytes(obstore.get(self.blobs, one["path"]).bytes())
