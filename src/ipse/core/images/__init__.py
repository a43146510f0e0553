"""Bytes to upright RGB pixels, within limits that are checked before anything is expanded."""

from ipse.core.images.decoding import decode, inspect
from ipse.core.images.header import Format, Header
from ipse.core.images.limits import Limits
from ipse.core.images.place import PLACE, Decoder

__all__ = ["PLACE", "Decoder", "Format", "Header", "Limits", "decode", "inspect"]
