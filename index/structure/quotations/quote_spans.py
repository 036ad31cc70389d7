"""Where words of somebody's stand in the paragraphs: in marks, or below a heading "Quotes:"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.structure.quotations.quote_marks import marked
from index.types import Span

_QUOTES = re.compile(r"\A\W*(?:Quotes?|Citations?)\s*:?\s*", re.IGNORECASE)
SECTION = re.compile(
    r"\A\W*(?:quick facts?|faits en bref|additional|ressources|learn more|related|liens|media|"
    r"contacts?|for more|about|à propos|associated)\b",
    re.IGNORECASE,
)
"""Words that open another part of the release than its quotations."""

MARKS = re.compile('[“”"«»]')


@dataclass(frozen=True, slots=True)
class QuotePosition:
    """A stretch in marks, and where the text beside it in its paragraph begins and ends.

    Attributes:
        block: The number of its paragraph.
        before: Where the text before it begins: the paragraph, or the stretch before.
        after: Where the text after it ends.
    """

    span: Span
    open: bool
    block: int
    before: int
    after: int


def places_in(text: str, blocks: Sequence[Span]) -> Iterator[QuotePosition]:
    """Yield the stretches in marks that are statements, with what stands around them."""
    found = list(marked(text, blocks))
    position = 0
    for number, block in enumerate(blocks):
        inside = []
        while position < len(found) and found[position].span[0] < block[1]:
            inside.append(found[position])
            position += 1
        for place, stretch in enumerate(inside):
            before = inside[place - 1].span[1] if place else block[0]
            last = place + 1 == len(inside)
            after = block[1] if last else inside[place + 1].span[0]
            yield QuotePosition(stretch.span, stretch.open, number, before, after)


def listed(text: str, blocks: Sequence[Span]) -> Iterator[Span]:
    """Yield the paragraphs below a heading "Quotes:" that carry no marks."""
    within = False
    for block in blocks:
        words = text[slice(*block)]
        if heading := _QUOTES.match(words):
            within = heading.end() == len(words) or heading[0].rstrip().endswith(":")
            block = (block[0] + heading.end(), block[1])  # noqa: PLW2901 - without its heading
        elif SECTION.match(words):
            within = False
        if within and block[0] < block[1] and not MARKS.search(text, *block):
            yield block


_CLAUSE_END = re.compile(r"[.!?][”\"»)]?\s+(?=\W?[A-ZÀ-Þ])|[.!?](?=[A-ZÀ-Þ“])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Sen|Sens|Rep|Reps|Gov|Hon|Gen|Lt|Col|Sgt|Supt|Prof|Rev|St|Jr|Sr|M|"
    r"Mme|U\.S|D\.C|No|Capt|Maj|Ste|vs|Inc|Corp|Co|Ltd)|\b[A-ZÀ-Þ])\.\Z"
)


def clause_start(text: str, start: int, end: int) -> int:
    """Return where the last sentence of a stretch begins."""
    found = start
    for match in _CLAUSE_END.finditer(text, start, end):
        if not _ABBREVIATED.search(text, max(0, match.start() - 5), match.start() + 1):
            found = match.end()
    return found


def clause_end(text: str, start: int, end: int) -> int:
    """Return where the first sentence of a stretch ends, its full stop included."""
    for match in _CLAUSE_END.finditer(text, start, end):
        if not _ABBREVIATED.search(text, max(0, match.start() - 5), match.start() + 1):
            return match.start() + 1
    return end
