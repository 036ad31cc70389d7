"""Finds the spans of quotations, by quotation marks or below a heading "Quotes:".

The characters beside a straight mark show whether it opens or closes; where spaces are missing
(`bridge."We are`), it closes if a quotation is open. A quotation that is not closed within its
paragraph ends with the paragraph, and the next one opens with a mark of its own, as newspapers
set it. Titles and single words in marks are not quotations.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.types import Span

MIN_WORDS = 6
"""Words of a quotation; fewer words in marks are a name, a title or a figure of speech."""

_NESTED = 80
"""Characters of words in marks within a quotation, at most."""

_MARK = re.compile('[“”„‟"«»]')
_OPENING = frozenset("“„«")
_CLOSING = frozenset("”»")
_GERMAN_PAIRS = frozenset({("„", "“"), ("»", "«")})
_WORD = re.compile(r"\w[\w'’-]*")
_SMALL_IN_TITLES = """
    about across after against among before between beyond during from into over through toward
    towards under upon with within without avec chez dans entre pour sans sous vers
"""
_IN_TITLES = frozenset(_SMALL_IN_TITLES.split())
"""Longer words that are in lower case in titles."""

_SENTENCE_END = frozenset(".!?…:,;)]—–")
_QUOTES_HEADING = re.compile(r"\A\W*(?:Quotes?|Citations?)\s*:?\s*", re.IGNORECASE)
OTHER_SECTION = re.compile(
    r"\A\W*(?:quick facts?|faits en bref|additional|ressources|learn more|related|liens|media|"
    r"contacts?|for more|about|à propos|associated)\b",
    re.IGNORECASE,
)
"""Words that open another section than the quotations."""

QUOTE_MARKS = re.compile('[“”„"«»]')


@dataclass(frozen=True, slots=True)
class QuotePosition:
    """A quotation in marks, and the text beside it in its paragraph.

    Attributes:
        span: From the opening mark to the closing one, both included.
        open: Whether no mark closes it.
        paragraph: The number of its paragraph.
        before: Where the text before it begins: at the paragraph's start or the last quotation.
        after: Where the text after it ends.
    """

    span: Span
    open: bool
    paragraph: int
    before: int
    after: int


def find_quote_positions(text: str, paragraphs: Sequence[Span]) -> Iterator[QuotePosition]:
    """Yield the quotations in marks, in order, with the text beside each."""
    marked = list(_quotations_in_marks(text, paragraphs))
    position = 0
    for number, paragraph in enumerate(paragraphs):
        inside = []
        while position < len(marked) and marked[position].span[0] < paragraph[1]:
            inside.append(marked[position])
            position += 1
        starts = [paragraph[0], *(found.span[1] for found in inside)]
        ends = [*(found.span[0] for found in inside[1:]), paragraph[1]]
        for found, before, after in zip(inside, starts, ends, strict=False):
            yield QuotePosition(found.span, found.open, number, before, after)


def find_unmarked_quotes(text: str, paragraphs: Sequence[Span]) -> Iterator[Span]:
    """Yield the paragraphs without marks below a heading "Quotes:"."""
    within = False
    for paragraph in paragraphs:
        start, end = paragraph
        words = text[start:end]
        if heading := _QUOTES_HEADING.match(words):
            within = heading.end() == len(words) or heading[0].rstrip().endswith(":")
            start += heading.end()
        elif OTHER_SECTION.match(words):
            within = False
        if within and start < end and not QUOTE_MARKS.search(text, start, end):
            yield (start, end)


class _MarkedSpan(NamedTuple):
    """A span between quotation marks, these included; `open` when no mark closes it."""

    span: Span
    open: bool = False


def _quotations_in_marks(text: str, paragraphs: Sequence[Span]) -> Iterator[_MarkedSpan]:
    """Yield the spans in marks that are quotations, in order.

    The end of a quotation that the paragraph above left open counts however short it is.
    """
    left_open = False
    for paragraph in paragraphs:
        last = paragraph[0]
        for found in _marked_spans_of(text, paragraph):
            follows = left_open and not text[last : found.span[0]].strip()
            if follows or _is_statement(text[slice(*found.span)]):
                yield found
                left_open = found.open
                last = found.span[1]
        left_open = left_open and last > paragraph[0]


def _is_statement(words: str) -> bool:
    """Whether there are enough words, and not all are capitalized as in a title."""
    found: list[str] = _WORD.findall(words)
    return len(found) >= MIN_WORDS and not all(map(_is_title_case, found))


def _is_title_case(word: str) -> bool:
    small = len(word) < 4 or word in _IN_TITLES  # noqa: PLR2004
    return small or word[0].isupper() or word[0].isdigit()


def _marked_spans_of(text: str, paragraph: Span) -> Iterator[_MarkedSpan]:
    """Yield all spans in marks of a paragraph, quotations or not."""
    marks = [m.start() for m in _MARK.finditer(text, *paragraph)]
    begin: int | None = None
    number = 0
    while number < len(marks):
        place = marks[number]
        number += 1
        opening = "" if begin is None else text[begin]
        direction = _direction(text, place, paragraph, opening)
        if begin is None:
            if direction == "open":
                begin = place
        elif direction == "close":
            yield _MarkedSpan((begin, place + 1))
            begin = None
        elif number < len(marks) and _is_nested(text, place, marks[number], paragraph):
            number += 1
        else:  # another quotation opens before this one is closed
            if _can_open_statement(text, begin, paragraph):
                yield _MarkedSpan((begin, begin + len(text[begin:place].rstrip())), open=True)
            begin = place
    if begin is not None and _can_open_statement(text, begin, paragraph):
        yield _MarkedSpan((begin, begin + len(text[begin : paragraph[1]].rstrip())), open=True)


def _direction(text: str, place: int, paragraph: Span, opening: str) -> str:
    """Return whether a mark opens or closes a quotation that `opening` opened, if any.

    German closes „…“ with a mark that opens elsewhere, and turns guillemets round: »…«.
    """
    mark = text[place]
    before = text[place - 1] if place > paragraph[0] else " "
    after = text[place + 1] if place + 1 < paragraph[1] else " "
    turned = mark == "»" and not opening and before in " \n(:" and after.isalnum()
    if (opening, mark) in _GERMAN_PAIRS or (mark in _CLOSING and not turned):
        return "close"
    if turned or mark in _OPENING:
        return "open"
    if (before.isspace() or before in "([—–-:") and not after.isspace():
        return "open"
    if after.isspace() or after in _SENTENCE_END or place + 1 == paragraph[1]:
        return "close"
    return "close" if opening else "open"


def _can_open_statement(text: str, place: int, paragraph: Span) -> bool:
    """Whether a mark that is never closed stands where a quotation can begin."""
    while place > paragraph[0] and text[place - 1].isspace():
        place -= 1
    return place == paragraph[0] or text[place - 1] in _SENTENCE_END or text[place - 1] in '”"»'


def _is_nested(text: str, place: int, following: int, paragraph: Span) -> bool:
    """Whether two marks enclose a few words within a quotation."""
    words = text[place + 1 : following]
    return (
        len(words) <= _NESTED
        and _direction(text, following, paragraph, text[place]) == "close"
        and not any(c in ".!?" for c in words[:-1])
        and text[place + 1 : place + 2] != " "
    )
