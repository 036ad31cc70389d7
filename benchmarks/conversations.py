"""The conversation sets of ../shared/data/eval: questions with what was said before them."""

import json
from dataclasses import dataclass
from pathlib import Path

from qa.conversation import Conversation, Turn, conversation_from_history

FOLDS = 5


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """A question of a conversation.

    Attributes:
        history: Earlier questions and answers, in turn.
        rewrite: The self-contained form a person wrote; empty if there is none.
        heading: The subject of the conversation, as a turn before the first; None if unknown.
        fold: The fifth of the data its conversation is in.
        relevant: Release ids that answer.
        answers: Strings, each of which answers.
    """

    id: str
    conversation: str
    turn: int
    question: str
    history: tuple[str, ...]
    rewrite: str
    heading: Turn | None
    fold: int
    relevant: frozenset[str] = frozenset()
    answers: tuple[str, ...] = ()

    def before(self) -> Conversation:
        """Return the conversation before the question, its heading first."""
        spoken = conversation_from_history(self.history).turns
        return Conversation((self.heading, *spoken) if self.heading else spoken)

    def questions_before(self) -> Conversation:
        """Return the conversation before the question without the answers."""
        return Conversation(tuple(Turn(q, q) for q in self.history[::2]))


def read_turns(folder: Path) -> list[AskedTurn]:
    """Read the questions of a set, in order. Folds never divide a conversation."""
    relevant: dict[str, set[str]] = {}
    qrels = folder / "qrels.tsv"
    for line in qrels.read_text("utf-8").splitlines() if qrels.is_file() else ():
        question, release, grade = line.split("\t")
        if int(grade) > 0:
            relevant.setdefault(question, set()).add(release)
    lines = (folder / "questions.jsonl").read_text("utf-8").splitlines()
    found: list[AskedTurn] = []
    places: dict[str, int] = {}
    for record in map(json.loads, lines):
        place = places.setdefault(record["conversation"], len(places))
        title = record.get("title", "")
        heading = Turn(title, title, record.get("section", "")) if title else None
        found.append(
            AskedTurn(
                record["id"], record["conversation"], record["turn"], record["question"],
                tuple(record["history"]), record.get("rewrite", ""), heading, place % FOLDS,
                frozenset(relevant.get(record["id"], ())), tuple(record.get("answers", ())),
            )
        )  # fmt: skip
    return found
