"""Fetching more where what was found first is the same text, or nothing that is searched."""

from collections.abc import Callable


def plenty(limit: int) -> int:
    """Return how many are fetched at first, so that `limit` remain most often."""
    return limit + limit // 2


def enough(
    fetch: Callable[[int], tuple[int, list[tuple[int, float]]]], limit: int
) -> list[tuple[int, float]]:
    """Fetch more until `limit` passages remain of what was fetched, or there are no more."""
    count = plenty(limit)
    while True:
        raw, kept = fetch(count)
        if len(kept) >= limit or raw < count or count >= 64 * limit:
            return kept[:limit]
        count *= 4
