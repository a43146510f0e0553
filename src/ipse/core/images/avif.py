"""AVIF: a still picture of the AV1 codec in an ISO media file, decoded by Pillow's libavif."""

from PIL import _avif

from ipse.core.images.av1 import coded_area_px
from ipse.core.images.colour import rgb_from_samples
from ipse.core.images.header import Header, Plan
from ipse.core.images.items import Item, read_items
from ipse.core.images.limits import Limits
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Pixels

FAILURES: tuple[type[Exception], ...] = (
    SyntaxError,  # the boxes, or a file that breaks off
    RuntimeError,  # everything that the codec refuses
)
"""What the extension raises for damaged files, as seen while fuzzing."""

_THREADS = 1
"""The executor owns the parallelism, one picture per thread."""

_BRAND = slice(8, 12)


def survey(data: bytes, limits: Limits) -> Plan:
    """
    The plan of an AVIF file whose outermost boxes are complete.

    The sizes that count are those of the AV1 streams: libavif decodes what the stream says and then shrinks it to what
    the container says. A sequence of pictures (brand `avis`) is read as the still that stands beside it, its first.

    Pillow's decoder is used below its plugin: the plugin would read the EXIF block, which warns and fails in many ways
    and does not count here. Its orientation comes from `irot` and `imir` (MIAF, ISO/IEC 23000-22, 7.3.6.7) alone.
    """

    def area_px(item: Item) -> int:
        if item.spans is None:
            raise Refusal(Reason.IMAGE_UNRECOGNISED)
        stream = b"".join(data[start:end] for start, end in item.spans)
        return max(item.area_px, coded_area_px(stream, limits.max_parts))

    read_items(data, limits).check_work(limits, area_px)
    still = data[: _BRAND.start] + b"avif" + data[_BRAND.stop :]
    try:
        decoder = _avif.AvifDecoder(still, "auto", _THREADS)
        size_px, _, mode, _, _, orientation, _ = decoder.get_info()
    except FAILURES as error:
        raise Refusal(Reason.IMAGE_CORRUPT) from error

    def pixels() -> Pixels:
        try:
            frame, *_ = decoder.get_frame(0)
        except FAILURES as error:
            raise Refusal(Reason.IMAGE_CORRUPT) from error
        return rgb_from_samples(frame, size_px, mode)

    return Plan(Header("avif", size_px, orientation), lambda _: pixels())
