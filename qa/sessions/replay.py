"""Saved turns as the conversation that the next question follows, and asked again."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ReleaseIndexError
from index.milvus.address import MilvusAddress
from qa.answer_json import Failure, Outcome
from qa.conversation.types import NO_CONVERSATION, Conversation
from qa.errors import QAError
from qa.paths import collection_key
from qa.sessions.store import open_sessions
from qa.sessions.types import SavedTurn, Transcript
from qa.types import Answer, AskOptions

if TYPE_CHECKING:
    from qa.collection import Collection


def conversation_of(turns: Iterable[SavedTurn]) -> Conversation:
    """Return the conversation of the answered turns, oldest first."""
    conversation = NO_CONVERSATION
    for turn in turns:
        if turn.state == "done" and turn.answer is not None:
            conversation = conversation.plus(turn.answer)
    return conversation


def ask_in_session(
    collection: "Collection",
    question: str,
    options: AskOptions,
    *,
    place: Path | MilvusAddress,
    name: str,
    as_typed: bool = False,
) -> Answer:
    """Ask a question after the turns of a saved conversation, and save the turn in any case.

    Args:
        collection: The collection.
        question: As typed.
        options: How to ask.
        place: The folder of the collection, or its address.
        name: The name of the session, which is created if it does not exist.
        as_typed: As for `Collection.ask`.
    """
    with open_sessions() as store:
        saved = store.begin(collection_key(place), name)
        before = conversation_of(store.turns(saved.key))
        turn = store.ask(saved.key, question, options, as_typed=as_typed)
        try:
            answer = collection.ask(question, options, conversation=before, as_typed=as_typed)
        except (QAError, ReleaseIndexError) as error:
            store.settle(turn, "failed", None, str(error))
            raise
        except KeyboardInterrupt:
            store.settle(turn, "cancelled", None)
            raise
        store.settle(turn, "done", answer)
    return answer


def saved_outcomes(transcript: Transcript) -> list[Outcome]:
    """Return the outcome of each question when it was saved; its id is the turn's number."""
    return [_outcome(turn, number) for number, turn in enumerate(transcript.turns, start=1)]


def replayed(collection: "Collection", transcript: Transcript) -> Iterator[Outcome]:
    """Yield the outcome of each question now, asked after the same saved turns.

    A different answer changes nothing for the questions after it, so each difference comes from
    the collection or the program.
    """
    for number, turn in enumerate(transcript.turns, start=1):
        before = conversation_of(transcript.turns[: number - 1])
        try:
            answer = collection.ask(
                turn.question, turn.options, conversation=before, as_typed=turn.as_typed
            )
        except (QAError, ReleaseIndexError) as error:
            yield Failure(str(number), turn.question, str(error))
        else:
            yield replace(answer, id=str(number))


def _outcome(turn: SavedTurn, number: int) -> Outcome:
    if turn.state == "done" and turn.answer is not None:
        return replace(turn.answer, id=str(number), question=turn.question)
    reason = turn.error or "there was no answer when it was saved"
    return Failure(str(number), turn.question, reason)
