"""What a page of the console is: plain values between the desk, which knows HTTP, and the pages, which do not."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Literal, TypeAlias
from urllib.parse import parse_qsl

from ipse.protocols.messages import WireRequest
from ipse.service.desk.roles import RIGHTS, Right, Role

ROOT: Final = "/console"
"""Where the console is; everything of it lies below."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """
    Somebody who is signed in.

    Attributes:
        user: Their public id.
        name: What they sign in with.
        role: What they are.
        csrf: The word that every form of theirs must bring.
    """

    user: str
    name: str
    role: Role
    csrf: str = field(repr=False)

    def may(self, right: Right) -> bool:
        """Give whether they may do this."""
        return right in RIGHTS[self.role]


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A request that was let in: the visitor has the route's right, and the form brought the visitor's word.

    Attributes:
        request: Head and form; uploads are bytes in memory.
        language: The language to answer in.
        words: The parts of the path that the route names in braces.
        visitor: Who asks; only routes that are open to everybody are asked by `None`.
        session: The cookie of the visitor's session; empty if there is none.
        address: Where the request came from: a browser's address, or that of the proxy before us.
        origin: Scheme and host under which the browser knows us, such as `https://verify.example.org`.
        cookies: Ours, by their plain names; over https only those that were set over https.
    """

    request: WireRequest = field(repr=False)
    language: str
    words: Mapping[str, str] = field(default_factory=dict)
    visitor: Visitor | None = None
    session: str = field(default="", repr=False)
    address: str = ""
    origin: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def known(self) -> Visitor:
        """Give the visitor of a route that is not open to everybody."""
        assert self.visitor is not None
        return self.visitor

    def query(self, name: str) -> str:
        """Give a word of the query string, empty if it is not there; of several the last."""
        return self.queries.get(name, "")

    @property
    def queries(self) -> Mapping[str, str]:
        """Give all words of the query string; of several under one name the last."""
        return dict(parse_qsl(self.request.head.query.decode("ascii", "replace")))

    def text(self, name: str) -> str:
        """Give a field of the form as text, empty if it is not there or no UTF-8."""
        try:
            return (self.request.content(name) or b"").decode().strip()
        except UnicodeDecodeError:
            return ""

    def cookie(self, name: str) -> str:
        """Give a cookie of the request, empty if it is not there."""
        return self.cookies.get(name, "")

    def upload(self, name: str) -> bytes | None:
        """Give the bytes of a file of the form; `None` if none was chosen."""
        return self.request.content(name) or None


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of HTML: a template of `templates/`, and what it is filled with."""

    template: str
    facts: Mapping[str, object] = field(default_factory=dict, repr=False)
    status: int = HTTPStatus.OK
    cookies: tuple["Cookie", ...] = ()


@dataclass(frozen=True, slots=True)
class Went:
    """Another address (below `ROOT`), to which the browser goes with GET."""

    path: str
    cookies: tuple["Cookie", ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody else's address, to which the browser goes with GET."""

    address: str = field(repr=False)
    cookies: tuple["Cookie", ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """Bytes of another kind: JSON for a script, a table to keep, a picture. Never stored by anybody on the way."""

    content: bytes = field(repr=False)
    kind: str
    status: int = HTTPStatus.OK
    filename: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """What was asked for is not there, or not now; `word` names the sentence of `words/*/desk.json` that says so."""

    status: int
    word: str


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie of the console; `value` empty deletes it. Always HttpOnly, and Secure over https."""

    name: str
    value: str = field(repr=False)
    seconds: int
    same_site: Literal["strict", "lax"] = "strict"


Answer: TypeAlias = Shown | Went | Left | Sent | Refused


@dataclass(frozen=True, slots=True)
class Route:
    """
    One thing that can be asked of a page.

    Attributes:
        method: `GET` changes nothing and is not asked for a word; `POST` is.
        path: Below the console's root, such as `/keys/{key}/disable`.
        answer: Does it.
        right: What the visitor must have; `None` is open to everybody, signed in or not.
    """

    method: Literal["GET", "POST"]
    path: str
    answer: Callable[[Asked], Awaitable[Answer]]
    right: Right | None


@dataclass(frozen=True, slots=True)
class Page:
    """
    One page of the console.

    Attributes:
        name: Names its template, its words (`words/*/NAME.json`) and, if there are, its script and style in `static/`.
        routes: What can be asked of it.
        right: Who finds it in the navigation; `None`: nobody, it is reached from elsewhere.
    """

    name: str
    routes: tuple[Route, ...]
    right: Right | None = None
