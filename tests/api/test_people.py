"""The registry of people from end to end: rows made by `ipse people`, asked for by a vendor's call."""

import csv
import json
import sqlite3
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import PIL.Image
import pytest

from ipse.cli.people.importing import BATCH_ROWS
from tests.api.conftest import IPSE, environment, said
from tests.commands import run_ipse
from tests.played_authority import LONG_S, Said, played, says

if TYPE_CHECKING:
    from tests.api.conftest import Server

Start: TypeAlias = "Callable[..., Server]"
Tell: TypeAlias = Callable[..., Any]

NAME = "王小明"
OBAMA = "110101199003070001"
GREY = "110101199003070002"
PHOTOLESS = "110101199003070003"
BROKEN = "110101199003070004"
FACELESS = "110101199003070005"
LOST = "110101199003070006"
PAIR = "110101199003070007"
NOBODY = "11010119900307999X"
LIAR = "110101199003070008"
SLOW = "110101199003070009"
ENDLESS = "110101199003070016"

ROWS = 20 * BATCH_ROWS + 1


def jpeg(picture: PIL.Image.Image) -> bytes:
    """The bytes of a JPEG file."""
    file = BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()


@pytest.fixture(scope="module")
def photos(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photos of every kind that a registry meets."""
    folder = tmp_path_factory.mktemp("photos")
    obama = PIL.Image.open(samples / "obama.jpg").convert("RGB")
    biden = PIL.Image.open(samples / "biden.jpg").convert("RGB").resize(obama.size)
    (folder / "obama.jpg").write_bytes(jpeg(obama))
    (folder / "grey.jpg").write_bytes(jpeg(obama.convert("L").convert("RGB")))
    (folder / "broken.jpg").write_bytes(jpeg(obama)[:2000])
    (folder / "wall.jpg").write_bytes(jpeg(PIL.Image.new("RGB", (400, 400), (120, 160, 90))))
    both = PIL.Image.new("RGB", (2 * obama.width, 2 * obama.height), (200, 200, 200))
    both.paste(obama, (0, 0))
    both.paste(biden.resize((biden.width // 3, biden.height // 3)), (obama.width, obama.height))
    (folder / "both.jpg").write_bytes(jpeg(both))
    return folder


@pytest.fixture(scope="module")
def listed(photos: Path) -> Path:
    """A file of people, one of each kind, beside their photos."""
    rows = [
        (OBAMA, NAME, "obama.jpg"),
        (GREY, NAME, "grey.jpg"),
        (PHOTOLESS, NAME, ""),
        (BROKEN, NAME, "broken.jpg"),
        (FACELESS, NAME, "wall.jpg"),
        (LOST, NAME, "nowhere.jpg"),
        (PAIR, "阿不都·买买提", "both.jpg"),
        ("1101011990030700", NAME, "obama.jpg"),
        ("11010119900307000A", NAME, "obama.jpg"),
        ("", NAME, ""),
        ("110101199003070010", "", ""),
        ("110101199003070011", "·", ""),
        ("110101199003070012", "名" * 201, ""),
        (OBAMA, "another", ""),
    ]
    odd = [("110101199003070014", NAME, "."), ("110101199003070015", NAME, "no\0name"), (ENDLESS, NAME, "a" * 5000)]
    path = photos / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id_number", "name", "photo"), *rows, ("110101199003070013", NAME), *odd])
    return path


@pytest.fixture(scope="module")
def imported(server: "Server", listed: Path) -> dict[str, Any]:
    """What the import beside the session's server said."""
    told: dict[str, Any] = said(server.folder, "people", "import", str(listed))
    return told


@pytest.fixture(scope="module")
def key(server: "Server") -> dict[str, str]:
    """A key that may ask the registry."""
    return server.key("--allow", "kyc")


def ask(server: "Server", key: dict[str, str], samples: Path, number: str, name: str = NAME, **more: str) -> Any:
    """Status and body of a call about somebody, with another picture of Obama."""
    person = {"comparison_type": "1", "idcard_name": name, "idcard_number": number}
    answer = server.call(key, samples / "obama2.jpg", samples / "biden.jpg", **person, **more)
    return answer.status_code, answer.json()


def test_an_import_counts_everything(imported: dict[str, Any], listed: Path) -> None:
    """Good rows, refused rows by reason, doubtful ones, photos by state."""
    assert 18 == imported["rows"]
    assert (10, 0, 0) == tuple(imported[word] for word in ("added", "changed", "unchanged"))
    assert {
        "columns": 1,
        "name_long": 1,
        "name_missing": 2,
        "number_form": 2,
        "number_missing": 1,
        "number_repeated": 1,
    } == imported["refused"]
    assert {"absent": 1, "faceless": 1, "unreadable": 5, "usable": 3} == imported["photos"]
    warnings = dict(imported["warnings"])
    assert warnings.pop("check_digit")
    assert {
        "photo_faceless": 1,
        "photo_not_found": 3,
        "photo_not_readable": 1,
        "photo_unreadable": 1,
    } == warnings
    assert str(listed.with_suffix(".refused.csv")) == imported["report"]


def test_the_report_names_lines_and_nobody(imported: dict[str, Any]) -> None:
    """Line, verdict and reason of every refused or doubtful row; numbers and names only when asked for."""
    text = Path(imported["report"]).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert ["9", "10", "11", "12", "13", "14", "15", "16"] == [
        row["line"] for row in rows if row["verdict"] == "refused"
    ]
    assert ("5", "photo_unreadable") in {(row["line"], row["reason"]) for row in rows}
    assert OBAMA not in text
    assert NAME not in text
    assert 0o600 == Path(imported["report"]).stat().st_mode & 0o777


def test_a_registered_person_is_recognised(
    server: "Server", imported: dict[str, Any], key: dict[str, str], samples: Path
) -> None:
    """Another picture passes at 1e-4, beside a reference that does not, in colour and never attacked."""
    assert imported["added"]
    status, body = ask(server, key, samples, OBAMA)
    assert 200 == status
    assert body["result_faceid"]["confidence"] > body["result_faceid"]["thresholds"]["1e-4"]
    assert body["result_ref1"]["confidence"] < body["result_ref1"]["thresholds"]["1e-3"]
    assert {"id_photo_monochrome": 0, "id_attacked": 0} == body["id_exceptions"]


def test_a_grey_photo_is_told(server: "Server", imported: dict[str, Any], key: dict[str, str], samples: Path) -> None:
    """And recognised all the same."""
    assert imported["added"]
    status, body = ask(server, key, samples, GREY)
    assert (200, {"id_photo_monochrome": 1, "id_attacked": 0}) == (status, body["id_exceptions"])
    assert body["result_faceid"]["confidence"] > body["result_faceid"]["thresholds"]["1e-4"]


def test_the_largest_of_several_registered_faces_counts(
    server: "Server", imported: dict[str, Any], key: dict[str, str], samples: Path
) -> None:
    """A name that is written with another dot, in full width, finds them."""
    assert imported["added"]
    status, body = ask(server, key, samples, PAIR, "阿不都•买买提 ")
    assert 200 == status
    assert body["result_faceid"]["confidence"] > body["result_faceid"]["thresholds"]["1e-4"]


@pytest.mark.parametrize(
    ("number", "name", "message"),
    [
        (NOBODY, NAME, "NO_SUCH_ID_NUMBER"),
        (OBAMA, "王大明", "ID_NUMBER_NAME_NOT_MATCH"),
        (PHOTOLESS, NAME, "IMAGE_ERROR_UNSUPPORTED_FORMAT: data_source"),
        (BROKEN, NAME, "IMAGE_ERROR_UNSUPPORTED_FORMAT: data_source"),
        (LOST, NAME, "IMAGE_ERROR_UNSUPPORTED_FORMAT: data_source"),
        (FACELESS, NAME, "NO_FACE_FOUND: data_source"),
    ],
)
def test_each_error_of_the_data_source_comes_from_a_row(
    server: "Server",
    imported: dict[str, Any],
    key: dict[str, str],
    samples: Path,
    number: str,
    name: str,
    message: str,
) -> None:
    """In the vendor's words; the probe's faces ride on the one about a face."""
    assert imported["added"]
    status, body = ask(server, key, samples, number, name, return_faces="1")
    assert (400, message) == (status, body["error_message"])
    assert (message == "NO_FACE_FOUND: data_source") == ("faces" in body)


def test_an_attack_is_told_until_it_is_forgotten(
    server: "Server", imported: dict[str, Any], key: dict[str, str], samples: Path, tell: Tell
) -> None:
    """The next call already sees what `ipse people attacked` did."""
    assert imported["added"]
    attacked = []
    for words in (("add", OBAMA, "--days", "2"), ("clear", OBAMA)):
        tell(server.folder, "people", "attacked", *words)
        attacked.append(ask(server, key, samples, OBAMA)[1]["id_exceptions"]["id_attacked"])
    assert [1, 0] == attacked
    assert {"remembered": 0} == tell(server.folder, "people", "attacked", "count")


def test_nothing_of_anybody_is_in_the_log(server: "Server", imported: dict[str, Any]) -> None:
    """Whatever was asked in the tests before this one."""
    assert imported["added"]
    log = "".join(server.lines)
    for secret in (OBAMA, PHOTOLESS, NAME, json.dumps(NAME)):
        assert secret not in log


def test_rows_of_other_weights_answer_before_and_after_reindex(
    start: Start, listed: Path, samples: Path, tell: Tell
) -> None:
    """People imported with one profile are recognised by a server with another; reindexing makes them its own."""
    server = start(IPSE_PROFILE="fast")
    server.wait_until_ready()
    tell(server.folder, "people", "import", str(listed))
    key = server.key("--allow", "kyc")
    before = [ask(server, key, samples, number)[1] for number in (OBAMA, GREY, FACELESS)]
    recipe = tell(server.folder, "people", "show", OBAMA)["recipe"]
    surroundings = environment(server.folder, IPSE_PROFILE="fast")
    done = run_ipse("people", "reindex", "--json", env=surroundings, check=True)
    assert {"photos": {"faceless": 1, "usable": 3}} == json.loads(done.stdout)
    assert recipe != tell(server.folder, "people", "show", OBAMA)["recipe"]
    after = [ask(server, key, samples, number)[1] for number in (OBAMA, GREY, FACELESS)]
    assert [told(body) for body in before] == [told(body) for body in after]
    assert "result_faceid" in after[0]


def told(body: dict[str, Any]) -> dict[str, Any]:
    """A body without what is particular to its call."""
    return {name: value for name, value in body.items() if name not in {"request_id", "time_used"}}


def test_import_again_goes_on_where_it_stopped(tmp_path: Path, weights: Path, photos: Path, tell: Tell) -> None:
    """Half of the file first; then the rest is new, one photo has changed, and the others are left as they are."""
    assert weights.is_dir()
    folder, path = tmp_path / "data", photos / "resumed.csv"
    rows = [(f"11010119900307{index:04d}", NAME, "obama.jpg" if index % 2 else "grey.jpg") for index in range(8)]
    write(path, rows[:4])
    assert 4 == tell(folder, "people", "import", str(path))["added"]
    write(path, [(rows[0][0], NAME, "wall.jpg"), *rows[1:]])
    again = tell(folder, "people", "import", str(path))
    assert (4, 1, 3) == tuple(again[word] for word in ("added", "changed", "unchanged"))
    assert "faceless" == tell(folder, "people", "show", rows[0][0])["photo"]


@pytest.mark.parametrize(
    ("form", "status", "complaint"),
    [
        ("mainland", 64, "has no column id_number"),
        ("stdnum:th.nothing", 78, "python-stdnum has no th.nothing"),
    ],
)
def test_what_cannot_be_imported_is_told_in_words(tmp_path: Path, form: str, status: int, complaint: str) -> None:
    """A file that is no list of people is wrong usage, a form of numbers that there is not a wrong setting."""
    path = tmp_path / "people.csv"
    path.write_text("number,name,photo\n", encoding="utf-8")
    surroundings = environment(tmp_path / "data", IPSE_PEOPLE_NUMBER_FORMAT=form)
    done = run_ipse("people", "import", path, env=surroundings)
    assert status == done.returncode
    assert complaint in " ".join(done.stderr.replace("│", "").split())


def test_a_report_never_replaces_the_list_itself(tmp_path: Path) -> None:
    """Naming the list as the report, also by a link, is wrong usage, and the list stays as it is."""
    path, link = tmp_path / "people.csv", tmp_path / "link.csv"
    path.write_text("id_number,name,photo\n", encoding="utf-8")
    link.symlink_to(path)
    for report in (path, link):
        done = run_ipse("people", "import", path, "--report", report, env=environment(tmp_path / "data"))
        assert 64 == done.returncode
        assert "the report would replace the file itself" in " ".join(done.stderr.replace("│", "").split())
    assert "id_number,name,photo\n" == path.read_text(encoding="utf-8")


def test_a_killed_import_goes_on_where_it_stopped(tmp_path: Path, tell: Tell) -> None:
    """Killed after some batches, none of them half; the second import takes the rest and leaves the first alone."""
    folder, path = tmp_path / "data", tmp_path / "people.csv"
    write(path, [(f"{number:017d}X", NAME, "") for number in range(ROWS)])
    tell(folder, "people", "attacked", "count")  # Makes the database.
    with sqlite3.connect(folder / "ipse.sqlite") as database:
        with subprocess.Popen([IPSE, "people", "import", str(path)], env=environment(folder)) as process:
            while process.poll() is None and not database.execute("SELECT 1 FROM people LIMIT 1").fetchall():
                pass
            process.kill()
        ((written,),) = database.execute("SELECT count(*) FROM people").fetchall()
    database.close()
    assert 0 == written % BATCH_ROWS
    assert 0 < written < ROWS
    again = tell(folder, "people", "import", str(path))
    assert (ROWS - written, 0, written) == tuple(again[word] for word in ("added", "changed", "unchanged"))


def test_what_is_exported_can_be_imported_again(tmp_path: Path, weights: Path, photos: Path, tell: Tell) -> None:
    """Everybody with their photo, for the owner's eyes only; the data folder itself holds nobody in the clear."""
    assert weights.is_dir()
    folder, path = tmp_path / "data", photos / "exported.csv"
    write(path, [(OBAMA, NAME, "obama.jpg"), (PHOTOLESS, NAME, ""), (FACELESS, NAME, "wall.jpg")])
    tell(folder, "people", "import", str(path))
    out = tmp_path / "out" / "people.csv"
    out.parent.mkdir()
    assert {"people": 3} == tell(folder, "people", "export", str(out), "--photos", str(out.parent / "photos"))
    assert 3 == tell(folder, "people", "import", str(out))["unchanged"]
    modes = {place.stat().st_mode & 0o077 for place in (out, *(out.parent / "photos").iterdir())}
    assert {0} == modes
    assert not any(OBAMA in place.name for place in (out.parent / "photos").iterdir())
    photo = (photos / "obama.jpg").read_bytes()
    for file in folder.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        for secret in (OBAMA.encode(), NAME.encode(), photo[1000:1100]):
            assert secret not in content


def test_a_mistyped_attack_is_not_remembered(tmp_path: Path, tell: Tell) -> None:
    """A number that nobody can be asked for is refused, and with it all others of the call."""
    folder = tmp_path / "data"
    for numbers in ((OBAMA, OBAMA[:-1]), ("···",)):
        done = run_ipse("people", "attacked", "add", *numbers, env=environment(folder))
        assert 64 == done.returncode
        assert not any(number in done.stderr for number in numbers)
    assert {"remembered": 0} == tell(folder, "people", "attacked", "count")
    assert {"added": 2} == tell(folder, "people", "attacked", "add", OBAMA, GREY)


def test_people_are_removed_by_number_by_line_or_by_file(tmp_path: Path, weights: Path, tell: Tell) -> None:
    """Numbers need not be on the command line; nobody left is exit status 1."""
    assert weights.is_dir()
    folder, path, numbers = tmp_path / "data", tmp_path / "people.csv", tmp_path / "numbers.txt"
    write(path, [(number, NAME, "") for number in (OBAMA, GREY, BROKEN, FACELESS)])
    numbers.write_text(f"{BROKEN}\n\n{FACELESS}\n", encoding="utf-8")
    tell(folder, "people", "import", str(path))
    assert {"removed": 1} == tell(folder, "people", "remove", OBAMA)
    assert {"removed": 2} == tell(folder, "people", "remove", "--file", str(numbers))
    statuses = []
    for _ in range(2):
        done = run_ipse("people", "remove", "-", "--json", env=environment(folder), given=f"{GREY}\n")
        statuses.append((done.returncode, json.loads(done.stdout)))
    assert [(0, {"removed": 1}), (1, {"removed": 0})] == statuses
    done = run_ipse("people", "show", GREY, env=environment(folder))
    assert 1 == done.returncode


def test_each_error_of_the_data_source_comes_from_an_authority(
    start: Start, photos: Path, samples: Path, tell: Tell
) -> None:
    """One that is honest, knows nobody, lies, is slow or down; what it shows is judged like our own photos."""
    with played() as authority:
        authority.script = {
            OBAMA: [says((photos / "obama.jpg").read_bytes())],
            GREY: [says((photos / "grey.jpg").read_bytes())],
            FACELESS: [says((photos / "wall.jpg").read_bytes())],
            BROKEN: [says((photos / "broken.jpg").read_bytes())],
            PHOTOLESS: [says()],
            PAIR: [says(result="name_differs")],
            LIAR: [says(b"Dear Sir or Madam")],
            SLOW: [Said(b"", after_s=LONG_S)],
        }
        address = {"URL": authority.url, "TOKEN": "s3cret", "TIMEOUT_S": "2"}
        server = start(**{f"IPSE_PEOPLE_AUTHORITY_{name}": value for name, value in address.items()})
        server.wait_until_ready()
        key = server.key("--allow", "kyc")
        tell(server.folder, "people", "attacked", "add", GREY)
        good = [ask(server, key, samples, number)[1] for number in (OBAMA, GREY)]
        numbers = (NOBODY, PAIR, PHOTOLESS, BROKEN, FACELESS, LIAR, SLOW)
        errors = [ask(server, key, samples, number)[1]["error_message"] for number in numbers]
    errors.append(ask(server, key, samples, OBAMA)[1]["error_message"])
    for body in good:
        assert body["result_faceid"]["confidence"] > body["result_faceid"]["thresholds"]["1e-4"]
    assert [(0, 0), (1, 1)] == [tuple(body["id_exceptions"].values()) for body in good]
    assert [
        "NO_SUCH_ID_NUMBER",
        "ID_NUMBER_NAME_NOT_MATCH",
        "IMAGE_ERROR_UNSUPPORTED_FORMAT: data_source",
        "IMAGE_ERROR_UNSUPPORTED_FORMAT: data_source",
        "NO_FACE_FOUND: data_source",
        "DATA_SOURCE_ERROR",
        "DATA_SOURCE_ERROR",
        "DATA_SOURCE_ERROR",
    ] == errors
    assert {"Bearer s3cret"} == {headers["authorization"] for headers, _ in authority.asked}


def write(path: Path, rows: list[tuple[str, str, str]]) -> None:
    """A file of people."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id_number", "name", "photo"), *rows])
