"""What was read lately is kept."""

from collections.abc import Iterable

from index.store.lookups import TwoGenerationCache


class Shelf:
    """Squares of even numbers, and which were asked for."""

    def __init__(self) -> None:
        self.read: list[int] = []

    def __call__(self, keys: Iterable[int]) -> dict[int, int]:
        """Read values."""
        asked = list(keys)
        self.read += asked
        return {key: key * key for key in asked if key % 2 == 0}


def test_what_is_kept_is_not_read_again() -> None:
    """Values come in the order of their keys; that there is none is kept, too."""
    kept, shelf = TwoGenerationCache[int, int](10), Shelf()

    assert list(kept.get([4, 3, 2, 4], "a", shelf).items()) == [(4, 16), (2, 4)]
    assert kept.get([2, 3, 6], "a", shelf) == {2: 4, 6: 36}
    assert shelf.read == [4, 3, 2, 6]


def test_another_version_empties_it() -> None:
    """After a change of what is read from, everything is read again."""
    kept, shelf = TwoGenerationCache[int, int](10), Shelf()
    kept.get([2], 1, shelf)

    assert kept.get([2], 2, shelf) == {2: 4}
    assert shelf.read == [2, 2]


def test_it_does_not_grow() -> None:
    """However many keys come, some are kept and what was used last is among them."""
    kept, shelf = TwoGenerationCache[int, int](8), Shelf()
    for key in range(0, 1_000, 2):
        kept.get([key, 998], 1, shelf)
    assert shelf.read.count(998) == 1
    assert len(kept._young) + len(kept._old) <= 9

    kept.get([0], 1, shelf)

    assert shelf.read.count(0) == 2
