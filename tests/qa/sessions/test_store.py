"""Sessions are kept as they happened, whatever happens to the program or to the file."""

import multiprocessing
import os
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from checkout import ROOT
from made_answers import made_answer, made_passage

from index.filters import Filters
from qa.errors import SessionError, SessionStoreError
from qa.paths import collection_key, sessions_file
from qa.sessions import database
from qa.sessions.store import SessionStore, open_sessions
from qa.sessions.types import Judgement, Remark
from qa.types import AskOptions

HERE = "/collections/here"
HOSTILE = "\x1b]0;owned\x07 \ud800 \u202e<script>\x00"


def test_a_turn_comes_back_as_it_was(store: SessionStore, sessions_path: Path) -> None:
    """Question, answer, how it was asked, pin and note survive closing the file."""
    answer = made_answer(made_passage(exact=(44, 46)), made_passage(2, ordinal=9))
    filters = Filters(since="2023-01-01", kinds=("quote", "body"))
    options = AskOptions(7, filters, 0.05, words_only=True, reader=False)
    session = store.begin(HERE, "bridge")
    key = store.ask(session.key, answer.question, options, as_typed=True)
    store.settle(key, "done", answer)
    store.remark(key, Remark("bridge-2023#9", pinned=True, note="two\nlines"))
    store.close()

    with open_sessions(sessions_path) as again:
        (turn,) = again.turns(again.find(HERE, "bridge").key)
    assert (answer, options, True, "done") == (
        turn.answer, turn.options, turn.as_typed, turn.state,
    )  # fmt: skip
    assert (Remark("bridge-2023#9", pinned=True, note="two\nlines"),) == turn.remarks
    assert Remark("bridge-2023#3") == turn.remark_on("bridge-2023#3")


def test_a_question_is_kept_before_its_answer(store: SessionStore) -> None:
    """What was asked is there while the answer is still looked for."""
    session = store.begin(HERE)
    store.ask(session.key, "Who?")

    (turn,) = store.turns(session.key)
    assert ("Who?", "asked", None) == (turn.question, turn.state, turn.answer)


def test_failures_and_cancelled_questions_are_turns(store: SessionStore) -> None:
    """A turn keeps how it ended, also when that was badly."""
    session = store.begin(HERE)
    failed, cancelled = (store.ask(session.key, q) for q in ("a?", "b?"))
    store.settle(failed, "failed", None, "the disk is gone \ud800")
    store.settle(cancelled, "cancelled", None)

    assert [("failed", "the disk is gone ?"), ("cancelled", None)] == [
        (turn.state, turn.error) for turn in store.turns(session.key)
    ]


def test_new_sessions_are_named_after_their_first_question(store: SessionStore) -> None:
    """Cut at a word; a name that is taken gets a number, and another collection's is apart."""
    question = "Who met Park Jin\tin Seoul,\x1b[2J \ud800and what did they agree on about security?"
    names = [store.begin(HERE, question="Who met\n Park Jin?").name for _ in range(3)]

    assert ["Who met Park Jin?", "Who met Park Jin? (2)", "Who met Park Jin? (3)"] == names
    assert names[0] == store.begin("/elsewhere", question="Who met Park Jin?").name
    assert "Who met Park Jin in Seoul, [2J and what did they agree on…" == (
        store.begin(HERE, question=question).name
    )
    assert "x" * 59 + "…" == store.begin(HERE, question="x" * 70).name


def test_without_a_question_the_day_and_a_number_name_it(store: SessionStore) -> None:
    """Also where nothing of the question can be seen; another collection's names are apart."""
    first, second = store.begin(HERE), store.begin(HERE, question="\u200b\u202e")
    elsewhere = store.begin("/elsewhere")

    assert first.name == elsewhere.name == f"{first.created_at[:10]}-1"
    assert f"{first.created_at[:10]}-2" == second.name
    assert {first.name, second.name} == {session.name for session in store.sessions(HERE)}
    assert 3 == len(store.sessions())


def test_a_name_that_is_there_is_gone_on_with(store: SessionStore) -> None:
    """Beginning a session of a name that exists returns that one."""
    assert store.begin(HERE, "bridge").key == store.begin(HERE, " bridge ").key


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 81, "two\nlines", "\x1b[31m", "a\u202eb", "\ud800"]
)
def test_names_that_cannot_be_seen_or_typed_are_refused(store: SessionStore, name: str) -> None:
    """A name is printable and short, so that it can be listed and typed."""
    with pytest.raises(SessionError):
        store.begin(HERE, name)
    assert [] == store.sessions()


def test_renaming_keeps_names_apart(store: SessionStore) -> None:
    """A name that is taken is refused, and nothing changes."""
    one, two = store.begin(HERE, "one"), store.begin(HERE, "two")
    with pytest.raises(SessionError, match="already"):
        store.rename(two.key, "one")
    store.rename(one.key, "three")

    assert {"three", "two"} == {session.name for session in store.sessions(HERE)}


def test_removing_takes_the_words_out_of_the_file(store: SessionStore, sessions_path: Path) -> None:
    """After a removal nothing of the conversation is left on the disk; judgements stay."""
    session = store.begin(HERE, "secret plans")
    key = store.ask(session.key, "What of Zwölfboten?")
    store.settle(key, "done", made_answer(question="What of Zwölfboten?"))
    store.remark(key, Remark("bridge-2023#3", note="Zwölfboten again"))
    store.judge(HERE, [Judgement("Another question?", "bridge-2023", "bridge-2023#3", 1)])
    store.remove(session.key)

    files = [path.read_bytes() for path in sessions_path.parent.iterdir()]
    assert not any("Zwölfboten".encode() in content for content in files)
    assert 1 == len(store.judgements(HERE))
    with pytest.raises(SessionError, match="no conversation"):
        store.find(HERE, "secret plans")


def test_what_follows_a_removal_says_so(store: SessionStore) -> None:
    """A turn of a session that another program removed is an error, not a crash."""
    session = store.begin(HERE)
    key = store.ask(session.key, "Who?")
    store.remove(session.key)

    with pytest.raises(SessionError, match="has been removed"):
        store.ask(session.key, "And then?")
    with pytest.raises(SessionError, match="has been removed"):
        store.remark(key, Remark("a#1", pinned=True))


def test_hostile_text_is_kept_and_harms_nothing(store: SessionStore) -> None:
    """Controls and markup of questions, notes and documents are stored; surrogates replaced."""
    session = store.begin(HERE)
    answer = made_answer(made_passage(text=HOSTILE, evidence=None), question=HOSTILE)
    key = store.ask(session.key, HOSTILE, AskOptions(filters=Filters(issuer=HOSTILE)))
    store.settle(key, "done", answer)
    store.remark(key, Remark("x#1", note=HOSTILE))

    (turn,) = store.turns(session.key)
    assert answer == turn.answer
    assert HOSTILE == turn.options.filters.issuer
    assert turn.question == turn.remarks[0].note == HOSTILE.replace("\ud800", "?")


def test_a_judgement_replaces_the_one_before(store: SessionStore) -> None:
    """There is one grade for a question and passage, the last; it can be withdrawn."""
    good = Judgement("Who?", "a", "a#1", 1, ("the mayor",))
    store.judge(HERE, [good, Judgement("Who?", "a", "a#2", 0)])
    store.judge(HERE, [replace(good, grade=2)])
    assert {("Who?", "a#1"): 2, ("Who?", "a#2"): 0} == store.grades(HERE)
    assert ("the mayor",) == store.judgements(HERE)[0].answers

    store.withdraw(HERE, good)
    assert {("Who?", "a#2"): 0} == store.grades(HERE)
    assert {} == store.grades("/elsewhere")


def test_an_answer_of_another_version_does_not_take_the_session_along(
    store: SessionStore, sessions_path: Path
) -> None:
    """A turn whose answer cannot be read says so; the others are there."""
    session = store.begin(HERE)
    for question in ("a?", "b?", "c?"):
        store.settle(store.ask(session.key, question), "done", made_answer())
    with sqlite3.connect(sessions_path) as connection:
        connection.execute("""UPDATE turns SET answer = '{"schema": 99}' WHERE question = 'a?'""")
        connection.execute("UPDATE turns SET asking = '[' WHERE question = 'b?'")
    connection.close()

    first, second, third = store.turns(session.key)
    assert ["failed", "failed", "done"] == [turn.state for turn in (first, second, third)]
    assert "schema 99" in str(first.error)
    assert ["a?", "b?"] == [first.question, second.question]


def test_the_file_is_the_users_own(sessions_path: Path, store: SessionStore) -> None:
    """Others on the machine cannot read what was asked."""
    del store
    assert 0 == stat.S_IMODE(sessions_path.stat().st_mode) & 0o077
    assert 0 == stat.S_IMODE(sessions_path.parent.stat().st_mode) & 0o077


def test_the_file_writes_through(store: SessionStore) -> None:
    """Write-ahead log, synchronous FULL: a finished transaction survives a loss of power."""
    database = store._database
    assert [("wal",)] == database.rows("PRAGMA journal_mode")
    assert [(2,)] == database.rows("PRAGMA synchronous")


def test_an_older_file_is_brought_up_to_date(
    store: SessionStore, sessions_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration runs once, in order, and keeps what is there."""
    session = store.begin(HERE, "old")
    store.ask(session.key, "Who?")
    store.close()
    newer = (
        *database.MIGRATIONS,
        (2, ("ALTER TABLE sessions ADD COLUMN colour TEXT", "UPDATE sessions SET colour = 'red'")),
    )
    monkeypatch.setattr(database, "MIGRATIONS", newer)

    for _ in range(2):
        with open_sessions(sessions_path) as again:
            assert ["Who?"] == [t.question for t in again.turns(again.find(HERE, "old").key)]
            assert [("red",)] == again._database.rows("SELECT colour FROM sessions")
            assert [(1,), (2,)] == again._database.rows("SELECT version FROM migrations")


def test_a_migration_that_fails_changes_nothing(
    store: SessionStore, sessions_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a migration is none: the file opens as before with the program that wrote it."""
    store.begin(HERE, "old")
    store.close()
    known = database.MIGRATIONS
    broken = (2, ("ALTER TABLE sessions ADD COLUMN colour TEXT", "no SQL"))
    monkeypatch.setattr(database, "MIGRATIONS", (*known, broken))
    with pytest.raises(SessionStoreError):
        open_sessions(sessions_path)

    monkeypatch.setattr(database, "MIGRATIONS", known)
    with open_sessions(sessions_path) as again:
        assert [(1,)] == again._database.rows("PRAGMA user_version")
        columns = {str(row[1]) for row in again._database.rows("PRAGMA table_info(sessions)")}
        assert "colour" not in columns
        assert ["old"] == [session.name for session in again.sessions(HERE)]


def test_a_newer_file_is_refused(store: SessionStore, sessions_path: Path) -> None:
    """A file of a later program is left as it is, with what to do."""
    store.close()
    with sqlite3.connect(sessions_path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = sessions_path.read_bytes()

    with pytest.raises(SessionStoreError, match=r"newer version .*upgrade"):
        open_sessions(sessions_path)
    assert before == sessions_path.read_bytes()


@pytest.mark.parametrize("damage", ["no database", "page", "empty"])
def test_a_damaged_file_is_named(store: SessionStore, sessions_path: Path, damage: str) -> None:
    """What cannot be read is said with the file and what to do; an empty file is a new one."""
    session = store.begin(HERE, "x")
    for number in range(40):
        key = store.ask(session.key, f"{number}?")
        store.settle(key, "done", made_answer())
    store.remove(store.begin(HERE, "y").key)  # folds the log in
    store.close()
    content = bytearray(sessions_path.read_bytes())
    if damage == "no database":
        content[:16] = b"something else.."
    elif damage == "page":
        content[4096:] = os.urandom(len(content) - 4096)
    else:
        content.clear()
    sessions_path.write_bytes(content)

    if damage == "empty":
        with open_sessions(sessions_path) as again:
            assert [] == again.sessions()
        return
    with (
        pytest.raises(SessionStoreError, match=r"sessions\.sqlite3 is damaged .*move it away"),
        open_sessions(sessions_path) as again,
    ):
        again.turns(again.sessions()[0].key)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """Where nothing can be written, the error says what else to name."""
    (tmp_path / "file").touch()
    with pytest.raises(SessionStoreError, match="RELEASEQA_DATA"):
        open_sessions(tmp_path / "file" / "sessions.sqlite3")


def _ask_many(path: Path, name: str, count: int) -> None:
    with open_sessions(path) as store:
        session = store.begin(HERE, name)
        for number in range(count):
            key = store.ask(session.key, f"{os.getpid()} {number}")
            store.settle(key, "done", made_answer())


def test_two_processes_write_at_once(sessions_path: Path) -> None:
    """Programs that keep conversations at the same time, the file new or the session the same,
    lose nothing to each other.
    """
    spawn = multiprocessing.get_context("spawn")
    for names in (("one", "two"), ("same", "same")):
        others = [spawn.Process(target=_ask_many, args=(sessions_path, n, 25)) for n in names]
        for other in others:
            other.start()
        for other in others:
            other.join()
        assert [0, 0] == [other.exitcode for other in others]

    with open_sessions(sessions_path) as store:
        counts = {session.name: session.turns for session in store.sessions(HERE)}
        assert {"one": 25, "two": 25, "same": 50} == counts
        turns = store.turns(store.find(HERE, "same").key)
        assert all(turn.state == "done" for turn in turns)
        assert 50 == len({turn.question for turn in turns})


def test_the_place_is_the_users_unless_it_is_named(tmp_path: Path) -> None:
    """RELEASEQA_DATA names the folder; a collection is known by its whole path."""
    assert tmp_path / "sessions.sqlite3" == sessions_file({"RELEASEQA_DATA": str(tmp_path)})
    assert "releaseqa" in str(sessions_file({}))
    (tmp_path / "link").symlink_to(tmp_path / "there")
    assert str(tmp_path / "there") == collection_key(tmp_path / "link")
    odd = os.fsdecode(b"/caf\xe9")
    assert "/caf?" == collection_key(Path(odd))


def test_the_store_loads_nothing_heavy() -> None:
    """Listing sessions needs no numpy, and no library of models."""
    code = (
        "import sys, qa.sessions.store, qa.sessions.search\n"
        "print({'numpy', 'torch', 'faiss', 'tantivy', 'textual'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=ROOT,
    )  # fmt: skip
    assert "set()" == done.stdout.strip()


def test_the_last_used_comes_first_also_after_the_clock_went_back(
    sessions_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order is that in which questions were asked, as is that of the turns."""
    with open_sessions(sessions_path) as store:
        for hour, name in ((12, "one"), (9, "two"), (11, "three"), (8, "one")):
            monkeypatch.setattr(
                "qa.sessions.store._now", lambda hour=hour: f"2026-03-01T{hour:02}:00:00Z"
            )
            store.ask(store.begin(HERE, name).key, f"At {hour}?")

        assert ["one", "three", "two"] == [session.name for session in store.sessions(HERE)]
        turns = store.turns(store.find(HERE, "one").key)
        assert ["At 12?", "At 8?"] == [turn.question for turn in turns]
        monkeypatch.setattr("qa.sessions.store._now", lambda: "2026-03-01T07:00:00Z")
        store.begin(HERE, "new")
        assert "new" == store.sessions(HERE)[0].name
