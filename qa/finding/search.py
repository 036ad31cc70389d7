"""Searches a collection for every passage that matches a query.

By words: the lexical index gives the passages that have all of them. It stores no positions, so
phrases are checked in the stored text. By meaning: the passages whose cosine with the query reaches
a threshold. The thresholds were chosen on ten topics and measured on ten others
(benchmarks/find_topics.py, docs/decisions/0025-find-has-a-threshold.md).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from index.filters import Filters
from index.search.backend import SearchBackend
from index.search.searcher import Searcher
from index.store.page_numbers import NO_PAGES, page_range
from index.store.related import NO_RELATED
from qa.citations import citation_of
from qa.finding.match import TokenizedText, highlights
from qa.finding.query import NO_QUERY, Clause, FindQuery
from qa.finding.types import Findings, FoundPassage, Match
from qa.release_refs import release_ref

LEAST_COSINE = 0.44
"""A passage matches by meaning from this cosine with the query."""
LEAST_BELOW_HEADLINE = 0.30
"""The same where the passage and its headline have all words of the query between them."""


def find_passages(
    searcher: SearchBackend, query: FindQuery, filters: Filters, *, words_only: bool = False
) -> Findings:
    """Return everything that matches a query.

    A passage that copies or versions of a release repeat is returned once.

    Args:
        searcher: The collection.
        query: What to look for.
        filters: What to search. Without kinds, all are searched but datelines.
        words_only: Leave out what matches by meaning alone.

    Raises:
        ReleaseIndexError: When the collection or its encoder cannot be used.
    """
    languages = sorted({*searcher.languages(), query.lang})
    lexical = _with_all(searcher, query.wanted, languages, filters)
    # The thresholds are those of the packaged model.
    words_only = words_only or not query.has_meaning or not searcher.has_packaged_model
    vector = None if words_only else searcher.encode_queries([query.text])[0]
    dense: dict[int, float] = {}
    near: set[int] = set()
    if vector is not None:
        dense = searcher.search_dense_range(vector, LEAST_BELOW_HEADLINE, filters)
        near = {key for key, cosine in dense.items() if cosine >= LEAST_COSINE}
        rest = dense.keys() - near - lexical.keys()
        near |= _with_all(
            searcher, query.wanted, languages, filters, among=rest, headlines=True
        ).keys()
    keys = lexical.keys() | near
    for clause in query.excluded:
        keys -= _with_all(searcher, [clause], languages, filters, among=keys).keys()
    return _findings(
        searcher, query, keys, filters, lexical=lexical, dense=dense, by_meaning=vector is not None
    )


def passages_with(
    searcher: Searcher, has: Callable[[str, int, int], bool], filters: Filters
) -> Findings:
    """Return every passage whose text passes a test, as if each matched by words.

    Args:
        searcher: The collection.
        has: Whether a text has what is looked for between two places.
        filters: What to search, as for `find_passages`.
    """
    places: dict[int, list[tuple[int, int, int]]] = {}
    for release, *place in searcher.store.iterate("SELECT release, id, start, stop FROM passages"):
        places.setdefault(release, []).append((place[0], place[1], place[2]))
    keys: set[int] = set()
    for release, text in searcher.store.iterate("SELECT id, text FROM releases"):
        if has(text, 0, len(text)):
            of_release = places.get(release, ())
            keys.update(key for key, start, stop in of_release if has(text, start, stop))
    if (allowed := searcher.allowed(filters)) is not None:
        keys &= allowed
    return _findings(searcher, NO_QUERY, keys, filters, lexical=dict.fromkeys(keys, 0.0), dense={})


def _findings(
    searcher: SearchBackend,
    query: FindQuery,
    keys: Iterable[int],
    filters: Filters,
    *,
    lexical: Mapping[int, float],
    dense: Mapping[int, float],
    by_meaning: bool = False,
) -> Findings:
    """Return what matches of some passages, each once, with their releases."""
    text_keys = searcher.searchable_text_keys(sorted(keys), filters, headlines=True)
    matches = _matches(searcher, text_keys, lexical, dense)
    releases = {match.release for match in matches}
    stored = searcher.lookups.releases_by_key(releases)
    related = searcher.lookups.related_releases(releases)
    return Findings(
        query=query,
        matches=tuple(match for match in matches if match.release in stored),
        releases={
            key: release_ref(release, related.get(key, NO_RELATED))
            for key, release in stored.items()
        },
        by_meaning=by_meaning,
    )


def load_passages(
    searcher: SearchBackend, findings: Findings, matches: Sequence[Match]
) -> list[FoundPassage]:
    """Return matches with their text, in the same order; what was removed since is left out."""
    stored = searcher.lookups.passages([match.key for match in matches])
    releases = searcher.lookups.releases_by_key({match.release for match in matches})
    pages = searcher.lookups.document_pages(releases)
    wanted = findings.query.wanted
    found = []
    for match in matches:
        passage, release = stored.get(match.key), releases.get(match.release)
        if passage is None or release is None:
            continue
        own = pages.get(match.release, NO_PAGES)
        found.append(
            FoundPassage(
                match=match,
                release=findings.releases[match.release],
                passage_id=passage.passage_id,
                span=passage.passage.span,
                text=passage.text,
                highlights=highlights(passage.text, passage.lang, wanted),
                title_highlights=highlights(passage.title, passage.lang, wanted),
                citation=citation_of(release.release, passage.passage, passage.text),
                pages=page_range(own.starts, passage.passage.span),
                scan_confidence=own.scan_confidence,
            )
        )
    return found


def _with_all(
    searcher: SearchBackend,
    clauses: Sequence[Clause],
    languages: Sequence[str],
    filters: Filters,
    *,
    among: Iterable[int] | None = None,
    headlines: bool = False,
) -> dict[int, float]:
    """Return the passages that have the words of all clauses: their keys and BM25 scores.

    Args:
        searcher: The collection.
        clauses: What they must have.
        languages: The languages whose endings are removed.
        filters: What they must meet.
        among: Only these; default: all.
        headlines: Whether the words may stand in the headline instead.
    """
    words = [terms for clause in clauses for terms in _terms(clause, languages)]
    found = searcher.search_all(words, filters, headlines=headlines)
    if among is not None:
        wanted = set(among)
        found = {key: score for key, score in found.items() if key in wanted}
    phrases = [clause for clause in clauses if not clause.is_word]
    if not phrases:
        return found
    passages = searcher.lookups.passages(sorted(found))
    whole: dict[int, float] = {}
    for key, passage in passages.items():
        texts = [TokenizedText(passage.text, passage.lang)]
        if headlines:
            texts.append(TokenizedText(passage.title, passage.lang))
        if all(any(text.has(clause) for text in texts) for clause in phrases):
            whole[key] = found[key]
    return whole


def _terms(clause: Clause, languages: Sequence[str]) -> list[set[str]]:
    """Return, for each word of a clause, the terms that stand for it in any of some languages."""
    slots: list[set[str]] = []
    for lang in languages:
        for place, term in enumerate(clause.stems(lang)):
            if place == len(slots):
                slots.append(set())
            slots[place].add(term)
    return slots


def _matches(
    searcher: SearchBackend,
    text_keys: Mapping[int, bytes],
    lexical: Mapping[int, float],
    dense: Mapping[int, float],
) -> list[Match]:
    """Return the matches, a text of copies or versions of a release once, in its first release."""
    facts = searcher.lookups.passage_facts(text_keys)
    clusters = searcher.lookups.duplicate_clusters({fact.release for fact in facts.values()})
    first: dict[tuple[int, bytes], int] = {}
    others: dict[int, set[int]] = {}
    found: dict[int, Match] = {}
    for key, fact in sorted(facts.items()):
        same = (clusters.get(fact.release, fact.release), text_keys[key])
        if same in first:
            others.setdefault(first[same], set()).add(fact.release)
            continue
        first[same] = key
        found[key] = Match(
            key=key,
            release=fact.release,
            ordinal=fact.ordinal,
            kind=fact.kind,
            speaker=fact.speaker,
            by="words" if key in lexical else "meaning",
            lexical=lexical.get(key),
            dense=dense.get(key),
        )
    repeating = {release for releases in others.values() for release in releases}
    names = {
        key: stored.release.release_id
        for key, stored in searcher.lookups.releases_by_key(repeating).items()
    }
    for key, releases in others.items():
        ids = {names[other] for other in releases - {found[key].release} if other in names}
        found[key] = replace(found[key], also_in=tuple(sorted(ids)))
    return list(found.values())
