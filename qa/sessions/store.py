"""The saved conversations of a user, with pins, notes and judgements.

Every method that writes is one transaction: when it returns, its changes are on the disk.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from index.filters import Filters
from qa.answer_json import answer_from_json, answer_to_json, dumps
from qa.errors import SessionError, SettingsError
from qa.paths import sessions_file
from qa.sessions.database import ConflictError, SessionDatabase
from qa.sessions.types import (
    Judgement,
    Remark,
    SavedSession,
    SavedTurn,
    Transcript,
    TurnState,
    checked_name,
    free_name,
)
from qa.types import DEFAULT_OPTIONS, Answer, AskOptions

MAX_NOTE = 4_000
"""Characters of a note; a longer one is cut."""

_SESSION = (
    "s.id, s.collection, s.name, s.created_at, s.updated_at, "
    "(SELECT count(*) FROM turns t WHERE t.session = s.id), "
    "(SELECT t.question FROM turns t WHERE t.session = s.id ORDER BY t.id LIMIT 1)"
)
_LAST_USED = (
    # One without questions was begun after the questions of those before it, as far as is known.
    "coalesce((SELECT max(t.id) FROM turns t WHERE t.session = s.id), "
    "(SELECT max(t.id) FROM turns t WHERE t.session < s.id), 0)"
)
_TURN = "id, question, asked_as, asking, asked_at, state, answer, error"
_JUDGEMENT = "question, release_id, passage_id, grade, answers"


def open_sessions(path: Path | None = None) -> "SessionStore":
    """Open the user's sessions; create their file if it does not exist.

    Args:
        path: The file; None for the default.

    Raises:
        SessionStoreError: The file cannot be used; the message says why and what to do.
    """
    return SessionStore(SessionDatabase(path or sessions_file()))


def sessions_in_memory() -> "SessionStore":
    """Return sessions that are in no file: they are forgotten when they are closed."""
    return SessionStore(SessionDatabase(None))


class SessionStore:
    """The sessions; use it in a `with` statement or call `close`.

    Raises:
        SessionStoreError: From any method: the file cannot be read or written.
    """

    def __init__(self, database: SessionDatabase) -> None:
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
        """Return the sessions of a collection, or of all collections, the last used first.

        Questions are numbered as they are asked, which tells their order also after the clock
        went back.
        """
        where = "" if collection is None else "WHERE s.collection = ?"
        values = () if collection is None else (collection,)
        query = f"SELECT {_SESSION} FROM sessions s {where} ORDER BY {_LAST_USED} DESC, s.id DESC"  # noqa: S608
        return [_session(row) for row in self._database.rows(query, *values)]

    def find(self, collection: str, name: str) -> SavedSession:
        """Return a session by its name.

        Raises:
            SessionError: There is no such session.
        """
        query = f"SELECT {_SESSION} FROM sessions s WHERE s.collection = ? AND s.name = ?"  # noqa: S608
        rows = self._database.rows(query, collection, _storable(name))
        if not rows:
            raise SessionError(
                f"this collection has no conversation named {name!r}; list them with "
                "`releaseqa sessions list` (add --all for every collection)."
            )
        return _session(rows[0])

    def begin(
        self, collection: str, name: str | None = None, *, question: str = ""
    ) -> SavedSession:
        """Return a session by its name, or create it; without a name create a new one.

        Args:
            collection: The folder of its collection.
            name: Its name, or None.
            question: The first question, after which a session without a name is named.

        Raises:
            SessionError: The name is not allowed.
        """
        now = _now()
        with self._database.transaction():
            if name is None:
                query = "SELECT name FROM sessions WHERE collection = ?"
                taken = {str(row[0]) for row in self._database.rows(query, collection)}
                name = free_name(question, now[:10], taken)
            self._database.write(
                "INSERT INTO sessions (collection, name, created_at, updated_at) "
                "VALUES (?, ?, ?, ?) ON CONFLICT (collection, name) DO NOTHING",
                collection, checked_name(name), now, now,
            )  # fmt: skip
        return self.find(collection, checked_name(name))

    def rename(self, key: int, name: str) -> None:
        """Give a session another name.

        Raises:
            SessionError: Another session has the name, or it is not allowed.
        """
        try:
            with self._database.transaction():
                self._database.write(
                    "UPDATE sessions SET name = ? WHERE id = ?", checked_name(name), key
                )
        except ConflictError as error:
            raise SessionError(
                f"a conversation named {name!r} already exists; choose another name."
            ) from error

    def remove(self, key: int) -> None:
        """Remove a session with its turns and notes, but not the judgements of its collection."""
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
        query = f"SELECT {_TURN} FROM turns WHERE session = ? ORDER BY id"  # noqa: S608
        rows = self._database.rows(query, session)
        return tuple(_turn(row, remarks.get(row[0], ())) for row in rows)

    def transcript(self, session: SavedSession) -> Transcript:
        """Return a whole session, with its name and number of questions as they are now."""
        query = f"SELECT {_SESSION} FROM sessions s WHERE s.id = ?"  # noqa: S608
        session = next(map(_session, self._database.rows(query, session.key)), session)
        return Transcript(session, self.turns(session.key), self.grades(session.collection))

    def ask(
        self,
        session: int,
        question: str,
        options: AskOptions = DEFAULT_OPTIONS,
        *,
        as_typed: bool = False,
    ) -> int:
        """Save that a question was asked; return the turn's key.

        Raises:
            SessionError: The session has been removed.
        """
        now, text = _now(), _storable(question)
        with _expected(), self._database.transaction():
            self._database.write("UPDATE sessions SET updated_at = ? WHERE id = ?", now, session)
            return self._database.write(
                "INSERT INTO turns (session, question, asked_as, asking, asked_at, state) "
                "VALUES (?, ?, ?, ?, ?, 'asked')",
                session, text, text, dumps(options_to_json(options, as_typed=as_typed)), now,
            )  # fmt: skip

    def settle(
        self, turn: int, state: TurnState, answer: Answer | None, error: str | None = None
    ) -> None:
        """Save the outcome of a question."""
        with self._database.transaction():
            self._database.write(
                "UPDATE turns SET state = ?, answer = ?, error = ?, "
                "asked_as = coalesce(?, asked_as) WHERE id = ?",
                state, answer and dumps(answer_to_json(answer)), error and _storable(error),
                answer and _storable(answer.asked_as), turn,
            )  # fmt: skip

    def remark(self, turn: int, remark: Remark) -> None:
        """Save a pin and a note on a passage; without either, remove them.

        Raises:
            SessionError: The session has been removed.
        """
        note = _storable(remark.note)[:MAX_NOTE]
        with _expected(), self._database.transaction():
            if remark.pinned or note:
                self._database.write(
                    "INSERT OR REPLACE INTO remarks VALUES (?, ?, ?, ?)",
                    turn, _storable(remark.passage_id), int(remark.pinned), note,
                )  # fmt: skip
            else:
                self._database.write(
                    "DELETE FROM remarks WHERE turn = ? AND passage_id = ?",
                    turn, _storable(remark.passage_id),
                )  # fmt: skip

    # Judgements

    def judge(self, collection: str, judgements: Iterable[Judgement]) -> None:
        """Save judgements; each replaces an earlier one of the same question and passage."""
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
        """Remove the judgement of a passage for a question."""
        with self._database.transaction():
            self._database.write(
                "DELETE FROM judgements WHERE collection = ? AND question = ? "
                "AND release_id = ? AND passage_id = ?",
                collection, *_key(judgement),
            )  # fmt: skip

    def forget_judgements(self, collection: str) -> None:
        """Remove all judgements of a collection."""
        with self._database.transaction():
            self._database.write("DELETE FROM judgements WHERE collection = ?", collection)
        self._database.forget_removed()

    def judgements(self, collection: str) -> tuple[Judgement, ...]:
        """Return the judgements of a collection, in the order in which they were made."""
        query = f"SELECT {_JUDGEMENT} FROM judgements WHERE collection = ? ORDER BY id"  # noqa: S608
        return tuple(_judgement(row) for row in self._database.rows(query, collection))

    def grades(self, collection: str) -> Mapping[tuple[str, str], int]:
        """Return the grades of passages, by self-contained question and passage id."""
        found = self.judgements(collection)
        return {(j.question, j.passage_id): j.grade for j in found if j.passage_id}


@contextmanager
def _expected() -> Iterator[None]:
    """Translate a broken reference: another program has removed the session."""
    try:
        yield
    except ConflictError as error:
        raise SessionError("the conversation has been removed; start another one.") from error


def _key(judgement: Judgement) -> tuple[str, str, str]:
    return (
        _storable(judgement.question),
        _storable(judgement.release_id),
        _storable(judgement.passage_id),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def options_to_json(options: AskOptions, *, as_typed: bool) -> dict[str, Any]:
    """Return how a question was asked as a JSON object."""
    found = asdict(options)
    return {name: found[name] for name in ("filters", "k", "risk", "words_only", "reader")} | {
        "as_typed": as_typed
    }


def _options(text: str) -> tuple[AskOptions, bool]:
    """Return what `options_to_json` wrote.

    Raises:
        ValueError: The text has another form.
    """
    try:
        found = json.loads(text)
        as_typed = bool(found.pop("as_typed", False))
        filters = found.pop("filters")
        filters["kinds"] = tuple(filters["kinds"])
        return AskOptions(filters=Filters(**filters), **found), as_typed
    except (KeyError, TypeError, SettingsError) as error:
        raise ValueError(f"invalid options: {error}") from error


def _session(row: Sequence[Any]) -> SavedSession:
    return SavedSession(*row)


def _turn(row: Sequence[Any], remarks: Sequence[Remark] = ()) -> SavedTurn:
    """Return the turn in a row of `_TURN`.

    If its answer cannot be read, the turn says so, and the rest of the conversation is kept.
    """
    key, question, asked_as, asking, asked_at, state, answer, error = row
    turn = SavedTurn(
        key=key,
        question=question,
        asked_as=asked_as,
        options=DEFAULT_OPTIONS,
        as_typed=False,
        asked_at=asked_at,
        state=cast("TurnState", state),
        error=error,
        remarks=tuple(remarks),
    )
    try:
        options, as_typed = _options(asking)
        turn = replace(turn, options=options, as_typed=as_typed)
        return replace(
            turn, answer=None if answer is None else answer_from_json(json.loads(answer))
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        return replace(turn, state="failed", error=f"the saved turn cannot be read: {wrong}")


def _judgement(row: Sequence[Any]) -> Judgement:
    question, release_id, passage_id, grade, answers = row
    return Judgement(question, release_id, passage_id, grade, tuple(json.loads(answers)))


def _storable(text: str) -> str:
    """Return text that SQLite can hold: lone surrogates are replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")
