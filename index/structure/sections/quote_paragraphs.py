"""Paragraphs and quotations brought together: who speaks in which paragraph.

A paragraph that is mostly quotation is a quotation. One too long for that, as where a source
lost its line ends, is divided where the quotations and their credits begin and end.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.structure.paragraphs import trimmed
from index.structure.types import Paragraph, Quotation
from index.types import Kind, Span

_DIVIDED = 700
"""Characters; a paragraph no longer than this is not divided."""

_STUMP = 80
"""Characters; shorter pieces stay with their neighbour."""

_MOSTLY = 0.75
"""Share of a paragraph that quotations and their credits take, from which it is a quotation."""

_OPENING = 0.4
"""The same share for a paragraph that begins with the quotation."""

_STOPS = re.compile(r"[\s.,;:]*\Z")

Unit = tuple[Span, tuple[Quotation, ...]]
"""A stretch of quotations of one speaker with their credits."""


def divided(text: str, span: Span, kind: Kind, said: Sequence[Quotation]) -> Iterator[Paragraph]:
    """Yield a paragraph, whole or in pieces, with its kind and speaker.

    Args:
        text: The release's text.
        span: The paragraph.
        kind: What it is if it is no quotation.
        said: The quotations in it, in order.
    """
    if not said:
        yield Paragraph(span, kind)
        return
    units = list(_units(text, span, said))
    if span[1] - span[0] <= _DIVIDED:
        yield _paragraph(span, kind, units)
        return
    position = 0
    for piece in _pieces(text, span, units):
        first = position
        while position < len(units) and units[position][0][0] < piece[1]:
            position += 1
        yield _paragraph(piece, kind, units[first:position])


def _units(text: str, span: Span, said: Sequence[Quotation]) -> Iterator[Unit]:
    """Yield the quotations of a paragraph, those of one speaker in a row as one."""
    unit: Unit | None = None
    for quotation in said:
        start, end = quotation.span
        if quotation.credit is not None:
            start = min(start, max(span[0], quotation.credit[0]))
            end = max(end, min(span[1], quotation.credit[1]))
        if unit is not None:
            (first, last), before = unit
            joined = start <= last or _STOPS.match(text[last:start])
            if joined and before[-1].speaker == quotation.speaker:
                unit = ((first, max(last, end)), (*before, quotation))
                continue
            yield unit
            start = max(start, last)
        unit = ((start, end), (quotation,))
    if unit is not None:
        yield unit


def _pieces(text: str, span: Span, units: Sequence[Unit]) -> Iterator[Span]:
    """Yield the units and what lies between them, nothing shorter than a stump."""
    edges = [span[0]]
    for (start, end), _ in units:
        for edge in (start, end):
            if edge - edges[-1] >= _STUMP and span[1] - edge >= _STUMP:
                edges.append(edge)
    edges.append(span[1])
    for piece in pairwise(edges):
        yield from trimmed(text, piece)


def _paragraph(span: Span, kind: Kind, units: Sequence[Unit]) -> Paragraph:
    """Return a paragraph as what its quotations make it."""
    covered = sum(max(0, min(end, span[1]) - max(start, span[0])) for (start, end), _ in units)
    letters: Counter[tuple[str, str | None]] = Counter()
    for _, said in units:
        for quotation in said:
            if quotation.speaker is not None:
                length = quotation.span[1] - quotation.span[0]
                letters[quotation.speaker, quotation.role] += length
    speaker, role = letters.most_common(1)[0][0] if letters else (None, None)
    opens = bool(units) and units[0][0][0] <= span[0]
    quoted = covered >= (_OPENING if opens else _MOSTLY) * (span[1] - span[0])
    return Paragraph(span, "quote" if quoted else kind, speaker=speaker, role=role)
