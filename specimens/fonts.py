"""Fonts of Debian's packages by role, and the promise that none of them draws an empty box."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont
from PIL import ImageFont

FOLDER: Final = Path("/usr/share/fonts")
PACKAGES: Final = "fonts-thai-tlwg fonts-noto-cjk fonts-ocr-b fonts-liberation fonts-dejavu-core fonts-dejavu-extra"

LIBERATION: Final = "truetype/liberation/Liberation"
DEJAVU: Final = "truetype/dejavu/DejaVu"
TLWG: Final = "truetype/tlwg/"
NOTO: Final = "opentype/noto/Noto"

Face = tuple[str, int]
"""A font file under `FOLDER` and the number of the face in it."""

SCRIPTS: Final = {"thai": "thai", "tc": "chi_tra", "hk": "chi_tra", "sc": "chi_sim", "jp": "jpn", "ocrb": "mrz"}
"""What a line set in a role is written in; any other role is Latin."""

CJK: Final = {"jp": 0, "sc": 2, "tc": 3, "hk": 4}
"""Order of faces in Noto's collections: JP, KR, SC, TC, HK."""


def _pair(regular: str, bold: str) -> tuple[Face, Face]:
    """Give a regular and a bold face."""
    return (regular, 0), (bold, 0)


def _cjk(style: str) -> dict[str, tuple[tuple[Face, Face], ...]]:
    """Give the roles for Chinese and Japanese in Noto's `Sans` or `Serif`."""
    return {
        role: (((f"{NOTO}{style}CJK-Regular.ttc", face), (f"{NOTO}{style}CJK-Bold.ttc", face)),)
        for role, face in CJK.items()
    }


def _thai(*families: str) -> tuple[tuple[Face, Face], ...]:
    """Give Thai families of tlwg."""
    return tuple(_pair(f"{TLWG}{family}.ttf", f"{TLWG}{family}-Bold.ttf") for family in families)


def _latin(folder: str, regular: str, bold: str) -> tuple[Face, Face]:
    """Give a Latin family."""
    return _pair(f"{folder}{regular}.ttf", f"{folder}{bold}.ttf")


OCR_B: Final = (_pair("opentype/ocr-b/OCRB.otf", "opentype/ocr-b/OCRB.otf"),)

ROLES: Final[Mapping[str, Mapping[str, tuple[tuple[Face, Face], ...]]]] = {
    "a": {
        "sans": (_latin(LIBERATION, "Sans-Regular", "Sans-Bold"),),
        "serif": (_latin(LIBERATION, "Serif-Regular", "Serif-Bold"),),
        "mono": (_latin(LIBERATION, "Mono-Regular", "Mono-Bold"),),
        "ocrb": OCR_B,
        "thai": _thai("Laksaman", "Loma", "Garuda"),
        **_cjk("Sans"),
    },
    "b": {
        "sans": (
            _latin(DEJAVU, "SansCondensed", "SansCondensed-Bold"),
            _latin(TLWG, "Loma", "Loma-Bold"),
            _latin(TLWG, "Umpush", "Umpush-Bold"),
        ),
        "serif": (_latin(DEJAVU, "SerifCondensed", "SerifCondensed-Bold"),),
        "mono": (_latin(DEJAVU, "SansMono", "SansMono-Bold"),),
        "ocrb": OCR_B,
        "thai": _thai("Kinnari", "Norasi", "Waree", "Umpush"),
        **_cjk("Serif"),
    },
}
"""Families by rendering and role; a card takes one of each by its seed."""


@cache
def font(face: Face, size_px: int) -> ImageFont.FreeTypeFont:
    """Give a face at a size, with Raqm's layout, which Thai needs."""
    return ImageFont.truetype(str(FOLDER / face[0]), size_px, index=face[1], layout_engine=ImageFont.Layout.RAQM)


@cache
def _letters(face: Face) -> frozenset[int]:
    """Give the code points that a face can draw."""
    with TTFont(FOLDER / face[0], fontNumber=face[1] if face[0].endswith(".ttc") else -1, lazy=True) as opened:
        return frozenset(opened.getBestCmap())


def missing(face: Face, text: str) -> str:
    """Give those letters of a text that a face would draw as empty boxes."""
    return "".join(sorted({letter for letter in text if ord(letter) not in _letters(face)}))


def absent() -> list[str]:
    """Give the font files that this machine lacks; install `PACKAGES` for them."""
    faces = {face[0] for roles in ROLES.values() for families in roles.values() for pair in families for face in pair}
    return sorted(name for name in faces if not (FOLDER / name).exists())
