"""The SQLite layer: migrations, transactions and the names of failures."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from index.store.sqlite import Database, Failure, Migrations, is_at_rest

ONE: Migrations = [(1, ("CREATE TABLE books (title TEXT NOT NULL UNIQUE) STRICT",))]
TWO: Migrations = [*ONE, (2, ("ALTER TABLE books ADD COLUMN year INTEGER",
                              "UPDATE books SET year = 1999"))]  # fmt: skip


class FailedError(Exception):
    """Carries the failure that the layer reports."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(failure, detail)
        self.failure = failure


def database(path: Path) -> Database:
    """Open a database that may not exist yet."""
    return Database(path, FailedError)


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    """A database with one book, written by an old version of a program."""
    path = tmp_path / "books.sqlite3"
    with closing(database(path)) as old:
        old.migrate(ONE)
        with old.transaction():
            old.execute("INSERT INTO books VALUES ('Emma')")
    return path


def failure(act: Callable[[], object]) -> Failure:
    """Return the failure of an action."""
    with pytest.raises(FailedError) as caught:
        act()
    return caught.value.failure


def test_migrations_run_once_in_order_and_keep_what_is_there(path: Path) -> None:
    """Each migration is recorded; a second run does nothing and keeps the content."""
    for _ in range(2):
        with closing(database(path)) as opened:
            opened.migrate(TWO)
            assert [("Emma", 1999)] == opened.rows("SELECT title, year FROM books")
            assert [(1,), (2,)] == opened.rows("SELECT version FROM migrations")
            assert 2 == opened.version


def test_a_migration_that_fails_changes_nothing(path: Path) -> None:
    """A failed migration changes nothing: the old version can still use the database."""
    broken = [*ONE, (2, ("ALTER TABLE books ADD COLUMN year INTEGER", "no SQL"))]
    with closing(database(path)) as opened:
        assert "damaged" == failure(lambda: opened.migrate(broken))
        assert 1 == opened.version
        assert ["title"] == [row[1] for row in opened.rows("PRAGMA table_info(books)")]


def test_a_newer_database_is_refused(path: Path) -> None:
    """A database with a version above the last migration is refused."""
    with closing(database(path)) as opened:
        opened.migrate(TWO)
        assert "newer" == failure(lambda: opened.refuse_newer(ONE))
        assert "newer" == failure(lambda: opened.migrate(ONE))


def test_of_two_that_migrate_at_once_one_finds_it_done(path: Path) -> None:
    """Of two that migrate at the same time, the second finds nothing left to do."""
    with closing(database(path)) as first, closing(database(path)) as second:
        with first.transaction():
            other = threading.Thread(target=second.migrate, args=(TWO,))
            other.start()
            other.join(0.2)
            for statement in TWO[1][1]:
                first.execute(statement)
            first.execute("PRAGMA user_version = 2")
        other.join()
        assert [("Emma", 1999)] == second.rows("SELECT title, year FROM books")
        assert [(1,)] == second.rows("SELECT version FROM migrations")


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    """A transaction writes everything or nothing, whatever exception ends it."""

    def add_two() -> None:
        with opened.transaction():
            opened.execute("INSERT INTO books VALUES ('Persuasion')")
            opened.execute("INSERT INTO books VALUES ('Emma')")

    def add_and_stop() -> None:
        with opened.transaction():
            opened.execute("INSERT INTO books VALUES ('Persuasion')")
            raise KeyboardInterrupt

    with closing(database(path)) as opened:
        assert "constraint" == failure(add_two)
        with pytest.raises(KeyboardInterrupt):
            add_and_stop()
        assert [("Emma",)] == opened.rows("SELECT title FROM books")


def test_a_transaction_in_another_is_a_part_of_it(path: Path) -> None:
    """A part that fails leaves nothing of itself; with the whole, all its parts are undone."""

    def add(title: str) -> None:
        opened.execute("INSERT INTO books VALUES (?)", (title,))

    def add_in_parts() -> None:
        with opened.transaction():
            with opened.transaction():
                add("Persuasion")
                with suppress(KeyError), opened.transaction():
                    add("Lady Susan")
                    raise KeyError
            with suppress(KeyError), opened.transaction():
                add("Sanditon")
                with suppress(KeyError), opened.transaction():
                    raise KeyError
                raise KeyError
            add(last)

    with closing(database(path)) as opened:
        last = "Emma"
        assert "constraint" == failure(add_in_parts)
        assert [("Emma",)] == opened.rows("SELECT title FROM books")
        last = "The Watsons"
        add_in_parts()
        titles = opened.rows("SELECT title FROM books ORDER BY rowid")
        assert [("Emma",), ("Persuasion",), ("The Watsons",)] == titles


def test_failures_are_told_apart(path: Path, tmp_path: Path) -> None:
    """A lock, a refusing disk and damaged content are different failures."""
    with closing(database(path)) as opened, closing(database(path)) as other:
        opened.execute("PRAGMA busy_timeout = 1")
        with other.transaction():
            assert "busy" == failure(lambda: opened.execute("BEGIN IMMEDIATE"))
        assert "damaged" == failure(lambda: opened.rows("SELECT CAST(x'ff' AS TEXT)"))
    with closing(Database(path, FailedError, read_only=True)) as read_only:
        assert "refused" == failure(lambda: read_only.execute("DELETE FROM books"))
    assert "refused" == failure(lambda: database(tmp_path / "no folder" / "x"))
    path.write_bytes(b"no database" * 1000)
    with closing(database(path)) as opened:
        assert "damaged" == failure(lambda: opened.rows("SELECT 1 FROM books"))


def test_the_integrity_of_a_file_is_checked(path: Path) -> None:
    """An index that lacks a row of its table is reported; an intact file is not."""
    with closing(database(path)) as opened:
        assert [] == opened.integrity_errors()
    data = bytearray(path.read_bytes())
    with sqlite3.connect(path) as connection:
        ((root,),) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_books_1'"
        ).fetchall()
    connection.close()
    data[4096 * (root - 1) + 3 : 4096 * (root - 1) + 5] = bytes(2)  # no cells
    path.write_bytes(data)

    with closing(database(path)) as opened:
        assert any("sqlite_autoindex_books_1" in line for line in opened.integrity_errors())


def test_a_damaged_name_in_the_schema_is_damage(path: Path) -> None:
    """SQLite's message quotes the schema; when that is not UTF-8 any more, it is damage too."""
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE books", b"CREATE TABL\xd2 books"))
    with closing(database(path)) as opened:
        assert "damaged" == failure(lambda: opened.rows("SELECT * FROM books"))
    assert is_at_rest(path)
