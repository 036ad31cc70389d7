"""Kill every command that writes, again and again, and check that nothing was lost or is different.

    python benchmarks/soak.py [--kills 500] [--minutes 60] [--seed 1] [--lanes 2] [--write]

Each lane has sources that change, a collection over them, and a twin of that collection. A step
runs a command on the twin, undisturbed: what the collection has to hold afterwards. The same
command is started on the collection and killed with SIGKILL, one to three times, each at a random
moment; and then it runs to its end. All the while other processes open the collection and ask.

Checked after a kill: a release that the command does not change is there, with its text, and its
words are found; one that it changes is there as before or as after. Verifying finds nothing wrong.
An output file is the old one or the new one, whole. Of a conversation at most the question in hand
is missing. A command that had printed its result is done. Checked after the command has ended: the
collection, row by row, is that of the twin; so are the questions that a watch
has answered. An output file is the one that the command writes undisturbed.

Beside the lanes, one process opens a collection that is updated and killed like the others, asks,
and refreshes, for all of the minutes. It must not take more and more memory.

The lanes fork their commands from a process in which everything is loaded, and passages get
made vectors, so that the kills are not spent on loading libraries. Only the chat runs as users
start it, in a terminal.

`--points` kills at a step that makes something last, by its number, in place of a moment: what
happens is then the same in every run. RELEASEQA_PLANTED_FAULT names a fault of
`tests/support/planted_faults.py` that is planted in the commands that are killed; the soak must
find it.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # a process with threads cannot be forked safely

from forks import FORK  # noqa: E402
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
_SAID_EVERY = 25


@dataclass
class Counts:
    """What the lanes counted.

    Attributes:
        kills: By command.
        ended: Commands that had ended before the kill, by command.
        asked: Questions that other processes asked meanwhile.
        harm: What was lost, wrong or different, a line each, by its kind.
    """

    kills: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    harm: dict[str, list[str]] = field(
        default_factory=lambda: {kind: [] for kind in ("lost", "wrong", "different")}
    )

    def add(self, other: "Counts") -> None:
        """Add what another lane counted."""
        self.kills += other.kills
        self.ended += other.ended
        self.asked += other.asked
        for kind, lines in other.harm.items():
            self.harm[kind] += lines

    def lines(self) -> Iterator[str]:
        """Yield the result."""
        by_command = ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
        yield f"{self.kills.total()} kills: {by_command}"
        yield f"{self.ended.total()} more commands had ended before their kill"
        yield f"{self.asked} questions asked by other processes meanwhile"
        yield ", ".join(f"{kind}: {len(lines)}" for kind, lines in self.harm.items())


def run_lane(
    folder: Path, seed: int, kills: int, end: float, names: list[str], *, points: bool
) -> Counts:
    """Kill and check until there were enough kills, or time is up."""
    draw = random.Random(seed)
    counts = Counts()
    shares = [_SHARES[name] for name in names]
    lane = Lane.begin(folder, draw, points=points)
    said = 0
    with lane.readers() as asked:
        while counts.kills.total() < kills and time.monotonic() < end:
            (name,) = draw.choices(names, shares)
            for kind, line in COMMANDS[name](lane, counts, kills - counts.kills.total()):
                counts.harm[kind].append(f"{name}: {line}")
                print(f"seed {seed}, kill {counts.kills.total()}, {name}: {kind}: {line}",
                      flush=True)  # fmt: skip
            if counts.kills.total() >= said + _SAID_EVERY:
                said = counts.kills.total()
                print(f"seed {seed}: {said} kills", file=sys.stderr, flush=True)
        counts.asked, faults = asked()
    counts.harm["wrong"] += faults
    return counts


def _send(pipe: Connection, lane: Callable[[], Counts]) -> None:
    pipe.send(lane())


def main() -> int:
    """Run the lanes and the reader; return 1 when there was harm."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=500, help="at most, in all lanes")
    parser.add_argument("--minutes", type=float, default=60.0, help="0: no limit, no reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=2)
    parser.add_argument("--no-reader", action="store_true")
    parser.add_argument("--points", action="store_true")
    parser.add_argument("--only", action="append", choices=sorted(_SHARES), metavar="COMMAND")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    names = options.only or list(_SHARES)
    if shutil.which("tmux") is None and "chat" in names:
        parser.error("the chat needs tmux; leave it out with --only")
    started = time.monotonic()
    end = started + options.minutes * 60 if options.minutes else float("inf")
    counts, memory = Counts(), MemoryRun()
    with tempfile.TemporaryDirectory(prefix="releaseqa-soak-") as scratch:
        base = Path(scratch)
        warm_up(base / "warm")
        lanes = []
        for number in range(options.lanes):
            here, there = FORK.Pipe(duplex=False)
            share = (options.kills + options.lanes - 1 - number) // options.lanes
            lane = partial(
                run_lane, base / f"lane{number}", options.seed + number, share, end, names,
                points=options.points,
            )  # fmt: skip
            process = FORK.Process(target=_send, args=(there, lane))
            process.start()
            there.close()
            lanes.append((process, here))
        if options.minutes and not options.no_reader:
            memory = read_on(base / "reader", options.seed, end)
        for process, pipe in lanes:
            counts.add(pipe.recv())
            process.join()
    lines = [*counts.lines(), *memory_verdict(memory)]
    minutes = (time.monotonic() - started) / 60
    text = "\n".join([f"seeds from {options.seed}, {minutes:.0f} minutes", *lines]) + "\n"
    print(text, end="")
    if options.write:
        RESULTS.write_text(text + "".join(f"{line}\n" for line in memory.table()), "utf-8")
    return int(any(counts.harm.values()) or memory.grew)


if __name__ == "__main__":
    raise SystemExit(main())
