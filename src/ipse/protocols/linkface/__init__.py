"""Linkface: its operations and limits. What the vendor documents is kept in `docs/protocols/linkface.md`."""
