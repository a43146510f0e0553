"""What may be set about the console; a part of `ipse.infra.settings.Settings`, which reads it."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

_SECURE: Final = re.compile(r"https://[^/?#@]+(/[^?#]*)?|http://(localhost|127\.0\.0\.1)(:\d+)?(/[^?#]*)?")
"""What nobody on the way can read: https, or this machine itself."""


class ConsoleSettings(BaseModel):
    """What one may choose about who looks at the console, and from where."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    console_url: str = ""
    """Where browsers reach the server through a proxy: `https://verify.example.org`. Empty: as each request says it."""

    console_try: bool = True
    """Whether the console offers to try things, with keys of its own that are new every day."""

    oidc_issuer: str = ""
    """Your organisation's sign-in for the console (OpenID Connect), as it names itself. Empty: passwords only."""

    oidc_client_id: str = ""
    """Who the console is there. Its address to come back to is `console_url` with `/console/elsewhere/back`."""

    oidc_client_secret: SecretStr | None = None
    """Proves that it is the console."""

    oidc_role_claim: str = "groups"
    """The claim that names somebody's groups there."""

    oidc_roles: Annotated[Mapping[str, str], NoDecode] = Field(default_factory=dict)
    """What their groups are here: `ipse-admins=admin,clerks=operator`. Who is in none of them may not enter."""

    @field_validator("oidc_roles", mode="before")
    @classmethod
    def _read_roles(cls, given: object) -> object:
        """Read `group=role` pairs from a variable; a table in the TOML file is taken as it is."""
        if not isinstance(given, str):
            return given
        pairs = (pair.rpartition("=") for pair in given.split(",") if pair.strip())
        return {group.strip(): role.strip() for group, _, role in pairs}

    @field_validator("oidc_roles")
    @classmethod
    def _are_roles(cls, roles: Mapping[str, str]) -> Mapping[str, str]:
        """Refuse what is no role."""
        if not all(group and role in {"admin", "operator", "auditor"} for group, role in roles.items()):
            message = "write GROUP=ROLE, separated by commas; a role is admin, operator or auditor"
            raise ValueError(message)
        return roles

    @field_validator("console_url", "oidc_issuer")
    @classmethod
    def _is_secure(cls, address: str) -> str:
        """Refuse what others could read on the way, except on this machine."""
        if address and not _SECURE.fullmatch(address):
            message = "write https://HOST"
            raise ValueError(message)
        return address

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Refuse a provider without a client, or with nobody to let in."""
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret and self.oidc_roles):
            message = "oidc_issuer needs oidc_client_id, oidc_client_secret and oidc_roles"
            raise ValueError(message)
        return self
