"""
Networks that are ready to run: the only file that imports an inference runtime, and only the one that is asked for.

Nothing here falls back in silence. Runtime, device and precision are those that were chosen, or the network does not
open and the error says why.
"""

import ctypes
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from queue import LifoQueue
from typing import Any, Final

import numpy as np

from ipse.core.vocabulary import Floats, Precision
from ipse.models.contract import check_names, check_shapes, only_sides, sides_of, smallest_sides
from ipse.models.manifest import FixedSides, Weight
from ipse.models.prepare import prepare
from ipse.models.runtime import OpenedNetwork, RuntimeChoice, RuntimeFacts
from ipse.models.silence import keep_quiet
from ipse.models.trouble import ResearchOnlyError, RuntimeUnavailableError

__all__ = ["OpenedNetwork", "RuntimeChoice", "RuntimeFacts", "open_network"]

_HINTS: Final[Mapping[Precision, str]] = {"float32": "f32", "bfloat16": "bf16"}
"""OpenVINO's words for a precision."""

_CUDA: Final = "CUDAExecutionProvider"
_CPU: Final = "CPUExecutionProvider"

_ALONE: Final = threading.Lock()
"""Held by the one thread that first touches OpenVINO's binding."""


def open_network(weight: Weight, path: Path, runtime: RuntimeChoice, *, allow_research: bool = False) -> OpenedNetwork:
    """
    The network in a file, checked against its digest and its contract.

    Args:
        weight: What the manifest says of it.
        path: The weight as fetched; its folded form is made beside it when that is missing.
        runtime: Who is to compute.
        allow_research: Open weights whose licence forbids commercial use.

    Raises:
        ResearchOnlyError: The licence forbids it.
        ipse.models.trouble.NotFetchedError: The weight has not been fetched.
        ipse.models.trouble.DigestError: The file is not the one that the manifest pins.
        RuntimeUnavailableError: Runtime, device or precision are not to be had.
        ContractError: The graph is not what the manifest says.
    """
    if not (weight.commercial or allow_research):
        raise ResearchOnlyError(
            f"the weights {weight.name} may not be used commercially ({weight.weights_license.name}, "
            f"{weight.weights_license.page}); set IPSE_ALLOW_RESEARCH_WEIGHTS=true if this is research"
        )
    if runtime.threads < 1:
        raise ValueError("at least one thread is needed")
    opened = prepare(weight, path)
    openers: Mapping[str, Callable[[Weight, Path, RuntimeChoice], OpenedNetwork]]
    openers = {"openvino": _open_openvino, "onnxruntime": _open_onnxruntime, "remote": _open_elsewhere}
    return openers[runtime.runtime](weight, opened, runtime)


def _open_elsewhere(weight: Weight, path: Path, choice: RuntimeChoice) -> OpenedNetwork:
    """The network on servers elsewhere, which are held against the file that was fetched here."""
    if choice.device != "cpu":
        raise RuntimeUnavailableError("what a server elsewhere computes on is set there: leave the device at cpu")
    from ipse.models.remote import open_remote  # noqa: PLC0415 (its HTTP client costs others 0.1 s)

    return open_remote(weight, _open_onnxruntime(weight, path, RuntimeChoice("onnxruntime")), choice)


def _open_openvino(weight: Weight, path: Path, choice: RuntimeChoice) -> "_OpenVino":
    """The network on OpenVINO's CPU plugin."""
    if choice.device != "cpu":
        raise RuntimeUnavailableError("OpenVINO computes on the CPU here; CUDA needs the runtime onnxruntime")
    keep_quiet()
    import openvino  # noqa: PLC0415 (loading it takes a moment and memory: only when it is the chosen one)

    with _ALONE:
        # The binding fills its tables of number kinds on first use. Two threads that do so at once wait for each other
        # for ever: one holds the table and wants the interpreter's lock, the other the reverse (OpenVINO 2026.4.1).
        # Plain statements, not asserts: `python -O` must not take them away.
        first = openvino.Tensor(np.zeros(1, np.float32), shared_memory=True)
        first.data.fill(0)
        first.element_type.to_dtype()
        core = openvino.Core()
        has_bfloat16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    precision: Precision = "float32" if choice.precision == "float32" or not has_bfloat16 else "bfloat16"
    if choice.precision not in {"auto", precision}:
        raise RuntimeUnavailableError("this CPU has no bfloat16 arithmetic: choose the precision float32 or auto")
    facts = RuntimeFacts(
        runtime="openvino",
        version=openvino.get_version().partition("-")[0],
        provider="CPU",
        device=str(core.get_property("CPU", "FULL_DEVICE_NAME")).strip(),
        precision=precision,
        threads=choice.threads,
    )
    return _OpenVino(weight, core, core.read_model(path), facts)


class _OpenVino:
    """
    One network on OpenVINO: a compiled form per input size, each with a pool of as many requests as threads.

    Dynamic shapes would need one compiled form only, but OpenVINO 2026.4.1 corrupts its heap when YuNet goes from
    640x640 to 640x480 that way, so every size is compiled as a static one.
    """

    def __init__(self, weight: Weight, core: Any, model: Any, facts: RuntimeFacts) -> None:
        self.facts = facts
        self._weight = weight
        self._core = core
        self._model: Any = model
        self.notes = _notes(model)
        self._forms: OrderedDict[tuple[int, int], _Form] = OrderedDict()
        self._lock = threading.Lock()
        check_names(weight, _names(model.inputs), _names(model.outputs))
        sides = weight.input.sides_px
        self._most = 1 if isinstance(sides, FixedSides) else sides.compiled_at_most
        if isinstance(sides, FixedSides):
            self._form(smallest_sides(weight))
            # Compiled, the network has its own copy of the weights; the graph would keep another 39 MB of SFace.
            self._model = None
        else:
            self._reshaped(*smallest_sides(weight))

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the weights as manifested."""
        return self._weight.digest

    @property
    def precision(self) -> Precision:
        """Arithmetic in use."""
        return self.facts.precision

    def run(self, tensor: Floats) -> Mapping[str, Floats]:
        """
        The outputs by name, owned by the caller.

        Shape: as the manifest's contract says, float32.

        Raises:
            ValueError: The contract does not allow the shape or the element type.
        """
        form = self._form(sides_of(self._weight, tensor))
        request = form.requests.get()
        try:
            request.infer({0: np.ascontiguousarray(tensor)}, share_inputs=True, share_outputs=True)
            return {name: request.get_tensor(port).data.copy() for name, port in form.ports.items()}
        finally:
            form.requests.put(request)

    def warm_up(self, sides_px: Iterable[tuple[int, int]] = ()) -> None:
        """Compile each size and let every request of its pool run once."""
        for sides in sides_px or only_sides(self._weight):
            picture = np.zeros(self._weight.input.shape(*sides), np.float32)
            form = self._form(sides_of(self._weight, picture))
            requests = [form.requests.get() for _ in range(self.facts.threads)]
            for request in requests:
                request.infer({0: picture}, share_inputs=True, share_outputs=True)
                form.requests.put(request)
        _give_back_memory()

    def _form(self, sides: tuple[int, int]) -> "_Form":
        """The compiled form for this size, made now if it is not there; the one unused for longest makes room."""
        with self._lock:
            form = self._forms.get(sides)
            if form is None:
                form = self._forms[sides] = _Form()
                while len(self._forms) > self._most:
                    self._forms.popitem(last=False)
            self._forms.move_to_end(sides)
        with form.lock:
            if not form.ports:
                self._compile(form, sides)
        return form

    def _compile(self, form: "_Form", sides: tuple[int, int]) -> None:
        """Fill the form: one stream and one request per thread."""
        hint = _HINTS[self.facts.precision]
        compiled = self._core.compile_model(
            self._reshaped(*sides),
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": hint,
                "NUM_STREAMS": self.facts.threads,
                "INFERENCE_NUM_THREADS": self.facts.threads,
                # Pinned, the streams of several sizes would share the first cores: YuNet 640 took 22 ms instead of 11.
                "ENABLE_CPU_PINNING": False,
            },
        )
        got = compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
        if got != hint:
            raise RuntimeUnavailableError(f"OpenVINO computes {self._weight.name} in {got}, {hint} was asked for")
        ports = {output.name: compiled.output(output.name) for output in self._weight.outputs}
        check_shapes(self._weight, sides, {name: tuple(port.shape) for name, port in ports.items()})
        for _ in range(self.facts.threads):
            form.requests.put(compiled.create_infer_request())
        form.ports = ports

    def _reshaped(self, height_px: int, width_px: int) -> Any:
        """The graph for one size; its weights are shared with the original."""
        model = self._model.clone()
        shape = self._weight.input.shape(height_px, width_px)
        model.reshape(list(shape))
        found = {output.name: model.output(output.name).partial_shape for output in self._weight.outputs}
        # Of some sides only compiling finds out how long they are; `_compile` looks at those.
        known = {name: tuple(shape.to_shape()) for name, shape in found.items() if shape.is_static}
        check_shapes(self._weight, (height_px, width_px), known)
        return model


class _Form:
    """What one input size needs to run."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.requests: LifoQueue[Any] = LifoQueue()
        self.ports: dict[str, Any] = {}


def _open_onnxruntime(weight: Weight, path: Path, choice: RuntimeChoice) -> "_OnnxRuntime":
    """The network on ONNX Runtime's CPU or CUDA provider."""
    if path.suffix != ".onnx":
        raise RuntimeUnavailableError(f"ONNX Runtime does not read {path.name}; use the runtime openvino")
    if choice.precision == "bfloat16":
        raise RuntimeUnavailableError("ONNX Runtime computes in float32: choose the precision float32 or auto")
    keep_quiet()
    import onnxruntime  # noqa: PLC0415 (loading it takes a moment and memory: only when it is the chosen one)
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # noqa: PLC0415 (likewise)  # pyright: ignore[reportAttributeAccessIssue]  # It is compiled.

    provider = _CUDA if choice.device == "cuda" else _CPU
    offered = onnxruntime.get_available_providers()
    if provider not in offered:
        raise RuntimeUnavailableError(
            f"CUDA was asked for, but ONNX Runtime {onnxruntime.__version__} here offers {', '.join(offered)}: "
            "install onnxruntime-gpu in place of onnxruntime, or choose the device cpu"
        )
    try:
        session = _session(onnxruntime, path, provider, one_size=isinstance(weight.input.sides_px, FixedSides))
    except (RuntimeError, ValueError, state.Fail, state.EPFail) as error:
        raise RuntimeUnavailableError(f"ONNX Runtime cannot open {path.name} with {provider}: {error}") from error
    used = session.get_providers()[0]
    if used != provider:
        raise RuntimeUnavailableError(
            f"{provider} was asked for, but ONNX Runtime took {used}: the device does not answer"
        )
    facts = RuntimeFacts(
        runtime="onnxruntime",
        version=onnxruntime.__version__,
        provider=used,
        device="cuda" if provider == _CUDA else "cpu",
        precision="float32",
        threads=choice.threads,
    )
    return _OnnxRuntime(weight, session, facts)


def _session(onnxruntime: Any, path: Path, provider: str, *, one_size: bool) -> Any:
    """ONNX Runtime's session for a file."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.inter_op_num_threads = 1
    # The caller's thread computes: as many pictures at once as there are callers, one thread each.
    options.intra_op_num_threads = 1
    # Memory patterns are per input shape and are never given back: with free sides they would pile up.
    options.enable_mem_pattern = one_size
    # TF32 keeps 10 bits of a float32's mantissa: float32 shall mean float32.
    settings = {"use_tf32": "0"} if provider == _CUDA else {}
    # Without the last argument a session that fails on CUDA, now or later, would go on with the CPU in silence.
    return onnxruntime.InferenceSession(str(path), options, providers=[(provider, settings)], enable_fallback=False)


class _OnnxRuntime:
    """One network on ONNX Runtime: one session takes every size, and any number of threads may run it at once."""

    def __init__(self, weight: Weight, session: Any, facts: RuntimeFacts) -> None:
        self.facts = facts
        self._weight = weight
        self._session = session
        self.notes: Mapping[str, str] = session.get_modelmeta().custom_metadata_map
        self._outputs = [output.name for output in weight.outputs]
        found = ([port.name for port in ports] for ports in (session.get_inputs(), session.get_outputs()))
        check_names(weight, *found)
        sides = smallest_sides(weight)
        results = self.run(np.zeros(weight.input.shape(*sides), np.float32))
        check_shapes(weight, sides, {name: result.shape for name, result in results.items()})

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the weights as manifested."""
        return self._weight.digest

    @property
    def precision(self) -> Precision:
        """Arithmetic in use."""
        return self.facts.precision

    def run(self, tensor: Floats) -> Mapping[str, Floats]:
        """
        The outputs by name, owned by the caller.

        Shape: as the manifest's contract says, float32.

        Raises:
            ValueError: The contract does not allow the shape or the element type.
        """
        sides_of(self._weight, tensor)
        results = self._session.run(self._outputs, {self._weight.input.name: np.ascontiguousarray(tensor)})
        return dict(zip(self._outputs, results, strict=True))

    def warm_up(self, sides_px: Iterable[tuple[int, int]] = ()) -> None:
        """Run once per size."""
        for sides in sides_px or only_sides(self._weight):
            self.run(np.zeros(self._weight.input.shape(*sides), np.float32))


def _notes(model: Any) -> dict[str, str]:
    """The metadata of an ONNX file, which OpenVINO keeps under `framework`; other formats have none."""
    found = model.rt_info["framework"] if "framework" in model.rt_info else {}  # noqa: SIM401  # It has no `get`.
    return {name: found[name].astype(str) for name in found}


def _give_back_memory() -> None:
    """
    Hand memory that compiling has freed back to the system, where the C library can.

    Measured: 36 MB of 360 MB resident after warming YuNet at five sizes and SFace, on two streams.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _names(ports: Iterable[Any]) -> list[str]:
    """Every name of every port: OpenVINO gives a port a set of them."""
    return [name for port in ports for name in port.get_names()]
