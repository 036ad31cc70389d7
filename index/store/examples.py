"""Example questions about a collection, kept in its store.

They are never needed and made again whenever they are missing, so whatever is wrong with the record
counts as none. Each is about one release, by row number: a release that changes gets a new one, so
a question is forgotten with the text it was made from.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from index.store.reader import Store

META = "examples"
"""Name under which the store has them."""


_MOST = 20
_LONGEST = 200
"""How many questions, and characters of each, are read at most: a store may be a stranger's."""
_ROW_NUMBERS = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """A question that the collection answers.

    Attributes:
        text: The question (untrusted: the store may be a stranger's).
        release: Row number of the release that it is about.
    """

    text: str
    release: int


@dataclass(frozen=True, slots=True)
class ExampleQuestions:
    """The questions, and what they were made of.

    Attributes:
        questions: The questions whose releases are as they were.
        lost: How many others there were.
        made_by: Names how they were made.
        passages: How many passages the collection had.
    """

    questions: tuple[ExampleQuestion, ...]
    made_by: str
    passages: int
    lost: int = 0


def load_examples(store: Store) -> ExampleQuestions | None:
    """Return the example questions of a store; None if it has no sound record of them."""
    try:
        found = json.loads(store.meta(META) or "null")
        questions = [
            ExampleQuestion(str(question["text"])[:_LONGEST], int(question["release"]))
            for question in found["questions"][:_MOST]
        ]
        made_by, passages = str(found["made_by"]), int(found["passages"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    keys = {question.release for question in questions if abs(question.release) <= _ROW_NUMBERS}
    sql = "SELECT id FROM releases WHERE id IN ({keys})"
    there = {row[0] for row in store.rows_among(sql, keys)}
    valid = tuple(question for question in questions if question.release in there)
    return ExampleQuestions(valid, made_by, passages, len(questions) - len(valid))


def save_examples(folder: Path, examples: ExampleQuestions) -> None:
    """Record example questions in the collection in `folder`.

    Raises:
        CollectionBusyError: Another process is writing to it.
        StorageError: It cannot be written.
    """
    from index.store.writer import StoreWriter, writing_lock

    record = {
        "questions": [asdict(question) for question in examples.questions],
        "made_by": examples.made_by,
        "passages": examples.passages,
    }
    with writing_lock(folder):
        store = StoreWriter(folder)
        try:
            with store.transaction():
                store.set_meta(META, json.dumps(record, ensure_ascii=True))
        finally:
            store.close()
