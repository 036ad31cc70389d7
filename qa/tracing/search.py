"""Finds the releases of a collection from which the sentences of an article come.

1. For each sentence, the passages with its words and those near it in meaning are compared with it,
   word by word. Releases that a sentence repeats are sources. Where hardly any sentence does,
   the few that are nearest in meaning to the article as a whole may be.
2. The sources and their near-duplicates are compared with the article sentence by sentence: first
   the words, with lower thresholds, then the meaning of what is left. Each sentence of a source is
   encoded by itself for that: its stored vector also has the meaning of what stands around it.
3. A sentence that several releases have comes from the one from which most of the article comes,
   and among near-duplicates from the earliest.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.filters import Filters
from index.ingest.article import Article
from index.search.searcher import Searcher
from index.store.related import NO_RELATED, related_releases
from index.text.analyzer import extract_terms
from index.text.stopwords import DEFAULT_LANG, function_words
from qa.citations import citation_of
from qa.release_refs import release_ref
from qa.tracing.match import (
    ALONE,
    IN_SOURCE,
    ArticleSentence,
    Comparison,
    Thresholds,
    article_sentence,
    compare_words,
    may_share_words,
)
from qa.tracing.matches import Match, Matches
from qa.tracing.releases import ReleaseSentence, SourceReleases
from qa.tracing.rephrased import candidates as near_sentences
from qa.tracing.types import LeftOut, SourceSentence, Trace, TracedSentence

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Float32 = npt.NDArray[np.float32]

LEAST_PROBABILITY = 0.6
"""A sentence is rephrased if that is at least so probable."""
LEAST_ALONE = 0.9
"""The same for a release that no sentence repeats by its words; several sentences must reach it."""
_PASSAGES = 10
"""Passages that are compared with a sentence because of their words; as many for their meaning."""
_MOST_SOURCES = 8
"""Releases that are compared with the whole article; a long article may have more."""
_SENTENCES_PER_SOURCE = 4
_SAME_TEXT = 20
"""Passages with the same text that are compared with a sentence."""
_NEAREST = 3
"""Releases that are compared with the whole article for their meaning alone."""
_NEAR = 0.5
"""Cosine from which a sentence speaks for a release."""
_SEVERAL = 2
"""Sentences that make sure that an article draws on a release."""
_MOST_ENCODED = 2_000
"""Sentences of releases that are compared by meaning; a book would take minutes."""
_FEWEST_WORDS = 4
"""Words of a sentence that is worth telling; fewer are a label or part of a page."""
_TOLD = frozenset({"body", "quote", "list", "question"})
"""Kinds of passages of which it is told what the article left out."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """The article, ready to be compared.

    Attributes:
        sentences: Its sentences.
        vectors: Their unit vectors; None where meaning is not compared.
        lang: Its language.
    """

    sentences: Sequence[ArticleSentence]
    vectors: "Sequence[Float32 | None]"
    lang: str | None


def trace_article(
    searcher: Searcher, article: Article, filters: Filters, *, words_only: bool = False
) -> Trace:
    """Return where the sentences of an article come from.

    Args:
        searcher: The collection.
        article: The article.
        filters: Which releases and passages it may come from.
        words_only: Do not compare meaning.

    Raises:
        ReleaseIndexError: When the collection or its encoder cannot be used.
    """
    sentences = [article_sentence(article.text, span, article.lang) for span in article.sentences]
    vectors: Sequence[Float32 | None] = [None] * len(sentences)
    if searcher.has_packaged_model and not words_only:  # cosines differ between models
        vectors = searcher.encode_queries([sentence.text for sentence in sentences])
    compared = _Compared(sentences, vectors, article.lang)
    by_meaning = any(vector is not None for vector in vectors)
    releases = SourceReleases(searcher, filters, article.lang)
    hits = _nearest_passages(searcher, compared, filters)
    matches = _in_passages(searcher, releases, compared, hits)
    found = _heaviest(matches, releases, len(sentences))
    _add_repeated(matches, releases, compared, releases.of_releases(found), ALONE)
    in_main = releases.of_releases(_main_releases(matches, releases))
    _add_repeated(matches, releases, compared, in_main, IN_SOURCE)
    if by_meaning:
        _add_rephrased(matches, searcher, releases, compared, in_main)
        if len(matches.of_sentence) < _SEVERAL:
            nearest = _nearest_releases(searcher, compared, hits)
            _add_rephrased_alone(matches, searcher, releases, compared, nearest)
    return _trace(searcher, article, compared, releases, matches, by_meaning=by_meaning)


def _nearest_passages(
    searcher: Searcher, article: _Compared, filters: Filters
) -> list[tuple[int, ...]]:
    """Return, for each sentence, the passages with its words and those near it in meaning."""
    languages = sorted({*searcher.languages(), article.lang or DEFAULT_LANG})
    found: list[list[int]] = []
    for sentence in article.sentences:
        terms = {
            term
            for lang in languages
            for term in set(extract_terms(sentence.text, lang)) - function_words(lang)
        }
        hits = searcher.search_lexical(terms, _PASSAGES, filters)
        found.append([key for key, _ in hits])
    encoded = [number for number, vector in enumerate(article.vectors) if vector is not None]
    if encoded:
        vectors = _stacked(article.vectors[number] for number in encoded)
        dense = searcher.search_dense_many(vectors, _PASSAGES, filters)
        for number, near in zip(encoded, dense, strict=True):
            found[number] += [key for key, _ in near]
    return [tuple(dict.fromkeys(keys)) for keys in found]


def _in_passages(
    searcher: Searcher,
    releases: SourceReleases,
    article: _Compared,
    hits: Sequence[Sequence[int]],
) -> Matches:
    """Return the sentences of passages that sentences of the article repeat by their words.

    A search returns each text once, so the other passages with the same text are compared as well.
    """
    matches = Matches()
    split = releases.of_passages({key for keys in hits for key in keys})
    for number, keys in enumerate(hits):
        near = [sentence for key in keys for sentence in split.get(key, ())]
        _add_repeated(matches, releases, article, near, ALONE, [number])
    repeated = [
        key
        for key, sentences in sorted(split.items())
        if any((sentence.release, sentence.span) in matches.repeated for sentence in sentences)
    ]
    same = searcher.lookups.identical_passages(repeated)
    others = {other for found in same.values() for other, _ in found[:_SAME_TEXT]}
    copies = [sentence for found in releases.of_passages(others).values() for sentence in found]
    _add_repeated(matches, releases, article, copies, ALONE)
    return matches


def _add_repeated(
    matches: Matches,
    releases: SourceReleases,
    article: _Compared,
    candidates: Sequence[ReleaseSentence],
    least: Thresholds,
    numbers: Iterable[int] | None = None,
) -> None:
    """Add the matches of sentences of the article, by default all, by their words."""
    for number in range(len(article.sentences)) if numbers is None else numbers:
        sentence = article.sentences[number]
        for other in candidates:
            if may_share_words(sentence.words, other.words, least):
                whole = releases.facts(other.release)
                found = compare_words(sentence, other.words, other.text, whole, least, article.lang)
                if found is not None:
                    matches.add(Match(number, other, found))


def _heaviest(matches: Matches, releases: SourceReleases, sentences: int) -> list[int]:
    """Return the releases with most for them, and the near-duplicates of each.

    These are not more than an article of so many sentences may come from.
    """
    weights = matches.weights(releases.cluster)
    ordered = sorted(sorted(weights), key=lambda key: weights[key], reverse=True)
    clusters = set(ordered[: max(_MOST_SOURCES, sentences // _SENTENCES_PER_SOURCE)])
    return releases.with_duplicates(
        release for release in matches.releases() if releases.cluster(release) in clusters
    )


def _main_releases(matches: Matches, releases: SourceReleases) -> list[int]:
    """Return the releases from which most of the article comes, and the near-duplicates of each.

    That is the one with most for it, those with half as much, which may be made from the same
    template, and all from which several sentences come.
    """
    weights = matches.weights(releases.cluster)
    counts = Counter(releases.cluster(match.source.release) for match in _chosen(matches, releases))
    most = max((words for words, _ in weights.values()), default=0.0)
    main = {
        key for key, (words, _) in weights.items() if counts[key] >= _SEVERAL or words >= most / 2
    }
    return releases.with_duplicates(
        release for release in matches.releases() if releases.cluster(release) in main
    )


def _chosen(matches: Matches, releases: SourceReleases) -> Iterator[Match]:
    return matches.chosen(releases.cluster, lambda key: releases[key].release.date)


def _nearest_releases(
    searcher: Searcher, article: _Compared, hits: Sequence[Sequence[int]]
) -> set[int]:
    """Return the releases that are nearest in meaning to the article as a whole.

    Each sentence speaks for a release by how much its cosine with the nearest sentence there
    exceeds a threshold.
    """
    facts = searcher.lookups.passage_facts({key for keys in hits for key in keys})
    spoken: dict[int, float] = {}
    for vector, keys in zip(article.vectors, hits, strict=True):
        if vector is None:
            continue
        nearest: dict[int, float] = {}
        for key, (whole, parts) in searcher.dense_scores(vector, keys).items():
            if key in facts:
                release = facts[key].release
                nearest[release] = max(nearest.get(release, 0.0), *parts, whole)
        for release, cosine in nearest.items():
            spoken[release] = spoken.get(release, 0.0) + max(0.0, cosine - _NEAR)
    return set(sorted(spoken, key=lambda key: (-spoken[key], key))[:_NEAREST])


def _add_rephrased(
    matches: Matches,
    searcher: Searcher,
    releases: SourceReleases,
    article: _Compared,
    in_main: Sequence[ReleaseSentence],
) -> None:
    """Add the matches by meaning of the sentences that no release repeats by its words."""
    for match in _rephrased(matches, searcher, releases, article, in_main):
        if match.found.strength >= LEAST_PROBABILITY:
            matches.add(match)


def _add_rephrased_alone(
    matches: Matches,
    searcher: Searcher,
    releases: SourceReleases,
    article: _Compared,
    nearest: Iterable[int],
) -> None:
    """Add the matches by meaning in releases that no sentence repeats by its words.

    Such a release counts if several sentences are surely rephrased from it.
    """
    by_release: dict[int, list[Match]] = {}
    near = releases.of_releases(releases.with_duplicates(nearest))
    for match in _rephrased(matches, searcher, releases, article, near):
        by_release.setdefault(match.source.release, []).append(match)
    for found in by_release.values():
        sure = {match.number for match in found if match.found.strength >= LEAST_ALONE}
        if len(sure) >= _SEVERAL:
            for match in found:
                if match.found.strength >= LEAST_PROBABILITY:
                    matches.add(match)


def _rephrased(
    matches: Matches,
    searcher: Searcher,
    releases: SourceReleases,
    article: _Compared,
    candidates: Sequence[ReleaseSentence],
) -> list[Match]:
    """Return how the sentences without a match compare with the nearest ones of each release."""
    numbers = [
        number
        for number, vector in enumerate(article.vectors)
        if vector is not None and number not in matches.of_sentence
    ]
    texts = list(dict.fromkeys(sentence.text for sentence in candidates))
    if not texts or not numbers:
        return []
    vectors = searcher.encode_queries(texts[:_MOST_ENCODED])
    encoded = dict(zip(texts, vectors, strict=False))
    of_release: dict[int, list[ReleaseSentence]] = {}
    for sentence in candidates:
        if encoded.get(sentence.text) is not None:
            of_release.setdefault(sentence.release, []).append(sentence)
    ours = _stacked(article.vectors[number] for number in numbers)
    return [
        Match(
            numbers[found.row],
            sentences[found.column],
            Comparison("rephrased", found.probability, None, found.facts, found.cosine),
        )
        for release, sentences in of_release.items()
        for found in near_sentences(
            [article.sentences[number] for number in numbers],
            sentences,
            ours @ _stacked(encoded[sentence.text] for sentence in sentences).T,
            releases.facts(release),
            {span for of, span in matches.repeated if of == release},
            article.lang,
        )
    ]


def _stacked(vectors: "Iterable[Float32 | None]") -> "Float32":
    """Return vectors as rows; those that are None are left out."""
    import numpy as np

    rows: Float32 = np.stack([vector for vector in vectors if vector is not None])
    return rows


def _trace(
    searcher: Searcher,
    article: Article,
    compared: _Compared,
    releases: SourceReleases,
    matches: Matches,
    *,
    by_meaning: bool,
) -> Trace:
    """Return the article with where each sentence comes from, and what was left out."""
    chosen = {match.number: match for match in _chosen(matches, releases)}
    counts = Counter(match.source.release for match in chosen.values())
    order = sorted(counts, key=lambda key: (-counts[key], key))
    related = related_releases(searcher.store, order)
    return Trace(
        article=article,
        sentences=tuple(
            _traced(sentence, chosen.get(number), releases, matches)
            for number, sentence in enumerate(compared.sentences)
        ),
        releases={key: release_ref(releases[key], related.get(key, NO_RELATED)) for key in order},
        left_out=tuple(_left_out(key, releases, matches) for key in order),
        by_meaning=by_meaning,
    )


def _traced(
    sentence: ArticleSentence, match: Match | None, releases: SourceReleases, matches: Matches
) -> TracedSentence:
    """Return a sentence of the article with where it comes from."""
    if match is None:
        return TracedSentence(sentence.span, sentence.text, "own")
    source, found = match.source, match.found
    cluster = releases.cluster(source.release)
    also_in = sorted(
        releases[release].release.release_id
        for release, other in matches.of_sentence[match.number].items()
        if release != source.release
        and releases.cluster(release) == cluster
        and other.source.words.terms == source.words.terms
    )
    return TracedSentence(
        span=sentence.span,
        text=sentence.text,
        form=found.form,
        source=_source_sentence(source, releases, tuple(also_in)),
        copied=found.words.run_span if found.words else None,
        shared=found.words.share if found.words else 0.0,
        cosine=found.cosine,
        differences=found.facts.differences,
    )


def _source_sentence(
    sentence: ReleaseSentence, releases: SourceReleases, also_in: tuple[str, ...] = ()
) -> SourceSentence:
    release = releases[sentence.release].release
    return SourceSentence(
        release=sentence.release,
        ordinal=sentence.passage.ordinal,
        speaker=sentence.passage.speaker,
        span=sentence.span,
        text=sentence.text,
        citation=citation_of(release, sentence.passage, releases.text(sentence)),
        also_in=also_in,
    )


def _left_out(release: int, releases: SourceReleases, matches: Matches) -> LeftOut:
    """Return the sentences of a release that no sentence of the article repeats."""
    told = [
        sentence
        for sentence in releases.of_releases([release])
        if sentence.passage.kind in _TOLD and len(sentence.words.words) >= _FEWEST_WORDS
    ]
    return LeftOut(
        release=release,
        sentences=len(told),
        left_out=tuple(
            _source_sentence(sentence, releases)
            for sentence in told
            if (release, sentence.span) not in matches.repeated
        ),
    )
