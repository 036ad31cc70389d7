"""Joins words at their places on pages to paragraphs.

Everything is inferred from geometry. Paragraphs end at gaps, before indents, and after lines that
end before the next word would not have fitted. Headers and footers are lines that most pages
repeat in the same place; they are left out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.readers.pdf.columns import TextLine, TextRun, group_rows, reading_order

_EDGE_SHARE = 0.2
"""Share of a page's height, at the top and at the bottom, that can hold headers and footers."""

_EDGE_ROWS = 4
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|p\.|seite|página)?\s*(\d{1,4})(?:\s*(?:of|de|/|sur|von|à)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_CONTINUED_MARK = re.compile(r"\W*(?:more|suite|à suivre|continued)\W*", re.IGNORECASE)
_BULLET = re.compile(r"(?:[•●▪■◦‣\uf0b7]|[-–—*o·]\s|\(?\d{1,2}[.)]\s|\(?[a-z]\)\s)\s*\S")
_SIZE_TOLERANCE = 0.08
_PARAGRAPH_DISTANCE = 1.25
"""Distance between paragraphs relative to the usual distance of lines, at least."""

_MIN_DISTANCE_SHARE = 0.04
"""Share of the lines that have the usual distance, at least.

The usual distance is the smallest that common: in a document of short paragraphs, the distance
between paragraphs may be more common.
"""

_CONJUNCTIONS = frozenset({"and", "or", "to", "et", "ou", "und", "oder", "y", "o"})
"""Before these a hyphen stands for a word that follows, as in “low- and middle-income”."""

_MIN_DISTANCE, _DEFAULT_DISTANCE, _MAX_DISTANCE = 0.8, 1.2, 3.0
"""Ems between the lines of a paragraph."""

_MIN_INDENT = 0.8
"""Ems by which the first line of a paragraph is indented."""

_MIN_MARGIN_LINES = 4
"""Lines of a block that shows its own right margin; a smaller one has that of similar blocks."""

_CENTRED_ROOM = 0.45
"""Share of the block's width that stays free after the next word, from which a line is whole."""

_MAX_WORD = 200
"""Characters of a word that is joined at a line's end; what a file makes longer is no word."""

_MAX_PAGE_NUMBER = 60
"""Characters of a line that numbers a page."""

_SLACK = 0.5
"""Ems that a line may be short of its margin although the next word would not have fitted."""


@dataclass(frozen=True, slots=True)
class PageText:
    """A page: its size in points, and its words."""

    width: float
    height: float
    runs: tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class TextParagraph:
    """The words of a paragraph and their font size in points."""

    words: str
    size: float


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of a document.

    Attributes:
        text: Its paragraphs, separated by blank lines.
        page_starts: Where each page begins in `text`, in code points.
        paragraphs: The paragraphs of `text`, in order.
        size: The most common font size.
    """

    text: str
    page_starts: tuple[int, ...]
    paragraphs: tuple[TextParagraph, ...]
    size: float


def lay_out(pages: Sequence[PageText]) -> DocumentText:
    """Return the text of a document's pages, in reading order and joined to paragraphs."""
    lines: list[TextLine] = []
    for number, runs in enumerate(strip_running_lines(pages)):
        lines.extend(reading_order(runs, number))
    margins = _Margins(lines)
    joiner = _LineJoiner(lines)
    paragraphs: list[_OpenParagraph] = []
    starts: list[int] = []
    length = 0
    last: TextLine | None = None
    first: TextLine | None = None
    for line in lines:
        if last is None or first is None or margins.ends_paragraph(last, line, first):
            first = line
            length += 2 if paragraphs else 0
            paragraphs.append(_OpenParagraph(line.size))
            added = paragraphs[-1].add(line.text)
        else:
            cut, joint = joiner.joint(paragraphs[-1].end, line.text)
            added = paragraphs[-1].add(line.text, cut=cut, joint=joint)
        place = length + max(0, added - len(line.text))
        while len(starts) <= line.page:
            starts.append(place)
        length += added
        last = line
    starts.extend([length] * (len(pages) - len(starts)))
    closed = tuple(TextParagraph(paragraph.words, paragraph.size) for paragraph in paragraphs)
    return DocumentText(
        "\n\n".join(paragraph.words for paragraph in closed), tuple(starts), closed, margins.size
    )


class _OpenParagraph:
    """A paragraph while lines are added, in pieces: it can go on for a thousand pages.

    Attributes:
        size: The font size of its first line, in points.
        end: Its last `_MAX_WORD` characters, by which the next line is joined.
    """

    def __init__(self, size: float) -> None:
        self.size = size
        self.end = ""
        self._pieces: list[str] = []

    @property
    def words(self) -> str:
        """The text so far."""
        return "".join(self._pieces)

    def add(self, line: str, *, cut: int = 0, joint: str = "") -> int:
        """Add a line after a joint, in place of the last `cut` characters (0 or 1).

        Returns:
            How many characters longer the paragraph is.
        """
        if cut:
            self._pieces[-1] = self._pieces[-1][:-cut]
            self.end = self.end[:-cut]
        self._pieces.append(joint + line)
        self.end = (self.end + joint + line[-_MAX_WORD:])[-_MAX_WORD:]
        return len(joint) + len(line) - cut


def strip_running_lines(pages: Sequence[PageText]) -> Iterator[list[TextRun]]:
    """Yield each page's runs without running headers, footers and page numbers."""
    edges = [_edge_rows(page) for page in pages]
    pages_with = Counter(key for rows in edges for key in {_line_key(row) for row in rows})
    for number, (page, rows) in enumerate(zip(pages, edges, strict=True), start=1):
        dropped: set[int] = set()
        for row in rows:
            words = " ".join(run.text.strip() for run in row)
            repeated = len(pages) > 1 and pages_with[_line_key(row)] > max(1, len(pages) // 2)
            continued = number < len(pages) and row is rows[-1] and _CONTINUED_MARK.fullmatch(words)
            numbered = _PAGE_NUMBER.fullmatch(words) if len(words) <= _MAX_PAGE_NUMBER else None
            bare = len(pages) == 1 and not words[:1].isalpha()
            if repeated or continued or (numbered and int(numbered[1]) == number and not bare):
                dropped.update(map(id, row))
        yield [run for run in page.runs if id(run) not in dropped]


def _edge_rows(page: PageText) -> list[list[TextRun]]:
    """Return the rows near the top and the bottom of a page, from the top."""
    rows = group_rows(page.runs)
    high, low = page.height * (1 - _EDGE_SHARE), page.height * _EDGE_SHARE
    top = [row for row in rows[:_EDGE_ROWS] if row[0].baseline > high]
    bottom = [row for row in rows[len(top) :][-_EDGE_ROWS:] if row[0].baseline < low]
    return top + bottom


def _line_key(row: Sequence[TextRun]) -> tuple[str, int]:
    """Return what rows repeated on several pages have in common: words and height."""
    words = " ".join(run.text.strip() for run in row).casefold()
    return re.sub(r"\d+", "#", words), round(row[0].baseline / 6)


class _Margins:
    """The usual font size, line distance and margins of a document."""

    def __init__(self, lines: Sequence[TextLine]) -> None:
        sizes: Counter[float] = Counter()
        distances: Counter[float] = Counter()
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text)
        for before, line in pairwise(lines):
            if before.block == line.block and _same_size(before, line):
                distances[round((before.baseline - line.baseline) / line.size, 1)] += 1
        self.size = max(sizes, key=lambda size: sizes[size], default=1.0)
        often = max(2, _MIN_DISTANCE_SHARE * distances.total())
        usual = [
            distance
            for distance, times in distances.items()
            if _MIN_DISTANCE <= distance <= _MAX_DISTANCE and times >= often
        ]
        self._distance = min(usual, default=_DEFAULT_DISTANCE)
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
            key: by_left[round(self._lefts[key] / 6)]
            if len(block) < _MIN_MARGIN_LINES
            else rights[key]
            for key, block in blocks.items()
        }

    def ends_paragraph(self, before: TextLine, line: TextLine, first: TextLine) -> bool:
        """Whether the paragraph whose first line is `first` ends between two lines."""
        if not _same_size(before, line) or _BULLET.match(line.text):
            return True
        continues = line.text[:1].islower() or before.text.endswith(("-", "\u00ad"))
        if before.block == line.block:
            distance = (before.baseline - line.baseline) / line.size
            if distance > self._distance * _PARAGRAPH_DISTANCE:
                return True
            indent = (line.x0 - before.x0) / line.size
            hanging = before is first and _BULLET.match(first.text) is not None
            if self._is_centred(before) and self._is_centred(line):
                return self._ends_early_centred(before, line)
            if indent > _MIN_INDENT and not hanging and not continues:
                return True
        return not continues and self._ends_early(before, line)

    def _ends_early(self, before: TextLine, line: TextLine) -> bool:
        """Whether the first word of `line` would have fitted on the line before."""
        word = line.text.split(" ", 1)[0]
        width = (line.x1 - line.x0) / max(1, len(line.text)) * (len(word) + 1)
        return before.x1 + width + _SLACK * before.size < self._rights[before.block]

    def _ends_early_centred(self, before: TextLine, line: TextLine) -> bool:
        """Whether a centred line is a line of its own, as in a letterhead.

        The lines of a centred headline are broken where it reads well, so some room at their ends
        is no sign, but room for the whole next line is.
        """
        width = self._rights[before.block] - self._lefts[before.block]
        first = line.text.split(" ", 1)[0]
        share = len(first) / max(1, len(line.text))
        both = (before.x1 - before.x0) + (line.x1 - line.x0)
        room = width - (before.x1 - before.x0) - share * (line.x1 - line.x0)
        return both < width or room > _CENTRED_ROOM * width

    def _is_centred(self, line: TextLine) -> bool:
        left = line.x0 - self._lefts[line.block]
        right = self._rights[line.block] - line.x1
        return min(left, right) > line.size and abs(left - right) < _SLACK * 3 * line.size


def _same_size(before: TextLine, line: TextLine) -> bool:
    return abs(before.size - line.size) <= _SIZE_TOLERANCE * max(before.size, line.size)


class _LineJoiner:
    """Joins lines and the words that are hyphenated at line ends.

    A hyphen belongs to the word if the document writes the word with it elsewhere. If the document
    does not have the word, the hyphen belongs to it when the document has both halves as words.
    """

    def __init__(self, lines: Sequence[TextLine]) -> None:
        self._words: set[str] = set()
        for line in lines:
            inner = line.text.split()[1:-1]
            self._words.update(word.strip(".,;:!?()“”\"'’").casefold() for word in inner)

    def joint(self, end: str, line: str) -> tuple[int, str]:
        """Return how a line is joined to a text.

        Args:
            end: The last characters of the text.
            line: The line.

        Returns:
            How many characters of the text's end are left out (0 or 1), and what is put between.
        """
        if end.endswith("\u00ad"):
            return 1, ""
        first = re.search(r"(\w+)-\Z", end) if end.endswith("-") else None
        second = re.match(r"\w+", line)
        if first is None or second is None:
            return 0, " "
        left, right = first[1].casefold(), second[0].casefold()
        if right in _CONJUNCTIONS:
            return 0, " "
        if not second[0][0].islower() or f"{left}-{right}" in self._words:
            return 0, ""
        if left + right in self._words:
            return 1, ""
        both = left in self._words and right in self._words
        return (0 if both else 1), ""
