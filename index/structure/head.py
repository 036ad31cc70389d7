"""The head of a release: headline, form lines, its own date, and what of it is no headline."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from index.dates import FoundDate, find_date
from index.records import Span
from index.structure.blocks import trimmed
from index.structure.furniture import is_command, is_furniture
from index.structure.parts import Dated
from index.structure.run_in import headline_end, opening_date_end
from index.structure.title import DATE_LINE, HEAD, HEAD_BLOCKS, MAX_HEADLINE, title_span

_TAIL_BLOCKS = 6
"""Blocks at the end in which a line that is nothing but a date is the release's own."""

_FORM = re.compile(
    r"^(?:for immediate release|immediate release|for release|news release|press release|"
    r"media release|media advisory|news|français|english|(?:pour )?(?:diffusion|publication) "
    r"immédiate|communiqué(?: de presse)?|under embargo.{0,60}|"
    r"(?:sous )?embargo.{0,60})\W*$",
    re.IGNORECASE,
)
_EMBARGO = re.compile(r"^\W*(?:(?:under|sous)\s+)?embargo", re.IGNORECASE)
_PLACE = r"[A-ZÀ-Þ][\w.'’ -]{1,40}(?:,\s*[A-ZÀ-Þ][\w.'’ -]{1,30}){0,2}"
_DATELINE = re.compile(
    rf"\A\s*\(?(?P<place>{_PLACE})(?:\s*\([\w. ]{{2,12}}\))?"
    r"(?:\s*[,(–—-]{0,2}\s*(?P<date>[^–—\n]{6,40}?))?\s*\)?\s*(?:–|—|−|--|-(?=\s))\s*\S",
)
_DATE_ALONE = re.compile(r"\A\s*(?P<date>[^–—\n]{6,30}?)\s*(?:–|—|--|-(?=\s))\s")
_IN_SENTENCE = re.compile(
    r"\A\W*(?:in|on|by|at|from|since|until|after|before|during|le|en|dès|depuis|après|avant)\b",
    re.IGNORECASE,
)
"""A word that leads a date into a sentence."""

_SMALL_WORD = re.compile(r"(?<![\w'’-])[^\W\d_A-ZÀ-Þ][^\W\d_]*")
_ISSUING_WORDS = """
    a m p am pm h at on of the until for release released issued published posted updated dated date
    immediate embargo embargoed by and à au aux de du d l la le les et pour jusqu publié publiée
    diffusé diffusée diffusion immédiate mise jour heures lundi mardi mercredi jeudi vendredi samedi
    dimanche den vom der del el di
"""
_ISSUING = frozenset(_ISSUING_WORDS.split())
"""The words in small letters that a date line may have beside its date. With any other it is a
sentence, "The ferry leaves on 12 June 2021", however short."""

_LONG_WORD = re.compile(r"(?<!\w)\w{4,}")
_EVENT = re.compile(
    r"\A\W*(?:when|quand|today|aujourd['’]hui|date and time|date et heure)\b|\.\Z", re.IGNORECASE
)
"""A line that names another date than the release's own: of an event, of the day of printing."""

_FORM_END = re.compile(r"\brelease\s*:\Z|\bdate[d]?\s*:\Z", re.IGNORECASE)
_HOUR = re.compile(r"\b[ap]\.m\.\s*\Z", re.IGNORECASE)
_LAST = re.compile(r"[.!?”\")]\s+(?P<date>\d{1,2}-\d{1,2}-\d{2,4})\Z")
"""A date in figures after the last sentence: so some offices stamp their releases."""

_IN_BRACKETS = re.compile(r"(?<=[A-Z]{3})\s+\((?P<date>[^()\n]{6,40})\)\s*(?:–|—|−|--?)\s*\S")
"""A place and its date, run into the line of the headline."""

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
    date: Dated | None
    lines: frozenset[Span]
    subheadline: frozenset[Span]


def is_form(words: str) -> bool:
    """Whether a line says what kind of paper this is, or until when it is withheld."""
    return _FORM.match(words) is not None


def is_date_line(words: str) -> bool:
    """Whether a line is short and holds a date, with nothing said of it but that it is of issue."""
    found = find_date(words) if len(words) <= DATE_LINE else None
    if found is None:
        return False
    start, end = found.span
    return _ISSUING.issuperset(_SMALL_WORD.findall(f"{words[:start]} {words[end:]}"))


def dateline(words: str) -> int:
    """Return where the place and the date that open a paragraph end; 0 when there are none."""
    match = _DATELINE.match(words)
    if match is None or any(word[0].islower() for word in _LONG_WORD.findall(match["place"])):
        return 0  # the words of a sentence are no place
    return match.end() - 1


def opening(words: str) -> int:
    """Return where what opens a paragraph ends, a dateline or a date alone; 0 without one."""
    if _IN_SENTENCE.match(words):
        return 0
    alone = _DATE_ALONE.match(words)
    if alone is not None and find_date(alone["date"]) is not None:
        return alone.end()
    return dateline(words)


def cut_head(text: str, blocks: Sequence[Span], title: str | None) -> list[Span]:
    """Return the first blocks cut where a headline or a date is run into them."""
    cut: list[Span] = []
    found = title_span(text, blocks, title)
    whole = [*_one_block(blocks[:HEAD_BLOCKS], found)]
    opens = True  # as long as nothing but the head has come
    for span, following in zip_longest(whole, whole[1:]):
        edges = {*span}
        if found is not None and span[0] <= found[0] and found[1] <= span[1]:
            edges |= set(found)
        elif opens and not title:
            edges |= set(headline_end(text, span) or ())
        for piece in pairwise(sorted(edges)):
            issued = _issued(text, piece)
            if issued is None and opens:
                issued = opening_date_end(text, piece, following)
            cut += _trimmed(text, [piece[0], *([issued] if issued else []), piece[1]])
            words = text[slice(*piece)].strip()
            head = piece == found or piece[1] < span[1] or is_form(words) or is_date_line(words)
            opens = opens and head
    return [*cut, *blocks[HEAD_BLOCKS:]]


def _one_block(blocks: Sequence[Span], found: Span | None) -> Iterator[Span]:
    """Yield blocks; those that a headline is broken into come as one."""
    for span in blocks:
        if found is None or not (found[0] <= span[0] and span[1] <= found[1]):
            yield span
        elif span[1] == found[1]:
            yield found


def read_head(text: str, blocks: Sequence[Span], title: str | None) -> Head:
    """Return what opens the release whose paragraphs are `blocks`."""
    headline = _headline(text, blocks, title)
    lines = set()
    for span in blocks[:HEAD_BLOCKS]:
        words = text[slice(*span)]
        if span != headline and (is_form(words) or is_date_line(words) or _half_date(text, span)):
            lines.add(span)
    date = _own_date(text, blocks, headline)
    if date is not None:
        lines |= {s for s in blocks if s[0] <= date.span[0] < s[1] and s[1] - s[0] <= DATE_LINE}
    return Head(
        headline, date, frozenset(lines), frozenset(_subheadline(text, blocks, headline, lines))
    )


def _issued(text: str, span: Span) -> int | None:
    """Return where a date of issue that opens a paragraph ends: "Released on May 5, 2020 …"."""
    words = text[span[0] : min(span[1], span[0] + 2 * DATE_LINE)]
    found = find_date(words)
    if found is None or found.span[1] >= span[1] - span[0]:
        return None
    if _ISSUED.match(words[: found.span[0]]):
        return span[0] + found.span[1]
    return None


def _headline(text: str, blocks: Sequence[Span], title: str | None) -> Span | None:
    """Find where the headline stands in `text`, if it does."""
    if title:
        found = title_span(text, blocks, title)
        return found if found in blocks else None
    for span in blocks[:6]:
        words = " ".join(text[slice(*span)].split())
        if is_form(words) or is_date_line(words) or is_command(words) or is_furniture(words):
            continue
        short = len(words) <= MAX_HEADLINE and not words.endswith((".", ":", ";", ","))
        more = span != blocks[-1]
        return span if short and more and not dateline(words + " x") else None
    return None


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
        if not (short and longer and words[0].isupper()) or dateline(words + " x"):
            return
        yield span


def _own_date(text: str, blocks: Sequence[Span], headline: Span | None) -> Dated | None:
    """Find the release's own date: a date line, a dateline, a date of issue, a stamp."""
    for number, span in enumerate(blocks[:HEAD_BLOCKS]):
        if span == headline or span[0] > HEAD or _is_other_date(text, span):
            continue
        found = _date_of_line(text, span, number) or _date_of_place(text[slice(*span)])
        if found is not None:
            return _dated(found.iso, span[0], found.span)
    return _stamp(text, blocks)


def _date_of_line(text: str, span: Span, number: int) -> FoundDate | None:
    """Return the date of a date line, also of one broken into two."""
    words = text[slice(*span)]
    if not (is_date_line(words) or _half_date(text, span)):
        return None
    found = find_date(text[span[0] : span[1] + DATE_LINE])
    return found if is_date_line(words) or number < 4 else None  # noqa: PLR2004


def _date_of_place(words: str) -> FoundDate | None:
    """Return the date that stands beside a place, where a paragraph opens or further on."""
    end = dateline(words)
    found = find_date(words[:end]) if end else None
    if found is not None:
        return found
    run_in = _IN_BRACKETS.search(words[:HEAD])
    found = find_date(run_in["date"]) if run_in else None
    if run_in is None or found is None:
        return None
    return FoundDate(found.iso, (run_in.start("date"), run_in.end("date")))


def _stamp(text: str, blocks: Sequence[Span]) -> Dated | None:
    """Return the date at the foot of a release: on a line of its own, or after all sentences."""
    for span in blocks[-_TAIL_BLOCKS:]:
        words = text[slice(*span)]
        if len(words) > DATE_LINE or _is_other_date(text, span):
            continue
        stamp = _STAMP.match(words)
        plain = "-".join(stamp.groups()) if stamp else words
        found = find_date(plain)
        if found is not None and (stamp or _nothing_else(words, found.span)):
            return Dated(found.iso, span, "dateline")
    whole = text.rstrip()
    last = _LAST.search(whole[-DATE_LINE:])
    found = find_date(last["date"]) if last else None
    if last is None or found is None:
        return None
    return _dated(found.iso, len(whole) - len(last["date"]), found.span)


def _is_other_date(text: str, span: Span) -> bool:
    """Whether a line is about another date: of an embargo, an event, a letter that follows."""
    words = text[slice(*span)]
    if _EMBARGO.match(words):
        return True
    above = text[max(0, span[0] - DATE_LINE) : span[0]].rstrip()
    asked = above.endswith(":") and not _FORM_END.search(above)
    date = find_date(words)
    alone = date is not None and _nothing_else(words, date.span)
    event = not alone and _EVENT.search(_HOUR.sub("", words)) is not None
    return len(words) <= DATE_LINE and (asked or event)


def _nothing_else(words: str, date: Span) -> bool:
    return not _AROUND.sub("", words[: date[0]] + " " + words[date[1] :])


def _half_date(text: str, span: Span) -> bool:
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


def _dated(iso: str, base: int, span: Span) -> Dated:
    return Dated(iso, (base + span[0], base + span[1]), "dateline")


def _trimmed(text: str, edges: Sequence[int]) -> Iterator[Span]:
    for span in pairwise(edges):
        yield from trimmed(text, span)
