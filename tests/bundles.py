"""
Bundles and flash results made by hand, right and wrong, with nothing but the standard library.

`python -m tests.bundles` writes the vectors under `tests/vectors/liveness`, which other languages can test against.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ipse.core.genuineness.capture import Action, Colour
from ipse.core.genuineness.session import LivenessSession

VECTORS: Final = Path(__file__).parent / "vectors" / "liveness"

SESSION: Final = LivenessSession(
    sid="1700000000,00000000-0000-4000-8000-000000000001",
    kid="s1",
    nonce=bytes(16),
    key=bytes(range(32)),
    actions=(Action.TURN_LEFT, Action.BLINK, Action.OPEN_MOUTH),
    colours=(Colour.RED, Colour.WHITE, Colour.BLUE, Colour.BLACK, Colour.GREEN, Colour.MAGENTA),
    biz_no="1700000000,00000000-0000-4000-8000-000000000002",
    issued_at=1_700_000_000.0,
    expires_at=1_700_000_600.0,
)
"""The session of the published vector, with actions and a flash run."""

NOW: Final = 1_700_000_100.0
JTI: Final = "AAECAwQFBgcICQoLDA0ODw"
PICTURES: Final[Mapping[str, bytes]] = {
    name: b"\xff\xd8\xff\xe0" + name.removeprefix("image_").encode()
    for name in ("image_best", "image_env", *(f"image_action{number}" for number in range(1, 6)))
}
BOTH: Final = ("image_best", "image_env")
FRAMES: Final[Mapping[str, bytes]] = {
    "image_best": PICTURES["image_best"],
    **{f"flash{number}": b"\xff\xd8\xff\xe0flash" + str(number).encode() for number in range(1, 7)},
}
PUBLISHED: Final = (
    "eyJhbGciOiJIUzI1NiIsImtpZCI6InMxIiwidHlwIjoiZWtkK2p3cyJ9.eyJpYXQiOjE3MDAwMDAwNjAsImltYWdlcyI6eyJpbWFnZV9iZXN0Ijp7"
    "InNoYTI1NiI6InV5Zi11aTlwTjE3Ul9YdTMzSjMxYWVGbTNMXzZXTWlrTlZoRmhIaHhVQ1kifSwiaW1hZ2VfZW52Ijp7InNoYTI1NiI6Ild5RkRQ"
    "UFVkSjB6ZHBtajhmX2dKbUJoR2N0Q2dlM1JoVmRuSXoteDZTekEifX0sImp0aSI6IkFBRUNBd1FGQmdjSUNRb0xEQTBPRHciLCJub25jZSI6IkFB"
    "QUFBQUFBQUFBQUFBQUFBQUFBQUEiLCJzZGsiOiIyLjQuNSIsInNpZCI6IjE3MDAwMDAwMDAsMDAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAw"
    "MDAwMDAxIiwidiI6MX0.fc_A9BJ5rUwo7Zp-10sVTyl33Ku75dVzCfOu5qKbPlI"
)
"""The published test vector: image_best and image_env, JSON with sorted keys and no spaces."""


def text(content: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def plain(value: object) -> bytes:
    """JSON with sorted keys and no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def digest(content: bytes) -> str:
    """Base64url of the SHA-256."""
    return text(hashlib.sha256(content).digest())


def header(kind: str = "ekd+jws", **changes: object) -> dict[str, object]:
    """A header, with changes."""
    return {"alg": "HS256", "kid": "s1", "typ": kind} | changes


def token(payload: bytes, head: bytes | None = None, key: bytes = SESSION.key, hash_name: str = "sha256") -> str:
    """JWS in compact form over any bytes."""
    signed = f"{text(plain(header()) if head is None else head)}.{text(payload)}"
    return f"{signed}.{text(hmac.digest(key, signed.encode(), hash_name))}"


def claims(names: tuple[str, ...] = BOTH, **changes: Any) -> dict[str, Any]:
    """The claims of a bundle over these pictures, with changes; `...` takes a claim out."""
    right: dict[str, Any] = {
        "v": 1,
        "sid": SESSION.sid,
        "nonce": text(SESSION.nonce),
        "jti": JTI,
        "iat": 1_700_000_060,
        "sdk": "2.4.5",
        "images": {name: {"sha256": digest(PICTURES[name])} for name in names},
    }
    return {name: value for name, value in (right | changes).items() if value is not ...}


def delta(names: tuple[str, ...] = BOTH, **changes: Any) -> str:
    """A delta with changed claims, its signature right."""
    return token(plain(claims(names, **changes)))


def manifest_claims(**changes: Any) -> dict[str, Any]:
    """The claims of a flash result, with changes; `...` takes a claim out."""
    right: dict[str, Any] = {
        "v": 1,
        "biz_no": SESSION.biz_no,
        "nonce": text(SESSION.nonce),
        "jti": JTI,
        "iat": 1_700_000_060,
        "result": "pass",
        "parts": {name: digest(content) for name, content in FRAMES.items()},
        "flash": {
            "colours": [colour.value for colour in SESSION.colours],
            "shown_ms": [1000 + 600 * number for number in range(6)],
            "taken_ms": [1450.5 + 600 * number for number in range(6)],
        },
    }
    return {name: value for name, value in (right | changes).items() if value is not ...}


def manifest(**changes: Any) -> str:
    """A manifest with changed claims, its signature right."""
    return token(plain(manifest_claims(**changes)), plain(header("ekf+jws")))


def file(signed: str | None = None, frames: list[tuple[str, bytes]] | None = None, magic: bytes = b"EKFLASH1") -> bytes:
    """A flash result."""
    head = (manifest() if signed is None else signed).encode()
    listed = list(FRAMES.items()) if frames is None else frames
    parts = b"".join(
        len(name).to_bytes(1, "big") + name.encode("latin-1") + len(content).to_bytes(4, "big") + content
        for name, content in listed
    )
    return magic + len(head).to_bytes(4, "big") + head + len(listed).to_bytes(2, "big") + parts


ALL: Final = tuple(name for name in PICTURES if name not in ("image_action4", "image_action5"))
DONE: Final = {"image_action1": "turn_left", "image_action2": "blink", "image_action3": "open_mouth"}

GOOD_BUNDLES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "published": (PUBLISHED, BOTH),
    "image_best alone": (delta(("image_best",)), ("image_best",)),
    "all pictures, actions, a log": (delta(ALL, actions=DONE, log={"camera": "前置 camera", "frames": [1, 2.5]}), ALL),
    "listed but not uploaded": (delta(ALL), ("image_best", "image_action2")),
    "rect and quality": (
        delta(images={"image_best": {"sha256": digest(PICTURES["image_best"]), "quality": 71.5,
                                     "rect": {"left": 0.1, "top": -0.02, "width": 0.5, "height": 0.7}}}),
        ("image_best",),
    ),
    "JSON with spaces, another order of members": (
        token(json.dumps(claims(), indent=1).encode(), b'{"typ" : "ekd+jws", "kid":"s1", "alg":"HS256"}'), BOTH),
    "clock 120 s slow when the session began": (delta(iat=1_699_999_880), BOTH),
    "clock 120 s fast when the session ended": (delta(iat=1_700_000_720), BOTH),
    "sdk 2.4.1, the first with image_env": (delta(sdk="2.4.1"), BOTH),
    "sdk 2.4.0, image_env is not looked at": (delta(("image_best",), sdk="2.4.0"), BOTH),
    "sdk 2.99": (delta(sdk="2.99"), BOTH),
}  # fmt: skip
"""Name: (delta, pictures uploaded)."""

BEST: Final = {"sha256": digest(PICTURES["image_best"])}

BAD_CLAIMS: Final[Mapping[str, dict[str, Any]]] = {
    **{f"no {name}": {name: ...} for name in claims()},
    **{f"{name} is null": {name: None} for name in (*claims(), "log", "actions")},
    "v is 2": {"v": 2},
    "v is true": {"v": True},
    "v is 1.0": {"v": 1.0},
    "v is text": {"v": "1"},
    "a claim that the format does not know": {"exp": 1_700_000_600},
    "another session": {"sid": "1700000000,00000000-0000-4000-8000-000000000003"},
    "another nonce": {"nonce": text(bytes(15) + b"\1")},
    "nonce too short": {"nonce": text(bytes(15))},
    "nonce padded": {"nonce": text(bytes(16)) + "=="},
    "nonce with loose bits": {"nonce": "AAAAAAAAAAAAAAAAAAAAAB"},
    "jti too short": {"jti": text(bytes(8))},
    "jti too long": {"jti": text(bytes(17))},
    "jti is a number": {"jti": 7},
    "iat is text": {"iat": "1700000060"},
    "iat is no whole number": {"iat": 1_700_000_060.0},
    "iat is true": {"iat": True},
    "iat 121 s before the session": {"iat": 1_699_999_879},
    "iat 121 s after the session": {"iat": 1_700_000_721},
    "iat in milliseconds": {"iat": 1_700_000_060_000},
    "sdk 3.0": {"sdk": "3.0"},
    "sdk 3.1.2": {"sdk": "3.1.2"},
    "sdk 10.0": {"sdk": "10.0"},
    "sdk is one number": {"sdk": "2"},
    "sdk with a letter": {"sdk": "2.4.5b"},
    "sdk with a sign": {"sdk": "2.-4"},
    "sdk in other digits": {"sdk": "\uff12.\uff14.\uff15"},
    "sdk is a number": {"sdk": 2.4},
    "image_best is not listed": {"images": {"image_env": {"sha256": digest(PICTURES["image_env"])}}},
    "image_env is not listed": {"images": {"image_best": BEST}},
    "a picture that the format does not know": {"images": claims()["images"] | {"image_action6": BEST}},
    "images is a list": {"images": ["image_best", "image_env"]},
    "a picture is text": {"images": claims()["images"] | {"image_best": BEST["sha256"]}},
    "a picture without digest": {"images": claims()["images"] | {"image_action1": {}}},
    "a member of a picture that the format does not know": {"images": claims()["images"] | {
        "image_best": BEST | {"size": 8}}},
    "digest of another picture": {"images": claims()["images"] | {"image_best": {"sha256": digest(b"")}}},
    "digest in hex": {"images": claims()["images"] | {
        "image_best": {"sha256": hashlib.sha256(PICTURES["image_best"]).hexdigest()}}},
    "digest in standard base64": {"images": claims()["images"] | {
        "image_best": {"sha256": BEST["sha256"].replace("-", "+").replace("_", "/")}}},
    "digest not uploaded, and none": {"images": claims()["images"] | {"image_action1": {"sha256": "AAAA"}}},
    "rect with true": {"images": claims()["images"] | {
        "image_best": BEST | {"rect": {"left": True, "top": 0, "width": 1, "height": 1}}}},
    "rect without height": {"images": claims()["images"] | {
        "image_best": BEST | {"rect": {"left": 0, "top": 0, "width": 1}}}},
    "rect is a list": {"images": claims()["images"] | {"image_best": BEST | {"rect": [0, 0, 1, 1]}}},
    "quality is text": {"images": claims()["images"] | {"image_best": BEST | {"quality": "70"}}},
    "actions in another order": {"actions": DONE | {"image_action1": "blink", "image_action2": "turn_left"}},
    "actions of which one is missing": {"actions": {"image_action1": "turn_left", "image_action2": "blink"}},
    "actions of which no picture is listed": {"actions": DONE},
    "actions as a list": {"actions": ["turn_left", "blink", "open_mouth"]},
    "log is text": {"log": "none"},
}  # fmt: skip
"""Name: what is changed in the claims of a bundle over image_best and image_env that is right and rightly signed."""

_RIGHT: Final = plain(claims())

BAD_BUNDLES: Final[Mapping[str, str]] = {
    **{name: delta(ALL if name.startswith("actions") and "no picture" not in name else BOTH, **changes)
       for name, changes in BAD_CLAIMS.items()},
    "empty": "",
    "one segment": "delta",
    "two segments": PUBLISHED.rpartition(".")[0],
    "four segments": PUBLISHED + ".",
    "another vendor's delta": "AA" * 300 + "==",
    "signed with another key": token(_RIGHT, key=bytes(32)),
    "signed with HS512": token(_RIGHT, plain(header(alg="HS512")), hash_name="sha512"),
    "HS256 signed as HS512": token(_RIGHT, plain(header(alg="HS512"))),
    "alg none": token(_RIGHT, plain(header(alg="none"))).rpartition(".")[0] + ".",
    "alg none, signed": token(_RIGHT, plain(header(alg="none"))),
    "alg in small letters": token(_RIGHT, plain(header(alg="hs256"))),
    "typ JWT": token(_RIGHT, plain(header("JWT"))),
    "typ of a flash result": token(_RIGHT, plain(header("ekf+jws"))),
    "no typ": token(_RIGHT, plain({"alg": "HS256", "kid": "s1"})),
    "another kid": token(_RIGHT, plain(header(kid="s2"))),
    "no kid": token(_RIGHT, plain({"alg": "HS256", "typ": "ekd+jws"})),
    "a header's member that the format does not know": token(_RIGHT, plain(header(cty="json"))),
    "crit": token(_RIGHT, plain(header(crit=["exp"]))),
    "a key in the header": token(_RIGHT, plain(header(jwk={"kty": "oct", "k": text(SESSION.key)}))),
    "header doubled": token(_RIGHT, b'{"alg":"none","alg":"HS256","kid":"s1","typ":"ekd+jws"}'),
    "header is a list": token(_RIGHT, b'["HS256","s1","ekd+jws"]'),
    "signature padded": PUBLISHED + "=",
    "signature with loose bits": PUBLISHED[:-1] + "J",
    "signature cut": PUBLISHED[:-1],
    "a line break at the end": PUBLISHED + "\n",
    "a space at the front": " " + PUBLISHED,
    "payload padded": ".".join((PUBLISHED.split(".")[0], PUBLISHED.split(".")[1] + "=", PUBLISHED.split(".")[2])),
    "payload is no JSON": token(_RIGHT[:-1]),
    "payload is a list": token(b"[" + _RIGHT + b"]"),
    "payload doubled": token(_RIGHT[:-1] + b',"v":1}'),
    "payload doubled within": token(_RIGHT.replace(b'"image_env":', b'"image_best":')),
    "payload with NaN": token(_RIGHT[:-1] + b',"log":{"a":NaN}}'),
    "payload with Infinity": token(_RIGHT[:-1] + b',"log":{"a":-Infinity}}'),
    "payload in UTF-16": token(_RIGHT.decode().encode("utf-16")),
    "payload with a byte order mark": token(b"\xef\xbb\xbf" + _RIGHT),
    "payload with half a surrogate pair": token(_RIGHT[:-1] + b',"log":{"a":"\\ud800"}}'),
    "payload too deep": token(_RIGHT[:-1] + b',"log":' + b'{"a":' * 5000 + b"0" + b"}" * 5001),
    "payload of nothing": token(b""),
}  # fmt: skip
"""Name: a delta that is refused with image_best and image_env (and, where its actions need them, the actions)."""

_FLASH: Final = manifest_claims()["flash"]
_PARTS: Final = manifest_claims()["parts"]

BAD_MANIFESTS: Final[Mapping[str, dict[str, Any]]] = {
    **{f"no {name}": {name: ...} for name in manifest_claims()},
    **{f"{name} is null": {name: None} for name in (*manifest_claims(), "log", "sdk")},
    "v is 2": {"v": 2},
    "a claim that the format does not know": {"sid": SESSION.sid},
    "another run": {"biz_no": "1700000000,00000000-0000-4000-8000-000000000003"},
    "another nonce": {"nonce": text(bytes(15) + b"\1")},
    "jti too short": {"jti": text(bytes(8))},
    "iat 121 s before the session": {"iat": 1_699_999_879},
    "iat 121 s after the session": {"iat": 1_700_000_721},
    "a failed run": {"result": "fail"},
    "result is true": {"result": True},
    "sdk 3.0": {"sdk": "3.0"},
    "log is a list": {"log": []},
    "one part not named": {"parts": {name: value for name, value in _PARTS.items() if name != "flash3"}},
    "one part too many": {"parts": _PARTS | {"flash7": _PARTS["flash6"]}},
    "digest of another part": {"parts": _PARTS | {"flash2": _PARTS["flash1"]}},
    "digest as an object": {"parts": {name: {"sha256": value} for name, value in _PARTS.items()}},
    "another sequence": {"flash": _FLASH | {"colours": ["white", "red", "blue", "black", "green", "magenta"]}},
    "sequence cut": {"flash": _FLASH | {"colours": _FLASH["colours"][:5]}},
    "no times": {"flash": {"colours": _FLASH["colours"]}},
    "one time missing": {"flash": _FLASH | {"taken_ms": _FLASH["taken_ms"][:5]}},
    "a time is text": {"flash": _FLASH | {"taken_ms": ["1", *_FLASH["taken_ms"][1:]]}},
    "a time is true": {"flash": _FLASH | {"shown_ms": [True, *_FLASH["shown_ms"][1:]]}},
    "a time beyond all numbers": {"flash": _FLASH | {"shown_ms": [10**400, *_FLASH["shown_ms"][1:]]}},
    "a member of flash that the format does not know": {"flash": _FLASH | {"gain": 1}},
}  # fmt: skip
"""Name: what is changed in the claims of a flash result that is right and rightly signed."""

_WHOLE: Final = file()
_ITEMS: Final = list(FRAMES.items())

BAD_FILES: Final[Mapping[str, bytes]] = {
    **{name: file(manifest(**changes)) for name, changes in BAD_MANIFESTS.items()},
    "empty": b"",
    "another magic": file(magic=b"EKFLASH2"),
    "magic alone": b"EKFLASH1",
    "cut in the manifest": _WHOLE[:200],
    "cut in the last frame": _WHOLE[:-1],
    "a byte too many": _WHOLE + b"\0",
    "signed with another key": file(token(plain(manifest_claims()), plain(header("ekf+jws")), bytes(32))),
    "typ of a bundle": file(token(plain(manifest_claims()))),
    "a delta in the manifest's place": file(PUBLISHED),
    "one frame missing": file(frames=_ITEMS[:-1]),
    "a frame more than the manifest names": file(frames=[*_ITEMS, ("flash7", b"x")]),
    "a frame twice": file(frames=[*_ITEMS[:-1], _ITEMS[1]]),
    "two frames exchanged": file(frames=[("flash1", FRAMES["flash2"]), ("flash2", FRAMES["flash1"]), _ITEMS[0],
                                         *_ITEMS[3:]]),
    "no image_best": file(frames=_ITEMS[1:]),
    "a name that is no ASCII": file(frames=[("flash\xe9", b"x"), *_ITEMS]),
    "seventeen parts": file(frames=[(f"flash{number}", b"x") for number in range(17)]),
}  # fmt: skip
"""Name: a flash result that is refused."""

GOOD_FILES: Final[Mapping[str, bytes]] = {
    "frames in order": _WHOLE,
    "frames in another order": file(frames=_ITEMS[::-1]),
    "a log and a version": file(manifest(log={"camera": "front"}, sdk="2.4.5")),
}
"""Name: a flash result that is accepted."""


def issued(session: LivenessSession) -> dict[str, object]:
    """A session as the server answers it."""
    return {
        "sid": session.sid,
        "kid": session.kid,
        "nonce": text(session.nonce),
        "session_key": text(session.key),
        "actions": [action.value for action in session.actions],
        "colours": [colour.value for colour in session.colours],
        "biz_no": session.biz_no,
        "expires_in_s": 600,
    }


def uploads(name: str) -> tuple[str, ...]:
    """Which pictures are uploaded with a wrong bundle."""
    return ALL if name.startswith("actions") and "no picture" not in name else BOTH


def recorded() -> dict[str, str]:
    """The content of each file of vectors."""
    top = {"session": issued(SESSION), "issued_at": SESSION.issued_at, "expires_at": SESSION.expires_at, "now": NOW}
    bundles = {
        "pictures_hex": {name: content.hex() for name, content in PICTURES.items()},
        "accepted": [
            {"name": name, "delta": value, "uploads": list(sent)} for name, (value, sent) in GOOD_BUNDLES.items()
        ],
        "refused": [
            {"name": name, "delta": value, "uploads": list(uploads(name))}
            for name, value in BAD_BUNDLES.items()
            if len(value) < 10_000
        ],
    }
    files = {
        "parts_hex": {name: content.hex() for name, content in FRAMES.items()},
        "accepted": [{"name": name, "file_base64url": text(value)} for name, value in GOOD_FILES.items()],
        "refused": [{"name": name, "file_base64url": text(value)} for name, value in BAD_FILES.items()],
    }
    written = {"bundle.json": top | bundles, "flash.json": top | files}
    return {name: json.dumps(value, ensure_ascii=False, indent=1) + "\n" for name, value in written.items()}


if __name__ == "__main__":
    for file_name, content in recorded().items():
        (VECTORS / file_name).write_text(content, encoding="utf-8")
