"""iApp: its operations and limits. What the vendor documents is kept in `docs/protocols/iapp.md`."""

from collections.abc import Callable

from ipse.core.cards.card import Side
from ipse.core.reasons import Reason, Refusal
from ipse.protocols.iapp import paths
from ipse.protocols.iapp.auth import authenticate
from ipse.protocols.iapp.cards import decoder as decoder_of_cards
from ipse.protocols.iapp.cards import encoder as encoder_of_cards
from ipse.protocols.iapp.errors import FAMILY, FAMILY_AS_200
from ipse.protocols.iapp.reading import Style, family
from ipse.protocols.iapp.wire import MOST_FILE_BYTES, Wording, decoder, encoder
from ipse.protocols.messages import (
    BodyLimits,
    Context,
    Dialect,
    Head,
    Headers,
    Operation,
)
from ipse.service.access import Check
from ipse.service.artefacts import artefacts, numbers_read
from ipse.service.match_handheld import Decide, HolderMatch, RuledMatch, undecided
from ipse.service.picture_rules import PictureRules
from ipse.service.ports import Standing
from ipse.service.read_thai_card import ReadCard, ReadThaiCard, ReadThaiCardCommand, ReadThaiCardOutcome

__all__ = ["Wording", "dialect"]

LIMITS = BodyLimits(body_bytes=21 * 1_048_576)
"""Source: two files of 10 MB and a margin for the form: ours."""

LEAST_PX = (400, 600)
"""Source: the page, "600 wide x 400 high"; the vendor's clients read it as the least."""

GATE = (Check.DISABLED, Check.EXPIRED, Check.OPERATION, Check.SUSPENDED, Check.ROOM, Check.RATE)
"""Key (401), credit (402), rate (429). Source: ours, `docs/protocols/iapp.md`, order of checks."""

PAGED = frozenset({"card_front", "card_back"})
"""The page's own routes that read cards."""

MATCH = "face_and_card"
"""Our word for face and ID card verification, all spellings."""


def rules(*, strict_min_size: bool, of_cards: bool = False) -> PictureRules:
    """
    Give what counts as a picture.

    Source: the page, supported fields; the vendor's card reading page adds HEIC and PDF, of which PDF is not read.
    """
    return PictureRules(
        formats=frozenset({"jpeg", "png", "gif", *(("heic",) if of_cards else ())}),
        most_bytes=MOST_FILE_BYTES,
        least_px=LEAST_PX if strict_min_size else (1, 1),
        names_other_files=True,
    )


def dialect(
    match_holder: HolderMatch,
    read_card: ReadCard,
    wording: Wording,
    *,
    strict_min_size: bool = False,
    decide: Decide = undecided,
) -> Dialect:
    """Give the dialect, with the use cases behind its operations and whoever notes what was decided."""
    cards = ReadThaiCard(rules(strict_min_size=strict_min_size, of_cards=True), read_card, match_holder)
    match = Operation(
        name=MATCH,
        match=_posted(paths.FACE_AND_CARD),
        decode=decoder(wording),
        use_case=RuledMatch(rules(strict_min_size=strict_min_size), match_holder),
        encode=encoder(wording),
        errors=FAMILY_AS_200 if wording.errors_as_200 else FAMILY,
        decision=decide,
        keeps=artefacts,
    )
    return Dialect(
        name="iapp",
        owns=lambda head: head.path.startswith(paths.OWNED),
        operations=(
            match,
            _reader("card_front", paths.KYC_FRONT, Side.FRONT, wording.card_errors, cards, wording),
            _reader("card_back", paths.KYC_BACK, Side.BACK, wording.card_errors, cards, wording),
            _reader("read_front", paths.READ_FRONT, Side.FRONT, "ocr", cards, wording),
            _reader("read_back", paths.READ_BACK, Side.BACK, "ocr", cards, wording),
        ),
        authenticate=authenticate,
        errors=FAMILY,
        limits=LIMITS,
        gate=GATE,
        headers=_headers,
        early=True,
        knocks=True,
        unmatched=_unmatched,
    )


def _reader(
    name: str, spellings: frozenset[str], side: Side, style: Style, cards: ReadThaiCard, wording: Wording
) -> Operation[ReadThaiCardCommand, ReadThaiCardOutcome]:
    """Give an operation that reads a side of a card; the page's own may have the holder's file beside it."""
    return Operation(
        name=name,
        match=_posted(spellings),
        decode=decoder_of_cards(side, with_selfie=name in PAGED),
        use_case=cards,
        encode=encoder_of_cards(wording),
        errors=family(side, style),
        makes=numbers_read,
        keeps=artefacts,
    )


def _posted(spellings: frozenset[str]) -> Callable[[Head], bool]:
    """Give what tells a POST to one of these paths."""
    return lambda head: head.method == "POST" and head.path in spellings


def _unmatched(head: Head) -> Refusal:
    """Give the refusal of a known path with another method, or of an unknown path."""
    return Refusal(Reason.METHOD_DENIED if head.path in paths.KNOWN else Reason.OPERATION_UNKNOWN)


def _headers(context: Context, _standing: Standing | None) -> Headers:
    """Give the id of the call: the vendor's bodies have none."""
    return (("x-request-id", str(context.correlation)),)
