"""
Fuzz bundles and flash results: `python tests/fuzz/fuzz_bundle.py -max_total_time=120`.

The oracle: garbage, signed with the session's key or not, is refused with the one declared reason, and nothing else
happens.
"""

import sys

import atheris

with atheris.instrument_imports():
    from ipse.core.genuineness.bundle import check_bundle, sid_of
    from ipse.core.genuineness.flash_file import biz_no_of, check_flash
    from ipse.core.reasons import Reason, Refusal
    from tests.bundles import NOW, PICTURES, SESSION, file, header, plain, token


def try_bundle(delta: str) -> None:
    """Check a bundle; only the declared refusal may stop it."""
    sid_of(delta)
    try:
        check_bundle(delta, SESSION, PICTURES, NOW)
    except Refusal as refusal:
        if refusal.reason is not Reason.LIVENESS_BUNDLE_INVALID:
            raise


def try_flash(content: bytes) -> None:
    """Check a flash result; only the declared refusal may stop it."""
    biz_no_of(content)
    try:
        check_flash(content, SESSION, NOW)
    except Refusal as refusal:
        if refusal.reason is not Reason.FLASH_RESULT_INVALID:
            raise


def one_input(content: bytes) -> None:
    """Try one input: as a delta, as its payload, as a file, as its manifest's payload."""
    try_bundle(content.decode("latin-1"))
    try_bundle(token(content))
    try_flash(content)
    try_flash(b"EKFLASH1" + content)
    try_flash(file(token(content, plain(header("ekf+jws")))))


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
