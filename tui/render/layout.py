"""Text layout: the rows of a release, and the excerpt of a passage on its card.

Pure functions over cleaned text (see `qa.display`). Cleaning replaces one code point by one, so
spans into the stored text are valid for the drawn text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from rich.cells import cell_len, get_character_cell_size

from index.types import Passage, Span
from qa.display import clean, clean_line
from qa.presentation import headline
from qa.types import ReleaseRef

SOFT_WRAP_WIDTH = 45
"""A line this long that ends inside a paragraph was broken to fit a page."""

ELLIPSIS = " …"
"""Drawn after a text that was cut."""

_SPACES = " \u1680\u2000-\u2006\u2008-\u200a\u205f\u3000"
_WORD = re.compile(f"[{_SPACES}]*[^{_SPACES}]+[{_SPACES}]*")
_TRAILING = re.compile(f"[{_SPACES}]*$")
# Every character of these ranges takes one cell, so cells need not be counted.
_PLAIN = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0391-\u03ff\u0400-\u0482"
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*"
)
_INDENTS = {"quote": 3, "list": 2}
_APPENDIX = frozenset({"boilerplate", "contact", "links"})
RULE = "rule"
"""The kind of the row that separates boilerplate and contacts from the news."""
_FLOWING = frozenset(
    {"headline", "subheadline", "dateline", "body", "quote", "question", "boilerplate"}
)


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """One row on the screen: a part of the text; empty between paragraphs.

    Attributes:
        kind: The kind of its passage; empty outside passages; `RULE` for a line before the
            boilerplate.
        indent: Empty cells before it.
    """

    start: int
    end: int
    kind: str
    indent: int


def title_of(release: ReleaseRef) -> str:
    """Return the headline as drawn, on one line."""
    return clean_line(headline(release))


def source_of(release: ReleaseRef) -> str:
    """Return the last part of a release's source, as drawn."""
    return clean_line(release.source.rstrip("/").rpartition("/")[2] or release.source)


def shorten(text: str, width: int) -> str:
    """Cut a line to `width` cells; one that was cut ends in an ellipsis."""
    if cell_len(text) <= width:
        return text
    used = 0
    for position, character in enumerate(text):
        used += get_character_cell_size(character)
        if used > width - 1:
            return text[:position].rstrip() + "…"
    return text


def cut_at_word(text: str, width: int) -> str:
    """Cut a line at a word to `width` cells, at least 2; one that was cut ends in an ellipsis."""
    if cell_len(text) <= width:
        return text
    start, end = next(wrap(text, 0, len(text), max(width - 1, 1)))
    return text[start:end].rstrip() + "…"


def flow(text: str) -> str:
    """Clean a paragraph and join the lines that were broken to fit a page."""
    shown = clean(text)
    if "\n" not in shown:
        return shown
    lines = shown.split("\n")
    joined = [lines[0]]
    for previous, line in pairwise(lines):
        soft = len(previous) >= SOFT_WRAP_WIDTH and previous.strip() and line.strip()
        joined.append((" " if soft else "\n") + line)
    return "".join(joined)


def flow_release(text: str, passages: Sequence[Passage]) -> str:
    """Clean a release's text and join the broken lines in its paragraphs."""
    parts: list[str] = []
    position = 0
    for passage in passages:
        start, end = passage.span
        if start < position or passage.kind not in _FLOWING:
            continue
        parts += (text[position:start], text[start:end])
        position = end
    parts.append(text[position:])
    # Cleaning depends on neighbouring characters, so it is given the whole text.
    shown = clean(text)
    pieces: list[str] = []
    position = 0
    for index, part in enumerate(parts):
        piece = shown[position : position + len(part)]
        pieces.append(flow(piece) if index % 2 else piece)
        position += len(part)
    return "".join(pieces)


def release_rows(shown: str, passages: Sequence[Passage], width: int) -> list[LayoutRow]:
    """Lay out a release in rows of at most `width` cells.

    Args:
        shown: The release's text from `flow_release`.
        passages: In order of the text; text between them is laid out as it is.
        width: In cells; at least 8 are used.

    Returns:
        Rows in order, with one empty row between paragraphs.
    """
    width = max(width, 8)
    rows: list[LayoutRow] = []
    before = ""
    for start, end, kind in _parts(len(shown), passages):
        gap = bool(kind)
        if kind in _APPENDIX and rows and before not in _APPENDIX:
            rows += (LayoutRow(start, start, "", 0), LayoutRow(start, start, RULE, 0))
        before = kind or before
        for line_start, line_end in _lines(shown, start, end):
            if not shown[line_start:line_end].strip():
                gap = True
                continue
            indent = _INDENTS.get(kind, 0)
            if gap and rows:
                rows.append(LayoutRow(line_start, line_start, "", 0))
            gap = False
            rows += (
                LayoutRow(row_start, row_end, kind, indent)
                for row_start, row_end in wrap(shown, line_start, line_end, width - indent)
            )
    return rows


def wrap(text: str, start: int, end: int, width: int) -> Iterator[Span]:
    """Break a line into rows at spaces, and inside words that are wider than a row.

    Yields:
        Adjacent spans into `text`; spaces stay at the end of their row.
    """
    if _PLAIN.fullmatch(text, start, end):
        yield from _wrap_plain(text, start, end, width)
        return
    row_start, used = start, 0
    for match in _WORD.finditer(text, start, end):
        word = match[0]
        needed = cell_len(_TRAILING.sub("", word))
        if used and used + needed > width:
            yield row_start, match.start()
            row_start, used = match.start(), 0
        if needed > width:
            for cut in _folds(word, width):
                yield row_start, match.start() + cut
                row_start = match.start() + cut
            used = cell_len(text[row_start : match.end()])
        else:
            used += cell_len(word)
    if row_start < end:
        yield row_start, end


def _wrap_plain(text: str, start: int, end: int, width: int) -> Iterator[Span]:
    """Break a line whose characters take one cell each."""
    while end - start > width:
        cut = text.rfind(" ", start, start + width + 1) + 1
        if cut and not text[start:cut].isspace():
            while cut < end and text[cut] == " ":
                cut += 1
        else:
            cut = start + width
        yield start, cut
        start = cut
    if start < end:
        yield start, end


def excerpt(text: str, evidence: Span | None, budget: int) -> Span:
    """Choose the part of a passage that its card shows.

    Args:
        text: The passage.
        evidence: A span whose start must be shown, if any.
        budget: Code points shown at most, give or take a word.

    Returns:
        A span; the whole passage if it is only a little longer than the budget.
    """
    if len(text) <= budget * 5 // 4:
        return 0, len(text)
    start, end = evidence or (0, 0)
    before = max(0, (budget - (end - start)) // 2)
    first = max(0, min(start - before, len(text) - budget))
    last = min(len(text), first + budget)
    while 0 < first < start and not text[first - 1].isspace():
        first += 1
    cut = last
    while first < cut < len(text) and not text[cut].isspace():
        cut -= 1
    return first, cut if first < cut else last


def beginning(text: str, start: int, end: int, width: int, rows: int) -> int:
    """Return where a text must be cut, at a word, to fill some rows with an ellipsis at its end.

    Args:
        text: As drawn.
        start: Where the first row starts.
        end: Where the text ends.
        width: Of a row, in cells.
        rows: At least 1.

    Returns:
        `end` when all of it fits.
    """
    laid_out = list(islice(wrap(text, start, end, max(width, 8)), rows + 1))
    if len(laid_out) <= rows:
        return end
    first, last = laid_out[rows - 1]
    return next(wrap(text, first, last, max(width, 8) - cell_len(ELLIPSIS)))[1]


def _parts(length: int, passages: Sequence[Passage]) -> Iterator[tuple[int, int, str]]:
    """Split the text into passages and the text between them."""
    position = 0
    for passage in passages:
        start, end = passage.span
        if start < position:
            continue
        if position < start:
            yield position, start, ""
        yield start, end, passage.kind
        position = end
    if position < length:
        yield position, length, ""


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    while start <= end:
        newline = text.find("\n", start, end)
        yield start, end if newline < 0 else newline
        if newline < 0:
            return
        start = newline + 1


def _folds(word: str, width: int) -> Iterator[int]:
    """Yield where to break a word that is wider than a row."""
    used = 0
    for position, character in enumerate(word):
        size = get_character_cell_size(character)
        if used + size > width and position:
            yield position
            used = 0
        used += size
