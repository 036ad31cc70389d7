"""What a release is made of: headline, dateline and date, paragraphs and their kinds, speakers.

Works on text alone, whatever reader it came from. Paragraphs are stretches of the release's
text, never rewritten, so everything found here is a pair of offsets; only names and offices
are taken out as words. Each module knows one thing: `blocks` where paragraphs begin, `head`
the headline, `statements` that of a statement, `own_date` and `figures` the date, `sections` what
each paragraph is, `contacts` and `boilerplate` these two, `marks` what stands in quotation marks,
`people` and `credits` names, `speakers` who said what, `division` which paragraph is a quotation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.structure.headline.detect import cut_head, read_head
from index.structure.headline.match import title_span
from index.structure.page_chrome import is_page_name
from index.structure.paragraphs import blocks
from index.structure.quotations.speakers import quotations
from index.structure.sections.classify import Section, sections
from index.structure.sections.quote_paragraphs import divided
from index.structure.types import DateSource, Paragraph, Quotation, ReleaseDate, Structure
from index.text.dates import find_date
from index.types import Span

__all__ = ["DateSource", "Paragraph", "Quotation", "ReleaseDate", "Structure", "analyze"]

_UNQUOTED = frozenset({"headline", "subheadline", "dateline", "contact", "boilerplate", "links"})
_CLOSED = frozenset({"headline", "dateline", "subheadline"})
_LEAD = 80
"""Characters; a shorter paragraph is no lead."""


def analyze(text: str, title: str | None = None) -> Structure:
    """Return the structure of `text`, whose headline may be known from its source."""
    whole = list(blocks(text))
    known = None if is_page_name(title or "") and title_span(text, whole, title) is None else title
    found = cut_head(text, whole, known)
    head = read_head(text, found, known)
    parts = list(sections(text, found, head))
    told = [span for span, kind in parts if kind not in _UNQUOTED]
    said = quotations(text, told, head.headline)
    read = " ".join(text[slice(*head.headline)].split()) if head.headline is not None else ""
    headline = known or read or title or ""
    paragraphs = _with_a_body(tuple(_paragraphs(text, parts, said)))
    return Structure(headline, head.date or _guess(text, paragraphs), paragraphs, said)


def _paragraphs(
    text: str, parts: Sequence[tuple[Span, Section]], said: Sequence[Quotation]
) -> Iterator[Paragraph]:
    """Yield the paragraphs; a name set below a quotation is part of the quotation's."""
    position = 0
    until = 0
    for span, kind in parts:
        if kind == "end" or span[1] <= until:
            continue
        if kind in _UNQUOTED or kind in _CLOSED:
            yield Paragraph(span, kind, closed=kind in _CLOSED)
            continue
        within: list[Quotation] = []
        while position < len(said) and said[position].span[0] < span[1]:
            within.append(said[position])
            position += 1
        credit = within[-1].credit if within else None
        if credit is not None and credit[0] >= span[1]:
            until = credit[1]
            span = (span[0], until)  # noqa: PLW2901 - with the lines below it
        yield from divided(text, span, kind, within)


def _with_a_body(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """Return the paragraphs; of a release that is a headline and no more, that is what it says."""
    if any(paragraph.kind not in {"headline", "dateline"} for paragraph in paragraphs):
        return paragraphs
    return tuple(
        replace(p, kind="body", closed=False) if p.kind == "headline" else p for p in paragraphs
    )


def _guess(text: str, paragraphs: Sequence[Paragraph]) -> ReleaseDate | None:
    """Return the first date that the lead names: perhaps the release's, perhaps an event's."""
    for paragraph in paragraphs:
        start, end = paragraph.span
        if paragraph.kind in {"body", "quote"} and end - start >= _LEAD:
            found = find_date(text[start:end])
            if found is None:
                return None
            return ReleaseDate(found.iso, (start + found.span[0], start + found.span[1]), "text")
    return None
