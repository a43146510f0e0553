"""Keys: made, limited, switched off, given new secrets, which are shown once."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from ipse.console.page import Answer, Asked, Page, Refused, Route, Shown, Went
from ipse.console.pages.keys_form import PERMISSIONS, Form, Wrong, empty, of_key, written
from ipse.console.showing import day_of, moment
from ipse.core.genuineness.judgement import NAMES
from ipse.core.genuineness.policy import CONSEQUENCES, DEFAULTS
from ipse.protocols.operations import OPERATIONS
from ipse.service.desk.keys import GRACE_HOURS, MOST_GRACE_HOURS, DeskKeys
from ipse.service.desk.roles import Right
from ipse.service.ports import DIALECTS, DialectName, Key, Limits
from ipse.service.ports.retention import ARTEFACT_KINDS

VENDORS: Final = {
    "faceid": "Megvii FaceID",
    "iapp": "iApp",
    "linkface": "Linkface",
    "tencent": "Tencent Cloud",
    "native": "Ipse",
}
"""What each dialect is called."""

STATES: Final[dict[str, Limits]] = {
    "disable": {"enabled": False},
    "enable": {"enabled": True},
    "suspend": {"suspended": True},
    "resume": {"suspended": False},
}
"""What the buttons set."""

GRACES: Final = (0, 1, GRACE_HOURS, 24 * 7, MOST_GRACE_HOURS)
"""The choices of grace, in hours."""

UNKNOWN: Final = Refused(HTTPStatus.NOT_FOUND, "no_page")


@dataclass(frozen=True, slots=True)
class Keys:
    """The answers of the page."""

    desk: DeskKeys

    async def every(self, asked: Asked) -> Answer:
        """Give the list."""
        del asked
        keys = [_line(key, self._today()) for key in await self.desk.every()]
        return Shown("keys.html", {"keys": keys, "vendors": VENDORS})

    async def blank(self, asked: Asked) -> Answer:
        """Give the choice of a dialect, then the form for its key."""
        dialect = _dialect(asked.query("dialect"))
        if dialect is None:
            return Shown("keys_dialect.html", {"vendors": VENDORS})
        return self._form(dialect, empty(), {})

    async def create(self, asked: Asked) -> Answer:
        """Make a key and show its secret, once."""
        dialect = _dialect(asked.text("dialect"))
        if dialect is None:
            return UNKNOWN
        form = Form(asked, dialect, self.desk.is_rate)
        name, limits = form.name(), form.limits()
        if form.wrong:
            return self._form(dialect, written(asked), form.wrong)
        made = await self.desk.create(asked.known.user, dialect, name, limits)
        facts = {"made": made, "key": made.key.partition(".")[0], "dialect": dialect, "grace_hours": None}
        return Shown("keys_secret.html", facts)

    async def one(self, asked: Asked) -> Answer:
        """Give one key."""
        key = await self.desk.find(asked.words["key"])
        return UNKNOWN if key is None else self._sheet(key, of_key(key), {})

    async def limit(self, asked: Asked) -> Answer:
        """Set its limits."""
        key = await self.desk.find(asked.words["key"])
        if key is None:
            return UNKNOWN
        form = Form(asked, key.dialect, self.desk.is_rate)
        limits = form.limits()
        if form.wrong:
            return self._sheet(key, {**written(asked), "name": key.name}, form.wrong)
        await self.desk.change(asked.known.user, key.id, limits)
        return Went(f"/keys/{key.id}")

    async def switch(self, asked: Asked) -> Answer:
        """Switch it off or on, suspend it or let it go on."""
        limits, key = STATES.get(asked.words["state"]), asked.words["key"]
        if limits is None or not await self.desk.change(asked.known.user, key, limits):
            return UNKNOWN
        return Went(f"/keys/{key}")

    async def rotate(self, asked: Asked) -> Answer:
        """Give it a new secret and show it, once."""
        word = asked.text("grace_hours")
        hours = int(word) if word.isascii() and word.isdigit() else GRACE_HOURS
        key = await self.desk.find(asked.words["key"])
        made = await self.desk.rotate(asked.known.user, asked.words["key"], min(hours, MOST_GRACE_HOURS))
        if key is None or made is None:
            return UNKNOWN
        facts = {"made": made, "key": key.id, "dialect": key.dialect, "grace_hours": min(hours, MOST_GRACE_HOURS)}
        return Shown("keys_secret.html", facts)

    async def end_grace(self, asked: Asked) -> Answer:
        """Refuse the old secret from now on."""
        key = asked.words["key"]
        return Went(f"/keys/{key}") if await self.desk.end_grace(asked.known.user, key) else UNKNOWN

    async def webhook_secret(self, asked: Asked) -> Answer:
        """Show what its webhooks are signed with; a new secret, if one is wanted."""
        key = await self.desk.find(asked.words["key"])
        if key is None:
            return UNKNOWN
        give = self.desk.renew_webhook_secret if asked.text("renew") else self.desk.webhook_secret
        return self._sheet(key, of_key(key), {}, await give(asked.known.user, key.id))

    def _form(self, dialect: DialectName, fields: object, wrong: Wrong) -> Shown:
        """Give the form of a new key."""
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        return Shown("keys_new.html", {**_choices(dialect), "fields": fields, "wrong": wrong}, status)

    def _sheet(self, key: Key, fields: object, wrong: Wrong, webhook_secret: str | None = None) -> Shown:
        """Give all of one key."""
        now_ms = self.desk.clock.now() * 1000
        grace_ms = key.old_until_ms if key.old_until_ms is not None and key.old_until_ms > now_ms else None
        facts = {
            **_choices(key.dialect),
            "key": key,
            "line": _line(key, self._today()),
            "created": moment(key.created_at_s),
            "old_until": None if grace_ms is None else moment(grace_ms / 1000),
            "graces": GRACES,
            "grace_default": GRACE_HOURS,
            "webhook_secret": webhook_secret,
            "fields": fields,
            "wrong": wrong,
        }
        return Shown("keys_one.html", facts, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK)

    def _today(self) -> str:
        """Give the day, as keys' last days are written."""
        return str(day_of(self.desk.clock.now()))


def page(desk: DeskKeys) -> Page:
    """Give the page."""
    keys = Keys(desk)
    see, change = Right.SEE_KEYS, Right.CHANGE_KEYS
    return Page(
        "keys",
        (
            Route("GET", "/keys", keys.every, see),
            Route("GET", "/keys/new", keys.blank, change),
            Route("POST", "/keys", keys.create, change),
            Route("GET", "/keys/{key}", keys.one, see),
            Route("POST", "/keys/{key}/limits", keys.limit, change),
            Route("POST", "/keys/{key}/rotate", keys.rotate, change),
            Route("POST", "/keys/{key}/end-grace", keys.end_grace, change),
            Route("POST", "/keys/{key}/webhook-secret", keys.webhook_secret, change),
            Route("POST", "/keys/{key}/{state}", keys.switch, change),
        ),
        see,
    )


def _dialect(word: str) -> DialectName | None:
    """Give the dialect of a word."""
    return next((one for one in DIALECTS if one == word), None)


def _choices(dialect: DialectName) -> dict[str, object]:
    """Give what the form offers."""
    return {
        "dialect": dialect,
        "vendor": VENDORS[dialect],
        "operations": sorted(OPERATIONS[dialect]),
        "permissions": PERMISSIONS,
        "judgements": {name: DEFAULTS[name] for name in NAMES},
        "consequences": CONSEQUENCES,
        "kinds": ARTEFACT_KINDS,
    }


def _line(key: Key, today: str) -> dict[str, object]:
    """Give a key as the list shows it."""
    is_over = key.expires_on is not None and str(key.expires_on) < today
    state = "off" if not key.enabled else "suspended" if key.suspended else "over" if is_over else "works"
    left = [] if key.test_quota is None else [("calls", max(0, key.test_quota - key.used), key.test_quota)]
    left += [] if key.credit is None else [("units", max(0, key.credit - key.spent), key.credit)]
    return {"key": key, "state": state, "left": left, "vendor": VENDORS[key.dialect]}
