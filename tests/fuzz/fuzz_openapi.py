"""
Requests that schemathesis makes out of `/openapi.json`, against a real server.

Usage: fuzz_openapi.py [SECONDS], with `benchmarks/speed` on PYTHONPATH. Ends with schemathesis's own status: 1 when the
document does not hold.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from servers import IPSE, server

CONFIG = """
[checks]
# What has the right form may still be no picture, no number of a person and no face.
positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "404", "409", "422", "429", "501"]
# Cards are not read yet.
not_a_server_error.expected-statuses = ["2xx", "4xx", "501"]

# The names of a batch's files are words of the caller's that the document cannot describe.
[[operations]]
include-operation-id = "compare_batch"
checks.positive_data_acceptance.enabled = false
"""


def main() -> None:
    """Run it."""
    seconds = sys.argv[1] if len(sys.argv) > 1 else "300"
    with server() as running, tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
        config.write(CONFIG)
        config.flush()
        key = _key(running.folder)
        command: list[str | Path] = [Path(sys.executable).with_name("st"), "--config-file", config.name, "run"]
        command += [
            f"http://127.0.0.1:{running.port}/openapi.json",
            "--max-time",
            seconds,
            "--phases",
            "coverage,fuzzing",
        ]
        command += ["--header", f"Authorization: Bearer {key}", "--continue-on-failure"]
        sys.exit(subprocess.run(command, check=False).returncode)


def _key(folder: Path) -> str:
    """A native key that may do everything."""
    words: list[str | Path] = [
        IPSE,
        "keys",
        "create",
        "--dialect",
        "native",
        "--name",
        "fuzz",
        "--allow",
        "kyc",
        "--json",
    ]
    environment = {**os.environ, "IPSE_DATA_DIR": str(folder)}  # noqa: TID251 - handed on to our own command
    key: str = json.loads(subprocess.run(words, env=environment, capture_output=True, check=True).stdout)["key"]
    return key


if __name__ == "__main__":
    main()
