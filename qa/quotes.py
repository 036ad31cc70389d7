"""The quotations of a collection: who said what and when, each with a citation.

Without a question they are sorted by date, newest first; with one, as `Collection.ask` ranks the
passages of kind `quote`. `matching_quotes` finds those that an article repeats.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from index.dedup.near_duplicates import comparison_words
from index.filters import NO_FILTERS, Filters, fold_name
from index.structure.quotations.people import surname_of
from index.structure.quotations.speakers import find_quotations
from index.types import Passage, Release, Span, overlap
from qa.answer_json import release_to_json
from qa.citations import citation_of
from qa.collection import Collection, ReleaseDocument
from qa.errors import QuestionError
from qa.tracing.types import Trace
from qa.tracing.words import match_words, sentence_words
from qa.types import ReleaseRef

KIND = "quote"
_NEARLY = 0.7
"""The share of the words of an article's quotation that a release must have in their order."""


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


@dataclass(frozen=True, slots=True)
class QuoteMatch:
    """A quotation in an article that a release has as well.

    Attributes:
        span: Into the text of the article, with the quotation marks; `text` is exactly that span.
        speaker: Whom the article quotes, or None if it does not say.
        quote: The passage of the release that has the words.
        exact: Whether it has them word for word, as one stretch.
    """

    span: Span
    text: str
    speaker: str | None
    quote: Quote
    exact: bool

    @property
    def same_speaker(self) -> bool | None:
        """Whether both name the same surname; None if one names nobody."""
        if self.speaker is None or self.quote.speaker is None:
            return None
        names = [fold_name(surname_of(name)) for name in (self.speaker, self.quote.speaker)]
        return names[0] == names[1]


def matching_quotes(collection: Collection, trace: Trace) -> list[QuoteMatch]:
    """Return the quotations of a traced article that releases have, too, in order."""
    article = trace.article
    documents = {key: collection.document(ref.id) for key, ref in trace.releases.items()}
    found: list[QuoteMatch] = []
    for quotation in find_quotations(article.text, [p.span for p in article.passages]):
        text = article.text[slice(*quotation.span)]
        words = sentence_words(text, article.lang)
        for document, passage in _sources(trace, documents, quotation.span):
            written = sentence_words(document.text[slice(*passage.span)], article.lang)
            match = match_words(words, written, article.lang)
            if match.share >= _NEARLY:
                exact = match.run == len(words.words)
                quote = _quote(document, passage)
                found.append(QuoteMatch(quotation.span, text, quotation.speaker, quote, exact))
                break
    return found


def _sources(
    trace: Trace, documents: Mapping[int, ReleaseDocument], span: Span
) -> Iterator[tuple[ReleaseDocument, Passage]]:
    """Yield the passages that sentences of an article come from which overlap a span."""
    for sentence in trace.sentences:
        source = sentence.source
        if source is not None and overlap(sentence.span, span):
            document = documents[source.release]
            yield document, document.passages[source.ordinal]


def quote_match_to_json(match: QuoteMatch) -> dict[str, Any]:
    """Return a quotation of an article as a JSON object, keys in their fixed order."""
    return {
        "span": list(match.span),
        "text": match.text,
        "speaker": match.speaker,
        "match": "exact" if match.exact else "nearly",
        "same_speaker": match.same_speaker,
        "quote": quote_to_json(match.quote),
    }


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
