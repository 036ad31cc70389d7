"""Faults to plant in a process, for tests of tests: each loses something when it is interrupted.

Each one breaks the order of two steps, or leaves one out. A test that interrupts the program, and
notices none of them, proves nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

VARIABLE = "RELEASEQA_PLANTED_FAULT"
"""Names the fault for the scripts that plant one; the program knows nothing of it."""


def _source_first() -> None:
    """A source is recorded as read before its releases are stored."""
    from index.ingest.sync import Sync

    real = Sync._store_all

    def store_all(run: Sync, records: Any, state: Any, digest: Any) -> None:
        if run.store is not None:
            with run.store.transaction():
                run.store.put_source(replace(state, sha256=digest))
        real(run, records, state, digest)

    Sync._store_all = store_all  # type: ignore[method-assign]


def _not_reread() -> None:
    """The source of a release that was removed is not read again."""
    from index.store.writer import StoreWriter

    StoreWriter.reread_sources = lambda *_: None  # type: ignore[method-assign]


def _row_first() -> None:
    """The row that makes a new artifact current is committed before the artifact has its name."""
    from index.store import artifacts
    from index.store.sqlite import Database

    late: list[tuple[Path, Path]] = []
    put, real = artifacts._put, Database.execute

    def execute(database: Database, sql: str, values: Any = ()) -> Any:
        found = real(database, sql, values)
        while sql == "COMMIT" and late:
            put(*late.pop())
        return found

    artifacts._put = lambda made, final: late.append((made, final))
    Database.execute = execute  # type: ignore[method-assign]


def _removed_first() -> None:
    """An output is removed before the new one gets its name."""

    def replace_file(source: Path, target: Path) -> Path:
        Path(target).unlink(missing_ok=True)
        return source.rename(target)

    Path.replace = replace_file  # type: ignore[assignment, method-assign]


def _answers_stay() -> None:
    """A watch does not cut off the answers of a round that did not end."""
    from qa.batch.watch import Reports

    @contextmanager
    def opened(reports: Reports, _: object) -> "Iterator[BinaryIO]":
        with reports.answers.open("ab") as stream:
            yield stream

    Reports._opened = opened  # type: ignore[assignment, method-assign]


def _turn_unsaved() -> None:
    """The answer of a saved conversation is shown and not saved."""
    from qa.sessions.store import SessionStore

    SessionStore.settle = lambda *_: None  # type: ignore[method-assign]


FAULTS: dict[str, Callable[[], None]] = {
    "source first": _source_first,
    "not reread": _not_reread,
    "row first": _row_first,
    "removed first": _removed_first,
    "answers stay": _answers_stay,
    "turn unsaved": _turn_unsaved,
}
