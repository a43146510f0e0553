"""CUDA gives the CPU's templates. Needs a CUDA device and onnxruntime-gpu; `make gpu` runs it, CI does not."""

from pathlib import Path

import numpy as np
import pytest

from ipse.models.manifest import Manifest
from ipse.models.session import RuntimeChoice, open_network

SAME_TEMPLATE = 1e-5
"""
How far below 1 the cosine may be between CUDA without TF32 and the CPU, both in float32.

Source: a bound, not yet measured: other float32 runtimes agree to 1e-12 (`tests/contract/test_network.py`).
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cuda_gives_the_same_template(weights: Path, seed: int) -> None:
    """The provider is CUDA's, and one input's template is the CPU's."""
    weight = Manifest.load().weight("sface")
    tensor = np.random.default_rng(seed).uniform(0, 255, (1, 3, 112, 112)).astype(np.float32)
    vectors = []
    for choice, provider in (
        (RuntimeChoice("onnxruntime", "cuda"), "CUDAExecutionProvider"),
        (RuntimeChoice("onnxruntime", "cpu"), "CPUExecutionProvider"),
    ):
        network = open_network(weight, weights / weight.file, choice)
        assert provider == network.facts.provider
        vector = network.run(tensor)["fc1"].astype(np.float64).ravel()
        vectors.append(vector / np.linalg.norm(vector))
    assert 1 - float(vectors[0] @ vectors[1]) <= SAME_TEMPLATE
