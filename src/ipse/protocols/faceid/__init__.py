"""Megvii FaceID: its operations and limits. What the vendor documents is kept in `docs/protocols/faceid.md`."""

from ipse.protocols.faceid.auth import authenticate
from ipse.protocols.faceid.errors import FAMILY
from ipse.protocols.faceid.wire import decode_verify, encode_verify
from ipse.protocols.messages import BodyLimits, Dialect, Operation
from ipse.service.verify_faces import VerifyFaces

LIMITS = BodyLimits(body_bytes=2 * 1_048_576)
"""Source: the page's error 413: 2 MB for the whole request; 1 MB is read as 1,048,576 bytes."""

VERIFY = "verify"
"""Our word for `POST /faceid/v2/verify`."""


def dialect(verify_faces: VerifyFaces) -> Dialect:
    """Give the dialect, with the use case behind its operation."""
    verify = Operation(
        name=VERIFY,
        match=lambda head: (head.method, head.path) == ("POST", "/faceid/v2/verify"),
        decode=decode_verify,
        use_case=verify_faces,
        encode=encode_verify,
        errors=FAMILY,
    )
    return Dialect(
        name="faceid",
        owns=lambda head: head.path.startswith("/faceid/"),
        operations=(verify,),
        authenticate=authenticate,
        errors=FAMILY,
        limits=LIMITS,
    )
