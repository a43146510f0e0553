"""Who may enter the console: on both databases, without a browser."""

import asyncio
import secrets
from collections.abc import Coroutine, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from argon2.profiles import CHEAPEST
from sqlalchemy import Engine

from ipse.infra.console_token import TokenFile
from ipse.infra.master_key import MasterKey
from ipse.infra.passwords import Argon2Passwords
from ipse.infra.store.accounts import BARE_S, AccountRows, StoredAccounts
from ipse.infra.store.audit import AuditRows, StoredAudit
from ipse.infra.store.housekeeping import purge_some
from ipse.infra.store.questions import Questions
from ipse.infra.store.sessions import IDLE_S, MOST_S, TOLD, StoredAttempts, StoredSessions
from ipse.infra.store.tables import AUDIT, INVITATIONS, SESSIONS, USERS
from ipse.service.desk.entrance import FIRST_S, INVITATION_S, Entrance, Trouble, judge, plain_name
from ipse.service.desk.roles import Role
from ipse.service.desk.staff import Staff
from ipse.service.ports import Vouched

Result = TypeVar("Result")
GOOD = "seven small green turtles"
OTHER = "eight large blue elephants"


class SetClock:
    """A clock that is set."""

    time = 1_800_000_000.0

    def now(self) -> float:
        """The time that was set."""
        return self.time

    def monotonic(self) -> float:
        """The same."""
        return self.time


class World:
    """An entrance on a database."""

    def __init__(self, database: Engine, folder: Path) -> None:
        key = MasterKey(b"k" * 32)
        self.database = database
        self.clock = SetClock()
        self.file = TokenFile(folder)
        self.rows = AuditRows(database, key, self.clock)
        self.questions = questions = Questions(database)
        self.accounts = StoredAccounts(AccountRows(database, key), questions)
        self.sessions = StoredSessions(database, key, questions)
        self.attempts = StoredAttempts(database, key, questions, self.clock)
        audit = StoredAudit(self.rows, questions)
        self.staff = Staff(self.accounts, audit, self.clock, secrets.token_bytes)
        self.entrance = Entrance(
            self.accounts,
            self.sessions,
            Argon2Passwords(CHEAPEST),
            self.attempts,
            audit,
            self.file,
            self.clock,
            secrets.token_bytes,
        )

    def first(self) -> str:
        """The first user's token."""
        assert run(self.entrance.open_first())
        return self.file.path.read_text(encoding="ascii").strip()

    def enter(self, name: str = "Ada", role: Role = Role.ADMIN) -> str:
        """The cookie of somebody new."""
        token = run(self.staff.invite("cli", role))
        cookie = run(self.entrance.enter(token, name, GOOD, GOOD))
        assert not isinstance(cookie, Trouble)
        return cookie

    def whose(self, cookie: str) -> str | None:
        """Whose session it is."""
        user = run(self.sessions.visit(cookie, self.clock.now()))
        return None if user is None else user.name


def run(doing: Coroutine[Any, Any, Result]) -> Result:
    """What a use case gives."""
    return asyncio.run(doing)


async def many(doings: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """What use cases give, one after the other."""
    return [await one for one in doings]


@pytest.fixture
def world(database: Engine, tmp_path: Path) -> Iterator[World]:
    """A fresh world on each database."""
    made = World(database, tmp_path)
    yield made
    made.questions.close()


def test_the_first_token_is_good_once_and_only_while_there_is_nobody(world: World) -> None:
    """Two servers make two tokens; the first who enters makes both worthless, and the file goes."""
    one = world.first()
    another = world.first()
    assert 0o600 == world.file.path.stat().st_mode & 0o777
    entered = run(world.entrance.enter(one, "Ada", GOOD, GOOD))
    assert not isinstance(entered, Trouble)
    again = [run(world.entrance.enter(token, "Eve", GOOD, GOOD)) for token in (one, another)]
    assert [Trouble.GONE, Trouble.GONE] == again
    assert (False, False) == (run(world.entrance.open_first()), world.file.path.exists())


def test_an_invitation_ends(world: World) -> None:
    """A link that nobody used for three days lets nobody in any more."""
    token = run(world.staff.invite("cli", Role.AUDITOR))
    world.clock.time += INVITATION_S
    assert Trouble.GONE is run(world.entrance.enter(token, "Ada", GOOD, GOOD))


def test_a_bare_link_lets_in_once_without_a_password(world: World) -> None:
    """Whoever opens it is there for a session; it works once and within the hour, and leaves no way back."""
    token = run(world.staff.let_in("cli", Role.OPERATOR))
    cookie = run(world.entrance.enter(token, "", "", ""))
    assert not isinstance(cookie, Trouble)
    (user,) = run(world.accounts.every())
    assert (Role.OPERATOR, False) == (user.role, user.has_password)
    assert user.name == world.whose(cookie)
    assert Trouble.GONE is run(world.entrance.enter(token, "", "", ""))
    assert Trouble.WRONG is run(world.entrance.sign_in(user.name, "", "::1"))
    late = run(world.staff.let_in("cli", Role.OPERATOR))
    world.clock.time += FIRST_S
    assert Trouble.GONE is run(world.entrance.enter(late, "", "", ""))


def test_sign_in_tells_nobody_what_was_wrong(world: World) -> None:
    """Unknown names, wrong passwords and whoever was shut out are told the same; names are known in any spelling."""
    world.enter("Ada")
    world.enter("Bob")
    (bob,) = (one for one in run(world.accounts.every()) if one.name == "bob")
    assert run(world.staff.switch("cli", bob, enabled=False)) is None
    tried = [("nobody", GOOD), ("ada", OTHER), ("bob", GOOD)]
    assert {Trouble.WRONG} == {run(world.entrance.sign_in(name, password, "::1")) for name, password in tried}
    cookie = run(world.entrance.sign_in("  \uff21da ", GOOD, "::1"))
    assert not isinstance(cookie, Trouble)
    assert "ada" == world.whose(cookie)


def test_a_session_ends_unused_and_at_last_however_busy(world: World) -> None:
    """Half an hour without a visit ends it; so do twelve hours of visits."""
    left, busy = world.enter("Ada"), world.enter("Bob")
    for _ in range(MOST_S // (IDLE_S - 60)):
        world.clock.time += IDLE_S - 60
        assert "bob" == world.whose(busy)
    assert world.whose(left) is None
    world.clock.time += IDLE_S - 60
    assert world.whose(busy) is None


def test_whatever_changes_a_user_ends_their_sessions(world: World) -> None:
    """A new password, another role, being shut out and leaving everywhere: each ends what was begun before."""
    world.enter("Boss")
    first = world.enter("Ada", Role.OPERATOR)
    (ada,) = (one for one in run(world.accounts.every()) if one.name == "ada")
    second = run(world.entrance.change_password(ada.id, GOOD, OTHER, OTHER, "::1"))
    assert not isinstance(second, Trouble)
    assert (None, "ada") == (world.whose(first), world.whose(second))
    assert run(world.staff.change_role("cli", ada, Role.AUDITOR)) is None
    third = run(world.entrance.sign_in("ada", OTHER, "::1"))
    assert not isinstance(third, Trouble)
    run(world.entrance.sign_out_everywhere(ada.id))
    assert (None, None) == (world.whose(second), world.whose(third))


def test_somebody_remains_administrator(world: World) -> None:
    """The last administrator can neither be shut out nor become something else."""
    world.enter("Ada")
    (ada,) = run(world.accounts.every())
    tried = (run(world.staff.switch("x", ada, enabled=False)), run(world.staff.change_role("x", ada, Role.AUDITOR)))
    assert (Trouble.LAST_ADMIN, Trouble.LAST_ADMIN) == tried
    world.enter("Bob")
    assert run(world.staff.switch("x", ada, enabled=False)) is None


def test_attempts_are_counted_over_all_servers(world: World) -> None:
    """After ten attempts for one name from one address even the right password waits; from elsewhere it does not."""
    world.enter("Ada")
    wrong = {run(world.entrance.sign_in("ada", OTHER, "192.0.2.1")) for _ in range(10)}
    assert {Trouble.WRONG} == wrong
    assert Trouble.TOO_MANY is run(world.entrance.sign_in("ada", GOOD, "192.0.2.1"))
    assert not isinstance(run(world.entrance.sign_in("ada", GOOD, "192.0.2.2")), Trouble)


def test_strangers_shut_nobody_out_who_came_in_before(world: World) -> None:
    """However many try a name, whoever came in by it from an address of theirs may go on trying from there."""
    world.enter("Ada")
    assert not isinstance(run(world.entrance.sign_in("ada", GOOD, "192.0.2.1")), Trouble)
    run(many(world.attempts.may("ada", f"198.51.100.{one}") for one in range(100)))
    tried = [run(world.attempts.may("ada", address)) for address in ("192.0.2.1", "192.0.2.2")]
    assert [True, False] == tried


def test_a_network_of_one_sender_counts_as_one_address(world: World) -> None:
    """Whoever has a /64 of IPv6 has ten attempts for a name, not ten for each of its addresses."""
    allowed = run(many(world.attempts.may("ada", f"2001:db8::{one:x}") for one in range(12)))
    assert (10, True) == (sum(allowed), run(world.attempts.may("ada", "2001:db8:0:1::1")))


def test_strangers_cannot_fill_the_audit_trail(world: World) -> None:
    """Attempts that are shut out are one line for a name and window; of other refusals a kind has so many an hour."""
    world.enter("Ada")
    before = len(world.rows.lines(most=1000))
    run(many(world.entrance.sign_in("ada", OTHER, "192.0.2.1") for _ in range(30)))
    assert before + 10 + 1 == len(world.rows.lines(most=1000))
    run(many(world.entrance.not_vouched() for _ in range(TOLD.amount + 5)))
    assert before + 10 + 1 + TOLD.amount == len(world.rows.lines(most=1000))


def test_whoever_is_not_let_in_is_a_line(world: World) -> None:
    """A wrong password, a wrong present one, a wrong token, and an organisation that does not vouch."""
    world.enter("Ada")
    (ada,) = run(world.accounts.every())
    run(world.entrance.sign_in("ada", OTHER, "::1"))
    run(world.entrance.change_password(ada.id, OTHER, GOOD, GOOD, "::1"))
    run(world.entrance.enter("nonsense", "Eve", GOOD, GOOD))
    run(world.entrance.not_vouched())
    run(world.entrance.vouched(Vouched("https://id.example\0 1", "eve", None)))
    found = world.rows.lines(action="desk.refused")
    assert ["no_role", "elsewhere", "token", "present_password", "password"] == [one.detail["why"] for one in found]
    assert [ada.id, ada.id] == [one.subject for one in found if one.subject]


def test_signing_in_again_ends_the_session_before(world: World) -> None:
    """A browser has one session: the one that it had is over, whichever way somebody came in."""
    first = world.enter("Ada")
    second = run(world.entrance.sign_in("ada", GOOD, "::1", first))
    assert not isinstance(second, Trouble)
    third = run(world.entrance.vouched(Vouched("https://id.example\0 1", "bob", Role.AUDITOR), second))
    assert not isinstance(third, Trouble)
    token = run(world.staff.invite("cli", Role.AUDITOR))
    fourth = run(world.entrance.enter(token, "Eve", GOOD, GOOD, third))
    assert not isinstance(fourth, Trouble)
    assert [None, None, None, "eve"] == [world.whose(one) for one in (first, second, third, fourth)]


def test_who_cannot_come_back_is_no_last_administrator(world: World) -> None:
    """Whoever came in by a bare link does not count, and is forgotten once their session is over."""
    world.enter("Ada")
    (ada,) = run(world.accounts.every())
    bare = run(world.entrance.enter(run(world.staff.let_in("cli", Role.ADMIN)), "", "", ""))
    assert not isinstance(bare, Trouble)
    assert Trouble.LAST_ADMIN is run(world.staff.switch("x", ada, enabled=False))
    purge_some(world.database, world.clock.time)
    assert 2 == len(run(world.accounts.every()))
    world.clock.time += BARE_S
    purge_some(world.database, world.clock.time)
    assert ["ada"] == [one.name for one in run(world.accounts.every())]


@pytest.mark.parametrize("how", ["disabled", "demoted", "elsewhere"])
def test_links_of_whoever_may_invite_no_more_are_worth_nothing(world: World, how: str) -> None:
    """An administrator who is shut out, or becomes something else, leaves no way back in."""
    world.enter("Boss")
    run(world.entrance.vouched(Vouched("https://id.example\0 1", "ada", Role.ADMIN)))
    (ada,) = (one for one in run(world.accounts.every()) if one.name == "ada")
    token = run(world.staff.invite(ada.id, Role.ADMIN))
    others = run(world.staff.invite("cli", Role.ADMIN))
    if how == "elsewhere":
        run(world.entrance.vouched(Vouched("https://id.example\0 1", "ada", Role.AUDITOR)))
    elif how == "demoted":
        assert run(world.staff.change_role("cli", ada, Role.AUDITOR)) is None
    else:
        assert run(world.staff.switch("cli", ada, enabled=False)) is None
    tried = [run(world.entrance.invitation(one)) for one in (token, others)]
    assert [None, Role.ADMIN] == [one and one.role for one in tried]


def test_an_organisation_alone_says_who_of_its_people_comes_in(world: World) -> None:
    """They get no password of ours, and their sessions end when the organisation has no role for them any more."""
    who = Vouched("https://id.example\0 1", "bob", Role.OPERATOR)
    cookie = run(world.entrance.vouched(who))
    assert not isinstance(cookie, Trouble)
    (bob,) = run(world.accounts.every())
    assert run(world.staff.renew_password("cli", bob)) is None
    assert "bob" == world.whose(cookie)
    assert Trouble.NO_ROLE is run(world.entrance.vouched(Vouched(who.subject, who.name, None)))
    assert world.whose(cookie) is None


def test_nothing_that_opens_a_door_is_kept(world: World) -> None:
    """Neither cookies nor tokens nor passwords stand in the database, nor names in the audit trail."""
    cookie = world.enter("Ada Lovelace")
    token = run(world.staff.invite("cli", Role.AUDITOR))
    with world.database.connect() as connection:
        kept = {table.name: str(connection.execute(table.select()).all()) for table in (USERS, SESSIONS, INVITATIONS)}
        trail = str(connection.execute(AUDIT.select()).all())
    assert not [word for word in (cookie, token, GOOD) if any(word in text for text in (*kept.values(), trail))]
    assert "lovelace" not in trail.casefold()


def test_a_guess_is_as_dear_as_the_standard_says() -> None:
    """Passwords are hashed with 64 MiB, three passes and four lanes, each with a salt of its own."""
    passwords = Argon2Passwords()
    one, another = (run(passwords.hash(GOOD)) for _ in range(2))
    assert one != another
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    fits = [run(passwords.fits(word, one)) for word in (GOOD, OTHER)]
    assert ([True, False], False) == (fits, run(passwords.fits(GOOD, None)))


def test_whom_others_vouch_for_has_no_password(world: World) -> None:
    """They get an account of their own even where somebody has their name, and cannot sign in by a password."""
    world.enter("Ada")
    came = run(world.entrance.vouched(Vouched("https://id.example\0 1", "ada", Role.OPERATOR)))
    assert not isinstance(came, Trouble)
    names = [one.name for one in run(world.accounts.every())]
    assert 2 == len(names)
    assert world.whose(came) in set(names) - {"ada"}


def test_a_changed_line_breaks_the_audit_trail(world: World) -> None:
    """The check names the first line that was changed, or that is missing."""
    world.enter("Ada")
    world.rows.note("cli", "keys.create", "abc", dialect="native")
    before = world.rows.check()
    with world.database.begin() as connection:
        connection.execute(AUDIT.update().where(AUDIT.c.number == 2).values(actor="somebody else"))
    changed = world.rows.check()
    with world.database.begin() as connection:
        connection.execute(AUDIT.delete().where(AUDIT.c.number == 1))
    assert (None, 2, 1) == (before, changed, world.rows.check())


def test_lines_are_found_by_who_and_what(world: World) -> None:
    """An action that ends in a dot is all that begin with it; pages go back by numbers."""
    for action in ("keys.create", "keys.rotate", "people.remove"):
        world.rows.note("cli", action)
    found = [one.action for one in world.rows.lines(action="keys.")]
    assert (["keys.rotate", "keys.create"], [1]) == (found, [one.number for one in world.rows.lines(before=2)])


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("short", Trouble.PASSWORD_SHORT),
        ("x" * 129, Trouble.PASSWORD_LONG),
        ("aaaaaaaaaaaaaaa", Trouble.PASSWORD_PLAIN),
        ("password1234567", Trouble.PASSWORD_PLAIN),
        ("qwertyuiop12345", Trouble.PASSWORD_PLAIN),
        ("ada lovelace 1815", Trouble.PASSWORD_PLAIN),
        ("correct horse battery staple", None),
        ("ไก่จิกเด็กตายบนปากโอ่ง", None),
    ],
)
def test_passwords_are_judged_by_length_and_not_by_composition(password: str, told: Trouble | None) -> None:
    """Long enough and more than a name, a well-known word or a row of keys is all that is asked."""
    assert told is judge(password, password, "ada lovelace")


@pytest.mark.parametrize("name", ["", "   ", "a\u0000b", "x" * 101])
def test_what_is_no_name_is_none(name: str) -> None:
    """Nothing, control characters and whole stories are no names."""
    assert "" == plain_name(name)
