"""A rolling upgrade: servers of the version before and of this one on one PostgreSQL, one of which migrates it."""

import csv
import io
import json
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from demo import calls

from ipse.infra.store.database import reading
from ipse.infra.store.engines import make_engine
from ipse.infra.store.schema import HEAD, OLDEST, version
from tests.api.conftest import IPSE, Server, environment, running

BEFORE = {
    OLDEST: "756fd3cc76b0b9ae05d2c6c29bf869d7897e83b8",
    "0007": "d5ee7a20c887013279e2e93d3445f3ac7fdbf5ff",
}
"""The last commits before migrations 0007 and 0008. The next migration names its own; whatever `OLDEST` names stays."""

REJECTING = {"IPSE_CARDS": "off", "IPSE_TENCENT_WITHOUT_READER": "reject", "IPSE_THREADS": "1"}
DONE_WITHIN_S = 120
NUMBERS = {"old": "110101199003070011", "new": "110101199003070012"}


@pytest.fixture(params=BEFORE)
def stood(request: pytest.FixtureRequest) -> str:
    """The migration that the version before knew last."""
    return str(request.param)


@pytest.fixture
def before(tmp_path: Path, stood: str) -> Path:
    """The source of the version before."""
    commit = BEFORE[stood]
    git = shutil.which("git")
    assert git is not None
    here = Path(__file__).parents[2]
    if subprocess.run([git, "cat-file", "-e", commit], cwd=here, capture_output=True, check=False).returncode:
        subprocess.run(
            [git, "fetch", "--quiet", "--depth=1", "origin", commit], cwd=here, check=True
        )  # A shallow clone.
    packed = subprocess.run([git, "archive", commit, "src"], cwd=here, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(tmp_path / "before", filter="data")
    return tmp_path / "before" / "src"


class Site:
    """
    One database and one data folder, with commands and servers of both versions.

    Args:
        folder: For everything.
        before: The source of the version before.
        address: The database.
        samples: The folder of portraits.
    """

    def __init__(self, folder: Path, before: Path, address: str, samples: Path) -> None:
        self.folder = folder
        self.samples = samples
        self.versions = {"old": {"PYTHONPATH": str(before)}, "new": {"IPSE_PERSON_KEYS": "false"}}
        self.address = address
        self.keys: dict[str, dict[str, str]] = {}
        self.asked = 0

    def settings(self, which: str, **more: str) -> dict[str, Any]:
        """The variables of a process of one version."""
        return {"IPSE_DATABASE_URL": self.address, **REJECTING, **self.versions[which], **more}

    def say(self, which: str, *words: str) -> Any:
        """What a command of one version answers."""
        surroundings = environment(self.folder / "data", **self.settings(which))
        told = subprocess.run([IPSE, *words, "--json"], env=surroundings, stdout=subprocess.PIPE, check=True)
        return json.loads(told.stdout)

    def key(self, which: str, dialect: str, *words: str) -> dict[str, str]:
        """A key made by one version."""
        made = self.say(which, "keys", "create", "--dialect", dialect, "--name", "n", *words)
        return {"key": made["key"], "secret": made["secret"] or ""}

    def register(self, which: str) -> None:
        """Somebody who is entered by one version."""
        listed = self.folder / f"{which}.csv"
        with listed.open("w", encoding="utf-8", newline="") as file:
            rows = [("id_number", "name", "photo"), (NUMBERS[which], "Anna", str(self.samples / "obama.jpg"))]
            csv.writer(file).writerows(rows)
        self.say(which, "people", "import", str(listed))

    def send(self, server: Server, request: Callable[[str], httpx2.Request]) -> httpx2.Response:
        """The answer of one server."""
        with server.client() as client:
            self.asked += 1
            return client.send(request(f"http://localhost:{server.port}"))

    def verify(self, server: Server, key: dict[str, str]) -> int:
        """The status of a comparison."""
        one, other = ((self.samples / name).read_bytes() for name in ("obama.jpg", "obama2.jpg"))
        return self.send(server, lambda at: calls.faceid_verify(at, key, one, other)).status_code

    def know(self, server: Server, key: dict[str, str], who: str) -> float:
        """How alike a registered person and a portrait of hers are, as one server sees it."""
        image = (self.samples / "obama2.jpg").read_bytes()
        answer = self.send(server, lambda at: calls.faceid_verify_person(at, key, image, "Anna", NUMBERS[who]))
        return float(answer.json()["result_faceid"]["confidence"])

    def apply(self, server: Server, key: dict[str, str]) -> str:
        """The token of a card that one server took."""
        card = (self.samples / "obama.jpg").read_bytes()
        answer = self.send(server, lambda at: calls.tencent_apply(at, key, card))
        return str(answer.json()["Response"]["CardVerificationToken"])

    def ended(self, server: Server, key: dict[str, str], token: str) -> str:
        """How the card stands once it was judged, as one server tells it."""
        deadline = time.monotonic() + DONE_WITHIN_S
        while True:
            answer = self.send(server, lambda at: calls.tencent_result(at, key, token))
            status = str(answer.json()["Response"]["Status"])
            if status != "PROCESSING":
                return status
            assert time.monotonic() < deadline

    def again(self, server: Server, key: dict[str, str]) -> tuple[int, bool]:
        """The status of a call that always bears the same idempotency key, and whether it was answered before."""
        one, other = ((self.samples / name).read_bytes() for name in ("obama.jpg", "obama2.jpg"))

        def request(at: str) -> httpx2.Request:
            made = calls.native_compare(at, key, one, other)
            made.headers["idempotency-key"] = "the same"
            return made

        answer = self.send(server, request)
        return answer.status_code, "idempotency-replayed" in answer.headers

    def stands(self) -> tuple[str | None, str]:
        """How new the tables are, and what the version before takes them for."""
        engine = make_engine(self.address)
        with reading(engine) as connection:
            told = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
            found = version(connection), str(told)
        engine.dispose()
        return found


@pytest.fixture
def site(tmp_path: Path, before: Path, bare_postgresql_url: str, samples: Path) -> Site:
    """An empty PostgreSQL, and both versions."""
    return Site(tmp_path, before, bare_postgresql_url, samples)


@pytest.mark.timeout(900)
def test_both_versions_serve_one_database_while_one_migrates_it(site: Site, stood: str) -> None:
    """
    The old one goes on, and starts again, on tables that the new one has extended; each uses what the other has made.

    Keys, limits, registered people, cards put off, answers that are given again: nothing is lost, all of it is billed.
    """
    data = site.folder / "data"
    faceid = site.key("old", "faceid", "--allow", "kyc", "--concurrency", "2", "--credit", "50")
    native, tencent = site.key("old", "native"), site.key("old", "tencent")
    site.register("old")
    with running(data, **site.settings("old", IPSE_JOBS_IN_SERVER="false")) as old:
        old.wait_until_ready()
        assert (stood, OLDEST) == site.stands()
        assert 200 == site.verify(old, faceid)
        waiting = site.apply(old, tencent)
        assert (200, False) == site.again(old, native)
        with running(data, **site.settings("new")) as new:
            new.wait_until_ready()
            assert (HEAD, OLDEST) == site.stands()
            fresh = site.key("new", "faceid", "--allow", "kyc", "--rate", "100/second")
            site.register("new")
            for server in (old, new):
                assert [200, 200] == [site.verify(server, key) for key in (faceid, fresh)]
                known = [site.know(server, fresh, who) for who in NUMBERS]
                assert min(known) > 70
                assert known[0] == known[1]
            assert "REJECTED" == site.ended(old, tencent, waiting)
            assert (200, True) == site.again(new, native)
    late = site.key("old", "faceid")
    with running(data, **site.settings("new", IPSE_JOBS_IN_SERVER="false")) as new:
        new.wait_until_ready()
        waiting = site.apply(new, tencent)
        with running(data, **site.settings("old")) as old:
            old.wait_until_ready()
            assert "REJECTED" == site.ended(new, tencent, waiting)
            assert [200, 200, 200] == [site.verify(server, late) for server in (old, new, old)]
            assert (200, True) == site.again(old, native)
    used = [site.say(which, "usage", "--by", "operation") for which in ("old", "new")]
    assert used[0] == used[1]
    assert site.asked - 2 == sum(row["calls"] for row in used[1])  # Two were answers given again.
    assert (HEAD, OLDEST) == site.stands()
