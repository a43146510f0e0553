"""A template as bytes, for whoever keeps it: its recipe as one line of JSON, then its numbers."""

import json
from dataclasses import asdict

import numpy as np

from ipse.core.vocabulary import Recipe, Template

NUMBERS = np.dtype("<f4")
"""Little-endian float32 on every machine, so that a database may move from one to another."""


def pack(template: Template) -> bytes:
    """
    Give the bytes of a template.

    Shape: a line of JSON, then D x 4 bytes.
    """
    return json.dumps(asdict(template.recipe)).encode() + b"\n" + template.vector.astype(NUMBERS).tobytes()


def unpack(packed: bytes) -> Template:
    """
    Give the template again, equal to the bit.

    Raises:
        ValueError: The bytes are no packed template.
    """
    line, newline, numbers = packed.partition(b"\n")
    if not newline or len(numbers) % NUMBERS.itemsize:
        raise ValueError("These bytes are no packed template.")
    try:
        recipe = Recipe(**json.loads(line))
    except TypeError as error:
        raise ValueError("These bytes are no packed template.") from error
    return Template(np.frombuffer(numbers, NUMBERS).astype(np.float32), recipe)
