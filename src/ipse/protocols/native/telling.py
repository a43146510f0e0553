"""What every operation says of a webhook that it takes."""

import re
from typing import Final

from ipse.protocols.native.fields import TextField

ORIGIN: Final = re.compile(r"https?://([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
"""Scheme, host and port, as browsers write them. Source: RFC 6454, section 6.2."""

ADDRESS: Final = re.compile(ORIGIN.pattern + r"([/?][!-?A-\[\]-~]*)?")
"""An address in ASCII without a password in it: such an address would be kept, and told to whoever it names."""

MOST_ADDRESS: Final = 2048
"""Most characters of an address. Source: ours; RFC 9110, section 4.1, asks for 8000 of receivers."""

WEBHOOK: Final = TextField(
    "webhook", "Where the result is posted; absent: where the key says, if it does.", MOST_ADDRESS, form=ADDRESS
)
"""The field."""
