"""Every runtime keeps the promises of the `Network` port, and all of them give the same template."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import openvino
import pytest

from ipse.core.faces.align import align
from ipse.core.faces.detect import detect
from ipse.core.vocabulary import Floats, Pixels
from ipse.models.manifest import FreeSides, Manifest, Weight
from ipse.models.open_inference import served_name
from ipse.models.prepare import prepare
from ipse.models.runtime import Servers
from ipse.models.session import OpenedNetwork, RuntimeChoice, open_network
from tests.played_inference import PlayedServer, answering

HAS_BFLOAT16 = "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
CHOICES: dict[str, RuntimeChoice] = {
    "openvino-float32": RuntimeChoice("openvino", "cpu", "float32", 2),
    "openvino-auto": RuntimeChoice("openvino", "cpu", "auto", 2),
    "onnxruntime": RuntimeChoice("onnxruntime", "cpu", "auto", 2),
    "remote": RuntimeChoice("remote", "cpu", "auto", 2),
}

SAME_TEMPLATE = 1e-8
"""
How far below 1 the cosine of one face's templates may be between runtimes, both in float32.

Source: measured on 82 faces of `../shared/data/faces` and the samples with `unit` below: at most 7e-13.
"""

SAME_TEMPLATE_BFLOAT16 = 1e-3
"""
The same between bfloat16 and float32.

Source: measured likewise: median 6e-5, at most 1.2e-4.
"""

MANIFEST = Manifest.load()
SIDES = ((96, 160), (160, 96), (64, 64))


@pytest.fixture(scope="module", params=CHOICES, ids=str)
def choice(request: pytest.FixtureRequest, weights: Path) -> Iterator[RuntimeChoice]:
    """Each runtime in turn; the one elsewhere asks a server that is played here."""
    chosen = CHOICES[request.param]
    if chosen.runtime != "remote":
        yield chosen
        return
    played = PlayedServer()
    for name in ("yunet", "sface", "fr-liveness"):
        weight = MANIFEST.weight(name)
        played.put(served_name(weight), prepare(weight, weights / weight.file), weight.opened.digest)
    with answering(played):
        yield replace(chosen, servers=Servers((played.url,)))


@pytest.fixture(scope="module")
def detector(choice: RuntimeChoice, weights: Path) -> OpenedNetwork:
    """The network of many sizes."""
    weight = MANIFEST.weight("yunet")
    return open_network(weight, weights / weight.file, choice)


@pytest.fixture(scope="module")
def embedder(choice: RuntimeChoice, weights: Path) -> OpenedNetwork:
    """The network of one size."""
    weight = MANIFEST.weight("sface")
    return open_network(weight, weights / weight.file, choice)


@pytest.fixture(scope="module")
def face(weights: Path, samples: Path) -> Floats:
    """A real face, aligned, as the embedding network takes it."""
    weight = MANIFEST.weight("yunet")
    finder = open_network(weight, weights / weight.file, CHOICES["openvino-float32"])
    pixels = picture(samples / "obama.jpg")
    aligned = align(pixels, detect(pixels, finder)[0].landmarks_px)
    return np.ascontiguousarray(aligned.transpose(2, 0, 1)[None], dtype=np.float32)


def picture(path: Path) -> Pixels:
    """A picture in RGB."""
    pixels = cv2.imread(str(path))
    assert pixels is not None
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB).astype(np.uint8)


def noise(weight: Weight, height_px: int, width_px: int, seed: int) -> Floats:
    """Some input of a size."""
    values = np.random.default_rng(seed).uniform(0, 255, weight.input.shape(height_px, width_px))
    return values.astype(np.float32)


def unit(vector: Floats) -> Floats:
    """On the unit sphere, in double precision."""
    exact = vector.astype(np.float64).ravel()
    return exact / np.linalg.norm(exact)


def test_digest_and_precision_are_told(embedder: OpenedNetwork, choice: RuntimeChoice) -> None:
    """The digest is the manifest's, the precision is one word that is never `auto`, the facts name the runtime."""
    expected = "bfloat16" if (choice.runtime, choice.precision) == ("openvino", "auto") and HAS_BFLOAT16 else "float32"
    assert MANIFEST.weight("sface").digest == embedder.digest
    assert (expected, expected) == (embedder.precision, embedder.facts.precision)
    assert (choice.runtime, 2) == (embedder.facts.runtime, embedder.facts.threads)
    assert embedder.facts.version[0].isdigit()
    providers = {"openvino": "CPU", "onnxruntime": "CPUExecutionProvider", "remote": "onnxruntime_onnx"}
    assert providers[choice.runtime] == embedder.facts.provider


@pytest.mark.parametrize("sides", SIDES, ids=str)
def test_outputs_have_the_names_and_shapes_of_the_contract(detector: OpenedNetwork, sides: tuple[int, int]) -> None:
    """Each size gives twelve float32 outputs of the shapes that the manifest foretells."""
    weight = MANIFEST.weight("yunet")
    outputs = detector.run(noise(weight, *sides, seed=1))
    expected = {output.name: output.shape(1, *sides) for output in weight.outputs}
    assert expected == {name: values.shape for name, values in outputs.items()}
    assert {np.dtype(np.float32)} == {values.dtype for values in outputs.values()}


def test_outputs_belong_to_the_caller(detector: OpenedNetwork) -> None:
    """A later run changes nothing that an earlier one gave, and may be given what a caller then wrote over."""
    weight = MANIFEST.weight("yunet")
    first = detector.run(noise(weight, 64, 64, seed=1))
    kept = {name: values.copy() for name, values in first.items()}
    detector.run(noise(weight, 64, 64, seed=2))
    for name, values in first.items():
        np.testing.assert_array_equal(kept[name], values)
        values.fill(0)
    again = detector.run(noise(weight, 64, 64, seed=1))
    for name, values in again.items():
        np.testing.assert_array_equal(kept[name], values)


def test_an_input_need_not_be_contiguous(embedder: OpenedNetwork, face: Floats) -> None:
    """A mirrored view gives what its copy gives."""
    mirrored = face[:, :, :, ::-1]
    np.testing.assert_array_equal(embedder.run(mirrored.copy())["fc1"], embedder.run(mirrored)["fc1"])


def test_threads_get_the_serial_answers(detector: OpenedNetwork) -> None:
    """Six threads that mix sizes and inputs get what one thread gets, bit for bit."""
    weight = MANIFEST.weight("yunet")
    inputs = [noise(weight, *SIDES[seed % 3], seed=seed) for seed in range(12)]
    expected = [detector.run(one) for one in inputs]
    start = threading.Barrier(6)

    def work(_: int) -> list[dict[str, Floats]]:
        start.wait()
        return [dict(detector.run(one)) for one in inputs]

    with ThreadPoolExecutor(6) as pool:
        for found in pool.map(work, range(6)):
            for serial, parallel in zip(expected, found, strict=True):
                for name, values in serial.items():
                    np.testing.assert_array_equal(values, parallel[name])


@pytest.mark.parametrize("shape", [(1, 3, 64, 48), (1, 3, 1312, 64), (2, 3, 64, 64), (1, 64, 64, 3), (1, 3, 0, 64)])
def test_a_shape_outside_the_contract_is_refused(detector: OpenedNetwork, shape: tuple[int, ...]) -> None:
    """Sides that are no multiple of 32, too long, another batch or layout."""
    with pytest.raises(ValueError, match="does not allow the input shape"):
        detector.run(np.zeros(shape, np.float32))


def test_another_element_type_is_refused(embedder: OpenedNetwork) -> None:
    """Bytes are not silently widened."""
    with pytest.raises(ValueError, match="takes float32, not uint8"):
        embedder.run(np.zeros((1, 3, 112, 112), np.uint8))


def test_warming_up_changes_no_answer(detector: OpenedNetwork, embedder: OpenedNetwork, face: Floats) -> None:
    """Before and after warming the same face gives the same numbers."""
    before = embedder.run(face)["fc1"]
    detector.warm_up(SIDES)
    embedder.warm_up()
    np.testing.assert_array_equal(before, embedder.run(face)["fc1"])


def test_more_sizes_than_are_kept_ready(choice: RuntimeChoice, weights: Path) -> None:
    """With two sizes kept ready, going round four gives each time what the first round gave."""
    weight = MANIFEST.weight("yunet")
    sides = FreeSides(multiple_of=32, at_most=1280, compiled_at_most=2)
    tight = weight.model_copy(update={"input": weight.input.model_copy(update={"sides_px": sides})})
    network = open_network(tight, weights / weight.file, choice)
    inputs = [noise(weight, 32 * high, 64, seed=high) for high in (1, 2, 3, 4)]
    first = [network.run(one)["kps_8"] for one in inputs]
    second = [network.run(one)["kps_8"] for one in inputs]
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def test_all_runtimes_give_the_same_template(embedder: OpenedNetwork, weights: Path, face: Floats) -> None:
    """One face's templates agree with OpenVINO's in float32 to 1e-8 in float32 and to 1e-3 in bfloat16."""
    weight = MANIFEST.weight("sface")
    reference = open_network(weight, weights / weight.file, CHOICES["openvino-float32"])
    cosine = float(unit(reference.run(face)["fc1"]) @ unit(embedder.run(face)["fc1"]))
    assert 1 - cosine <= (SAME_TEMPLATE if embedder.precision == "float32" else SAME_TEMPLATE_BFLOAT16)


def test_all_runtimes_find_the_same_face(detector: OpenedNetwork, weights: Path, samples: Path) -> None:
    """The five points of a portrait differ by less than a hundredth of the face's width."""
    weight = MANIFEST.weight("yunet")
    reference = open_network(weight, weights / weight.file, CHOICES["openvino-float32"])
    pixels = picture(samples / "biden.jpg")
    (expected, *_), (found, *_) = detect(pixels, reference), detect(pixels, detector)
    assert np.abs(expected.landmarks_px - found.landmarks_px).max() <= 0.01 * expected.box.width_px


def test_all_runtimes_tell_a_live_face(choice: RuntimeChoice, weights: Path, samples: Path) -> None:
    """The network of screens and prints answers a portrait with three numbers, the same ones on all."""
    weight = MANIFEST.network("presentation")
    portrait = cv2.resize(picture(samples / "obama.jpg"), (128, 128))[..., ::-1]
    tensor = np.ascontiguousarray(portrait.transpose(2, 0, 1)[None], dtype=np.float32)
    reference = open_network(weight, weights / weight.file, CHOICES["openvino-float32"]).run(tensor)["output"]
    found = open_network(weight, weights / weight.file, choice).run(tensor)["output"]
    assert (1, 3) == found.shape
    assert np.abs(reference - found).max() <= (0.2 if choice.precision == "auto" and HAS_BFLOAT16 else 1e-3)
