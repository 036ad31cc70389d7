"""Splits paragraphs around quotations and decides which of them are quotations, and whose.

A paragraph that consists mostly of quotations has the kind `quote`. A long paragraph, as in
sources that lost their line ends, is split where quotations with their attributions begin and end.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.structure.paragraphs import strip_span
from index.structure.types import Paragraph, Quotation
from index.types import Kind, Span

_MAX_UNSPLIT = 700
"""Characters; a paragraph up to this long is not split."""

_MIN_PIECE = 80
"""Characters; shorter pieces stay with a neighbour."""

_MIN_SHARE = 0.75
"""Share of a paragraph in quotations and their attributions, from which it is a quotation."""

_MIN_SHARE_OPENING = 0.4
"""The same share for a paragraph that begins with a quotation."""

_STOPS = re.compile(r"[\s.,;:]*\Z")

QuoteGroup = tuple[Span, tuple[Quotation, ...]]
"""Neighbouring quotations of one speaker, and the span of them with their attributions."""


def split_quote_paragraphs(
    text: str, span: Span, kind: Kind, quotations: Sequence[Quotation]
) -> Iterator[Paragraph]:
    """Yield a paragraph, in one piece or several, with kinds and speakers.

    Args:
        text: The release's text.
        span: The paragraph.
        kind: Its kind where it is not a quotation.
        quotations: The quotations in it, in order.
    """
    if not quotations:
        yield Paragraph(span, kind)
        return
    groups = list(_group_by_speaker(text, span, quotations))
    if span[1] - span[0] <= _MAX_UNSPLIT:
        yield _paragraph(span, kind, groups)
        return
    position = 0
    for piece in _pieces(text, span, groups):
        first = position
        while position < len(groups) and groups[position][0][0] < piece[1]:
            position += 1
        yield _paragraph(piece, kind, groups[first:position])


def _group_by_speaker(
    text: str, span: Span, quotations: Sequence[Quotation]
) -> Iterator[QuoteGroup]:
    """Yield the quotations of a paragraph, neighbouring ones of one speaker as one group."""
    group: QuoteGroup | None = None
    for quotation in quotations:
        start, end = quotation.span
        if quotation.attribution is not None:
            start = min(start, max(span[0], quotation.attribution[0]))
            end = max(end, min(span[1], quotation.attribution[1]))
        if group is not None:
            (first, last), before = group
            joined = start <= last or _STOPS.match(text[last:start])
            if joined and before[-1].speaker == quotation.speaker:
                group = ((first, max(last, end)), (*before, quotation))
                continue
            yield group
            start = max(start, last)
        group = ((start, end), (quotation,))
    if group is not None:
        yield group


def _pieces(text: str, span: Span, groups: Sequence[QuoteGroup]) -> Iterator[Span]:
    """Yield the groups and the text between them, with no piece shorter than `_MIN_PIECE`."""
    edges = [span[0]]
    for (start, end), _ in groups:
        for edge in (start, end):
            if edge - edges[-1] >= _MIN_PIECE and span[1] - edge >= _MIN_PIECE:
                edges.append(edge)
    edges.append(span[1])
    for piece in pairwise(edges):
        yield from strip_span(text, piece)


def _paragraph(span: Span, kind: Kind, groups: Sequence[QuoteGroup]) -> Paragraph:
    """Return a paragraph with the kind and the speaker that its quotations give it."""
    covered = sum(max(0, min(end, span[1]) - max(start, span[0])) for (start, end), _ in groups)
    letters: Counter[tuple[str, str | None]] = Counter()
    for _, quotations in groups:
        for quotation in quotations:
            if quotation.speaker is not None:
                length = quotation.span[1] - quotation.span[0]
                letters[quotation.speaker, quotation.role] += length
    speaker, role = letters.most_common(1)[0][0] if letters else (None, None)
    opens = bool(groups) and groups[0][0][0] <= span[0]
    quoted = covered >= (_MIN_SHARE_OPENING if opens else _MIN_SHARE) * (span[1] - span[0])
    return Paragraph(span, "quote" if quoted else kind, speaker=speaker, role=role)
