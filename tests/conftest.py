"""What all tests share: the way to the real pictures, the weights, the sample portraits and both databases."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy import Engine, text

from ipse.infra.settings import read_settings
from ipse.infra.store.database import open_database
from ipse.infra.store.engines import make_engine
from ipse.models.bundle import samples_folder
from ipse.models.fetch import fetch
from ipse.models.manifest import Manifest, Samples
from ipse.models.silence import keep_quiet

keep_quiet()  # Before any test module loads a runtime by itself.

IN_CI = os.environ.get("CI") == "true"  # noqa: TID251 - the one question that tests ask of their surroundings


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test is a failed one: there, everything that a test needs can be had."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pictures beside the repository; the test is skipped where it is absent, and fails in CI."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("../shared/data is absent: real pictures are needed")
    return folder


@pytest.fixture(scope="session")
def weights() -> Path:
    """The folder of the default weights, fetched now if they are not there."""
    folder = read_settings().weights_dir.expanduser()
    fetch(Manifest.load().defaults, folder)
    return folder


@pytest.fixture(scope="session")
def samples(weights: Path) -> Path:
    """The folder of the sample portraits, fetched now if they are not there."""
    folder = samples_folder(weights)
    fetch(Samples.load().pictures, folder)
    return folder


@dataclass
class Cluster:
    """A throwaway PostgreSQL; its databases are made from a template, which takes a tenth of a second."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    def address(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://ipse@/{name}?host={self.folder}"

    def make(self, template: str) -> str:
        """The name of a new database."""
        name = f"test{next(self.numbers)}"
        self.say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Throw a database away, whoever still looks at it."""
        self.say(f"DROP DATABASE {name} WITH (FORCE)")

    def say(self, words: str) -> None:
        """Run one statement outside of all test databases."""
        engine = make_engine(self.address("postgres"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(words))
        engine.dispose()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """PostgreSQL on a socket in a folder of its own, with an empty database `ipse_new` that is up to date."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name))
    found = shutil.which("pg_ctl", path=os.pathsep.join([*map(str, reversed(programs)), os.defpath]))
    if found is None:
        pytest.skip("PostgreSQL is absent: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="ipse-postgresql-"))
    runner = None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root.
        runner = "nobody"
        shutil.chown(folder, runner)

    def run(program: str, *words: str) -> None:
        command: list[str | Path] = [Path(found).with_name(program), "--pgdata", folder / "cluster", *words]
        subprocess.run(command, check=True, cwd=folder, user=runner, extra_groups=[] if runner else None,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # fmt: skip

    run("initdb", "--auth=trust", "--username=ipse", "--encoding=UTF8", "--no-sync")
    settings = {"listen_addresses": "", "unix_socket_directories": folder, "fsync": "off", "full_page_writes": "off"}
    run("pg_ctl", "start", "--wait", "--silent", f"--log={folder / 'log'}",
        "--options=" + " ".join(f"-c {name}='{value}'" for name, value in settings.items()))  # fmt: skip
    try:
        cluster = Cluster(folder)
        cluster.say("CREATE DATABASE ipse_new")
        open_database(cluster.address("ipse_new")).dispose()
        yield cluster
    finally:
        run("pg_ctl", "stop", "--mode=immediate", "--silent")
        shutil.rmtree(folder)


@pytest.fixture
def postgresql_url(postgresql: Cluster) -> Iterator[str]:
    """The address of an empty PostgreSQL database that is up to date."""
    name = postgresql.make("ipse_new")
    yield postgresql.address(name)
    postgresql.drop(name)


@pytest.fixture
def bare_postgresql_url(postgresql: Cluster) -> Iterator[str]:
    """The address of a PostgreSQL database without tables."""
    name = postgresql.make("template1")
    yield postgresql.address(name)
    postgresql.drop(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite database that is not there yet."""
    return f"sqlite:///{tmp_path / 'ipse.sqlite'}"


@pytest.fixture(params=["sqlite_url", "postgresql_url"], ids=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database: one test on both kinds."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture(params=["sqlite_url", "bare_postgresql_url"], ids=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest) -> str:
    """The address of a database without tables: one test on both kinds."""
    return str(request.getfixturevalue(request.param))


OpenAgain: TypeAlias = Callable[[], Engine]


@pytest.fixture
def open_again(database_url: str) -> Iterator[OpenAgain]:
    """Opens the database once more, as another process would."""
    opened: list[Engine] = []

    def open_one() -> Engine:
        opened.append(open_database(database_url))
        return opened[-1]

    yield open_one
    for engine in opened:
        engine.dispose()


@pytest.fixture
def database(open_again: OpenAgain) -> Engine:
    """An empty database that is up to date, open: SQLite and PostgreSQL."""
    return open_again()


@pytest.fixture
def another_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Engine]]:
    """Makes one more empty database, of the kind that is asked for."""
    made: list[tuple[Engine, str | None]] = []

    def make(kind: str) -> Engine:
        name = None
        address = f"sqlite:///{tmp_path / f'another{len(made)}.sqlite'}"
        if kind == "postgresql":
            cluster: Cluster = request.getfixturevalue("postgresql")
            name = cluster.make("ipse_new")
            address = cluster.address(name)
        made.append((open_database(address), name))
        return made[-1][0]

    yield make
    for engine, name in made:
        engine.dispose()
        if name is not None:
            request.getfixturevalue("postgresql").drop(name)
