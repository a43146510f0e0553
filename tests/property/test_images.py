import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from ipse.core.images import Limits, decode, inspect
from ipse.core.reasons import Reason, Refusal

LIMITS = Limits(max_bytes=1 << 20, max_pixels=1 << 18)
"""Small, so that no example takes long."""

Edit = Callable[[bytes], bytes]

KINDS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "AVIF")


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """A small change somewhere in a file, mostly near its beginning, where formats keep their promises."""
    share = draw(st.floats(0, 1)) ** draw(st.sampled_from([1, 4]))
    patch = draw(st.binary(max_size=8) | st.sampled_from([b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"]))
    removed = draw(st.integers(0, 8))

    def edit(data: bytes) -> bytes:
        at = int(share * len(data))
        return data[:at] + patch + data[at + removed :]

    return edit


@cache
def saved(kind: str) -> bytes:
    """A small picture in a format."""
    with io.BytesIO() as file:
        Pillow.linear_gradient("L").resize((24, 17)).convert("RGB").save(
            file, kind, **({"speed": 10} if kind == "AVIF" else {})
        )
        return file.getvalue()


def reason_or_none(data: bytes) -> Reason | None:
    """Why the bytes are refused, whole or reduced; anything but a refusal is not caught."""
    for enough_px in (None, 3):
        try:
            image = decode(data, LIMITS, enough_px)
        except Refusal as refusal:
            return refusal.reason
        assert (image.width_px, image.height_px) == (inspect(data, LIMITS).width_px, inspect(data, LIMITS).height_px)
    return None


@given(st.binary(max_size=400), st.sampled_from([b"", *(saved(kind)[:12] for kind in KINDS)]))
def test_random_bytes_are_refused(data: bytes, beginning: bytes) -> None:
    """Random bytes, also behind a known beginning, are never a picture and never a fault."""
    assert str(reason_or_none(beginning + data)).startswith("image_")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KINDS).map(saved), st.lists(edits(), min_size=1, max_size=4))
def test_damaged_pictures_are_decoded_or_refused(data: bytes, changes: list[Edit]) -> None:
    """A picture with small changes is either decoded, with the size that its header says, or refused."""
    for change in changes:
        data = change(data)
    assert reason_or_none(data) in {None, *Reason}


@pytest.mark.shared
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choice=st.integers(0), changes=st.lists(edits(), min_size=1, max_size=4))
def test_damaged_real_files_are_decoded_or_refused(shared: Path, choice: int, changes: list[Edit]) -> None:
    """The same for real files in unusual modes."""
    files = sorted((shared / "odd/formats").iterdir())
    data = files[choice % len(files)].read_bytes()
    for change in changes:
        data = change(data)
    assert reason_or_none(data) in {None, *Reason}
