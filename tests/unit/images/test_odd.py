import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipse.core.images import Limits, decode, inspect
from ipse.core.reasons import Refusal

OUTCOMES: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "odd.toml").read_text(encoding="utf-8"))

TURNED = 6.0
"""Levels by which two packings of one scene differ on average: below 4.9 upright, above 40 when one is mirrored."""


@pytest.mark.shared
def test_every_odd_file_has_an_outcome(shared: Path) -> None:
    """The table names every file of `odd`, and no other."""
    root = shared / "odd"
    assert set(OUTCOMES) == {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


@pytest.mark.shared
@pytest.mark.parametrize("name", OUTCOMES)
def test_odd_file(name: str, shared: Path, limits: Limits) -> None:
    """Each odd file is decoded to its size, or refused for its reason."""
    data = (shared / "odd" / name).read_bytes()
    expected = OUTCOMES[name]
    if "reason" in expected:
        with pytest.raises(Refusal) as refused:
            decode(data, limits)
        assert expected["reason"] == refused.value.reason
        return
    header, image = inspect(data, limits), decode(data, limits)
    found = {"format": image.format, "width_px": image.width_px, "height_px": image.height_px}
    assert {"orientation": 1, "frames": 1} | expected == found | {
        "orientation": header.orientation,
        "frames": header.frames,
    }
    assert (image.height_px, image.width_px, 3) == image.pixels.shape


@pytest.mark.shared
@pytest.mark.parametrize("orientation", range(9))
@pytest.mark.parametrize("scene", ["Landscape", "Portrait"])
def test_scene_looks_the_same_in_every_orientation(scene: str, orientation: int, shared: Path, limits: Limits) -> None:
    """Eight files of one scene, each stored another way, are one upright picture."""
    plain, turned = (
        decode((shared / f"odd/exif/{scene}_{number}.jpg").read_bytes(), limits, enough_px=450).pixels.astype(int)
        for number in (1, orientation)
    )
    assert np.abs(plain - turned).mean() < TURNED


@pytest.mark.shared
@pytest.mark.parametrize("suffix", ["jpg", "webp"])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_portrait_looks_the_same_in_every_orientation(
    suffix: str, orientation: int, shared: Path, limits: Limits
) -> None:
    """The same holds for a small portrait in JPEG and WebP."""
    plain, turned = (
        decode((shared / f"odd/formats/{name}.{suffix}").read_bytes(), limits).pixels.astype(int)
        for name in ("hopper", f"hopper_orientation_{orientation}")
    )
    assert np.abs(plain - turned).mean() < TURNED


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "hopper.bmp", "hopper.tif", "hopper.iccprofile.tif", "hopper_bigtiff.tif", "hopper_lzma.tif", "hopper_lzw.tif",
        "hopper_float_dpi_2.tif", "hopper_idat_after_image_end.png",
    ],
)  # fmt: skip
def test_one_portrait_in_many_containers(name: str, shared: Path, limits: Limits) -> None:
    """What was packed without loss is the same portrait whatever the container."""
    formats = shared / "odd/formats"
    expected = decode((formats / "hopper.png").read_bytes(), limits).pixels
    assert np.array_equal(expected, decode((formats / name).read_bytes(), limits).pixels)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "tolerance"),
    [
        ("hopper.jpg", 5),
        ("hopper.webp", 6),
        ("hopper.gif", 9),
        ("hopper_rle8.bmp", 12),
        ("hopper_jpg.tif", 5),
        ("hopper.Lab.tif", 4),
    ],
)
def test_one_portrait_nearly_the_same(name: str, tolerance: float, shared: Path, limits: Limits) -> None:
    """What was packed with loss is nearly the same portrait."""
    formats = shared / "odd/formats"
    expected = decode((formats / "hopper.png").read_bytes(), limits).pixels.astype(int)
    assert np.abs(expected - decode((formats / name).read_bytes(), limits).pixels).mean() < tolerance
