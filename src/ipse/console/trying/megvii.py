"""Megvii's operations, to be tried."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from ipse.console.trying.call import Call, Member
from ipse.console.trying.reading import faces, living, plain
from ipse.console.trying.samples import FACES, OTHER_FACES
from ipse.console.trying.trial import Given, Json, Slot, Trial, Wish, form
from ipse.service.desk.roles import Right

SignBundle: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, bytes]], str]
"""Gives the `delta` of a session that vouches for pictures, as the vendor's client does."""

_IMAGE: Final = Slot("image", FACES, "slot_face")
_IMAGE_REF: Final = Slot("image_ref1", OTHER_FACES, "slot_other_face")
_LOOKS: Final = {"photo": "image", "card": "image_ref1"}
_VERIFY: Final = "/faceid/v2/verify"
_COMPARED: Final = ("comparison_type", "0")
_UUID: Final = ("uuid", "console")
_ACTIONS: Final = Wish("actions", "0", ("0", "1", "2", "3", "4", "5"), "wish_actions")


def megvii(sign_bundle: SignBundle) -> tuple[Trial, ...]:
    """Give the operations."""
    return (*_VERIFICATIONS, _bundle(sign_bundle), *_OTHERS)


def _detect(given: Given, _before: Json) -> Call:
    """Give the call whose answer has a token for each face."""
    return Call("faceid", "POST", "/faceid/v1/detect", (("image", given.pictures["image"]),))


def _verify_token(given: Given, before: Json) -> Call:
    """Give the verification of the face behind a token."""
    found = before.get("faces") or [{"token": "FACE_TOKEN"}]
    members = (_COMPARED, ("face_image_type", "facetoken"), _UUID, ("face_token", str(found[0]["token"])))
    return Call("faceid", "POST", _VERIFY, (*members, ("image_ref1", given.pictures["image_ref1"])))


def _session(_given: Given, _before: Json) -> Call:
    """Give the call that opens a session without actions."""
    return Call("faceid", "POST", "/v1/liveness/session", (("actions", "0"), ("flash", "0")))


def _bundle(sign_bundle: SignBundle) -> Trial:
    """Give the verification of a signed bundle."""

    def verify(given: Given, before: Json) -> Call:
        pictures = {name: given.pictures[name] for name in ("image_best", "image_env")}
        is_open = "session_key" in before
        delta = sign_bundle(before, {name: one.content for name, one in pictures.items()}) if is_open else "DELTA"
        members = (_COMPARED, ("face_image_type", "meglive"), _UUID, ("delta", delta))
        files: tuple[tuple[str, Member], ...] = (*pictures.items(), ("image_ref1", given.pictures["image_ref1"]))
        return Call("faceid", "POST", _VERIFY, (*members, *files))

    return Trial(
        "faceid.verify_bundle",
        (_session, verify),
        living.bundle_verified,
        (Slot("image_best", FACES, "slot_face"), Slot("image_env", ("a3", "a1", "a2", "b1"), "slot_env"), _IMAGE_REF),
        looks={"photo": "image_best", "card": "image_ref1"},
    )


def _run_state(_given: Given, before: Json) -> Call:
    """Give the question how a flash run ended."""
    return Call("faceid", "POST", "/v1/flash/biz_info", (("biz_no", str(before.get("biz_no", "BIZ_NO"))),))


_VERIFICATIONS: Final = (
    Trial(
        "faceid.verify",
        (form("faceid", _VERIFY, _COMPARED, ("face_image_type", "raw_image"), _UUID),),
        faces.megvii_verified,
        (_IMAGE, _IMAGE_REF),
        looks=_LOOKS,
    ),
    Trial(
        "faceid.verify_token",
        (_detect, _verify_token),
        faces.megvii_verified,
        (_IMAGE, _IMAGE_REF),
        looks=_LOOKS,
    ),
    Trial(
        "faceid.verify_person",
        (form("faceid", _VERIFY, ("comparison_type", "1"), ("face_image_type", "raw_image")),),
        faces.megvii_verified,
        (_IMAGE,),
        (
            Wish("idcard_name", "Example Person", (), "wish_name"),
            Wish("idcard_number", "110101199001010015", (), "wish_id_number"),
        ),
        looks={"photo": "image"},
        rights=frozenset({Right.SEE_PEOPLE}),
    ),
)

_OTHERS: Final = (
    Trial("faceid.detect", (form("faceid", "/faceid/v1/detect"),), faces.megvii_detected, (_IMAGE,)),
    Trial(
        "faceid.flash_run",
        (form("faceid", "/v1/flash/biz_no"), _run_state),
        plain.telling("run_state"),
        wishes=(_ACTIONS,),
    ),
    Trial(
        "faceid.session",
        (form("faceid", "/v1/liveness/session"),),
        living.session_opened,
        wishes=(_ACTIONS, Wish("flash", "0", ("0", "1"), "wish_flash")),
    ),
)
