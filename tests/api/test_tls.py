"""`ipse tls dev`: a certificate that clients accept who trust the local authority, and nobody else."""

import signal
import ssl
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.api.conftest import Server, environment
from tests.commands import run_ipse

Start = Callable[..., Server]
Tell = Callable[..., Any]


def make(tell: Tell, folder: Path, *names: str) -> dict[str, str]:
    """A certificate for these names, by the authority of the folder."""
    made: dict[str, str] = tell(folder, "tls", "dev", *names)
    return made


def test_who_trusts_the_authority_accepts_the_server_also_after_a_new_certificate(
    start: Start, tell: Tell, tmp_path: Path
) -> None:
    """Trusting only the authority is enough; the next certificate, taken over by SIGHUP, needs no new trust."""
    made = make(tell, tmp_path, "localhost")
    authority = Path(made["authority"])
    trusted = authority.read_bytes()
    server = start("--tls-cert", made["certificate"], "--tls-key", made["key"], scheme="https", trust=authority)
    assert httpx2.codes.OK == server.wait_until_ready().status_code
    with pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx2.get(f"https://localhost:{server.port}/healthz")
    first = ssl.get_server_certificate(("localhost", server.port))
    make(tell, tmp_path, "localhost", "one.test")
    server.process.send_signal(signal.SIGHUP)
    server.wait_for("certificate renewed")
    assert first != ssl.get_server_certificate(("localhost", server.port))
    assert trusted == authority.read_bytes()
    with server.client() as client:
        assert httpx2.codes.OK == client.get("/healthz").status_code


def test_private_keys_are_for_their_owner_only(tell: Tell, tmp_path: Path) -> None:
    """Both keys have mode 0600, and the folder lies in the data folder."""
    made = make(tell, tmp_path, "localhost")
    folder = tmp_path / "tls"
    assert str(folder / "server.key") == made["key"]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert {"authority.key": 0o600, "server.key": 0o600, "authority.pem": 0o644, "server.pem": 0o644} == modes


def test_the_data_folder_that_it_makes_is_its_owners_only(tell: Tell, tmp_path: Path) -> None:
    """The command may be the first to need the data folder."""
    make(tell, tmp_path / "new", "localhost")
    assert 0o700 == stat.S_IMODE((tmp_path / "new").stat().st_mode)


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The sentence says which files were meant."""
    words = ("serve", "--port", "0", "--tls-cert", "gone.pem", "--tls-key", "gone.key")
    done = run_ipse(*words, env=environment(tmp_path))
    assert (78, True) == (done.returncode, "gone.pem or its key gone.key cannot be used: No such file" in done.stderr)


def test_what_is_no_name_is_told(tmp_path: Path) -> None:
    """An address of a page is no host name; nothing is written."""
    done = run_ipse("tls", "dev", "https://localhost/", env=environment(tmp_path))
    assert 78 == done.returncode
    assert "is no host name" in done.stderr
    assert not (tmp_path / "tls").exists()


def test_people_are_told_how_to_serve_and_to_trust(tmp_path: Path) -> None:
    """Without `--json` the lines for server, names and clients are printed."""
    done = run_ipse("tls", "dev", "api.megvii.com", "127.0.0.1", env=environment(tmp_path), check=True)
    assert f"ipse serve --port 443 --tls-cert {tmp_path}/tls/server.pem" in done.stdout
    assert "\n  127.0.0.1 api.megvii.com\n" in done.stdout
    assert f"curl --cacert {tmp_path}/tls/authority.pem" in done.stdout
