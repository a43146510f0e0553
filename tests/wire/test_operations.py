"""What operations are called, told apart from the dialects themselves."""

from typing import TYPE_CHECKING

from ipse.protocols.operations import OPERATIONS
from tests.wire.builder import builders

if TYPE_CHECKING:
    from tests.wire.world import World


def test_the_words_of_the_command_line_are_those_of_the_dialects(world: "World") -> None:
    """Every operation of every dialect can be granted to a key, and nothing else can."""
    dialects = (builder.dialect(world) for builder in builders().values())
    assert OPERATIONS == {one.name: {operation.name for operation in one.operations} for one in dialects}
