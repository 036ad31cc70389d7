"""Text to structure: headline, date, paragraphs with their kinds, quotations with their speakers.

The analysis needs the text alone, whatever reader produced it. It never rewrites the text:
everything it finds is a span, except names and job titles. The steps:

1. `index.structure.paragraphs` splits the text into paragraphs.
2. `index.structure.headline` finds the headline, the dateline and the release date.
3. `index.structure.sections` decides the kind of each paragraph.
4. `index.structure.quotations` finds quotations and who said them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.structure.headline.detect import ReleaseHead, parse_head, split_head
from index.structure.headline.head_lines import classify_line
from index.structure.headline.head_split import split_head_lines
from index.structure.headline.issuer import find_issuer
from index.structure.headline.issuer_evidence import Mention, mentions_in_text
from index.structure.headline.letterhead import read_letterhead
from index.structure.headline.line_types import dateline_end
from index.structure.headline.match import title_span
from index.structure.page_chrome import is_page_name
from index.structure.paragraphs import split_paragraphs, strip_span
from index.structure.quotations.speakers import find_quotations
from index.structure.sections.classify import Section, classify_sections
from index.structure.sections.quote_paragraphs import split_quote_paragraphs
from index.structure.transcript import Turn, find_turns, split_at_turns, turn_of
from index.structure.types import Paragraph, Quotation, ReleaseDate, Structure
from index.text.dates import find_date
from index.text.sentences import sentence_spans
from index.types import Kind, Span

_STANDALONE = frozenset({"headline", "dateline", "subheadline"})
_UNQUOTED = _STANDALONE | {"contact", "boilerplate", "links"}
"""Sections in which no quotations are looked for."""

_OUTSIDE_TURNS = frozenset({"headline", "dateline", "boilerplate", "end"})
"""Sections that no turn of a transcript has, wherever they stand."""

_FIRST_PARAGRAPHS = 12
_MAX_LEAD = 1_000
_MAX_FIRST_LINE = 120
"""Characters of the first sentence that stands for a missing headline."""

_MIN_LEAD = 80
"""Characters; a shorter paragraph is not the lead."""


def analyze(
    text: str,
    title: str | None = None,
    issuer: str | None = None,
    names: Sequence[Mention] = (),
) -> Structure:
    """Return the structure of a release.

    Args:
        text: The text of the release.
        title: The title that its source gives, if any.
        issuer: The issuer that its source gives, if any: in a transcript, the issuer is no
            journalist.
        names: Names that the source states and that may be the issuer's.
    """
    spans = split_head_lines(text, list(split_paragraphs(text)))
    page_name = is_page_name(title or "") and title_span(text, spans, title) is None
    known_title = None if page_name else title
    letterhead = read_letterhead(text, spans, title_span(text, spans, known_title))
    own = known_title or title
    if issuer is None:
        found_names = mentions_in_text(text, spans, letterhead.head, letterhead.headline)
        issuer = find_issuer(
            text, letterhead.head, letterhead.headline, [*names, *found_names], own
        )
    spans = split_head(text, spans, known_title)
    head = parse_head(text, spans, known_title)
    turns = _find_turns(text, spans, head, title, issuer)
    if turns:
        spans = [piece for span in split_at_turns(spans, turns) for piece in strip_span(text, span)]
    sections = list(classify_sections(text, spans, head))
    quotable = [
        span for span, section in sections if section not in _UNQUOTED and not turn_of(span, turns)
    ]
    quotations = find_quotations(text, quotable, head.headline)
    found = " ".join(text[slice(*head.headline)].split()) if head.headline is not None else ""
    paragraphs = _ensure_body(tuple(_build_paragraphs(text, sections, quotations, turns)))
    return Structure(
        headline=known_title or found or title or _first_line(text, spans),
        date=head.date or _guess_date(text, paragraphs),
        paragraphs=paragraphs,
        quotations=quotations,
        issuer=issuer,
        place=letterhead.place,
    )


def _first_line(text: str, paragraphs: Sequence[Span]) -> str:
    """Return the beginning of the first line as a title, for a release without a headline."""
    for span in paragraphs[:_FIRST_PARAGRAPHS]:
        words = " ".join(text[span[0] : min(span[1], span[0] + _MAX_LEAD)].split())
        if any(map(str.isalnum, words)) and classify_line(text, span).kind in {"text", "prose"}:
            break
    else:
        start, end = paragraphs[0] if paragraphs else (0, 0)
        words = " ".join(text[start : min(end, start + _MAX_LEAD)].split())
    words = words[dateline_end(words) :].lstrip()
    if len(words) <= _MAX_FIRST_LINE:
        return words
    (start, end), *_ = sentence_spans(words, None)
    if end - start <= _MAX_FIRST_LINE:
        return words[start:end]
    return words[: words.rfind(" ", 0, _MAX_FIRST_LINE) % _MAX_FIRST_LINE] + " …"


def _build_paragraphs(
    text: str,
    sections: Sequence[tuple[Span, Section]],
    quotations: Sequence[Quotation],
    turns: Sequence[Turn],
) -> Iterator[Paragraph]:
    """Yield the paragraphs; an attribution below a quotation belongs to the quotation."""
    position = 0
    done = 0
    for span, section in sections:
        if section == "end" or span[1] <= done:
            continue
        turn = turn_of(span, turns)
        if turn is not None and section not in _OUTSIDE_TURNS:
            kind: Kind = "question" if turn.asks else "quote"
            yield Paragraph(span, kind, standalone=True, speaker=turn.speaker)
            continue
        if section in _UNQUOTED:
            yield Paragraph(span, section, standalone=section in _STANDALONE)
            continue
        within: list[Quotation] = []
        while position < len(quotations) and quotations[position].span[0] < span[1]:
            within.append(quotations[position])
            position += 1
        attribution = within[-1].attribution if within else None
        if attribution is not None and attribution[0] >= span[1]:
            done = attribution[1]
            span = (span[0], done)  # noqa: PLW2901 - with the lines below it
        yield from split_quote_paragraphs(text, span, section, within)


def _find_turns(
    text: str, spans: Sequence[Span], head: ReleaseHead, title: str | None, issuer: str | None
) -> tuple[Turn, ...]:
    """Return the turns of a transcript below the headline."""
    if not spans:
        return ()
    start = head.headline[1] if head.headline is not None else spans[0][0]
    own = title or (text[slice(*head.headline)] if head.headline is not None else "")
    return find_turns(text, start, spans[-1][1], own, issuer or "")


def _ensure_body(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """Return the paragraphs; where there is only a headline, it becomes the body."""
    if any(paragraph.kind not in {"headline", "dateline"} for paragraph in paragraphs):
        return paragraphs
    return tuple(
        replace(p, kind="body", standalone=False) if p.kind == "headline" else p for p in paragraphs
    )


def _guess_date(text: str, paragraphs: Sequence[Paragraph]) -> ReleaseDate | None:
    """Return the first date in the lead: perhaps the release's, perhaps that of an event."""
    for paragraph in paragraphs:
        start, end = paragraph.span
        if paragraph.kind in {"body", "quote"} and end - start >= _MIN_LEAD:
            found = find_date(text[start:end])
            if found is None:
                return None
            return ReleaseDate(found.iso, (start + found.span[0], start + found.span[1]), "text")
    return None
