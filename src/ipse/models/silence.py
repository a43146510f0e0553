"""
The runtimes tell their makers of their use unless they are stopped; here they are.

OpenVINO (2026.4) forks the process that imports it, listening sockets and all, to tell Google Analytics of it: a fork
that may hang for ever, and then keeps its parent from ending (openvino/tools/ovc/__init__.py, openvino_telemetry).
ONNX Runtime (since 1.29, on Linux too) writes files' names and digests into a database below `~/.cache/Microsoft` and
sends them to Microsoft (its docs/Privacy.md). Both leave it only where `CI` is set, so that no test there would see it.
"""

import os
import sys
from typing import Any, cast


def keep_quiet() -> None:
    """Let no runtime of this process tell anybody anything; to be said before the first of them is imported."""
    os.putenv("ORT_DISABLE_TELEMETRY", "1")
    # What is `None` here cannot be imported; OpenVINO has a stand-in for that.
    cast("dict[str, Any]", sys.modules).setdefault("openvino_telemetry", None)
