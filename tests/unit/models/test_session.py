"""What does not open, and why; and what an open network leaves alone."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ipse.models.manifest import Manifest, Weight
from ipse.models.session import RuntimeChoice, open_network
from ipse.models.trouble import (
    ContractError,
    NotFetchedError,
    ResearchOnlyError,
    RuntimeUnavailableError,
)

MANIFEST = Manifest.load()
RUNTIMES = ("openvino", "onnxruntime")


def changed(weight: Weight, **properties: Any) -> Weight:
    """The weight with other properties."""
    return weight.model_copy(update=properties)


def test_research_weights_need_an_explicit_word(weights: Path) -> None:
    """A licence that forbids commercial use stops the start; the message names licence, page and setting."""
    weight = changed(MANIFEST.weight("yunet"), commercial=False)
    with pytest.raises(ResearchOnlyError) as caught:
        open_network(weight, weights / weight.file, RuntimeChoice())
    for word in (weight.weights_license.name, weight.weights_license.page, "IPSE_ALLOW_RESEARCH_WEIGHTS=true"):
        assert word in str(caught.value)


def test_research_weights_open_for_research(weights: Path) -> None:
    """With the word they are a network like any other."""
    weight = changed(MANIFEST.weight("yunet"), commercial=False)
    assert weight.digest == open_network(weight, weights / weight.file, RuntimeChoice(), allow_research=True).digest


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (RuntimeChoice("openvino", "cuda"), "CUDA needs the runtime onnxruntime"),
        (RuntimeChoice("onnxruntime", "cuda"), "CUDA was asked for, but ONNX Runtime .* offers .*CPUExecutionProvider"),
        (RuntimeChoice("onnxruntime", "cpu", "bfloat16"), "ONNX Runtime computes in float32"),
    ],
    ids=["openvino-cuda", "onnxruntime-cuda", "onnxruntime-bfloat16"],
)
def test_what_is_not_there_is_an_error(weights: Path, choice: RuntimeChoice, words: str) -> None:
    """A device or precision that is not to be had is refused in words; nothing falls back."""
    weight = MANIFEST.weight("yunet")
    with pytest.raises(RuntimeUnavailableError, match=words):
        open_network(weight, weights / weight.file, choice)


def test_onnx_runtime_says_that_it_reads_no_tflite(tmp_path: Path) -> None:
    """A TFLite file is OpenVINO's."""
    file = tmp_path / "network.tflite"
    file.write_bytes(b"tflite")
    weight = changed(MANIFEST.weight("mobilefacenet"), digest=hashlib.sha256(b"tflite").hexdigest(), bytes=6)
    with pytest.raises(RuntimeUnavailableError, match=r"does not read network\.tflite"):
        open_network(weight, file, RuntimeChoice("onnxruntime"))


def test_a_missing_file_is_not_downloaded(tmp_path: Path) -> None:
    """Opening says how to fetch and touches nothing."""
    weight = MANIFEST.weight("sface")
    with pytest.raises(NotFetchedError, match="ipse models fetch"):
        open_network(weight, tmp_path / weight.file, RuntimeChoice())
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_graph_with_another_input_is_refused(weights: Path, runtime: Any) -> None:
    """The input's name is part of the contract."""
    weight = MANIFEST.weight("yunet")
    other = changed(weight, input=weight.input.model_copy(update={"name": "picture"}))
    with pytest.raises(ContractError, match="inputs are"):
        open_network(other, weights / weight.file, RuntimeChoice(runtime))


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize(("property_name", "value"), [("name", "cls_64"), ("values", 2), ("stride_px", 16)])
def test_a_graph_with_other_outputs_is_refused(weights: Path, runtime: Any, property_name: str, value: object) -> None:
    """So are the outputs' names and shapes."""
    weight = MANIFEST.weight("yunet")
    first = weight.outputs[0].model_copy(update={property_name: value})
    other = changed(weight, outputs=(first, *weight.outputs[1:]))
    with pytest.raises(ContractError, match="output"):
        open_network(other, weights / weight.file, RuntimeChoice(runtime))


def test_no_thread_is_no_choice(weights: Path) -> None:
    """Zero threads are a mistake of the caller."""
    weight = MANIFEST.weight("yunet")
    with pytest.raises(ValueError, match="at least one thread"):
        open_network(weight, weights / weight.file, RuntimeChoice(threads=0))


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_only_the_chosen_runtime_is_loaded(weights: Path, runtime: str) -> None:
    """A process that opens a folded network loads one runtime, no ONNX library and no HTTP client."""
    code = (
        "import sys; from pathlib import Path; from ipse.models.manifest import Manifest; "
        "from ipse.models.session import RuntimeChoice, open_network; "
        "weight = Manifest.load().weight('yunet'); "
        f"open_network(weight, Path({str(weights)!r}) / weight.file, RuntimeChoice({runtime!r})); "
        "print(sorted({'openvino', 'onnxruntime', 'onnx', 'httpx2', 'unearth'} & set(sys.modules)))"
    )
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert str([runtime]) == outcome.stdout.strip()


def resident_bytes() -> int:
    """Memory of this process that is in RAM."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_memory_stays_flat(weights: Path, runtime: Any) -> None:
    """From the 1,000th to the 5,000th run over three sizes, resident memory changes by less than 3 %."""
    weight = MANIFEST.weight("yunet")
    network = open_network(weight, weights / weight.file, RuntimeChoice(runtime, threads=1))
    inputs = [np.full((1, 3, 32 * high, 64), 127, np.float32) for high in (1, 2, 3)]
    sizes = []
    for number in range(5000):
        network.run(inputs[number % 3])
        if number in {999, 4999}:
            sizes.append(resident_bytes())
    early, late = sizes
    assert abs(late - early) <= 0.03 * early
