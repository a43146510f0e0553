"""
The command line, as fast as tests need it: each command is a fork of one process that has imported everything.

A command still has a process, an environment and streams of its own; what it saves is a second of imports. The program
`ipse` itself, found by its name, is what servers and workers are started with.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from pkgutil import iter_modules

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


@cache
def _forks() -> ForkServerContext:
    """The process that forks; it imports while the first command waits."""
    context = get_context("forkserver")
    commands = [f"ipse.cli.{module.name}" for module in iter_modules(ipse.cli.__path__)]
    context.set_forkserver_preload([*commands, "ipse.verifier"])
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
