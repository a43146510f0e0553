"""A real server with a collector beside it: a call's trace arrives, its scores are shown, nothing personal goes out."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.api.conftest import new_key, running


@contextmanager
def collecting() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """A collector's address, and what was posted to it."""
    posted: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.append((f"{self.path} {self.headers.get('x-token')}", body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *words: object) -> None:  # noqa: A002 (the name is the library's)
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.server_address[1]}", posted
        finally:
            listener.shutdown()
            thread.join()


def test_a_call_is_told_of_and_counted(tmp_path: Path, samples: Path) -> None:
    """The call's span and stages reach the collector; `/metrics` has its scores under the key, and the queues."""
    with collecting() as (address, posted):
        settings = {"IPSE_OTLP_ENDPOINT": address, "IPSE_OTLP_HEADERS": "x-token=t0k"}
        with running(tmp_path, scheme="http", trust=None, as_fork=False, **settings) as server:
            server.wait_until_ready()
            credentials = new_key(tmp_path)
            answer = server.call(credentials, samples / "obama.jpg", samples / "obama2.jpg", uuid="who-asks-4711")
            assert answer.status_code == 200
            with server.client() as client:
                shown = client.get("/metrics").text
    assert {where for where, _ in posted} == {"/v1/traces t0k"}
    told = [ExportTraceServiceRequest.FromString(body) for _, body in posted]
    spans = [
        span for one in told for group in one.resource_spans for scope in group.scope_spans for span in scope.spans
    ]
    (call,) = [span for span in spans if span.name == "faceid verify"]
    stages = {span.name for span in spans if span.parent_span_id == call.span_id}
    assert {"body", "decode", "detect", "embed"} <= stages
    everything = b"".join(body for _, body in posted)
    for secret in (b"who-asks-4711", credentials["api_key"].encode(), credentials["api_secret"].encode()):
        assert secret not in everything
    assert re.search(r'ipse_similarity_count\{key="[^"]+"\} 1.0', shown)
    assert re.search(r'ipse_false_match_rate_bucket\{key="[^"]+",le="0.0001"\} 1.0', shown)
    assert "ipse_database_up 1.0" in shown
    assert credentials["api_secret"] not in shown
