"""What only a CUDA device can show; run by `make gpu`, never by CI."""

from pathlib import Path

import numpy as np

from ipse.core.faces.examine import Examiner, Wish
from ipse.core.images import Limits
from ipse.core.vocabulary import Floats
from ipse.models.manifest import Manifest, Role
from ipse.models.session import OpenedNetwork, RuntimeChoice, open_network
from ipse.verifier import Untimed

SAME_TEMPLATE = 0.9999
"""Cosine between templates of two engines. TF32 tensor cores round products to 10 bits; measured on no GPU yet."""


def opened(role: Role, weights: Path, choice: RuntimeChoice) -> OpenedNetwork:
    """The default network of a role on this runtime."""
    weight = next(weight for weight in Manifest.load().defaults if weight.role == role)
    return open_network(weight, weights / weight.file, choice)


def template(picture: Path, weights: Path, choice: RuntimeChoice) -> Floats:
    """The template of a picture's largest face."""
    examiner = Examiner(opened("detect", weights, choice), opened("embed", weights, choice), "balanced")
    found = examiner.examine(picture.read_bytes(), Wish(), Limits(), Untimed()).template
    assert found is not None
    return found.vector


def test_cuda_gives_the_cpu_template(weights: Path, samples: Path) -> None:
    """The same picture gives the same template on CUDA as on the CPU, and the provider really is CUDA."""
    cuda = RuntimeChoice("onnxruntime", "cuda", "float32", 1)
    assert opened("embed", weights, cuda).facts.provider == "CUDAExecutionProvider"
    picture = samples / "obama.jpg"
    on_cpu = template(picture, weights, RuntimeChoice("openvino", "cpu", "float32", 1))
    assert float(np.dot(on_cpu, template(picture, weights, cuda))) >= SAME_TEMPLATE
