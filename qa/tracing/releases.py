"""Reads the releases that an article may come from, each once, split into sentences."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.filters import Filters
from index.search.searcher import Searcher
from index.store.related import cluster_members
from index.types import Passage, Span, StoredRelease
from qa.tracing.facts import ReleaseFacts, release_facts
from qa.tracing.words import SentenceWords, sentence_words


@dataclass(frozen=True, slots=True)
class ReleaseSentence:
    """A sentence of a release.

    Attributes:
        release: Row number of its release.
        passage: Its passage.
        span: Into the text of the release.
        text: Word for word.
        words: Its words.
    """

    release: int
    passage: Passage
    span: Span
    text: str
    words: SentenceWords


class SourceReleases:
    """The releases of a collection, as far as an article is compared with them."""

    def __init__(self, searcher: Searcher, filters: Filters, lang: str | None) -> None:
        """Read from the collection of `searcher` what meets `filters`.

        Args:
            searcher: The collection.
            filters: Passages that do not meet them are left out.
            lang: The language of the article, in which words are compared.
        """
        self._searcher = searcher
        self._allowed = searcher.allowed(filters)
        self._lang = lang
        self._stored: dict[int, StoredRelease] = {}
        self._texts: dict[int, str] = {}
        self._clusters: dict[int, int] = {}
        self._facts: dict[int, ReleaseFacts] = {}

    def __getitem__(self, release: int) -> StoredRelease:
        """Return a release that was read, without its text."""
        return self._stored[release]

    def of_passages(self, keys: Iterable[int]) -> dict[int, list[ReleaseSentence]]:
        """Return the sentences of passages that meet the filters, by the key of the passage."""
        passages = self._searcher.lookups.passages([key for key in keys if self._admits(key)])
        self._read({passage.release_key for passage in passages.values()})
        return {
            key: self._split(stored.release_key, stored.passage)
            for key, stored in passages.items()
            if stored.release_key in self._stored
        }

    def of_releases(self, releases: Iterable[int]) -> list[ReleaseSentence]:
        """Return all sentences of releases, in order."""
        wanted = list(releases)
        self._read(wanted)
        sql = "SELECT id, release, ordinal FROM passages WHERE release IN ({keys})"
        rows = self._searcher.store.rows_among(sql, wanted)
        admitted = {(release, ordinal) for key, release, ordinal in rows if self._admits(key)}
        return [
            sentence
            for release in wanted
            if release in self._stored
            for passage in self._searcher.store.passages_of(release)
            if (release, passage.ordinal) in admitted
            for sentence in self._split(release, passage)
        ]

    def with_duplicates(self, releases: Iterable[int]) -> list[int]:
        """Return releases and all near-duplicates of them, ascending."""
        wanted = set(releases)
        members = cluster_members(self._searcher.store, sorted(wanted))
        self._clusters |= members
        return sorted(wanted | members.keys())

    def cluster(self, release: int) -> int:
        """Return the near-duplicate cluster of a release."""
        return self._clusters.get(release, release)

    def facts(self, release: int) -> ReleaseFacts:
        """Return the numbers and words of a release that was read."""
        if release not in self._facts:
            title = self._stored[release].release.title
            self._facts[release] = release_facts(title, self._texts[release], self._lang)
        return self._facts[release]

    def text(self, sentence: ReleaseSentence) -> str:
        """Return the text of the passage of a sentence."""
        return self._texts[sentence.release][slice(*sentence.passage.span)]

    def _admits(self, key: int) -> bool:
        return self._allowed is None or key in self._allowed

    def _read(self, releases: Iterable[int]) -> None:
        missing = set(releases) - self._stored.keys()
        if missing:
            texts = self._searcher.store.release_texts(missing)
            stored = self._searcher.store.releases_by_key(texts)
            self._texts |= {key: texts[key] for key in stored}
            self._stored |= stored
            self.with_duplicates(stored)

    def _split(self, release: int, passage: Passage) -> list[ReleaseSentence]:
        text = self._texts[release]
        return [
            ReleaseSentence(
                release, passage, span, text[slice(*span)],
                sentence_words(text[slice(*span)], self._lang),
            )
            for span in passage.sentence_spans
        ]  # fmt: skip
