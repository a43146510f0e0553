"""What the operations of each dialect are called, for whoever has no server at hand: the command line."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

OPERATIONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "faceid": frozenset({"verify", "detect", "liveness_session", "flash_biz_no", "flash_biz_info"}),
        "iapp": frozenset({"face_and_card", "card_front", "card_back", "read_front", "read_back"}),
        "linkface": frozenset({"handhold", "upload"}),
        "tencent": frozenset({"apply_card", "card_result"}),
        "capture": frozenset({"capture_session", "capture_result"}),
        "native": frozenset({
            *("compare", "compare_batch", "detect", "holder"),
            *("genuineness", "open_capture", "capture", "compare_capture"),
            *("documents", "cards", "card_result"),
            *("enter_person", "find_person", "remove_person"),
            *("usage", "record", "find_records", "evidence", "evidence_key", "case"),
        }),
    }
)  # fmt: skip
"""The words of `ipse keys create --operation`, the ledger, log and metrics; a test holds them to the dialects."""
