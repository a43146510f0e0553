"""`ipse webhooks`: where a key's owner is told, the secrets, and what there is to tell again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

Tell: TypeAlias = Callable[..., Any]


def test_where_and_with_which_secret(tell: Tell, tmp_path: Path) -> None:
    """An address for a key whose wire has none; a new secret, the last one fitting beside it; nothing was told yet."""
    key = tell(tmp_path, "keys", "create", "--dialect", "tencent", "--name", "shop")["key"]
    first = tell(tmp_path, "webhooks", "secret", key)
    assert first["old_secret"] is None
    renewed = tell(tmp_path, "keys", "rotate-webhook", key)
    assert (renewed["old_secret"], True) == (first["secret"], renewed["secret"] != first["secret"])
    assert renewed == tell(tmp_path, "webhooks", "secret", key)
    assert [] == tell(tmp_path, "webhooks", "list")
