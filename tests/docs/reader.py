"""A reader who does what a page says: a folder, pictures, keys, a server, and every block in its turn."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2

from tests.api.conftest import environment, said
from tests.conformance.clients import node_clients, python_client
from tests.docs.blocks import ROOT, Block

BLOCK_S: Final = 240
"""Longest that one block may run; the slowest, the demo, takes a minute on two busy cores."""

READY_S: Final = 240
RIGHTS: Final = {"faceid": ("--allow", "kyc"), "native": ("--allow", "kyc", "--allow", "records")}
PROGRAMS: Final = {
    "python": (sys.executable,),
    "js": ("node",),
    "php": ("php",),
    "ruby": ("ruby",),
    "java": ("java",),
    "go": ("go", "run"),
}
NAMES: Final = {
    "python": "sample.py",
    "js": "sample.js",
    "php": "sample.php",
    "ruby": "sample.rb",
    "java": "Sample.java",
    "go": "sample.go",
}
SERVED: Final = re.compile(r"your\.host|127\.0\.0\.1:8000|localhost:8000")
DEBIAN: Final = {
    "go": "golang-go",
    "java": "default-jdk-headless",
    "php": "php-cli php-curl",
    "ruby": "ruby",
    "js": "nodejs",
}

SHELL: Final = """set -aeo pipefail
curl() { command curl --silent --show-error --fail-with-body "$@"; }
if [ -f .state ]; then source .state; fi
trap '{ export -p; printf "cd %q\\n" "$PWD"; } > "$HOME_OF_READER/.state"' EXIT
"""
"""Around a block of shell: variables and folder are those that the block before left; a refusal fails."""


def free_port() -> int:
    """A port that nobody has just now, and the next one likewise."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Reader:
    """
    Somebody who reads one page.

    Attributes:
        folder: Where every block is run; the pictures are in it.
        port: Where the page's server is, or will be.
        words: What the reader has been told and puts in its place: `YOUR_KEY`, `YOUR_SECRET`, `YOUR_REQUEST_ID`.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    words: dict[str, str] = field(default_factory=dict)
    told: str = ""
    written: dict[str, str] = field(default_factory=dict)
    server: subprocess.Popen[bytes] | None = None
    keys: dict[str, str] = field(default_factory=dict)

    def play(self, block: Block) -> None:
        """Do what a block says; an AssertionError tells what came of it instead."""
        if block.word == "file":
            (self.folder / block.rest).write_text(self.put(block.text), encoding="utf-8")
        elif block.is_answer:
            assert like(json.loads(block.text), answer(self.told)), f"answered instead: {self.told}"
        elif block.is_run:
            self._run(block)

    def leave(self) -> None:
        """Stop the page's server."""
        if self.server is not None and self.server.poll() is None:
            os.killpg(self.server.pid, signal.SIGTERM)
            self.server.wait(READY_S)

    def put(self, text: str) -> str:
        """A block's text with what the reader puts in the place of the page's words."""
        here = f"127.0.0.1:{self.port}"
        for word, instead in {
            "https://your.host": f"http://{here}",
            "your.host": here,
            "127.0.0.1:8000": here,
            "localhost:8000": here,
            "--port 8000": f"--port {self.port}",
            "make ": f"make --silent --directory {ROOT} --assume-old .venv/.dev --assume-old .venv/.run ",
            **self.words,
        }.items():
            text = text.replace(word, instead)
        return text

    def _run(self, block: Block) -> None:
        """Run a block of a program."""
        if block.rest == "as a server":
            self._serve(["bash", "-c", f"exec {self.put(block.text)}"])
            return
        if SERVED.search(block.text) and self.server is None:
            self._serve(["ipse", "serve", "--port", str(self.port)])
        if SERVED.search(block.text) and "NATIVE_KEY" not in self.keys:
            self._make_keys()
        done = subprocess.run(
            self._command(block), cwd=self.folder, env=self._environment(block), capture_output=True,
            text=True, timeout=BLOCK_S, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        ends = int(block.rest.removeprefix("ends with ")) if block.rest.startswith("ends with ") else 0
        assert ends == done.returncode, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        self.told = done.stdout
        self._note(done.stdout)

    def _command(self, block: Block) -> list[str]:
        """How a block is run."""
        text = self.put(block.text)
        if block.language == "sh":
            return ["bash", "-c", SHELL + text]
        if block.rest == "continues":
            text = self.written[block.language] + text
        self.written[block.language] = text
        program = PROGRAMS[block.language]
        assert shutil.which(program[0]), f"{program[0]} is absent: apt-get install {DEBIAN.get(block.language)}"
        (self.folder / NAMES[block.language]).write_text(text, encoding="utf-8")
        return [*program, NAMES[block.language]]

    def _environment(self, block: Block | None = None) -> dict[str, str]:
        """The reader's surroundings: a data folder of the page's own, `ipse` on the path, keys by their names."""
        variables = environment(self.folder / "data", IPSE_PORT=str(self.port + 1), DEMO_EXIT="1")
        path = f"{Path(sys.executable).parent}{os.pathsep}{variables['PATH']}"
        more = {"PATH": path, "HOME_OF_READER": str(self.folder), "GOFLAGS": "-mod=mod", "LC_ALL": "C.UTF-8"}
        if block is not None and block.rest.startswith("beside "):
            name = block.rest.removeprefix("beside ")
            more |= {"NODE_PATH": str(node_clients())} if name == "node" else {"PYTHONPATH": str(python_client(name))}
        return variables | self.keys | more

    def _serve(self, command: list[str]) -> None:
        """Start the page's server and wait until it is ready."""
        assert self.server is None, "the page starts two servers"
        with (self.folder / "server.log").open("wb") as log:
            self.server = subprocess.Popen(
                command, cwd=self.folder, env=self._environment(), stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + READY_S
        with httpx2.Client(base_url=f"http://127.0.0.1:{self.port}") as client:
            while not _is_ready(client):
                assert self.server.poll() is None, (self.folder / "server.log").read_text(encoding="utf-8")
                assert time.monotonic() < deadline, "the server was not ready in time"

    def _make_keys(self) -> None:
        """A key of every dialect, by the names of pages: KEY, NATIVE_KEY, FACEID_KEY, FACEID_SECRET and so on."""
        for dialect in ("faceid", "iapp", "linkface", "tencent", "native"):
            made = said(self.folder / "data", "keys", "create", "--dialect", dialect, "--name", "reader",
                        *RIGHTS.get(dialect, ()))  # fmt: skip
            self.keys |= {f"{dialect.upper()}_KEY": made["key"], f"{dialect.upper()}_SECRET": made["secret"] or ""}
        self.keys.setdefault("KEY", self.keys["NATIVE_KEY"])

    def _note(self, told: str) -> None:
        """Keep a key that a command has printed, as its reader does."""
        found = answer(told)
        if isinstance(found, dict) and "request" in found:
            self.words["YOUR_REQUEST_ID"] = found["request"]
        if isinstance(found, dict) and {"key", "secret"} <= found.keys():
            self.words |= {"YOUR_KEY": found["key"], "YOUR_SECRET": found["secret"] or ""}
            self.keys |= {"KEY": found["key"]}


def answer(told: str) -> Any:
    """What a block has answered: all of its output, or the last line of it; none if that is no JSON."""
    for text in (told, *told.strip().splitlines()[-1:]):
        try:
            return json.loads(text)
        except ValueError:
            continue
    return None


def like(shown: Any, told: Any) -> bool:
    """Whether an answer has the shape that a page shows: the same members, each of the same kind."""
    if shown is None or told is None:
        return True
    if isinstance(shown, dict):
        return isinstance(told, dict) and shown.keys() == told.keys() and all(like(shown[n], told[n]) for n in shown)
    if isinstance(shown, list):
        return isinstance(told, list) and (not shown or not told or like(shown[0], told[0]))
    if isinstance(shown, bool) or isinstance(told, bool):
        return isinstance(shown, bool) and isinstance(told, bool)
    return isinstance(told, int | float) if isinstance(shown, int | float) else isinstance(told, str)


def _is_ready(client: httpx2.Client) -> bool:
    """Whether a server says so."""
    try:
        return client.get("/readyz").status_code == httpx2.codes.OK
    except httpx2.TransportError:
        return False
