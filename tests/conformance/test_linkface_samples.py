"""The samples of Linkface's page in seven languages, as they stand there."""

import ast
import json
import pty
import re
from collections.abc import Iterator
from os import close
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conformance import samples as pages

if TYPE_CHECKING:
    from tests.conformance.conftest import Vendors

pytestmark = pytest.mark.shared

JARS = "/usr/share/java"
BUILT_WITH = ("httpclient", "httpcore", "httpmime", "commons-logging", "commons-codec")


def cut(shared: Path, begin: str, end: str) -> str:
    """A sample of the page, between two of its headings."""
    return pages.between(pages.page(shared, "linkface"), begin, end)


def fill(vendors: "Vendors", sample: str, **blanks: str) -> str:
    """The sample with our host, a key, and a path in the place of the page's."""
    key, secret = vendors.keys["linkface"]
    return pages.filled(sample, "linkface", vendors.address, {"ID": key, "SECRET": secret, **blanks})


def judge(told: dict[str, Any]) -> None:
    """Whoever holds the card is whom it shows: beyond one in a thousand by the page's table."""
    assert ["request_id", "status", "verify_score", "image_id"] == list(told)
    assert "OK" == told["status"]
    assert told["verify_score"] > 0.6
    assert re.fullmatch("TID[0-9a-f]{32}", told["request_id"])
    assert re.fullmatch("[0-9a-f]{32}", told["image_id"])


@pytest.fixture
def terminal() -> Iterator[int]:
    """A terminal's end for a client that reads from its input unless it is one."""
    ours, theirs = pty.openpty()
    yield theirs
    close(ours)
    close(theirs)


def test_curl(vendors: "Vendors", shared: Path) -> None:
    """Credentials in the query, the file in the body."""
    pages.need("curl")
    sample = fill(vendors, cut(shared, "• cURL", "• HTTPie"), **{"/PATH/TO/IMAGE": "px.jpg"})
    done = vendors.run("bash", "-c", sample)
    judge(json.loads(done.stdout))


def test_httpie(vendors: "Vendors", shared: Path, terminal: int) -> None:
    """The same with HTTPie."""
    pages.need("http")
    sample = fill(vendors, cut(shared, "• HTTPie", "• C++"), **{"/PATH/TO/IMAGE": "px.jpg"})
    done = vendors.run("bash", "-c", sample, stdin=terminal)
    judge(json.loads(done.stdout))


def test_cpp(vendors: "Vendors", shared: Path) -> None:
    """Libcurl's old form; `char * argc[]` is but an odd name. Its own switch turns trust off: it names no authority."""
    pages.need("g++")
    source = vendors.folder / "sample.cpp"
    source.write_text(fill(vendors, cut(shared, "• C++", "• Java")), encoding="utf-8")
    words = ("-w", "-DSKIP_PEER_VERIFICATION", "-I/usr/include/jsoncpp", source.name, "-o", "sample")
    built = vendors.run("g++", *words, "-lcurl", "-ljsoncpp")
    assert 0 == built.returncode, built.stderr
    status, _, told = vendors.run("./sample", "px.jpg").stdout.partition("\n")
    assert "HTTP Status Code:200" == status
    found = json.loads(told)
    judge({name: found[name] for name in ("request_id", "status", "verify_score", "image_id")})


def test_java(vendors: "Vendors", shared: Path) -> None:
    """HttpClient 4 with its old multipart entity: the file is last, every part has a transfer encoding."""
    pages.need("javac")
    source = vendors.folder / "httpClientPost.java"
    sample = fill(vendors, cut(shared, "• Java", "• Ruby"), **{"C:/Users/face.jpg": "px.jpg"})
    source.write_text(sample, encoding="utf-8")
    path = ":".join(f"{JARS}/{name}.jar" for name in BUILT_WITH)
    built = vendors.run("javac", "-nowarn", "-encoding", "UTF-8", "-cp", path, source.name)
    assert 0 == built.returncode, built.stderr
    store = ("-keystore", "trust.p12", "-storepass", "trusted")
    vendors.run("keytool", "-importcert", "-noprompt", "-file", str(vendors.authority), *store)
    trust = ("-Djavax.net.ssl.trustStore=trust.p12", "-Djavax.net.ssl.trustStorePassword=trusted")
    judge(json.loads(vendors.run("java", *trust, "-cp", f"{path}:.", "httpClientPost").stdout))


def test_ruby(vendors: "Vendors", shared: Path) -> None:
    """It sends `uri.path`, so that a query would be lost; it has none, its credentials are fields."""
    pages.need("ruby")
    (vendors.folder / "sample.rb").write_text(fill(vendors, cut(shared, "• Ruby", "• Python")), encoding="utf-8")
    told = vendors.run("ruby", "sample.rb").stdout
    judge(json.loads(told.replace("=>", ":")))


def test_python_2_through_2to3(vendors: "Vendors", shared: Path) -> None:
    """`print result` is Python 2: 2to3 makes it Python 3, nothing else is changed."""
    pages.need("/usr/bin/2to3")
    text = cut(shared, "• Python", "• PHP")
    sample = fill(vendors, text[text.index("import requests") :], **{"/file/path": "px.jpg"})
    (vendors.folder / "sample.py").write_text(sample, encoding="utf-8")
    assert "print result\n" in sample
    assert 0 == vendors.run("/usr/bin/2to3", "--write", "--nobackups", "sample.py").returncode
    judge(ast.literal_eval(vendors.run("/usr/bin/python3", "sample.py").stdout))


def test_php_of_version_5_6_under_8(vendors: "Vendors", shared: Path) -> None:
    """A CURLFile beside two fields; the sample switches trust off by itself."""
    sample = fill(vendors, cut(shared, "以下样例是基于 PHP 5.6", "results matching"), **{"C:/Users/face.jpg": "px.jpg"})
    judge(json.loads(dumped(run_php(vendors, sample))))


def test_php_of_version_5_5_goes_to_another_path(vendors: "Vendors", shared: Path) -> None:
    """It names another operation's path (vector: "the wrong path of the page's PHP 5.5 sample"): NOT_FOUND."""
    sample = fill(
        vendors, cut(shared, "以下样例是基于 PHP 5.5", "以下样例是基于 PHP 5.6"), **{"C:/Users/face.jpg": "px.jpg"}
    )
    assert "/identity/liveness_idnumber_verification" in sample
    assert "NOT_FOUND" == json.loads(dumped(run_php(vendors, sample)))["status"]


def test_the_php_5_5_sample_on_the_right_path_sends_no_file(vendors: "Vendors", shared: Path) -> None:
    """PHP 8 knows no `@` for files: the path itself arrives as text (vector: "text in place of a file: …")."""
    sample = fill(
        vendors,
        cut(shared, "以下样例是基于 PHP 5.5", "以下样例是基于 PHP 5.6"),
        **{"C:/Users/face.jpg": "px.jpg", "liveness_idnumber": "handhold_idcard"},
    )
    assert "INVALID_ARGUMENT" == json.loads(dumped(run_php(vendors, sample)))["status"]


def run_php(vendors: "Vendors", sample: str) -> str:
    """What a PHP sample prints."""
    pages.need("php")
    (vendors.folder / "sample.php").write_text(sample.strip(), encoding="utf-8")
    return vendors.run("php", "sample.php").stdout


def dumped(told: str) -> str:
    """The text that `var_dump` shows."""
    found = re.fullmatch(r'string\(\d+\) "(.*)"\n', told)
    assert found is not None, told
    return found[1]


def test_no_sample_is_left_out(shared: Path) -> None:
    """The page has samples in these seven languages."""
    found = re.findall(r"• (\S+) 样例", pages.page(shared, "linkface"))
    assert ["cURL", "HTTPie", "C++", "Java", "Ruby", "Python", "PHP"] == found
