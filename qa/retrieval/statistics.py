"""Counts and mentions of words in a whole collection."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.filters import NO_FILTERS, Filters
from index.search.backend import SearchBackend
from index.text.analyzer import extract_terms
from qa.retrieval.types import Scope


@dataclass(frozen=True, slots=True)
class CollectionStatistics:
    """Document frequencies, as `qa.retrieval.types.TermStatistics`."""

    searcher: SearchBackend

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return self.searcher.passages

    def document_frequency(self, term: str) -> int:
        """Return how many passages hold `term`."""
        return self.searcher.document_frequency(term)


@dataclass(frozen=True, slots=True)
class CollectionMentions:
    """Which words a collection mentions, as `qa.retrieval.types.Mentions`.

    Attributes:
        searcher: The collection.
        filters: What was searched.
        keys: Passages of the one release that was searched; None for what the filters allow.
    """

    searcher: SearchBackend
    filters: Filters = NO_FILTERS
    keys: Sequence[int] | None = None

    @property
    def scope(self) -> Scope:
        """What was searched."""
        if self.keys is not None:
            return "release"
        return "filters" if self.filters else "collection"

    def any_searched(self) -> bool:
        """Whether there was any passage to search."""
        if self.keys is not None:
            return bool(self.keys)
        return bool(self.searcher.count(self.filters))

    def anywhere(self, word: str) -> bool:
        """Whether any release of the collection mentions `word`."""
        return any(self.searcher.occurs(form) for form in self._forms(word))

    def searched(self, word: str) -> bool:
        """Whether anything that was searched mentions `word`."""
        forms = self._forms(word)
        if self.keys is not None:
            return bool(self.searcher.lexical_scores(forms, self.keys))
        return bool(self.searcher.search_lexical(forms, 1, self.filters))

    def _forms(self, word: str) -> set[str]:
        """Return the forms of a word in every language of the collection."""
        languages = (None, *self.searcher.languages())  # None: releases of no known language
        return {form for lang in languages for form in extract_terms(word, lang)}
