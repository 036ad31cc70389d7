"""The head of a release: headline, release labels, date lines, subheadlines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from index.structure.contacts import opens_contact
from index.structure.headline.line_types import (
    HEAD_PARAGRAPHS,
    MAX_DATE_LINE,
    MAX_HEADLINE,
    dateline_end,
    is_date_line,
    is_release_label,
)
from index.structure.headline.match import title_span
from index.structure.headline.release_date import (
    find_release_date,
    is_half_of_date,
    issue_date_end,
)
from index.structure.headline.run_in import headline_end, opening_date_end
from index.structure.headline.statement import statement_span
from index.structure.page_chrome import is_control_word, is_page_control, is_site_label
from index.structure.paragraphs import strip_span
from index.structure.types import ReleaseDate
from index.types import Span

_FIRST = 6
"""Paragraphs among which a headline that the source does not give is looked for."""

_MAX_SUBHEADLINES = 3


@dataclass(frozen=True, slots=True)
class ReleaseHead:
    """What stands before the first paragraph of a release.

    Attributes:
        headline: The span of the headline, or None.
        date: The date that the release gives as its own, or None.
        lines: Paragraphs that are date lines or release labels, or that open with a date.
        subheadlines: Paragraphs between the headline and the first paragraph that read like one.
    """

    headline: Span | None
    date: ReleaseDate | None
    lines: frozenset[Span]
    subheadlines: frozenset[Span]


def split_head(text: str, paragraphs: Sequence[Span], title: str | None) -> list[Span]:
    """Return the paragraphs, the first ones split after a headline or a date run into them."""
    split: list[Span] = []
    headline = title_span(text, paragraphs, title) or statement_span(text, paragraphs)
    joined = [*_join_headline_lines(paragraphs[:HEAD_PARAGRAPHS], headline)]
    in_head = True
    for span, following in zip_longest(joined, joined[1:]):
        edges = {*span}
        if headline is not None and span[0] <= headline[0] and headline[1] <= span[1]:
            edges |= set(headline)
        elif in_head and not title:
            edges |= set(headline_end(text, span) or ())
        for piece in pairwise(sorted(edges)):
            date_end = issue_date_end(text, piece)
            if date_end is None and in_head:
                date_end = opening_date_end(text, piece, following)
            split += _split_at(text, [piece[0], *([date_end] if date_end else []), piece[1]])
            words = text[slice(*piece)].strip()
            in_head = in_head and (
                piece == headline
                or piece[1] < span[1]
                or is_release_label(words)
                or is_date_line(words)
            )
    return [*split, *paragraphs[HEAD_PARAGRAPHS:]]


def _join_headline_lines(paragraphs: Sequence[Span], headline: Span | None) -> Iterator[Span]:
    """Yield the paragraphs; those that a headline spans come as one, text before it separately."""
    for span in paragraphs:
        within = headline is not None and span[0] <= headline[0] and headline[1] <= span[1]
        if headline is None or within or span[1] <= headline[0] or headline[1] <= span[0]:
            yield span
            continue
        if span[0] < headline[0]:
            yield (span[0], headline[0])
        if headline[1] <= span[1]:
            yield headline


def _split_at(text: str, edges: Sequence[int]) -> Iterator[Span]:
    for span in pairwise(edges):
        yield from strip_span(text, span)


def parse_head(text: str, paragraphs: Sequence[Span], title: str | None) -> ReleaseHead:
    """Return the head of a release whose `paragraphs` come from `split_head`."""
    headline = _find_headline(text, paragraphs, title)
    lines = set()
    for span in paragraphs[:HEAD_PARAGRAPHS]:
        words = text[slice(*span)]
        if span != headline and (
            is_release_label(words) or is_date_line(words) or is_half_of_date(text, span)
        ):
            lines.add(span)
    date = find_release_date(text, paragraphs, headline)
    if date is not None:
        place = date.span[0]
        lines |= {s for s in paragraphs if s[0] <= place < s[1] and s[1] - s[0] <= MAX_DATE_LINE}
    subheadlines = frozenset(_subheadlines(text, paragraphs, headline, lines))
    return ReleaseHead(headline, date, frozenset(lines), subheadlines)


def _find_headline(text: str, paragraphs: Sequence[Span], title: str | None) -> Span | None:
    """Return the span of the headline, or None when it does not stand in the text."""
    if title:
        found = title_span(text, paragraphs, title) or statement_span(text, paragraphs)
        return found if found in paragraphs else None
    for number, span in enumerate(paragraphs[:_FIRST]):
        words = " ".join(text[slice(*span)].split())
        if opens_contact(text, paragraphs, number) or _is_head_line(words):
            continue
        if is_site_label(words) or _is_repeated_below(text, paragraphs, number):
            continue
        short = len(words) <= MAX_HEADLINE and not words.endswith((".", ":", ";", ","))
        more = span != paragraphs[-1]
        return span if short and more and not dateline_end(words + " x") else None
    return None


def _is_head_line(words: str) -> bool:
    """Whether a line may stand above a headline and is not one."""
    return (
        is_release_label(words)
        or is_date_line(words)
        or is_control_word(words)
        or is_page_control(words)
    )


def _is_repeated_below(text: str, paragraphs: Sequence[Span], number: int) -> bool:
    """Whether a line "News: X" is the name of a page, with the headline X right below it."""
    _, _, name = text[slice(*paragraphs[number])].partition(":")
    below = (text[slice(*span)] for span in paragraphs[number + 1 : number + 4])
    return bool(name.strip()) and name.strip() in below


def _subheadlines(
    text: str, paragraphs: Sequence[Span], headline: Span | None, lines: set[Span]
) -> Iterator[Span]:
    """Yield the short lines after the headline that are not a paragraph yet."""
    if headline is None or headline not in paragraphs:
        return
    following = list(paragraphs)[list(paragraphs).index(headline) + 1 :][:_MAX_SUBHEADLINES]
    for span, after in pairwise(following):
        words = text[slice(*span)]
        short = len(words) <= MAX_HEADLINE and words[-1].isalnum() and " " in words.strip()
        longer = after[1] - after[0] > span[1] - span[0]
        if span in lines:
            continue
        if not (short and longer and words[0].isupper()) or dateline_end(words + " x"):
            return
        yield span
