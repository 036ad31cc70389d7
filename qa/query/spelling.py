"""Which known words a mistyped one is near to: by the letters between them.

Pure functions and values; `qa.retrieval.respelling` says which words are known and which mistyped.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

LEAST_LETTERS = 4
"""Letters of a word that may be mistyped; shorter ones are near too many others."""
LONG_WORD = 8
"""Letters from which a word may have two slips instead of one."""


class NearWord(NamedTuple):
    """A known word, and how many letters it is away."""

    distance: int
    word: str


def allowed_slips(word: str) -> int:
    """Return how many slips a word of this length may have; 0 for a short one."""
    if len(word) < LEAST_LETTERS:
        return 0
    return 2 if len(word) >= LONG_WORD else 1


def slips_between(typed: str, word: str, most: int) -> int | None:
    """Return how many slips make one word of another; None for more than `most`.

    A slip is a letter that is missing, added or another, or two neighbours that are swapped
    (Damerau, "A technique for computer detection and correction of spelling errors", 1964).
    """
    alike = 0
    while alike < min(len(typed), len(word)) and typed[alike] == word[alike]:
        alike += 1
    typed, word = typed[alike:], word[alike:]
    if abs(len(typed) - len(word)) > most:
        return None
    above: list[int] = []
    row = list(range(len(word) + 1))
    for at, letter in enumerate(typed, start=1):
        two_above, above, row = above, row, [at]
        for column, other in enumerate(word, start=1):
            slips = min(
                above[column] + 1, row[column - 1] + 1, above[column - 1] + (letter != other)
            )
            if at > 1 and column > 1 and letter == word[column - 2] and typed[at - 2] == other:
                slips = min(slips, two_above[column - 2] + 1)
            row.append(slips)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None


class KnownWords:
    """Words to compare with a mistyped one, sorted by what can be told at once.

    Nearly all words differ from the typed one in so many letters that there is nothing to count.
    The typed word itself must not be one of them.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """Take words of small letters."""
        self._sorted: defaultdict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
        for word in words:
            self._sorted[word[0], len(word)].append((_letters(word), word))

    def near(self, typed: str, most: int) -> list[NearWord]:
        """Return the words with the same first letter that are at most `most` slips away.

        If there are some one slip away, those with two are not looked for.

        The first letter is seldom mistyped, and other words often differ in the beginning alone:
        "reforestation" and "deforestation".
        """
        letters = _letters(typed)
        for slips in range(1, most + 1):
            found = [
                NearWord(slips, word)
                for length in range(len(typed) - slips, len(typed) + slips + 1)
                for other, word in self._sorted.get((typed[0], length), ())
                if (letters ^ other).bit_count() <= 2 * slips
                and slips_between(typed, word, slips) is not None
            ]
            if found:
                return found
        return []


def _letters(word: str) -> int:
    """Return which letters a word has, as bits; a slip changes two of them at most."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits
