"""`ipse keys rotate-webhook`: a new secret for what a key's owner is told."""

from typing import Annotated

import typer

from ipse.cli.keys.words import KeyWord
from ipse.cli.options import AsJson


def rotate_webhook(
    key: KeyWord,
    *,
    grace: Annotated[float, typer.Option(min=0, max=8760, metavar="HOURS", help="For so long both secrets fit.")] = 24,
    as_json: AsJson = False,
) -> None:
    """Give a key's webhooks a new secret and print it; for a while they are signed with the last one too."""
    from ipse.cli.webhooks import rotate  # noqa: PLC0415  # Half a second that the other commands need not wait.

    rotate(key.split(".", maxsplit=1)[0], grace=grace, as_json=as_json)
