"""What a card says against itself."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.authenticity.logic import logic_checks
from ipse.core.authenticity.logic.facts import SURE, Facts
from ipse.core.authenticity.policy import CardStatus, concerns_of, status_of
from ipse.core.cards.card import CardKind, CardType, Field, Side, SideReading
from ipse.core.cards.layout import FieldRule, Layout, Reading
from ipse.core.cards.zone.parse import Zone, parse_zone

TODAY = date(2026, 11, 21)
CHINA = CardKind("CHN", CardType.ID_CARD)
ANYWHERE = np.zeros((4, 2), np.float32)
NUMBER = FieldRule(
    "id_number", kind=Reading.NUMBER, rule="chn-id_number", shapes=("99999999999999999A",), required=True
)
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


def field(name: str, value: str, *, sure: float = 1.0, side: Side = Side.FRONT, printed: str | None = None) -> Field:
    """A field as it was read."""
    return Field(name, value, value if printed is None else printed, sure, side, ANYWHERE)


def facts(
    front: tuple[Field, ...], back: tuple[Field, ...] = (), rules: tuple[FieldRule, ...] = (), zone: Zone | None = None
) -> Facts:
    """A card with these fields."""
    sides = {Side.FRONT: front} | ({Side.BACK: back} if back else {})
    readings = {
        side: SideReading(side, CHINA, 1.0, {one.name: one for one in fields}) for side, fields in sides.items()
    }
    return Facts(readings, {Side.FRONT: Layout(CHINA, Side.FRONT, fields=rules)}, zone, TODAY)


def by_name(checks: tuple[Check, ...]) -> Mapping[str, CheckStatus]:
    """How each check ended."""
    return {check.name: check.status for check in checks}


GOOD = "11010519491231002X"


def test_a_number_that_agrees_with_birth_and_sex_passes() -> None:
    """Check digit, parts, birth date and sex: each is a check of its own."""
    card = facts((field("id_number", GOOD), field("birth_date", "1949-12-31"), field("sex", "F")), rules=(NUMBER,))
    told = by_name(logic_checks(card))
    wanted = ("id_number_check_digit", "id_number_parts", "id_number_birth_date", "id_number_sex")
    assert {CheckStatus.PASSED} == {told[name] for name in wanted}
    assert CardStatus.PASSED is status_of(logic_checks(card))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ((field("id_number", "110105194912310021"),), "id_number_check_digit"),
        ((field("id_number", GOOD), field("birth_date", "1949-12-30")), "id_number_birth_date"),
        ((field("id_number", GOOD), field("sex", "M")), "id_number_sex"),
        ((field("birth_date", "1990-01-02"), field("issue_date", "1989-01-02")), "birth_date_before_issue_date"),
        ((field("issue_date", "2030-01-02"), field("expiry_date", "2029-01-02")), "issue_date_before_expiry_date"),
        ((field("issue_date", "2026-11-23"),), "issue_date_past"),
        ((field("birth_date", "1899-01-01"),), "birth_date_possible"),
        ((field("birth_date", "1990-01-02"), field("birth_date_local", "1991-01-02")), "birth_date_in_both_calendars"),
        ((field("title", "Mr."), field("title_local", "นาง")), "titles_and_sex"),
    ],
)
def test_a_contradiction_of_surely_read_fields_rejects(fields: tuple[Field, ...], name: str) -> None:
    """Each of them by itself."""
    checks = logic_checks(facts(fields, rules=(NUMBER,)))
    assert CheckStatus.FAILED is by_name(checks)[name]
    assert CardStatus.REJECTED is status_of(checks)
    assert Concern.CONTRADICTORY is concerns_of(checks)[0]


def test_a_contradiction_of_a_doubtful_reading_only_warns() -> None:
    """The reader may be wrong, and not the card."""
    doubtful = field("id_number", "110105194912310021", sure=SURE - 0.01)
    checks = logic_checks(facts((doubtful,), rules=(NUMBER,)))
    assert CheckStatus.SUSPECTED is by_name(checks)["id_number_check_digit"]
    assert CardStatus.WARNING is status_of(checks)


@pytest.mark.parametrize(
    ("legibility", "confidence", "status"),
    [(0.99, 0.6, CheckStatus.FAILED), (0.8, 0.95, CheckStatus.SUSPECTED), (0.99, 0.4, CheckStatus.SUSPECTED)],
)
def test_a_number_that_breaks_its_rule_is_not_doubted_for_that_alone(
    legibility: float, confidence: float, status: CheckStatus
) -> None:
    """Its confidence is lower because it is wrong; what counts is how clearly its characters were read."""
    wrong = replace(field("id_number", "110105194912310021", sure=confidence), legibility=legibility)
    assert status is by_name(logic_checks(facts((wrong,), rules=(NUMBER,))))["id_number_check_digit"]


@pytest.mark.parametrize(("confidence", "status"), [(0.85, CheckStatus.FAILED), (0.78, CheckStatus.SUSPECTED)])
def test_days_that_may_stand_for_one_another_only_warn(confidence: float, status: CheckStatus) -> None:
    """However clear it is, a day without its label may be another day."""
    born, expires = (
        replace(field(name, day, sure=confidence), legibility=0.99)
        for name, day in (("birth_date", "1990-01-02"), ("expiry_date", "1989-01-02"))
    )
    assert status is by_name(logic_checks(facts((born, expires))))["birth_date_before_expiry_date"]


def test_a_letter_among_digits_is_not_held_against_the_card() -> None:
    """An O that can only have been a nought is one; where that is not certain it warns."""
    for printed, name, status in (
        ("1101O519491231002X", "id_number_check_digit", CheckStatus.PASSED),
        ("1101O519491231003X", "id_number_shape", CheckStatus.SUSPECTED),
    ):
        assert status is by_name(logic_checks(facts((field("id_number", printed),), rules=(NUMBER,))))[name]


def test_an_expired_card_warns_and_names_it() -> None:
    """It is genuine all the same."""
    checks = logic_checks(facts((field("expiry_date", "2026-11-20"),)))
    assert CardStatus.WARNING is status_of(checks)
    assert (Concern.EXPIRED,) == concerns_of(checks)


def test_a_card_is_good_on_its_last_day_and_for_life() -> None:
    """The last day is printed as one on which it is valid."""
    for last in (field("expiry_date", "2026-11-21"), field("is_lifelong", "true")):
        told = by_name(logic_checks(facts((last,), rules=(FieldRule("expiry_date"),))))
        assert CheckStatus.PASSED is told["expiry"]


def test_a_card_of_today_is_not_of_tomorrow_where_the_sun_rises_first() -> None:
    """It is the next day in Asia while Greenwich, whose day it is, has still this one."""
    told = by_name(logic_checks(facts((field("issue_date", "2026-11-22"),))))
    assert CheckStatus.PASSED is told["issue_date_past"]


def test_a_day_that_is_missing_in_one_calendar_does_not_contradict_the_other() -> None:
    """Old Thai records know only the year."""
    card = facts((field("birth_date", "1957"), field("birth_date_local", "1957-03-02")))
    assert CheckStatus.PASSED is by_name(logic_checks(card))["birth_date_in_both_calendars"]


def test_both_sides_must_print_the_same_number() -> None:
    """Blanks and strokes do not count."""
    front = (field("id_number", "900101-14-5555"),)
    for value, status in (("900101145555", CheckStatus.PASSED), ("900101-14-5556", CheckStatus.FAILED)):
        card = facts(front, (field("id_number", value, side=Side.BACK),))
        assert status is by_name(logic_checks(card))["id_number_on_both_sides"]


def test_a_required_field_that_was_not_read_warns_and_is_named() -> None:
    """It may be covered, blurred or painted over."""
    checks = logic_checks(facts((), rules=(NUMBER,)))
    (missing,) = (check for check in checks if check.status is CheckStatus.SUSPECTED)
    assert (("id_number",), Concern.UNREADABLE) == (missing.fields, missing.concern)


def test_print_is_held_against_the_zone() -> None:
    """ICAO's own example, once as it is and once with another number in print."""
    zone = parse_zone([[line] for line in TD3], TODAY)
    for number, status in (("L898902C3", CheckStatus.PASSED), ("L898902C4", CheckStatus.FAILED)):
        told = by_name(logic_checks(facts((field("document_number", number),), zone=zone)))
        assert status is told["document_number_in_print_and_mrz"]
        assert CheckStatus.PASSED is told["mrz_composite_check_digit"]


def test_what_only_the_zone_says_is_not_held_against_itself() -> None:
    """Where the zone is believed more than print, print is what it is compared with all the same."""
    zone = parse_zone([[line] for line in TD3], TODAY)
    assert zone is not None
    for in_print, status in (
        ({"document_number": field("document_number", "L898902C4")}, CheckStatus.FAILED),
        ({}, CheckStatus.NOT_ASSESSED),
    ):
        told = {"document_number": field("document_number", "L898902C3")}
        reading = SideReading(Side.FRONT, CHINA, 1.0, told, zone=zone.lines, in_print=in_print)
        card = Facts({Side.FRONT: reading}, {}, zone, TODAY)
        assert status is by_name(logic_checks(card))["document_number_in_print_and_mrz"]


def test_a_wrong_check_digit_of_the_zone_rejects() -> None:
    """One digit of the birth date is another."""
    wrong = TD3[1].replace("7408122", "7408132")
    told = by_name(logic_checks(facts((), zone=parse_zone([[TD3[0]], [wrong]], TODAY))))
    assert CheckStatus.FAILED is told["mrz_birth_date_check_digit"]


def test_suspicions_never_reject_however_many_there_are() -> None:
    """Each may be wrong of a good card."""
    many = tuple(Check(str(number), CheckStatus.SUSPECTED, Concern.GLARE) for number in range(20))
    assert CardStatus.WARNING is status_of(many)
    assert (Concern.GLARE,) == concerns_of(many)


def test_a_philippine_card_whose_signed_code_was_not_read_does_not_simply_pass() -> None:
    """Whoever covers the code takes its proof away."""
    philid = CardKind("PHL", CardType.ID_CARD, "philid")
    back = SideReading(Side.BACK, philid, 1.0, {})
    (check,) = logic_checks(Facts({Side.BACK: back}, {}, None, TODAY))
    assert ("code_signature", CheckStatus.SUSPECTED, Concern.UNREADABLE) == (check.name, check.status, check.concern)


def test_another_name_in_print_than_in_the_zone_only_warns() -> None:
    """Zones spell names anew and cut them short."""
    zone = parse_zone([[line] for line in TD3], TODAY)
    told = by_name(logic_checks(facts((field("last_name", "Eriksön"),), zone=zone)))
    assert CheckStatus.SUSPECTED is told["last_name_in_print_and_mrz"]
