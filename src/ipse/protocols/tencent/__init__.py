"""Tencent: its operations and limits. What the vendor documents is kept in `docs/protocols/tencent.md`."""
