"""The entrance of the console on a real server."""

import httpx2

from tests.console.conftest import DeskServer, SignedIn


def test_the_first_token_is_gone_once_somebody_has_entered(desk_server: DeskServer, signed_in: SignedIn) -> None:
    """Whoever reads the data folder becomes the first administrator, once; the file does not stay."""
    client = signed_in("admin")
    assert httpx2.codes.OK == client.get("/console").status_code
    assert not (desk_server.server.folder / "console-token").exists()
