"""Reads a letterhead: which line is the headline, and where the release was issued.

The lines are classified by `index.structure.headline.head_lines`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from index.structure.headline.choose_headline import find_headline, is_sentence
from index.structure.headline.head_lines import HeadLine, head_lines
from index.structure.headline.place import find_place
from index.types import Span, overlap

_FIRST_LINES = 8
"""Lines among which the name of an issuer stands below the headline."""

_FORMAL = frozenset({"label", "date", "reference", "field", "byline"})
"""Kinds of lines that are part of the letterhead and of nothing else."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a letterhead says.

    Attributes:
        headline: The span of the headline; None when no line reads like one.
        place: The place in the dateline or beside the date, or None.
        lines: Labels, dates, numbers, names and other lines of the head that are no text.
        site: Lines of the page around the release.
        head: All lines of the head but the known headline.
    """

    headline: Span | None
    place: str | None
    lines: frozenset[Span]
    site: frozenset[Span]
    head: tuple[HeadLine, ...]


def read_letterhead(text: str, paragraphs: Sequence[Span], title: Span | None) -> Letterhead:
    """Read the head of a release.

    Args:
        text: The text of the release.
        paragraphs: Its paragraphs, in which each line of the head is one.
        title: The headline, when it is known.
    """
    lines = head_lines(text, paragraphs)
    if title is not None:
        lines = [line for line in lines if not overlap(line.span, title)]
        headline: Span | None = title
    else:
        headline = find_headline(text, lines)
    place = find_place(text, paragraphs, lines, headline)
    above = [*takewhile(lambda line: not is_sentence(text[slice(*line.span)]), lines)]
    below = [line for line in lines[len(above) :] if line.field in {"issuer", "date"}]
    return Letterhead(
        headline,
        place,
        frozenset(
            line.span
            for line in (*above, *below)
            if line.kind in _FORMAL and not (headline and overlap(line.span, headline))
        )
        | _names(above, headline),
        frozenset(line.span for line in above if line.kind == "site"),
        tuple(lines),
    )


def _names(lines: Sequence[HeadLine], headline: Span | None) -> frozenset[Span]:
    """Return the names of a letterhead: above the headline, or beside a date or a label."""
    if headline is None:
        return frozenset()
    beside = {
        other.span
        for above, below in pairwise(lines)
        for formal, other in ((above, below), (below, above))
        if formal.kind in _FORMAL
    }
    return frozenset(
        line.span
        for number, line in enumerate(lines)
        if line.kind == "name"
        and not overlap(line.span, headline)
        and (line.span[1] <= headline[0] or (line.span in beside and number < _FIRST_LINES))
    )
