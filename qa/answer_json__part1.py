"""What becomes of a question in a batch: an answer, or a failure that keeps its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qa.answer import SCHEMA, Answer
from qa.serialise import answer_from_json, answer_to_json


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that could not be asked.

    Attributes:
        question: What could be read of it.
        error: What is wrong with it, in one line.
    """

    id: str | None
    question: str
    error: str


Outcome = Answer | Failure


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """Return an answer as its JSON object, a failure as one with `error`."""
    if isinstance(outcome, Answer):
        return answer_to_json(outcome)
    return {
        "schema": SCHEMA,
        "id": outcome.id,
        "question": outcome.question,
        "error": outcome.error,
    }


def outcome_from_json(found: Mapping[str, Any]) -> Outcome:
    """Return the outcome that `outcome_to_json` wrote.

    Raises:
        ValueError: The object is neither an answer nor a failure of this version.
    """
    if "error" not in found:
        return answer_from_json(found)
    if found.get("schema") != SCHEMA:
        raise ValueError(f"a failure of schema {found.get('schema')!r} instead of {SCHEMA}")
    try:
        return Failure(found["id"], found["question"], found["error"])
    except KeyError as error:
        raise ValueError(f"not a failure: {error}") from error
