"""The console at `/console`: server-rendered pages for the people at the desk, with small scripts that only help."""

from ipse.console.desk import Console, Doors
from ipse.console.page import Answer, Asked, Page, Refused, Route, Sent, Shown, Visitor, Went

__all__ = ["Answer", "Asked", "Console", "Doors", "Page", "Refused", "Route", "Sent", "Shown", "Visitor", "Went"]
