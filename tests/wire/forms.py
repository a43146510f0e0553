"""Bodies as different senders write them."""

import re
from collections.abc import Mapping

BOUNDARY = "------------------------d74496d66958873e"


def curl_part(name: str, value: str | bytes) -> bytes:
    """A part as curl writes it: files with a name and a guessed type, texts bare."""
    if isinstance(value, str):
        return _part(f'form-data; name="{name}"', "", value.encode())
    return _part(f'form-data; name="{name}"; filename="{name}.jpg"', "Content-Type: image/jpeg\r\n", value)


def okhttp_part(name: str, value: str | bytes) -> bytes:
    """A part as okhttp writes it: lengths everywhere, and files that call themselves multipart/form-data."""
    content = value.encode() if isinstance(value, str) else value
    length = f"Content-Length: {len(content)}\r\n"
    if isinstance(value, str):
        return _part(f'form-data; name="{name}"', length, content)
    kind = "Content-Type: multipart/form-data\r\n"
    return _part(f'form-data; name="{name}"; filename="{name}"', kind + length, content)


def bare_part(name: str, value: str | bytes) -> bytes:
    """A part as careless PHP writes it: a file's bytes as a plain field, without a file name."""
    return _part(f'form-data; name="{name}"', "", value.encode() if isinstance(value, str) else value)


def _part(disposition: str, headers: str, content: bytes) -> bytes:
    """One part with its opening boundary."""
    return f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n{headers}\r\n".encode() + content + b"\r\n"


STYLES = {"curl": curl_part, "okhttp": okhttp_part, "bare": bare_part}


def multipart(pairs: list[tuple[str, str | bytes]], style: str = "curl") -> tuple[str, bytes]:
    """The content type and the body of a form with these fields, in this order."""
    parts = b"".join(STYLES[style](name, value) for name, value in pairs)
    return f"multipart/form-data; boundary={BOUNDARY}", parts + f"--{BOUNDARY}--\r\n".encode()


def recorded(text: str, pictures: Mapping[str, bytes]) -> bytes:
    """The bytes of a recorded body: lines end as on the wire, and `<picture NAME>` stands for that picture."""
    pieces = re.split(r"<picture ([^>]+)>", text)
    return b"".join(
        pictures[piece] if at % 2 else piece.replace("\n", "\r\n").encode() for at, piece in enumerate(pieces)
    )
