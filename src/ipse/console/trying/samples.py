"""Which samples may stand for what; their names are those of `ipse.service.ports.trying.Samples`."""

from typing import Final

FACES: Final = ("a1", "a2", "a3", "b1")
"""Two people: the letter is the person, the number the picture."""

OTHER_FACES: Final = ("a2", "a1", "a3", "b1")
"""The same for a second picture, so that two are different at first."""
