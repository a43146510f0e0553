"""What one vendor takes as a picture: checked by the first bytes and the header, before anything is expanded."""

from dataclasses import dataclass

from ipse.core.images import Format, Limits, inspect
from ipse.core.images.foreign import is_foreign
from ipse.core.images.sniff import recognise
from ipse.core.reasons import Reason, Refusal
from ipse.service.verify_faces import Picture


@dataclass(frozen=True, slots=True)
class PictureRules:
    """
    The rules of one vendor.

    Attributes:
        formats: What is taken; other pictures are refused by their format.
        most_bytes: Most bytes of a file.
        longest_side_px: Most pixels of either side; `None` leaves it to `Limits`.
        least_px: Fewest pixels of the shorter and of the longer side.
        names_other_files: Whether a known file that is no picture (PDF, archive, film) is refused by its format too,
            instead of as bytes that nobody knows.
    """

    formats: frozenset[Format]
    most_bytes: int
    longest_side_px: int | None = None
    least_px: tuple[int, int] = (1, 1)
    names_other_files: bool = False

    def check_all(self, pictures: tuple[Picture, ...]) -> None:
        """Refuse the first picture that breaks a rule; see `check`."""
        for picture in pictures:
            self.check(picture)

    def check(self, picture: Picture) -> None:
        """
        Refuse what breaks a rule; whether the pixels are whole shows only when they are expanded.

        Raises:
            Refusal: In this order: `FILE_TOO_LARGE`; `IMAGE_FORMAT_DENIED` or `IMAGE_UNRECOGNISED`; what the header
                tells (`IMAGE_TRUNCATED`, `IMAGE_CORRUPT`, `IMAGE_TOO_COMPLEX`, `IMAGE_TOO_LARGE`); `IMAGE_TOO_SMALL`.
        """
        if len(picture.content) > self.most_bytes:
            raise Refusal(Reason.FILE_TOO_LARGE, picture.name)
        try:
            self._check_header(picture.content)
        except Refusal as refusal:
            raise Refusal(refusal.reason, picture.name) from None

    def _check_header(self, content: bytes) -> None:
        """Refuse by format and size."""
        if self.names_other_files and is_foreign(content):
            raise Refusal(Reason.IMAGE_FORMAT_DENIED)
        if recognise(content) not in self.formats:
            raise Refusal(Reason.IMAGE_FORMAT_DENIED)
        header = inspect(content, Limits(max_side_px=self.longest_side_px or Limits().max_side_px))
        shorter, longer = sorted((header.width_px, header.height_px))
        if shorter < self.least_px[0] or longer < self.least_px[1]:
            raise Refusal(Reason.IMAGE_TOO_SMALL)
