"""A graph and its inputs held against the contract that the manifest gives for them."""

from collections.abc import Iterable, Mapping

import numpy as np

from ipse.core.vocabulary import Floats
from ipse.models.manifest import FixedSides, FreeSides, Weight
from ipse.models.trouble import ContractError


def only_sides(weight: Weight) -> list[tuple[int, int]]:
    """The sizes of a network that takes one or a few, nothing for others."""
    match weight.input.sides_px:
        case FixedSides() as sides:
            return [(sides.height, sides.width)]
        case FreeSides():
            return []
        case strips:
            return [(strips.height, width) for width in strips.widths]


def smallest_sides(weight: Weight) -> tuple[int, int]:
    """The smallest size that the contract allows."""
    sides = weight.input.sides_px
    return (sides.multiple_of, sides.multiple_of) if isinstance(sides, FreeSides) else only_sides(weight)[0]


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
    """Raise unless every output whose shape is known has the one that the contract foretells."""
    for output in weight.outputs:
        expected = output.shape(weight.input.batch, *sides)
        if shapes.get(output.name, expected) != expected:
            raise ContractError(f"{weight.name}: output {output.name} is {shapes[output.name]}, not {expected}")
