"""What of a call may be kept: found in every kind of command and outcome."""

import numpy as np

from ipse.core.faces.packing import pack
from ipse.core.vocabulary import Recipe, Template
from ipse.service.artefacts import artefacts
from ipse.service.match_handheld import HandheldCommand
from ipse.service.picture_sources import KeptPicture
from ipse.service.ports.retention import Artefact
from ipse.service.verify_faces import Picture, VerifyFacesCommand
from ipse.service.vouched_probe import FlashResult, LivenessBundle
from ipse.service.vouching import SentBundle

JPEG = b"\xff\xd8\xff\xe0 a picture"
TEMPLATE = Template(np.ones(4, np.float32), Recipe("fast", "float32", "e", "d"))


def pictures(command: object) -> list[tuple[str, bytes]]:
    """The names and contents of the pictures that are found in a command."""
    return [(one.name, one.content) for one in artefacts(command, None)]


def test_pictures_are_found_by_their_names() -> None:
    """Probe and references, in the order of the command."""
    command = VerifyFacesCommand(Picture("probe", b"1"), (Picture("reference1", b"2"), Picture("reference2", b"3")))
    assert [("probe", b"1"), ("reference1", b"2"), ("reference2", b"3")] == pictures(command)


def test_the_pictures_of_a_bundle_are_found() -> None:
    """They are files by their names; what vouches for them is none."""
    sent = SentBundle("delta", {"image_best": b"1", "image_action1": b"2"})
    assert [("image_best", b"1"), ("image_action1", b"2")] == pictures(
        VerifyFacesCommand(LivenessBundle(sent, "o"), ())
    )


def test_a_file_is_kept_only_if_it_is_a_picture() -> None:
    """A fetched picture counts, the result of a flash run does not."""
    assert [("file", JPEG)] == pictures(HandheldCommand("o", KeptPicture("id"), content=JPEG))
    assert [] == pictures(VerifyFacesCommand(FlashResult(b"no picture", "o"), ()))


def test_templates_are_found_wherever_they_are() -> None:
    """In a mapping they are called by its keys; each counts once."""
    found = artefacts(None, ({"probe": TEMPLATE}, {"template": TEMPLATE}, {"probe": TEMPLATE}))
    assert (Artefact("template", "probe", pack(TEMPLATE)), Artefact("template", "template", pack(TEMPLATE))) == found
