"""
Run inside a network namespace of its own by `test_server.py`: switch the loopback on, start a server, verify a picture.

Prints what the way outside said, and the server's answer.
"""

import fcntl
import json
import socket
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.api.conftest import running

SIOCSIFFLAGS = 0x8914
"""Source: linux/sockios.h."""
IFF_UP = 1
"""Source: linux/if.h."""


def switch_loopback_on() -> None:
    """A new namespace has a loopback that is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))


def look_outside() -> str:
    """What a connection to the outside says; the address is one that documents may use (RFC 5737)."""
    try:
        socket.create_connection(("192.0.2.1", 443), timeout=5).close()
    except OSError as error:
        return str(error)
    return "connected"


def main() -> None:
    """Do it."""
    folder, samples = Path(sys.argv[1]), Path(sys.argv[2])
    switch_loopback_on()
    outside = look_outside()
    with running(folder) as server:
        server.wait_until_ready()
        answer = server.call(server.key(), samples / "obama.jpg", samples / "obama2.jpg").json()
    sys.stdout.write(json.dumps({"outside": outside, "answer": answer}))


if __name__ == "__main__":
    main()
