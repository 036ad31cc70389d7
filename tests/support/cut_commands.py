"""The commands that write, as power cuts hit them, and what a program sees of their work.

Each is run once, with marks in the trace (`traced_disk`): at its beginning and end, and after each
commit, from which on what was written is acknowledged. `look` returns what is there, in a form that
can be compared. `finish` runs the command to the end after a power cut, and returns what must be
the same as after an undisturbed run.
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from archives import archive_of
from interrupted_updates import change_sources, index, make_sources
from made_answers import MadeCollection, made_answer
from same_collection import content_of
from traced_disk import mark

from index.archive.read import open_archive
from index.archive.restore import restore_archive
from index.archive.write import write_archive
from index.errors import (
    CollectionDamagedError,
    CollectionNotFoundError,
    ReleaseNotFoundError,
)
from index.filters import NO_FILTERS
from index.ingest.update import remove_releases
from index.search.searcher import Searcher
from index.store.sqlite import Database
from index.verify.repair import repair_collection
from index.verify.verify import verify_collection
from qa.batch.question_file import QuestionRecord
from qa.batch.to_file import write_batch
from qa.cli.backup import new_file
from qa.export import outcome_format
from qa.sessions.store import open_sessions
from qa.sessions.types import Judgement, Remark
from qa.types import AskOptions

Outcome = tuple[Any, ...]
"""What a program sees in a state."""

NOTHING: Outcome = ("nothing",)
BEGIN, END, COMMIT = "begin ", "end ", "commit"
_WORDS = (("bridge", "open"), ("librari",), ("tunnel", "ferri"))
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
_QUESTIONS = tuple(
    tuple(f"{word} {number}?" for number in range(24)) for word in ("First", "Second")
)
"""The questions of two batches that are written to the same file."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything is.

    Attributes:
        base: The folder of all.
        name: The name of the folder that is on the disk whose power is cut.
    """

    base: Path
    name: str = "disk"

    @property
    def disk(self) -> Path:
        """The folder that is on the disk whose power is cut."""
        return self.base / self.name

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
    def backup(self) -> Path:
        """A backup."""
        return self.disk / "backup.zip"

    @property
    def sources(self) -> Path:
        """The sources, which are not on that disk."""
        return self.base / "sources"

    @property
    def archive(self) -> Path:
        """The backup that is restored, which is not on that disk."""
        return self.base / "backup.zip"


@dataclass(frozen=True, slots=True)
class Command:
    """A command whose power is cut.

    Attributes:
        name: Its name.
        run: Runs it for the first time.
        look: Returns what a program sees of what it writes.
        finish: Runs it to the end after a power cut; returns what must be the same each time.
        sources: The name of the sources it needs, as they were at first or changed.
    """

    name: str
    run: Callable[[Places], None]
    look: Callable[[Places], Outcome]
    finish: Callable[[Places], dict[str, Any]]
    sources: str = "second"


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
        return NOTHING
    except CollectionDamagedError as error:
        if "older version" in str(error):  # its tables are not all there yet
            return NOTHING
        raise
    return digest.hexdigest(), repr(found), tuple(sorted(wrong))


def look_at_sessions(path: Path) -> Outcome:
    """Return all rows of the saved conversations."""
    if not path.exists():
        return NOTHING
    with open_sessions(path) as store:
        for session in store.sessions():
            store.transcript(session)
    with closing(sqlite3.connect(path)) as connection:
        whole = connection.execute("PRAGMA integrity_check").fetchall()
        assert whole == [("ok",)], whole
        rows = tuple(
            (table, tuple(connection.execute(f"SELECT * FROM {table}")))  # noqa: S608
            for (table,) in connection.execute(_TABLES).fetchall()
            if table not in {"migrations", "sqlite_sequence"}
        )
    return rows if any(row for _, row in rows) else NOTHING


def look_at_output(path: Path) -> Outcome:
    """Return the content of an output file."""
    if not path.exists():
        return NOTHING
    found = path.read_text(encoding="utf-8")
    assert found in map(_answers_to, _QUESTIONS), "it is there in part"
    return (found,)


def look_at_backup(path: Path) -> Outcome:
    """Return who made a backup, and the hashes of what it holds, which are checked."""
    if not path.exists():
        return NOTHING
    with open_archive(path) as archive:
        archive.check()
        files = tuple((file.name, file.sha256) for file in archive.manifest.files)
        return archive.manifest.program, files


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


def _back_up(places: Places) -> None:
    """Write a backup as `backup` does, and then another in its place."""
    for program in ("1.2.3", "4.5.6"):
        _back_up_once(places, program)
        mark(COMMIT)


def _back_up_once(places: Places, program: str) -> None:
    with new_file(places.backup, force=True) as (stream, scratch):
        write_archive(places.collection, stream, scratch, program=program)


def _back_up_again(places: Places) -> dict[str, Any]:
    _back_up_once(places, "7.8.9")
    beside = sorted(path.name for path in places.disk.iterdir())
    return {"": look_at_backup(places.backup), "beside": beside}


def _converse(places: Places) -> None:
    with open_sessions(places.sessions) as store:
        session = store.begin("c", "talk")
        first = store.ask(session.key, "When does the bridge open?")
        store.settle(first, "done", made_answer())
        store.remark(first, Remark("bridge-2023#3", pinned=True, note="Check it."))
        second = store.ask(session.key, "What did it cost?")
        store.settle(second, "failed", None, "no answer")
    with open_sessions(places.sessions) as store:
        other = store.begin("c", "other")
        store.ask(other.key, "Who opens it?")
        store.remove(session.key)


def _judge(places: Places) -> None:
    with open_sessions(places.sessions) as store:
        for number in range(8):
            store.judge("c", [_judgement(number, grade=1), _judgement(number + 100, grade=0)])
        store.judge("c", [_judgement(3, grade=2)])  # a better judgement in its place
        store.withdraw("c", _judgement(5, grade=1))
        store.judge("another", [_judgement(1, grade=1)])
        store.forget_judgements("another")


def _judgement(number: int, grade: int) -> Judgement:
    return Judgement(f"When {number}?", "bridge-2023", "bridge-2023#3", grade, ("June 3",))


def _converse_on(places: Places) -> dict[str, Any]:
    """Go on with what is there; all of it has to be there afterwards."""
    before = look_at_sessions(places.sessions)
    with open_sessions(places.sessions) as store:
        later = store.begin("c", "later")
        store.settle(store.ask(later.key, "And then?"), "done", made_answer())
        store.judge("c", [_judgement(1000, grade=1)])
        (turn,) = store.turns(later.key)
        assert turn.answer == made_answer()
        assert _judgement(1000, grade=1) in store.judgements("c")
    after = look_at_sessions(places.sessions)
    for table, rows in before if before != NOTHING else ():
        assert set(rows) <= set(dict(after)[table]), table
    return {}


def _batch(places: Places) -> None:
    for questions in _QUESTIONS:
        _ask_all(places.output, questions, resume=False)
        mark(COMMIT)


def _batch_again(places: Places) -> dict[str, Any]:
    """Continue the second batch."""
    _ask_all(places.output, _QUESTIONS[1], resume=True)
    return {"": places.output.read_text(encoding="utf-8")}


def _ask_all(out: Path, questions: Sequence[str], *, resume: bool) -> None:
    write_batch(
        MadeCollection(), _records(questions), AskOptions(k=1), out, outcome_format("jsonl"),
        resume=resume, group_size=4,
    )  # fmt: skip


def _records(questions: Sequence[str]) -> Iterator[QuestionRecord]:
    return (QuestionRecord(text, text) for text in questions)


@cache
def _answers_to(questions: Sequence[str]) -> str:
    """Return the whole output of a batch."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "out.jsonl"
        _ask_all(path, questions, resume=False)
        return path.read_text(encoding="utf-8")


def _of_collection(places: Places) -> Outcome:
    return look_at_collection(places.collection)


def _of_sessions(places: Places) -> Outcome:
    return look_at_sessions(places.sessions)


def _update(places: Places) -> None:
    index(places.collection, places.sources)


COMMANDS = (
    Command("index", _update, _of_collection, _index, sources="first"),
    Command("index --prune", _update, _of_collection, _index),
    Command("remove", _remove, _of_collection, _remove_again),
    Command(
        "verify --repair", lambda p: repair_collection(p.collection) and None, _of_collection,
        _repair,
    ),
    Command("backup", _back_up, lambda p: look_at_backup(p.backup), _back_up_again),
    Command(
        "restore", lambda p: restore_archive(p.archive, p.restored) and None,
        lambda p: look_at_collection(p.restored), _restore_new,
    ),
    Command(
        "restore --force",
        lambda p: restore_archive(p.archive, p.collection, force=True) and None,
        _of_collection, _restore_over,
    ),
    Command("chat", _converse, _of_sessions, _converse_on),
    Command("judge", _judge, _of_sessions, _converse_on),
    Command("batch -o", _batch, lambda p: look_at_output(p.output), _batch_again),
)  # fmt: skip
"""In the order in which they are run."""


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
        mark(BEGIN + command.name)
        command.run(places)
        mark(END + command.name)


def _mark_commits() -> None:
    real = Database.execute

    @wraps(real)
    def execute(database: Database, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        cursor = real(database, sql, values)
        if sql == "COMMIT":
            mark(COMMIT)
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
