"""A picture of what was found on a card: its corners, its fields, and the checks that did not pass."""

from collections.abc import Iterable, Mapping
from typing import Final

import cv2
import numpy as np

from ipse.core.authenticity.check import Check, CheckStatus
from ipse.core.cards.card import Field, Side
from ipse.core.cards.reading import CardReading
from ipse.core.cards.sight import SideSight
from ipse.core.vocabulary import Floats, Pixels

LONGER_PX: Final = 1600
"""Longer side of each side's picture."""

CARD, FIELD, DOUBTED, FACE, PAPER, INK = (
    (0, 160, 0),
    (30, 90, 220),
    (220, 30, 30),
    (230, 140, 0),
    (255, 255, 255),
    (20, 20, 20),
)
"""Colours: the card's edge, a field, a field of a check that did not pass, a face, and what the words stand on."""

LABEL_SIZE: Final = 0.45
"""Of the names of fields, in OpenCV's measure: legible at full size, and no wider than most fields."""

ROW_PX: Final = 30
FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


def explained(sights: Mapping[Side, SideSight], card: CardReading) -> bytes:
    """Give a PNG: the sides under each other, and below them why the card did not simply pass."""
    told = [
        check
        for status in (CheckStatus.FAILED, CheckStatus.SUSPECTED)
        for check in card.checks
        if check.status is status
    ]
    doubted = {name for check in told for name in check.fields}
    sheets = [_side(side, sight, card, doubted) for side, sight in sights.items()]
    width = max(sheet.shape[1] for sheet in sheets)
    sheets.append(_words(told, card, width))
    padded = [_as_wide(sheet, width) for sheet in sheets]
    _, packed = cv2.imencode(".png", cv2.cvtColor(np.concatenate(padded), cv2.COLOR_RGB2BGR))
    return np.asarray(packed).tobytes()


def _side(side: Side, sight: SideSight, card: CardReading, doubted: set[str]) -> Pixels:
    """Give the picture of a side with what was found on it."""
    pixels = sight.image.pixels
    height, width = pixels.shape[:2]
    scale = LONGER_PX / max(height, width)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    sheet = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    if sight.view is not None:
        _outline(sheet, sight.view.corners_px * scale, CARD, "", 3)
        for face in sight.faces:
            box = face.box
            corners = np.array([(box.x1, box.y1), (box.x2, box.y1), (box.x2, box.y2), (box.x1, box.y2)], np.float32)
            _outline(sheet, sight.view.to_picture(corners) * scale, FACE, "", 2)
    for fields in _by_place(card, side):
        # A field's corners are in pixels of the picture as sent.
        corners = fields[0].corners_px / sight.image.reduction * scale
        colour = DOUBTED if any(field.name in doubted for field in fields) else FIELD
        names = ", ".join(field.name for field in fields)
        _outline(sheet, corners, colour, f"{names} {min(field.confidence for field in fields):.2f}", 2)
    return np.asarray(sheet, np.uint8)


def _by_place(card: CardReading, side: Side) -> Iterable[list[Field]]:
    """Give the fields of a side, together those that stand in one place: a whole and its parts."""
    places: dict[bytes, list[Field]] = {}
    for field in card.fields.values():
        if field.side is side:
            places.setdefault(np.round(field.corners_px).tobytes(), []).append(field)
    return places.values()


def _outline(sheet: np.ndarray, corners: Floats, colour: tuple[int, int, int], words: str, thick: int) -> None:
    """Draw a quadrilateral with words above it."""
    points = np.round(corners).astype(np.int32)
    cv2.polylines(sheet, [points.reshape(-1, 1, 2)], isClosed=True, color=colour, thickness=thick, lineType=cv2.LINE_AA)
    if words:
        (wide, high), below = cv2.getTextSize(words, FONT, LABEL_SIZE, 1)
        left = max(0, min(int(points[:, 0].min()), sheet.shape[1] - wide))
        foot = max(high + below, int(points[:, 1].min()) - 4)
        cv2.rectangle(sheet, (left, foot - high - 2), (left + wide, foot + below - 2), PAPER, cv2.FILLED)
        cv2.putText(sheet, words, (left, foot), FONT, LABEL_SIZE, colour, 1, cv2.LINE_AA)


def _words(told: list[Check], card: CardReading, width: int) -> Pixels:
    """Give the words under the pictures."""
    name = card.kind.name if card.kind else "no card that can be read here"
    rows = [f"{card.status.value.upper()}  {name}"]
    rows += [f"{check.status.value}: {check.name} ({check.concern.value})" + _measured(check) for check in told]
    rows += [f"not assessed: {', '.join(card.not_assessed)}"] if card.not_assessed else []
    sheet = np.full((ROW_PX * (len(rows) + 1), width, 3), PAPER, np.uint8)
    for number, row in enumerate(rows):
        cv2.putText(sheet, row, (12, ROW_PX * (number + 1)), FONT, 0.7, INK, 1, cv2.LINE_AA)
    return sheet


def _measured(check: Check) -> str:
    """Give what was measured, if anything was."""
    return "" if check.score is None or check.threshold is None else f" {check.score:.3g} / {check.threshold:.3g}"


def _as_wide(sheet: Pixels, width: int) -> Pixels:
    """Give a sheet on paper of this width."""
    wide = np.full((sheet.shape[0], width, 3), PAPER, np.uint8)
    wide[:, : sheet.shape[1]] = sheet
    return wide
