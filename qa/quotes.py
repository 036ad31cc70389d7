"""The quotations of a collection: who said what and when, each with a citation.

Without a question they are sorted by date, newest first; with one, as `Collection.ask` ranks the
passages of kind `quote`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from index.dedup.near_duplicates import comparison_words
from index.filters import NO_FILTERS, Filters, fold_name
from index.types import Passage, Release, Span
from qa.answer_json import release_to_json
from qa.citations import citation_of
from qa.collection import Collection, ReleaseDocument
from qa.errors import QuestionError
from qa.types import ReleaseRef

KIND = "quote"


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage that is mostly a quotation.

    Attributes:
        speaker: The fullest name in the release, or None if the release does not name the speaker.
        role: The speaker's job title, in the words of the release, or None.
        release: The release; its date stands for the date of the quotation.
        passage_id: `RELEASE_ID#ORDINAL`.
        span: Into the stored text of the release; `text` is exactly that span.
        citation: One line that `releaseqa cite` can check.
        score: The score that ranks it, in [0, 1]; None without a question.
    """

    speaker: str | None
    role: str | None
    release: ReleaseRef
    passage_id: str
    span: Span
    text: str
    citation: str
    score: float | None = None


def quotes(
    collection: Collection,
    *,
    k: int,
    filters: Filters = NO_FILTERS,
    about: str | None = None,
    words_only: bool = False,
) -> list[Quote]:
    """Return quotations that meet `filters`; their kinds are ignored.

    Args:
        collection: The collection to search.
        k: Most quotations to return, at least 1.
        filters: What to search.
        about: A question or a topic to rank by; None for the newest first.
        words_only: Rank by words alone.

    Raises:
        QuestionError: When `about` is empty or too long.
        ReleaseIndexError: When the collection cannot be used.
    """
    if k < 1:
        raise QuestionError("k must be at least 1")
    wanted = replace(filters, kinds=(KIND,))
    if about is None:
        return list(islice(_newest(collection, wanted), k))
    return list(_ranked(collection, about, k, wanted, words_only=words_only))


def quote_to_json(quote: Quote) -> dict[str, Any]:
    """Return a quotation as a JSON object, keys in their fixed order."""
    return {
        "speaker": quote.speaker,
        "role": quote.role,
        "date": quote.release.date,
        "release": release_to_json(quote.release),
        "passage_id": quote.passage_id,
        "span": list(quote.span),
        "text": quote.text,
        "citation": quote.citation,
        "score": quote.score,
    }


def _newest(collection: Collection, filters: Filters) -> Iterator[Quote]:
    """Yield quotations by date, once each even if copies of a release repeat them."""
    name = fold_name(filters.speaker) if filters.speaker else ""
    said: dict[str, set[tuple[str, ...]]] = {}
    for ref in collection.releases(filters):
        document = collection.document(ref.id)
        belonging = {*ref.copies, *ref.replaces, ref.replaced_by or ref.id}
        before = set().union(*(said.get(other, set()) for other in belonging))
        for passage in document.passages:
            if passage.kind == KIND and name in fold_name(passage.speaker or ""):
                words = tuple(comparison_words(document.text[slice(*passage.span)]))
                if words not in before:
                    said.setdefault(ref.id, set()).add(words)
                    yield _quote(document, passage)


def _ranked(
    collection: Collection, about: str, k: int, filters: Filters, *, words_only: bool
) -> Iterator[Quote]:
    answer = collection.ask(about, k=k, filters=filters, words_only=words_only)
    for ranked in answer.passages:
        document = collection.document(ranked.release.id)
        passage = document.passages[ranked.ordinal]
        yield replace(_quote(document, passage), score=ranked.score)


def _quote(document: ReleaseDocument, passage: Passage) -> Quote:
    ref = document.ref
    release = Release(ref.id, ref.title, document.text, ref.date, ref.issuer, ref.lang, ref.url)
    return Quote(
        speaker=passage.speaker,
        role=passage.role,
        release=ref,
        passage_id=f"{ref.id}#{passage.ordinal}",
        span=passage.span,
        text=document.text[slice(*passage.span)],
        citation=citation_of(release, passage),
    )
