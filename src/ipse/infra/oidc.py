"""
Signing in with an organisation's own provider: OpenID Connect, authorization code flow with PKCE.

What must survive the way there and back (state, nonce, verifier) rests sealed in the browser: any server can go on. The
token is believed for its signature by the provider's published keys, its issuer, its audience, its time and our nonce.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from ipse.infra.master_key import MasterKey, MasterKeyError
from ipse.service.desk.roles import Role
from ipse.service.ports import Departure, Log, Vouched

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
"""Signatures that only the provider can make. Source: RFC 8725, 3.1 and 3.2."""

AWAY_S: Final = 600
"""How long somebody may be away to sign in. Source: RFC 6749, 4.1.2: a code lives ten minutes at most."""

LEEWAY_S: Final = 60
"""By how much two clocks may differ. Source: OpenID Connect Core 1.0, 2 ("a small leeway"); ours is a minute."""

TIMEOUT_S: Final = 10.0

_ABOUT: Final = "signing in elsewhere"


@dataclass(frozen=True, slots=True)
class Provider:
    """
    An organisation's sign-in, and what its people are here.

    Attributes:
        issuer: Its address, exactly as its tokens name it.
        client: Who we are there.
        secret: Proves it.
        claim: Which claim of a token names somebody's groups.
        roles: Which role which group has.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    claim: str
    roles: Mapping[str, Role]


class Unreliable(Exception):  # noqa: N818 - says what it is
    """The provider did not do its part; the words are for our operator and repeat nothing that it sent."""


class Oidc:
    """
    The port `Elsewhere`.

    Args:
        provider: Who vouches.
        master_key: Seals what the browser keeps.
        log: Where is told why somebody was not let in.
    """

    def __init__(self, provider: Provider, master_key: MasterKey, log: Log) -> None:
        self._provider = provider
        self._master_key = master_key
        self._log = log

    async def begin(self, back: str, now: float) -> Departure | None:
        """Where to go."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        try:
            async with _client() as client:
                metadata = await self._metadata(client)
        except (Unreliable, httpx2.HTTPError) as error:
            self._log.error("sign-in elsewhere failed", why=_why(error))
            return None
        question = {
            "response_type": "code",
            "client_id": self._provider.client,
            "redirect_uri": back,
            "scope": "openid profile email",
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        address = metadata["authorization_endpoint"]
        kept = {"state": state, "nonce": nonce, "verifier": verifier, "until": now + AWAY_S}
        return Departure(f"{address}{'&' if '?' in address else '?'}{urlencode(question)}", self._seal(kept))

    async def finish(self, back: str, note: str, answer: Mapping[str, str], now: float) -> Vouched | None:
        """For whom the provider vouches."""
        try:
            kept = self._open(note, answer, now)
            async with _client() as client:
                metadata = await self._metadata(client)
                tokens = await self._exchange(client, metadata, back, answer["code"], kept["verifier"])
                claims = await self._claims(client, metadata, tokens, kept["nonce"], now)
        except (Unreliable, httpx2.HTTPError) as error:
            self._log.error("sign-in elsewhere failed", why=_why(error))
            return None
        role = self._role(claims)
        if role is None:
            self._log.info(
                "sign-in elsewhere refused", why=f"nothing in the claim {self._provider.claim} is a role here"
            )
        names = (claims.get(one) for one in ("preferred_username", "email", "name", "sub"))
        return Vouched(f"{self._provider.issuer}\0{claims['sub']}", next(str(one) for one in names if one), role)

    async def _metadata(self, client: httpx2.AsyncClient) -> dict[str, Any]:
        """
        What the provider says of itself.

        Source: OpenID Connect Discovery 1.0, 4.3: the issuer must be the one that was asked for.
        """
        found = await _get(client, f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self._provider.issuer:
            raise Unreliable("the provider calls itself by another name than the setting oidc_issuer")
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if not all(isinstance(found.get(one), str) and is_safe(found[one]) for one in needed):
            raise Unreliable("the provider does not name its addresses, or not over https")
        return found

    async def _exchange(
        self, client: httpx2.AsyncClient, metadata: Mapping[str, Any], back: str, code: str, verifier: str
    ) -> dict[str, Any]:
        """The tokens for a code."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        named, secret = self._provider.client, self._provider.secret
        ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" in ways:
            who = httpx2.BasicAuth(quote(named, safe=""), quote(secret, safe=""))  # RFC 6749, 2.3.1
            answer = await client.post(metadata["token_endpoint"], data=form, auth=who)
        else:
            form |= {"client_id": named, "client_secret": secret}
            answer = await client.post(metadata["token_endpoint"], data=form)
        tokens = _json(answer)
        if not isinstance(tokens.get("id_token"), str):
            raise Unreliable("the provider gave no ID token")
        return tokens

    async def _claims(
        self,
        client: httpx2.AsyncClient,
        metadata: Mapping[str, Any],
        tokens: Mapping[str, Any],
        nonce: str,
        now: float,
    ) -> dict[str, Any]:
        """What the ID token says, once it is believed; groups that it lacks are asked for."""
        keys = await _get(client, metadata["jwks_uri"])
        try:
            registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
            token = jwt.decode(tokens["id_token"], KeySet.import_key_set(keys), registry=registry)  # type: ignore[arg-type]  # What is no key set is refused there.
            wanted = jwt.JWTClaimsRegistry(
                now=int(now),
                leeway=LEEWAY_S,
                iss={"essential": True, "value": self._provider.issuer},
                aud={"essential": True, "value": self._provider.client},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            )
            wanted.validate(token.claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Unreliable(f"the ID token is refused ({type(error).__name__})") from None
        claims = dict(token.claims)
        if claims.get("azp", self._provider.client) != self._provider.client:
            raise Unreliable("the ID token was made for another client")
        if self._provider.claim in claims or not is_safe(str(metadata.get("userinfo_endpoint", ""))):
            return claims
        bearer = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
        more = await _get(client, metadata["userinfo_endpoint"], bearer)
        if more.get("sub") != claims["sub"]:  # OpenID Connect Core 1.0, 5.3.2
            raise Unreliable("the provider tells of somebody else than its ID token")
        return {**more, **claims}

    def _role(self, claims: Mapping[str, Any]) -> Role | None:
        """The role with the most rights that somebody's groups give."""
        named = claims.get(self._provider.claim)
        groups = named if isinstance(named, list) else [named]
        roles = {self._provider.roles[one] for one in groups if isinstance(one, str) and one in self._provider.roles}
        return next((role for role in Role if role in roles), None)

    def _seal(self, kept: Mapping[str, object]) -> str:
        """What the browser keeps."""
        return base64.urlsafe_b64encode(self._master_key.seal(json.dumps(kept).encode(), _ABOUT)).decode()

    def _open(self, note: str, answer: Mapping[str, str], now: float) -> dict[str, Any]:
        """What the browser kept, if it is the one that was sent away, in time, and with an answer."""
        try:
            kept: dict[str, Any] = json.loads(self._master_key.open(base64.urlsafe_b64decode(note), _ABOUT))
        except (MasterKeyError, binascii.Error, ValueError):
            raise Unreliable("the browser came back without what it was given") from None
        if kept["until"] < now or not hmac.compare_digest(kept["state"].encode(), answer.get("state", "").encode()):
            raise Unreliable("the browser came back too late, or with another's answer")
        if answer.get("iss", self._provider.issuer) != self._provider.issuer:  # RFC 9207
            raise Unreliable("the answer comes from another provider")
        if "code" not in answer:
            raise Unreliable("the provider refused, or somebody gave up there")
        return kept


def is_safe(address: str) -> bool:
    """Whether nobody on the way can read or change what an address says: https, or this machine itself."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"})


def _challenge(verifier: str) -> str:
    """What shows beforehand that we shall know the verifier. Source: RFC 7636, 4.2, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _client() -> httpx2.AsyncClient:
    """A client that goes nowhere but where it is sent."""
    return httpx2.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False, headers={"User-Agent": "ipse"})


async def _get(client: httpx2.AsyncClient, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON at an address."""
    return _json(await client.get(address, headers=headers))


def _json(answer: httpx2.Response) -> dict[str, Any]:
    """The object that was answered."""
    if answer.status_code != httpx2.codes.OK:
        raise Unreliable(f"the provider answers {answer.status_code}")
    try:
        found = answer.json()
    except ValueError:
        raise Unreliable("the provider does not answer JSON") from None
    if not isinstance(found, dict):
        raise Unreliable("the provider does not answer an object")
    return found


def _why(error: Exception) -> str:
    """What went wrong, without anything that others wrote."""
    return str(error) if isinstance(error, Unreliable) else f"the provider cannot be reached ({type(error).__name__})"
