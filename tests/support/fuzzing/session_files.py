"""The file of saved conversations with some of its bytes changed."""

import tempfile
from pathlib import Path

from made_answers import made_answer, made_passage

from fuzzing.core import Harness, declared, edited
from index.filters import Filters
from qa.errors import SessionError, SessionStoreError
from qa.sessions.export import export
from qa.sessions.replay import conversation_of, saved_outcomes
from qa.sessions.search import search_turns
from qa.sessions.store import SessionStore, open_sessions
from qa.sessions.terminal import transcript_lines
from qa.sessions.types import Judgement, Remark
from qa.types import AskOptions

_HERE = "/collections/here"
_PATH = Path(tempfile.mkdtemp(prefix="releaseqa-fuzz-")) / "sessions.sqlite3"


def _base() -> bytes:
    """Save two conversations."""
    with open_sessions(_PATH) as store:
        for name in ("bridge", "ferry"):
            answer = made_answer(made_passage(exact=(44, 46)), made_passage(2, ordinal=9))
            options = AskOptions(7, Filters(since="2023-01-01", kinds=("quote",)), 0.05)
            session = store.begin(_HERE, name)
            turn = store.ask(session.key, answer.question, options)
            store.settle(turn, "done", answer)
            store.remark(turn, Remark("bridge-2023#9", pinned=True, note="two\nlines"))
            store.settle(store.ask(session.key, "And when?"), "failed", None, "no model")
        store.judge(_HERE, [Judgement("When?", "bridge-2023", "bridge-2023#3", 2)])
    return _PATH.read_bytes()


BASE = _base()


def run(data: bytes) -> None:
    """Read and export all conversations, and add to one."""
    _PATH.write_bytes(edited(BASE, data))
    with declared(SessionStoreError), open_sessions(_PATH) as store:
        for saved in store.sessions():
            with declared(SessionStoreError, SessionError):
                _read(store, saved.name)
        with declared(SessionStoreError, SessionError):
            store.grades(_HERE)
            list(search_turns(store, "bridge", None))
            store.ask(store.begin(_HERE).key, "What?")


def _read(store: SessionStore, name: str) -> None:
    transcript = store.transcript(store.find(_HERE, name))
    for format_ in ("markdown", "html", "json"):
        "".join(export(transcript, format_)).encode()
    list(transcript_lines(transcript, styled=True))
    saved_outcomes(transcript)
    conversation_of(transcript.turns)


def seeds() -> list[bytes]:
    """An edit in each page."""
    pages = range(0, len(BASE), 4096)
    return [b"", *((start + 3900).to_bytes(3, "big") + b"\x03[]{}" for start in pages)]


HARNESS = Harness(
    run, seeds, words=(b"\xff" * 9, b"null", b"[]", b"{}", b"NaN", b"1e999", b"true", b"-1", b'""')
)
