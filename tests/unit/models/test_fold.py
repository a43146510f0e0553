"""Folding changes how a network is written and nothing that it computes."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest

from ipse.core.vocabulary import Floats
from ipse.models.fold import UnfoldableError, digest_of_tensors, fold
from ipse.models.manifest import Manifest, Weight
from ipse.models.prepare import prepare
from ipse.models.session import RuntimeChoice, open_network
from ipse.models.trouble import DigestError, NotFetchedError

TOLERANCE = 2e-6
"""Source: `../shared/weights.md` measured 2e-6 between the folded file and OpenCV's reading of the original."""


def portrait(samples: Path, weight: Weight, height_px: int, width_px: int) -> Floats:
    """A real face as the network takes it."""
    picture = cv2.imread(str(samples / "obama.jpg"))
    assert picture is not None
    pixels = cv2.resize(picture, (width_px, height_px), interpolation=cv2.INTER_AREA)
    ordered = pixels if weight.input.colour == "BGR" else pixels[:, :, ::-1]
    return np.ascontiguousarray(ordered.transpose(2, 0, 1)[None], dtype=np.float32)


@pytest.mark.parametrize(
    ("name", "height_px", "width_px"), [("yunet", 640, 640), ("yunet", 320, 256), ("sface", 112, 112)]
)
def test_the_folded_network_computes_what_opencv_reads(
    weights: Path, samples: Path, name: str, height_px: int, width_px: int
) -> None:
    """OpenCV with the published file and ONNX Runtime with the folded one agree to 2e-6 of the largest output."""
    weight = Manifest.load().weight(name)
    tensor = portrait(samples, weight, height_px, width_px)
    published = cv2.dnn.readNetFromONNX(str(weights / weight.file))
    published.setInput(tensor, weight.input.name)
    names = [output.name for output in weight.outputs]
    expected = dict(zip(names, published.forward(names), strict=True))
    choice = RuntimeChoice(runtime="onnxruntime", precision="float32")
    for output, values in open_network(weight, weights / weight.file, choice).run(tensor).items():
        largest = max(1.0, float(np.abs(expected[output]).max()))
        np.testing.assert_allclose(values.ravel(), expected[output].ravel(), rtol=0, atol=TOLERANCE * largest)


@pytest.mark.parametrize("name", ["yunet", "sface"])
def test_folding_gives_the_pinned_file(weights: Path, name: str) -> None:
    """The bytes of the folded file and the digest of its tensors are those of the manifest, on every machine."""
    weight = Manifest.load().weight(name)
    folded = fold((weights / weight.file).read_bytes(), free_sides=weight.role == "detect")
    assert weight.prepared is not None
    assert weight.prepared.tensors == digest_of_tensors(folded)
    assert weight.prepared.digest == hashlib.sha256(folded).hexdigest()
    assert weight.prepared.bytes == len(folded)


def test_a_folded_file_has_one_input(weights: Path) -> None:
    """The 174 inputs that only repeat a weight's name are gone."""
    weight = Manifest.load().weight("sface")

    def inputs(network: bytes) -> int:
        return len(onnx.load_model_from_string(network).graph.input)

    published = (weights / weight.file).read_bytes()
    assert (175, 1) == (inputs(published), inputs(fold(published)))


def test_folding_again_changes_no_weight(weights: Path) -> None:
    """A folded file has nothing left to fold."""
    weight = Manifest.load().weight("yunet")
    once = fold((weights / weight.file).read_bytes())
    assert digest_of_tensors(once) == digest_of_tensors(fold(once))


def test_a_file_that_ends_early_is_refused(weights: Path) -> None:
    """Half a network is no network."""
    published = (weights / Manifest.load().weight("yunet").file).read_bytes()
    for length in (1, 100, len(published) // 2, len(published) - 1):
        with pytest.raises(UnfoldableError):
            fold(published[:length])


def test_a_damaged_folded_file_is_made_anew(weights: Path, tmp_path: Path) -> None:
    """One flipped bit in the cached file is noticed at the next start and put right from the source."""
    weight = Manifest.load().weight("yunet")
    source = tmp_path / weight.file
    source.write_bytes((weights / weight.file).read_bytes())
    folded = prepare(weight, source)
    expected = folded.read_bytes()
    folded.write_bytes(expected[:-1] + bytes([expected[-1] ^ 1]))
    assert expected == prepare(weight, source).read_bytes()


def test_a_changed_source_is_refused(weights: Path, tmp_path: Path) -> None:
    """A weight with one flipped bit is not folded; the message says what to do."""
    weight = Manifest.load().weight("yunet")
    published = (weights / weight.file).read_bytes()
    (tmp_path / weight.file).write_bytes(published[:-1] + bytes([published[-1] ^ 1]))
    with pytest.raises(DigestError, match="`ipse models fetch` gets it anew"):
        prepare(weight, tmp_path / weight.file)
    assert [weight.file] == [path.name for path in tmp_path.iterdir()]


def test_a_missing_source_says_how_to_get_it(tmp_path: Path) -> None:
    """Nothing is downloaded at start; the message names both ways."""
    weight = Manifest.load().weight("yunet")
    with pytest.raises(NotFetchedError, match="`ipse models load FILE` where there is no network"):
        prepare(weight, tmp_path / weight.file)
