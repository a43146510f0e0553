"""The file that people are imported from and exported to."""

import os
from pathlib import Path

import pytest

from ipse.infra.people_file import PeopleFileError, PeopleWriter, open_people_file
from ipse.infra.trouble import SetupError

NAME = "王小明"


def test_a_file_is_read_in_its_encoding(tmp_path: Path) -> None:
    """UTF-8 with and without a byte order mark, else GB18030; spaces around a field do not count."""
    told = []
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(f" ID_Number ,name,photo\r\n 1 ,{NAME}, a b.jpg \r\n".encode(encoding))
        found = open_people_file(path)
        (line,) = found.lines()
        told.append((found.encoding, found.rows, line.number, line.id_number, line.name, line.photo))
    photo = tmp_path / "a b.jpg"
    assert [(encoding, 1, 2, "1", NAME, photo) for encoding in ("utf-8-sig", "utf-8-sig", "gb18030")] == told


def test_columns_may_stand_in_any_order_among_others(tmp_path: Path) -> None:
    """They are found by their names; lines are those of the file, also after a field of two lines."""
    path = tmp_path / "people.csv"
    path.write_text('photo,note,name,id_number\n,"two\nlines",a,1\n\n/b.jpg,,b,2\nshort\n', encoding="utf-8")
    lines = list(open_people_file(path).lines())
    assert [(2, "1", None, True), (5, "2", Path("/b.jpg"), True), (6, "", None, False)] == [
        (line.number, line.id_number, line.photo, line.fits) for line in lines
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"number,name,photo\n", "has no column id_number"),
        (b"id_number,name\n", "has no column photo"),
        (b"", "has no column id_number"),
        (b"id_number,name,photo,Name\n", "has the column name twice"),
        (b"id_number,name,photo\n\xff\xff\xff", "neither UTF-8 nor GB18030"),
        (b'id_number,name,photo\n"secret"b,c,d\n', "line 2 is no CSV"),
        (b'id_number,name,photo\n"' + b"secret" * 30_000 + b'",c,d\n', "line 2 is no CSV"),
    ],
)
def test_what_is_no_list_of_people_is_told(tmp_path: Path, content: bytes, complaint: str) -> None:
    """Why, and nothing of what is in it."""
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(PeopleFileError, match=complaint) as told:
        open_people_file(path)
    assert "secret" not in str(told.value)


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    """The file is read twice, so what can be read once only is refused, and without waiting for a writer."""
    pipe = tmp_path / "people.csv"
    os.mkfifo(pipe)
    with pytest.raises(PeopleFileError, match="no regular file"):
        open_people_file(pipe)


def test_nobody_is_named_by_a_line(tmp_path: Path) -> None:
    """A line says where it stands, and hides who is in it."""
    path = tmp_path / "people.csv"
    path.write_text(f"id_number,name,photo\n123,{NAME},p.jpg\n", encoding="utf-8")
    (line,) = open_people_file(path).lines()
    for secret in ("123", NAME, "p.jpg"):
        assert secret not in repr(line)


def test_what_is_written_reads_the_same(tmp_path: Path) -> None:
    """Names with commas, quotes and line ends too; without a folder for photos none is written."""
    path = tmp_path / "people.csv"
    writer = PeopleWriter(path, None)
    names = ["a,b", 'a "b"', "a\nb", NAME]
    for name in names:
        writer.write("1", name, b"\xff\xd8\xff a photo")
    assert 4 == writer.close()
    assert [(name, None) for name in names] == [(line.name, line.photo) for line in open_people_file(path).lines()]
    assert 0o600 == path.stat().st_mode & 0o777


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A file that is there already stays."""
    path = tmp_path / "people.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(SetupError):
        PeopleWriter(path, None)
    assert "mine" == path.read_text(encoding="utf-8")
