"""
Why a request is refused: one vocabulary for the whole system.

A `Reason` carries no HTTP status and no vendor's word. Each dialect owns a total table from `Reason` to its own error.
"""

import dataclasses
from enum import StrEnum, unique
from typing import Any


@unique
class Reason(StrEnum):
    """Every reason for which Ipse refuses; the value is the stable word used in logs, JSON and the Python API."""

    BODY_TOO_LARGE = "body_too_large"
    """The request body is larger than the dialect allows."""
    BODY_MALFORMED = "body_malformed"
    """The body is not what its content type says (half a multipart body, a bad boundary)."""
    OPERATION_UNKNOWN = "operation_unknown"
    """No operation of this dialect has this path and method."""
    CREDENTIALS_MISSING = "credentials_missing"
    """A credential is absent; `field` names it."""
    CREDENTIALS_INVALID = "credentials_invalid"
    """The key is unknown or the secret is wrong."""
    KEY_DISABLED = "key_disabled"
    """The key was switched off."""
    KEY_EXPIRED = "key_expired"
    """The key's last day is over."""
    OPERATION_DENIED = "operation_denied"
    """The key may not call this operation."""
    KYC_DENIED = "kyc_denied"
    """The key may not ask the registry of people."""
    QUOTA_SPENT = "quota_spent"
    """The test key has used all its calls."""
    BUSY = "busy"
    """The engine room is full; nothing was computed."""
    ARGUMENT_MISSING = "argument_missing"
    """A required argument is absent or empty; `field` names it."""
    ARGUMENT_INVALID = "argument_invalid"
    """An argument has a value that is not allowed; `field` names it."""
    NAME_INVALID = "name_invalid"
    """A person's name is too long or not text."""
    ID_NUMBER_INVALID = "id_number_invalid"
    """An identity number has not the required form."""
    IMAGE_UNRECOGNISED = "image_unrecognised"
    """The bytes are no picture of a format that Ipse reads."""
    IMAGE_TRUNCATED = "image_truncated"
    """The picture ends before its pixels do."""
    IMAGE_CORRUPT = "image_corrupt"
    """The picture's bytes contradict its format."""
    IMAGE_TOO_LARGE = "image_too_large"
    """The picture has more pixels (or a longer side) than allowed; it was not decoded."""
    IMAGE_TOO_COMPLEX = "image_too_complex"
    """The picture would take unreasonably long to decode (scans, frames, metadata); it was not decoded."""
    FACE_MISSING = "face_missing"
    """No face was found."""
    FACES_MANY = "faces_many"
    """More than one face was found where one was asked for."""
    QUALITY_LOW = "quality_low"
    """The subject's face is below the asked quality."""
    FACE_TOKEN_UNKNOWN = "face_token_unknown"  # noqa: S105 (a reason, no secret)
    """The face token was never issued to this key, or has expired; `field` carries the token."""
    LIVENESS_BUNDLE_INVALID = "liveness_bundle_invalid"
    """The liveness bundle does not vouch for the pictures sent with it."""
    FLASH_RESULT_INVALID = "flash_result_invalid"
    """The flash liveness result is damaged or not one of ours."""
    DATA_SOURCE_FAILED = "data_source_failed"
    """The registry of people could not be asked."""
    INTERNAL = "internal"
    """A fault of ours."""


@dataclasses.dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 (it reads as what it is, and its name is fixed)
    """
    The one exception that crosses layers: a declared reason, what it concerns, and what is known all the same.

    Attributes:
        reason: Why.
        field: What it concerns, in the vocabulary of whoever raised it: `"probe"`, `"reference1"`, an argument's wire
            name. `None` when the reason says all.
        findings: Facts that some answers must carry even when refused (the faces found). Never serialised as it is.
    """

    reason: Reason
    field: str | None = None
    findings: Any = dataclasses.field(default=None, repr=False)

    def __str__(self) -> str:
        """The reason, and what it concerns."""
        return self.reason.value if self.field is None else f"{self.reason.value}: {self.field}"
