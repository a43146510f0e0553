"""Error rates of attacks, on scores that are small enough to count by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from ipse.core.genuineness.judgement import NAMES, JudgementName, OperatingPoint, decided, not_assessed
from ipse.core.reasons import Reason
from ipse.evaluation.pad.answers import Answer
from ipse.evaluation.pad.labels import Label, Presentation, read_labels
from ipse.evaluation.pad.measure import PadEvaluation, measure
from ipse.evaluation.pad.rates import rejected, rejected_or_warned, score, suspected, tabled, trades, verdict_score
from ipse.evaluation.pad.report import write_report
from ipse.evaluation.pad.summary import summarise, write_scores
from ipse.evaluation.pairs import TrialsError

POINTS = {name: OperatingPoint(name, name in {"print", "mask"}, 0.5, why="not_built") for name in NAMES}


def answer(label: str, species: str, number: int, **scores: float | None) -> Answer:
    """What came of one presentation; judgements without a score are not assessed."""
    presentation = Presentation(Path(f"{species}{number}"), f"{species}{number}", Label(label), species)
    told = {name: scores.get(name) for name in NAMES}
    judgements = {
        name: not_assessed(name, "no_face") if value is None else decided(POINTS[name], value)
        for name, value in told.items()
    }
    return Answer(presentation, judgements)


def some(count: int, label: str = "real", species: str = "", start: int = 0, **scores: float | None) -> list[Answer]:
    """Several like presentations."""
    return [answer(label, species, number, **scores) for number in range(start, start + count)]


def evaluation(answers: list[Answer], thresholds: dict[JudgementName, float] | None = None) -> PadEvaluation:
    """All that these answers show."""
    return measure(
        answers, source="set", date="2026-11-21", points=POINTS, thresholds=thresholds or {}, weights={"net": "00"}
    )


def test_attacks_that_pass_and_genuine_ones_that_do_not() -> None:
    """Four of 38 answered photos pass: APCER 4/38; two of 40 are not answered; one of 50 genuine ones is taken."""
    answers = [
        *some(4, "spoof", "photo", 0, print=0.4),
        *some(34, "spoof", "photo", 4, print=0.9),
        *some(2, "spoof", "photo", 38),
        *some(49, print=0.1),
        *some(1, start=49, print=0.5),
    ]
    table = tabled(answers, suspected("print"))
    (photo,) = table.species
    assert photo.errors is not None
    assert photo.non_responses is not None
    assert (4, 38) == (photo.errors.count, photo.errors.trials)
    assert (2, 40) == (photo.non_responses.count, photo.non_responses.trials)
    assert table.genuine.errors is not None
    assert table.genuine.non_responses is not None
    assert (1, 50, 0) == (
        table.genuine.errors.count,
        table.genuine.errors.trials,
        table.genuine.non_responses.count,
    )


def test_intervals_are_exact() -> None:
    """None of 30 missed leaves an APCER of up to 1 - 0.05 ** (1 / 30) = 9.50 %."""
    (photo,) = tabled(some(30, "spoof", "photo", print=0.9), suspected("print")).species
    assert photo.errors is not None
    assert (0.0, 0.0) == (photo.errors.value, photo.errors.low)
    assert pytest.approx(0.0950, abs=5e-5) == photo.errors.high


def test_intervals_count_subjects_where_they_are_named() -> None:
    """Thirty pictures of three people say as much as three: up to 1 - 0.05 ** (1 / 3) = 63.16 %."""
    answers = [
        replace(one, presentation=replace(one.presentation, subject=f"p{number % 3}"))
        for number, one in enumerate(some(30, "spoof", "photo", print=0.9))
    ]
    (photo,) = tabled(answers, suspected("print")).species
    assert photo.errors is not None
    assert (3, 30) == (photo.units, photo.errors.trials)
    assert pytest.approx(0.6316, abs=5e-5) == photo.errors.high


def test_the_worst_species_is_named_and_none_are_pooled() -> None:
    """One of 30 photos and six of 30 tablets pass: the tablets are the worst species."""
    answers = [
        *some(1, "spoof", "photo", 0, print=0.1),
        *some(29, "spoof", "photo", 1, print=0.9),
        *some(6, "spoof", "tablet", 0, print=0.1),
        *some(24, "spoof", "tablet", 6, print=0.9),
    ]
    table = tabled(answers, suspected("print"))
    assert table.worst is not None
    assert table.worst.errors is not None
    assert ("tablet", 0.2) == (table.worst.species, table.worst.errors.value)


def test_few_pictures_are_told_one_by_one_and_are_no_rate() -> None:
    """29 photos, two genuine pictures and a doubtful one: no rate anywhere, and all 32 are listed."""
    answers = [*some(29, "spoof", "photo", print=0.9), *some(2, print=0.1), *some(1, "spoof?", "hat", print=0.9)]
    result = evaluation(answers)
    facts = summarise(result)
    assert 32 == len(facts["one_by_one"])
    for told in facts["measures"].values():
        assert told["default"]["bpcer"]["value"] is None
        assert [None] == [one["apcer"]["value"] for one in told["default"]["species"].values()]
        assert {} == told["bpcer_at_apcer_5_percent"]
        assert told["default"]["worst_species"] is None


def test_too_few_answers_are_no_error_rate() -> None:
    """Of 30 photos 29 are answered: the share that is not is a rate, APCER is none."""
    (photo,) = tabled(
        [*some(29, "spoof", "photo", print=0.9), *some(1, "spoof", "photo", 29)], suspected("print")
    ).species
    assert photo.errors is None
    assert photo.non_responses is not None
    assert (1, 30) == (photo.non_responses.count, photo.non_responses.trials)


def test_a_doubtful_label_is_in_no_rate() -> None:
    """Forty disguises whose label is in doubt are no species."""
    assert () == tabled(some(40, "spoof?", "disguise", print=0.1), suspected("print")).species


def test_the_verdict_rejects_or_warns_as_the_default_policy_says() -> None:
    """A mask warns, a print rejects, and who has no score at all is not answered."""
    mask, photo, clear, silent = (
        answer("spoof", "x", 0, **scores).judgements
        for scores in ({"mask": 0.9, "print": 0.1}, {"mask": 0.1, "print": 0.9}, {"mask": 0.1, "print": 0.1}, {})
    )
    assert [False, True, False, None] == [rejected(one) for one in (mask, photo, clear, silent)]
    assert [True, True, False, None] == [rejected_or_warned(one) for one in (mask, photo, clear, silent)]


def test_chosen_thresholds_are_measured_beside_the_default_ones() -> None:
    """At 0.8 the thirty photos with score 0.7 pass; at the default 0.5 none does."""
    facts = summarise(evaluation([*some(30, "spoof", "photo", print=0.7), *some(30, print=0.6)], {"print": 0.8}))
    for name in ("verdict", "print"):
        told = facts["measures"][name]
        assert (0.0, 1.0) == (told["default"]["species"]["photo"]["apcer"]["value"], told["default"]["bpcer"]["value"])
        assert (1.0, 0.0) == (told["chosen"]["species"]["photo"]["apcer"]["value"], told["chosen"]["bpcer"]["value"])


@pytest.mark.parametrize(("low", "count"), [(2, 0), (3, 20)])
def test_bpcer_where_one_attack_in_twenty_gets_through(low: int, count: int) -> None:
    """
    Two of 40 attacks may pass: with two at 0.10 the threshold is 0.9, which none of the genuine reaches; with three it
    is 0.10, which 20 of the 30 genuine ones (0.00, 0.01, … 0.29) reach.
    """
    answers = [
        *some(low, "spoof", "photo", 0, print=0.10),
        *some(40 - low, "spoof", "photo", low, print=0.9),
        *(answer("real", "", number, print=number / 100) for number in range(30)),
    ]
    (trade,) = trades(answers, score("print"))
    assert (count, 30) == (trade.bpcer20.count, trade.bpcer20.trials)
    assert (0.0, 1.0) == (trade.bpcer[0], trade.apcer[0])
    assert (1.0, 0.0) == (trade.bpcer[-1], trade.apcer[-1])


def test_the_score_of_the_verdict_is_the_highest_of_those_that_reject() -> None:
    """With threshold 0.5 a score stays as it is; at 0.8, 0.9 lies halfway to 1: 0.75. A mask only warns."""
    told = answer("spoof", "x", 0, print=0.3, mask=0.9)
    assert pytest.approx(0.3) == verdict_score(told.judgements)
    raised = answer("spoof", "x", 0, print=0.9).at({"print": 0.8})
    assert pytest.approx(0.75) == verdict_score(raised.judgements)
    assert verdict_score(answer("spoof", "x", 0, mask=0.9).judgements) is None


def test_report_and_scores_tell_all_without_a_picture(tmp_path: Path) -> None:
    """The page names species, rates, the unreadable one and those told one by one; the scores have a line for each."""
    broken = Answer(Presentation(Path("b"), "<b>.jpg", Label.ATTACK, "hat"), {}, Reason.IMAGE_TRUNCATED)
    result = evaluation([*some(30, "spoof", "photo", print=0.7), *some(30, print=0.2), broken], {"print": 0.8})
    write_report(result, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for words in ("worst species", "&lt;b&gt;.jpg", "image_truncated", "0.00% (0.00% to 9.50%)", "100.00%", "hat"):
        assert words in page
    assert 2 == page.count("data:image/svg+xml")
    assert "data:image/jpeg" not in page
    write_scores(result, tmp_path / "scores.csv")
    lines = (tmp_path / "scores.csv").read_text(encoding="utf-8").splitlines()
    assert 62 == len(lines)
    assert "photo0,spoof,photo,,failed,," in lines[1]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("file,label\na.jpg,real\n", "attack"),
        ("file,label,attack\na.jpg,fake,print\n", "label is one of real, spoof, spoof?"),
        ("file,label,attack\na.jpg,real,print\n", "a real picture has no attack"),
        ("file,label,attack\na.jpg,spoof,\n", "every other picture names its own"),
        ("file,label,attack\nb.jpg,real,\n", "'b.jpg' is no file"),
        ("file,label,attack\na.jpg,real,\na.jpg,spoof,print\n", "listed twice"),
        ("file,label,attack\n", "lists no pictures"),
    ],
)
def test_lists_that_cannot_be_used(rows: str, words: str, tmp_path: Path) -> None:
    """What is wrong with a list is said with its place."""
    (tmp_path / "a.jpg").touch()
    (tmp_path / "labels.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(TrialsError) as raised:
        read_labels(tmp_path)
    assert words in str(raised.value)


def test_a_list_with_surroundings_and_subjects(tmp_path: Path) -> None:
    """The wider picture and the subject are optional; files that nobody lists are counted."""
    for name in ("a.jpg", "env/a.jpg", "stray.jpg", ".hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "labels.csv").write_text("file,label,attack,env,subject\na.jpg,real,,env/a.jpg,ann\n", encoding="utf-8")
    read = read_labels(tmp_path)
    (one,) = read.listed
    assert (tmp_path / "env/a.jpg", "subject ann", 1) == (one.env, one.unit, read.unlisted)
