"""The pure parts of the capture page, run by Node; what they sign, the server accepts."""

import json
import shutil
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest

from ipse.core.genuineness.bundle import check_bundle
from ipse.core.genuineness.flash_file import check_flash
from tests import bundles
from tests.bundles import ALL, FRAMES, NOW, PICTURES, SESSION

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

SIGN = """
import { delta, flashFile } from "./bundle.js";
const told = JSON.parse(await new Response(process.stdin).text());
const plain = ([name, text]) => [name, Uint8Array.from(Buffer.from(text, "base64"))];
const bytes = (named) => Object.fromEntries(Object.entries(named).map(plain));
const said = () => ({ issuedAt: told.now, jti: crypto.getRandomValues(new Uint8Array(16)), log: { camera: "กล้อง" } });
const flash = await flashFile(told.session, bytes(told.parts), { ...said(), shownMs: told.times, takenMs: told.times });
const signed = await delta(told.session, bytes(told.pictures), said());
console.log(JSON.stringify({ delta: signed, flash: Buffer.from(flash).toString("base64") }));
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A copy of the page's files that Node takes for modules."""
    place = tmp_path / "page"
    shutil.copytree(ROOT / "src" / "ipse" / "capture" / "static", place)
    (place / "package.json").write_text('{"type": "module"}')
    return place


def node(*arguments: str, page: Path, given: str = "") -> str:
    """What Node prints."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("node is absent: apt-get install nodejs")
    vectors = ROOT / "tests" / "vectors" / "liveness" / "bundle.json"
    variables = {"PAGE": str(page), "VECTORS": str(vectors)}
    ended = subprocess.run(
        [program, *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        env=variables,
        cwd=page,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_the_pure_parts(page: Path) -> None:
    """Guidance, actions, measures, languages, and the published vector of the bundle."""
    told = node("--test", "--test-reporter=tap", str(HERE / "page_parts.test.mjs"), page=page)
    assert "# fail 0" in told
    assert "# pass 60" in told


def test_what_the_page_signs_is_accepted(page: Path) -> None:
    """A bundle with every picture and a flash result with every frame, with a log that is not ASCII."""
    (page / "sign.js").write_text(SIGN, encoding="utf-8")
    run = {
        "session": bundles.issued(SESSION),
        "now": NOW,
        "pictures": {name: b64encode(PICTURES[name]).decode() for name in ALL},
        "parts": {name: b64encode(part).decode() for name, part in FRAMES.items()},
        "times": [450.5 * row for row in range(len(SESSION.colours))],
    }
    made: dict[str, Any] = json.loads(node("sign.js", page=page, given=json.dumps(run)))
    said = check_bundle(made["delta"], SESSION, {name: PICTURES[name] for name in ALL}, NOW)
    assert (SESSION.actions, {"camera": "กล้อง"}) == (said.actions, dict(said.log))
    assert dict(FRAMES) == dict(check_flash(b64decode(made["flash"]), SESSION, NOW).parts)
