"""What rests behind face tokens, and what calls can be found by."""

from typing import TYPE_CHECKING

from ipse.service.ports import Mark

if TYPE_CHECKING:
    from tests.wire.world import World

DETECT = "/faceid/v1/detect"
TOKENS = (
    "ce6xJAjwR7OPyKwEjPoTcnHusSQI8Eezj8isBIz6E3M=",
    "ce6xJAjwR7OPyKwEjPoTcnHusSQI8Eezj8isBIz6E3Q=",
)


def kept(world: "World") -> dict[tuple[str, str, str], tuple[bytes, float]]:
    """What detect left in the vault; sessions and captures wait there from the beginning."""
    return {place: thing for place, thing in world.vault.kept.items() if place[0] in {"face_token", "picture"}}


def test_only_templates_are_kept(world: "World") -> None:
    """Two faces leave two templates, bound to the key, for 72 hours; the picture's bytes are in neither."""
    world.send({"path": DETECT, "pictures": {"image": "two people"}})
    assert {("face_token", "good", token) for token in TOKENS} == set(kept(world))
    for content, expires_at in kept(world).values():
        assert world.clock.now() + 72 * 3600 == expires_at
        assert world.pictures["two people"] not in content


def test_the_picture_is_kept_once_if_the_operator_says_so(world: "World") -> None:
    """With the setting, the picture rests under the half that its tokens share, as long as they."""
    world.settings["face_token_pictures"] = True
    world.send({"path": DETECT, "pictures": {"image": "two people"}})
    pictures = {place: content for place, (content, _) in kept(world).items() if place[0] == "picture"}
    assert {("picture", "good", "ce6xJAjwR7OPyKwEjPoTcg=="): world.pictures["two people"]} == pictures
    assert 1 == len({expires_at for _, expires_at in kept(world).values()})


def test_nothing_is_kept_of_nobody_or_with_a_lifetime_of_0(world: "World") -> None:
    """No face leaves nothing, also with pictures kept; nor does a lifetime of 0."""
    world.settings["face_token_pictures"] = True
    world.send({"path": DETECT, "pictures": {"image": "nobody"}})
    world.settings["face_token_hours"] = 0
    world.send({"path": DETECT, "pictures": {"image": "two people"}})
    assert {} == kept(world)


def test_calls_are_found_by_the_uuid_and_by_tokens(world: "World") -> None:
    """Detect is found by the tokens that it made, verify by its uuid and the token that it used, refused or not."""
    world.send({"path": DETECT, "pictures": {"image": "two people"}})
    world.send({"set": {"face_image_type": "facetoken", "face_token": TOKENS[0]}})
    world.send({"set": {"uuid": "u-2"}, "pictures": {"image": "nobody"}})
    marks = [receipt.marks for receipt in world.callers.ledger]
    assert tuple(Mark("token", token) for token in TOKENS) == marks[0]
    assert (Mark("uuid", "u-1"), Mark("token", TOKENS[0])) == marks[1]
    assert (Mark("uuid", "u-2"),) == marks[2]


def test_detect_is_not_billed(world: "World") -> None:
    """The vendor bills comparisons."""
    world.send({"path": DETECT})
    world.send({"path": DETECT, "pictures": {"image": "no picture"}})
    assert [0, 0] == [receipt.entry.billed for receipt in world.callers.ledger]
