"""The port `Blobs` on obstore: a folder, or whatever speaks S3. It only ever sees ciphertext."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from ipse.infra.folders import make_data_dir
from ipse.infra.trouble import SetupError
from ipse.service.ports.retention import BlobError

if TYPE_CHECKING:
    from obstore.store import S3Config

Store: TypeAlias = LocalStore | S3Store

TIMEOUT_S: Final = 10
"""How long the object store may take for one blob, all attempts together: as long as a lock of the database."""

FAULTS: Final = (BaseError, OSError, SetupError)
"""What a store raises when it does not do its part."""

CONNECT_S: Final = 3
"""How long it may take to answer a new connection."""


@dataclass(frozen=True, slots=True)
class BlobAddress:
    """
    Where blobs rest.

    Attributes:
        url: `s3://BUCKET/PREFIX` or `file:///FOLDER`.
        endpoint: The address of the object store; empty: AWS.
        region: The region of the bucket.
        access_key: The name of the key to it; empty: what the machine was given.
        secret_key: Its secret.
    """

    url: str
    endpoint: str = ""
    region: str = "us-east-1"
    access_key: str = ""
    secret_key: str | None = field(default=None, repr=False)


class StoredBlobs:
    """
    Blobs in a store, opened when the first one is asked for: nobody who keeps nothing needs one.

    Args:
        address: Where they rest.
    """

    def __init__(self, address: BlobAddress) -> None:
        self._address = address
        self._store: Store | None = None

    async def put(self, name: str, content: bytes) -> None:
        """Keep it under this name; raises `BlobError`."""
        try:
            await obstore.put_async(self._opened(), name, content)
        except FAULTS as error:
            raise _told(error) from None

    async def get(self, name: str) -> bytes | None:
        """Give it back; `None` if it is not there; raises `BlobError`."""
        try:
            found = await obstore.get_async(self._opened(), name)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except FAULTS as error:
            raise _told(error) from None

    async def delete(self, name: str) -> bool:
        """Throw it away; whether it was there; raises `BlobError`."""
        try:
            await obstore.head_async(self._opened(), name)  # S3 says of what never was that it is deleted.
            await obstore.delete_async(self._opened(), name)
        except FileNotFoundError:
            return False
        except FAULTS as error:
            raise _told(error) from None
        return True

    async def older_than(self, moment: float) -> AsyncIterator[str]:
        """Give the names of what was put before this moment (Unix seconds); raises `BlobError`."""
        try:
            async for some in obstore.list(self._opened()):
                for one in some:
                    if one["last_modified"].timestamp() < moment:
                        yield one["path"]
        except FAULTS as error:
            raise _told(error) from None

    async def ping(self) -> None:
        """Ask for something that is not there; raises `BlobError` if nobody answers."""
        await self.get("ping")

    def _opened(self) -> Store:
        """The store."""
        if self._store is None:
            self._store = _open(self._address)
        return self._store


def _open(address: BlobAddress) -> Store:
    """The store of an address; a folder is made if need be, for its owner only."""
    url = urlsplit(address.url)
    if url.scheme == "file":
        folder = Path(unquote(url.path))
        make_data_dir(folder)
        return LocalStore(folder)
    config: S3Config = {"region": address.region}
    if address.endpoint:
        config["endpoint"] = address.endpoint
    if address.access_key and address.secret_key is not None:
        config["access_key_id"], config["secret_access_key"] = address.access_key, address.secret_key
    return S3Store(
        url.netloc,
        prefix=url.path.strip("/") or None,
        config=config,
        client_options={
            "allow_http": address.endpoint.startswith("http://"),
            "timeout": timedelta(seconds=TIMEOUT_S),
            "connect_timeout": timedelta(seconds=CONNECT_S),
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=TIMEOUT_S)},
    )


def _told(error: Exception) -> BlobError:
    """What the store says, without addresses and keys: the kind of the fault alone."""
    return BlobError(f"The object store does not do its part ({type(error).__name__}).")
