"""The headline of a statement: whose words follow, on what occasion, about what.

"Statement of Senator Doe / Hearing of the Committee on Harbours / Dredging" is one headline in
three lines, and seldom what the source calls the release.
"""

from collections.abc import Sequence

from index.structure.headline.line_types import STATEMENT, dateline_end, is_date_line, is_form
from index.structure.headline.match import MAX_HEADLINE
from index.structure.sections.contacts import opens_contact
from index.types import Span

_MORE_LINES = 3
_LINE = 100
"""Characters; a longer line is the statement's first paragraph."""

_FIRST = 4
"""Blocks among which the headline begins."""


def statement_span(text: str, blocks: Sequence[Span]) -> Span | None:
    """Return the lines at the head that say whose statement follows, as one stretch."""
    for number, span in enumerate(blocks[:_FIRST]):
        words = text[slice(*span)]
        if is_form(words) or is_date_line(words) or opens_contact(text, blocks, number):
            continue
        if not (STATEMENT.match(words) and _is_line(words, MAX_HEADLINE)):
            return None
        if number + 1 == len(blocks):
            return None
        return span[0], _last(text, blocks, number)
    return None


def _last(text: str, blocks: Sequence[Span], number: int) -> int:
    """Return where the lines that begin with one of them end."""
    end = blocks[number][1]
    for later in range(number + 1, min(number + 1 + _MORE_LINES, len(blocks) - 1)):
        words = text[slice(*blocks[later])]
        formal = is_form(words) or is_date_line(words) or opens_contact(text, blocks, later)
        if formal or dateline_end(words) or not _is_line(words, _LINE):
            break
        if blocks[later][1] - blocks[number][0] > MAX_HEADLINE:
            break
        end = blocks[later][1]
    return end


def _is_line(words: str, longest: int) -> bool:
    """Whether a line can be one of a headline: short, no sentence, no address, no quotation."""
    opens = words[0].isupper() and " " in words.strip()
    return opens and len(words) <= longest and (words[-1].isalnum() or words[-1] in '"”)')
