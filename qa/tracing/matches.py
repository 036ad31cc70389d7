"""Gathers what the sentences of an article repeat, and chooses where each comes from. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from index.types import Span
from qa.tracing.match import Comparison
from qa.tracing.releases import ReleaseSentence

_AS_STRONG = 0.1
"""Strengths that differ by less decide nothing between two releases."""
_DIFFERENCE = 0.1
"""How much less a sentence speaks for a release for each number or name that differs."""


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence of the article, by its number, and the sentence of a release that it repeats."""

    number: int
    source: ReleaseSentence
    found: Comparison

    @property
    def rank(self) -> tuple[int, float, int]:
        """What orders the matches of a sentence in one release, the best last."""
        return self.found.form != "rephrased", self.found.strength, -self.source.span[0]


@dataclass(slots=True)
class Matches:
    """The best match of each sentence of the article in each release.

    Attributes:
        of_sentence: By the number of the sentence, by the row number of the release.
        repeated: The sentences of releases that any sentence repeats: release and span.
    """

    of_sentence: dict[int, dict[int, Match]] = field(default_factory=dict)
    repeated: set[tuple[int, Span]] = field(default_factory=set)

    def add(self, match: Match) -> None:
        """Keep a match if it is the best one of its sentence in its release."""
        release = match.source.release
        self.repeated.add((release, match.source.span))
        matches = self.of_sentence.setdefault(match.number, {})
        if release not in matches or match.rank > matches[release].rank:
            matches[release] = match

    def releases(self) -> set[int]:
        """Return the releases that have a match."""
        return {release for matches in self.of_sentence.values() for release in matches}

    def weights(self, cluster: Callable[[int], int]) -> dict[int, tuple[float, float]]:
        """Return how much speaks for each near-duplicate cluster.

        First the words of the sentences that it has, less where facts differ: of two releases made
        from one template, these tell which one the article is about. Then the meaning of others.
        """
        weights: dict[int, tuple[float, float]] = {}
        for matches in self.of_sentence.values():
            best: dict[int, tuple[float, float]] = {}
            for release, match in matches.items():
                found, key = match.found, cluster(release)
                by_words = found.strength - _DIFFERENCE * len(found.facts.differences)
                weight = (0.0, found.strength) if found.form == "rephrased" else (by_words, 0.0)
                best[key] = max(best.get(key, (0.0, 0.0)), weight)
            for key, (words, meaning) in best.items():
                before = weights.get(key, (0.0, 0.0))
                weights[key] = (before[0] + words, before[1] + meaning)
        return weights

    def chosen(
        self, cluster: Callable[[int], int], date: Callable[[int], str | None]
    ) -> Iterator[Match]:
        """Yield, for each sentence that has a match, the one that it comes from.

        Args:
            cluster: Returns the near-duplicate cluster of a release.
            date: Returns the ISO date of a release, or None.
        """
        weights = self.weights(cluster)
        for number in sorted(self.of_sentence):
            matches = list(self.of_sentence[number].values())
            strongest = max(match.found.strength for match in matches)
            strong = [m for m in matches if m.found.strength > strongest - _AS_STRONG]
            main = max(
                (cluster(match.source.release) for match in strong),
                key=lambda key: (weights[key], -key),
            )
            yield min(
                (match for match in strong if cluster(match.source.release) == main),
                key=lambda match: (
                    len(match.found.facts.differences),
                    -round(match.found.strength, 2),
                    date(match.source.release) is None,
                    date(match.source.release) or "",
                    match.source.release,
                ),
            )
