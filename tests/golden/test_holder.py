"""Holders and their cards in composed pictures, and on real specimens."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
import pytest
from composer.card import drawn_card
from composer.people import People, opened
from composer.scene import (
    HEIGHT_PX,
    WIDTH_PX,
    card_alone,
    person_alone,
    selfie_with_card,
    side_by_side,
    to_jpeg,
    with_poster,
)

from ipse.core.documents.locate import locate
from ipse.core.faces.examine import Wish
from ipse.core.faces.holding import Holding, Search
from ipse.core.images import Limits
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels
from ipse.engine import Engine, load_curve
from ipse.evaluation.pairs import read_folders
from ipse.infra.settings import Settings
from ipse.service.match_holder import MatchHolder, MatchHolderCommand, MatchHolderOutcome, Roles
from ipse.service.verify_faces import Picture

pytestmark = pytest.mark.shared

PEOPLE = 16

Pictures: TypeAlias = list[tuple[Pixels, Pixels]]
Look: TypeAlias = Callable[[bytes], Holding]
Matching: TypeAlias = Callable[..., MatchHolderOutcome]

SPECIMENS = (
    *("handheld/front-id.png", "hkid/hkid_sample.jpg", "japan/driver_license_template.png"),
    *(f"latin/{number}.jpg" for number in (1, 2, 3)),
    *(f"mrz/{name}.png" for name in ("Canada", "China", "France", "ICAO_Example", "USA2", "Ukraine")),
)
"""Cards with a real face on them, most of them scans that end where the card does."""


class Untimed:
    """A stopwatch that nobody reads."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Let it run."""
        del name
        return nullcontext()

    def spent_ms(self) -> dict[str, float]:
        """Nothing was timed."""
        return {}


class Here:
    """A seat whose work is done at once."""

    async def run(self, work: Callable[[], object]) -> object:
        """Give what the work gives."""
        return work()


@pytest.fixture(scope="module")
def people(shared: Path) -> People:
    """People who had no part in fitting what finds cards."""
    return People.of(read_folders(shared / "faces"), "second")


@pytest.fixture(scope="module")
def look(engine: Engine) -> Look:
    """Looks at a picture as it is."""
    return lambda data: engine.holders.examine(data, "upright", Limits(), Untimed())


@pytest.fixture(scope="module")
def match(engine: Engine, weights: Path) -> Matching:
    """Compares holder and card in pictures named `first` and `second`."""
    curve = load_curve(Settings(weights_dir=weights, precision="float32"), engine.holders.recipe)
    use_case = MatchHolder(engine.holders, curve)

    def run(*contents: bytes, roles: Roles = "auto", search_orientation: bool = False) -> MatchHolderOutcome:
        pictures = tuple(Picture(name, data) for name, data in zip(("first", "second"), contents, strict=False))
        command = MatchHolderCommand(pictures, roles, search_orientation)
        return asyncio.run(use_case(command, Here(), Untimed()))  # type: ignore[arg-type]  # Here is Seat for one type.

    return run


@pytest.fixture(scope="module")
def pictures(people: People, engine: Engine) -> list[tuple[Pixels, Pixels]]:
    """Two pictures of each of several people, nobody else in them."""
    wish = Wish(quality="none", template=False)
    found: list[tuple[Pixels, Pixels]] = []
    for person in people.with_two_pictures():
        one, two = (opened(path) for path in people.pictures_of(person)[:2])
        if all(len(engine.examiner.examine(each, wish, Limits(), Untimed()).faces) == 1 for each in (one, two)):
            found.append((one, two))
        if len(found) == PEOPLE:
            break
    return found


def jpeg(pixels: Pixels) -> bytes:
    """The file of a picture."""
    return to_jpeg(pixels, 90)


def refused(match: Matching, *contents: bytes, roles: Roles = "auto") -> tuple[Reason, str | None]:
    """Why, and what it concerns."""
    with pytest.raises(Refusal) as refusal:
        match(*contents, roles=roles)
    return refusal.value.reason, refusal.value.field


@pytest.mark.parametrize(("width_px", "least"), [(60, 5), (100, 5), (160, 5)])
def test_holder_and_portrait_are_told_apart(pictures: Pictures, look: Look, width_px: int, least: int) -> None:
    """In five of six scenes at least; `benchmarks/accuracy/card_portraits.py` counts hundreds."""
    right = 0
    for number in range(6):
        card, holder = pictures[number]
        rng = np.random.default_rng([width_px, number])
        scene = selfie_with_card(holder, drawn_card(card, rng), width_px, rng)
        seen = look(scene.jpeg)
        if seen.pairing.trouble is None and seen.pairing.printed is not None:
            box = seen.faces[seen.pairing.printed].box
            middle = ((box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2)
            right += cv2.pointPolygonTest(scene.portrait_px.reshape(-1, 1, 2), middle, measureDist=False) > 0
    assert right >= least


def test_a_card_held_closer_than_the_face(pictures: Pictures, look: Look) -> None:
    """The smaller face is the holder's when the larger one is on a card."""
    right = 0
    for number in range(5):
        card, holder = pictures[number]
        rng = np.random.default_rng([5, number])
        small = cv2.resize(person_alone(holder, rng), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        scene = card_alone(drawn_card(card, rng, with_ghost=False), 230, rng).pixels.copy()
        seen = look(jpeg(_beside(scene, np.asarray(small, np.uint8))))
        if seen.pairing.trouble is None and seen.pairing.printed is not None and seen.pairing.holder is not None:
            faces = seen.faces[seen.pairing.printed], seen.faces[seen.pairing.holder]
            right += faces[0].box.width_px > faces[1].box.width_px
    assert right >= 4


def _beside(scene: Pixels, small: Pixels) -> Pixels:
    """A picture with the person above the scene, who holds the card towards the camera."""
    wall = np.full((small.shape[0], WIDTH_PX, 3), small[:8].reshape(-1, 3).mean(0), np.uint8)
    left = (WIDTH_PX - small.shape[1]) // 2
    wall[:, left : left + small.shape[1]] = small
    return np.vstack((wall, scene))


def test_two_plain_portraits_are_refused_for_want_of_a_card(pictures: Pictures, look: Look) -> None:
    """None of eight pairs is taken for holder and card; in two of them a third face counts."""
    reasons = []
    for number in range(8):
        one, other = pictures[number][0], pictures[number + 8][0]
        seen = look(jpeg(side_by_side(one, other, np.random.default_rng(number))))
        assert seen.pairing.printed is None
        reasons.append(seen.pairing.trouble)
    assert reasons.count(Reason.FACES_NOT_ON_CARD) >= 6
    assert {Reason.FACES_NOT_ON_CARD, Reason.FACES_MANY} >= set(reasons)


def test_a_card_alone_has_no_holder(pictures: Pictures, look: Look) -> None:
    """With a ghost portrait on it: one portrait, and nobody who holds it."""
    reasons = []
    for number in range(5):
        rng = np.random.default_rng([6, number])
        scene = card_alone(drawn_card(pictures[number][0], rng, with_ghost=True), 200, rng)
        reasons.append(look(scene.jpeg).pairing.trouble)
    assert [Reason.HOLDER_MISSING] * 5 == reasons


def test_a_poster_does_not_count(pictures: Pictures, look: Look) -> None:
    """A picture on the wall behind holder and card is told and not counted."""
    counted = 0
    for number in range(4):
        card, holder = pictures[number]
        rng = np.random.default_rng([100, number])
        scene = selfie_with_card(holder, drawn_card(card, rng, with_ghost=False), 100, rng)
        if look(scene.jpeg).pairing.trouble is not None or scene.holder_px is None:
            continue
        left = 20 if scene.holder_px[0] > WIDTH_PX / 2 else WIDTH_PX - 240
        seen = look(jpeg(with_poster(scene.pixels, pictures[number + 8][0], 220, (left, 20))))
        counted += seen.pairing.trouble is None
    assert counted >= 3


@pytest.mark.parametrize("name", SPECIMENS)
def test_specimens_are_cards_without_a_holder(shared: Path, look: Look, name: str) -> None:
    """Pictures that a card fills, most without any background: a portrait, perhaps a ghost, and no holder."""
    seen = look((shared / "cards" / name).read_bytes())
    assert Reason.HOLDER_MISSING is seen.pairing.trouble
    assert seen.pairing.printed == 0


@pytest.mark.parametrize("name", ["mrz/Latvia.png", "mrz/Lithuania.png", "mrz/Qatar.png"])
def test_a_cards_own_two_faces_are_no_holder(shared: Path, look: Look, name: str) -> None:
    """Two sides of a card in one picture, or a ghost portrait almost as large as the main one: nobody holds it."""
    seen = look((shared / "cards" / name).read_bytes())
    assert Reason.HOLDER_MISSING is seen.pairing.trouble
    assert seen.pairing.holder is None


def test_a_real_card_in_a_hand(shared: Path) -> None:
    """A licence held before a blurred ground is located without any face."""
    pixels = opened(shared / "cards" / "thai-mock" / "card4.jpg")
    (card,) = locate(pixels)
    assert card.contains(400, 240)
    assert 0.25 < card.area_px / (pixels.shape[0] * pixels.shape[1]) < 0.5
    assert abs(card.aspect - 1.586) < 0.2


def test_a_strangers_card_scores_low_and_the_holders_high(pictures: Pictures, match: Matching) -> None:
    """The same scenes, with the card of the person and with somebody else's."""
    mine: list[float] = []
    strangers: list[float] = []
    for number in range(4):
        card, holder = pictures[number]
        for portrait, found in ((card, mine), (pictures[number + 8][0], strangers)):
            rng = np.random.default_rng([160, number])
            scene = selfie_with_card(holder, drawn_card(portrait, rng, with_ghost=False), 160, rng)
            try:
                found.append(match(scene.jpeg).selfie.false_match_rate)
            except Refusal:
                continue
    assert len(mine) >= 3
    assert len(strangers) >= 3
    assert np.median(mine) < 1e-4
    assert min(strangers) > 1e-2


@pytest.fixture(scope="module")
def sent(pictures: Pictures) -> dict[str, bytes]:
    """A card by itself, its holder's selfie, the selfie with the card, and a stranger's with the same card."""
    card, holder = pictures[3]
    stranger = pictures[11][0]
    rng = np.random.default_rng(11)
    drawn = drawn_card(card, rng, with_ghost=False)
    return {
        "card": card_alone(drawn, 200, rng).jpeg,
        "selfie": jpeg(person_alone(holder, rng)),
        "both": selfie_with_card(holder, drawn, 110, rng).jpeg,
        "stranger": selfie_with_card(stranger, drawn, 110, rng).jpeg,
    }


def test_roles_are_decided_by_content(sent: dict[str, bytes], match: Matching) -> None:
    """The answer is the same in both orders."""
    one, other = match(sent["card"], sent["selfie"]), match(sent["selfie"], sent["card"])
    assert one.selfie == other.selfie
    assert ("card", "selfie") == tuple(each.role for each in one.pictures)
    assert ("selfie", "card") == tuple(each.role for each in other.pictures)
    assert one.idcard == one.selfie
    assert one.visible is None


def test_a_card_in_the_selfie_is_a_part_of_its_own(sent: dict[str, bytes], match: Matching) -> None:
    """The portrait that the selfie shows is compared with the holder too, never with the other portrait."""
    outcome = match(sent["card"], sent["both"])
    assert outcome.visible is not None
    assert outcome.idcard != outcome.selfie
    assert max(outcome.idcard.false_match_rate, outcome.selfie.false_match_rate) < 1e-2


def test_a_stranger_with_the_victims_card_fails_in_both_parts(sent: dict[str, bytes], match: Matching) -> None:
    """Card against card would pass; nothing compares them."""
    outcome = match(sent["card"], sent["stranger"])
    assert min(outcome.idcard.false_match_rate, outcome.selfie.false_match_rate) > 1e-2


def test_what_is_missing_is_named(sent: dict[str, bytes], match: Matching) -> None:
    """No card in either picture names the first; a selfie that is a card, or nobody's, names the second."""
    nobody = jpeg(np.full((HEIGHT_PX, WIDTH_PX, 3), 128, np.uint8))
    assert (Reason.CARD_MISSING, "first") == refused(match, sent["selfie"], sent["selfie"])
    assert (Reason.HOLDER_MISSING, "second") == refused(match, sent["card"], sent["card"])
    assert (Reason.FACE_MISSING, "second") == refused(match, sent["card"], nobody)
    assert (Reason.CARD_MISSING, "first") == refused(match, sent["selfie"], sent["card"], roles="first_is_card")
    assert (Reason.CARD_MISSING, "second") == refused(match, sent["card"], sent["selfie"], roles="first_is_selfie")
    assert (Reason.IMAGE_UNRECOGNISED, "first") == refused(match, b"no picture", sent["card"])


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_picture_is_searched(sent: dict[str, bytes], match: Matching, quarters: int) -> None:
    """The turn is found, the score stays, and places are those of the picture as sent."""
    upright = match(sent["both"])
    pixels = np.asarray(cv2.imdecode(np.frombuffer(sent["both"], np.uint8), cv2.IMREAD_COLOR), np.uint8)[:, :, ::-1]
    turned = match(jpeg(np.ascontiguousarray(np.rot90(pixels, -quarters))), search_orientation=True)
    assert 90 * quarters == turned.pictures[0].orientation_deg
    assert abs(upright.selfie.similarity - turned.selfie.similarity) < 0.1
    assert 2 == turned.pictures[0].face_count
    width, height = turned.pictures[0].width_px, turned.pictures[0].height_px
    assert (width, height) == ((WIDTH_PX, HEIGHT_PX) if quarters == 2 else (HEIGHT_PX, WIDTH_PX))
    assert 0 < turned.holder.box.x1 < turned.holder.box.x2 < width


def test_searches_have_names(engine: Engine, sent: dict[str, bytes]) -> None:
    """A picture that stands upright is answered alike by all of them."""
    ways: tuple[Search, ...] = ("upright", "any_face", "two_faces")
    answers = {engine.holders.examine(sent["both"], way, Limits(), Untimed()).pairing.roles for way in ways}
    assert 1 == len(answers)
