"""What a release is made of: headline, dateline and date, paragraphs and their kinds.

Works on text alone, whatever reader it came from. Paragraphs are stretches of the release's
text, never rewritten, so everything found here is a pair of offsets.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.dates import find_date
from index.records import Kind, Span

MAX_HEADLINE = 220
"""Characters; a first line longer than this is a paragraph, not a headline."""

_WRAP_WIDTH = 100
"""A block none of whose lines is longer is one paragraph wrapped at a fixed width."""

_DATE_LINE = 60
"""A line that holds a date and is no longer than this is a date line."""

_CONTACT_LINE = 160
"""A paragraph after a contact's heading that is longer than this is no part of the contact."""

_HEAD = 1_500
"""Characters from the start in which a release's own date can stand."""

_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_BULLET = re.compile(r"\s*(?:[•●▪■◦‣*\-–—·o]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+\S")
_FORM = re.compile(
    r"^(?:for immediate release|immediate release|news release|press release|"
    r"media release|communiqué(?: de presse)?|embargo.{0,60})\W*$",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"\A\s*(?P<place>[A-ZÀ-Þ][\w.'’ -]{1,40}(?:,\s*[A-Z][\w.'’ -]{1,30}){0,2})"
    r"(?:\s*\([\w. ]{2,12}\))?"
    r"(?:\s*[,(–—-]{0,2}\s*(?P<date>[^–—\n]{6,40}?))?\s*\)?\s*(?:–|—|--|-(?=\s))\s*\S",
)
_CONTACT = re.compile(
    r"^\W*(?:(?:media|press|news)\s+(?:contacts?|inquiries|enquiries|relations)\b|"
    r"contacts?\s*(?::|$)|"
    r"for (?:more|further|additional) information,? (?:please )?(?:contact|call)|"
    r"(?:renseignements|pour (?:plus d['’]information|en savoir plus)|"
    r"relations? (?:avec les )?médias))",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(r"^\W*(?:about|à propos d[eu'’])\b[^.\n]{2,80}$", re.IGNORECASE)
_QUOTE = re.compile(r"\A\s*[“\"«„‘]")
_END = re.compile(r"^\W*(?:#\s*#\s*#|[-–—]+\s*30\s*[-–—]+|###+|\* ?\* ?\*)\W*$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of a release's text and what it is; `closed` ones are never joined to others."""

    span: Span
    kind: Kind
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Structure:
    """The parts of a release.

    Attributes:
        headline: The headline, from the source or found in the text; may be empty.
        date: ISO date found in the text, or None.
        paragraphs: In order, together covering all words of the text.
    """

    headline: str
    date: str | None
    paragraphs: tuple[Paragraph, ...]


def analyse(text: str, title: str | None = None) -> Structure:
    """Return the structure of `text`, whose headline may be known from its source."""
    blocks = list(_blocks(text))
    headline_span = _headline(text, blocks, title)
    headline = title or (" ".join(text[slice(*headline_span)].split()) if headline_span else "")
    return Structure(
        headline,
        _date(text, blocks, headline_span),
        tuple(_kinds(text, blocks, headline_span)),
    )


def names_the_form(words: str) -> bool:
    """Whether a line only says that this is a release, as “News Release” does."""
    return _FORM.match(words) is not None


def _blocks(text: str) -> Iterator[Span]:
    """Yield the paragraphs of `text`: separated by blank lines, or by line ends without them."""
    position = 0
    bounds = [(m.start(), m.end()) for m in _BLANK.finditer(text)]
    for start, end in (*bounds, (len(text), len(text))):
        yield from _lines(text, (position, start))
        position = end


def _lines(text: str, block: Span) -> Iterator[Span]:
    lines: list[Span] = []
    position = block[0]
    for line in text[slice(*block)].split("\n"):
        if stripped := line.strip():
            start = position + line.index(stripped[0])
            lines.append((start, start + len(stripped)))
        position += len(line) + 1
    if len(lines) > 1 and _wrapped(text, lines):
        yield (lines[0][0], lines[-1][1])
    else:
        yield from lines


def _wrapped(text: str, lines: list[Span]) -> bool:
    """Whether `lines` are one paragraph broken at a fixed width rather than several."""
    words = [text[slice(*line)] for line in lines]
    longest = max(map(len, words))
    if longest > _WRAP_WIDTH or any(map(_BULLET.match, words)):
        return False
    full = sum(len(line) > longest * 0.7 for line in words[:-1])
    ended = sum(line.endswith((".", "!", "?", ":", "”", '"')) for line in words[:-1])
    return full >= 0.8 * (len(words) - 1) and ended <= 0.5 * (len(words) - 1)


def _headline(text: str, blocks: list[Span], title: str | None) -> Span | None:
    """Find where the headline stands in `text`, if it does."""
    plain = " ".join(title.split()).casefold() if title else None
    for span in blocks[:6]:
        words = " ".join(text[slice(*span)].split())
        if plain is not None:
            if words.casefold() == plain:
                return span
        elif names_the_form(words) or _is_date_line(words):
            continue
        else:
            short = len(words) <= MAX_HEADLINE and not words.endswith((".", ":", ";", ","))
            more = span != blocks[-1]
            return span if short and more and not _DATELINE.match(words + " x") else None
    return None


def _is_date_line(words: str) -> bool:
    return len(words) <= _DATE_LINE and find_date(words) is not None


def _date(text: str, blocks: list[Span], headline: Span | None) -> str | None:
    """Find the release's own date: a date line, or the dateline of the first paragraph."""
    for span in blocks[:8]:
        if span == headline or span[0] > _HEAD:
            continue
        words = text[slice(*span)]
        if _is_date_line(words):
            found = find_date(words)
            return found.iso if found else None
        if dateline := _DATELINE.match(words):
            found = find_date(words[: dateline.end()])
            if found is not None:
                return found.iso
    return None


def _kinds(text: str, blocks: list[Span], headline: Span | None) -> Iterator[Paragraph]:
    tail: Kind | None = None
    for number, span in enumerate(blocks):
        words = text[slice(*span)]
        line = words if len(words) <= _WRAP_WIDTH else ""
        if span == headline:
            yield Paragraph(span, "headline", closed=True)
        elif number < 8 and line and (names_the_form(line) or _is_date_line(line)):  # noqa: PLR2004
            yield Paragraph(span, "dateline", closed=True)
        elif _END.match(line or "x"):
            tail = None
        elif _CONTACT.match(words) and number > 0:
            tail = "contact"
            yield Paragraph(span, "contact")
        elif _BOILERPLATE.match(line or "x\n"):
            tail = "boilerplate"
            yield Paragraph(span, "boilerplate")
        elif tail == "boilerplate" or (tail == "contact" and len(words) <= _CONTACT_LINE):
            yield Paragraph(span, tail)
        elif _QUOTE.match(words):
            tail = None
            yield Paragraph(span, "quote")
        elif _BULLET.match(words):
            yield Paragraph(span, "list")
        else:
            tail = None
            yield Paragraph(span, "body")
