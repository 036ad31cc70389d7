"""The head of a release: headline, form lines, date, and what reads like a second headline."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from index.structure.headline.line_types import dateline_end, is_date_line, is_form
from index.structure.headline.match import DATE_LINE, HEAD_BLOCKS, MAX_HEADLINE, title_span
from index.structure.headline.release_date import half_date, issued_until, own_date
from index.structure.headline.run_in import headline_end, opening_date_end
from index.structure.headline.statement import statement_span
from index.structure.page_chrome import is_command, is_furniture, is_label
from index.structure.paragraphs import trimmed
from index.structure.sections.contacts import opens_contact
from index.structure.types import ReleaseDate
from index.text.dates import find_date
from index.types import Span

_DATE_ALONE = re.compile(r"\A\s*(?P<date>[^–—\n]{6,30}?)\s*(?:–|—|--|-(?=\s))\s")
_IN_SENTENCE = re.compile(
    r"\A\W*(?:in|on|by|at|from|since|until|after|before|during|le|en|dès|depuis|après|avant)\b",
    re.IGNORECASE,
)
"""A word that leads a date into a sentence."""


@dataclass(frozen=True, slots=True)
class Head:
    """What opens a release.

    Attributes:
        headline: Where the headline stands, or None.
        date: The date that the release gives itself, or None.
        lines: Blocks, or starts of blocks, that are date lines, form lines and embargoes.
        subheadline: Blocks between the headline and the first paragraph, that read like one.
    """

    headline: Span | None
    date: ReleaseDate | None
    lines: frozenset[Span]
    subheadline: frozenset[Span]


def opening_dateline_end(words: str) -> int:
    """Return where what opens a paragraph ends, a dateline or a date alone; 0 without one."""
    if _IN_SENTENCE.match(words):
        return 0
    alone = _DATE_ALONE.match(words)
    if alone is not None and find_date(alone["date"]) is not None:
        return alone.end()
    return dateline_end(words)


def cut_head(text: str, blocks: Sequence[Span], title: str | None) -> list[Span]:
    """Return the first blocks cut where a headline or a date is run into them."""
    cut: list[Span] = []
    found = title_span(text, blocks, title) or statement_span(text, blocks)
    whole = [*_one_block(blocks[:HEAD_BLOCKS], found)]
    opens = True  # as long as nothing but the head has come
    for span, following in zip_longest(whole, whole[1:]):
        edges = {*span}
        if found is not None and span[0] <= found[0] and found[1] <= span[1]:
            edges |= set(found)
        elif opens and not title:
            edges |= set(headline_end(text, span) or ())
        for piece in pairwise(sorted(edges)):
            issued = issued_until(text, piece)
            if issued is None and opens:
                issued = opening_date_end(text, piece, following)
            cut += _trimmed(text, [piece[0], *([issued] if issued else []), piece[1]])
            words = text[slice(*piece)].strip()
            head = piece == found or piece[1] < span[1] or is_form(words) or is_date_line(words)
            opens = opens and head
    return [*cut, *blocks[HEAD_BLOCKS:]]


def _one_block(blocks: Sequence[Span], found: Span | None) -> Iterator[Span]:
    """Yield blocks; those that a headline is broken into come as one, what is before it apart."""
    for span in blocks:
        within = found is not None and span[0] <= found[0] and found[1] <= span[1]
        if found is None or within or span[1] <= found[0] or found[1] <= span[0]:
            yield span
            continue
        if span[0] < found[0]:
            yield (span[0], found[0])
        if found[1] <= span[1]:
            yield found


def read_head(text: str, blocks: Sequence[Span], title: str | None) -> Head:
    """Return what opens the release whose paragraphs are `blocks`."""
    headline = _headline(text, blocks, title)
    lines = set()
    for span in blocks[:HEAD_BLOCKS]:
        words = text[slice(*span)]
        if span != headline and (is_form(words) or is_date_line(words) or half_date(text, span)):
            lines.add(span)
    date = own_date(text, blocks, headline)
    if date is not None:
        lines |= {s for s in blocks if s[0] <= date.span[0] < s[1] and s[1] - s[0] <= DATE_LINE}
    return Head(
        headline, date, frozenset(lines), frozenset(_subheadline(text, blocks, headline, lines))
    )


def _headline(text: str, blocks: Sequence[Span], title: str | None) -> Span | None:
    """Find where the headline stands in `text`, if it does."""
    if title:
        found = title_span(text, blocks, title) or statement_span(text, blocks)
        return found if found in blocks else None
    for number, span in enumerate(blocks[:6]):
        words = " ".join(text[slice(*span)].split())
        if opens_contact(text, blocks, number):
            continue
        if is_form(words) or is_date_line(words) or is_command(words) or is_furniture(words):
            continue
        if is_label(words) or _said_again(text, blocks, number):
            continue
        short = len(words) <= MAX_HEADLINE and not words.endswith((".", ":", ";", ","))
        more = span != blocks[-1]
        return span if short and more and not dateline_end(words + " x") else None
    return None


def _said_again(text: str, blocks: Sequence[Span], number: int) -> bool:
    """Whether a line "News: X" is the name of a page whose headline X stands right below."""
    _, _, said = text[slice(*blocks[number])].partition(":")
    below = (text[slice(*span)] for span in blocks[number + 1 : number + 4])
    return bool(said.strip()) and said.strip() in below


def _subheadline(
    text: str, blocks: Sequence[Span], headline: Span | None, lines: set[Span]
) -> Iterator[Span]:
    """Yield the short lines that follow the headline and are no paragraph yet."""
    if headline is None or headline not in blocks:
        return
    following = list(blocks)[list(blocks).index(headline) + 1 :][:3]
    for span, after in pairwise(following):
        words = text[slice(*span)]
        short = len(words) <= MAX_HEADLINE and words[-1].isalnum() and " " in words.strip()
        longer = after[1] - after[0] > span[1] - span[0]
        if span in lines:
            continue
        if not (short and longer and words[0].isupper()) or dateline_end(words + " x"):
            return
        yield span


def _trimmed(text: str, edges: Sequence[int]) -> Iterator[Span]:
    for span in pairwise(edges):
        yield from trimmed(text, span)
