"""The reader of the soak that lives long, and its memory.

One process keeps a collection open, asks it, and refreshes when it has changed. Beside it the
collection is updated, again and again, and some of the updates are killed.
"""

import os
import random
import signal
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from multiprocessing.connection import Connection
from pathlib import Path

from changing_sources import ChangingSources, change_something, text_of
from forks import FORK, in_fork
from refresh_memory import MAX_GROWTH, resident_bytes
from soak_processes import draw_kill, kill_command, run_command

from qa import open_collection

RELEASES = 300
WARM_UP = 0.25
"""The share of the readings before memory is expected to be flat: the caches fill up."""
_FEWEST = 8
"""Readings below which nothing is said of memory."""
_EVERY_S = 10.0
_PAUSE_S = 0.5
_KILLED = 0.3
"""The share of the updates that are killed."""


@dataclass
class MemoryRun:
    """What the reader did.

    Attributes:
        readings: Seconds since its start, with its resident memory in bytes.
        asked: Questions.
        refreshes: How often the collection had changed.
        updates: Updates of the collection, those that were killed included.
        killed: Updates that were killed.
        faults: What was wrong with answers.
    """

    readings: list[tuple[float, int]] = field(default_factory=list)
    asked: int = 0
    refreshes: int = 0
    updates: int = 0
    killed: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def growth(self) -> float | None:
        """By how much memory grew after the warm-up, by the slope of Theil and Sen (1968).

        It is the median of the slopes between all pairs of readings: some readings are much lower
        than those around them, while a file of the collection is not mapped. None if there are
        too few readings.
        """
        after = self.readings[int(len(self.readings) * WARM_UP) :]
        if len(after) < _FEWEST:
            return None
        slope = statistics.median(
            (size - earlier) / (now - before)
            for (before, earlier), (now, size) in combinations(after, 2)
        )
        first = statistics.median(size - slope * (now - after[0][0]) for now, size in after)
        return float(slope * (after[-1][0] - after[0][0]) / first)

    @property
    def grew(self) -> bool:
        """Whether it grew by more than is allowed."""
        return (self.growth or 0.0) > MAX_GROWTH

    def quarters(self) -> list[float]:
        """Return the median of the readings in each quarter of the time, in megabytes."""
        sizes = [size / 1e6 for _, size in self.readings]
        step = max(1, len(sizes) // 4)
        return [statistics.median(sizes[n * step : (n + 1) * step]) for n in range(4)]

    def table(self) -> Iterator[str]:
        """Yield some thirty readings, a line each."""
        step = max(1, len(self.readings) // 30)
        for seconds, size in self.readings[::step]:
            yield f"{seconds / 60:6.1f} min  {size / 1e6:7.1f} MB"


def memory_verdict(run: MemoryRun) -> Iterator[str]:
    """Yield what there is to say of the reader's memory."""
    if not run.readings:
        return
    yield (
        f"one reader: {run.asked} questions, {run.refreshes} refreshes after {run.updates} updates "
        f"({run.killed} of them killed), wrong: {len(run.faults)}"
    )
    if run.growth is None:
        yield "too few readings to tell whether its memory grows"
        return
    quarters = ", ".join(f"{size:.1f}" for size in run.quarters())
    yield (
        f"its memory by quarters of the time: {quarters} MB; growth after the first quarter: "
        f"{run.growth:+.1%} (at most {MAX_GROWTH:.0%})"
    )


def read_on(base: Path, seed: int, end: float) -> MemoryRun:
    """Update a collection and read it until time is up."""
    draw = random.Random(seed)
    base.mkdir()
    run = MemoryRun()
    sources = ChangingSources(base / "sources")
    for number in range(RELEASES // 20):
        sources.add(f"a{number}.jsonl", 20)
    folder, output = base / "c", base / "output"
    words = ["--index", str(folder), "index", str(sources.folder), "--prune", "--json"]
    first = run_command(words, output)
    if first.status != 0:
        raise RuntimeError(f"the first update failed: {first}")
    in_fork(lambda: _prepare(folder))  # loads torch, which must not count
    here, there = FORK.Pipe(duplex=False)
    reader = FORK.Process(target=_read, args=(there, folder, sources.held(), end))
    reader.start()
    there.close()
    undisturbed = run_command(words, output)
    while time.monotonic() < end and reader.is_alive():
        change_something(sources, draw, RELEASES // 2)
        run.updates += 1
        if draw.random() < _KILLED:
            kill = draw_kill(undisturbed, draw, steps_alone=False)
            run.killed += kill_command(words, output, kill).killed
        else:
            undisturbed = run_command(words, output)
            if undisturbed.status != 0:
                run.faults.append(f"an update failed: {undisturbed.out[-300:]}")
        time.sleep(_PAUSE_S)
    try:
        found: MemoryRun = here.recv()
    except EOFError:
        found = MemoryRun(faults=["the reader has ended with an error"])
    reader.join()
    found.updates, found.killed = run.updates, run.killed
    found.faults += run.faults
    for fault in found.faults:
        print(f"reader: {fault}", flush=True)
    return found


def _prepare(folder: Path) -> None:
    with open_collection(folder) as collection:
        collection.prepare_encoder()


def _read(pipe: Connection, folder: Path, versions: dict[str, int], end: float) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["OMP_NUM_THREADS"] = "1"
    draw = random.Random(1)
    run = MemoryRun()
    titles = [text_of(name, version).partition("\n")[0] for name, version in versions.items()]
    started = time.monotonic()
    due = 0.0
    with open_collection(folder) as collection:
        while time.monotonic() < end:
            thing, _, place = draw.choice(titles).removeprefix("New ").partition(" for ")
            answer = collection.ask(f"How much does {place} get for its {thing}?")
            run.asked += 1
            if not answer.passages:
                run.faults.append("no passage was found")
            run.refreshes += collection.refresh()
            if time.monotonic() - started >= due:
                run.readings.append((time.monotonic() - started, resident_bytes()))
                due += _EVERY_S
            time.sleep(_PAUSE_S)
    pipe.send(run)
