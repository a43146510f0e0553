"""
The command line, as fast as tests need it: each command is a fork of one process that has imported everything.

A command still has a process, an environment and streams of its own; what it saves is a second of imports, two where it
serves. The program `ipse` itself is started where its start is what is tested, and for servers that serve many tests.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from pkgutil import iter_modules
from typing import TextIO

import ipse.cli

LIMIT_S = 120
"""Longest that a command may run; the slowest, an import of people, takes some seconds on two busy cores."""

STREAMS = {"stdin": os.O_RDONLY, "stdout": os.O_WRONLY | os.O_CREAT, "stderr": os.O_WRONLY | os.O_CREAT}
"""The three streams in the order of their numbers, and how their files are opened."""


def run_ipse(
    *words: str | Path, env: Mapping[str, str], given: str = "", check: bool = False
) -> subprocess.CompletedProcess[str]:
    """
    An `ipse` command's end, with all that it wrote.

    Args:
        words: What is typed after `ipse`.
        env: Its whole environment.
        given: What it can read.
        check: Whether it must succeed.
    """
    typed = [str(word) for word in words]
    with tempfile.TemporaryDirectory(prefix="ipse-command-") as place:
        (Path(place) / "stdin").write_text(given, encoding="utf-8")
        process = _forks().Process(target=_play, args=(typed, dict(env), place))
        process.start()
        process.join(LIMIT_S)
        process.kill()
        process.join()
        stdout, stderr = ((Path(place) / name).read_text(encoding="utf-8") for name in ("stdout", "stderr"))
        assert process.exitcode is not None
        done = subprocess.CompletedProcess(["ipse", *typed], process.exitcode, stdout, stderr)
        process.close()
    if check:
        assert (0, "") == (done.returncode, done.stderr if done.returncode else "")
    return done


@dataclass(frozen=True)
class Begun:
    """A command that is under way; what `subprocess.Popen` calls its parts is called so here."""

    process: ForkServerProcess
    stderr: TextIO

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once it has ended."""
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise TimeoutError("the command has not ended in time")
        return self.process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.process.terminate()

    def kill(self) -> None:
        """End it by force."""
        self.process.kill()


def begin_ipse(*words: str | Path, env: Mapping[str, str]) -> Begun:
    """An `ipse` command that goes on, and what it writes to standard error while it does."""
    with tempfile.TemporaryDirectory(prefix="ipse-command-") as place:
        (Path(place) / "stdin").touch()
        os.mkfifo(Path(place) / "stderr")  # Opened last: then nobody needs the folder any more.
        process = _forks().Process(target=_play, args=([str(word) for word in words], dict(env), place))
        process.start()
        return Begun(process, (Path(place) / "stderr").open(encoding="utf-8"))


@cache
def _forks() -> ForkServerContext:
    """The process that forks; it imports while the first command waits."""
    context = get_context("forkserver")
    commands = [f"ipse.cli.{module.name}" for module in iter_modules(ipse.cli.__path__)]
    context.set_forkserver_preload([*commands, "ipse.server"])
    return context


def _play(words: list[str], env: Mapping[str, str], place: str) -> None:
    """Be the command: take over environment and streams, and end as it ends."""
    os.environ.clear()  # noqa: TID251 - the command's own, in a process of its own
    os.environ.update(env)  # noqa: TID251 - likewise
    for number, (name, flags) in enumerate(STREAMS.items()):
        opened = os.open(Path(place) / name, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - likewise
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115 - likewise
    sys.argv = ["ipse", *words]
    ipse.cli.main()
