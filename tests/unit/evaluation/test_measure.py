"""From templates to summary and report, on templates that are made up and pictures that are not needed."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ipse.core.faces.examine import Examination, Wish
from ipse.core.reasons import Reason, Refusal
from ipse.core.scoring.calibration import Curve, Knot, Provenance
from ipse.core.vocabulary import Quality, Recipe, Template
from ipse.evaluation.acquire import Failure, acquire
from ipse.evaluation.groups import Factor
from ipse.evaluation.measure import Evaluation, measure
from ipse.evaluation.pairs import Trials, read_folders, read_pairs
from ipse.evaluation.report import write_report
from ipse.evaluation.summary import summarise, write_scores

RECIPE = Recipe("balanced", "float32", "e" * 64, "d" * 64)
CURVE = Curve(
    RECIPE,
    (Knot(-1, 0, 0, 0), Knot(0.2, -1, -1.2, -0.9), Knot(1, -9, -12, -8)),
    1e-3,
    Provenance("Some <set>", "mostly Western press photographs", "2026-11-21", 9, 18, 9, 144),
)


class Painted:
    """Examines small pictures of one colour: it is the direction, black shows no face, red is quality."""

    def examine(self, picture: Path, wish: Wish) -> Examination:
        """Give the colour as a direction."""
        assert wish.subject == "centre"
        if picture.suffix == ".txt":
            raise Refusal(Reason.IMAGE_UNRECOGNISED)
        red, green, blue = Image.open(picture).convert("RGB").getpixel((0, 0))  # type: ignore[misc]  # three channels
        if red == green == blue == 0:
            return Examination(8, 8, "", "png", (), None, 0, None, None)
        vector = np.array([red, green, blue, 40], np.float32) - np.float32(100)
        template = Template(vector / np.linalg.norm(vector), RECIPE)
        return Examination(8, 8, "", "png", (), 0, 0, template, Quality(red / 255 * 100, {}))


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Twelve people with two pictures each in nearly one colour, one black picture and one text among them."""
    rng = np.random.default_rng(0)
    for person in range(12):
        folder = tmp_path / "set" / f"p{person:02}"
        folder.mkdir(parents=True)
        colour = rng.integers(20, 235, 3)
        for number in range(2):
            shade = tuple(int(one) for one in colour + rng.integers(-15, 16, 3))
            Image.new("RGB", (8, 8), shade).save(folder / f"{number}.png")
    Image.new("RGB", (8, 8)).save(tmp_path / "set" / "p00" / "black.png")
    (tmp_path / "set" / "p01" / "note.txt").write_text("no picture", encoding="utf-8")
    return tmp_path / "set"


def evaluation(trials: Trials, curve: Curve | None = CURVE) -> Evaluation:
    """The evaluation of painted pictures, in two groups."""
    factor = Factor("half", ("a", "b"), (trials.people % 2).astype(np.int32))
    gallery = acquire(trials.pictures, Painted(), "centre", workers=2)
    return measure(trials, gallery, source="set", date="2026-11-21", subject="centre", curve=curve, factors=[factor])


def test_pictures_without_a_template_are_counted_and_named(folders: Path) -> None:
    """Two of 26 pictures fail: FTA is 2/26, both are listed with their reasons, their genuine pairs as lost."""
    result = evaluation(read_folders(folders))
    summary = summarise(result)
    assert (Failure(2, Reason.FACE_MISSING), Failure(5, Reason.IMAGE_UNRECOGNISED)) == result.failures
    assert pytest.approx(2 / 26) == summary["fta"]
    assert {"picture": "p00/black.png", "reason": "face_missing"} == summary["failures"][0]
    assert (12, 24 * 23 // 2 - 12, 4) == (summary["genuine"], summary["impostor"], summary["genuine_lost_to_failures"])


def test_templates_come_in_the_order_of_the_pictures(folders: Path) -> None:
    """Eight threads give the very gallery that one gives."""
    pictures = read_folders(folders).pictures
    one, eight = (acquire(pictures, Painted(), "centre", workers) for workers in (1, 8))
    assert one.vectors.tolist() == eight.vectors.tolist()
    assert one.pictures.tolist() == eight.pictures.tolist()


def test_faces_of_low_quality_are_counted(folders: Path) -> None:
    """The share below 30.1 is of the faces that gave a template: red below 76.8 here."""
    result = evaluation(read_folders(folders))
    reds = [Image.open(picture).convert("RGB").getpixel((0, 0)) for picture in folders.glob("p*/[01].png")]
    low = sum(red[0] / 255 * 100 < 30.1 for red in reds)  # type: ignore[index]  # three channels
    assert 0 < low < 24
    assert pytest.approx(low / 24) == summarise(result)["quality_below_suggested"]


def test_no_template_at_all_is_an_error(folders: Path) -> None:
    """Nothing can be said about pictures that all fail."""
    with pytest.raises(ValueError, match="none of the 1 pictures"):
        acquire([folders / "p00" / "black.png"], Painted(), "centre")


def test_the_summary_has_the_fixed_names(folders: Path) -> None:
    """fta, genuine, impostor and tar with value, low and high, in valid JSON, at every rate."""
    summary = json.loads(json.dumps(summarise(evaluation(read_folders(folders))), allow_nan=False))
    assert ["1e-2", "1e-3", "1e-4", "1e-5", "1e-6"] == list(summary["tar"])
    known = summary["tar"]["1e-2"]
    assert 0 <= known["low"] <= known["value"] <= known["high"] <= 1
    rare = summary["tar"]["1e-6"]
    assert 0 <= rare["low"] <= rare["value"] <= rare["high"] <= 1
    assert rare["threshold"] > known["threshold"]
    assert rare["support"] == "none"


def test_groups_are_counted_apart(folders: Path) -> None:
    """Six people in each half: 12 pictures, 60 impostor pairs within, 144 across, 6 genuine."""
    groups = summarise(evaluation(read_folders(folders)))["groups"]
    assert ["a", "b"] == [group["group"] for group in groups]
    rates = groups[0]["rates"][0]
    assert (6, 12) == (groups[0]["people"], groups[0]["pictures"])
    assert (60, 144, 6) == (rates["fmr"]["trials"], rates["fmr_across"]["trials"], rates["fnmr"]["trials"])
    assert pytest.approx(CURVE.similarity_at(1e-3)) == rates["threshold"]


def listed(folders: Path, *rows: str) -> Evaluation:
    """The evaluation of listed pairs."""
    (folders / "pairs.csv").write_text("\n".join(["a,b,same", *rows]) + "\n", encoding="utf-8")
    return evaluation(read_pairs(folders / "pairs.csv"))


def test_listed_pairs_are_compared_as_listed(folders: Path, tmp_path: Path) -> None:
    """Two genuine pairs and an impostor pair; the pair with a black picture is lost, and all others are written."""
    result = listed(
        folders,
        "p01/0.png,p01/1.png,1",
        "p02/0.png,p02/1.png,1",
        "p01/0.png,p02/1.png,0",
        "p00/0.png,p00/black.png,1",
    )
    summary = summarise(result)
    assert (2, 1, 1) == (summary["genuine"], summary["impostor"], summary["genuine_lost_to_failures"])
    assert pytest.approx(1 / 6) == summary["fta"]
    write_scores(result, tmp_path / "scores.csv")
    lines = (tmp_path / "scores.csv").read_text(encoding="utf-8").splitlines()
    assert lines[3].startswith("p01/0.png,p02/1.png,0,")
    assert len(lines) == 4


def test_files_that_cannot_be_opened_have_words_of_their_own(folders: Path) -> None:
    """An absent file and a folder in its place are failures to acquire with words of their own."""
    (folders / "p03" / "folder.png").mkdir()
    result = listed(folders, "p01/0.png,p01/1.png,1", "p01/0.png,gone.png,0", "p01/1.png,p03/folder.png,0")
    summary = summarise(result)
    assert [
        {"picture": "gone.png", "reason": "file_missing"},
        {"picture": "p03/folder.png", "reason": "file_unreadable"},
    ] == summary["failures"]
    assert (1, 0, 0.5) == (summary["genuine"], summary["impostor"], summary["fta"])


@pytest.mark.parametrize(("row", "counts"), [("p01/0.png,p01/1.png,1", (1, 0)), ("p01/0.png,p02/1.png,0", (0, 1))])
def test_one_kind_of_pairs_alone_is_enough(folders: Path, tmp_path: Path, row: str, counts: tuple[int, int]) -> None:
    """Only genuine or only impostor pairs still give a report; what cannot be known is null."""
    result = listed(folders, row)
    write_report(result, tmp_path / "report.html")
    summary = summarise(result)
    assert counts == (summary["genuine"], summary["impostor"])
    assert [None] * 5 == [point["value"] for point in summary["tar"].values()]
    measured = summary["stated"]["1e-3"]
    assert (measured["fnmr"]["value"] is None, measured["fmr"]["value"] is None) == (counts[0] == 0, counts[1] == 0)


def test_scores_name_pairs_and_their_worth(folders: Path, tmp_path: Path) -> None:
    """Genuine pairs come first, the most alike first; each has its similarity and what the curve says of it."""
    write_scores(evaluation(read_folders(folders)), tmp_path / "scores.csv")
    rows = list(csv.DictReader((tmp_path / "scores.csv").read_text(encoding="utf-8").splitlines()))
    assert 12 + 264 == len(rows)
    assert ["1"] * 12 == [row["same"] for row in rows[:12]]
    similarity, rate = float(rows[20]["similarity"]), float(rows[20]["false_match_rate"])
    assert pytest.approx(CURVE.false_match_rate(similarity), rel=1e-3) == rate


def test_the_report_stands_alone(folders: Path, tmp_path: Path) -> None:
    """No address of another machine and no photograph is in it, and what the data say is written out escaped."""
    write_report(evaluation(read_folders(folders)), tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "data:image/svg+xml" in page
    assert "data:image/jpeg" not in page
    assert re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?(?!data:)[^\"'\s>]+", page) == []
    assert "//" not in re.sub(r"data:[^\"]+", "", page)
    assert "Some &lt;set&gt;" in page
    assert re.search(r"<td class=\"n\">\d\.\de-[1-9]</td>", page)
    for words in (
        "ipse calibrate",
        "mostly Western press photographs",
        "p00/black.png",
        "rule of 3",
        "a hint at most",
        "extrapolated",
    ):
        assert words in page


def test_without_a_curve_the_report_asks_for_one_and_with_the_flag_it_shows_faces(
    folders: Path, tmp_path: Path
) -> None:
    """Without a curve rates are still measured; the worst pairs' photographs are in it when asked for."""
    write_report(evaluation(read_folders(folders), curve=None), tmp_path / "report.html", show_pictures=True)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "There is no curve for these weights" in page
    assert "True accept rate" in page
    assert "data:image/jpeg" in page
