"""What an assistant is given of a collection: answers to quote, with citations to check them by.

Plain functions from a collection to JSON objects, bounded in size whatever the collection holds: a
passage is short, and of everything else there is a most. The objects are those of the command line
without what serves a screen or a measurement. How they reach the assistant is left to
`qa.mcp.server`.
"""

from dataclasses import asdict
from typing import Any

from index.filters import Filters
from index.types import Passage, Release
from qa.answer_json import answer_to_json, release_to_json
from qa.citations import citation_of
from qa.collection import Collection, ReleaseDocument

MOST_PASSAGES = 20
MOST_RELEASES = 200
MOST_CHARACTERS = 20_000
"""Of a release's text in one reply; the last passage, which is short, may go beyond."""

_OF_ANSWER = ("question", "answered", "confidence", "reason", "evidence", "answer", "partial")
_OF_PASSAGE = ("rank", "score", "release", "passage_id", "kind", "speaker", "text", "highlights",
               "also_in", "citation")  # fmt: skip
_QUOTED = frozenset({"evidence", "answer"})


def ask(
    collection: Collection, question: str, *, k: int, filters: Filters, reader: bool = True
) -> dict[str, Any]:
    """Return an answer: the JSON of `ask --json`, without scores of parts, timing and terms.

    Raises:
        QuestionError: The question is empty or too long.
        ReleaseIndexError: The collection cannot be used.
    """
    whole = answer_to_json(collection.ask(question, k=k, filters=filters, reader=reader))
    found = {name: whole[name] for name in _OF_ANSWER if name in whole}
    found["passages"] = [_trimmed(passage) for passage in whole["passages"]]
    return found


def show(collection: Collection, release: str, *, first: int = 0) -> dict[str, Any]:
    """Return a release, passage by passage, each with its citation.

    Args:
        collection: The collection.
        release: Its id.
        first: Number of the first passage to return.

    Returns:
        Its facts, its passages as far as they fit, and under `next` the number of the passage
        to go on with, null at the end.

    Raises:
        ReleaseNotFoundError: There is none of that id.
    """
    document = collection.document(release)
    passages: list[dict[str, Any]] = []
    room = MOST_CHARACTERS
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
    """Return some of the releases that meet the filters, newest first, and how many there are."""
    found = collection.releases(filters)
    some = found[offset : offset + limit]
    after = offset + len(some)
    return {
        "total": len(found),
        "releases": [release_to_json(release) for release in some],
        "next": after if some and after < len(found) else None,
    }


def check(collection: Collection, citation: str) -> dict[str, Any]:
    """Return whether the words of a citation stand in the cited release, unchanged.

    What stands there is cut where a made-up citation points at a whole book, and `cut` says so.
    """
    found = asdict(collection.check(citation))
    text = found["text"] or ""
    if len(text) > MOST_CHARACTERS:
        found |= {"text": text[:MOST_CHARACTERS], "cut": True}
    return found


def _trimmed(passage: dict[str, Any]) -> dict[str, Any]:
    kept = {name: passage[name] for name in _OF_PASSAGE}
    kept["highlights"] = [mark for mark in passage["highlights"] if mark["kind"] in _QUOTED]
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
