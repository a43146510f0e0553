"""Known files that are no pictures of ours are told apart from pictures and from bytes that nobody knows."""

from collections.abc import Callable

import pytest

from ipse.core.images.foreign import is_foreign
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels
from ipse.service.picture_rules import PictureRules
from ipse.service.verify_faces import Picture

FILES = {
    "PDF": b"%PDF-1.7\n",
    "ZIP": b"PK\x03\x04\x14\0",
    "gzip": b"\x1f\x8b\x08\0",
    "film": b"\0\0\0\x18ftypmp42\0\0\0\0",
    "sound": b"RIFF\x24\0\0\0WAVEfmt ",
    "SVG": b'<?xml version="1.0"?><svg/>',
    "HTML": b"\xef\xbb\xbf<!doctype html>",
    "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n",
    "JPEG XL": b"\0\0\0\x0cJXL \r\n\x87\n",
    "icon": b"\0\0\1\0\1\0",
    "Word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
}
RULES = PictureRules(frozenset({"jpeg", "png"}), most_bytes=1_000_000, least_px=(100, 200), names_other_files=True)


def refused(content: bytes, rules: PictureRules = RULES) -> Reason | None:
    """Why a file is refused, if it is, and in which words it is named."""
    try:
        rules.check(Picture("file0", content))
    except Refusal as refusal:
        return refusal.reason if refusal.field == "file0" else None
    return None


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_a_known_file_is_foreign(content: bytes) -> None:
    """Documents, archives, films, sounds and pictures that Ipse does not read."""
    assert is_foreign(content)
    assert Reason.IMAGE_FORMAT_DENIED is refused(content)


@pytest.mark.parametrize("content", [b"", b"this is a letter", b"\xff\xd8\xff\xe0", b"\0" * 64], ids=repr)
def test_pictures_and_unknown_bytes_are_not(content: bytes) -> None:
    """Neither what Ipse reads nor what nobody knows."""
    assert not is_foreign(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "AVIF"])
def test_no_picture_is_foreign(photo: Pixels, save: Callable[..., bytes], kind: str) -> None:
    """Every format that Ipse reads, also AVIF, which begins like a film."""
    assert not is_foreign(save(photo, kind))


def test_rules_are_asked_in_their_order(photo: Pixels, save: Callable[..., bytes]) -> None:
    """Bytes, format, header, size; a vendor who does not name other files finds them unrecognised."""
    plain = PictureRules(frozenset({"jpeg", "png"}), most_bytes=1_000_000)
    whole = save(photo, "JPEG")
    height, width = photo.shape[:2]
    shorter, longer = sorted((height, width))
    assert Reason.FILE_TOO_LARGE is refused(b"\0" * 1_000_001)
    assert Reason.IMAGE_FORMAT_DENIED is refused(save(photo, "WEBP"))
    assert Reason.IMAGE_UNRECOGNISED is refused(b"this is a letter")
    assert Reason.IMAGE_UNRECOGNISED is refused(FILES["PDF"], plain)
    assert Reason.IMAGE_TOO_SMALL is refused(whole, PictureRules(RULES.formats, 10**6, least_px=(shorter + 1, 1)))
    assert Reason.IMAGE_TOO_SMALL is refused(whole, PictureRules(RULES.formats, 10**6, least_px=(1, longer + 1)))
    assert Reason.IMAGE_TOO_LARGE is refused(whole, PictureRules(RULES.formats, 10**6, longest_side_px=longer - 1))
    assert refused(whole, PictureRules(RULES.formats, 10**6, longer, (shorter, longer))) is None
