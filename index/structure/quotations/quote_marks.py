"""Quotation marks to the stretches they enclose.

Which way a straight mark faces is told by what stands beside it; where text lost its blanks
(`bridge."We are`), by whether a quotation is open. A quotation that is not closed within its
paragraph ends with it: the next paragraph opens with a mark of its own, as newspapers set it.
Titles and single words in marks are no quotations.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.types import Span

MIN_WORDS = 6
"""A stretch in marks of fewer words is a name, a title or a turn of phrase, not a statement."""

_NESTED = 80
"""Characters; a stretch in marks within a quotation is no longer than this."""

_MARK = re.compile('[“”„‟"«»]')
_OPENING = frozenset("“„«")
_CLOSING = frozenset("”»")
_WORD = re.compile(r"\w[\w'’-]*")
_SMALL_IN_TITLES = """
    about across after against among before between beyond during from into over through toward
    towards under upon with within without avec chez dans entre pour sans sous vers
"""
_IN_TITLES = frozenset(_SMALL_IN_TITLES.split())
"""Longer words that titles have in small letters."""

_SENTENCE_END = frozenset(".!?…:,;)]—–")


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """A stretch between marks, these included; `open` when nothing closes it."""

    span: Span
    open: bool = False


def find_marked_spans(text: str, paragraphs: Sequence[Span]) -> Iterator[MarkedSpan]:
    """Yield the stretches of each paragraph that marks make a statement, in order.

    The end of a statement left open before it counts however short it is.
    """
    goes_on = False
    for paragraph in paragraphs:
        last = paragraph[0]
        for found in _marked_spans_of(text, paragraph):
            follows = goes_on and not text[last : found.span[0]].strip()
            if follows or _is_statement(text[slice(*found.span)]):
                yield found
                goes_on = found.open
                last = found.span[1]
        goes_on = goes_on and last > paragraph[0]


def _is_statement(words: str) -> bool:
    """Whether there are words enough, and not all of them begin with a capital as in a title."""
    found: list[str] = _WORD.findall(words)
    return len(found) >= MIN_WORDS and not all(map(_is_title_case, found))


def _is_title_case(word: str) -> bool:
    small = len(word) < 4 or word in _IN_TITLES  # noqa: PLR2004
    return small or word[0].isupper() or word[0].isdigit()


def _marked_spans_of(text: str, paragraph: Span) -> Iterator[MarkedSpan]:
    marks = [m.start() for m in _MARK.finditer(text, *paragraph)]
    begin: int | None = None
    number = 0
    while number < len(marks):
        place = marks[number]
        number += 1
        faces = _direction(text, place, paragraph, inside=begin is not None)
        if begin is None:
            if faces == "open":
                begin = place
        elif faces == "close":
            yield MarkedSpan((begin, place + 1))
            begin = None
        elif number < len(marks) and _is_nested(text, place, marks[number], paragraph):
            number += 1
        else:  # another one begins, and nothing closed the one before
            if _can_open_statement(text, begin, paragraph):
                yield MarkedSpan((begin, begin + len(text[begin:place].rstrip())), open=True)
            begin = place
    if begin is not None and _can_open_statement(text, begin, paragraph):
        yield MarkedSpan((begin, begin + len(text[begin : paragraph[1]].rstrip())), open=True)


def _direction(text: str, place: int, paragraph: Span, *, inside: bool) -> str:
    mark = text[place]
    if mark in _OPENING:
        return "open"
    if mark in _CLOSING:
        return "close"
    before = text[place - 1] if place > paragraph[0] else " "
    after = text[place + 1] if place + 1 < paragraph[1] else " "
    if (before.isspace() or before in "([—–-:") and not after.isspace():
        return "open"
    if after.isspace() or after in _SENTENCE_END or place + 1 == paragraph[1]:
        return "close"
    return "close" if inside else "open"


def _can_open_statement(text: str, place: int, paragraph: Span) -> bool:
    """Whether a mark that nothing closes stands where a statement can begin."""
    while place > paragraph[0] and text[place - 1].isspace():
        place -= 1
    return place == paragraph[0] or text[place - 1] in _SENTENCE_END or text[place - 1] in '”"»'


def _is_nested(text: str, place: int, following: int, paragraph: Span) -> bool:
    """Whether the two marks enclose a few words within a quotation."""
    words = text[place + 1 : following]
    return (
        len(words) <= _NESTED
        and _direction(text, following, paragraph, inside=True) == "close"
        and not any(c in ".!?" for c in words[:-1])
        and text[place + 1 : place + 2] != " "
    )
