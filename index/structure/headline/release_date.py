"""The date that a release gives itself: a date line, a dateline, a date of issue, a stamp."""

import re
from collections.abc import Sequence

from index.structure.headline.line_types import STATEMENT, dateline_end, is_date_line
from index.structure.headline.match import DATE_LINE, HEAD, HEAD_BLOCKS, MAX_HEADLINE
from index.structure.headline.numeric_dates import settled
from index.structure.types import ReleaseDate
from index.text.dates import FoundDate, find_date
from index.types import Span

_TAIL_BLOCKS = 6
"""Blocks at the end in which a line that is nothing but a date is the release's own."""

_EMBARGO = re.compile(r"^\W*(?:(?:under|sous)\s+)?embargo", re.IGNORECASE)
_EVENT = re.compile(
    r"\A\W*(?:when|quand|today|aujourd['’]hui|date and time|date et heure)\b|\.\Z", re.IGNORECASE
)
"""A line that names another date than the release's own: of an event, of the day of printing."""

_WHEN = re.compile(r"(?:\A|\n)\W*(?:when|date|quand)\Z", re.IGNORECASE)
"""A line above a date that asks for an event's."""

_HEAD_LINE = re.compile(r"\brelease\b|\bcontact\b|\bcommuniqué\b", re.IGNORECASE)
_PROSE = 100
"""Characters; a paragraph as long as this, with a full stop, is no line of the head."""

_SENTENCE_ENDS = (".", ":", "!", "?", "”", '"', "]")
_FORM_END = re.compile(r"\brelease\s*:\Z|\bdate[d]?\s*:\Z", re.IGNORECASE)
_HOUR = re.compile(r"\b[ap]\.m\.\s*\Z", re.IGNORECASE)
_LAST = re.compile(r"[.!?”\")]\s+(?P<date>\d{1,2}-\d{1,2}-\d{2,4})\Z")
"""A date in figures after the last sentence: so some offices stamp their releases."""

_IN_BRACKETS = re.compile(
    r"(?<=[A-Z]{3})(?:, [A-ZÀ-Þ][\w.]+(?: [A-ZÀ-Þ][\w.]+)?)?\s+"
    r"\((?P<date>[^()\n]{6,40})\)\s*(?:–|—|−|--?)\s*\S"
)
"""A place, perhaps with its state, and its date, run into the line of the headline."""

_ISSUED = re.compile(
    r"\A\W*(?:released|issued|published|posted|updated|publié|diffusé)(?:\s+(?:on|le)\b)?[\s:]*\Z",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"\A(\d{4}) (\d{2}) (\d{2})(?: \d{1,2}:\d{2} ?(?:[ap]\.?m\.?)?)?\Z", re.IGNORECASE
)
_AROUND = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|"
    r"\bat\b|[ap]\.?m\b|\b[A-Z]{3}\b|\bfor (?:immediate )?release\b|\bdate[d:]?|\bembargo\w*|"
    r"\buntil\b|\bjusqu\w*|[\d\W]",
    re.IGNORECASE,
)
"""What may stand on a date line at the foot of a release, beside the date itself."""


def own_date(text: str, blocks: Sequence[Span], headline: Span | None) -> ReleaseDate | None:
    """Find the release's own date: a date line, a dateline, a date of issue, a stamp."""
    for number, span in enumerate(blocks[:HEAD_BLOCKS]):
        if span == headline or span[0] > HEAD or _is_other_date(text, span):
            continue
        found = _date_of_line(text, span, number) or _date_of_place(text[slice(*span)])
        if found is not None and not _of_what_follows(text, blocks, number):
            return _dated(found.iso, span[0], found.span)
    beside = _beside_headline(text, blocks, headline)
    return beside or _stamp(text, blocks) or _of_statement(text, blocks)


def _of_what_follows(text: str, blocks: Sequence[Span], number: int) -> bool:
    """Whether a date line stands below prose that leads on to a letter, an article, an event.

    A form line or a contact between them shows that the head only begins there.
    """
    prose = [n for n, (start, end) in enumerate(blocks[:number]) if _is_prose(text[start:end])]
    if not prose:
        return False
    between = (text[slice(*span)] for span in blocks[prose[-1] + 1 : number + 1])
    return not any(_HEAD_LINE.search(words) for words in between)


def _is_prose(words: str) -> bool:
    return len(words) >= _PROSE and words.endswith(_SENTENCE_ENDS)


def _beside_headline(
    text: str, blocks: Sequence[Span], headline: Span | None
) -> ReleaseDate | None:
    """Return the date of the line below or above a headline that is far down, below navigation."""
    if headline is None or headline not in blocks[HEAD_BLOCKS:]:
        return None
    place = list(blocks).index(headline)
    for span in (*blocks[place + 1 : place + 3], *blocks[place - 2 : place]):
        found = find_date(text[slice(*span)]) if is_date_line(text[slice(*span)]) else None
        if found is not None:
            return _dated(found.iso, span[0], found.span)
    return None


def _of_statement(text: str, blocks: Sequence[Span]) -> ReleaseDate | None:
    """Return the date in a first line that says whose words follow: "Remarks by …, May 5, 2020"."""
    words = text[slice(*blocks[0])] if blocks else ""
    found = find_date(words) if len(words) <= MAX_HEADLINE and STATEMENT.match(words) else None
    return None if found is None else _dated(found.iso, blocks[0][0], found.span)


def _date_of_line(text: str, span: Span, number: int) -> FoundDate | None:
    """Return the date of a date line, also of one broken into two."""
    words = text[slice(*span)]
    if not (is_date_line(words) or half_date(text, span)):
        return None
    found = find_date(text[span[0] : span[1] + DATE_LINE])
    if is_date_line(words):
        return found if find_date(words) else settled(text, words)
    return found if number < 4 else None  # noqa: PLR2004 - further down a half is chance


def _date_of_place(words: str) -> FoundDate | None:
    """Return the date that stands beside a place, where a paragraph opens or further on."""
    end = dateline_end(words)
    found = find_date(words[:end]) if end else None
    if found is not None:
        return found
    run_in = _IN_BRACKETS.search(words[:HEAD])
    found = find_date(run_in["date"]) if run_in else None
    if run_in is None or found is None:
        return None
    return FoundDate(found.iso, (run_in.start("date"), run_in.end("date")))


def _stamp(text: str, blocks: Sequence[Span]) -> ReleaseDate | None:
    """Return the date at the foot of a release: on a line of its own, or after all sentences."""
    last_prose = max((e for s, e in blocks[-_TAIL_BLOCKS:] if _is_prose(text[s:e])), default=0)
    for span in blocks[-_TAIL_BLOCKS:]:
        words = text[slice(*span)]
        if len(words) > DATE_LINE or span[1] < last_prose or _is_other_date(text, span):
            continue
        stamp = _STAMP.match(words)
        plain = "-".join(stamp.groups()) if stamp else words
        found = find_date(plain) or settled(text, plain)
        if found is not None and (stamp or _nothing_else(words, found.span)):
            return ReleaseDate(found.iso, span, "dateline")
    whole = text.rstrip()
    last = _LAST.search(whole[-DATE_LINE:])
    if last is None:
        return None
    found = find_date(last["date"]) or settled(text, last["date"])
    if found is None:
        return None
    return _dated(found.iso, len(whole) - len(last["date"]), found.span)


def _is_other_date(text: str, span: Span) -> bool:
    """Whether a line is about another date: of an embargo, an event, a letter that follows."""
    words = text[slice(*span)]
    if _EMBARGO.match(words):
        return True
    above = text[max(0, span[0] - DATE_LINE) : span[0]].rstrip()
    asked = (above.endswith(":") and not _FORM_END.search(above)) or _WHEN.search(above)
    date = find_date(words)
    alone = date is not None and _nothing_else(words, date.span)
    event = not alone and _EVENT.search(_HOUR.sub("", words)) is not None
    return len(words) <= DATE_LINE and bool(asked or event)


def _nothing_else(words: str, date: Span) -> bool:
    return not _AROUND.sub("", words[: date[0]] + " " + words[date[1] :])


def half_date(text: str, span: Span) -> bool:
    """Whether a line is the first or the second half of a date broken by a line end."""
    words = text[slice(*span)]
    if len(words) > DATE_LINE // 3 or find_date(words):
        return False
    near = text[max(0, span[0] - DATE_LINE // 3) : span[1] + DATE_LINE // 3]
    found = find_date(near)
    start = max(0, span[0] - DATE_LINE // 3)
    return (
        found is not None
        and "\n" in near[slice(*found.span)]
        and start + found.span[0] <= span[1]
        and span[0] <= start + found.span[1]
    )


def issued_until(text: str, span: Span) -> int | None:
    """Return where a date of issue that opens a paragraph ends: "Released on May 5, 2020 …"."""
    words = text[span[0] : min(span[1], span[0] + 2 * DATE_LINE)]
    found = find_date(words)
    if found is None or found.span[1] >= span[1] - span[0]:
        return None
    if _ISSUED.match(words[: found.span[0]]):
        return span[0] + found.span[1]
    return None


def _dated(iso: str, base: int, span: Span) -> ReleaseDate:
    return ReleaseDate(iso, (base + span[0], base + span[1]), "dateline")
