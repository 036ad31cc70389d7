"""The head of a release: headline, release labels, date lines, subheadlines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from index.structure.headline.head_split import split_head_lines
from index.structure.headline.issuer import find_issuer
from index.structure.headline.issuer_evidence import Mention, mentions_in_text
from index.structure.headline.letterhead import read_letterhead
from index.structure.headline.line_types import (
    HEAD_PARAGRAPHS,
    MAX_DATE_LINE,
    MAX_HEADLINE,
    dateline_end,
    is_date_line,
    is_release_label,
)
from index.structure.headline.line_words import name_strength
from index.structure.headline.match import title_span
from index.structure.headline.release_date import (
    find_release_date,
    is_half_of_date,
    issue_date_end,
)
from index.structure.headline.run_in import headline_end, opening_date_end
from index.structure.headline.statement import statement_span
from index.structure.paragraphs import split_paragraphs, strip_span
from index.structure.types import ReleaseDate
from index.types import Span

_MAX_SUBHEADLINES = 3


@dataclass(frozen=True, slots=True)
class ReleaseHead:
    """What stands before the first paragraph of a release.

    Attributes:
        headline: The span of the headline, or None.
        date: The date that the release gives as its own, or None.
        lines: Paragraphs that are date lines or release labels, or that open with a date.
        subheadlines: Paragraphs between the headline and the first paragraph that read like one.
        site: Lines of the page around the release, above the first paragraph.
    """

    headline: Span | None
    date: ReleaseDate | None
    lines: frozenset[Span]
    subheadlines: frozenset[Span]
    site: frozenset[Span] = frozenset()


@dataclass(frozen=True, slots=True)
class HeadFacts:
    """What a text says about the release: headline, ISO date, issuer, place.

    None for each that it does not say. `names` are all that may be the issuer's.
    """

    headline: str | None
    date: str | None
    issuer: str | None
    place: str | None
    names: tuple[Mention, ...] = ()


def read_head(text: str, title: str | None) -> HeadFacts:
    """Return what the head of a text says, without analyzing the rest of it."""
    spans = split_head_lines(text, list(split_paragraphs(text)))
    letterhead = read_letterhead(text, spans, title_span(text, spans, title))
    names = mentions_in_text(text, spans, letterhead.head, letterhead.headline)
    issuer = find_issuer(text, letterhead.head, letterhead.headline, names, title)
    spans = split_head(text, spans, title)
    head = parse_head(text, spans, title)
    return HeadFacts(
        " ".join(text[slice(*head.headline)].split()) if head.headline else None,
        head.date.iso if head.date else None,
        issuer,
        letterhead.place,
        tuple(names),
    )


def split_head(text: str, paragraphs: Sequence[Span], title: str | None) -> list[Span]:
    """Return the paragraphs, the first ones split after a headline or a date run into them."""
    split: list[Span] = []
    known = title_span(text, paragraphs, title) or statement_span(text, paragraphs)
    headline = known
    if headline is None and not title:
        headline = read_letterhead(text, paragraphs, None).headline
    limit = _head_paragraphs(paragraphs, headline)
    joined = [*_join_headline_lines(paragraphs[:limit], headline)]
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
                piece == known
                or piece[1] < span[1]
                or is_release_label(words)
                or is_date_line(words)
            )
    return [*split, *paragraphs[limit:]]


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
    known = _known_headline(text, paragraphs, title)
    letterhead = read_letterhead(text, paragraphs, known)
    headline = known or (None if title else letterhead.headline)
    lines = set(letterhead.lines)
    if known is None and title:  # the headline found is only a line like one
        lines -= {s for s in lines if name_strength(text[slice(*s)]) == "strong"}
    limit = _head_paragraphs(paragraphs, headline)
    for span in paragraphs[:limit]:
        words = text[slice(*span)]
        if span != headline and (
            is_release_label(words) or is_date_line(words) or is_half_of_date(text, span)
        ):
            lines.add(span)
    date = find_release_date(text, paragraphs, headline, limit)
    if date is not None:
        place = date.span[0]
        lines |= {s for s in paragraphs if s[0] <= place < s[1] and s[1] - s[0] <= MAX_DATE_LINE}
    subheadlines = frozenset(_subheadlines(text, paragraphs, headline, lines))
    return ReleaseHead(
        headline,
        date,
        frozenset(lines),
        subheadlines,
        letterhead.site,
    )


def _known_headline(text: str, paragraphs: Sequence[Span], title: str | None) -> Span | None:
    """Return the span of the headline that the source gives, or of a statement's, if any."""
    found = title_span(text, paragraphs, title) or statement_span(text, paragraphs)
    return found if found in paragraphs else None


def _head_paragraphs(paragraphs: Sequence[Span], headline: Span | None) -> int:
    """Return how many paragraphs can belong to the head: more where menus stand above it."""
    above = sum(headline is not None and span[0] <= headline[0] for span in paragraphs)
    return HEAD_PARAGRAPHS if above <= HEAD_PARAGRAPHS // 2 else above + HEAD_PARAGRAPHS // 2


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
