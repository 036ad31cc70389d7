"""Where words of somebody's stand in the paragraphs: in marks, or below a heading "Quotes:"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.structure.quotations.quote_marks import find_marked_spans
from index.types import Span

_QUOTES = re.compile(r"\A\W*(?:Quotes?|Citations?)\s*:?\s*", re.IGNORECASE)
OTHER_SECTION = re.compile(
    r"\A\W*(?:quick facts?|faits en bref|additional|ressources|learn more|related|liens|media|"
    r"contacts?|for more|about|à propos|associated)\b",
    re.IGNORECASE,
)
"""Words that open another part of the release than its quotations."""

QUOTE_MARKS = re.compile('[“”"«»]')


@dataclass(frozen=True, slots=True)
class QuotePosition:
    """A stretch in marks, and where the text beside it in its paragraph begins and ends.

    Attributes:
        paragraph: The number of its paragraph.
        before: Where the text before it begins: the paragraph, or the stretch before.
        after: Where the text after it ends.
    """

    span: Span
    open: bool
    paragraph: int
    before: int
    after: int


def find_quote_positions(text: str, paragraphs: Sequence[Span]) -> Iterator[QuotePosition]:
    """Yield the stretches in marks that are statements, with what stands around them."""
    found = list(find_marked_spans(text, paragraphs))
    position = 0
    for number, paragraph in enumerate(paragraphs):
        inside = []
        while position < len(found) and found[position].span[0] < paragraph[1]:
            inside.append(found[position])
            position += 1
        for place, stretch in enumerate(inside):
            before = inside[place - 1].span[1] if place else paragraph[0]
            last = place + 1 == len(inside)
            after = paragraph[1] if last else inside[place + 1].span[0]
            yield QuotePosition(stretch.span, stretch.open, number, before, after)


def find_unmarked_quotes(text: str, paragraphs: Sequence[Span]) -> Iterator[Span]:
    """Yield the paragraphs below a heading "Quotes:" that carry no marks."""
    within = False
    for paragraph in paragraphs:
        words = text[slice(*paragraph)]
        if heading := _QUOTES.match(words):
            within = heading.end() == len(words) or heading[0].rstrip().endswith(":")
            paragraph = (paragraph[0] + heading.end(), paragraph[1])  # noqa: PLW2901 - without its heading
        elif OTHER_SECTION.match(words):
            within = False
        if within and paragraph[0] < paragraph[1] and not QUOTE_MARKS.search(text, *paragraph):
            yield paragraph
