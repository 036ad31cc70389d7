"""Which releases a conversation is about, by what its questions found.

A follow-up is mostly answered by the release that answered the question before it, even where that
answer was withheld. The scores of the passages that were found say how sure that is. A release
that lacks a name of the follow-up is not the one it asks about: "And in Ontario?".
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.errors import ReleaseNotFoundError
from index.search.backend import SearchBackend
from index.text.analyzer import extract_terms
from qa.conversation.types import Turn

DECAY = 0.7
"""Weight of a turn relative to the one after it."""
LEAST_SHARE = 0.02
"""Smaller shares count like this one."""
_LEAST_SCORE = 1e-6
_PREFIX = 4
"""Letters from which a word that begins another counts as the same word."""


@dataclass(frozen=True, slots=True)
class ReleasePrior:
    """The releases that a follow-up may be about before it is searched for.

    Attributes:
        shares: Probability of each release, by its row number; they sum to 1, or there are none.
        named: Of these, those that hold every name of the follow-up.
    """

    shares: Mapping[int, float]
    named: frozenset[int]

    def strength(self, release: int | None) -> float:
        """Return how likely a release is, in [0, 1]: 1 if it is certain, 0 if hardly thought of."""
        share = 0.0 if release is None else self.shares.get(release, 0.0)
        return 1 - math.log(max(share, LEAST_SHARE)) / math.log(LEAST_SHARE)


def release_shares(turns: Sequence[Turn]) -> dict[str, float]:
    """Return the probability of each release by what some turns found, the latest counting most.

    Args:
        turns: Oldest first. A turn that found nothing says nothing.
    """
    total: dict[str, float] = {}
    for age, turn in enumerate(reversed([turn for turn in turns if turn.passages])):
        odds: dict[str, float] = {}
        for passage in turn.passages:
            score = min(max(passage.score, _LEAST_SCORE), 1 - _LEAST_SCORE)
            value = score / (1 - score)
            odds[passage.release_id] = max(value, odds.get(passage.release_id, 0.0))
        for release, value in odds.items():
            share = DECAY**age * value / sum(odds.values())
            total[release] = total.get(release, 0.0) + share
    whole = sum(total.values())
    return {release: share / whole for release, share in total.items()}


def release_prior(
    turns: Sequence[Turn], names: Iterable[str], searcher: SearchBackend
) -> ReleasePrior:
    """Return which releases a follow-up may be about.

    Args:
        turns: The turns before it that belong to its topic, oldest first.
        names: The names in the follow-up, as typed.
        searcher: The collection. Releases that were removed are left out.
    """
    wanted = list(names)
    shares: dict[int, float] = {}
    named: set[int] = set()
    for release_id, share in release_shares(turns).items():
        try:
            stored = searcher.lookups.release(release_id)
        except ReleaseNotFoundError:
            continue
        shares[stored.key] = share
        if holds_all(f"{stored.release.title}\n{stored.release.text}", wanted):
            named.add(stored.key)
    whole = sum(shares.values())
    return ReleasePrior({key: share / whole for key, share in shares.items()}, frozenset(named))


def holds_all(text: str, words: Iterable[str]) -> bool:
    """Whether a text holds every word, or one that begins with it or that it begins with."""
    terms = set(extract_terms(text))
    short = {term[:_PREFIX] for term in terms if len(term) >= _PREFIX}
    return all(
        term in terms or (len(term) >= _PREFIX and term[:_PREFIX] in short)
        for word in words
        for term in extract_terms(word)
    )
