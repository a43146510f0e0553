"""A real `ipse serve` in a process of its own, and what the kernel says it used."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2

IPSE = Path(sys.executable).with_name("ipse")
CLIENTS = Path(__file__).with_name("clients.py")
BOUNDARY = "ipse-benchmark"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Running:
    """A warm server, a key for it, how long it took to be ready, and its data folder."""

    port: int
    pid: int
    key: str
    secret: str
    ready_s: float
    folder: Path

    def cpu_s(self) -> float:
        """CPU seconds used so far, by all its threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def rss_mb(self) -> float:
        """Resident memory now, in megabytes of 1,000,000 bytes."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="utf-8").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def body(self, pair: tuple[bytes, bytes]) -> bytes:
        """A multipart verify call with these two pictures."""
        fields = {"api_key": self.key, "api_secret": self.secret, "comparison_type": "0"}
        fields |= {"face_image_type": "raw_image", "uuid": "bench"}
        head = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ).encode()
        parts = b"".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.jpg"\r\n\r\n'.encode()
            + data
            + b"\r\n"
            for name, data in zip(("image_ref1", "image"), pair, strict=True)
        )
        return head + parts + f"--{BOUNDARY}--\r\n".encode()

    def load(self, pair: tuple[bytes, bytes], clients: int, calls: int) -> dict[str, object]:
        """What so many clients saw, sending from a process of their own; and the server's CPU seconds meanwhile."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(self.body(pair))
            file.flush()
            kind = f"multipart/form-data; boundary={BOUNDARY}"
            command = [sys.executable, str(CLIENTS), str(self.port), str(clients), str(calls), file.name, kind]
            before = self.cpu_s()
            seen = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
            return {**seen, "server_cpu_s": self.cpu_s() - before}


@contextlib.contextmanager
def server(**settings: str) -> Iterator[Running]:
    """A server with these settings (upper-case names without the prefix) on a free port, with an empty data folder."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = {**os.environ, "IPSE_DATA_DIR": folder}
        environment |= {f"IPSE_{name}": value for name, value in settings.items()}
        make = [str(IPSE), "keys", "create", "--dialect", "faceid", "--name", "bench", "--json"]
        key = json.loads(subprocess.run(make, env=environment, capture_output=True, check=True).stdout)
        began = time.perf_counter()
        process = subprocess.Popen([IPSE, "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL)
        try:
            wait(process, port)
            yield Running(port, process.pid, key["key"], key["secret"], time.perf_counter() - began, Path(folder))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when the server is ready."""
    while process.poll() is None:
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(f"http://127.0.0.1:{port}/readyz").status_code == httpx2.codes.OK:
                return
        time.sleep(0.02)
    raise SystemExit("the server did not start")
