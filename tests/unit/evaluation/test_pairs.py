"""What is to be compared: folders, lists of pairs, lists of wrong labels, lists of groups."""

from pathlib import Path

import pytest

from ipse.evaluation.exclusions import read_exclusions
from ipse.evaluation.groups import read_groups
from ipse.evaluation.pairs import TrialsError, read_folders, read_pairs


def touch(root: Path, *names: str) -> Path:
    """Empty files under a folder."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def people(root: Path) -> Path:
    """Two people with two pictures and one."""
    return touch(root, "ann/1.jpg", "ann/2.png", "bob/1")


def write(file: Path, *lines: str) -> Path:
    """A text file of these lines."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_folders_are_people(tmp_path: Path) -> None:
    """Each sub-folder is a person; litter, hidden files and loose files are none of their pictures."""
    touch(people(tmp_path), "ann/.hidden", "ann/Thumbs.db", "readme.txt", ".git/x")
    trials = read_folders(tmp_path)
    assert ("ann/1.jpg", "ann/2.png", "bob/1") == trials.names
    assert ([0, 0, 1], ("ann", "bob")) == (trials.people.tolist(), trials.labels)


def test_a_folder_without_people_is_refused(tmp_path: Path) -> None:
    """An empty folder, or none, is wrong usage that says what is needed."""
    with pytest.raises(TrialsError, match="one folder per person"):
        read_folders(tmp_path)
    with pytest.raises(TrialsError, match="no folder"):
        read_folders(tmp_path / "absent")


def test_paths_are_relative_to_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From any working directory, paths in the list start beside the list; columns may stand in any order."""
    people(tmp_path / "set")
    listing = write(tmp_path / "set" / "pairs.csv", "same,b,a", "1,ann/2.png,ann/1.jpg", "0,ann/1.jpg,bob/1")
    monkeypatch.chdir("/")
    trials = read_pairs(listing)
    assert trials.listed is not None
    assert tmp_path / "set" / "ann" / "1.jpg" == trials.pictures[0]
    assert [[0, 1, 1], [2, 0, 0]] == trials.listed.tolist()
    assert ("ann/1.jpg", "ann/2.png", "bob/1") == trials.names


def test_pictures_chained_by_genuine_pairs_are_one_person(tmp_path: Path) -> None:
    """a=b and b=c make one person of three pictures; d is another."""
    touch(tmp_path, "a", "b", "c", "d")
    trials = read_pairs(write(tmp_path / "p.csv", "a,b,same", "a,b,1", "b,c,1", "a,d,0"))
    numbers = dict(zip(trials.names, trials.people.tolist(), strict=True))
    assert numbers["a"] == numbers["b"] == numbers["c"] != numbers["d"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("a,b", "x,y"), "same"),
        (("a,b,same", "x,y,2"), "0 or 1"),
        (("a,b,same", "x,,1"), "each name a picture"),
        (("a,b,same", "x,\0,1"), "each name a picture"),
        (("a,b,same", "x,x,1"), "no pairs of two"),
        (("a,b,same", "x,y,1", "y,x,0"), "as the same person and as different"),
        (("a,b,same", "x,y"), "cells"),
        (("a,b,same",), "no pairs"),
    ],
)
def test_a_bad_list_is_refused_with_its_line(tmp_path: Path, lines: tuple[str, ...], words: str) -> None:
    """Every way in which a list can be wrong is told in words; nothing is skipped in silence."""
    touch(tmp_path, "x", "y")
    with pytest.raises(TrialsError, match=words):
        read_pairs(write(tmp_path / "pairs.csv", *lines))


def test_lines_that_do_not_count_are_counted(tmp_path: Path) -> None:
    """A pair listed again in either order counts once, a picture against itself not at all, an absent file is kept."""
    listing = write(tmp_path / "pairs.csv", "a,b,same", "x,y,1", "y,x,1", "x,y,1", "x,x,1", "z,z,0", "x,gone,0")
    trials = read_pairs(listing)
    assert trials.listed is not None
    assert [[0, 1, 1], [0, 2, 0]] == trials.listed.tolist()
    assert (("x", "y", "gone"), 2, 2) == (trials.names, trials.repeated, trials.with_itself)


def test_a_list_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """A picture given as a list is wrong usage, not a crash."""
    (tmp_path / "x.csv").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(TrialsError, match="cannot be read"):
        read_pairs(tmp_path / "x.csv")


def test_exclusions_name_pictures_and_people(tmp_path: Path) -> None:
    """A person's name means all its pictures; names that are not among the trials are no error."""
    trials = read_folders(people(tmp_path / "set"))
    listing = write(
        tmp_path / "wrong.csv",
        "a,b,kind,reason",
        "ann,bob,same_person,one man under two names",
        "ann/1.jpg,ann/2.png,different_people,two women",
        "bob/1,,wrong_person,somebody else",
        "carl,dora,same_person,not in this part",
    )
    found = read_exclusions(listing, trials)
    assert [[0, 1], [0, 2], [1, 2]] == found.pairs.tolist()
    assert [2] == found.pictures.tolist()


def test_an_exclusion_needs_a_reason(tmp_path: Path) -> None:
    """Leaving pairs out without a reason, or of an unknown kind, is refused."""
    trials = read_folders(people(tmp_path / "set"))
    for row, words in (("ann,bob,same_person,", "reason"), ("ann,bob,ugly,yes", "kind")):
        with pytest.raises(TrialsError, match=words):
            read_exclusions(write(tmp_path / "wrong.csv", "a,b,kind,reason", row), trials)


def test_groups_are_given_to_people_or_pictures(tmp_path: Path) -> None:
    """A person's row counts for all its pictures, a later picture's row wins, an empty cell is no group."""
    trials = read_folders(people(tmp_path / "set"))
    listing = write(tmp_path / "g.csv", "who,sex,glasses", "ann,f,no", "ann/2.png,f,yes", "bob,m,")
    sex, glasses = read_groups(listing, trials)
    assert (("f", "m"), [0, 0, 1]) == (sex.labels, sex.group.tolist())
    assert (("no", "yes"), [0, 1, -1]) == (glasses.labels, glasses.group.tolist())


def test_a_group_of_nobody_is_refused(tmp_path: Path) -> None:
    """A misspelt person is told, with the line."""
    trials = read_folders(people(tmp_path / "set"))
    with pytest.raises(TrialsError, match=r"g\.csv:2: 'ana'"):
        read_groups(write(tmp_path / "g.csv", "who,group", "ana,f"), trials)
