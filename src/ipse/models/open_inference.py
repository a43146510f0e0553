"""
The Open Inference Protocol, version 2, as bytes: what is asked of a server for one network, and what it answers.

Source: github.com/kserve/open-inference-protocol, `inference_rest.md`; tensors as bytes by the "binary tensor data
extension" that Triton, OpenVINO Model Server and KServe document, as JSON numbers elsewhere.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ipse.core.vocabulary import Floats
from ipse.models.manifest import Weight
from ipse.models.trouble import ContractError

JSON_LENGTH: Final = "Inference-Header-Content-Length"
"""The header that says where JSON ends and tensors as bytes begin. Source: binary tensor data extension."""

_FLOAT: Final = "FP32"
_FLOAT_BYTES: Final = 4

MOST_PER_FLOAT: Final = 32
"""Bytes that one number may take in an answer: JSON writes a float32 as a double, at most 25 characters and a comma."""

MOST_AROUND: Final = 65_536
"""Bytes that an answer may have around its numbers."""


@dataclass(frozen=True, slots=True)
class Question:
    """A body to post, and the headers that say how it is to be read."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Described:
    """
    What a server says of one of its networks.

    Attributes:
        inputs: The names of what goes in.
        outputs: The names of what comes out.
        platform: Who computes, in the server's word.
        digest: The hex SHA-256 of the file that it has opened, if it says so.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    platform: str
    digest: str | None


def served_name(weight: Weight) -> str:
    """The name under which servers have a network: it carries the digest, so that another version is another name."""
    return f"ipse-{weight.name}-{weight.opened.digest[:16]}"


def ask(weight: Weight, tensor: Floats, *, binary: bool) -> Question:
    """
    The request to compute all outputs of a network.

    Args:
        weight: Which network.
        tensor: Its input.
        binary: Whether tensors go and come as bytes; else as JSON numbers, which every server reads.
    """
    numbers = np.ascontiguousarray(tensor, "<f4")
    put: dict[str, object] = {"name": weight.input.name, "shape": list(tensor.shape), "datatype": _FLOAT}
    wanted: list[dict[str, object]] = [{"name": output.name} for output in weight.outputs]
    if not binary:
        head = json.dumps({"inputs": [{**put, "data": numbers.ravel().tolist()}], "outputs": wanted})
        return Question(head.encode(), {"Content-Type": "application/json"})
    put["parameters"] = {"binary_data_size": numbers.nbytes}
    wanted = [{**one, "parameters": {"binary_data": True}} for one in wanted]
    words = json.dumps({"inputs": [put], "outputs": wanted}).encode()
    return Question(
        words + numbers.tobytes(), {"Content-Type": "application/octet-stream", JSON_LENGTH: str(len(words))}
    )


def answered(weight: Weight, body: bytes, json_length: str | None) -> dict[str, Floats]:
    """
    The outputs by name, owned by the caller.

    Args:
        weight: Which network.
        body: The answer.
        json_length: The header `JSON_LENGTH`, if the answer has it.

    Raises:
        ContractError: It is no answer, or lacks an output; nothing of it is repeated.
    """
    try:
        ends = len(body) if json_length is None else int(json_length)
        tensors = _tensors(json.loads(body[:ends])["outputs"], memoryview(body)[ends:])
        return {output.name: tensors[output.name] for output in weight.outputs}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ContractError(f"{weight.name}: a server's answer does not speak the Open Inference Protocol v2") from None


def described(body: bytes) -> Described:
    """
    What a server says of a network, from the metadata of its model.

    Raises:
        ContractError: It says nothing of the kind.
    """
    try:
        said = json.loads(body)
        ports = [tuple((str(port["name"]), port["datatype"]) for port in said[side]) for side in ("inputs", "outputs")]
        platform, digest = str(said.get("platform") or "unknown"), _digest(said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ContractError("a server does not describe its model as the Open Inference Protocol v2 wants") from None
    if any(kind != _FLOAT for side in ports for _, kind in side):
        raise ContractError("a server's model takes or gives something else than 32-bit floats")
    inputs, outputs = (tuple(name for name, _ in side) for side in ports)
    return Described(inputs, outputs, platform, digest)


def digest_in_configuration(body: bytes) -> str | None:
    """The digest that Triton's configuration of a model states, if it does (its "model configuration" extension)."""
    try:
        return _digest(json.loads(body))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def most_bytes(weight: Weight, sides: tuple[int, int]) -> int:
    """How long an answer may be for pictures of this size."""
    floats = sum(int(np.prod(output.shape(weight.input.batch, *sides))) for output in weight.outputs)
    return MOST_AROUND + MOST_PER_FLOAT * floats


def _digest(said: Mapping[str, Any]) -> str | None:
    """The member `parameters.sha256`: a text, or Triton's object around one."""
    stated = (said.get("parameters") or {}).get("sha256")
    found = stated.get("string_value") if isinstance(stated, dict) else stated
    return None if found is None else str(found).lower()


def _tensors(outputs: list[dict[str, Any]], rest: memoryview) -> dict[str, Floats]:
    """The tensors of an answer: each takes its bytes from the rest in turn, or has its numbers with it."""
    found: dict[str, Floats] = {}
    for one in outputs:
        if one["datatype"] != _FLOAT:
            raise ValueError(one["name"])
        shape = tuple(int(side) for side in one["shape"])
        size = (one.get("parameters") or {}).get("binary_data_size")
        if size is None:
            found[one["name"]] = np.asarray(one["data"], np.float32).reshape(shape)
            continue
        values = np.frombuffer(rest, "<f4", int(size) // _FLOAT_BYTES)
        found[one["name"]] = values.reshape(shape).astype(np.float32)
        rest = rest[int(size) :]
    return found
