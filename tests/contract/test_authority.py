"""The port `People` at an authority over HTTP: what it says, and everything that can go wrong with it."""

import asyncio
import base64
import gzip
import json
import socket
import time
from collections.abc import Iterator
from io import BytesIO

import PIL.Image
import pytest

from ipse.core.reasons import Reason, Refusal
from ipse.infra.authority import ATTEMPTS, FAILURES, MOST_BYTES, AskedAuthority, AuthorityAddress
from ipse.service.ports import Registered
from tests.played_authority import LONG_S, PlayedAuthority, Said, played, says

NUMBER = "11010119900101001X"
NAME = "阿不都·买买提"


class Lines:
    """A log in memory."""

    def __init__(self) -> None:
        self.said: list[dict[str, object]] = []

    def info(self, event: str, **facts: object) -> None:
        """Keep it."""
        self.said.append({"event": event, **facts})

    error = info


@pytest.fixture
def authority() -> Iterator[PlayedAuthority]:
    """One that knows nobody yet."""
    with played() as running:
        yield running


@pytest.fixture
def log() -> Lines:
    """An empty log."""
    return Lines()


@pytest.fixture(scope="module")
def photo() -> bytes:
    """A small picture."""
    file = BytesIO()
    PIL.Image.new("RGB", (8, 8), (200, 150, 120)).save(file, "PNG")
    return file.getvalue()


def look_up(address: AuthorityAddress, log: Lines, *numbers: str) -> list[Registered | Reason]:
    """What is found, or why not, one look-up after the other by one asker."""

    async def ask() -> list[Registered | Reason]:
        asker = AskedAuthority(address, log)
        found: list[Registered | Reason] = []
        for number in numbers or (NUMBER,):
            try:
                found.append(await asker.look_up(number, NAME))
            except Refusal as refusal:
                found.append(refusal.reason)
        await asker.aclose()
        return found

    return asyncio.run(ask())


def test_a_match_gives_the_photo(authority: PlayedAuthority, log: Lines, photo: bytes) -> None:
    """The question holds number and name, the token goes along, and members that were not agreed do not matter."""
    authority.script[NUMBER] = [says(photo, issued="2020-01-01")]
    assert [Registered(photo=photo)] == look_up(AuthorityAddress(authority.url, "s3cret"), log)
    ((headers, question),) = authority.asked
    assert {"id_number": NUMBER, "name": NAME} == question
    assert ("Bearer s3cret", "application/json") == (headers["authorization"], headers["content-type"])
    assert [] == log.said


def test_without_a_token_none_is_sent(authority: PlayedAuthority, log: Lines) -> None:
    """No empty word is sent in its place."""
    look_up(AuthorityAddress(authority.url), log)
    assert "authorization" not in authority.asked[0][0]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (says(result="unknown_number"), Reason.PERSON_UNKNOWN),
        (says(result="name_differs"), Reason.PERSON_NAME_DIFFERS),
        (says(result="match"), Reason.PERSON_PHOTO_UNUSABLE),
        (Said(b'{"result": "match"}'), Reason.PERSON_PHOTO_UNUSABLE),
    ],
)
def test_what_it_says_is_passed_on(authority: PlayedAuthority, log: Lines, said: Said, reason: Reason) -> None:
    """Nobody of that number, another name, no photo."""
    authority.script[NUMBER] = [said]
    assert [reason] == look_up(AuthorityAddress(authority.url), log)
    assert [] == log.said


LIES = {
    "no JSON": Said(b"<html>"),
    "another result": says(result="maybe"),
    "no result": Said(b'{"photo": null}'),
    "a list": Said(b'["match"]'),
    "a photo that is a number": Said(b'{"result": "match", "photo": 1}'),
    "not UTF-8": Said(b'{"result": "match\xff"}'),
    "no base64": Said(b'{"result": "match", "photo": "\\u0001\\u0002"}'),
    "base64 that ends early": Said(b'{"result": "match", "photo": "/9j/4"}'),
    "a photo that is a letter": says(b"Dear Sir or Madam"),
    "an empty photo": says(b""),
    "a web page": Said(b'{"result": "unknown_number"}', kind="text/html"),
    "endless": Said(b" " * (MOST_BYTES + 1)),
    "packed": Said(gzip.compress(b'{"result": "match"}'), headers={"Content-Encoding": "gzip"}),
    "elsewhere": Said(b'{"result": "unknown_number"}', status=302, headers={"Location": "/people"}),
    "not allowed": Said(b'{"result": "unknown_number"}', status=401),
    "broken": Said(b'{"result": "unknown_number"}', status=500),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lying_authority_is_a_failed_data_source(authority: PlayedAuthority, log: Lines, name: str) -> None:
    """It is asked once, refused as failed, and logged without number, name or what it said."""
    authority.script[NUMBER] = [LIES[name]]
    assert [Reason.DATA_SOURCE_FAILED] == look_up(AuthorityAddress(authority.url), log)
    assert 1 == len(authority.asked)
    (line,) = log.said
    assert ("data source failed", "authority") == (line["event"], line["source"])
    for secret in (NUMBER, NAME, "Dear", "html"):
        assert secret not in json.dumps(line, ensure_ascii=False)


def test_a_busy_authority_is_asked_again(authority: PlayedAuthority, log: Lines, photo: bytes) -> None:
    """Two statuses that pass, then the answer."""
    authority.script[NUMBER] = [Said(b"", status=503), Said(b"", status=429), says(photo)]
    assert [Registered(photo=photo)] == look_up(AuthorityAddress(authority.url), log)
    assert 3 == len(authority.asked) == ATTEMPTS


def test_it_is_not_asked_for_ever(authority: PlayedAuthority, log: Lines) -> None:
    """After the last attempt the status is told to the log."""
    authority.script[NUMBER] = [Said(b"", status=502)]
    assert [Reason.DATA_SOURCE_FAILED] == look_up(AuthorityAddress(authority.url), log)
    assert ATTEMPTS == len(authority.asked)
    assert "status 502" == log.said[0]["why"]


def test_a_slow_authority_costs_no_more_than_was_set(authority: PlayedAuthority, log: Lines) -> None:
    """All attempts share one time."""
    authority.script[NUMBER] = [Said(b"", after_s=LONG_S)]
    began = time.monotonic()
    assert [Reason.DATA_SOURCE_FAILED] == look_up(AuthorityAddress(authority.url, timeout_s=0.3), log)
    assert 0.3 <= time.monotonic() - began < LONG_S / 3


def test_an_authority_that_drips_is_slow(log: Lines) -> None:
    """Bytes that keep coming do not keep the look-up waiting."""

    async def ask() -> Reason:
        dry = asyncio.Event()

        async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await reader.readuntil(b"}")
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
                # A connection that is reset has no end of file: it is only closing.
                while not (reader.at_eof() or writer.is_closing()):
                    writer.write(b" ")
                    await asyncio.sleep(0.01)
            finally:
                writer.close()
                dry.set()

        server = await asyncio.start_server(drip, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        asker = AskedAuthority(AuthorityAddress(f"http://127.0.0.1:{port}/", timeout_s=0.3), log)
        with pytest.raises(Refusal) as refused:
            await asker.look_up(NUMBER, NAME)
        await asker.aclose()
        await dry.wait()
        server.close()
        return refused.value.reason

    assert Reason.DATA_SOURCE_FAILED == asyncio.run(ask())
    assert "no answer in time" == log.said[0]["why"]


def test_an_authority_that_is_away_fails(log: Lines) -> None:
    """Nobody listens at the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert [Reason.DATA_SOURCE_FAILED] == look_up(AuthorityAddress(f"http://127.0.0.1:{port}/"), log)
    assert "no answer: ConnectError" == log.said[0]["why"]


def test_after_failures_it_is_left_alone(authority: PlayedAuthority, log: Lines, photo: bytes) -> None:
    """Five in a row, then nothing is asked any more; another number would fail as well."""
    authority.script = {"1": [Said(b"", status=500)], "2": [says(photo)]}
    found = look_up(AuthorityAddress(authority.url), log, *["1"] * FAILURES, "2")
    assert [Reason.DATA_SOURCE_FAILED] * (FAILURES + 1) == found
    assert FAILURES == len(authority.asked)
    assert "left alone after failures" == log.said[-1]["why"]


def test_after_the_pause_it_is_asked_again(authority: PlayedAuthority, log: Lines, photo: bytes) -> None:
    """One good answer, and all is as before."""
    authority.script = {"1": [Said(b"", status=500)], "2": [says(photo)]}
    found = look_up(AuthorityAddress(authority.url, pause_s=0.0), log, *["1"] * FAILURES, "2", "1", "2")
    assert Registered(photo=photo) == found[-1] == found[-3]


def test_failures_that_are_not_in_a_row_do_no_harm(authority: PlayedAuthority, log: Lines) -> None:
    """Somebody unknown in between is an answer."""
    authority.script = {"1": [Said(b"", status=500)]}
    found = look_up(AuthorityAddress(authority.url), log, *["1", "2"] * FAILURES)
    assert [Reason.DATA_SOURCE_FAILED, Reason.PERSON_UNKNOWN] * FAILURES == found


def test_one_bad_photo_does_not_close_the_authority_to_others(
    authority: PlayedAuthority, log: Lines, photo: bytes
) -> None:
    """Whoever asks again and again for a record that is broken stops nobody else."""
    authority.script = {"1": [says(b"no picture")], "2": [says(photo)]}
    found = look_up(AuthorityAddress(authority.url), log, *["1"] * (FAILURES + 1), "2")
    assert Registered(photo=photo) == found[-1]


def test_the_token_is_never_shown(authority: PlayedAuthority) -> None:
    """Neither the address nor what it is printed as holds it."""
    address = AuthorityAddress(authority.url, "s3cret")
    assert "s3cret" not in repr(address)
    assert base64.b64encode(b"s3cret").decode() not in repr(address)
