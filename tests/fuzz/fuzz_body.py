"""
Fuzz the body reader and Megvii's decoder: `python tests/fuzz/fuzz_body.py -max_total_time=120`.

The oracle: garbage in is accepted or refused with a declared `Reason`, never any other exception, and one big chunk
parses like a thousand small ones.
"""

import sys

import atheris

with atheris.instrument_imports():
    from ipse.core.reasons import Refusal
    from ipse.protocols import body
    from ipse.protocols.faceid import LIMITS, auth, wire
    from ipse.protocols.messages import Head, WireRequest
    from ipse.service.access import Caller
    from ipse.service.ports import KeyRecord

TYPES = ("multipart/form-data; boundary=b", "application/x-www-form-urlencoded", "application/json")
CALLER = Caller(KeyRecord("k", "faceid", "s", kyc=True))


def parsed(head: Head, content: bytes, step: int) -> WireRequest | None:
    """Give the request that chunks of this size make; nothing when it is refused."""
    collector = body.Collector(LIMITS)
    try:
        for start in range(0, len(content), step):
            collector.feed(content[start : start + step])
        return body.read(head, collector.whole(), LIMITS)
    except Refusal:
        return None


def one_input(content: bytes) -> None:
    """Try one input: its first byte chooses the type and the chunks."""
    choice = content[0] if content else 0
    tail = content[1:]
    kind = TYPES[choice % len(TYPES)] if choice < 0xF0 else f"multipart/form-data; {tail[:40].decode('latin-1')}"
    head = Head("POST", "/", b"", (("content-type", kind),))
    whole = parsed(head, tail, max(len(tail), 1))
    assert whole == parsed(head, tail, choice % 7 + 1)
    if whole is None:
        return
    for take in (lambda: auth.authenticate(whole, None), lambda: wire.decode_verify(whole, CALLER)):  # type: ignore[arg-type] # the context is not looked at
        try:
            take()
        except Refusal:
            continue


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
