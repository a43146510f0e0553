"""Linkface: its operations and limits. What the vendor documents is kept in `docs/protocols/linkface.md`."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from ipse.core.reasons import Reason
from ipse.protocols.linkface.auth import authenticate
from ipse.protocols.linkface.errors import FAMILY, UPLOAD_FAMILY
from ipse.protocols.linkface.fields import LIMITS
from ipse.protocols.linkface.wire import (
    decode_handhold,
    decode_upload,
    encode_handhold,
    encode_upload,
    mark_kept,
    marks_made,
    marks_used,
)
from ipse.protocols.messages import Context, Dialect, Head, Headers, Operation
from ipse.service.access import Check
from ipse.service.artefacts import artefacts
from ipse.service.image_ids import ImageIds
from ipse.service.match_handheld import Decide, HolderMatch, KeepPicture, MatchHandheld, RuledMatch, undecided
from ipse.service.picture_rules import PictureRules
from ipse.service.picture_sources import PictureSources
from ipse.service.ports import Download, DownloadLimits, Standing

MOST_FILE_BYTES = 5 * 1_048_576
"""Source: the page, at most 5 MB; 1 MB is read as 1,048,576 bytes."""

RULES = PictureRules(
    formats=frozenset({"jpeg", "bmp", "png", "gif", "tiff"}),
    most_bytes=MOST_FILE_BYTES,
    longest_side_px=4000,
    least_px=(9, 9),
)
"""Source: the page, picture requirements: JPG, BMP, PNG, GIF, TIFF; sides above 8 and at most 4000 pixels."""

DOWNLOAD = DownloadLimits(most_bytes=MOST_FILE_BYTES, total_s=5.0)
"""Source: the vendor's page upload_image: 5 s."""

GATE = (Check.EXPIRED, Check.DISABLED, Check.RATE, Check.OPERATION, Check.SUSPENDED, Check.ROOM)
"""Source: a public test suite has 401 before 403 before arguments; the order among the 403 is ours."""

ENDLESS = 2_147_483_647
"""What keys without a rate are told as their limit: the largest number that every client can hold. Source: ours."""

HANDHOLD = "handhold"
"""Our word for `POST /identity/handhold_idcard_verification`."""

UPLOAD = "upload"
"""Our word for `POST /resources/upload_image`."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What the dialect needs besides the comparison: where pictures are fetched and kept."""

    download: Download
    image_ids: ImageIds


def dialect(match_holder: HolderMatch, ports: Ports, decide: Decide = undecided) -> Dialect:
    """Give the dialect, with the use cases behind its operations and whoever notes what was decided."""
    sources = PictureSources(ports.download, DOWNLOAD, ports.image_ids)
    compare = MatchHandheld(sources, ports.image_ids, RuledMatch(RULES, match_holder))
    keep = KeepPicture(sources, ports.image_ids, RULES)
    handhold = Operation(
        name=HANDHOLD,
        match=_posted("/identity/handhold_idcard_verification"),
        decode=decode_handhold,
        use_case=compare,
        encode=encode_handhold,
        errors=FAMILY,
        prepare=compare.prepare,
        marks=marks_used,
        makes=marks_made,
        decision=lambda command, outcome: decide(compare.asked(command), outcome.match),
        keeps=artefacts,
    )
    upload = Operation(
        name=UPLOAD,
        match=_posted("/resources/upload_image"),
        decode=decode_upload,
        use_case=keep,
        encode=encode_upload,
        errors=UPLOAD_FAMILY,
        prepare=keep.prepare,
        bills=_free,
        makes=mark_kept,
        keeps=artefacts,
    )
    return Dialect(
        name="linkface",
        owns=lambda head: _path(head).startswith(("/identity/", "/resources/")),
        operations=(handhold, upload),
        authenticate=authenticate,
        errors=FAMILY,
        limits=LIMITS,
        gate=GATE,
        headers=_headers,
        early=True,
        early_before=frozenset({Reason.BODY_MALFORMED}),
    )


def _path(head: Head) -> str:
    """Give the path with one leading slash. Source: the vendor's logs show `//identity/...` served."""
    return "/" + head.path.lstrip("/")


def _posted(path: str) -> Callable[[Head], bool]:
    """Give what tells a POST to this path."""
    return lambda head: head.method == "POST" and _path(head) == path


def _free(_reason: Reason | None) -> int:
    """Give no units: a picture that is only kept was compared with nothing. Source: ours."""
    return 0


def _headers(_context: Context, standing: Standing | None) -> Headers:
    """Give the caller's rate, on every answer."""
    limit, remaining, wait_s = (
        (ENDLESS, ENDLESS, 0)
        if standing is None
        else (standing.limit, standing.remaining, math.ceil(standing.resets_in_s))
    )
    return (
        ("x-ratelimit-limit", str(limit)),
        ("x-ratelimit-remaining", str(remaining)),
        ("x-ratelimit-reset", str(wait_s)),
    )
