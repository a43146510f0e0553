"""Downloads from real local servers, which the loopback's allow-listing opens."""

import asyncio
import gzip
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from ipse.core.reasons import Reason, Refusal
from ipse.infra.download import WebDownload
from ipse.infra.reachable import Network
from ipse.service.ports import DownloadLimits

Answer: TypeAlias = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]

LOOPBACK = (ip_network("127.0.0.0/8"),)
LIMITS = DownloadLimits(most_bytes=1000, total_s=2.0)
PICTURE = b"\x89PNG and so on"


def http(body: bytes = PICTURE, *headers: str, status: str = "200 OK") -> Answer:
    """A server's answer that is always the same."""

    async def answer(_head: bytes, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)

    return answer


class Net:
    """A few servers on the loopback, and a download that may ask them."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self.stack = stack
        self.heads: list[bytes] = []

    async def serve(self, answer: Answer, context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> int:
        """The port of a new server."""

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
                self.heads.append(head)
                await answer(head, writer)
                await writer.drain()
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(connected, host, 0, ssl=context)
        self.stack.callback(server.close)
        return int(server.sockets[0].getsockname()[1])

    def download(self, allow: tuple[Network, ...] = LOOPBACK, **options: Any) -> WebDownload:
        """A download, closed at the end."""
        made = WebDownload(allow, **options)
        self.stack.callback(made.close)
        return made


def play(scene: Callable[[Net], Awaitable[Any]]) -> Any:
    """Run a scene with servers."""

    async def whole() -> Any:
        async with AsyncExitStack() as stack:
            return await scene(Net(stack))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(whole())


def refused(scene: Callable[[Net], Awaitable[Any]]) -> Reason:
    """Why a scene's download is refused."""
    with pytest.raises(Refusal) as caught:
        play(scene)
    return caught.value.reason


@pytest.fixture
def authority(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """The certificate of `pictures.test`, which vouches for itself, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pictures.test")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("pictures.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "pictures.pem"
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + plain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context


def names(*addresses: str) -> Callable[[str, int], Awaitable[tuple[str, ...]]]:
    """A resolver to which every name has these addresses."""

    async def resolve(_host: str, _port: int) -> tuple[str, ...]:
        return addresses

    return resolve


def test_a_picture_comes_byte_for_byte() -> None:
    """What an allow-listed server sends is given; the request asks for nothing compressed and says who asks."""

    async def scene(net: Net) -> tuple[bytes, bytes]:
        port = await net.serve(http())
        return await net.download().fetch(f"http://127.0.0.1:{port}/a?b=c#d", LIMITS), net.heads[0]

    content, head = play(scene)
    assert PICTURE == content
    assert b"GET /a?b=c HTTP/1.1" == head.splitlines()[0]
    assert {b"host", b"accept", b"accept-encoding", b"user-agent"} == {
        line.split(b":")[0].lower() for line in head.splitlines()[1:] if line
    }
    assert b"identity" in head


def test_a_password_in_the_address_is_not_sent_on() -> None:
    """Neither the name nor the password before the host reaches the server."""

    async def scene(net: Net) -> bytes:
        port = await net.serve(http())
        await net.download().fetch(f"http://anna:s3cret@127.0.0.1:{port}/", LIMITS)
        return net.heads[0]

    head = play(scene)
    assert b"authorization" not in head.lower()
    assert b"s3cret" not in head
    assert b"anna" not in head


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://0x7f.1:{port}/",
        "http://127.1:{port}/",
        "http://0:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:7f00:1]:{port}/",
        "http://[::127.0.0.1]:{port}/",
        "http://1.1.1.1@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\\@1.1.1.1/",
    ],
)
def test_no_spelling_of_a_private_address_is_asked(url: str) -> None:
    """Without an allow-list the loopback is refused however it is written, and nothing reaches it."""
    seen: list[bytes] = []

    async def scene(net: Net) -> None:
        port = await net.serve(http())
        try:
            await net.download(()).fetch(url.format(port=port), LIMITS)
        finally:
            seen.extend(net.heads)

    assert Reason.DOWNLOAD_FAILED == refused(scene)
    assert [] == seen


def test_one_private_address_among_others_spoils_the_name() -> None:
    """A name that also has an address which may not be asked is refused; the good one is not asked either."""
    seen: list[bytes] = []

    async def scene(net: Net) -> None:
        port = await net.serve(http())
        try:
            await net.download(resolve=names("127.0.0.1", "10.0.0.1")).fetch(f"http://two.test:{port}/", LIMITS)
        finally:
            seen.extend(net.heads)

    assert Reason.DOWNLOAD_FAILED == refused(scene)
    assert [] == seen


def test_a_name_is_resolved_once_and_that_address_is_asked() -> None:
    """A name that is public to the check and private to the connection does not exist: there is one resolution."""
    answers = iter([("127.0.0.1",), ("169.254.169.254",)])
    asked: list[str] = []

    async def scene(net: Net) -> bytes:
        port = await net.serve(http())

        async def resolve(host: str, _port: int) -> tuple[str, ...]:
            asked.append(host)
            return next(answers)

        return await net.download(resolve=resolve).fetch(f"http://rebinding.test:{port}/", LIMITS)

    assert PICTURE == play(scene)
    assert ["rebinding.test"] == asked


def test_the_name_stays_in_the_request() -> None:
    """The server at the judged address is asked by its name."""

    async def scene(net: Net) -> tuple[int, bytes]:
        port = await net.serve(http())
        await net.download(resolve=names("127.0.0.1")).fetch(f"http://pictures.test:{port}/", LIMITS)
        return port, net.heads[0]

    port, head = play(scene)
    assert f"host: pictures.test:{port}".encode() in head.lower()


def test_the_next_address_is_tried_when_one_takes_no_connection() -> None:
    """Of several addresses, all of them judged, the first that answers is asked."""

    async def scene(net: Net) -> bytes:
        port = await net.serve(http())
        resolve = names("127.0.0.2", "127.0.0.1")
        return await net.download(resolve=resolve).fetch(f"http://two.test:{port}/", LIMITS)

    assert PICTURE == play(scene)


def test_the_next_address_is_tried_when_one_is_silent() -> None:
    """An address that swallows connections costs a part of the time, not all of it."""

    async def scene(net: Net) -> bytes:
        port = await net.serve(http())
        with socket.create_server(("127.0.0.2", port), backlog=0), ExitStack() as waiting:
            for _ in range(4):  # A queue that is full: what comes then gets no answer.
                one = waiting.enter_context(socket.socket())
                one.setblocking(False)
                one.connect_ex(("127.0.0.2", port))
            resolve = names("127.0.0.2", "127.0.0.1")
            return await net.download(resolve=resolve).fetch(f"http://two.test:{port}/", LIMITS)

    assert PICTURE == play(scene)


@pytest.mark.parametrize("answer", ["no address", ""])
def test_what_a_resolver_says_and_is_no_address_fails(answer: str) -> None:
    """Words of the system that nobody can connect to are a failed download, not a fault."""

    async def scene(net: Net) -> None:
        await net.download(resolve=names(answer)).fetch("http://odd.test/", LIMITS)

    assert Reason.DOWNLOAD_FAILED == refused(scene)


@pytest.mark.parametrize(
    "url",
    ["", "picture.png", "//127.0.0.1/", "file:///etc/passwd", "ftp://127.0.0.1/", "data:image/png;base64,AA==",
     "gopher://127.0.0.1:70/_", "http://", "http:///x", "http://127.0.0.1:0/", "http://127.0.0.1:65536/",
     "http://127.0.0.1:99999999/", "http://a\r\nb/", "http://[::1/", "http://" + "a" * 70 + ".test/", "http://a%00b/",
     "http://\udc80/"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    """Other schemes, no host, no port that exists, no address at all."""

    async def scene(net: Net) -> None:
        await net.download().fetch(url, LIMITS)

    assert Reason.DOWNLOAD_FAILED == refused(scene)


@pytest.mark.parametrize("status", ["204 No Content", "206 Partial Content", "404 Not Found", "500 Oh", "304 Same"])
def test_only_200_is_a_picture(status: str) -> None:
    """Every other status is a failed download, with whatever body."""

    async def scene(net: Net) -> None:
        port = await net.serve(http(b"", status=status))
        await net.download().fetch(f"http://127.0.0.1:{port}/", LIMITS)

    assert Reason.DOWNLOAD_FAILED == refused(scene)


def test_three_redirects_are_followed_and_a_fourth_is_not() -> None:
    """The first address may lead to a third one at most, relative or absolute."""

    async def scene(net: Net, hops: int) -> bytes:
        async def answer(head: bytes, writer: asyncio.StreamWriter) -> None:
            done = int(head.split(b" ")[1].strip(b"/"))
            lead = http(b"", f"Location: /{done + 1}", status="302 Found")
            await (lead if done < hops else http())(head, writer)

        port = await net.serve(answer)
        return await net.download().fetch(f"http://127.0.0.1:{port}/0", LIMITS)

    assert PICTURE == play(lambda net: scene(net, 3))
    assert Reason.DOWNLOAD_FAILED == refused(lambda net: scene(net, 4))


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2:{port}/latest/meta-data/",
        "//127.0.0.2:{port}/",
        "http://2130706434:{port}/",
        "http://[::ffff:127.0.0.2]:{port}/",
        "file:///etc/passwd",
        "http://[",
        "",
    ],
)
def test_a_redirect_is_judged_like_the_first_address(location: str) -> None:
    """A server that may be asked cannot lead to one that may not, to a file, or round and round for ever."""
    seen: list[bytes] = []

    async def scene(net: Net) -> None:
        private = await net.serve(http(), host="127.0.0.2")
        lead = http(b"", f"Location: {location.format(port=private)}", status="307 Temporary Redirect")
        port = await net.serve(lead)
        try:
            await net.download((ip_network("127.0.0.1/32"),)).fetch(f"http://127.0.0.1:{port}/first", LIMITS)
        finally:
            seen.extend(net.heads)

    assert Reason.DOWNLOAD_FAILED == refused(scene)
    assert {b"/first"} == {head.split(b" ")[1] for head in seen}
    assert (1 if location else 4) == len(seen)


def test_cookies_are_not_carried_to_the_next_address() -> None:
    """What a server sets with a redirect is forgotten."""

    async def scene(net: Net) -> list[bytes]:
        port = await net.serve(http())
        lead = http(b"", "Set-Cookie: a=b", f"Location: http://127.0.0.1:{port}/", status="302 Found")
        first = await net.serve(lead)
        await net.download().fetch(f"http://127.0.0.1:{first}/", LIMITS)
        return net.heads

    assert [False, False] == [b"cookie" in head.lower() for head in play(scene)]


@pytest.mark.parametrize("declared", [True, False])
def test_one_byte_too_many_is_too_large(declared: bool) -> None:  # noqa: FBT001 - a case, no option
    """The bound holds for the length that a server declares and for a body without one."""

    async def scene(net: Net, count: int) -> bytes:
        async def answer(_head: bytes, writer: asyncio.StreamWriter) -> None:
            length = f"Content-Length: {count}\r\n" if declared else ""
            writer.write(f"HTTP/1.1 200 OK\r\n{length}\r\n".encode() + b"x" * count)

        port = await net.serve(answer)
        return await net.download().fetch(f"http://127.0.0.1:{port}/", LIMITS)

    assert b"x" * 1000 == play(lambda net: scene(net, 1000))
    assert Reason.FILE_TOO_LARGE == refused(lambda net: scene(net, 1001))


def test_a_body_without_end_is_cut_at_the_bound() -> None:
    """A server that never stops sending is left as soon as the bound is passed."""

    async def endless(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
            await writer.drain()

    async def scene(net: Net) -> None:
        port = await net.serve(endless)
        await net.download().fetch(f"http://127.0.0.1:{port}/", LIMITS)

    assert Reason.FILE_TOO_LARGE == refused(scene)


@pytest.mark.parametrize(
    "silent_after", ["", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"]
)
def test_a_server_that_drips_is_left_when_the_time_is_over(silent_after: str) -> None:
    """A byte now and then, before, within or after the head, does not keep a download alive: the whole is timed."""

    async def drip(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(silent_after.encode())
        for _ in range(1000):
            writer.write(b"H" if silent_after else b"")
            await writer.drain()
            await asyncio.sleep(0.01)

    async def scene(net: Net) -> None:
        port = await net.serve(drip)
        await net.download().fetch(f"http://127.0.0.1:{port}/", DownloadLimits(1000, 0.2))

    assert Reason.DOWNLOAD_SLOW == refused(scene)


def test_a_name_that_is_never_answered_is_left_when_the_time_is_over() -> None:
    """The time that a name server takes counts too."""

    async def scene(net: Net) -> None:
        async def resolve(_host: str, _port: int) -> tuple[str, ...]:
            await asyncio.Event().wait()
            return ()

        await net.download(resolve=resolve).fetch("http://slow.test/", DownloadLimits(1000, 0.05))

    assert Reason.DOWNLOAD_SLOW == refused(scene)


def test_a_name_without_addresses_fails() -> None:
    """A name server's refusal, or an empty answer, is a failed download."""

    async def missing(_host: str, _port: int) -> tuple[str, ...]:
        raise OSError("no such name")

    for resolve in (missing, names()):

        async def scene(net: Net, resolve: Any = resolve) -> None:
            await net.download(resolve=resolve).fetch("http://nobody.test/", LIMITS)

        assert Reason.DOWNLOAD_FAILED == refused(scene)


def test_compressed_bodies_are_refused_unopened() -> None:
    """Nothing compressed was asked for: a bomb of ten megabytes in ten kilobytes is never expanded."""
    bomb = gzip.compress(b"\0" * 10_000_000)
    encodings = ("gzip", "x-gzip", "deflate", "br", "gzip, identity")

    for encoding in encodings:

        async def scene(net: Net, encoding: str = encoding) -> None:
            port = await net.serve(http(bomb, f"Content-Encoding: {encoding}"))
            await net.download().fetch(f"http://127.0.0.1:{port}/", DownloadLimits(1_000_000, 2.0))

        assert Reason.DOWNLOAD_FAILED == refused(scene)


def test_a_body_shorter_than_declared_fails() -> None:
    """Half a picture is none."""

    async def half(_head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    async def scene(net: Net) -> None:
        port = await net.serve(half)
        await net.download().fetch(f"http://127.0.0.1:{port}/", LIMITS)

    assert Reason.DOWNLOAD_FAILED == refused(scene)


def test_what_is_no_http_fails() -> None:
    """A greeting of another protocol is a failed download, and so is a head of a megabyte."""
    for greeting in (b"220 mail.test ESMTP\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 1_000_000):

        async def scene(net: Net, greeting: bytes = greeting) -> None:
            async def answer(_head: bytes, writer: asyncio.StreamWriter) -> None:
                writer.write(greeting)

            port = await net.serve(answer)
            await net.download().fetch(f"http://127.0.0.1:{port}/", LIMITS)

        assert Reason.DOWNLOAD_FAILED == refused(scene)


def test_no_more_than_so_many_are_fetched_at_once() -> None:
    """The next is refused as busy at once; when one ends, its place is free."""

    async def scene(net: Net) -> tuple[list[Reason], bytes]:
        begun, go = asyncio.Event(), asyncio.Event()

        async def wait(head: bytes, writer: asyncio.StreamWriter) -> None:
            begun.set()
            await go.wait()
            await http()(head, writer)

        port = await net.serve(wait)
        download = net.download(most_at_once=1)
        first = asyncio.ensure_future(download.fetch(f"http://127.0.0.1:{port}/", LIMITS))
        await begun.wait()
        reasons = []
        try:
            await download.fetch(f"http://127.0.0.1:{port}/", LIMITS)
        except Refusal as refusal:
            reasons.append(refusal.reason)
        go.set()
        await first
        return reasons, await download.fetch(f"http://127.0.0.1:{port}/", LIMITS)

    assert ([Reason.BUSY], PICTURE) == play(scene)


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would resolve the name again, by its own rules."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async def scene(net: Net) -> bytes:
        port = await net.serve(http())
        return await net.download().fetch(f"http://127.0.0.1:{port}/", LIMITS)

    assert PICTURE == play(scene)


def test_a_certificate_is_checked_against_the_name(authority: tuple[Path, ssl.SSLContext]) -> None:
    """Over TLS the pinned address must prove the name asked for; another name fails, and so does a way back to http."""
    trusted, context = authority

    async def scene(net: Net, name: str, answer: Answer) -> bytes:
        port = await net.serve(answer, context)
        trust = ssl.create_default_context(cafile=trusted)
        download = net.download(resolve=names("127.0.0.1"), trust=trust)
        return await download.fetch(f"https://{name}:{port}/", LIMITS)

    back = http(b"", "Location: http://pictures.test/", status="302 Found")
    assert PICTURE == play(lambda net: scene(net, "pictures.test", http()))
    assert Reason.DOWNLOAD_FAILED == refused(lambda net: scene(net, "other.test", http()))
    assert Reason.DOWNLOAD_FAILED == refused(lambda net: scene(net, "pictures.test", back))


def test_addresses_are_in_no_log_line(caplog: pytest.LogCaptureFixture) -> None:
    """An address may hold a secret of the caller's: no line above debug repeats it, and no refusal does."""

    async def scene(net: Net) -> str:
        port = await net.serve(http(status="404 Not Found"))
        try:
            await net.download().fetch(f"http://127.0.0.1:{port}/?token=s3cret", LIMITS)
        except Refusal as refusal:
            return f"{refusal!r} {refusal} {refusal.__cause__!r}"
        return ""

    with caplog.at_level(logging.INFO):
        told = play(scene)
    assert "s3cret" not in caplog.text + told
    assert told
