"""
The network: a few convolutions over what `training.residues` finds, one number out; and all of it as one ONNX file.

In the file the residues are convolutions too and the norms are folded in: pixels go in, the probability comes out.
"""

from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from ipse.core.genuineness.crop import SIDE_PX
from training.residues import CELL_PX, CELLS, CHANNELS, FLOOR, filters

WIDTHS: Final = (32, 48, 64)
"""Channels at an eighth, a sixteenth and a thirty-second of the side."""


def network(seed: int) -> Any:
    """
    Give the untrained network; it puts out a logit.

    Shape: (N, 35, 35, 15) float32 -> (N, 1).
    """
    keras.utils.set_random_seed(seed)
    given = keras.Input((CELLS, CELLS, CHANNELS))
    flow = keras.layers.BatchNormalization(epsilon=1e-3, momentum=0.97)(given)
    for width in WIDTHS:
        flow = _block(flow, width, 2)
        flow = keras.layers.Add()([flow, _block(flow, width, 1)])
    mean = keras.layers.GlobalAveragePooling2D()(flow)
    most = keras.layers.GlobalMaxPooling2D()(flow)
    pooled = keras.layers.Concatenate()([mean, most])
    return keras.Model(given, keras.layers.Dense(1)(keras.layers.Dropout(0.3)(pooled)))


def _block(flow: Any, width: int, stride: int) -> Any:
    """Give a convolution, its norm and its bend; padding as ONNX and every runtime means it."""
    flow = keras.layers.ZeroPadding2D(1)(flow)
    flow = keras.layers.Conv2D(width, 3, stride, use_bias=False)(flow)
    flow = keras.layers.BatchNormalization(epsilon=1e-3, momentum=0.97)(flow)
    return keras.layers.ReLU()(flow)


def export(model: Any, file: Path, name: str) -> None:
    """Write the network as ONNX: NCHW pixels 0 to 255 in, the probability `score` out."""
    graph = _Graph()
    kernels = iter(layer.get_weights()[0] for layer in model.layers if isinstance(layer, keras.layers.Conv2D))
    norms = iter(_norm(layer) for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization))
    flow = graph.residues("input", *next(norms))
    for _ in WIDTHS:
        flow = graph.convolved(flow, next(kernels), *next(norms), stride=2)
        flow = graph.node("Add", [flow, graph.convolved(flow, next(kernels), *next(norms), stride=1)])
    ends = [graph.node("GlobalAveragePool", [flow]), graph.node("GlobalMaxPool", [flow])]
    kernel, bias = model.layers[-1].get_weights()
    flat = graph.node("Flatten", [graph.node("Concat", ends, axis=1)])
    logit = graph.node("Gemm", [flat, graph.constant(kernel), graph.constant(bias)])
    graph.nodes.append(helper.make_node("Sigmoid", [logit], ["score"]))
    file.write_bytes(graph.model(name).SerializeToString())


def _norm(layer: Any) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give what a norm multiplies by and adds."""
    gamma, beta, mean, variance = layer.get_weights()
    scale = gamma / np.sqrt(variance + layer.epsilon)
    return scale, beta - mean * scale


class _Graph:
    """An ONNX graph as it grows."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, values: NDArray[np.float32] | float) -> str:
        """Give the name of a constant."""
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name))
        return name

    def node(self, kind: str, inputs: list[str], **words: Any) -> str:
        """Give the name of what a new node puts out."""
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **words))
        return name

    def residues(self, flow: str, scale: NDArray[np.float32], shift: NDArray[np.float32]) -> str:
        """Give the name of what `training.residues` gives, normed."""
        cell = {"kernel_shape": [CELL_PX, CELL_PX], "strides": [CELL_PX, CELL_PX]}
        details = self.node("Abs", [self.node("Conv", [flow, self.constant(filters())], kernel_shape=[5, 5])])
        raised = self.node(
            "Add", [self.node("AveragePool", [details], **cell), self.constant(np.array([FLOOR], np.float32))]
        )
        inner = np.zeros((3, 3, 5, 5), np.float32)
        inner[[0, 1, 2], [0, 1, 2], 2, 2] = 1 / 64
        bias = np.full(3, -127.5 / 64, np.float32)
        centred = self.node("Conv", [flow, self.constant(inner), self.constant(bias)], kernel_shape=[5, 5])
        colours = self.node("AveragePool", [centred], **cell)
        joined = self.node("Concat", [self.node("Log", [raised]), colours], axis=1)
        scaled = self.node("Mul", [joined, self.constant(scale.reshape(1, -1, 1, 1))])
        return self.node("Add", [scaled, self.constant(shift.reshape(1, -1, 1, 1))])

    def convolved(
        self, flow: str, kernel: NDArray[np.float32], scale: NDArray[np.float32], shift: NDArray[np.float32],
        *, stride: int,
    ) -> str:  # fmt: skip
        """Give the name of a convolution's bent output, its norm folded in."""
        folded = self.constant((kernel * scale).transpose(3, 2, 0, 1))
        words = {"strides": [stride] * 2, "pads": [1] * 4, "kernel_shape": [3, 3]}
        return self.node("Relu", [self.node("Conv", [flow, folded, self.constant(shift)], **words)])

    def model(self, name: str) -> Any:
        """Give the whole model, checked."""
        made = helper.make_model(
            helper.make_graph(
                self.nodes,
                name,
                [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, SIDE_PX, SIDE_PX])],
                [helper.make_tensor_value_info("score", TensorProto.FLOAT, [1, 1])],
                self.constants,
            ),
            opset_imports=[helper.make_opsetid("", 17)],
            producer_name="ipse training",
            ir_version=8,
        )
        onnx.checker.check_model(made, full_check=True)
        return made
