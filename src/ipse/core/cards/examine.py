"""One picture of a side, from bytes to what it says: find the card, lay it flat, set it upright, read it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import cv2
import numpy as np

from ipse.core.cards.barcodes import read_barcodes
from ipse.core.cards.card import Said, Side, SideReading
from ipse.core.cards.classify import Expected
from ipse.core.cards.from_zone import kind_of, with_zone
from ipse.core.cards.judge import is_of, judged
from ipse.core.cards.layout import Layout
from ipse.core.cards.reading import CardReading
from ipse.core.cards.side import read_side
from ipse.core.cards.sight import SideSight
from ipse.core.cards.zone.read import FoundZone, read_zone
from ipse.core.documents.corners import FoundCard, find_cards
from ipse.core.documents.rectify import CardView, rectify
from ipse.core.documents.turn import lying, quarters_by_text, turned
from ipse.core.faces.align import align
from ipse.core.faces.detect import detect
from ipse.core.faces.embed import embed
from ipse.core.faces.examine import opened
from ipse.core.images import Limits
from ipse.core.text.lines import TextLine, TextReader
from ipse.core.vocabulary import Box, Face, Floats, Network, Pixels, Stages

ENOUGH_PX: Final = 2400
"""Longer side to which a picture is decoded: a card that fills half of it then still has 1,011 px and more."""

SURE_FACE: Final = 0.7
"""Detector's confidence from which a face says what is up. Source: ours, not measured."""

MOST_TRIED: Final = 2
"""Most cards of one picture that are read to find one that is known: a picture of both sides has two."""

TOLD: Final = (2, 0.0)
"""What is known of a card from which no other is looked for in the picture."""

READ_WELL: Final = 0.8
"""
Mean confidence of letters from which a card is not looked at upside down.

Source: upside down, nine generated sides in ten are read at 0.58 to 0.83 (`benchmarks/accuracy/card_reading.md`).
"""

AROUND_FACE: Final = (0.45, 0.65)
"""What is cut out with a face, left and right and above and below, in its own size: about what a card prints."""

JPEG_QUALITY: Final = 90
"""Source: ours; what is cut out of a picture is to lose no more of it."""


@dataclass(frozen=True, slots=True)
class CardExaminer:
    """
    Reads cards; holds nothing about any of them.

    Attributes:
        reader: Reads text.
        detector: The network that finds faces.
        layouts: What stands where on every card.
        philid_key: The public key of the Philippine authority, 32 bytes; `None` if nobody set it.
        embedder: The network that tells faces apart; `None` if portrait and ghost are not to be compared.
    """

    reader: TextReader
    detector: Network
    layouts: tuple[Layout, ...]
    philid_key: bytes | None = None
    embedder: Network | None = None

    def look(
        self, content: bytes | Pixels, side: Side, said: Said, today: date, limits: Limits, stages: Stages
    ) -> SideSight:
        """
        Give all that one side shows. No card is a finding, not a refusal.

        Args:
            content: The file; or (H, W, 3) uint8 RGB pixels, of whose file nothing can be told.
            side: What it was sent as.
            said: What the card is said to be.
            today: The day on which it is read.
            limits: What the file may cost.
            stages: Times "decode", "locate", "read" and "understand".

        Raises:
            Refusal: The picture cannot be decoded or breaks a limit (`IMAGE_*`).
        """
        with stages.stage("decode"):
            image = opened(content, limits, ENOUGH_PX)
        with stages.stage("locate"):
            cards = self._cards(image.pixels)
        nothing = best = SideSight(content, image, len(cards))
        for corners, card in _to_try(image.pixels, cards):
            sight = self._sight(nothing, corners, card, side, said, today, stages)
            best = max(best, sight, key=_told)
            if _told(best) >= TOLD:
                break
        return best

    def _sight(
        self,
        nothing: SideSight,
        corners_px: Floats,
        card: FoundCard | None,
        side: Side,
        said: Said,
        today: date,
        stages: Stages,
    ) -> SideSight:
        """Give what stands within these corners; `card` is the one that was found there."""
        view, faces, lines = self._upright(nothing.image.pixels, corners_px, stages, is_card=card is not None)
        with stages.stage("read"):
            lines = self.reader.lines(view.pixels) if lines is None else lines
            lines = self.reader.thai_lines(view.pixels, lines)
            found = read_zone(self.reader, view.pixels, lines, today)
            # A side without a face is likely a back, where the codes are: it is looked at more closely.
            barcodes = read_barcodes(view.pixels, thorough=not faces)
        with stages.stage("understand"):
            reading = replace(self._understood(view, lines, found, side, said, today), barcodes=barcodes)
        return replace(
            nothing,
            is_cut_off=card is not None and card.is_cut_off,
            view=view,
            reading=reading,
            faces=faces,
            zone=found.zone if found else None,
            likeness=self._likeness(view, faces),
        )

    def judge(self, front: SideSight, back: SideSight | None, said: Said, today: date, stages: Stages) -> CardReading:
        """Give what both sides come to."""
        with stages.stage("judge"):
            sights = {Side.FRONT: front} | ({} if back is None else {Side.BACK: back})
            return judged(sights, said, self.layouts, today, self.philid_key)

    def portrait(self, front: SideSight) -> bytes | None:
        """Give the portrait on a side as a JPEG; `None` if there is none."""
        if front.view is None or front.portrait is None:
            return None
        return _jpeg(_around(front.view.pixels, front.portrait.box))

    def view(self, sight: SideSight) -> bytes:
        """Give a side as if it lay flat, as a JPEG; the whole picture if no card is in it."""
        return _jpeg(sight.image.pixels if sight.view is None else sight.view.pixels)

    def digest(self, sight: SideSight) -> str:
        """Give the hex SHA-256 of the picture as sent."""
        return sight.image.digest

    def _cards(self, pixels: Pixels) -> tuple[FoundCard, ...]:
        """Give the cards of a picture; where no edges tell, its text does."""
        return find_cards(pixels) or find_cards(pixels, lines=self.reader.lines(pixels))

    def _upright(
        self, pixels: Pixels, corners_px: Floats, stages: Stages, *, is_card: bool
    ) -> tuple[CardView, tuple[Face, ...], tuple[TextLine, ...] | None]:
        """Give the card the right way up, its faces, and its lines if they had to be read to know."""
        with stages.stage("locate"):
            view = rectify(pixels, corners_px)
            # A card is wider than high; a whole picture may be high and show both sides, one above the other.
            view = lying(pixels, view) if is_card else view
            over = turned(pixels, view, 2)
            seen = [(one, _sure(detect(one.pixels, self.detector))) for one in (view, over)]
        best = max(seen, key=lambda each: max((face.score for face in each[1]), default=0.0))
        if best[1]:
            return *best, None
        with stages.stage("read"):
            lines = self.reader.lines(view.pixels)
            if _confidence(lines) >= READ_WELL:
                return view, (), lines
            again = self.reader.lines(over.pixels)
        return (over, (), again) if quarters_by_text(lines, again) else (view, (), lines)

    def _likeness(self, view: CardView, faces: Sequence[Face]) -> float | None:
        """Give how alike the two largest faces of a side are; `None` if there is one, or none."""
        if self.embedder is None or len(faces) < 2:  # noqa: PLR2004 - the portrait and its ghost
            return None
        one, two = (embed(align(view.pixels, face.landmarks_px), self.embedder, "fast").vector for face in faces[:2])
        return float(np.clip(one @ two, -1, 1))

    def _understood(
        self,
        view: CardView,
        lines: Sequence[TextLine],
        found: FoundZone | None,
        side: Side,
        said: Said,
        today: date,
    ) -> SideReading:
        """Give what the lines mean."""
        expected = Expected(said.nationality, said.type, side)
        height, width = view.pixels.shape[:2]
        kind = kind_of(found.zone) if found else None
        layouts = [one for one in self.layouts if kind and is_of(one, kind)] or self.layouts
        if kind is not None:
            expected = Expected(None, None, side)
        reading = read_side(
            lines, (width, height), layouts, today, expected=expected, zone=found.zone.lines if found else ()
        )
        if found is not None:
            kind = kind or reading.kind
            fields = with_zone(reading.fields, found.zone, found.lines, reading.side)
            certainty = max(reading.certainty, float(found.zone.is_right))
            in_print = reading.fields
            reading = replace(reading, kind=kind, fields=fields, certainty=certainty, in_print=in_print)
        absent = {"thai": not self.reader.reads_thai, "mrz": found is not None and not self.reader.reads_zones}
        return replace(reading, not_assessed=tuple(name for name, is_absent in absent.items() if is_absent))


def _to_try(pixels: Pixels, cards: Sequence[FoundCard]) -> Iterator[tuple[Floats, FoundCard | None]]:
    """
    Give where to read: the likeliest cards, then the whole picture, where edges may have misled.

    A picture that shows both sides of a card has two; a card on a patterned ground may have no edges at all.
    """
    for card in cards[:MOST_TRIED]:
        yield card.corners_px, card
    if cards and not cards[0].is_whole_picture:
        height, width = pixels.shape[:2]
        yield np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32), None


def _told(sight: SideSight) -> tuple[int, float]:
    """Give how much is known of a card: which one it is, else whether it was read at all, and how surely."""
    if sight.reading is None:
        return 0, 0.0
    kind = sight.reading.kind
    is_known = kind is not None and bool(kind.nationality or sight.zone)
    return 1 + is_known, sight.reading.certainty


def _sure(faces: Sequence[Face]) -> tuple[Face, ...]:
    """Give the faces that say what is up, the largest first."""
    return tuple(sorted((face for face in faces if face.score >= SURE_FACE), key=lambda face: -face.box.area_px))


def _confidence(lines: Sequence[TextLine]) -> float:
    """Give the mean confidence of the letters of some lines."""
    letters = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / letters if letters else 0.0


def _around(pixels: Pixels, box: Box) -> Pixels:
    """Give what lies around a face, as far as the card goes."""
    across, down = (share * size for share, size in zip(AROUND_FACE, (box.width_px, box.height_px), strict=True))
    left, top = max(0, int(box.x1 - across)), max(0, int(box.y1 - down))
    return pixels[top : int(box.y2 + down), left : int(box.x2 + across)]


def _jpeg(pixels: Pixels) -> bytes:
    """Give a picture as a JPEG."""
    _, packed = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return np.asarray(packed).tobytes()
