"""A lane of the soak: a collection whose commands are killed, its twin, and readers that go on."""

import fcntl
import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import c_int
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import sleep
from typing import Protocol

from changing_sources import ChangingSources, text_of
from forks import FORK, in_fork
from index_parts import put
from same_collection import content_of
from soak_checks import Content
from soak_processes import Ran, draw_kill, kill_command, run_command

from qa import open_collection

STEADY = "steady"
"""Id of a release that never changes."""
_STEADY_TEXT = (
    "Lighthouse opens\n\nPEGGYS COVE - The lighthouse of Peggys Cove opens its door to visitors at "
    "eleven on every Sunday in July."
)
_STEADY_QUESTION = "When does the lighthouse of Peggys Cove open its door to visitors?"
_MOST_KILLS = 4
"""How often one command is killed at most before it may end."""


class Counting(Protocol):
    """Counts kills, and commands that had ended before theirs, by the command's name."""

    kills: Counter[str]
    ended: Counter[str]
    moments: int


@dataclass
class Lane:
    """A collection that is disturbed, its twin that is not, and what goes with them."""

    base: Path
    draw: random.Random
    steps_alone: bool
    sources: ChangingSources
    content: Content = field(default_factory=dict)
    step: int = 0

    @classmethod
    def begin(cls, base: Path, draw: random.Random, *, steps_alone: bool) -> "Lane":
        """Make the sources, the collection and its twin."""
        base.mkdir()
        os.environ["RELEASEQA_DATA"] = str(base / "data")
        lane = cls(base, draw, steps_alone, ChangingSources(base / "sources"))
        (base / "out").mkdir()
        put(
            lane.sources.folder / f"{STEADY}.jsonl",
            json.dumps({"id": STEADY, "text": _STEADY_TEXT}),
        )
        for number in range(4):
            lane.sources.add(f"a{number}.jsonl", 4)
        questions = [
            f"How much does {text_of(name, version).split(chr(10))[0].split(' for ')[1]} get for "
            f"its {text_of(name, version).split(' for ')[0].removeprefix('New ')}?"
            for name, version in lane.sources.held().items()
        ]
        lines = [_STEADY_QUESTION, *questions, *(f"{n}. {_STEADY_QUESTION}" for n in range(20))]
        lane.questions.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        for folder in (lane.collection, lane.twin):
            lane.run(folder, ["index", str(lane.sources.folder)])
        lane.content = lane.read(lane.twin)
        return lane

    @property
    def collection(self) -> Path:
        """The folder of the collection whose commands are killed."""
        return self.base / "c"

    @property
    def twin(self) -> Path:
        """The folder of the undisturbed one."""
        return self.base / "t"

    @property
    def reports(self) -> Path:
        """The folder that a watch of the collection reports to."""
        return self.base / "reports-c"

    @property
    def twin_reports(self) -> Path:
        """The folder that a watch of the twin reports to."""
        return self.base / "reports-t"

    @property
    def questions(self) -> Path:
        """A file of questions."""
        return self.base / "questions.txt"

    @property
    def _output(self) -> Path:
        return self.base / "output"

    def run(self, folder: Path, words: list[str], *, fault: bool = False) -> Ran:
        """Run a command to its end."""
        line = ["--index", str(folder), *words]
        return run_command(line, self._output, fault=fault)

    def kill(self, words: list[str], undisturbed: Ran) -> Ran:
        """Run a command that is killed."""
        line = ["--index", str(self.collection), *words]
        kill = draw_kill(undisturbed, self.draw, steps_alone=self.steps_alone)
        return kill_command(line, self._output, kill)

    def kills(
        self, name: str, counts: Counting, left: int, kill: Callable[[], Ran]
    ) -> Iterator[Ran]:
        """Yield the command as it was killed, some times."""
        for _ in range(min(left, self.draw.randint(1, _MOST_KILLS))):
            ran = kill()
            (counts.kills if ran.killed else counts.ended)[name] += 1
            counts.moments += ran.at_moment
            yield ran

    def read(self, folder: Path) -> Content:
        """Return what a collection holds."""
        return in_fork(partial(content_of, folder))

    @contextmanager
    def readers(self) -> Iterator[Callable[[], tuple[int, list[str]]]]:
        """Ask the collection all the while.

        Yields:
            What returns how many questions were asked since its last call, and what was wrong.
        """
        asked = FORK.Value("i", 0, lock=False)
        faults = self.base / "faults"
        faults.touch()
        process = FORK.Process(
            target=_ask_on, args=(self.collection, self.base / "lock", asked, faults)
        )
        process.start()
        taken, told = 0, 0

        def take() -> tuple[int, list[str]]:
            nonlocal taken, told
            number, lines = asked.value, faults.read_text("utf-8").splitlines()
            new = number - taken, lines[told:]
            taken, told = number, len(lines)
            return new

        try:
            yield take
        finally:
            process.kill()
            process.join()

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Have the readers wait: the log of a store stays while one has it open."""
        with (self.base / "lock").open("w") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield

    def start_over(self) -> None:
        """Put a copy of the twin in the place of a collection that is not as it should be.

        The reports of a watch go with it: they name the collection that they are of.
        """
        with self.quiet():
            for twin, other in (
                (self.twin, self.collection),
                (self.twin_reports, self.reports),
            ):
                shutil.rmtree(other, ignore_errors=True)
                if twin.exists():
                    shutil.copytree(twin, other)


def _ask_on(folder: Path, lock: Path, asked: c_int, faults: Path) -> None:
    """Open a collection and ask it, again and again."""
    os.nice(1)
    while True:
        with lock.open("a") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH)
            found = _ask_once(folder)
        asked.value += 1
        if found:
            with faults.open("a", encoding="utf-8") as out:
                out.write(f"reader: {found}\n")
        sleep(0.2)


def _ask_once(folder: Path) -> str:
    """Ask for what never changes; return what is wrong."""
    try:
        with open_collection(folder) as collection:
            answer = collection.ask(_STEADY_QUESTION, words_only=True, k=3)
            first = answer.passages[0]
            if first.release.id != STEADY or first.text not in _STEADY_TEXT:
                return f"the first passage is {first.passage_id}: {first.text[:80]!r}"
            if STEADY not in {release.id for release in collection.releases()}:
                return "a release is not listed"
    except BaseException as error:  # noqa: BLE001 - a reader must never fail, nor tantivy panic
        return repr(error)
    return ""
