"""
Clients of a running server: N threads that send one verify call after another, each over one kept connection.

Usage: clients.py PORT CLIENTS CALLS BODY_FILE CONTENT_TYPE. Prints JSON: seconds for all calls, each call's
milliseconds, and every distinct answer without what differs by nature (request_id, time_used).
"""

import http.client
import json
import re
import sys
import threading
import time
from pathlib import Path

VOLATILE = re.compile(rb'"(request_id|time_used)": ("[^"]*"|\d+)')


def call(connection: http.client.HTTPConnection, body: bytes, kind: str) -> bytes:
    """One answer, status line first."""
    connection.request("POST", "/faceid/v2/verify", body, {"Content-Type": kind})
    answer = connection.getresponse()
    return b"%d " % answer.status + VOLATILE.sub(b"", answer.read())


def main() -> None:
    """Send the calls."""
    port, clients, calls = (int(word) for word in sys.argv[1:4])
    body, kind = Path(sys.argv[4]).read_bytes(), sys.argv[5]
    times_ms: list[float] = []
    answers: set[bytes] = set()

    def client(share: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        for _ in range(share):
            began = time.perf_counter()
            answers.add(call(connection, body, kind))
            times_ms.append(1e3 * (time.perf_counter() - began))
        connection.close()

    threads = [threading.Thread(target=client, args=(calls // clients,)) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "ms": times_ms, "answers": sorted(one.decode() for one in answers)}))


if __name__ == "__main__":
    main()
