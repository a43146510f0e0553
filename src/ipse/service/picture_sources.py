"""Where a picture comes from: sent along, behind an address, or behind an id."""

from dataclasses import dataclass, field
from typing import TypeAlias

from ipse.core.reasons import Refusal
from ipse.service.image_ids import ImageIds
from ipse.service.ports import Download, DownloadLimits


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A picture that came with the request."""

    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AddressedPicture:
    """A picture that the caller says is found at this address."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture that was sent before, by the id that it got then."""

    image_id: str = field(repr=False)


PictureSource: TypeAlias = SentPicture | AddressedPicture | KeptPicture


@dataclass(frozen=True, slots=True)
class PictureSources:
    """
    Fetches pictures from wherever they are.

    Attributes:
        download: Fetches from addresses.
        limits: How much of an address is read, and for how long.
        image_ids: The pictures that were kept.
    """

    download: Download
    limits: DownloadLimits
    image_ids: ImageIds

    async def fetch(self, source: PictureSource, owner: str, name: str) -> bytes:
        """
        Give the bytes of a picture.

        Raises:
            Refusal: `DOWNLOAD_FAILED`, `DOWNLOAD_SLOW`, `FILE_TOO_LARGE`, `BUSY` or `IMAGE_ID_UNKNOWN`, about `name`.
        """
        try:
            match source:
                case SentPicture(content):
                    return content
                case AddressedPicture(url):
                    return await self.download.fetch(url, self.limits)
                case KeptPicture(image_id):
                    return await self.image_ids.recall(owner, image_id)
        except Refusal as refusal:
            raise Refusal(refusal.reason, name) from None
