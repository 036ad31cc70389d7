"""What the MCP tools return: answers to quote, with citations to check them by.

Functions from a collection to JSON objects of limited size. The objects are those of the command
line without the fields for display and measurement. `qa.mcp.server` sends them.
"""

from dataclasses import asdict
from typing import Any

from index.filters import Filters
from index.types import Passage, Release
from qa.answer_json import answer_to_json, release_to_json
from qa.citations import citation_of
from qa.collection import Collection, ReleaseDocument
from qa.types import AskOptions

MAX_PASSAGES = 20
MAX_RELEASES = 200
MAX_CHARACTERS = 20_000
"""Characters of a release in one reply; the last passage may go beyond."""

_ANSWER_FIELDS = (
    *("question", "answered", "confidence", "reason", "evidence", "answer", "partial"),
    "corrections",
)
_PASSAGE_FIELDS = (
    *("rank", "score", "release", "passage_id", "kind", "speaker", "text"),
    *("highlights", "also_in", "citation"),
)
_HIGHLIGHTS = frozenset({"evidence", "answer"})


def ask(collection: Collection, question: str, options: AskOptions) -> dict[str, Any]:
    """Return an answer: the JSON of `ask --json` without part scores, timing and term highlights.

    Raises:
        QuestionError: The question is empty or too long.
        ReleaseIndexError: The collection cannot be used.
    """
    whole = answer_to_json(collection.ask(question, options))
    found = {name: whole[name] for name in _ANSWER_FIELDS if name in whole}
    found["passages"] = [_trimmed(passage) for passage in whole["passages"]]
    return found


def show(collection: Collection, release: str, *, first: int = 0) -> dict[str, Any]:
    """Return a release, passage by passage, each with its citation.

    Args:
        collection: The collection.
        release: Its id, or another name that means it alone (`Collection.release_id`).
        first: Number of the first passage to return.

    Returns:
        The release, as many passages as fit, and under `next` the number of the passage to
        continue with, None at the end.

    Raises:
        AmbiguousReleaseError: The name fits several releases.
        ReleaseNotFoundError: The collection has no release of that name.
    """
    document = collection.document(collection.release_id(release))
    passages: list[dict[str, Any]] = []
    room = MAX_CHARACTERS
    for passage in document.passages[first:]:
        if room <= 0:
            break
        shown = _passage(document, passage)
        room -= len(shown["text"])
        passages.append(shown)
    after = first + len(passages)
    return {
        "release": release_to_json(document.ref),
        "passages": passages,
        "next": after if after < len(document.passages) else None,
    }


def releases(
    collection: Collection, *, filters: Filters, limit: int, offset: int = 0
) -> dict[str, Any]:
    """Return some of the releases that match the filters, newest first, and their total number."""
    found = collection.releases(filters)
    some = found[offset : offset + limit]
    after = offset + len(some)
    return {
        "total": len(found),
        "releases": [release_to_json(release) for release in some],
        "next": after if some and after < len(found) else None,
    }


def check(collection: Collection, citation: str) -> dict[str, Any]:
    """Return whether the cited release contains the words of a citation at the cited place.

    The text there is shortened, and `cut` set, if a forged citation covers a very long text.
    """
    found = asdict(collection.check(citation))
    text = found["text"] or ""
    if len(text) > MAX_CHARACTERS:
        found |= {"text": text[:MAX_CHARACTERS], "cut": True}
    return found


def _trimmed(passage: dict[str, Any]) -> dict[str, Any]:
    kept = {name: passage[name] for name in _PASSAGE_FIELDS}
    kept["highlights"] = [mark for mark in passage["highlights"] if mark["kind"] in _HIGHLIGHTS]
    return kept


def _passage(document: ReleaseDocument, passage: Passage) -> dict[str, Any]:
    ref = document.ref
    release = Release(ref.id, ref.title, document.text, ref.date, ref.issuer, ref.lang, ref.url)
    return {
        "passage_id": f"{ref.id}#{passage.ordinal}",
        "kind": passage.kind,
        "speaker": passage.speaker,
        "role": passage.role,
        "text": document.text[slice(*passage.span)],
        "citation": citation_of(release, passage),
    }
