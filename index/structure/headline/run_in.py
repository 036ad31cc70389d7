"""Where a headline or a date ends that a release has run into its first line.

Copies that lost their line ends begin "Town Opens Bridge May 5, 2020 HALIFAX – The mayor …". Where
no source names the headline, what follows it is the only sign of its end: a form line, a date, a
dateline. The words before must read like a headline, since a sentence can hold a date as well.
"""

import re
from collections.abc import Iterator

from index.structure.headline.match import DATE_LINE, MAX_HEADLINE
from index.structure.quotations.job_titles import ends_sentence
from index.text.dates import find_date
from index.types import Span

_FEWEST = 3
"""Words that a headline has, at least."""

_REST = 40
"""Characters that must follow: a line that ends here is no headline with a lead run into it."""

_FORM = re.compile(
    r"\b(?:FOR IMMEDIATE RELEASE|For Immediate Release|POUR DIFFUSION IMMÉDIATE|"
    r"Pour diffusion immédiate)\b:?"
)
_CITY = re.compile(
    r"(?<=\s)(?:(?:(?:NEW|LOS|LAS|SAN|SANTA|FORT|EL|ST\.?) )?[A-ZÀ-Þ]{4,}"
    r"(?:, ?[A-Z][\w.]{1,6}(?: ?[A-Z]\.)?)?|[A-ZÀ-Þ][a-zà-ÿ]+,? D\. ?C\.|"
    r"[A-ZÀ-Þ][a-zà-ÿ]+, (?:[A-Z]{2}|[A-Z][a-z]{1,4}\.)|Washington|Ottawa)"
    r"\s*(?:--|–|—|-(?=\s))\s*(?=[A-ZÀ-Þ“\"])|"
    r"(?<=\s)(?:(?:NEW|LOS|LAS|SAN|SANTA|FORT|EL|ST\.?|SALT LAKE) )?[A-ZÀ-Þ]{4,}, "
    r"(?:D\. ?C\.|[A-Z]{2}|[A-Z]{4,}|[A-Z][a-z]{1,4}\.)\s+(?=(?:Today|The|U\.S\.|Senat|Rep|Over|In|"
    r"A|An)\b|[A-Z][a-z]+ (?:[A-Z]|today))"
)
"""A dateline's place: in capitals, with the state beside it, or the seat of government; the dash
may be lost behind a place with its state. Another
word before a dash may as well be the headline's last."""

_GOES_ON = re.compile(
    r"\b(?:a|an|and|at|before|by|contact|du|de|for|from|in|le|les|of|on|or|said|since|the|to|today|"
    r"until|with)\Z",
    re.IGNORECASE,
)
"""A last word after which a date or a place still belongs to what it stands in."""

_NO_HEADLINE = re.compile(
    r"\b(?:said|today|contacts?|releases?)\b|@|\d{3}[-. ]\d{4}", re.IGNORECASE
)
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s*\Z")
_BEGINS = re.compile(r"[.,]?\s*[–—-]{0,2}\s*(?=[A-ZÀ-Þ“\"(])")
"""What may stand between a date and the sentence that begins behind it."""


def headline_end(text: str, span: Span) -> Span | None:
    """Return where the headline that opens a paragraph ends, and where what closes it ends."""
    start, end = span
    words = text[start : min(end, start + MAX_HEADLINE + DATE_LINE)]
    for left, right in sorted(_closing(words)):
        if start + right + _REST <= end and _is_headline(words[:left]):
            return start + left, start + right
    return None


def opening_date_end(text: str, span: Span, following: Span | None) -> int | None:
    """Return where the date that opens a paragraph ends: "May 5, 2020. The mayor …".

    Where the paragraph `following` it opens with a date as well, they are a chronicle's.
    """
    end = _date_end(text, span)
    return None if end is None or (following and _date_end(text, following)) else end


def _date_end(text: str, span: Span) -> int | None:
    words = text[span[0] : min(span[1], span[0] + 2 * DATE_LINE)]
    found = find_date(words)
    if found is None or any(map(str.isalnum, words[: found.span[0]])):
        return None
    begins = _BEGINS.match(words, found.span[1])
    if begins is None or begins.end() == found.span[1]:
        return None
    return span[0] + begins.end()


def _closing(words: str) -> Iterator[Span]:
    """Yield the first of each thing that can close a headline."""
    if form := _FORM.search(words):
        yield form.span()
    place = _CITY.search(words)
    if place is not None and not _runs_on(words[: place.start()], place[0]):
        yield place.start(), place.start()
    date = find_date(words)
    if date is not None:
        start, end = date.span
        weekday = _WEEKDAY.search(words, 0, start)
        begins = _BEGINS.match(words, end)
        if begins is not None and begins.end() > end:
            yield weekday.start() if weekday else start, begins.end()


def _runs_on(before: str, place: str) -> bool:
    """Whether a place in capitals follows a word in capitals, so that its beginning is unsure."""
    last = before.rsplit(maxsplit=1)[-1:]
    return place[:2].isupper() and bool(last) and last[0].isupper()


def _is_headline(before: str) -> bool:
    """Whether the words before a form line, a date or a place read like a headline."""
    words = before.split()
    if len(words) < _FEWEST or len(before) > MAX_HEADLINE or not before[0].isupper():
        return False
    if any(map(ends_sentence, words[:-1])) or _NO_HEADLINE.search(before):
        return False
    return words[-1][-1].isalnum() and not _GOES_ON.search(before.rstrip())
