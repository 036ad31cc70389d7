"""The cache of what was read from the store."""

from collections.abc import Iterable

from index.store.lookups import BatchCache


class Shelf:
    """Returns the squares of even numbers, and records the keys that it was asked for."""

    def __init__(self) -> None:
        self.read: list[int] = []

    def __call__(self, keys: Iterable[int]) -> dict[int, int]:
        """Read values."""
        asked = list(keys)
        self.read += asked
        return {key: key * key for key in asked if key % 2 == 0}


def test_a_cached_value_is_not_read_again() -> None:
    """Values come in the order of their keys; a key without a value is remembered, too."""
    cache, shelf = BatchCache[int, int](10), Shelf()

    assert list(cache.get([4, 3, 2, 4], "a", shelf).items()) == [(4, 16), (2, 4)]
    assert cache.get([2, 3, 6], "a", shelf) == {2: 4, 6: 36}
    assert shelf.read == [4, 3, 2, 6]


def test_another_version_empties_it() -> None:
    """After a change of version everything is read again."""
    cache, shelf = BatchCache[int, int](10), Shelf()
    cache.get([2], 1, shelf)

    assert cache.get([2], 2, shelf) == {2: 4}
    assert shelf.read == [2, 2]


def test_it_does_not_grow() -> None:
    """However many keys come, only the most recently used ones stay."""
    cache, shelf = BatchCache[int, int](8), Shelf()
    for key in range(0, 1_000, 2):
        cache.get([key, 998], 1, shelf)
    assert shelf.read.count(998) == 1
    assert len(cache._values) == 8

    cache.get([0], 1, shelf)

    assert shelf.read.count(0) == 2
