"""Words at places on pages to text in reading order.

Columns are told by the white between them, paragraphs by gaps, indents and lines that end
before the next word would have had to. Headers and footers are what most pages repeat at the
same place. All of it is guessed from geometry alone, by rules with one reason each.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.readers.pdf.columns import TextLine, TextRun, ordered, rows

_EDGE = 0.2
"""Share of a page's height, at the top and at the bottom, in which it carries furniture."""

_EDGE_ROWS = 4
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|p\.|seite|página)?\s*(\d{1,4})(?:\s*(?:of|de|/|sur|von|à)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_MORE = re.compile(r"\W*(?:more|suite|à suivre|continued)\W*", re.IGNORECASE)
_BULLET = re.compile(r"(?:[•●▪■◦‣\uf0b7]|[-–—*o·]\s|\(?\d{1,2}[.)]\s|\(?[a-z]\)\s)\s*\S")
_SAME_SIZE = 0.08
_LOOSER = 1.25
"""How much more than the usual distance of lines stands between paragraphs."""

_OFTEN = 0.04
"""Share of a document's lines whose distance is the usual one: the smallest that is so common.

In a document of short paragraphs the distance between them is more common still.
"""

_CONJUNCTIONS = frozenset({"and", "or", "to", "et", "ou", "und", "oder", "y", "o"})
"""After these a hyphen stands for what follows, as in “low- and middle-income”."""

_CLOSEST, _WIDEST = 0.8, 3.0
"""Ems between lines of one text."""

_INDENT = 0.8
"""Ems by which the first line of a paragraph is set in."""

_OWN_MARGIN = 4
"""Lines from which a block shows its own right margin; one of fewer has that of its like."""

_SLACK = 0.5
"""Ems that a line may end before its margin although the next word would not have fitted."""


@dataclass(frozen=True, slots=True)
class PageText:
    """A page: its size in points and the words on it."""

    width: float
    height: float
    runs: tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class LaidOutParagraph:
    """Words and the size they are set in, in points."""

    words: str
    size: float


@dataclass(frozen=True, slots=True)
class LaidOutText:
    """What a document says.

    Attributes:
        text: Its paragraphs, separated by blank lines.
        page_starts: Where each page begins in `text`, in code points.
        paragraphs: The paragraphs of `text`, in order.
        size: The size most of it is set in.
    """

    text: str
    page_starts: tuple[int, ...]
    paragraphs: tuple[LaidOutParagraph, ...]
    size: float


def laid_out(pages: Sequence[PageText]) -> LaidOutText:
    """Return the text of a document's pages."""
    lines: list[TextLine] = []
    for number, runs in enumerate(without_furniture(pages)):
        lines.extend(ordered(runs, number))
    margins = _Margins(lines)
    joiner = _Joiner(lines)
    pieces: list[str] = []
    sizes: list[float] = []
    starts: list[int] = []
    length = 0
    last: TextLine | None = None
    opening = lines[0] if lines else None
    for line in lines:
        if last is None or opening is None or margins.parted(last, line, opening):
            opening = line
            length += 2 if pieces else 0
            pieces.append("")
            sizes.append(line.size)
            joined = line.text
        else:
            joined = joiner.joined(pieces[-1], line.text)
        grown = len(joined) - len(pieces[-1])
        place = length + max(0, grown - len(line.text))
        while len(starts) <= line.page:
            starts.append(place)
        pieces[-1] = joined
        length += grown
        last = line
    starts.extend([length] * (len(pages) - len(starts)))
    paragraphs = tuple(map(LaidOutParagraph, pieces, sizes))
    return LaidOutText("\n\n".join(pieces), tuple(starts), paragraphs, margins.size)


def without_furniture(pages: Sequence[PageText]) -> Iterator[list[TextRun]]:
    """Yield each page's runs without running headers, footers and page numbers."""
    edges = [_edges(page) for page in pages]
    places = Counter(key for edge in edges for key in {_key(row) for row in edge})
    for number, (page, edge) in enumerate(zip(pages, edges, strict=True), start=1):
        dropped: set[int] = set()
        for place, row in enumerate(edge):
            words = " ".join(run.text.strip() for run in row)
            repeated = len(pages) > 1 and places[_key(row)] > max(1, len(pages) // 2)
            numbered = _PAGE_NUMBER.fullmatch(words)
            more = number < len(pages) and _MORE.fullmatch(words) and place == len(edge) - 1
            alone = len(pages) == 1 and not words[:1].isalpha()
            if repeated or more or (numbered and int(numbered[1]) == number and not alone):
                dropped.update(map(id, row))
        yield [run for run in page.runs if id(run) not in dropped]


def _edges(page: PageText) -> list[list[TextRun]]:
    """Return the rows near the top and the bottom of a page, from above."""
    lines = rows(page.runs)
    high, low = page.height * (1 - _EDGE), page.height * _EDGE
    top = [row for row in lines[:_EDGE_ROWS] if row[0].base > high]
    bottom = [row for row in lines[len(top) :][-_EDGE_ROWS:] if row[0].base < low]
    return top + bottom


def _key(row: Sequence[TextRun]) -> tuple[str, int]:
    words = " ".join(run.text.strip() for run in row).casefold()
    return re.sub(r"\d+", "#", words), round(row[0].base / 6)


class _Margins:
    """What is usual in a document: sizes, distances, where lines end."""

    def __init__(self, lines: Sequence[TextLine]) -> None:
        sizes: Counter[float] = Counter()
        distances: Counter[float] = Counter()
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text)
        for before, line in pairwise(lines):
            if before.block == line.block and _same_size(before, line):
                distances[round((before.base - line.base) / line.size, 1)] += 1
        self.size = max(sizes, key=lambda size: sizes[size], default=1.0)
        usual = [
            distance for distance, times in distances.items()
            if _CLOSEST <= distance <= _WIDEST and times >= max(2, _OFTEN * distances.total())
        ]  # fmt: skip
        self._distance = min(usual, default=1.2)
        blocks: dict[int, list[TextLine]] = {}
        for line in lines:
            blocks.setdefault(line.block, []).append(line)
        self._lefts = {key: min(line.x0 for line in block) for key, block in blocks.items()}
        rights = {key: max(line.x1 for line in block) for key, block in blocks.items()}
        by_left: dict[int, float] = {}
        for key, right in rights.items():
            place = round(self._lefts[key] / 6)
            by_left[place] = max(by_left.get(place, 0.0), right)
        self._rights = {
            key: by_left[round(self._lefts[key] / 6)] if len(block) < _OWN_MARGIN else rights[key]
            for key, block in blocks.items()
        }

    def parted(self, before: TextLine, line: TextLine, opening: TextLine) -> bool:
        """Whether a paragraph ends between two lines; `opening` is the first line of it."""
        if not _same_size(before, line) or _BULLET.match(line.text):
            return True
        goes_on = line.text[:1].islower() or before.text.endswith(("-", "\u00ad"))
        if before.block == line.block:
            distance = (before.base - line.base) / line.size
            if distance > self._distance * _LOOSER:
                return True
            indent = (line.x0 - before.x0) / line.size
            hanging = before is opening and _BULLET.match(opening.text) is not None
            if self._centred(before) and self._centred(line):
                return False
            if indent > _INDENT and not hanging and not goes_on:
                return True
        return not goes_on and self._ends_early(before, line)

    def _ends_early(self, before: TextLine, line: TextLine) -> bool:
        """Whether the next word would still have fitted on the line."""
        word = line.text.split(" ", 1)[0]
        width = (line.x1 - line.x0) / max(1, len(line.text)) * (len(word) + 1)
        return before.x1 + width + _SLACK * before.size < self._rights[before.block]

    def _centred(self, line: TextLine) -> bool:
        left = line.x0 - self._lefts[line.block]
        right = self._rights[line.block] - line.x1
        return min(left, right) > line.size and abs(left - right) < _SLACK * 3 * line.size


def _same_size(before: TextLine, line: TextLine) -> bool:
    return abs(before.size - line.size) <= _SAME_SIZE * max(before.size, line.size)


class _Joiner:
    """Joins lines, mending words that were broken at their ends.

    Whether a hyphen at a line's end belongs to the word is told from how the document writes
    the word elsewhere; if it does not, from whether both halves are words in it.
    """

    def __init__(self, lines: Sequence[TextLine]) -> None:
        self._words: set[str] = set()
        for line in lines:
            inner = line.text.split()[1:-1]
            self._words.update(word.strip(".,;:!?()“”\"'’").casefold() for word in inner)

    def joined(self, text: str, line: str) -> str:
        """Return `text` with `line` behind it."""
        if text.endswith("\u00ad"):
            return text[:-1] + line
        first = re.search(r"(\w+)-$", text)
        second = re.match(r"\w+", line)
        if first is None or second is None:
            return f"{text} {line}"
        one, other = first[1].casefold(), second[0].casefold()
        if other in _CONJUNCTIONS:
            return f"{text} {line}"
        if not second[0][0].islower() or f"{one}-{other}" in self._words:
            return text + line
        if one + other in self._words:
            return text[:-1] + line
        whole = one in self._words and other in self._words
        return text + line if whole else text[:-1] + line
