"""A graph and its inputs held against the contract that the manifest gives for them."""

from collections.abc import Iterable, Mapping

import numpy as np

from ipse.core.vocabulary import Floats
from ipse.models.manifest import FixedSides, Weight
from ipse.models.trouble import ContractError


def only_sides(weight: Weight) -> list[tuple[int, int]]:
    """The size of a network that takes one, nothing for others."""
    return [smallest_sides(weight)] if isinstance(weight.input.sides_px, FixedSides) else []


def smallest_sides(weight: Weight) -> tuple[int, int]:
    """The smallest size that the contract allows."""
    sides = weight.input.sides_px
    if isinstance(sides, FixedSides):
        return sides.height, sides.width
    return sides.multiple_of, sides.multiple_of


def sides_of(weight: Weight, tensor: Floats) -> tuple[int, int]:
    """Height and width of an input, which is float32 and allowed."""
    if tensor.dtype != np.float32:
        raise ValueError(f"{weight.name} takes float32, not {tensor.dtype}")
    return weight.input.sides_of(tensor.shape)


def check_names(weight: Weight, inputs: Iterable[str], outputs: Iterable[str]) -> None:
    """Raise unless the graph has the contract's only input and all of its outputs."""
    if list(inputs) != [weight.input.name]:
        raise ContractError(f"{weight.name}: the graph's inputs are {list(inputs)}, not {weight.input.name!r} alone")
    missing = {output.name for output in weight.outputs} - set(outputs)
    if missing:
        raise ContractError(f"{weight.name}: the graph has no output {', '.join(sorted(missing))}")


def check_shapes(weight: Weight, sides: tuple[int, int], shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raise unless every output has the shape that the contract foretells."""
    for output in weight.outputs:
        expected = output.shape(weight.input.batch, *sides)
        if shapes[output.name] != expected:
            raise ContractError(f"{weight.name}: output {output.name} is {shapes[output.name]}, not {expected}")
