"""Search the saved conversations.

A turn is found if every word is in its question, the passages of its answer and their headlines,
its notes, or the name of its session.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from qa.sessions.store import SessionStore
from qa.sessions.types import SavedSession, SavedTurn


@dataclass(frozen=True, slots=True)
class FoundTurn:
    """A turn that a search found; `number` is its place in the session, from 1."""

    session: SavedSession
    number: int
    turn: SavedTurn


def search_turns(store: SessionStore, words: str, collection: str | None) -> Iterator[FoundTurn]:
    """Yield the turns that contain all words, session by session, the last used first.

    Args:
        store: The sessions.
        words: Separated by white space; case does not matter.
        collection: The collection, or None for all.
    """
    wanted = words.casefold().split()
    for session in store.sessions(collection):
        for number, turn in enumerate(store.turns(session.key), start=1):
            if contains_words(turn, session.name, wanted):
                yield FoundTurn(session, number, turn)


def search_sessions(store: SessionStore, words: str, collection: str) -> list[SavedSession]:
    """Return the sessions with all words in a turn or in the name; without words all sessions."""
    wanted = words.casefold().split()
    return [
        session
        for session in store.sessions(collection)
        if all(word in session.name.casefold() for word in wanted)
        or any(contains_words(turn, session.name, wanted) for turn in store.turns(session.key))
    ]


def contains_words(turn: SavedTurn, name: str, wanted: list[str]) -> bool:
    """Return whether a turn contains all words, which are case-folded."""
    texts = [name, turn.question, turn.asked_as, *(remark.note for remark in turn.remarks)]
    for passage in turn.passages:
        texts += (passage.release.title, passage.text)
    whole = "\n".join(texts).casefold()
    return all(word in whole for word in wanted)
