"""One call of a dialect as a value: sent by `ipse.console.trying.wire`, shown as source text by `…snippets`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

PLACES: Final[Mapping[str, tuple[str, str]]] = {
    "faceid": ("api_key", "api_secret"),
    "linkface": ("api_id", "api_secret"),
}
"""What key and secret are called where they are fields. Source: the vendors' pages."""

TENCENT_HEADERS: Final[Mapping[str, str]] = {
    "X-TC-Version": "2018-03-01",
    "X-TC-Region": "ap-singapore",
    "X-TC-Language": "en-US",
}
"""Source: the vendor's page on ApplyCardVerification, common parameters."""


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A picture that is sent: as a file of a form, or within JSON in base64.

    Attributes:
        filename: What it is called in the source text that is shown.
        content: Its bytes.
    """

    filename: str
    content: bytes = field(default=b"", repr=False)


Member: TypeAlias = "str | Picture"


@dataclass(frozen=True, slots=True)
class Call:
    """
    What is asked, but for who asks.

    Attributes:
        dialect: Whose call it is; it says where key and secret go.
        method: In capitals.
        path: Below the server's address.
        form: The fields of a multipart form, in order; empty if it has none.
        query: The pairs of the query string.
        json: The members of a JSON body; `None` if it has none.
        action: Tencent's name of the call; empty elsewhere.
    """

    dialect: str
    method: str
    path: str
    form: tuple[tuple[str, Member], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    json: Mapping[str, Any] | None = None
    action: str = ""

    @property
    def files(self) -> tuple[tuple[str, Picture], ...]:
        """Give the pictures by the names of their fields."""
        members = (*self.form, *(self.json or {}).items())
        return tuple((name, one) for name, one in members if isinstance(one, Picture))

    def with_credentials(self, key: str, secret: str | None) -> "Call":
        """Give the same, with key and secret in the fields where this dialect has them, if it has them in fields."""
        if self.dialect not in PLACES:
            return self
        pairs = tuple(zip(PLACES[self.dialect], (key, secret or ""), strict=True))
        if self.form:
            return Call(self.dialect, self.method, self.path, (*pairs, *self.form), self.query, self.json)
        if self.dialect == "faceid":
            return Call(self.dialect, self.method, self.path, pairs, self.query)
        return Call(self.dialect, self.method, self.path, (), (*pairs, *self.query), self.json)

    def headers(self, key: str) -> dict[str, str]:
        """Give the headers that say who asks, for dialects whose key is one word."""
        return {"iapp": {"apikey": key}, "native": {"Authorization": f"Bearer {key}"}}.get(self.dialect, {})
