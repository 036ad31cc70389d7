"""Statements for other programs: JSON and CSV."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from qa.answer_json import DIGITS, release_to_json
from qa.export.csv import SEPARATOR, csv_table, release_cells
from qa.statements.folds import compare_wordings
from qa.statements.people import Person
from qa.statements.types import AlsoSaid, Fold, Statement
from qa.types import ReleaseRef

COLUMNS = (
    *("person", "date", "statement", "speaker", "role", "form", "fold", "match", "also_said_by"),
    *("issuer", "title", "release_id", "passage_id", "source", "url", "citation", "also_in"),
)


def form(statement: Statement) -> str:
    """Return whether a statement is quoted or reported."""
    return "quoted" if statement.quoted else "reported"


def passage_id(statement: Statement, release: ReleaseRef) -> str:
    """Return the id of the passage in which a statement stands."""
    return f"{release.id}#{statement.passage.ordinal}"


def fold_to_json(
    person: Person, fold: Fold, releases: Mapping[int, ReleaseRef], others: Sequence[AlsoSaid]
) -> dict[str, Any]:
    """Return a statement with its repetitions as a JSON object, keys in their fixed order."""
    dates = [date for s in fold.statements if (date := releases[s.release].date)]
    first, last = fold.statements[0], fold.statements[-1]
    return {
        "person": person.name,
        "first": min(dates, default=None),
        "last": max(dates, default=None),
        "statements": [_statement(s, releases[s.release]) for s in fold.statements],
        "changes": [
            {"change": part.change, "words": part.words}
            for part in compare_wordings(first.text, last.text)
        ]
        if first.text.split() != last.text.split()
        else [],
        "also_said_by": [
            {
                "speaker": other.speaker,
                "date": other.date,
                "release": other.release,
                "passage_id": other.passage_id,
            }
            for other in others
        ],
    }


def csv_rows(
    person: Person,
    folds: Iterable[tuple[Fold, Sequence[AlsoSaid]]],
    releases: Mapping[int, ReleaseRef],
) -> Iterator[str]:
    """Return the header, then each statement as one row; those of a fold have the same number."""
    return csv_table(
        COLUMNS,
        (
            release_cells(releases[statement.release])
            | {
                "person": person.name,
                "statement": statement.text,
                "speaker": statement.speaker,
                "role": statement.role,
                "form": form(statement),
                "fold": str(number),
                "match": statement.by,
                "also_said_by": SEPARATOR.join(dict.fromkeys(other.speaker for other in others)),
                "passage_id": passage_id(statement, releases[statement.release]),
                "citation": statement.citation,
                "also_in": SEPARATOR.join(statement.also_in),
            }
            for number, (fold, others) in enumerate(folds, 1)
            for statement in fold.statements
        ),
    )


def _statement(statement: Statement, release: ReleaseRef) -> dict[str, Any]:
    score = statement.score
    return {
        "date": release.date,
        "release": release_to_json(release),
        "passage_id": passage_id(statement, release),
        "kind": statement.passage.kind,
        "speaker": statement.speaker,
        "role": statement.role,
        "form": form(statement),
        "span": list(statement.span),
        "text": statement.text,
        "match": statement.by,
        "score": None if score is None else round(score, DIGITS),
        "also_in": list(statement.also_in),
        "citation": statement.citation,
    }
