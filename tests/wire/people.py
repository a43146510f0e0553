"""The registry of people in memory: one person for each thing that can be said of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ipse.core.cards.numbers.spelling import one_spelling
from ipse.core.faces.packing import pack
from ipse.core.people.names import same_name
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Template
from ipse.service.ports import Registered
from tests.wire.ports import NOW
from tests.wire.scenes import RECIPE, pictures


def templated(cosine: float, *, monochrome: bool = False) -> Registered:
    """A person whose template was made before."""
    vector = np.array([cosine, np.sqrt(1 - cosine**2)], np.float32)
    return Registered(pack(Template(vector, RECIPE)), None, monochrome)


@dataclass
class InMemoryPeople:
    """People by number; a number that ends in 9 belongs to an authority that does not answer."""

    pictures: Mapping[str, bytes] = field(default_factory=pictures)

    def __post_init__(self) -> None:
        """Register them."""
        self.rows: Mapping[str, tuple[str, Registered | Reason]] = {
            "11010119900101001X": ("王五", templated(0.5)),
            "110101199001010021": ("Anna-Maria O'Neil", templated(1.0, monochrome=True)),
            "110101199001010022": ("王五", templated(0.625)),
            "110101199001010023": ("阿不都·买买提", templated(0.75)),
            "110101199001010031": ("王五", Reason.PERSON_PHOTO_UNUSABLE),
            "110101199001010032": ("王五", Reason.PERSON_PHOTO_FACELESS),
            "110101199001010033": ("王五", Registered()),
            "110101199001010041": ("王五", Registered(photo=self.pictures["anna at 1e-3"])),
            "110101199001010042": ("王五", Registered(photo=self.pictures["nobody"])),
            "110101199001010043": ("王五", Registered(photo=self.pictures["half a picture"])),
            "110101199001010044": ("王五", Registered(photo=self.pictures["lying"])),
        }

    async def look_up(self, id_number: str, name: str) -> Registered:
        """What is registered."""
        number = one_spelling(id_number)
        if number.endswith("9"):
            raise Refusal(Reason.DATA_SOURCE_FAILED)
        if number not in self.rows:
            raise Refusal(Reason.PERSON_UNKNOWN)
        registered_name, registered = self.rows[number]
        if not same_name(registered_name, name):
            raise Refusal(Reason.PERSON_NAME_DIFFERS)
        if isinstance(registered, Reason):
            raise Refusal(registered)
        return registered


class InMemoryAttacks:
    """Numbers under which attacks were seen, and when each is forgotten."""

    def __init__(self) -> None:
        self.until = {"110101199001010022": NOW + 1, "11010119900101001X": NOW}

    async def seen(self, id_number: str, now: float) -> bool:
        """Whether one still counts."""
        return now < self.until.get(one_spelling(id_number), 0.0)

    async def note(self, id_number: str, expires_at: float) -> None:
        """Remember one; a number that ends in 9 belongs to a database that does not answer."""
        number = one_spelling(id_number)
        if number.endswith("9"):
            raise Refusal(Reason.DATA_SOURCE_FAILED)
        self.until[number] = max(expires_at, self.until.get(number, 0.0))
