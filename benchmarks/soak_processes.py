"""Commands of the soak as processes that are killed at a moment, or at a point.

They are forked from a process in which everything is loaded, and which has no threads.
"""

import os
import random
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from changing_sources import ChangingSources
from console_script import run_program
from forks import FORK
from interrupted_updates import Points, prepare
from planted_faults import FAULTS, VARIABLE

from index.encoders.model import load_model
from qa.cli import app

_LATEST = 1.1
"""The latest moment of a kill, as a share of the time that the command took undisturbed."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended or was killed.

    Attributes:
        status: Its exit status, negative for a signal.
        out: What it wrote to standard output and standard error.
        seconds: How long it ran.
        points: How many steps it took that make something last; 0 if they were not counted.
    """

    status: int
    out: str
    seconds: float
    points: int = 0

    @property
    def killed(self) -> bool:
        """Whether it was killed."""
        return self.status == -signal.SIGKILL


def warm_up(folder: Path) -> None:
    """Load everything into this process, by making a small collection and asking it."""
    prepare(load_model())
    sources = ChangingSources(folder / "sources")
    sources.add("a.jsonl", 3)
    (folder / "q.txt").write_text("Who gets a bridge?\n", encoding="utf-8")
    os.environ["RELEASEQA_DATA"] = str(folder / "data")
    for words in (
        ("index", "sources", "--json"),
        ("batch", "q.txt", "-o", "o.jsonl", "--words-only", "-j", "1"),
        ("ask", "Who gets a bridge?", "--words-only", "--session", "s", "--json"),
        ("verify", "--repair"),
    ):
        ran = run_program("--index", "c", *words, cwd=folder)
        if ran.code not in {0, 4}:
            raise RuntimeError(f"{words} failed: {ran}")
    if threading.active_count() > 1:
        raise RuntimeError("a process with threads cannot be forked safely")


def run_command(words: list[str], out: Path, *, count: bool = False, fault: bool = False) -> Ran:
    """Run a command to its end.

    Args:
        words: The command line, without the program's name.
        out: File for its output.
        count: Count its points.
        fault: Plant the fault that the environment names.
    """
    return _finished(_started(words, out, fault=fault, at=0 if count else None), out)


def kill_command(words: list[str], out: Path, before: Ran, draw: random.Random) -> Ran:
    """Run a command that is killed, or ends before.

    Args:
        words: The command line.
        out: File for its output.
        before: The command as it ran undisturbed; with points, it is killed at one of them.
        draw: Draws the moment.
    """
    if before.points:
        return _finished(_started(words, out, fault=True, at=draw.randint(1, before.points)), out)
    moment = draw.uniform(0, _LATEST) * before.seconds
    process, started = _started(words, out, fault=True, at=None)
    process.join(moment)
    process.kill()  # nothing happens if it has ended
    return _finished((process, started), out)


def _started(words: list[str], out: Path, *, fault: bool, at: int | None) -> tuple[Any, float]:
    process = FORK.Process(target=_run, args=(words, out, fault, at))
    process.start()
    return process, time.monotonic()


def _finished(running: tuple[Any, float], out: Path) -> Ran:
    process, started = running
    process.join()
    seconds = time.monotonic() - started
    count = out.with_suffix(".points")
    points = int(count.read_text("ascii")) if count.exists() else 0
    count.unlink(missing_ok=True)
    return Ran(process.exitcode, out.read_text("utf-8", "replace"), seconds, points)


def _run(words: list[str], out: Path, fault: bool, at: int | None) -> None:
    """Run the program in this process, to its end or to a point."""
    target = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for number in (1, 2):
        os.dup2(target, number)
    sys.stdout, sys.stderr = (os.fdopen(n, "w", encoding="utf-8") for n in (1, 2))
    if fault and (name := os.environ.get(VARIABLE)):
        FAULTS[name]()
    points = Points(lambda: os.kill(os.getpid(), signal.SIGKILL), at or 0)
    if at is not None:
        points.watch_all()
    sys.argv = ["releaseqa", *words]
    try:
        app.run()
    finally:
        if at == 0:
            out.with_suffix(".points").write_text(str(points.passed), "ascii")
