"""Commands of the soak as processes that are killed at a step, or at a moment.

A step is one that makes something last, as `interrupted_updates.Points` counts them. A moment is a
share of the processor time that the command took undisturbed: what happens does not depend on how
busy the machine is. The processes are forked from one in which everything is loaded, and which has
no threads.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from changing_sources import ChangingSources
from console_script import run_program
from forks import FORK
from interrupted_updates import Points, prepare
from planted_faults import FAULTS, VARIABLE

from index.encoders.model import load_model
from qa.batch import file_watcher
from qa.cli import app

_LATEST = 1.1
"""The latest moment of a kill, as a share of the processor time that the command took."""
_AT_STEPS = 0.7
"""The share of the kills that are at a step."""
_ANY_STEP = 0.5


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended or was killed.

    Attributes:
        status: Its exit status, negative for a signal.
        out: What it wrote to standard output and standard error.
        seconds: The processor time that it took; 0 if it was killed.
        steps: The names of its steps that make something last; empty if it was killed.
    """

    status: int
    out: str
    seconds: float = 0.0
    steps: tuple[str, ...] = ()

    @property
    def killed(self) -> bool:
        """Whether it was killed."""
        return self.status == -signal.SIGKILL or self.at_moment

    @property
    def at_moment(self) -> bool:
        """Whether it was killed at a moment and not at a step."""
        return self.status == -signal.SIGPROF


@dataclass(frozen=True, slots=True)
class Kill:
    """When a command is killed, if it has not ended before.

    Attributes:
        kind: The kind of step; None for any.
        step: The number of the step, among those of the kind; 0 for none.
        seconds: The processor time; 0 for none.
    """

    kind: str | None = None
    step: int = 0
    seconds: float = 0.0


def draw_kill(undisturbed: Ran, draw: random.Random, *, steps_alone: bool) -> Kill:
    """Draw when to kill a command.

    Half of the times any step is drawn; else a kind of step first, and then one of that kind:
    before a renaming, of which there are few, as often as before a syncing, of which there are
    many.

    Args:
        undisturbed: The command as it ran to its end.
        draw: Source of random numbers.
        steps_alone: Kill at steps, never at moments, so that each run is the same.
    """
    if undisturbed.steps and (steps_alone or draw.random() < _AT_STEPS):
        if draw.random() < _ANY_STEP:
            return Kill(None, draw.randint(1, len(undisturbed.steps)))
        kind = draw.choice(sorted(set(undisturbed.steps)))
        return Kill(kind, draw.randint(1, undisturbed.steps.count(kind)))
    return Kill(seconds=max(0.0001, draw.uniform(0, _LATEST) * undisturbed.seconds))


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


def run_command(words: list[str], out: Path, *, fault: bool = False) -> Ran:
    """Run a command to its end.

    Args:
        words: The command line, without the program's name.
        out: File for its output.
        fault: Plant the fault that the environment names.
    """
    return _ran(words, out, None, fault=fault)


def kill_command(words: list[str], out: Path, kill: Kill) -> Ran:
    """Run a command, with the fault that the environment names, that is killed or ends before.

    Args:
        words: The command line. A `watch` that would go on is killed after its first round.
        out: File for its output.
        kill: When to kill it.
    """
    return _ran(words, out, kill, fault=True)


def _ran(words: list[str], out: Path, kill: Kill | None, *, fault: bool) -> Ran:
    taken = out.with_suffix(".taken")
    process = FORK.Process(target=_run, args=(words, out, taken, kill, fault))
    process.start()
    process.join()
    seconds, steps = 0.0, []
    if taken.exists():
        seconds, steps = json.loads(taken.read_bytes())
        taken.unlink()
    return Ran(process.exitcode, out.read_text("utf-8", "replace"), seconds, tuple(steps))


def _run(words: list[str], out: Path, taken: Path, kill: Kill | None, fault: bool) -> None:
    """Run the program in this process, to its end or until it is killed."""
    target = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for number in (1, 2):
        os.dup2(target, number)
    sys.stdout, sys.stderr = (os.fdopen(n, "w", encoding="utf-8") for n in (1, 2))
    if fault and (name := os.environ.get(VARIABLE)):
        FAULTS[name]()
    points = Points(_die, kill.step, named=kill.kind) if kill else Points(_die, 0)
    points.watch_all()
    if kill is not None:
        file_watcher.changes = _one_change  # type: ignore[assignment]
    if kill is not None and kill.seconds:
        # The signal ends the process wherever it is, as SIGKILL does: nothing handles it.
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, kill.seconds)
    sys.argv = ["releaseqa", *words]
    try:
        app.run()
    finally:
        seconds = time.process_time()
        if kill is None:
            taken.write_text(json.dumps([seconds, points.names]), "ascii")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _one_change(*_: object) -> Iterator[None]:
    """Have a watch do one round, and kill it where it would wait."""
    yield
    _die()
