"""Templates as bytes."""

import numpy as np
import pytest

from ipse.core.faces.packing import pack, unpack
from ipse.core.vocabulary import Recipe, Template

RECIPE = Recipe("balanced", "float32", "e" * 64, "d" * 64)


def template() -> Template:
    """A template with newlines among the bytes of its first number."""
    vector = np.random.default_rng(3).normal(size=128).astype(np.float32)
    vector[0] = np.frombuffer(b"\n\n\n\x3c", np.float32)[0]
    return Template(vector, RECIPE)


def test_a_template_comes_back_equal_to_the_bit() -> None:
    """Packing and unpacking changes neither recipe nor numbers."""
    back = unpack(pack(template()))
    assert RECIPE == back.recipe
    assert np.float32 == back.vector.dtype
    np.testing.assert_array_equal(template().vector, back.vector)


@pytest.mark.parametrize(
    "packed",
    [b"", b"{}\n", b"not json\n", b'{"profile": "fast"}\n1234', pack(template())[:-1], b"[]\n1234"],
    ids=["nothing", "no recipe", "no JSON", "half a recipe", "a byte short", "a list"],
)
def test_other_bytes_are_no_template(packed: bytes) -> None:
    """What was never packed is a ValueError, never another."""
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own error is one too
        unpack(packed)
