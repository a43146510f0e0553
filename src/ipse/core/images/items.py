"""The items of a HEIC or AVIF file: what a picture is made of, and how many pixels that makes the decoder expand."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ipse.core.images.boxes import Box, boxes, number
from ipse.core.images.limits import Limits
from ipse.core.reasons import Reason, Refusal

MAX_WORK = 3
"""
How many times `Limits.max_pixels` a file may make the decoder expand, all tiles, layers and auxiliary pictures counted.

A picture with alpha needs 2, a grid of tiles of 512 pixels 1.1 for their overhang, a phone's depth and gain maps 0.3.
"""

MAX_SHARED = 2
"""How many times its own length a file may name as content: honest items do not share bytes."""

_FULL_BYTES = 4  # Version and flags of a "full box". Source: ISO/IEC 14496-12, 4.2.
_MAX_DEPTH = 8  # Derivations of derivations; a grid under a crop is two deep.
_FROM_FILE, _FROM_IDAT = 0, 1


@dataclass(slots=True)
class Item:
    """
    One item of the `meta` box.

    Attributes:
        area_px: Width times height by its `ispe` property; 0 if it has none.
        spans: (start, end) of its bytes in the file; `None` if they lie where we do not follow.
        parts: The items that it is derived from (`dimg`), as often as it names them.
        auxiliary: Whether it stands beside another (`auxl`): alpha, depth, gain map.
    """

    area_px: int = 0
    spans: list[tuple[int, int]] | None = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    auxiliary: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """All items by their number, and the one that is the picture."""

    primary: int
    by_number: dict[int, Item]

    def check_work(self, limits: Limits, area_px: Callable[[Item], int]) -> None:
        """
        Refuse a file whose picture takes more than `MAX_WORK` to make.

        Args:
            limits: What one coded item may measure, and `MAX_WORK` times which all of them.
            area_px: Gives the area of a coded item.
        """
        known: dict[int, int] = {}

        def work_px(which: int, depth: int) -> int:
            if depth == 0:
                raise Refusal(Reason.IMAGE_TOO_COMPLEX)
            if which not in known:
                item = self.by_number.get(which, Item())
                if item.parts:
                    known[which] = max(item.area_px, sum(work_px(part, depth - 1) for part in item.parts))
                else:
                    known[which] = area_px(item)
                    if known[which] > limits.max_pixels:
                        raise Refusal(Reason.IMAGE_TOO_LARGE)
            return known[which]

        made = [self.primary, *(place for place, item in self.by_number.items() if item.auxiliary)]
        if sum(work_px(which, _MAX_DEPTH) for which in made) > MAX_WORK * limits.max_pixels:
            raise Refusal(Reason.IMAGE_TOO_COMPLEX)


def read_items(data: bytes, limits: Limits) -> Items:
    """The items of the file's `meta` box. Source: ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12, 6.5 and 9.3."""
    outer = {box.kind: box for box in boxes(data, 0, len(data), limits)}
    if b"meta" not in outer:
        raise Refusal(Reason.IMAGE_CORRUPT)
    meta = outer[b"meta"]
    inner = {box.kind: box for box in boxes(data, meta.start + _FULL_BYTES, meta.end, limits)}
    if not {b"pitm", b"iloc", b"iprp"} <= inner.keys():
        raise Refusal(Reason.IMAGE_UNRECOGNISED)
    at = inner[b"pitm"].start
    items = Items(number(data, at + _FULL_BYTES, 4 if number(data, at, 1) else 2), {})
    _read_places(data, inner[b"iloc"], inner.get(b"idat"), items, limits)
    _read_sizes(data, inner[b"iprp"], items, limits)
    if b"iref" in inner:
        _read_references(data, inner[b"iref"], items, limits)
    return items


def _read_places(data: bytes, box: Box, idat: Box | None, items: Items, limits: Limits) -> None:
    """Where each item's bytes are (`iloc`)."""
    version, widths = number(data, box.start, 1), number(data, box.start + _FULL_BYTES, 2)
    offset_bytes, length_bytes, base_bytes = widths >> 12, widths >> 8 & 15, widths >> 4 & 15
    index_bytes = widths & 15 if version else 0
    id_bytes = 4 if version > 1 else 2
    at = box.start + _FULL_BYTES + 2
    count, at = number(data, at, id_bytes), at + id_bytes
    budget, bytes_left = limits.max_parts, MAX_SHARED * len(data)
    for _ in range(min(count, budget + 1)):
        item = items.by_number.setdefault(number(data, at, id_bytes), Item())
        method = number(data, at + id_bytes, 2) & 15 if version else _FROM_FILE
        at += id_bytes + (4 if version else 2)
        base, extents = number(data, at, base_bytes), number(data, at + base_bytes, 2)
        at += base_bytes + 2
        budget -= 1 + extents
        if budget < 0:
            raise Refusal(Reason.IMAGE_TOO_COMPLEX)
        if method == _FROM_IDAT and idat is not None:
            base += idat.start
        elif method != _FROM_FILE:
            item.spans = None
        for _ in range(extents):
            start = base + number(data, at + index_bytes, offset_bytes)
            length = number(data, at + index_bytes + offset_bytes, length_bytes)
            at += index_bytes + offset_bytes + length_bytes
            end = min(start + length if length else len(data), len(data))
            bytes_left -= max(0, end - start)
            if bytes_left < 0:
                raise Refusal(Reason.IMAGE_TOO_COMPLEX)
            if item.spans is not None:
                item.spans.append((start, end))


def _read_sizes(data: bytes, box: Box, items: Items, limits: Limits) -> None:
    """Each item's area, by the `ispe` property that is associated with it (`ipco`, `ipma`)."""
    inner = list(boxes(data, box.start, box.end, limits))
    areas: dict[int, int] = {}
    for container in (found for found in inner if found.kind == b"ipco"):
        for place, held in enumerate(boxes(data, container.start, container.end, limits), 1):
            if held.kind == b"ispe":
                areas[place] = number(data, held.start + _FULL_BYTES, 4) * number(data, held.start + _FULL_BYTES + 4, 4)
    budget = limits.max_parts
    for found in (found for found in inner if found.kind == b"ipma"):
        id_bytes = 4 if number(data, found.start, 1) else 2
        wide = number(data, found.start, 4) & 1
        count, at = number(data, found.start + _FULL_BYTES, 4), found.start + _FULL_BYTES + 4
        for _ in range(count):
            item = items.by_number.setdefault(number(data, at, id_bytes), Item())
            held_count, at = number(data, at + id_bytes, 1), at + id_bytes + 1
            budget -= 1 + held_count
            if budget < 0:
                raise Refusal(Reason.IMAGE_TOO_COMPLEX)
            for _ in range(held_count):
                place, at = number(data, at, 1 + wide) & (0x7FFF if wide else 0x7F), at + 1 + wide
                item.area_px = max(item.area_px, areas.get(place, 0))


def _read_references(data: bytes, box: Box, items: Items, limits: Limits) -> None:
    """Which items are made of which (`iref`)."""
    id_bytes = 4 if number(data, box.start, 1) else 2
    budget = limits.max_parts
    for reference in boxes(data, box.start + _FULL_BYTES, box.end, limits):
        at = reference.start
        item = items.by_number.setdefault(number(data, at, id_bytes), Item())
        count, at = number(data, at + id_bytes, 2), at + id_bytes + 2
        budget -= count
        if budget < 0:
            raise Refusal(Reason.IMAGE_TOO_COMPLEX)
        item.auxiliary = item.auxiliary or reference.kind == b"auxl"
        if reference.kind == b"dimg":
            item.parts += [number(data, at + place * id_bytes, id_bytes) for place in range(count)]
