"""Made-up cards through the whole pipeline, from the bytes of photos to what becomes of the cards."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

import pytest
from composer.people import opened

import specimens
from ipse.core.authenticity.check import CheckStatus
from ipse.core.cards.card import Said, Side
from ipse.core.cards.examine import CardExaminer
from ipse.core.cards.reading import CardReading
from ipse.core.images import Limits
from ipse.engine import Engine, open_cards
from ipse.infra.settings import Settings
from ipse.verifier import Untimed

pytestmark = pytest.mark.slow
Read: TypeAlias = Callable[[str], CardReading]

TODAY: Final = date(2026, 11, 21)
SEED: Final = 7

EXPECTED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "tha-id_card": {
            "id_number": "7-2029-44514-85-2",
            "full_name_local": "พงศกร พูลทรัพย์",
            "full_name": "Pongsakorn Poonsap",
            "birth_date": "1968-05-27",
            "birth_date_local": "1968-05-27",
            "religion": "พุทธ",
            "address": "299 หมู่ที่ 8 ต.หนองปรือ อ.บางละมุง จ.ชลบุรี",
            "address_subdistrict": "หนองปรือ",
            "expiry_date": "2030-05-27",
            "laser_number": "ME8-1520202-71",
        },
        "hkg-id_card": {
            "id_number": "C110164(A)",
            "full_name_local": "陳偉文",
            "full_name": "CHAN, Wai Man",
            "name_codes": "7115 0251 2429",
            "birth_date": "1983-10-18",
            "sex": "M",
            "first_issue_date": "1994-10",
            "issue_date": "2024-06-25",
        },
        "chn-id_card": {
            "id_number": "310104200012212191",
            "full_name": "张伟文",
            "ethnicity": "汉",
            "birth_date": "2000-12-21",
            "address": "上海市徐汇区漕溪北路45号602室",
            "issuing_authority": "上海市公安局徐汇分局",
            "expiry_date": "2031-09-23",
        },
        "mys-id_card-mykad": {
            "id_number": "670823-01-2489",
            "full_name": "AHMAD FAIZAL BIN ISMAIL",
            "postal_code": "80150",
            "address_city": "JOHOR BAHRU",
            "religion": "ISLAM",
            "sex": "M",
            "old_number": "A4114052",
        },
        "any-passport-td3": {
            "document_number": "X0259902",
            "full_name": "RIZKY SAPUTRA",
            "nationality": "IDN",
            "birth_date": "1978-06-18",
            "birth_place": "JAKARTA",
            "expiry_date": "2035-12-22",
        },
    }
)
"""What is printed on the cards of `SEED`, none of which is wrong, over or altered."""

TOLD: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "tha-id_card": ("THA", "id_card", ""),
        "hkg-id_card": ("HKG", "id_card", ""),
        "chn-id_card": ("CHN", "id_card", ""),
        "mys-id_card-mykad": ("MYS", "id_card", "mykad"),
        "any-passport-td3": ("IDN", "passport", ""),
    }
)
"""Nationality, type and subtype that each should be told to have."""


@pytest.fixture(scope="module")
def read(engine: Engine, weights: Path, samples: Path) -> Read:
    """Gives what is read of a kind of card that nothing was said of, front and back; each is read once."""
    settings = Settings(weights_dir=weights, precision="float32", threads=1)
    examiner = open_cards(settings, engine)
    face = opened(samples / "obama.jpg")
    return cache(lambda kind: reading(examiner, specimens.draw(kind, SEED, portrait=face)))


def reading(examiner: CardExaminer, card: specimens.Specimen) -> CardReading:
    """What is read of a card whose sides were photographed at level L1."""
    sides = {Side.FRONT: card.front} | ({} if card.back is None else {Side.BACK: card.back})
    seen = {
        side: examiner.look(photo.jpeg, side, Said(), TODAY, Limits(), Untimed())
        for number, (side, drawn) in enumerate(sides.items())
        for photo in [specimens.degrade(drawn.pixels, "L1", SEED + number)]
    }
    return examiner.judge(seen[Side.FRONT], seen.get(Side.BACK), Said(), TODAY, Untimed())


@pytest.mark.parametrize("kind", EXPECTED)
def test_what_is_printed_is_read(read: Read, kind: str) -> None:
    """Names, numbers, days and addresses in Thai, Chinese and Latin are read as they are printed."""
    card = read(kind)
    assert EXPECTED[kind] == {name: card.value(name) for name in EXPECTED[kind]}


@pytest.mark.parametrize("kind", TOLD)
def test_card_tells_what_it_is(read: Read, kind: str) -> None:
    """Nationality, type and subtype are told by the card alone."""
    found = read(kind).kind
    assert found is not None
    assert TOLD[kind] == (found.nationality, found.type.value, found.subtype)


@pytest.mark.parametrize("kind", EXPECTED)
def test_good_card_contradicts_itself_nowhere(read: Read, kind: str) -> None:
    """No check of a good card fails."""
    assert [] == [check.name for check in read(kind).checks if check.status is CheckStatus.FAILED]
