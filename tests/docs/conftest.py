"""The pictures that pages name, drawn once; and a reader for each page."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo import cards

import specimens
from ipse.core.images import Limits, decode
from tests.docs.blocks import ROOT
from tests.docs.reader import Reader

PEOPLE = "id_number,name,photo\n110101199001010015,Example Person,passport.jpg\n"


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """A folder with a picture for every name that a page uses: sample portraits, and cards that nobody has."""
    folder = tmp_path_factory.mktemp("pictures")
    one, same, other = ((samples / f"{name}.jpg").read_bytes() for name in ("obama", "obama2", "biden"))
    own = cards.card(one)
    drawn = specimens.draw("tha-id_card", seed=7, rendering="a", portrait=decode(one, Limits()).pixels)
    assert drawn.back is not None
    for names, picture in (
        ("a b_other selfie probe image image_best", same),
        ("b reference image_ref1 passport wide wider group", one),
        ("stranger", other),
        ("card", cards.photographed(own)),
        ("photo holding_a_card selfie-with-card", cards.held_up(same, own)),
        ("thai_card", cards.photographed(cards.thai_card(one))),
        ("front", specimens.degrade(drawn.front.pixels, "L1", seed=1).jpeg),
        ("back", specimens.degrade(drawn.back.pixels, "L1", seed=1).jpeg),
    ):
        for name in names.split():
            (folder / f"{name}.jpg").write_bytes(picture)
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


@pytest.fixture
def reader(tmp_path: Path, pictures: Path, weights: Path) -> Iterator[Reader]:
    """Somebody with these pictures and a data folder of their own."""
    assert weights.is_dir()
    folder = tmp_path / "reader"
    shutil.copytree(pictures, folder, symlinks=True)
    reading = Reader(folder)
    yield reading
    reading.leave()
