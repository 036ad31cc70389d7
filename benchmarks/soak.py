"""Kill every command that writes, again and again, and check that nothing was lost or is different.

    python benchmarks/soak.py [--kills 500] [--minutes 60] [--seed 1] [--lanes 2] [--write]

Each lane has sources that change, a collection over them, and a twin of that collection. A step
runs a command on the twin, undisturbed: what the collection has to hold afterwards. The same
command is started on the collection and killed, one to four times; and then it runs to its end. All
the while other processes open the collection and ask.

A kill is at a step that makes something last, such as a commit, a sync or a renaming, or at a
moment: after a random part of the processor time that the command took undisturbed. How busy the
machine is makes no difference to either.

Checked after a kill: a release that the command does not change is there, with its text, and its
words are found; one that it changes is there as before or as after. Verifying finds nothing wrong.
An output file is the old one or the new one, whole. Of a conversation at most the question in hand
is missing. A command that had printed its result is done. Checked after the command has ended: the
collection, row by row, is that of the twin; so are the answers that a watch has reported and those
that a batch wrote, byte for byte, the time they took aside.

Beside the lanes, one process opens a collection that is updated and killed like the others, asks,
and refreshes, for all of the minutes. It must not take more and more memory.

The lanes fork their commands from a process in which everything is loaded, and passages get
made vectors, so that the kills are not spent on loading libraries. Only the chat runs as users
start it, in a terminal.

`--controls` plants one fault of `tests/support/planted_faults.py` after another in the commands
that are killed, before anything else, and tells how many kills it takes to notice it. `--journal
FILE` keeps what was counted: the same command, started again, goes on from there.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # a process with threads cannot be forked safely

from forks import FORK  # noqa: E402
from planted_faults import VARIABLE  # noqa: E402
from soak_commands import COMMANDS  # noqa: E402
from soak_lane import Lane  # noqa: E402
from soak_processes import warm_up  # noqa: E402
from soak_reader import MemoryRun, memory_verdict, read_on  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "soak.txt"
_SHARES = {
    "index": 20, "index --prune": 20, "remove": 13, "verify --repair": 13, "batch": 12,
    "watch": 12, "conversation": 8, "chat": 2,
}  # fmt: skip
"""How many of a hundred steps run a command."""
_CONTROLS = {
    "source first": "index", "not reread": "remove", "row first": "index",
    "removed first": "batch", "answers stay": "watch", "turn unsaved": "conversation",
}  # fmt: skip
"""The command in which each planted fault is to be noticed."""
_CONTROL_KILLS = 100
"""After how many kills a fault counts as not noticed."""
_SHOWN_HARM = 110
"""Characters of what was noticed of a fault."""
_SAID_EVERY = 25


@dataclass
class Counts:
    """What the lanes counted.

    Attributes:
        kills: By command.
        ended: Commands that had ended before the kill, by command.
        moments: How many of the kills were at a moment and not at a step.
        asked: Questions that other processes asked meanwhile.
        harm: What was lost, wrong or different, a line each, by its kind.
        controls: What was noticed of each planted fault.
        unnoticed: How many planted faults were not noticed.
    """

    kills: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    moments: int = 0
    asked: int = 0
    harm: dict[str, list[str]] = field(
        default_factory=lambda: {kind: [] for kind in ("lost", "wrong", "different")}
    )
    controls: dict[str, str] = field(default_factory=dict)
    unnoticed: int = 0

    def add(self, other: "Counts") -> None:
        """Add what was counted elsewhere."""
        self.kills += other.kills
        self.ended += other.ended
        self.moments += other.moments
        self.asked += other.asked
        for kind, lines in other.harm.items():
            self.harm[kind] += lines
        self.controls |= other.controls
        self.unnoticed += other.unnoticed

    @classmethod
    def from_json(cls, line: str) -> "Counts":
        """Read a line of a journal."""
        found = json.loads(line)
        counts = {name: Counter(found.pop(name)) for name in ("kills", "ended")}
        return cls(**counts, **found)

    def lines(self) -> Iterator[str]:
        """Yield the result."""
        for fault, noticed in self.controls.items():
            yield f"control, {fault} ({_CONTROLS[fault]}): {noticed}"
        by_command = ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
        yield f"{self.kills.total()} kills: {by_command}"
        if self.moments:
            steps = self.kills.total() - self.moments
            yield f"{steps} of them at a step that makes something last, {self.moments} at a moment"
        yield f"{self.ended.total()} more commands had ended before their kill"
        yield f"{self.asked} questions asked by other processes meanwhile"
        yield ", ".join(f"{kind}: {len(lines)}" for kind, lines in self.harm.items())


class Journal:
    """What was counted, a line for each step of a lane, so that a run can be continued."""

    def __init__(self, path: Path | None) -> None:
        """Use a file, or none."""
        self._path = path

    def read(self) -> Counts:
        """Return the sum of all lines."""
        counts = Counts()
        if self._path is not None and self._path.exists():
            for line in self._path.read_text("utf-8").splitlines():
                counts.add(Counts.from_json(line))
        return counts

    def add(self, counts: Counts) -> None:
        """Add a line."""
        if self._path is None:
            return
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(f"{json.dumps(vars(counts))}\n")


def run_lane(
    folder: Path, seed: int, kills: int, end: float, names: Sequence[str], journal: Journal,
    *, steps_alone: bool, until_harm: bool = False,
) -> Counts:  # fmt: skip
    """Kill and check until there were enough kills, or time is up, or there was harm."""
    draw = random.Random(seed)
    counts = Counts()
    shares = [_SHARES[name] for name in names]
    lane = Lane.begin(folder, draw, steps_alone=steps_alone)
    said = 0
    with lane.readers() as take_asked:
        while counts.kills.total() < kills and time.monotonic() < end:
            (name,) = draw.choices(names, shares)
            step = Counts()
            for kind, line in COMMANDS[name](lane, step, kills - counts.kills.total()):
                step.harm[kind].append(f"{name}: {line}")
            step.asked, faults = take_asked()
            step.harm["wrong"] += faults
            counts.add(step)
            for kind, lines in step.harm.items():
                for line in lines:
                    print(f"seed {seed}, kill {counts.kills.total()}: {kind}: {line}", flush=True)
            if until_harm and any(step.harm.values()):
                break
            journal.add(step)
            if counts.kills.total() >= said + _SAID_EVERY:
                said = counts.kills.total()
                print(f"seed {seed}: {said} kills", file=sys.stderr, flush=True)
    return counts


def run_control(fault: str, folder: Path, seed: int, *, steps_alone: bool) -> Counts:
    """Plant a fault, and kill the command that has it until that is noticed."""
    os.environ[VARIABLE] = fault
    found = run_lane(
        folder, seed, _CONTROL_KILLS, float("inf"), [_CONTROLS[fault]], Journal(None),
        steps_alone=steps_alone, until_harm=True,
    )  # fmt: skip
    harm = next((f"{kind}, {lines[0]}" for kind, lines in found.harm.items() if lines), None)
    said = f"not noticed in {found.kills.total()} kills"
    if harm is not None:
        shown = harm.replace(f"{folder}/", "")[:_SHOWN_HARM]
        said = f"noticed at kill {found.kills.total()}: {shown}"
    return Counts(controls={fault: said}, unnoticed=int(harm is None))


_Running = tuple[Any, Connection]


def _start(task: Callable[[], Counts]) -> _Running:
    """Start a task in a process of its own."""
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=lambda: there.send(task()))
    process.start()
    there.close()
    return process, here


def _result(running: _Running) -> Counts:
    process, pipe = running
    try:
        found: Counts = pipe.recv()
    except EOFError:
        found = Counts()
        found.harm["wrong"].append("a lane has ended with an error")
    process.join()
    return found


def main() -> int:
    """Run the controls, the lanes and the reader; return 1 when there was harm."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=500, help="at most, in all lanes")
    parser.add_argument("--minutes", type=float, default=60.0, help="0: no limit, no reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=2)
    parser.add_argument("--controls", action="store_true", help="plant faults first")
    parser.add_argument("--control", action="append", choices=sorted(_CONTROLS), metavar="FAULT")
    parser.add_argument("--no-reader", action="store_true")
    parser.add_argument("--steps", action="store_true", help="kill at steps, never at moments")
    parser.add_argument("--only", action="append", choices=sorted(_SHARES), metavar="COMMAND")
    parser.add_argument("--journal", type=Path, help="go on from what it says, and add to it")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    names = options.only or list(_SHARES)
    if shutil.which("tmux") is None and "chat" in names:
        parser.error("the chat needs tmux; leave it out with --only")
    journal = Journal(options.journal)
    counts, memory = journal.read(), MemoryRun()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="releaseqa-soak-") as scratch:
        base = Path(scratch)
        warm_up(base / "warm")
        planted = options.control or (list(_CONTROLS) if options.controls else [])
        controls = [
            partial(
                run_control, fault, base / f"control{number}", options.seed,
                steps_alone=options.steps,
            )
            for number, fault in enumerate(planted)
            if fault not in counts.controls
        ]  # fmt: skip
        for first in range(0, len(controls), options.lanes):
            for running in [_start(one) for one in controls[first : first + options.lanes]]:
                found = _result(running)
                journal.add(found)
                counts.add(found)
        end = time.monotonic() + options.minutes * 60 if options.minutes else float("inf")
        done = counts.kills.total()
        left = max(0, options.kills - done)
        lanes = [
            _start(partial(
                run_lane, base / f"lane{number}", options.seed + done + number,
                (left + options.lanes - 1 - number) // options.lanes, end, names, journal,
                steps_alone=options.steps,
            ))
            for number in range(options.lanes if left else 0)
        ]  # fmt: skip
        if options.minutes and not options.no_reader:
            memory = read_on(base / "reader", options.seed, end)
        for running in lanes:
            counts.add(_result(running))
    lines = [*counts.lines(), *memory_verdict(memory)]
    minutes = (time.monotonic() - started) / 60
    text = "\n".join([f"seeds from {options.seed}, {minutes:.0f} minutes", *lines]) + "\n"
    print(text, end="")
    if options.write:
        RESULTS.write_text(text + "".join(f"{line}\n" for line in memory.table()), "utf-8")
    return int(any(counts.harm.values()) or counts.unnoticed > 0 or memory.grew)


if __name__ == "__main__":
    raise SystemExit(main())
