"""
An OpenID provider in a process of its own: Authlib's server side, with PKCE required and keys published.

`python provider.py PORT ADDRESS_TO_COME_BACK_TO`. Who signs in says so in the query (`?login_as=`); some of its people
get tokens that no client may believe.
"""

import sys
import time
from dataclasses import dataclass, field
from typing import Any, Final

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT: Final = "ipse-console"
SECRET: Final = "a secret/with + signs"

GROUPS: Final = {
    "ada": ["clerks", "ipse-admins"],
    "oscar": ["clerks"],
    "visitor": ["guests"],
    "forged": ["ipse-admins"],
    "stale": ["ipse-admins"],
    "replayed": ["ipse-admins"],
    "misdirected": ["ipse-admins"],
    "impostor": ["ipse-admins"],
}
"""Its people, by their groups there; the last five are given tokens that are wrong in one thing."""


@dataclass
class Client:
    """The one client: the console."""

    back: str

    def get_client_id(self) -> str:
        """Who it is."""
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        """Where people go back to."""
        return self.back

    def get_allowed_scope(self, scope: str) -> str:
        """Whatever it asks for."""
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether people may be sent there."""
        return redirect_uri == self.back

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether it is the console."""
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Whether it proves itself as agreed."""
        return (method, endpoint) == ("client_secret_basic", "token")

    def check_response_type(self, response_type: str) -> bool:
        """Whether it asks for a code."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether it brings one."""
        return grant_type == "authorization_code"


@dataclass
class Code:
    """A code on its way."""

    code: str
    user: str
    asked: dict[str, str]
    auth_time: int = field(default_factory=lambda: int(time.time()))

    code_challenge = property(lambda self: self.asked.get("code_challenge"))
    code_challenge_method = property(lambda self: self.asked.get("code_challenge_method"))

    def get_redirect_uri(self) -> str | None:
        """Where the browser goes back to."""
        return self.asked.get("redirect_uri")

    def get_scope(self) -> str:
        """What was asked for."""
        return self.asked["scope"]

    def get_nonce(self) -> str | None:
        """What the token must repeat."""
        return self.asked.get("nonce")

    def get_auth_time(self) -> int:
        """When the person signed in."""
        return self.auth_time

    def get_acr(self) -> None:
        """Say nothing of how."""

    def get_amr(self) -> None:
        """Likewise."""


CODES: Final[dict[str, Code]] = {}
USED: Final[list[str]] = []
KEY: Final = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
OTHER_KEY: Final = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256", "kid": str(KEY.kid)})


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib has no types.
    """Codes are good once."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Keep what was asked with a code."""
        CODES[code] = Code(code, request.user, dict(request.payload.data))
        USED.append(request.payload.data["nonce"])

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        """Give what was asked with it."""
        del client
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Forget it."""
        del CODES[authorization_code.code]

    def authenticate_user(self, authorization_code: Code) -> str:
        """Whose it is."""
        return authorization_code.user


class IdToken(OpenIDCode):  # type: ignore[misc]  # Likewise.
    """ID tokens; those of some people are wrong."""

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        """Whether it was used before."""
        del request
        return nonce in USED

    def generate_user_info(self, user: str, scope: str) -> UserInfo:
        """Who they are; groups are told by the userinfo endpoint only."""
        del scope
        return UserInfo(sub=f"id-of-{user}", preferred_username=user)

    def signed(self, code: Code) -> str:
        """A token, right or not."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": CLIENT if code.user != "misdirected" else "another-client",
            "sub": f"id-of-{code.user}",
            "iat": now,
            "exp": now + 300 if code.user != "stale" else now - 300,
            "nonce": code.get_nonce() if code.user != "replayed" else "an older one",
            "preferred_username": code.user,
        }
        return jwt.encode({"alg": "RS256", "kid": KEY.kid}, claims, OTHER_KEY if code.user == "forged" else KEY)

    def process_token(self, grant: Any, response: Any) -> None:
        """Put the ID token beside the other one."""
        tokens = response[1] if isinstance(response, tuple) else response
        tokens["id_token"] = self.signed(grant.request.authorization_code)


PORT, BACK = sys.argv[1:]
ISSUER: Final = f"http://localhost:{PORT}"
BEARERS: Final[dict[str, str]] = {}

app: Final = Flask("provider")
server: Final = AuthorizationServer(
    app,
    query_client=lambda client_id: Client(BACK) if client_id == CLIENT else None,
    save_token=lambda token, request: BEARERS.update({token["access_token"]: request.user}),
)
server.register_grant(CodeGrant, [CodeChallenge(required=True), IdToken(require_nonce=True)])


@app.get("/.well-known/openid-configuration")
def configuration() -> Response:
    """What the provider says of itself."""
    return jsonify(
        issuer=ISSUER,
        authorization_endpoint=f"{ISSUER}/authorize",
        token_endpoint=f"{ISSUER}/token",
        jwks_uri=f"{ISSUER}/keys",
        userinfo_endpoint=f"{ISSUER}/userinfo",
        token_endpoint_auth_methods_supported=["client_secret_basic"],
    )


@app.get("/keys")
def keys() -> Response:
    """The keys that sign."""
    return jsonify(keys=[KEY.as_dict(private=False)])


@app.get("/authorize")
def authorize() -> Any:
    """Ask who it is; then send them back."""
    who = request.args.get("login_as")
    if who is None:
        links = "".join(f'<p><a href="{request.url}&amp;login_as={one}">{one}</a></p>' for one in GROUPS)
        return f"<!doctype html><title>Provider</title><h1>Who are you?</h1>{links}"
    grant = server.get_consent_grant(end_user=who)
    return server.create_authorization_response(grant=grant, grant_user=who)


@app.post("/token")
def token() -> Any:
    """Give tokens for a code."""
    return server.create_token_response()


@app.get("/userinfo")
def userinfo() -> Any:
    """Tell the groups of whoever a token is about."""
    user = BEARERS.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if user is None:
        return Response(status=401)
    return jsonify(sub=f"id-of-{user}" if user != "impostor" else "id-of-ada", groups=GROUPS[user])


app.run("localhost", int(PORT))
