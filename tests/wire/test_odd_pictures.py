"""Real pictures in unusual and broken formats, through the whole edge with the real decoder."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.wire.world import World

ANSWERS = {
    "IMAGE_ERROR_UNSUPPORTED_FORMAT: image_ref1",
    "INVALID_IMAGE_SIZE: image_ref1",
    "NO_FACE_FOUND: image_ref1",
}
PICTURES = {".jpg", ".png", ".gif", ".bmp", ".tif", ".webp", ".avif"}


@pytest.mark.shared
def test_every_odd_picture_gets_a_documented_answer(world: "World", shared: Path) -> None:
    """Each picture is decoded or refused in the vendor's words, and the next good request is served."""
    files = sorted(path for path in (shared / "odd").rglob("*") if path.suffix in PICTURES)
    assert len(files) > 100
    for path in files:
        world.pictures["odd"] = path.read_bytes()
        response = world.send({"pictures": {"image_ref1": "odd"}})
        told = json.loads(response.text).get("error_message", path.name)
        assert (path.name, 400, True) == (path.name, response.status_code, told in ANSWERS), told
        assert 200 == world.send({}).status_code
    assert not [facts for event, facts in world.journal.lines if event == "fault"]
    assert 4 == world.compute.free
