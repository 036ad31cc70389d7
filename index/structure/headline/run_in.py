"""Finds where a headline or a date ends that is run into the first line of a release.

Copies that lost their line ends begin "Town Opens Bridge May 5, 2020 HALIFAX – The mayor …".
Without a title from the source, only what follows shows where the headline ends: a release label,
a date or a dateline. The words before it must read like a headline, since a sentence can hold a
date as well.
"""

import re
from collections.abc import Iterator

from index.structure.headline.line_types import MAX_DATE_LINE, MAX_HEADLINE
from index.text.dates import find_date
from index.text.sentences import ends_sentence
from index.types import Span

_MIN_WORDS = 3
"""Words of a headline, at least."""

_MIN_REST = 40
"""Characters that must follow the headline in its line."""

_RELEASE_LABEL = re.compile(
    r"\b(?:FOR IMMEDIATE RELEASE|For Immediate Release|POUR DIFFUSION IMMÉDIATE|"
    r"Pour diffusion immédiate)\b:?"
)
_DATELINE_PLACE = re.compile(
    r"(?<=\s)(?:(?:(?:NEW|LOS|LAS|SAN|SANTA|FORT|EL|ST\.?) )?[A-ZÀ-Þ]{4,}"
    r"(?:, ?[A-Z][\w.]{1,6}(?: ?[A-Z]\.)?)?|[A-ZÀ-Þ][a-zà-ÿ]+,? D\. ?C\.|"
    r"[A-ZÀ-Þ][a-zà-ÿ]+, (?:[A-Z]{2}|[A-Z][a-z]{1,4}\.)|Washington|Ottawa)"
    r"\s*(?:--|–|—|-(?=\s))\s*(?=[A-ZÀ-Þ“\"])|"
    r"(?<=\s)(?:(?:NEW|LOS|LAS|SAN|SANTA|FORT|EL|ST\.?|SALT LAKE) )?[A-ZÀ-Þ]{4,}, "
    r"(?:D\. ?C\.|[A-Z]{2}|[A-Z]{4,}|[A-Z][a-z]{1,4}\.)\s+(?=(?:Today|The|U\.S\.|Senat|Rep|Over|In|"
    r"A|An)\b|[A-Z][a-z]+ (?:[A-Z]|today))"
)
"""The place of a dateline: in capitals, with its state, or a capital city. After a place with its
state the dash may be missing. Any other word before a dash may be the last of the headline."""

_INCOMPLETE_END = re.compile(
    r"\b(?:a|an|and|at|before|by|contact|du|de|for|from|in|le|les|of|on|or|said|since|the|to|today|"
    r"until|with)\Z",
    re.IGNORECASE,
)
"""A last word that a date or a place completes."""

_NOT_IN_HEADLINE = re.compile(
    r"\b(?:said|today|contacts?|releases?)\b|@|\d{3}[-. ]\d{4}", re.IGNORECASE
)
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s*\Z")
_BEFORE_SENTENCE = re.compile(r"[.,]?\s*[–—-]{0,2}\s*(?=[A-ZÀ-Þ“\"(])")
"""What may stand between a date and the sentence after it."""


def headline_end(text: str, span: Span) -> Span | None:
    """Return where an opening headline ends, and where the label or date after it ends."""
    start, end = span
    words = text[start : min(end, start + MAX_HEADLINE + MAX_DATE_LINE)]
    for left, right in sorted(_headline_ends(words)):
        if start + right + _MIN_REST <= end and _is_headline(words[:left]):
            return start + left, start + right
    return None


def opening_date_end(text: str, span: Span, following: Span | None) -> int | None:
    """Return where the date that opens a paragraph ends: "May 5, 2020. The mayor …".

    When the paragraph `following` it opens with a date as well, both belong to a chronology and
    the result is None.
    """
    end = _date_end(text, span)
    return None if end is None or (following and _date_end(text, following)) else end


def _date_end(text: str, span: Span) -> int | None:
    words = text[span[0] : min(span[1], span[0] + 2 * MAX_DATE_LINE)]
    found = find_date(words)
    if found is None or any(map(str.isalnum, words[: found.span[0]])):
        return None
    begins = _BEFORE_SENTENCE.match(words, found.span[1])
    if begins is None or begins.end() == found.span[1]:
        return None
    return span[0] + begins.end()


def _headline_ends(words: str) -> Iterator[Span]:
    """Yield where a headline may end, and where the label or date after it ends."""
    if label := _RELEASE_LABEL.search(words):
        yield label.span()
    place = _DATELINE_PLACE.search(words)
    if place is not None and not _place_begins_earlier(words[: place.start()], place[0]):
        yield place.start(), place.start()
    date = find_date(words)
    if date is not None:
        start, end = date.span
        weekday = _WEEKDAY.search(words, 0, start)
        begins = _BEFORE_SENTENCE.match(words, end)
        if begins is not None and begins.end() > end:
            yield weekday.start() if weekday else start, begins.end()


def _place_begins_earlier(before: str, place: str) -> bool:
    """Whether a place in capitals follows a word in capitals and may begin with that word."""
    last = before.rsplit(maxsplit=1)[-1:]
    return place[:2].isupper() and bool(last) and last[0].isupper()


def _is_headline(before: str) -> bool:
    """Whether the words before a release label, a date or a place read like a headline."""
    words = before.split()
    if len(words) < _MIN_WORDS or len(before) > MAX_HEADLINE or not before[0].isupper():
        return False
    if any(map(ends_sentence, words[:-1])) or _NOT_IN_HEADLINE.search(before):
        return False
    return words[-1][-1].isalnum() and not _INCOMPLETE_END.search(before.rstrip())
