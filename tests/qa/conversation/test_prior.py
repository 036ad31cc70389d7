"""Which releases a conversation is about."""

from pathlib import Path

import pytest

from index.search.searcher import Searcher
from qa.conversation import FoundPassage, Turn
from qa.conversation.prior import holds_all, release_prior, release_shares


def found(*scored: tuple[str, float]) -> Turn:
    """A turn that found passages of releases, with their scores."""
    passages = tuple(
        FoundPassage(f"{release}#1", release, "", None, "", score) for release, score in scored
    )
    return Turn("Who?", "Who?", "", "", passages)


def test_scores_say_how_sure_a_release_is() -> None:
    """Odds of 9 to 1 and 1 to 1 are shares of .9 and .1, answered or not."""
    assert {"a": pytest.approx(0.9), "b": pytest.approx(0.1)} == release_shares(
        [found(("a", 0.9), ("b", 0.5), ("a", 0.2))]
    )


def test_the_latest_turn_counts_most() -> None:
    """Shares of older turns shrink; turns that found nothing do not count."""
    shares = release_shares([found(("a", 0.9)), found(("b", 0.9)), Turn("Why?", "Why?")])

    assert {"a", "b"} == set(shares)
    assert shares["b"] == pytest.approx(1 / 1.7)


def test_a_release_without_the_name_is_not_meant(sample_collection: Path) -> None:
    """The strength counts only for releases that hold every name; gone ones are forgotten."""
    searcher = Searcher(sample_collection)
    turns = [found(("canada-korea-visit", 0.9), ("gone", 0.9))]
    key = searcher.store.release("canada-korea-visit").key

    korea = release_prior(turns, ["Korean"], searcher)
    mars = release_prior(turns, ["Neptune"], searcher)

    assert ({key: 1.0}, frozenset({key}), 1.0) == (korea.shares, korea.named, korea.strength(key))
    assert ({key: 1.0}, frozenset()) == (mars.shares, mars.named)
    assert 0.0 == korea.strength(None)
    searcher.close()


def test_words_are_held_by_their_beginning() -> None:
    """A text about Korea holds "Korean"; a short word must be there itself."""
    assert holds_all("A visit to Korea.", ["Korean", "visits"])
    assert not holds_all("A visit to Korea.", ["Korean", "NEON"])
