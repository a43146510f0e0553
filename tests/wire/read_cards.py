"""
Pictures of cards, and whoever believes them: the red of a picture says what the card says, its green who holds it.

They are real files; the decoder is the real one, only what is read stands in the shade.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO

import numpy as np
import PIL.Image

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.cards.card import CardKind, CardType, Field, Said, Side
from ipse.core.cards.reading import CardReading
from ipse.core.images import Limits, decode
from ipse.core.vocabulary import Image, Stages
from tests.wire.holders import BLUE, STEP
from tests.wire.holders import SCENES as HELD

TODAY = date(2026, 11, 21)
THAI = CardKind("THA", CardType.ID_CARD)
HONG_KONG = CardKind("HKG", CardType.ID_CARD)
PASSPORT = CardKind("UTO", CardType.PASSPORT)
CHINESE = CardKind("CHN", CardType.ID_CARD)
ZONE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


def said(side: Side, **values: str) -> dict[str, Field]:
    """Fields of a side, each printed as it is meant, ten pixels wide and high."""
    corners = np.array([(2, 4), (12, 4), (12, 14), (2, 14)], np.float32)
    return {name: Field(name, value, value, 0.98, side, corners) for name, value in values.items()}


def check(name: str, status: CheckStatus, concern: Concern = Concern.CONTRADICTORY) -> Check:
    """One check."""
    return Check(name, status, concern)


GROUPED = "1 1017 00230 70 8"
RIGHT = check("id_number_check_digit", CheckStatus.PASSED)
WRONG = check("id_number_check_digit", CheckStatus.FAILED)
FRONT = said(
    Side.FRONT,
    id_number="1101700230708",
    title_local="นาย",
    first_name_local="สมชาย",
    last_name_local="ใจดี",
    title="Mr.",
    first_name="Somchai",
    last_name="Jaidee",
    full_name="Somchai Jaidee",
    birth_date="1990-07-26",
    birth_date_local="1990-07-26",
    religion="พุทธ",
    address="99 หมู่ที่ 4 ต.ปากน้ำ อ.เมือง จ.ระนอง",
    address_house="99",
    address_village="4",
    address_subdistrict="ปากน้ำ",
    address_district="เมือง",
    address_province="ระนอง",
    issue_date="2021-07-01",
    expiry_date="2030-07-25",
)
BACK = said(Side.BACK, laser_number="JT9-1234567-89")
NOBODY = CardReading(None, {}, (), (check("front_card", CheckStatus.FAILED, Concern.NO_CARD),), TODAY, 0.3049)


def thai(fields: Mapping[str, Field], *checks: Check, **others: str) -> CardReading:
    """A Thai card."""
    printed = {name: replace(fields[name], value=value, printed=value) for name, value in others.items()}
    return CardReading(THAI, {**fields, **printed}, (), checks, TODAY, 0.97)


SCENES: Mapping[str, CardReading] = {
    "no card": NOBODY,
    "thai front": thai({**FRONT, "id_number": replace(FRONT["id_number"], printed=GROUPED)}, RIGHT),
    "thai front, number wrong": thai(FRONT, WRONG, id_number="1101700230709"),
    "thai front, number short": thai(FRONT, id_number="11017002307"),
    "thai front, grey": thai(FRONT, RIGHT, check("grey_copy", CheckStatus.SUSPECTED, Concern.GREY_COPY)),
    "thai front, for life": thai({**FRONT, **said(Side.FRONT, is_lifelong="true")}, RIGHT),
    "thai front, year of birth only": thai(FRONT, RIGHT, birth_date="1957", birth_date_local="1957-03"),
    "thai back": thai(BACK),
    "thai back, no laser": thai(said(Side.BACK, serial_number="1")),
    "thai back, laser short": thai(BACK, laser_number="JT9-1234567"),
    "thai back, grey": thai(BACK, check("grey_copy", CheckStatus.SUSPECTED, Concern.GREY_COPY)),
    "thai back for a front": thai(BACK, check("front_side", CheckStatus.FAILED, Concern.WRONG_SIDE)),
    "hong kong front": CardReading(
        HONG_KONG,
        said(
            Side.FRONT,
            full_name_local="陳大文",
            full_name="CHAN, Tai Man",
            name_codes="7115 1129 2429",
            sex="M",
            birth_date="1980-03-02",
            residence_status="permanent",
            id_number="C123456(9)",
            symbols="***AZ",
            first_issue_date="06-79",
            issue_date="12-09-18",
        ),
        (),
        (check("grey_copy", CheckStatus.SUSPECTED, Concern.GREY_COPY),),
        TODAY,
        0.99,
    ),
    "hong kong back": CardReading(
        HONG_KONG, {}, (), (check("back_card", CheckStatus.PASSED, Concern.NO_CARD),), TODAY, 0.9
    ),
    "chinese front": CardReading(
        CHINESE,
        said(
            Side.FRONT,
            full_name="张三",
            sex="F",
            ethnicity="汉",
            birth_date="1990-03-07",
            address="北京市东城区景山前街4号",
            address_province="北京市",
            id_number="11010119900307002X",
        ),
        (),
        (check("front_card", CheckStatus.PASSED, Concern.NO_CARD), RIGHT),
        TODAY,
        0.96,
    ),
    "passport": CardReading(
        PASSPORT,
        said(
            Side.FRONT,
            document_number="L898902C3",
            full_name="ANNA MARIA ERIKSSON",
            last_name="ERIKSSON",
            first_name="ANNA MARIA",
            birth_date="1974-08-12",
            sex="F",
            expiry_date="2012-04-15",
            issuing_country="UTO",
            nationality="UTO",
        ),
        ZONE,
        (
            check("expiry", CheckStatus.SUSPECTED, Concern.EXPIRED),
            check("mrz_composite_check_digit", CheckStatus.FAILED),
        ),
        TODAY,
        1.0,
        ("thai",),
    ),
}


def picture(name: str, held: str = "card", kind: str = "PNG") -> bytes:
    """A file that shows a card, held as that scene says."""
    file = BytesIO()
    red, green = (STEP * list(scenes).index(one) + STEP // 2 for scenes, one in ((SCENES, name), (HELD, held)))
    PIL.Image.new("RGB", (16, 16), (red, green, BLUE)).save(file, kind)
    return file.getvalue()


def pictures() -> dict[str, bytes]:
    """Every picture by its name."""
    return {name: picture(name) for name in SCENES}


@dataclass(frozen=True)
class Sight:
    """What one picture shows."""

    image: Image
    digest: str
    card: CardReading


class ScriptedCards:
    """Decodes for real, then believes the shade."""

    def look(self, content: bytes, side: Side, said: Said, today: date, limits: Limits, stages: Stages) -> Sight:
        """What the scene says."""
        del side, said, today
        with stages.stage("decode"):
            image = decode(content, limits)
        red, _, blue = (int(value) for value in image.pixels[0, 0])
        card = list(SCENES.values())[red // STEP] if abs(blue - BLUE) < STEP and red // STEP < len(SCENES) else NOBODY
        return Sight(image, hashlib.sha256(content).hexdigest(), card)

    def judge(self, front: Sight, back: Sight | None, said: Said, today: date, stages: Stages) -> CardReading:
        """The front's card with the back's fields and checks; which day it is says the clock."""
        del said, stages
        more = {} if back is None else back.card.fields
        checks = front.card.checks + (() if back is None else back.card.checks)
        return replace(front.card, fields={**more, **front.card.fields}, checks=checks, read_on=today)

    def portrait(self, front: Sight) -> bytes | None:
        """A word, where a number stands beside it."""
        return b"portrait" if "id_number" in front.card.fields else None

    def view(self, sight: Sight) -> bytes:
        """A word."""
        del sight
        return b"view"

    def digest(self, sight: Sight) -> str:
        """The real one."""
        return sight.digest
