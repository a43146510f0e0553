"""The entrance of the console on a real server."""

from urllib.parse import parse_qs, urlsplit

import httpx2

from tests.api.conftest import said
from tests.console.conftest import PASSWORD, DeskServer, SignedIn


def test_the_first_token_is_gone_once_somebody_has_entered(desk_server: DeskServer, signed_in: SignedIn) -> None:
    """Whoever reads the data folder becomes the first administrator, once; the file does not stay."""
    client = signed_in("admin")
    assert httpx2.codes.OK == client.get("/console").status_code
    assert not (desk_server.server.folder / "console-token").exists()


def test_the_command_line_invites_and_lists(desk_server: DeskServer, signed_in: SignedIn) -> None:
    """`ipse console invite` makes a link that a running server takes; `ipse console users` tells who came."""
    signed_in("admin")
    folder = desk_server.server.folder
    made = said(folder, "console", "invite", "--role", "operator")
    token = parse_qs(urlsplit(made["link"]).query)["token"][0]
    desk_server.enter("clerk", token)
    everybody = {one["name"]: one["role"] for one in said(folder, "console", "users")}
    assert (made["token"], "operator", "admin") == (token, everybody["clerk"], everybody["admin"])


def test_signing_in_goes_on_to_the_page_that_was_looked_for(desk_server: DeskServer, signed_in: SignedIn) -> None:
    """And never to another host's, whatever the link says."""
    signed_in("admin")
    form = {"name": "admin", "password": PASSWORD}
    went = []
    for to in ("/usage", "//evil.example", "https://evil.example", "/\\evil.example"):
        with desk_server.client() as client:
            went.append(client.post("/console/sign-in", data={**form, "to": to}).headers["location"])
    assert ["/console/usage", "/console", "/console", "/console"] == went


def test_somebody_who_is_shut_out_is_out_at_once(desk_server: DeskServer, signed_in: SignedIn) -> None:
    """Their open session ends with the next request."""
    admin = signed_in("admin")
    made = said(desk_server.server.folder, "console", "invite", "--role", "auditor")
    with desk_server.client() as client:
        client.cookies.set("ipse_session", desk_server.enter("gone", made["token"]), domain="localhost.local")
        before = client.get("/console/usage").status_code
        (user,) = (one for one in said(desk_server.server.folder, "console", "users") if one["name"] == "gone")
        admin.post(f"/console/users/{user['id']}/disable")
        after = client.get("/console/usage").status_code
    assert (httpx2.codes.OK, httpx2.codes.SEE_OTHER) == (before, after)


def test_the_audit_trail_is_whole_and_can_be_taken_along(signed_in: SignedIn) -> None:
    """The page says that the chain is whole, and the table names who did what."""
    auditor = signed_in("auditor")
    checked = auditor.post("/console/audit/check").text
    table = auditor.get("/console/audit/audit.csv").text.splitlines()
    assert "The chain is whole" in checked
    assert "number,at,actor,actor_name,action,subject,detail" == table[0].removeprefix("\ufeff")
    assert [] != [line for line in table if ",users.entered," in line]
