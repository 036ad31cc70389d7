"""Saved turns as the conversation that the next question is asked in, and asked again."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from index.errors import ReleaseIndexError
from index.filters import Filters
from qa.answer_json import Failure, Outcome
from qa.conversation.types import NO_CONVERSATION, Conversation
from qa.errors import QAError
from qa.paths import collection_key
from qa.sessions.store import open_sessions
from qa.sessions.types import Asking, SavedTurn, Transcript
from qa.types import Answer


class ReplayAsker(Protocol):
    """What can be asked; `qa.collection.Collection` fits."""

    def ask(
        self,
        question: str,
        *,
        k: int,
        filters: Filters,
        risk: float | None,
        words_only: bool,
        reader: bool,
        explain: bool,
        conversation: Conversation,
        as_typed: bool,
    ) -> Answer:
        """Answer a question, which may follow on a conversation."""


def conversation_of(turns: Iterable[SavedTurn]) -> Conversation:
    """Return what was said in the turns that were answered, oldest first."""
    conversation = NO_CONVERSATION
    for turn in turns:
        if turn.state == "done" and turn.answer is not None:
            conversation = conversation.plus(turn.answer)
    return conversation


def ask_again(
    asker: ReplayAsker,
    question: str,
    asking: Asking,
    before: Conversation = NO_CONVERSATION,
    *,
    explain: bool = False,
) -> Answer:
    """Ask a question in a certain way, now or again, after what was said before."""
    return asker.ask(
        question,
        k=asking.k,
        filters=asking.filters,
        risk=asking.risk,
        words_only=asking.words_only,
        reader=asking.reader,
        explain=explain,
        conversation=before,
        as_typed=asking.as_typed,
    )


def ask_in_session(
    asker: ReplayAsker,
    question: str,
    asking: Asking,
    *,
    folder: Path,
    name: str,
    explain: bool = False,
) -> Answer:
    """Ask after the turns of a saved conversation, and save the turn, however it ends.

    Args:
        asker: The collection.
        question: As typed.
        asking: How to ask.
        folder: The collection's.
        name: Of the session, begun when there is none.
        explain: As for `Collection.ask`.
    """
    with open_sessions() as store:
        saved = store.begin(collection_key(folder), name)
        before = conversation_of(store.turns(saved.key))
        turn = store.ask(saved.key, question, asking)
        try:
            answer = ask_again(asker, question, asking, before, explain=explain)
        except (QAError, ReleaseIndexError) as error:
            store.settle(turn, "failed", None, str(error))
            raise
        except KeyboardInterrupt:
            store.settle(turn, "cancelled", None)
            raise
        store.settle(turn, "done", answer)
    return answer


def saved_outcomes(transcript: Transcript) -> list[Outcome]:
    """Return what came of each question when it was saved, with the turn's number as its id."""
    return [_outcome(turn, number) for number, turn in enumerate(transcript.turns, start=1)]


def replayed(asker: ReplayAsker, transcript: Transcript) -> Iterator[Outcome]:
    """Yield what comes of each question now, each after the same saved turns as then.

    Because the turns before a question are those that were saved, a difference is one of the
    collection or of the program, never of an earlier difference.
    """
    for number, turn in enumerate(transcript.turns, start=1):
        before = conversation_of(transcript.turns[: number - 1])
        try:
            answer = ask_again(asker, turn.question, turn.asking, before)
        except (QAError, ReleaseIndexError) as error:
            yield Failure(str(number), turn.question, str(error))
        else:
            yield replace(answer, id=str(number))


def _outcome(turn: SavedTurn, number: int) -> Outcome:
    if turn.state == "done" and turn.answer is not None:
        return replace(turn.answer, id=str(number), question=turn.question)
    reason = turn.error or "there was no answer when it was saved"
    return Failure(str(number), turn.question, reason)
