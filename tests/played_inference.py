"""An inference server as Triton's pages describe one, on ONNX Runtime; it fails when it is told to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import onnxruntime

JSON_LENGTH = "Inference-Header-Content-Length"


@dataclass
class Served:
    """One network, and what the server says of it."""

    session: Any
    digest: str | None = None
    names: dict[str, str] = field(default_factory=dict)


@dataclass
class PlayedServer:
    """
    What the server has, and how it behaves from now on.

    Attributes:
        networks: By the name under which they are asked for.
        binary: Whether it knows tensors as bytes.
        statuses: Answered instead of an inference, one after the other.
        spoil: Added to every number of an output.
        spoilt: Whose numbers; of every output where none is named.
        asked: Name of the network and kind of body of each inference that came.
    """

    networks: dict[str, Served] = field(default_factory=dict)
    binary: bool = True
    ready: bool = True
    statuses: list[int] = field(default_factory=list)
    spoil: float = 0.0
    spoilt: frozenset[str] = frozenset()
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def put(self, name: str, file: Path, digest: str | None = None) -> None:
        """Serve a file under a name, stating a digest or none."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self.networks[name] = Served(session, digest)

    def described(self, name: str) -> dict[str, Any]:
        """What `GET /v2/models/NAME` answers."""
        session = self.networks[name].session
        ports = {
            side: [{"name": port.name, "datatype": "FP32", "shape": [-1]} for port in found]
            for side, found in (("inputs", session.get_inputs()), ("outputs", session.get_outputs()))
        }
        return {"name": name, "versions": ["1"], "platform": "onnxruntime_onnx", **ports}

    def computed(self, name: str, body: bytes, json_length: str | None) -> tuple[bytes, dict[str, str]]:
        """The answer to an inference: outputs as bytes where the question asks for that, else as numbers."""
        ends = len(body) if json_length is None else int(json_length)
        said, rest = json.loads(body[:ends]), body[ends:]
        (put,) = said["inputs"]
        size = put.get("parameters", {}).get("binary_data_size")
        assert size in {None, len(rest)}
        values = np.frombuffer(rest, "<f4") if size is not None else np.array(put["data"], np.float32)
        wanted = [one["name"] for one in said["outputs"]]
        found = self.networks[name].session.run(wanted, {put["name"]: values.reshape(put["shape"])})
        outputs, tail = [], b""
        for asked, exact in zip(said["outputs"], found, strict=True):
            spoil = 0.0 if self.spoilt and asked["name"] not in self.spoilt else self.spoil
            result = exact + np.float32(spoil)
            one = {"name": asked["name"], "datatype": "FP32", "shape": list(result.shape)}
            if asked.get("parameters", {}).get("binary_data"):
                outputs.append({**one, "parameters": {"binary_data_size": result.nbytes}})
                tail += result.astype("<f4").tobytes()
            else:
                outputs.append({**one, "data": result.ravel().tolist()})
        head = json.dumps({"model_name": name, "model_version": "1", "outputs": outputs}).encode()
        return head + tail, {JSON_LENGTH: str(len(head))} if tail else {}


class _Handler(BaseHTTPRequestHandler):
    """The five addresses that are asked."""

    protocol_version = "HTTP/1.1"
    played: PlayedServer

    def do_GET(self) -> None:
        """Answer about the server and its networks."""
        match self.path.split("/")[1:]:
            case ["v2", "health", "ready"]:
                self._say(200 if self.played.ready else 503)
            case ["v2", "models", name, "ready"] if name in self.played.networks:
                self._say(200)
            case ["v2", "models", name, "config"] if name in self.played.networks:
                digest = self.played.networks[name].digest
                stated = {} if digest is None else {"sha256": {"string_value": digest}}
                self._say(200, json.dumps({"name": name, "parameters": stated}).encode())
            case ["v2", "models", name] if name in self.played.networks:
                self._say(200, json.dumps(self.played.described(name)).encode())
            case _:
                self._say(400, b'{"error": "Request for unknown model"}')

    def do_POST(self) -> None:
        """Compute."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name, json_length = self.path.split("/")[3], self.headers.get(JSON_LENGTH)
        self.played.asked.append((name, "json" if json_length is None else "binary"))
        if self.played.statuses:
            self._say(self.played.statuses.pop(0), b'{"error": "told to"}')
        elif json_length is not None and not self.played.binary:
            self._say(400, b'{"error": "failed to parse the request JSON buffer"}')
        else:
            self._say(200, *self.played.computed(name, body, json_length))

    def log_message(self, format: str, *words: object) -> None:  # noqa: A002 (the name is the library's)
        """Say nothing."""

    def _say(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        """One answer."""
        self.send_response(status)
        for header, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(body)


class _Listener(ThreadingHTTPServer):
    """Takes its address again at once, so that a server can come back."""

    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def answering(played: PlayedServer) -> Iterator[PlayedServer]:
    """The server, for as long as the block lasts; at the port that it had before, if it had one."""
    handler = type("Handler", (_Handler,), {"played": played})
    with _Listener(("127.0.0.1", played.port), handler) as listener:
        played.port = listener.server_address[1]
        thread = Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield played
        finally:
            listener.shutdown()
            thread.join()
