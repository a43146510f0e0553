"""
The console as an ASGI application: who asks, may they, with which word; then the page answers.

Here and in `bodies` alone the console knows HTTP. Bodies are bounded, in memory, never on disk.
"""

import hmac
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final, Protocol
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from ipse.console.bodies import Bodies
from ipse.console.page import ROOT, Answer, Asked, Cookie, Left, Page, Refused, Route, Sent, Shown, Visitor, Went
from ipse.console.rendering import has_static, static_files, templates
from ipse.console.words import LANGUAGES, Words, chosen
from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import WireRequest
from ipse.service.faults import told_of
from ipse.service.ports import Log

SESSION: Final = "ipse_session"
LANGUAGE: Final = "ipse_language"
"""The names of our cookies."""

SECURE: Final = "__Secure-"
"""What they begin with over https: a browser takes such a one over https only. Source: RFC 6265bis, 4.1.3.1."""

CSRF: Final = "csrf"
"""The field of every form, or the header of a script's request (`X-CSRF`), that holds the visitor's word."""

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No text may become a script or a style; nobody may frame us. Source: CSP level 3, OWASP ASVS 5.0, 3.4.3."""

HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",  # With none at all, browsers would call our own forms' origin "null".
    "X-Content-Type-Options": "nosniff",
}
"""What goes with every answer. Source: OWASP ASVS 5.0, 3.4."""

LASTING: Final = "max-age=31536000; includeSubDomains"
"""Whoever came over https comes over https for a year. Source: OWASP ASVS 5.0, 3.4.1."""

_STATUS: Final[Mapping[Reason, HTTPStatus]] = {
    Reason.BODY_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Reason.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Of requests that could not be read; every other one is a bad request."""

FOREVER: Final = "public, max-age=31536000, immutable"

ONCE: Final = "once"
"""The field of forms whose answer shows a secret: what is sent again, because somebody reloads that answer, makes no
second one."""


class Doors(Protocol):
    """Who is signed in."""

    async def visitor(self, cookie: str) -> Visitor | None:
        """Give whose session this is; `None` if it is nobody's, or over."""
        ...

    async def is_first(self, visitor: Visitor, word: str) -> bool:
        """Whether this visitor sends this word for the first time."""
        ...


class Console:
    """
    The ASGI application below `ROOT`.

    Args:
        pages: In the order of the navigation.
        doors: Says who is signed in.
        log: Where faults go.
        origin: Scheme and host under which browsers know us, if that is a proxy's; else each request says it.
        bodies: How much is read of a request.
    """

    def __init__(
        self, pages: Iterable[Page], doors: Doors, log: Log, origin: str = "", bodies: Bodies | None = None
    ) -> None:
        self._bodies = bodies or Bodies()
        self._origin = origin
        self.pages: Final = tuple(pages)
        self._doors = doors
        self._log = log
        self._ways = [
            (page, route, compile_path(ROOT + (route.path if route.path != "/" else "")))
            for page in self.pages
            for route in page.routes
        ]

    @staticmethod
    def answers(scope: Scope) -> bool:
        """Whether this request is for the console."""
        path: str = scope["path"]
        return path == ROOT or path.startswith(f"{ROOT}/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request that `answers` takes: this is the one place of the console that catches."""
        asked = Headers(scope=scope)
        try:
            response = self._static(scope, asked) or await self._response(scope, receive, asked)
        except ClientDisconnect:
            return
        except Refusal as refusal:
            status = _STATUS.get(refusal.reason, HTTPStatus.BAD_REQUEST)
            response = self._refused(Refused(status, "bad_request"), _language(scope, asked), None)
            response.headers["Connection"] = "close"  # Nobody waits for the rest of its body.
        except Exception as fault:  # noqa: BLE001 - the one place of the console: the visitor is told, the log gets the rest
            self._log.error("console fault", path=scope["path"].partition("?")[0][:64], **told_of(fault))
            response = self._refused(Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "fault"), _language(scope, asked), None)
        if self._is_secure(scope):
            response.headers["Strict-Transport-Security"] = LASTING
        await response(scope, receive, send)

    async def _response(self, scope: Scope, receive: Receive, asked: Headers) -> Response:
        """The answer of a page."""
        prefix = SECURE if self._is_secure(scope) else ""
        cookies = {n.removeprefix(prefix): word for n, word in Request(scope).cookies.items() if n.startswith(prefix)}
        language = _language(scope, asked)
        visitor = await self._doors.visitor(cookies[SESSION]) if SESSION in cookies else None
        found = self._find(scope)
        if found is None:
            return self._refused(Refused(HTTPStatus.NOT_FOUND, "no_page"), language, visitor)
        page, route, words = found
        if route.right is not None and visitor is None:
            return self._made(Went(_way_in(scope)), language, scope, None, page)
        if route.right is not None and visitor is not None and not visitor.may(route.right):
            return self._refused(Refused(HTTPStatus.FORBIDDEN, "not_yours"), language, visitor)
        async with self._bodies.reading(scope, receive, is_open=route.right is None) as request:
            if route.method == "POST" and not _may_change(asked, request, visitor, route, self._origin_of(scope)):
                return self._refused(Refused(HTTPStatus.FORBIDDEN, "stale_form"), language, visitor)
            once = request.content(ONCE)
            if visitor is not None and once and not await self._doors.is_first(visitor, once.decode("latin-1")):
                return self._refused(Refused(HTTPStatus.CONFLICT, "sent_before"), language, visitor)
            session = cookies.get(SESSION, "") if visitor is not None else ""
            address = scope["client"][0] if scope.get("client") else ""
            origin = self._origin_of(scope)
            answer = await route.answer(Asked(request, language, words, visitor, session, address, origin, cookies))
            return self._made(answer, language, scope, visitor, page)

    def _is_secure(self, scope: Scope) -> bool:
        """Whether the browser reaches us over https."""
        return self._origin_of(scope).startswith("https://")

    def _origin_of(self, scope: Scope) -> str:
        """Scheme and host under which the browser knows us."""
        return self._origin or f"{scope['scheme']}://{Headers(scope=scope).get('host', '')}"

    def _find(self, scope: Scope) -> tuple[Page, Route, dict[str, str]] | None:
        """The route of a request, and the words of its path."""
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        path = scope["path"] if scope["path"] == ROOT else scope["path"].rstrip("/")
        for page, route, (pattern, _, convertors) in self._ways:
            met = pattern.match(path)
            if met is not None and method == route.method:
                return (
                    page,
                    route,
                    {name: str(convertors[name].convert(word)) for name, word in met.groupdict().items()},
                )
        return None

    def _static(self, scope: Scope, asked: Headers) -> Response | None:
        """A static file, if one is asked for."""
        _, _, rest = scope["path"].partition(f"{ROOT}/static/")
        tag, _, name = rest.partition("/")
        file = static_files().get(name)
        if file is None or file.tag != tag or scope["method"] not in {"GET", "HEAD"}:
            return None
        packed = "gzip" in asked.get("accept-encoding", "")
        headers = {**HEADERS, "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if packed:
            headers["Content-Encoding"] = "gzip"
        return Response(file.packed if packed else file.content, headers=headers, media_type=file.kind)

    def _made(self, answer: Answer, language: str, scope: Scope, visitor: Visitor | None, page: Page) -> Response:
        """A page's answer as a response."""
        match answer:
            case Refused():
                return self._refused(answer, language, visitor)
            case Went():
                response: Response = RedirectResponse(ROOT + answer.path, HTTPStatus.SEE_OTHER, headers=dict(HEADERS))
                return self._with_cookies(response, answer.cookies, scope)
            case Left():
                response = RedirectResponse(answer.address, HTTPStatus.SEE_OTHER, headers=dict(HEADERS))
                return self._with_cookies(response, answer.cookies, scope)
            case Sent():
                headers = dict(HEADERS)
                if answer.filename is not None:
                    headers["Content-Disposition"] = f'attachment; filename="{answer.filename}"'
                return Response(answer.content, answer.status, headers, answer.kind)
            case Shown():
                response = self._page(answer, language, visitor, page)
                return self._with_cookies(
                    response, (*answer.cookies, Cookie(LANGUAGE, language, 31_536_000, "lax")), scope
                )

    def _with_cookies(self, response: Response, cookies: Iterable[Cookie], scope: Scope) -> Response:
        """
        A response that sets cookies, for the console only.

        Over https their names begin with `__Secure-`, not `__Host-`, which would force the path `/` (RFC 6265bis,
        4.1.3.2): the dialects below it must not be sent them. Source: OWASP ASVS 5.0, 3.3.1.
        """
        is_secure = self._is_secure(scope)
        for one in cookies:
            response.set_cookie(
                SECURE + one.name if is_secure else one.name,
                one.value,
                max_age=one.seconds if one.value else 0,
                path=ROOT,
                secure=is_secure,
                httponly=True,
                samesite=one.same_site,
            )
        return response

    def _page(self, shown: Shown, language: str, visitor: Visitor | None, page: Page | None) -> Response:
        """A template, filled in."""
        name = "" if page is None else page.name
        text = (
            templates()
            .get_template(shown.template)
            .render(
                **shown.facts,
                t=Words(language),
                language=language,
                languages=LANGUAGES,
                visitor=visitor,
                page=name,
                navigation=[
                    one.name for one in self.pages if visitor is not None and one.right and visitor.may(one.right)
                ],
                scripts=[f"{name}.js"] if has_static(f"{name}.js") else [],
                styles=[f"{name}.css"] if has_static(f"{name}.css") else [],
            )
        )
        return Response(text, shown.status, HEADERS, "text/html; charset=utf-8")

    def _refused(self, refused: Refused, language: str, visitor: Visitor | None) -> Response:
        """A page that says why there is none."""
        return self._page(Shown("refused.html", {"word": refused.word}, refused.status), language, visitor, None)


def _way_in(scope: Scope) -> str:
    """Where somebody signs in, and goes on from there to the page that was looked for."""
    wanted = scope["path"].removeprefix(ROOT)
    return f"/sign-in?{urlencode({'to': wanted})}" if scope["method"] == "GET" and wanted.isascii() else "/sign-in"


def _language(scope: Scope, asked: Headers) -> str:
    """The language of a request."""
    request = Request(scope)
    remembered = request.cookies.get(SECURE + LANGUAGE) or request.cookies.get(LANGUAGE, "")
    return chosen(request.query_params.get("language", ""), remembered, asked.get("accept-language", ""))


def _may_change(asked: Headers, request: WireRequest, visitor: Visitor | None, route: Route, origin: str) -> bool:
    """
    Whether a request that changes something comes from a page of ours: by its origin, and by the visitor's word.

    Source: OWASP Cross-Site Request Forgery Prevention Cheat Sheet: synchroniser token, and Fetch Metadata besides.
    """
    if asked.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    if urlsplit(asked.get("origin", origin)).netloc != urlsplit(origin).netloc:
        return False  # Schemes may differ: a proxy speaks https for us.
    if route.right is None and visitor is None:
        return True  # Nobody is signed in whose rights could be misused.
    word = (request.content(CSRF) or asked.get("x-csrf", "").encode()).decode("latin-1")
    return visitor is not None and hmac.compare_digest(word.encode(), visitor.csrf.encode())
