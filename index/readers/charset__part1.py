"""Bytes that are almost UTF-8, told from a code page in which such bytes stand by chance.

In a text of western Europe a character of two or three bytes is a letter with an accent or a
typographic mark. Read by a code page it becomes what no one writes ("Ã©", "â€™"), so each speaks
for UTF-8, and each byte that belongs to none speaks for a code page, where it would be a letter or
a mark of its own. The bytes FE and FF speak for nothing but damage.
"""

import re
from collections.abc import Iterable
from functools import cached_property

WESTERN = "cp1252"
"""The code page that a western text which is no UTF-8 is in, as good as always."""

# What "surrogateescape" makes of bytes that belong to no character.
_STRAY = re.compile("[\udc80-\udcff]+")
_NEVER_TEXT = frozenset("\udcfe\udcff")
_MULTIBYTE = re.compile("[^\x00-\x7f\udc80-\udcff]")
_LATIN = re.compile(
    "(?<![\udc80-\udcfd])[\u00a0-\u017f\u2010-\u203a\u20ac\u2122](?![\udc80-\udcfd])"
)
_HIGH = re.compile("[^\x00-\x7f]")

_CLOSING = "…’“”–—\u00a0»"


def _pairs(letters: Iterable[int]) -> str:
    """Return the characters whose two bytes are one of `letters` and a mark after it."""
    return "".join((bytes([a]) + b.encode(WESTERN)).decode() for a in letters for b in _CLOSING)


_LETTER_AND_MARK = re.compile(
    f"(?:(?<=[A-Z])[{_pairs(range(0xC3, 0xDF))}]|(?<=[A-Za-z])[{_pairs([0xDF])}])(?![A-Za-z])"
)
"""A capital with an accent at the end of a word in capitals, or a sharp s, and a mark after it,
as in "CAFÉ»": one character of UTF-8 by chance."""


class DamagedUtf8:
    """Bytes that are no valid UTF-8, with what of them would be."""

    def __init__(self, data: bytes) -> None:
        """Look at `data`."""
        self._data = data
        self._text = data.decode("utf-8", errors="surrogateescape")

    @cached_property
    def by_chance(self) -> frozenset[int]:
        """Where characters stand that are more likely two of the western code page."""
        return frozenset(found.start() for found in _LETTER_AND_MARK.finditer(self._text))

    @cached_property
    def latin(self) -> frozenset[int]:
        """Where letters and marks of western Europe stand, not beside stray bytes."""
        found = (found.start() for found in _LATIN.finditer(self._text))
        return frozenset(found) - self.by_chance

    def mostly_valid(self) -> bool:
        """Whether there are as many characters of several bytes as replacements."""
        replaced = self._data.decode("utf-8", errors="replace").count("\ufffd")
        return replaced <= self._multibyte()

    def valid_where_latin(self) -> bool:
        """Whether a western text is UTF-8: characters against stretches of stray bytes."""
        strays = sum(not _NEVER_TEXT.issuperset(run) for run in _STRAY.findall(self._text))
        latin = len(self.latin)
        return latin >= max(1, strays, self._multibyte() - latin)

    def in_western(self) -> str:
        """Return the text in the western code page, but for what can only be UTF-8 in it."""

        def read(found: "re.Match[str]") -> str:
            if found.start() in self.latin:
                return found[0]
            return found[0].encode("utf-8", "surrogateescape").decode(WESTERN, "replace")

        return _HIGH.sub(read, self._text)

    def _multibyte(self) -> int:
        return len(_MULTIBYTE.findall(self._text)) - len(self.by_chance)
