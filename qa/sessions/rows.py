"""Rows of the sessions' file as records and back.

An answer is kept as the JSON of the reference. One that a later program cannot read does not
take the conversation with it: its turn says so.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any, cast

from index.filters import Filters
from qa.answer_json import answer_from_json, answer_to_json, dumps
from qa.sessions.types import Asking, Judgement, Remark, SavedSession, SavedTurn, TurnState
from qa.types import Answer

SESSION = (
    "s.id, s.collection, s.name, s.created_at, s.updated_at, "
    "(SELECT count(*) FROM turns t WHERE t.session = s.id), "
    "(SELECT t.question FROM turns t WHERE t.session = s.id ORDER BY t.id LIMIT 1)"
)
TURN = "id, question, asked_as, asking, asked_at, state, answer, error"
JUDGEMENT = "question, release_id, passage_id, grade, answers"


def session_of(row: Sequence[Any]) -> SavedSession:
    """Return the session in a row of `SESSION`."""
    return SavedSession(*row)


def turn_of(row: Sequence[Any], remarks: Sequence[Remark] = ()) -> SavedTurn:
    """Return the turn in a row of `TURN`."""
    key, question, asked_as, asking, asked_at, state, answer, error = row
    turn = SavedTurn(
        key, question, asked_as, Asking(), asked_at, cast("TurnState", state), None, error,
        tuple(remarks),
    )  # fmt: skip
    try:
        turn = replace(turn, asking=asking_from_json(asking))
        return replace(turn, answer=None if answer is None else answer_from_json(_parsed(answer)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        return replace(turn, state="failed", error=f"what is stored of it cannot be read: {wrong}")


def judgement_of(row: Sequence[Any]) -> Judgement:
    """Return the judgement in a row of `JUDGEMENT`."""
    question, release_id, passage_id, grade, answers = row
    return Judgement(question, release_id, passage_id, grade, tuple(json.loads(answers)))


def asking_to_json(asking: Asking) -> str:
    """Return how a question was asked as JSON text."""
    return dumps(asdict(asking))


def asking_from_json(text: str) -> Asking:
    """Return what `asking_to_json` wrote.

    Raises:
        ValueError: It is something else.
    """
    try:
        found = json.loads(text)
        filters = found.pop("filters")
        filters["kinds"] = tuple(filters["kinds"])
        return Asking(Filters(**filters), **found)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not how a question was asked: {error}") from error


def answer_text(answer: Answer) -> str:
    """Return an answer as JSON text."""
    return dumps(answer_to_json(answer))


def storable(text: str) -> str:
    """Return text that SQLite can hold: lone surrogates are replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _parsed(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - a value that was stored
    return found
