"""Tencent's own clients, unmodified, over real sockets: HTTP where cards are taken, TLS where nobody reads them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import PIL.Image
import pytest

from tests.api.conftest import Server, running, said
from tests.conformance.clients import node_clients, python_client

if TYPE_CHECKING:
    from tests.conformance.conftest import Vendors

CLIENT_S = 60
"""Longest that one client may take; the slowest takes four seconds."""

REJECTED = {"status": "REJECTED", "warnings": ["OtherWarning"], "same token": True}
ENGLISH = {
    "AuthFailure.SignatureFailure": "The provided credentials could not be validated. Please check your signature is "
    "correct.",
    "InvalidParameterValue.InvalidParameterValueLimit": "Parameter value is wrong.",
    "FailedOperation.UnOpenError": "The service is not activated.",
}
CHINESE = {
    "AuthFailure.SignatureFailure": "请求签名验证失败，请检查您的签名计算是否正确。",
    "InvalidParameterValue.InvalidParameterValueLimit": "参数值错误。",
    "FailedOperation.UnOpenError": "服务未开通。",
}
GET = {"reqMethod": "GET"}


@pytest.fixture(scope="module")
def taking(tmp_path_factory: pytest.TempPathFactory, weights: Path) -> Iterator[Server]:
    """A server that takes cards, and rejects them unread."""
    assert weights.is_dir()
    folder = tmp_path_factory.mktemp("taking")
    with running(folder, IPSE_TENCENT_WITHOUT_READER="reject", IPSE_CARDS="off") as server:
        server.wait_until_ready()
        yield server


@pytest.fixture(scope="module")
def key(taking: Server) -> tuple[str, str]:
    """SecretId and SecretKey there."""
    made = said(taking.folder, "keys", "create", "--dialect", "tencent", "--name", "client")
    return made["key"], made["secret"]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> dict[str, str]:
    """A real portrait, and the same so small that it fits into a query."""
    small = tmp_path_factory.mktemp("small") / "small.jpg"
    with PIL.Image.open(samples / "obama.jpg") as portrait:
        portrait.resize((160, 160)).save(small)
    return {"portrait": str(samples / "obama.jpg"), "small": str(small)}


def played(command: list[str], plan: Mapping[str, Any], **variables: str) -> dict[str, Any]:
    """What a client says of the calls of a plan; `within_s` of it is how long that may take."""
    surroundings = {"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", **variables}
    done = subprocess.run(
        [*command, json.dumps(plan)],
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=plan.get("within_s", CLIENT_S),
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def python(name: str) -> tuple[list[str], dict[str, str]]:
    """The command that runs a Python client, and its variables."""
    return [sys.executable, "-S", str(Path(__file__).with_name("tencent_client.py"))], {
        "PYTHONPATH": str(python_client(name))
    }


def node() -> tuple[list[str], dict[str, str]]:
    """The command that runs the npm client, and its variables."""
    program = shutil.which("node") or ""
    return [program, str(Path(__file__).with_name("tencent_client.js"))], {"NODE_PATH": str(node_clients())}


def error(code: str, words: Mapping[str, str]) -> dict[str, Any]:
    """What a client says of an error: its code, its message, and a request id of 36 characters."""
    return {"code": code, "message": words[code], "request id": 36}


CALLS: Mapping[str, Any] = {
    "TC3": {"sign": "TC3-HMAC-SHA256"},
    "TC3 by GET": {"sign": "TC3-HMAC-SHA256", "http": GET, "picture": "small"},
    "HmacSHA256": {"sign": "HmacSHA256"},
    "HmacSHA1": {"sign": "HmacSHA1"},
    "HmacSHA256 by GET": {"sign": "HmacSHA256", "http": GET, "picture": "small"},
    "wrong secret": {"sign": "TC3-HMAC-SHA256", "secret": "wrong"},
    "wrong secret, HmacSHA256": {"sign": "HmacSHA256", "secret": "wrong"},
    "wrong value": {"sign": "TC3-HMAC-SHA256", "set": {"Nationality": "DEU"}},
}


def expected(words: Mapping[str, str]) -> dict[str, Any]:
    """What becomes of the calls."""
    forged = error("AuthFailure.SignatureFailure", words)
    return {
        **dict.fromkeys(("TC3", "TC3 by GET", "HmacSHA256", "HmacSHA1", "HmacSHA256 by GET"), REJECTED),
        **dict.fromkeys(("wrong secret", "wrong secret, HmacSHA256"), forged),
        "wrong value": error("InvalidParameterValue.InvalidParameterValueLimit", words),
    }


@pytest.mark.network
@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("tencent-3.1.49", True, ENGLISH),
        ("tencent-3.0.1050", True, CHINESE),
        ("tencent-3.1.193", False, ENGLISH),
    ],
)
def test_python_client(
    taking: Server, key: tuple[str, str], pictures: dict[str, str], name: str, *, typed: bool, words: Mapping[str, str]
) -> None:
    """Every way of signing gets a token and a result; errors come as the client's own exception, in its language."""
    address = f"localhost:{taking.port}"
    plan = {
        "http": {"protocol": "http", "endpoint": address},
        "typed": typed,
        "key": key[0],
        "secret": key[1],
        "pictures": pictures,
        "calls": {
            **CALLS,
            "unsigned payload": {"unsigned": True},
            "through a proxy": {"http": {"endpoint": None, "proxy": f"http://{address}"}},
            "an endpoint with a scheme": {"http": {"endpoint": f"http://{address}"}},
        },
    }
    command, variables = python(name)
    further = dict.fromkeys(("unsigned payload", "through a proxy", "an endpoint with a scheme"), REJECTED)
    assert {**expected(words), **further} == played(command, plan, **variables)


@pytest.mark.network
def test_node_client(taking: Server, key: tuple[str, str], pictures: dict[str, str]) -> None:
    """The npm client signs the host without its port and a service of its own making, and is understood."""
    number = taking.logged("listening")[0]["host"]
    by_number = f"[{number}]:{taking.port}" if ":" in number else f"{number}:{taking.port}"
    plan = {
        "http": {"protocol": "http://", "endpoint": f"localhost:{taking.port}"},
        "key": key[0],
        "secret": key[1],
        "pictures": pictures,
        "calls": {**CALLS, "by number": {"sign": "TC3-HMAC-SHA256", "http": {"endpoint": by_number}}},
    }
    command, variables = node()
    told = played(command, plan, **variables)
    assert {**expected(ENGLISH), "by number": REJECTED} == told


@pytest.mark.network
@pytest.mark.parametrize(
    ("name", "typed", "words"), [("tencent-3.1.49", True, ENGLISH), ("tencent-3.0.1050", True, CHINESE)]
)
def test_python_client_over_tls(
    vendors: "Vendors", pictures: dict[str, str], name: str, *, typed: bool, words: Mapping[str, str]
) -> None:
    """Over TLS, and where nobody reads cards, the client gets the page's own code."""
    key, secret = vendors.keys["tencent"]
    plan = {
        "http": {
            "protocol": "https",
            "endpoint": f"localhost:{vendors.server.port}",
            "certification": str(vendors.authority),
        },
        "typed": typed,
        "key": key,
        "secret": secret,
        "pictures": pictures,
        "calls": {name: CALLS[name] for name in ("TC3", "HmacSHA256")},
    }
    command, variables = python(name)
    told = played(command, plan, **variables)
    assert dict.fromkeys(("TC3", "HmacSHA256"), error("FailedOperation.UnOpenError", words)) == told


@pytest.mark.network
def test_node_client_over_tls(vendors: "Vendors", pictures: dict[str, str]) -> None:
    """The same by the npm client."""
    key, secret = vendors.keys["tencent"]
    plan = {
        "http": {"protocol": "https://", "endpoint": f"localhost:{vendors.server.port}"},
        "key": key,
        "secret": secret,
        "pictures": pictures,
        "calls": {name: CALLS[name] for name in ("TC3", "HmacSHA256")},
    }
    command, variables = node()
    told = played(command, plan, NODE_EXTRA_CA_CERTS=str(vendors.authority), **variables)
    assert dict.fromkeys(("TC3", "HmacSHA256"), error("FailedOperation.UnOpenError", ENGLISH)) == told
