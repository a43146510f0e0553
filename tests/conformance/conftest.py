"""One server over TLS for all clients, with keys of every vendor, and a folder of pictures to run them in."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from demo import cards

from tests.api.conftest import Server, new_key, running, said

SAMPLE_S = 60
"""Longest that one sample may run; the slowest, Java, takes four seconds on two busy cores."""

PERSON = ("姓名", "110101199001010015")
"""Who is registered: the page's own word for a name is the name, and a number whose check digit is right."""


@dataclass(frozen=True)
class Vendors:
    """
    What clients meet.

    Attributes:
        server: The running server.
        authority: What they must trust.
        folder: Pictures under the names that the pages use; samples run here.
        keys: Key and secret by dialect.
    """

    server: Server
    authority: Path
    folder: Path
    keys: dict[str, tuple[str, str]]

    @property
    def address(self) -> str:
        """What stands in the place of the vendor's host."""
        return f"https://localhost:{self.server.port}"

    def run(
        self, *command: str, stdin: int = subprocess.DEVNULL, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A client's end; it trusts the authority only, by the variables that its libraries read."""
        machine = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}  # noqa: TID251 - handed on to a client
        trust = dict.fromkeys(("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), str(self.authority))
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**machine, **trust, "LC_ALL": "C.UTF-8", **(variables or {})},
            stdin=stdin,
            capture_output=True,
            text=True,
            timeout=SAMPLE_S,
            check=False,
        )


def _key(folder: Path, dialect: str, *words: str) -> tuple[str, str]:
    """A key of a dialect and its secret, empty where there is none."""
    made = said(folder, "keys", "create", "--dialect", dialect, "--name", "sample", *words)
    return made["key"], made["secret"] or ""


def _draw(folder: Path, samples: Path) -> None:
    """The pictures that the pages' samples name."""
    portrait, other = (samples / "obama.jpg").read_bytes(), (samples / "obama2.jpg").read_bytes()
    for name in ("image_best", "image_env", "image_action1", "image_action2", "image_action3", "image"):
        (folder / f"{name}.jpg").write_bytes(portrait)
    (folder / "image_ref1.jpg").write_bytes(other)
    (folder / "content_file").write_bytes(b"a flash result of the vendor's")
    card = cards.card(portrait)
    (folder / "px.jpg").write_bytes(cards.held_up(other, card))
    (folder / "image1.png").write_bytes(cards.photographed(card))
    (folder / "image2.png").write_bytes(cards.held_up(other, card))


@pytest.fixture(scope="session")
def vendors(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Iterator[Vendors]:
    """A warm server that every client of the session meets; it compares faces, and reads no cards."""
    stored, folder = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("clients")
    made = said(stored, "tls", "dev", "localhost")
    keys = {dialect: _key(stored, dialect) for dialect in ("linkface", "iapp", "tencent")}
    credentials = new_key(stored, "--allow", "kyc")
    keys["faceid"] = credentials["api_key"], credentials["api_secret"]
    _draw(folder, samples)
    authority = Path(made["authority"])
    words = ("--tls-cert", made["certificate"], "--tls-key", made["key"])
    with running(stored, *words, scheme="https", trust=authority, IPSE_CARDS="off") as server:
        server.wait_until_ready()
        yield Vendors(server, authority, folder, keys)


@pytest.fixture(scope="session")
def person(vendors: Vendors) -> str:
    """The number of somebody who is registered beside the running server, under the page's own name."""
    table = vendors.folder / "people.csv"
    table.write_text(f"id_number,name,photo\n{PERSON[1]},{PERSON[0]},image_ref1.jpg\n", encoding="utf-8")
    said(vendors.server.folder, "people", "import", str(table))
    return PERSON[1]
