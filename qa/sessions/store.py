"""The sessions of a user: conversations, what was remarked and judged in them.

Every method that writes is one transaction: when it returns, what it wrote is on the disk.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from qa.answer_json import dumps
from qa.errors import SessionError
from qa.paths import sessions_file
from qa.sessions.database import ConflictError, Database
from qa.sessions.rows import (
    JUDGEMENT,
    SESSION,
    TURN,
    answer_text,
    asking_to_json,
    judgement_of,
    session_of,
    storable,
    turn_of,
)
from qa.sessions.types import (
    Asking,
    Judgement,
    Remark,
    SavedSession,
    SavedTurn,
    Transcript,
    TurnState,
    checked_name,
    free_name,
)
from qa.types import Answer

MAX_NOTE = 4_000
"""Characters of a note; what is beyond is cut."""


def open_sessions(path: Path | None = None) -> "SessionStore":
    """Open the user's sessions, making their file when there is none.

    Args:
        path: The file; None for the usual one.

    Raises:
        SessionStoreError: It cannot be used; the message says why and what to do.
    """
    return SessionStore(Database(path or sessions_file()))


class SessionStore:
    """The sessions; use it in a `with` statement or call `close`.

    Raises:
        SessionStoreError: From any method: the file cannot be read or written.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    # Sessions

    def sessions(self, collection: str | None = None) -> list[SavedSession]:
        """Return the sessions of a collection, or of all, the last used first."""
        where = "" if collection is None else "WHERE s.collection = ?"
        values = () if collection is None else (collection,)
        query = f"SELECT {SESSION} FROM sessions s {where} ORDER BY s.updated_at DESC, s.id DESC"  # noqa: S608
        return [session_of(row) for row in self._database.rows(query, *values)]

    def find(self, collection: str, name: str) -> SavedSession:
        """Return the session of a name.

        Raises:
            SessionError: There is none.
        """
        query = f"SELECT {SESSION} FROM sessions s WHERE s.collection = ? AND s.name = ?"  # noqa: S608
        rows = self._database.rows(query, collection, storable(name))
        if not rows:
            raise SessionError(
                f"no session named {name!r} in this collection; list sessions with `releaseqa "
                "sessions list`, or with --all for every collection."
            )
        return session_of(rows[0])

    def begin(self, collection: str, name: str | None = None) -> SavedSession:
        """Return the session of a name, made when there is none; without a name a new one.

        Raises:
            SessionError: The name cannot be given.
        """
        now = _now()
        with self._database.transaction():
            if name is None:
                query = "SELECT name FROM sessions WHERE collection = ?"
                taken = {str(row[0]) for row in self._database.rows(query, collection)}
                name = free_name(now[:10], taken)
            self._database.write(
                "INSERT INTO sessions (collection, name, created_at, updated_at) "
                "VALUES (?, ?, ?, ?) ON CONFLICT (collection, name) DO NOTHING",
                collection, checked_name(name), now, now,
            )  # fmt: skip
        return self.find(collection, checked_name(name))

    def rename(self, key: int, name: str) -> None:
        """Give a session another name.

        Raises:
            SessionError: Another one has it, it cannot be given, or the session is gone.
        """
        try:
            with self._database.transaction():
                self._database.write(
                    "UPDATE sessions SET name = ? WHERE id = ?", checked_name(name), key
                )
        except ConflictError as error:
            raise SessionError(
                f"a session named {name!r} already exists; choose another name."
            ) from error

    def remove(self, key: int) -> None:
        """Remove a session with its turns and notes; judgements are the collection's and stay."""
        with self._database.transaction():
            self._database.write("DELETE FROM sessions WHERE id = ?", key)
        self._database.forget_removed()

    # Turns

    def turns(self, session: int) -> tuple[SavedTurn, ...]:
        """Return the turns of a session, oldest first."""
        remarks: dict[object, list[Remark]] = {}
        for turn, *remark in self._database.rows(
            "SELECT r.turn, r.passage_id, r.pinned, r.note FROM remarks r "
            "JOIN turns t ON t.id = r.turn WHERE t.session = ? ORDER BY r.passage_id",
            session,
        ):
            passage_id, pinned, note = remark
            remarks.setdefault(turn, []).append(Remark(str(passage_id), bool(pinned), str(note)))
        query = f"SELECT {TURN} FROM turns WHERE session = ? ORDER BY id"  # noqa: S608
        rows = self._database.rows(query, session)
        return tuple(turn_of(row, remarks.get(row[0], ())) for row in rows)

    def transcript(self, session: SavedSession) -> Transcript:
        """Return a whole session."""
        return Transcript(session, self.turns(session.key), self.grades(session.collection))

    def ask(self, session: int, question: str, asking: Asking) -> int:
        """Keep that a question was asked; returns the turn's key.

        Raises:
            SessionError: The session was removed meanwhile.
        """
        now, text = _now(), storable(question)
        with _expected(), self._database.transaction():
            self._database.write("UPDATE sessions SET updated_at = ? WHERE id = ?", now, session)
            return self._database.write(
                "INSERT INTO turns (session, question, asked_as, asking, asked_at, state) "
                "VALUES (?, ?, ?, ?, ?, 'asked')",
                session, text, text, asking_to_json(asking), now,
            )  # fmt: skip

    def settle(
        self, turn: int, state: TurnState, answer: Answer | None, error: str | None = None
    ) -> None:
        """Keep what came of a question."""
        with self._database.transaction():
            self._database.write(
                "UPDATE turns SET state = ?, answer = ?, error = ?, "
                "asked_as = coalesce(?, asked_as) WHERE id = ?",
                state, answer and answer_text(answer), error and storable(error),
                answer and storable(answer.asked_as), turn,
            )  # fmt: skip

    def remark(self, turn: int, remark: Remark) -> None:
        """Keep a pin and a note on a passage; without either, forget the passage.

        Raises:
            SessionError: The session was removed meanwhile.
        """
        note = storable(remark.note)[:MAX_NOTE]
        with _expected(), self._database.transaction():
            if remark.pinned or note:
                self._database.write(
                    "INSERT OR REPLACE INTO remarks VALUES (?, ?, ?, ?)",
                    turn, storable(remark.passage_id), int(remark.pinned), note,
                )  # fmt: skip
            else:
                self._database.write(
                    "DELETE FROM remarks WHERE turn = ? AND passage_id = ?",
                    turn, storable(remark.passage_id),
                )  # fmt: skip

    # Judgements

    def judge(self, collection: str, judgements: Iterable[Judgement]) -> None:
        """Keep judgements, each in place of an earlier one of the same question and passage."""
        now = _now()
        with self._database.transaction():
            for found in judgements:
                self._database.write(
                    "INSERT INTO judgements (collection, question, release_id, passage_id, grade, "
                    "answers, judged_at) VALUES (?, ?, ?, ?, ?, ?, ?) "
                    "ON CONFLICT (collection, question, release_id, passage_id) DO UPDATE SET "
                    "grade = excluded.grade, answers = excluded.answers, "
                    "judged_at = excluded.judged_at",
                    collection, *_key(found), found.grade, dumps(found.answers), now,
                )  # fmt: skip

    def withdraw(self, collection: str, judgement: Judgement) -> None:
        """Forget how a passage was judged for a question."""
        with self._database.transaction():
            self._database.write(
                "DELETE FROM judgements WHERE collection = ? AND question = ? "
                "AND release_id = ? AND passage_id = ?",
                collection, *_key(judgement),
            )  # fmt: skip

    def forget_judgements(self, collection: str) -> None:
        """Forget all judgements of a collection."""
        with self._database.transaction():
            self._database.write("DELETE FROM judgements WHERE collection = ?", collection)
        self._database.forget_removed()

    def judgements(self, collection: str) -> tuple[Judgement, ...]:
        """Return the judgements of a collection, in the order in which they were first made."""
        query = f"SELECT {JUDGEMENT} FROM judgements WHERE collection = ? ORDER BY id"  # noqa: S608
        return tuple(judgement_of(row) for row in self._database.rows(query, collection))

    def grades(self, collection: str) -> Mapping[tuple[str, str], int]:
        """Return how passages were judged, by question as searched for and passage id."""
        found = self.judgements(collection)
        return {(j.question, j.passage_id): j.grade for j in found if j.passage_id}


@contextmanager
def _expected() -> Iterator[None]:
    """Say what a broken reference means: another program removed the session."""
    try:
        yield
    except ConflictError as error:
        raise SessionError("the session has been removed; start another.") from error


def _key(judgement: Judgement) -> tuple[str, str, str]:
    return (
        storable(judgement.question),
        storable(judgement.release_id),
        storable(judgement.passage_id),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
