"""A client in another language, written from docs/liveness-bundle.md alone, makes what the server accepts."""

import json
import re
import shutil
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest

from ipse.core.genuineness.bundle import check_bundle, sid_of
from ipse.core.genuineness.flash_file import biz_no_of, check_flash
from tests import bundles
from tests.bundles import ALL, FRAMES, NOW, PICTURES, SESSION

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "liveness-bundle.md"


def base64(named: dict[str, bytes]) -> dict[str, str]:
    """Bytes as JSON carries them."""
    return {name: b64encode(content).decode() for name, content in named.items()}


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """What Node makes of a session and pictures."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is absent: apt-get install nodejs")
    run = {
        "session": bundles.issued(SESSION),
        "now": int(NOW),
        "pictures": base64({name: PICTURES[name] for name in ALL}),
        "parts": base64(dict(FRAMES)),
    }
    command = [node, str(HERE / "liveness_bundle.js")]
    ended = subprocess.run(command, input=json.dumps(run), capture_output=True, text=True, timeout=60, check=True)
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def test_a_delta_from_another_language_is_accepted(made: dict[str, Any]) -> None:
    """With all pictures, the actions and a log that is not ASCII."""
    said = check_bundle(made["delta"], SESSION, {name: PICTURES[name] for name in ALL}, NOW)
    assert (SESSION.sid, SESSION.actions, {"camera": "前置"}) == (sid_of(made["delta"]), said.actions, dict(said.log))


def test_a_flash_result_from_another_language_is_accepted(made: dict[str, Any]) -> None:
    """With every frame and both times of each."""
    content = b64decode(made["flash"])
    said = check_flash(content, SESSION, NOW)
    assert (SESSION.biz_no, FRAMES) == (biz_no_of(content), dict(said.parts))
    assert (0.25, 2650.0) == (said.shown_ms[0], said.taken_ms[-1])


def test_the_page_shows_the_published_vector() -> None:
    """Digests, header, payload and signature on the page make up the published delta."""
    page = PAGE.read_text(encoding="utf-8")
    payload = re.search(r"^payload +(\{.*?\"v\":1\})$", page, re.MULTILINE | re.DOTALL)
    head = re.search(r"^header +(\{.*\})$", page, re.MULTILINE)
    assert payload is not None
    assert head is not None
    one_line = re.sub(r"\n +", "", payload[1])
    assert bundles.PUBLISHED == bundles.token(one_line.encode(), head[1].encode())
    assert bundles.PUBLISHED.rpartition(".")[2] in page


@pytest.mark.parametrize("name", ["claims", "manifest_claims"])
def test_the_page_lists_every_claim(name: str) -> None:
    """Each claim that the vectors have stands on the page."""
    page = PAGE.read_text(encoding="utf-8")
    assert [] == [claim for claim in getattr(bundles, name)() if f"`{claim}`" not in page]
