"""A collection under commands in any order, some of them killed, against a dictionary.

    python tests/support/collection_machine.py [--examples N] [--steps N] [--random] [--play]

The dictionary has the version of each release that the collection must hold. Commands run in
forked processes, with a made encoder. A kill is at a point where it could matter, as in
`interrupted_updates`: afterwards each release is as before the command or as after it. A reader
stays open in a process of its own; it asks, and refreshes now and then.

hypothesis draws the commands and their order. `--play` runs them in a fixed order instead, with
many kills. RELEASEQA_PLANTED_FAULT names a fault of `planted_faults` that the commands have.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from changing_sources import ChangingSources, mark, version_of
from forks import FORK, in_fork
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from interrupted_updates import Points, forked, index, prepare
from planted_faults import FAULTS, VARIABLE

from index.encoders.model import load_model
from index.filters import NO_FILTERS
from index.ingest.update import remove_releases, update_collection
from index.search.searcher import Searcher
from index.store import artifacts
from index.verify.repair import repair_collection
from index.verify.verify import verify_collection
from qa import open_collection

Versions = dict[str, int]

_FILES = 4
_POINTS = st.integers(1, 30)
_ANY = st.integers(0, 1_000_000)
_SOUGHT = 3
_COMMON = (
    "the people of Halifax asked for a bridge",
    "who gets thousand dollars for its library",
)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a collection holds.

    Attributes:
        held: The version of each release.
        wrong: What verifying it finds wrong.
        missing: Releases, among those sought, that searching their word does not find.
        pending: How many passages are not encoded yet.
        stray: How many files of interrupted commands there are to remove.
    """

    held: Versions
    wrong: list[str]
    missing: list[str]
    pending: int
    stray: int


def look(folder: Path, sought: Sequence[str]) -> Looked:
    """Read a collection; search some of its releases."""
    with closing(Searcher(folder)) as searcher:
        store = searcher.store
        texts = dict(store.rows("SELECT release_id, text FROM releases"))
        held = {name: version_of(name, text) for name, text in texts.items()}
        missing = []
        for name in set(sought) & set(held):
            hits = searcher.search_lexical([mark(name, held[name])], 5, NO_FILTERS)
            found = store.passages([key for key, _ in hits]).values()
            if not any(p.passage_id.startswith(f"{name}#") for p in found):
                missing.append(name)
        current = {row[0] for row in store.rows("SELECT name FROM derived")}
        pending, stray = store.pending(), len(artifacts.stray_files(folder, current)[0])
    wrong = [
        f"{finding.name} {finding.place} {finding.detail}"
        for finding in verify_collection(folder).findings
        if finding.verdict == "wrong"
    ]
    return Looked(held, wrong, missing, pending, stray)


class OpenReader:
    """A collection that another process keeps open."""

    def __init__(self, folder: Path) -> None:
        """Open it."""
        self._pipe, there = FORK.Pipe()
        self._process = FORK.Process(target=_serve, args=(there, folder), daemon=True)
        self._process.start()
        there.close()

    def refresh(self) -> None:
        """Search it as it is now."""
        self._pipe.send(None)
        self._pipe.recv()

    def ask(self, question: str) -> list[tuple[str, str]]:
        """Return the release and the text of each passage that was found."""
        self._pipe.send(question)
        found: list[tuple[str, str]] = self._pipe.recv()
        return found

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Any, folder: Path) -> None:
    with open_collection(folder) as collection:
        while True:
            question = pipe.recv()
            if question is None:
                pipe.send(collection.refresh())
                continue
            answer = collection.ask(question, words_only=True, k=5)
            pipe.send([
                (name, passage.text)
                for passage in answer.passages
                for name in (passage.release.id, *passage.also_in)
            ])  # fmt: skip


class CollectionMachine(RuleBasedStateMachine):
    """Commands on a collection, and what it must hold."""

    def __init__(self) -> None:
        """Begin with a collection of two files."""
        super().__init__()
        self._scratch = tempfile.TemporaryDirectory(prefix="releaseqa-machine-")
        base = Path(self._scratch.name)
        self.folder, self._named = base / "c", base / "point"
        self.sources = ChangingSources(base / "sources")
        self.held: Versions = {}
        self.whole = False
        """Whether the last command ended, so that all that is held must be found."""
        self.encoded = True
        """Whether no update was killed since the last one that ended: only updates encode."""
        self.refreshed = False
        """Whether the reader has seen all changes."""
        for number in range(2):
            self.sources.add(f"f{number}.jsonl", 2)
        self.index(prune=False)
        self._reader = OpenReader(self.folder)

    def teardown(self) -> None:
        """Remove everything."""
        self._reader.close()
        self._scratch.cleanup()

    # The sources

    @rule(file=st.integers(0, _FILES - 1), count=st.integers(1, 3))
    def add(self, file: int, count: int) -> None:
        """Add releases to a file, or a file."""
        self.sources.add(f"f{file}.jsonl", count)

    @precondition(lambda self: self.sources.held())
    @rule(which=_ANY)
    def change(self, which: int) -> None:
        """Change a release."""
        self.sources.change(_one_of(self.sources.held(), which))

    @precondition(lambda self: self.sources.held())
    @rule(which=_ANY)
    def withdraw(self, which: int) -> None:
        """Take a release out of its file."""
        self.sources.withdraw(_one_of(self.sources.held(), which))

    @precondition(lambda self: len(self.sources.files) > 1)
    @rule(which=_ANY)
    def remove_file(self, which: int) -> None:
        """Remove a file."""
        self.sources.remove(_one_of(self.sources.files, which))

    @precondition(lambda self: 0 < len(self.sources.files) < _FILES)
    @rule(which=_ANY)
    def rename_file(self, which: int) -> None:
        """Give a file the name of one that is not there, or not any more."""
        free = [n for n in range(_FILES) if f"f{n}.jsonl" not in self.sources.files]
        self.sources.rename(_one_of(self.sources.files, which), f"f{free[0]}.jsonl")

    # Commands that end

    @rule(prune=st.booleans())
    def index(self, *, prune: bool) -> None:
        """Index the sources."""
        self.encoded = True
        self._run(self._index(prune=prune), self._indexed(prune=prune))

    @precondition(lambda self: self.held)
    @rule(which=_ANY)
    def remove(self, which: int) -> None:
        """Remove a release; the next update of its source adds it again."""
        name = _one_of(self.held, which)
        self._run(partial(_remove, self.folder, name), _without(self.held, name))

    @rule(which=_ANY, gone=st.booleans())
    def repair(self, which: int, *, gone: bool) -> None:
        """Damage what is derived, and repair it."""
        self._damage(which, gone=gone)
        self._run(partial(repair_collection, self.folder), self.held)

    # Commands that are killed

    @rule(prune=st.booleans(), point=_POINTS)
    def kill_index(self, *, prune: bool, point: int) -> None:
        """Kill an update."""
        self.encoded = False
        self._kill(self._index(prune=prune), self._indexed(prune=prune), point)

    @precondition(lambda self: self.held)
    @rule(which=_ANY, point=_POINTS)
    def kill_remove(self, which: int, point: int) -> None:
        """Kill the removal of a release."""
        name = _one_of(self.held, which)
        self._kill(partial(_remove, self.folder, name), _without(self.held, name), point)

    @rule(which=_ANY, gone=st.booleans(), point=_POINTS)
    def kill_repair(self, which: int, *, gone: bool, point: int) -> None:
        """Kill a repair."""
        self._damage(which, gone=gone)
        self._kill(partial(repair_collection, self.folder), self.held, point, damaged=True)

    # Reading

    @rule()
    def refresh(self) -> None:
        """Have the reader search the collection as it is."""
        self._reader.refresh()
        self.refreshed = True

    @precondition(lambda self: self.held)
    @rule(which=_ANY)
    def ask(self, which: int) -> None:
        """Ask the reader: it finds no words that are not held, and those that are."""
        name = _one_of(self.held, which)
        found = self._reader.ask(f"What is in the file {mark(name, self.held[name])}?")
        for question in ("", *_COMMON):
            for release, text in self._reader.ask(question) if question else found:
                held = self.held.get(release)
                assert held is not None, f"{release} is not held, and found: {text!r}"
                assert "mark" not in text or mark(release, held) in text, (release, held, text)
        if self.whole and self.refreshed:
            assert name in {release for release, _ in found}, (name, found)

    # How they run

    def _index(self, *, prune: bool) -> Callable[[], object]:
        if prune:
            return partial(index, self.folder, self.sources.folder)
        return partial(update_collection, self.folder, [self.sources.folder])

    def _indexed(self, *, prune: bool) -> Versions:
        return self.sources.held() if prune else self.held | self.sources.held()

    def _damage(self, which: int, *, gone: bool) -> None:
        paths = [path for path in (self.folder / artifacts.FOLDER).rglob("*") if path.is_file()]
        if paths:
            path = sorted(paths)[which % len(paths)]
            # A new file in its place: what is mapped by the open reader stays as it was. Writing
            # into a mapped file would change the reader's memory, which no reader can stand.
            path.unlink()
            if not gone:
                path.write_bytes(b"damaged")

    def _run(self, act: Callable[[], object], after: Versions) -> None:
        assert 0 == forked(partial(_with_fault, act))
        self._ended(after)

    def _ended(self, after: Versions) -> None:
        self.refreshed = False
        self.held, self.whole = after, True
        self._check(self._look())

    def _kill(
        self, act: Callable[[], object], after: Versions, point: int, *, damaged: bool = False
    ) -> None:
        status = forked(partial(_die_at, act, point))
        assert status in {0, -signal.SIGKILL}, status
        if status == 0:  # it ended before the point
            self._ended(after)
            return
        found = self._look()
        for name in {*self.held, *after, *found.held}:
            allowed = {self.held.get(name), after.get(name)}
            assert found.held.get(name) in allowed, f"{name}: {found.held.get(name)}, not {allowed}"
        self.held, self.whole, self.refreshed = found.held, False, False
        if not damaged:
            self._check(found)

    def _look(self) -> Looked:
        names = sorted(self.held)
        sought = random.Random(len(names)).sample(names, min(_SOUGHT, len(names)))
        return in_fork(partial(look, self.folder, sought))

    def _check(self, found: Looked) -> None:
        assert self.held == found.held, f"held: {found.held}, not {self.held}"
        if self.whole:
            assert ([], [], 0) == (found.wrong, found.missing, found.stray), found
            assert found.pending == 0 or not self.encoded, found


def _one_of(names: Versions | dict[str, Versions], which: int) -> str:
    return sorted(names)[which % len(names)]


def _without(versions: Versions, name: str) -> Versions:
    return {other: version for other, version in versions.items() if other != name}


def _remove(folder: Path, name: str) -> None:
    remove_releases(folder, [name])


def _with_fault(act: Callable[[], object]) -> None:
    if fault := os.environ.get(VARIABLE):
        FAULTS[fault]()
    act()


def _die_at(act: Callable[[], object], point: int) -> None:
    points = Points(lambda: os.kill(os.getpid(), signal.SIGKILL), point)

    def watched() -> None:
        points.watch_all()
        act()

    _with_fault(watched)


def play() -> None:
    """Run the commands in a fixed order: an update killed at one point after another."""
    machine = CollectionMachine()
    try:
        for point in range(1, 16, 2):
            machine.add(point % _FILES, 1)
            machine.change(point)
            machine.kill_index(prune=point % 4 == 1, point=point)
            machine.ask(point)
            machine.index(prune=True)
            machine.refresh()
            machine.ask(point)
        machine.remove(3)
        machine.index(prune=False)
    finally:
        machine.teardown()


def main(arguments: Sequence[str]) -> None:
    """Run as many examples as wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=8)
    parser.add_argument("--steps", type=int, default=15)
    parser.add_argument("--random", action="store_true", help="other examples in each run")
    parser.add_argument("--play", action="store_true")
    chosen = parser.parse_args(arguments)
    prepare(load_model())
    if chosen.play:
        play()
        return
    more = [Phase.shrink] if chosen.random else []
    run_state_machine_as_test(
        CollectionMachine,
        settings=settings(
            max_examples=chosen.examples, stateful_step_count=chosen.steps, deadline=None,
            derandomize=not chosen.random, database=None, suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate, *more],
        ),
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
