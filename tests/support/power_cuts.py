"""Commands under a power cut at any moment: what they did to the disk, and what is left of it.

    python tests/support/power_cuts.py FOLDER [--states N] [--seed N] [--leave-out WHAT]

In FOLDER it runs each command once, traced (`traced_disk`): `index` to make a collection and after
its sources changed, `remove`, `verify --repair`, `restore` to a new folder and over a collection, a
saved conversation, and an output file. Then it makes states that a power cut could have left
(`crash_states`), and opens each with the program:

- The content is what it was at a moment since the last commit or command that had ended: nothing
  that was acknowledged is lost, nothing that was not is there in part. Searches find what they
  found at that moment, and verifying finds nothing wrong that was not wrong then.
- The command, run again to the end, gives the same as an undisturbed run.

Prints a JSON object a state that is wrong, and one with the counts. Two options are for the test of
the test. `--leave-out PATTERN` takes the syncing of the files and folders with such a path out of
what was recorded, as if the program had left it out. `--copy` copies files in place of renaming
them.
"""

import argparse
import hashlib
import json
import os
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
from archives import archive_of
from crash_states import Cut, Tree, disks, draw_cuts
from interrupted_updates import change_sources, index, make_sources, prepare
from made_answers import made_answer
from same_collection import content_of, differences
from traced_disk import (
    ROOT,
    Enter,
    Mark,
    Move,
    Operation,
    Recording,
    Resize,
    Sync,
    UntraceableError,
    Write,
    mark,
    record,
)

from index.archive.restore import restore_archive
from index.encoders.model import load_model
from index.errors import (
    CollectionDamagedError,
    CollectionNotFoundError,
    ReleaseIndexError,
    ReleaseNotFoundError,
)
from index.filters import NO_FILTERS
from index.ingest.update import remove_releases
from index.search.searcher import Searcher
from index.store.sqlite import Database
from index.verify.repair import repair_collection
from index.verify.verify import verify_collection
from qa.atomic_file import output_text
from qa.errors import SessionStoreError
from qa.sessions.store import open_sessions
from qa.sessions.types import Judgement, Remark

Outcome = tuple[Any, ...]
"""What a program sees in a state."""

_NOTHING: Outcome = ("nothing",)
_ERROR = "error"
_BEGIN, _END, _COMMIT = "begin ", "end ", "commit"
_WORDS = (("bridge", "open"), ("librari",), ("tunnel", "ferri"))
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
_OUTPUTS = ("first\n" * 900, "second\n" * 700)
UNTRACEABLE = 3
"""The exit status where nothing can be traced."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything is.

    Attributes:
        base: The folder of all.
    """

    base: Path

    @property
    def disk(self) -> Path:
        """The folder that is on the disk whose power is cut."""
        return self.base / "disk"

    @property
    def collection(self) -> Path:
        """The collection."""
        return self.disk / "c"

    @property
    def restored(self) -> Path:
        """The collection that is restored to a new folder."""
        return self.disk / "r"

    @property
    def sessions(self) -> Path:
        """The file of saved conversations."""
        return self.disk / "data" / "sessions.sqlite3"

    @property
    def output(self) -> Path:
        """An output file."""
        return self.disk / "answers.jsonl"

    @property
    def sources(self) -> Path:
        """The sources, which are not on that disk."""
        return self.base / "sources"

    @property
    def archive(self) -> Path:
        """A backup, which is not on that disk."""
        return self.base / "backup.zip"


@dataclass(frozen=True, slots=True)
class Command:
    """A command whose power is cut.

    Attributes:
        name: Its name.
        run: Runs it for the first time.
        look: Returns what a program sees of what it writes.
        finish: Runs it to the end after a power cut; returns what must be the same each time.
    """

    name: str
    run: Callable[[Places], None]
    look: Callable[[Places], Outcome]
    finish: Callable[[Places], dict[str, Any]]


def look_at_collection(folder: Path) -> Outcome:
    """Return what a collection holds and finds, and what verifying it finds wrong."""
    try:
        with closing(Searcher(folder)) as searcher:
            digest = hashlib.sha256()
            for (table,) in searcher.store.rows(_TABLES):
                digest.update(repr((table, searcher.store.rows(f"SELECT * FROM {table}"))).encode())  # noqa: S608
            query = np.random.default_rng(1).standard_normal(searcher.store.dimension)
            found = [searcher.search_lexical(words, 5, NO_FILTERS) for words in _WORDS]
            if query.size:
                found.append(searcher.search_dense(query.astype(np.float32), 5, NO_FILTERS))
        wrong = {
            f"{finding.name} {finding.detail}"
            for finding in verify_collection(folder).findings
            if finding.verdict == "wrong"
        }
    except CollectionNotFoundError:
        return _NOTHING
    except CollectionDamagedError as error:
        if "older version" in str(error):  # its tables are not all there yet
            return _NOTHING
        raise
    return digest.hexdigest(), repr(found), tuple(sorted(wrong))


def look_at_sessions(path: Path) -> Outcome:
    """Return all rows of the saved conversations."""
    if not path.exists():
        return _NOTHING
    with open_sessions(path) as store:
        for session in store.sessions():
            store.transcript(session)
    with closing(sqlite3.connect(path)) as connection:
        ((whole,),) = connection.execute("PRAGMA integrity_check")
        assert whole == "ok", whole
        rows = tuple(
            (table, tuple(connection.execute(f"SELECT * FROM {table}")))  # noqa: S608
            for (table,) in connection.execute(_TABLES).fetchall()
            if table not in {"migrations", "sqlite_sequence"}
        )
    return rows if any(row for _, row in rows) else _NOTHING


def look_at_output(path: Path) -> Outcome:
    """Return the content of an output file."""
    if not path.exists():
        return _NOTHING
    found = path.read_text(encoding="utf-8")
    assert found in _OUTPUTS, "it is there in part"
    return (found,)


def _remove(places: Places) -> None:
    remove_releases(places.collection, ["a1", "f1"])


def _remove_again(places: Places) -> dict[str, Any]:
    with suppress(ReleaseNotFoundError):
        _remove(places)
    return _repair(places)


def _repair(places: Places) -> dict[str, Any]:
    repair_collection(places.collection)
    return content_of(places.collection)


def _index(places: Places) -> dict[str, Any]:
    index(places.collection, places.sources)
    return content_of(places.collection)


def _restore(folder: Path, archive: Path) -> dict[str, Any]:
    restore_archive(archive, folder, force=True)
    beside = sorted(path.name for path in folder.parent.iterdir() if "restore" in path.name)
    return {**content_of(folder), "beside": beside}


def _restore_over(places: Places) -> dict[str, Any]:
    return _restore(places.collection, places.archive)


def _restore_new(places: Places) -> dict[str, Any]:
    return _restore(places.restored, places.archive)


def _converse(places: Places) -> None:
    with open_sessions(places.sessions) as store:
        session = store.begin("c", "talk")
        first = store.ask(session.key, "When does the bridge open?")
        store.settle(first, "done", made_answer())
        store.remark(first, Remark("bridge-2023#3", pinned=True, note="Check it."))
        second = store.ask(session.key, "What did it cost?")
        store.settle(second, "failed", None, "no answer")
        store.judge("c", [Judgement("When?", "bridge-2023", "bridge-2023#3", 1, ("June 3",))])
    with open_sessions(places.sessions) as store:
        other = store.begin("c", "other")
        store.ask(other.key, "Who opens it?")
        store.remove(session.key)


def _converse_on(places: Places) -> dict[str, Any]:
    """Go on with what is there; all of it has to be there afterwards."""
    before = look_at_sessions(places.sessions)
    with open_sessions(places.sessions) as store:
        later = store.begin("c", "later")
        store.settle(store.ask(later.key, "And then?"), "done", made_answer())
        (turn,) = store.turns(later.key)
        assert turn.answer == made_answer()
    after = look_at_sessions(places.sessions)
    for table, rows in before if before != _NOTHING else ():
        assert set(rows) <= set(dict(after)[table]), table
    return {}


def _write_twice(places: Places) -> None:
    for text in _OUTPUTS:
        with output_text(places.output) as stream:
            stream.write(text)
        mark(_COMMIT)


def _write_again(places: Places) -> dict[str, Any]:
    with output_text(places.output) as stream:
        stream.write("again")
    return {"": places.output.read_text(encoding="utf-8")}


def _of_collection(places: Places) -> Outcome:
    return look_at_collection(places.collection)


COMMANDS = (
    Command("index", lambda p: index(p.collection, p.sources), _of_collection, _index),
    Command("index --prune", lambda p: index(p.collection, p.sources), _of_collection, _index),
    Command("remove", _remove, _of_collection, _remove_again),
    Command(
        "verify --repair", lambda p: repair_collection(p.collection), _of_collection, _repair
    ),
    Command(
        "restore", lambda p: restore_archive(p.archive, p.restored),
        lambda p: look_at_collection(p.restored), _restore_new,
    ),
    Command(
        "restore --force", lambda p: restore_archive(p.archive, p.collection, force=True),
        _of_collection, _restore_over,
    ),
    Command("chat", _converse, lambda p: look_at_sessions(p.sessions), _converse_on),
    Command("batch -o", _write_twice, lambda p: look_at_output(p.output), _write_again),
)  # fmt: skip
_FIRST_SOURCES = {"index"}


def run_all(places: Places) -> None:
    """Run each command, with marks for the trace."""
    _mark_commits()
    make_sources(places.sources)
    shutil.copytree(places.sources, places.base / "first")
    for command in COMMANDS:
        if command.name == "index --prune":
            change_sources(places.sources)
            shutil.copytree(places.sources, places.base / "second")
        elif command.name == "remove":
            archive_of(places.collection, places.archive)
        elif command.name == "verify --repair":
            _damage(places.collection / "derived")
        mark(_BEGIN + command.name)
        command.run(places)
        mark(_END + command.name)


def _mark_commits() -> None:
    real = Database.execute

    @wraps(real)
    def execute(database: Database, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        cursor = real(database, sql, values)
        if sql == "COMMIT":
            mark(_COMMIT)
        return cursor

    Database.execute = execute  # type: ignore[method-assign]


def _damage(derived: Path) -> None:
    """Damage the vector file as a bad disk does."""
    (path,) = derived.glob("vectors-*")
    with path.open("r+b") as stream:
        stream.seek(-8, os.SEEK_END)
        stream.write(b"\xa5" * 8)
        stream.flush()
        os.fsync(stream.fileno())


class Checker:
    """Compares what power cuts leave with what was there before them."""

    def __init__(self, places: Places, recording: Recording, honest: Recording) -> None:
        """Take what was done.

        Args:
            places: Where it was done.
            recording: What is cut.
            honest: What was really done, with as many operations.
        """
        self._places, self._recording = places, recording
        self._whole = [disk.tree("all") for _, disk in disks(honest)]
        self._command: list[Command | None] = [None]
        self._since = [0]
        by_name = {command.name: command for command in COMMANDS}
        for number, operation in enumerate(honest.operations):
            current, since = self._command[-1], self._since[-1]
            if isinstance(operation, Mark):
                since = number + 1
                if operation.text.startswith(_BEGIN):
                    current = by_name[operation.text.removeprefix(_BEGIN)]
            self._command.append(current)
            self._since.append(since)
        self._seen: dict[tuple[str, bytes], Outcome] = {}
        self._finished: dict[str, dict[str, Any]] = {}
        self._ends = {
            operation.text.removeprefix(_END): number
            for number, operation in enumerate(honest.operations)
            if isinstance(operation, Mark) and operation.text.startswith(_END)
        }
        self._sources = ""

    def moments(self, names: Collection[str]) -> list[int]:
        """Return the moments of some commands: before each syncing, after anything else."""
        return [
            after
            for number, operation in enumerate(self._recording.operations)
            for after in [number if isinstance(operation, Sync) else number + 1]
            if getattr(self._command[after], "name", None) in names
        ]

    def check(self, cuts: Sequence[Cut]) -> Iterator[tuple[Cut, str, list[str]]]:
        """Yield each cut of a command, the command, and what is wrong; each state but once."""
        seen: set[tuple[str, int, bytes]] = set()
        wanted: dict[int, list[Cut]] = {}
        for cut in cuts:
            wanted.setdefault(cut.after, []).append(cut)
        for after, disk in disks(self._recording):
            command = self._command[after]
            if command is None:
                continue
            for cut in wanted.get(after, ()):
                tree = disk.tree(cut.kept)
                state = (command.name, self._since[after], digest_of(tree))
                if state not in seen:
                    seen.add(state)
                    yield cut, command.name, self._faults(command, after, tree)

    def _faults(self, command: Command, after: int, tree: Tree) -> list[str]:
        found = self._look(command, tree)
        allowed: list[Outcome] = []
        for moment in range(after, self._since[after] - 1, -1):
            then = self._look(command, self._whole[moment])
            if then[0] == _ERROR:
                continue
            if then not in allowed:
                allowed.append(then)
            if then == found:
                break
        else:
            return [f"it is {str(found)[:300]}, and was one of {str(allowed)[:500]}"]
        self._put(command, tree)
        try:
            finished = command.finish(self._places)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
            return [f"it cannot go on: {error!r}"]
        return differences(self._undisturbed(command), finished)

    def _undisturbed(self, command: Command) -> dict[str, Any]:
        if command.name not in self._finished:
            self._put(command, self._whole[self._ends[command.name]])
            self._finished[command.name] = command.finish(self._places)
        return self._finished[command.name]

    def _look(self, command: Command, tree: Tree) -> Outcome:
        key = (command.name, digest_of(tree))
        if key not in self._seen:
            self._put(command, tree)
            try:
                outcome = command.look(self._places)
            except (ReleaseIndexError, SessionStoreError, AssertionError) as error:
                outcome = (_ERROR, repr(error))
            self._seen[key] = outcome
        return self._seen[key]

    def _put(self, command: Command, tree: Tree) -> None:
        """Put a state on the disk, and the sources of the command beside it."""
        shutil.rmtree(self._places.disk, ignore_errors=True)
        self._places.disk.mkdir()
        for name, content in tree.items():
            path = self._places.disk / name
            if content is None:
                path.mkdir()
            else:
                path.write_bytes(content)
        sources = "first" if command.name in _FIRST_SOURCES else "second"
        if sources != self._sources:
            shutil.rmtree(self._places.sources, ignore_errors=True)
            shutil.copytree(self._places.base / sources, self._places.sources)
            self._sources = sources


def digest_of(tree: Tree) -> bytes:
    """Return a hash of a state."""
    digest = hashlib.blake2b(digest_size=16)
    for name, content in tree.items():
        digest.update(f"{name}\0{-1 if content is None else len(content)}\0".encode())
        digest.update(content or b"")
    return digest.digest()


def _copy(source: Path, target: Path) -> Path:
    """Do as `Path.replace` does for a file, but in steps."""
    if source.is_dir():
        os.rename(source, target)  # noqa: PTH104 - it is replaced
    else:
        shutil.copyfile(source, target)
        with target.open("rb") as stream:
            os.fsync(stream.fileno())
        source.unlink()
    return target


def names_of(recording: Recording) -> dict[int, str]:
    """Return the path that each file and folder had last."""
    places: dict[int, tuple[int, str]] = {}
    for operation in recording.operations:
        if isinstance(operation, Enter):
            places[operation.node] = (operation.folder, operation.name)
        elif isinstance(operation, Move):
            places[operation.node] = (operation.to_folder, operation.to_name)

    def path(node: int) -> str:
        return "disk" if node == ROOT else f"{path(places[node][0])}/{places[node][1]}"

    return {ROOT: "disk", **{node: path(node) for node in places}}


def left_out(recording: Recording, pattern: str) -> Recording:
    """Return the recording of a program that does not sync what has a path of this pattern."""
    paths = names_of(recording)
    done = tuple(
        Mark("left out") if isinstance(o, Sync) and fnmatchcase(paths[o.node], pattern) else o
        for o in recording.operations
    )
    assert done != recording.operations, f"{pattern} is not synced"
    return replace(recording, operations=done)


def main(arguments: Sequence[str]) -> int:
    """Record, cut, check; print what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--states", type=int, default=100, help="states to draw")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--leave-out", metavar="PATTERN", action="append", default=[])
    parser.add_argument("--only", metavar="COMMAND", action="append", help="default: all")
    parser.add_argument("--copy", action="store_true")
    parser.add_argument("--record", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    places = Places(chosen.folder.resolve())
    prepare(load_model())
    if chosen.copy:
        Path.rename = Path.replace = _copy  # type: ignore[assignment, method-assign]
    if chosen.record:
        run_all(places)
        return 0
    places.disk.mkdir(parents=True)
    script = Path(__file__)
    try:
        recording = record(
            [sys.executable, script, places.base, "--record", *["--copy"] * chosen.copy],
            places.disk, places.base / "trace", os.environ,
        )  # fmt: skip
    except UntraceableError as error:
        sys.stderr.write(f"{error}\n")
        return UNTRACEABLE
    _compare(places.disk, recording)
    for what in chosen.leave_out or [""]:
        cut = left_out(recording, what) if what else recording
        checker = Checker(places, cut, recording)
        moments = checker.moments(chosen.only or [command.name for command in COMMANDS])
        _check(checker, cut, draw_cuts(cut, moments, chosen.states, chosen.seed), what)
    return 0


def _compare(disk: Path, recording: Recording) -> None:
    """Assert that the recording holds everything that was done."""
    *_, (_, last) = disks(recording)
    really = {
        str(path.relative_to(disk)): None if path.is_dir() else path.read_bytes()
        for path in disk.rglob("*")
    }
    recorded = last.tree("all")
    other = [n for n in {**really, **recorded} if really.get(n, b"-") != recorded.get(n, b"-")]
    assert [] == [name for name in other if not name.endswith("-shm")], other


def _check(checker: Checker, recording: Recording, cuts: Sequence[Cut], what: str) -> None:
    counts: Counter[str] = Counter()
    wrong = 0
    for cut, command, faults in checker.check(cuts):
        counts[command] += 1
        if faults:
            wrong += 1
            before = recording.operations[cut.after - 1]
            _print({
                "left out": what, "command": command, "after": cut.after, "kept": cut.kept,
                "last": _named(before, names_of(recording)), "faults": faults[:5],
            })  # fmt: skip
    _print({"left out": what, "states": counts.total(), "wrong": wrong, "of": dict(counts)})


def _named(operation: Operation, paths: dict[int, str]) -> str:
    if isinstance(operation, Write):
        return f"write {len(operation.data)} at {operation.offset} of {paths[operation.node]}"
    if isinstance(operation, Resize | Sync):
        return f"{type(operation).__name__.lower()} {paths[operation.node]}"
    return str(operation)


def _print(found: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(found)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
