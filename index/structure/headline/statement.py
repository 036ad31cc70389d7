"""Finds the headline of a statement: whose words follow, on what occasion, about what.

"Statement of Senator Doe / Hearing of the Committee on Harbours / Dredging" is one headline in
three lines. The title that the source gives is usually another.
"""

from collections.abc import Sequence

from index.structure.contacts import opens_contact
from index.structure.headline.head_lines import classify_line
from index.structure.headline.line_types import (
    MAX_HEADLINE,
    STATEMENT,
    dateline_end,
    is_date_line,
    is_release_label,
)
from index.types import Span

_MAX_MORE_LINES = 3
_MAX_LINE = 100
"""Characters; a longer line is the first paragraph of the statement."""

_FIRST_PARAGRAPHS = 4
"""Paragraphs among which the headline begins."""


def statement_span(text: str, paragraphs: Sequence[Span]) -> Span | None:
    """Return the span of the lines at the head that say whose statement follows."""
    for number, span in enumerate(paragraphs[:_FIRST_PARAGRAPHS]):
        words = text[slice(*span)]
        if _is_head_line(text, paragraphs, number):
            continue
        if not (STATEMENT.match(words) and _is_headline_line(words, MAX_HEADLINE)):
            return None
        if number + 1 == len(paragraphs):
            return None
        return span[0], _last_line_end(text, paragraphs, number)
    return None


def _last_line_end(text: str, paragraphs: Sequence[Span], number: int) -> int:
    """Return where the headline that begins with paragraph `number` ends."""
    end = paragraphs[number][1]
    for later in range(number + 1, min(number + 1 + _MAX_MORE_LINES, len(paragraphs) - 1)):
        words = text[slice(*paragraphs[later])]
        if _is_head_line(text, paragraphs, later) or dateline_end(words):
            break
        formal = classify_line(text, paragraphs[later]).kind not in {"text", "name"}
        if formal or not _is_headline_line(words, _MAX_LINE):
            break
        if paragraphs[later][1] - paragraphs[number][0] > MAX_HEADLINE:
            break
        end = paragraphs[later][1]
    return end


def _is_headline_line(words: str, longest: int) -> bool:
    """Whether a line can be part of a headline: short, and not a sentence."""
    opens = words[0].isupper() and " " in words.strip()
    return opens and len(words) <= longest and (words[-1].isalnum() or words[-1] in '"”)')


def _is_head_line(text: str, paragraphs: Sequence[Span], number: int) -> bool:
    """Whether a paragraph is a release label, a date line or the start of a contact."""
    words = text[slice(*paragraphs[number])]
    return is_release_label(words) or is_date_line(words) or opens_contact(text, paragraphs, number)
