"""The comparison of two runs as text, as JSON and as a page of HTML."""

from collections.abc import Iterator
from typing import Any

from qa.batch.diff import CHANGE_KINDS, Change, ChangeKind, ComparableOutcome, Comparison, Part
from qa.display import clean_line
from qa.export.html import render
from qa.types import SCHEMA

_TITLES: dict[ChangeKind, str] = {
    "changed": "Answer changed",
    "gained": "Answer gained",
    "lost": "Answer lost",
    "moved": "Confidence moved",
    "only old": "Asked in the old run only",
    "only new": "Asked in the new run only",
}
_SIGNS = ("-", "+")
_PARTS: dict[Part, str] = {
    "words": "the exact words",
    "evidence": "the evidence",
    "passage": "the passage",
    "release": "the release",
    "error": "the error",
}


def summary(found: Comparison) -> str:
    """Return a comparison in one line."""
    total = found.same + len(found.changes)
    parts = [f"{found.counts[kind]} {kind}" for kind in CHANGE_KINDS if found.counts[kind]]
    return f"{total} questions: {', '.join([f'{found.same} the same', *parts])}."


def change_lines(found: Comparison) -> Iterator[str]:
    """Yield the changes as cleaned lines: `-` is the old outcome, `+` the new one."""
    for change in found.changes:
        number = f"{change.question.id}: " if change.question.id else ""
        parts = f" ({_part_names(change)})" if change.parts else ""
        yield clean_line(f"{change.kind}{parts}  {number}{change.question.question}")
        for sign, outcome in zip(_SIGNS, (change.old, change.new), strict=True):
            if outcome is not None:
                yield clean_line(f"  {sign} {_one_line(outcome)}")


def comparison_to_json(found: Comparison) -> dict[str, Any]:
    """Return a comparison as a JSON object, keys in their fixed order."""
    return {
        "schema": SCHEMA,
        "threshold": found.moved,
        "same": found.same,
        "counts": {kind.replace(" ", "_"): count for kind, count in found.counts.items()},
        "changes": [
            {
                "change": change.kind.replace(" ", "_"),
                "parts": list(change.parts),
                "id": change.question.id,
                "question": change.question.question,
                "old": _outcome_to_json(change.old),
                "new": _outcome_to_json(change.new),
            }
            for change in found.changes
        ],
    }


def comparison_page(found: Comparison, old: str, new: str) -> Iterator[str]:
    """Yield a comparison as a page of HTML, piece by piece.

    Args:
        found: What differs.
        old: Name of the earlier run.
        new: Name of the later one.
    """
    sections = [
        (_TITLES[kind], [change for change in found.changes if change.kind == kind])
        for kind in CHANGE_KINDS
        if found.counts[kind]
    ]
    return render(
        "changes.html.j2",
        summary=summary(found),
        old=old,
        new=new,
        sections=sections,
        part_names=_part_names,
    )


def _one_line(outcome: ComparableOutcome) -> str:
    """Return an outcome in one line."""
    if outcome.state == "failed":
        return f"not asked: {outcome.reason}"
    if outcome.state == "declined":
        return f"no answer: {outcome.reason} ({outcome.confidence:.2f})"
    words = outcome.words or outcome.evidence or outcome.passage or ""
    source = ", ".join(fact for fact in (outcome.title, outcome.date) if fact)
    return f"“{words}” ({outcome.confidence:.2f}) {source} [{outcome.passage_id}]"


def _outcome_to_json(outcome: ComparableOutcome | None) -> dict[str, Any] | None:
    if outcome is None:
        return None
    return {
        "state": outcome.state,
        "confidence": outcome.confidence,
        "words": outcome.words,
        "evidence": outcome.evidence,
        "passage_id": outcome.passage_id,
        "release_id": outcome.release_id,
        "title": outcome.title,
        "date": outcome.date,
        "citation": outcome.citation,
        "reason": outcome.reason,
    }


def _part_names(change: Change) -> str:
    return ", ".join(_PARTS[part] for part in change.parts)
