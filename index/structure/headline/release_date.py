"""Finds the date that a release gives as its own: in a date line, a dateline or a date stamp."""

import re
from collections.abc import Sequence

from index.structure.headline.head_lines import classify_line, head_lines
from index.structure.headline.line_types import (
    HEAD_CHARACTERS,
    HEAD_PARAGRAPHS,
    MAX_DATE_LINE,
    MAX_HEADLINE,
    STATEMENT,
    dateline_end,
    is_date_line,
)
from index.structure.headline.numeric_dates import resolve_numeric_date
from index.structure.types import ReleaseDate
from index.text.dates import FoundDate, find_date
from index.types import Span

_LAST_PARAGRAPHS = 6
"""Paragraphs at the end in which a line that is only a date is the release's date."""

_EMBARGO = re.compile(
    r"^\W*(?:attention\s*:\s*)?(?:strict(?:ly)?\s+)?(?:(?:under|sous)\s+(?:strict\s+)?)?embargo",
    re.IGNORECASE,
)
_EVENT_LINE = re.compile(
    r"\A\W*(?:when|quand|today|aujourd['’]hui|date and time|date et heure)\b|\.\Z", re.IGNORECASE
)
"""A line with another date: that of an event, or the day of printing."""

_RANGE = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?(?: [^\W\d]{3,10}\.?)?\s?(?:[-–—]|to|au|bis|al?)\s?"
    r"(?:[^\W\d]{3,10}\.? )?\d{1,2}(?:st|nd|rd|th)?,?(?: de)? (?:[^\W\d]{3,10}\.?,? )?(?:de "
    r")?\d{4}\b",
    re.IGNORECASE,
)
"""The days of an event: "13-22 September 2024", "23 March – 1 September 2024"."""

_CONTACT_ABOVE = re.compile(r"\bcontacts?(?: \w+)?\s*:\Z", re.IGNORECASE)
_WHEN_LINE = re.compile(r"(?:\A|\n)\W*(?:when|date|quand)\Z", re.IGNORECASE)
"""The end of the text above the date of an event."""

_HEAD_LINE = re.compile(r"\brelease\b|\bcontact\b|\bcommuniqué\b", re.IGNORECASE)
_MIN_PROSE = 100
"""Characters; a paragraph this long that ends a sentence is not part of the head."""

_SENTENCE_ENDS = (".", ":", "!", "?", "”", '"', "]")
_DATE_LABEL_END = re.compile(
    r"\b(?:released?|dated?|published|issued|posted|publiée?|diffusée?|publication)\s*:\Z",
    re.IGNORECASE,
)
_HOUR = re.compile(r"\b[ap]\.m\.\s*\Z", re.IGNORECASE)
_DATE_AFTER_TEXT = re.compile(r"[.!?”\")]\s+(?P<date>\d{1,2}-\d{1,2}-\d{2,4})\Z")
"""A numeric date after the last sentence, with which some offices stamp their releases."""

_DATE_IN_BRACKETS = re.compile(
    r"(?<=[A-Z]{3})(?:, [A-ZÀ-Þ][\w.]+(?: [A-ZÀ-Þ][\w.]+)?)?\s+"
    r"\((?P<date>[^()\n]{6,40})\)\s*(?:–|—|−|--?)\s*\S"
)
"""A dateline with the date in brackets, run into the line of the headline."""

_PLACE_AND_DATE = re.compile(
    r"\A[A-ZÀ-Þ][\w.’' -]{1,40}(?:, [A-ZÀ-Þ][\w.]{1,30})?,? (?:(?:le|den|el|il|on) )?"
    r"(?P<date>(?:[^\W\d]{3,10}\.? )?\d[^:\n]{5,30}?)\.{0,3}[:.-]{1,2}\s+(?=[A-ZÀ-Þ“\"«„])"
)
"""A dateline that ends with a colon or a full stop: "Galway, 30 April 2025: Bees …"."""

_LEADING_DATE = re.compile(
    r"\A\W*(?:le\s+)?(?P<date>[^–—\n]{6,30}?)\s*(?:–|—|−|--|-(?=\s))\s*\S", re.IGNORECASE
)
"""A dateline that begins with the date: "Le 24 octobre 2025 – Digby – …"."""

_ISSUE_WORDS = re.compile(
    r"\A\W*(?:released|issued|published|posted|updated|publié|diffusé)(?:\s+(?:on|le)\b)?[\s:]*\Z",
    re.IGNORECASE,
)
_SPACED_DATE = re.compile(
    r"\A(\d{4}) (\d{2}) (\d{2})(?: \d{1,2}:\d{2} ?(?:[ap]\.?m\.?)?)?\Z", re.IGNORECASE
)
_BESIDE_DATE = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|"
    r"\bat\b|[ap]\.?m\b|\b[A-Z]{3}\b|\bfor (?:immediate )?release\b|\bdate[d:]?|\bembargo\w*|"
    r"\buntil\b|\bjusqu\w*|[\d\W]",
    re.IGNORECASE,
)
"""What may stand beside the date on a line that is only a date."""


def find_release_date(
    text: str, paragraphs: Sequence[Span], headline: Span | None, limit: int = HEAD_PARAGRAPHS
) -> ReleaseDate | None:
    """Return the release's own date, or None.

    Args:
        text: The text of the release.
        paragraphs: Its paragraphs.
        headline: The headline, or None.
        limit: How many paragraphs can belong to the head.
    """
    far = headline[1] if headline is not None and limit > HEAD_PARAGRAPHS else 0
    for number, span in enumerate(paragraphs[:limit]):
        if span == headline or span[0] > HEAD_CHARACTERS + far or _is_other_date(text, span):
            continue
        found = _date_line_date(text, span, number) or _dateline_date(text[slice(*span)])
        if found is not None and not _belongs_to_later_text(text, paragraphs, number):
            return _release_date(found.iso, span[0], found.span)
    return (
        _date_of_letterhead(text, paragraphs, headline)
        or _date_beside_headline(text, paragraphs, headline)
        or _embargo_date(text, paragraphs[:limit])
        or _date_stamp(text, paragraphs)
        or _date_of_statement(text, paragraphs)
    )


def _date_of_letterhead(
    text: str, paragraphs: Sequence[Span], headline: Span | None
) -> ReleaseDate | None:
    """Return the date in a line of the letterhead, which may be longer than most."""
    if headline is None:
        return None
    for line in head_lines(text, paragraphs):
        words = text[slice(*line.span)]
        dated = line.kind == "date" or (line.kind == "field" and line.field == "date")
        if not dated or _is_other_date(text, line.span):
            continue
        found = find_date(words) or resolve_numeric_date(text, words)
        if found is not None:
            return _release_date(found.iso, line.span[0], found.span)
    return None


def _embargo_date(text: str, paragraphs: Sequence[Span]) -> ReleaseDate | None:
    """Return the date until which the release is embargoed: the day on which it comes out."""
    for span in paragraphs:
        words = text[slice(*span)]
        found = find_date(words) if _EMBARGO.match(words) and len(words) <= MAX_HEADLINE else None
        if found is not None and classify_line(text, span).kind in {"date", "label", "field"}:
            return _release_date(found.iso, span[0], found.span)
    return None


def _belongs_to_later_text(text: str, paragraphs: Sequence[Span], number: int) -> bool:
    """Whether a date line belongs to a letter, an article or an event announced by text above it.

    A release label or a contact between the text and the line shows that the head begins there.
    """
    prose = [n for n, (start, end) in enumerate(paragraphs[:number]) if _is_prose(text[start:end])]
    if not prose:
        return False
    between = (text[slice(*span)] for span in paragraphs[prose[-1] + 1 : number + 1])
    return not any(_HEAD_LINE.search(words) for words in between)


def _is_prose(words: str) -> bool:
    return len(words) >= _MIN_PROSE and words.endswith(_SENTENCE_ENDS)


def _date_beside_headline(
    text: str, paragraphs: Sequence[Span], headline: Span | None
) -> ReleaseDate | None:
    """Return the date right below or above a headline that stands far down, below menus."""
    if headline is None or headline not in paragraphs[HEAD_PARAGRAPHS:]:
        return None
    place = list(paragraphs).index(headline)
    for span in (*paragraphs[place + 1 : place + 3], *paragraphs[place - 2 : place]):
        found = find_date(text[slice(*span)]) if is_date_line(text[slice(*span)]) else None
        if found is not None:
            return _release_date(found.iso, span[0], found.span)
    return None


def _date_of_statement(text: str, paragraphs: Sequence[Span]) -> ReleaseDate | None:
    """Return the date in the first line of a statement: "Remarks by …, May 5, 2020"."""
    words = text[slice(*paragraphs[0])] if paragraphs else ""
    found = find_date(words) if len(words) <= MAX_HEADLINE and STATEMENT.match(words) else None
    return None if found is None else _release_date(found.iso, paragraphs[0][0], found.span)


def _date_line_date(text: str, span: Span, number: int) -> FoundDate | None:
    """Return the date of a date line, which may be broken into two lines."""
    words = text[slice(*span)]
    dated = is_date_line(words) or classify_line(text, span).kind == "date"
    if not (dated or is_half_of_date(text, span)):
        return None
    found = find_date(text[span[0] : span[1] + MAX_DATE_LINE])
    if dated:
        return found if find_date(words) else resolve_numeric_date(text, words)
    return found if number < 4 else None  # noqa: PLR2004 - further down it is a coincidence


def _dateline_date(words: str) -> FoundDate | None:
    """Return the date in the dateline that opens a paragraph, or in one run into it."""
    end = dateline_end(words)
    found = find_date(words[:end]) if end else None
    if found is not None:
        return found
    placed = _PLACE_AND_DATE.match(words[: 2 * MAX_DATE_LINE])
    found = find_date(placed["date"]) if placed else None
    if placed is not None and found is not None and found.span[1] == len(placed["date"]):
        return FoundDate(found.iso, placed.span("date"))
    leading = _LEADING_DATE.match(words)
    found = find_date(leading["date"]) if leading else None
    if leading is not None and found is not None and found.span == (0, len(leading["date"])):
        return FoundDate(found.iso, leading.span("date"))
    run_in = _DATE_IN_BRACKETS.search(words[:HEAD_CHARACTERS])
    found = find_date(run_in["date"]) if run_in else None
    if run_in is None or found is None:
        return None
    return FoundDate(found.iso, (run_in.start("date"), run_in.end("date")))


def _date_stamp(text: str, paragraphs: Sequence[Span]) -> ReleaseDate | None:
    """Return the date at the end of a release: on its own line, or after the last sentence."""
    last_prose = max(
        (e for s, e in paragraphs[-_LAST_PARAGRAPHS:] if _is_prose(text[s:e])), default=0
    )
    for span in paragraphs[-_LAST_PARAGRAPHS:]:
        words = text[slice(*span)]
        if len(words) > MAX_DATE_LINE or span[1] < last_prose or _is_other_date(text, span):
            continue
        stamp = _SPACED_DATE.match(words)
        plain = "-".join(stamp.groups()) if stamp else words
        found = find_date(plain) or resolve_numeric_date(text, plain)
        if found is not None and (stamp or _is_date_alone(words, found.span)):
            return ReleaseDate(found.iso, span, "dateline")
    stripped = text.rstrip()
    last = _DATE_AFTER_TEXT.search(stripped[-MAX_DATE_LINE:])
    if last is None:
        return None
    found = find_date(last["date"]) or resolve_numeric_date(text, last["date"])
    if found is None:
        return None
    return _release_date(found.iso, len(stripped) - len(last["date"]), found.span)


def _is_other_date(text: str, span: Span) -> bool:
    """Whether a line has another date: of an embargo, an event, or a letter that follows."""
    words = text[slice(*span)]
    if _EMBARGO.match(words) or (len(words) <= MAX_HEADLINE and _RANGE.search(words)):
        return True
    above = text[max(0, span[0] - MAX_DATE_LINE) : span[0]].rstrip()
    labelled = above.endswith(":") and not (
        _DATE_LABEL_END.search(above) or _CONTACT_ABOVE.search(above)
    )
    date = find_date(words)
    alone = date is not None and _is_date_alone(words, date.span)
    event = not alone and _EVENT_LINE.search(_HOUR.sub("", words)) is not None
    return len(words) <= MAX_DATE_LINE and bool(labelled or _WHEN_LINE.search(above) or event)


def _is_date_alone(words: str, date: Span) -> bool:
    """Whether a line with a date at `date` says nothing else."""
    return not _BESIDE_DATE.sub("", words[: date[0]] + " " + words[date[1] :])


def is_half_of_date(text: str, span: Span) -> bool:
    """Whether a line is the first or the second half of a date broken by a line end."""
    words = text[slice(*span)]
    if len(words) > MAX_DATE_LINE // 3 or find_date(words):
        return False
    near = text[max(0, span[0] - MAX_DATE_LINE // 3) : span[1] + MAX_DATE_LINE // 3]
    found = find_date(near)
    start = max(0, span[0] - MAX_DATE_LINE // 3)
    return (
        found is not None
        and "\n" in near[slice(*found.span)]
        and start + found.span[0] <= span[1]
        and span[0] <= start + found.span[1]
    )


def issue_date_end(text: str, span: Span) -> int | None:
    """Return where an opening date of issue ends: "Released on May 5, 2020 The mayor …"."""
    words = text[span[0] : min(span[1], span[0] + 2 * MAX_DATE_LINE)]
    found = find_date(words)
    if found is None or found.span[1] >= span[1] - span[0]:
        return None
    if _ISSUE_WORDS.match(words[: found.span[0]]):
        return span[0] + found.span[1]
    return None


def _release_date(iso: str, base: int, span: Span) -> ReleaseDate:
    return ReleaseDate(iso, (base + span[0], base + span[1]), "dateline")
