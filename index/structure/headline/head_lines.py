"""Decides what each line at the head of a release is.

A letterhead consists of a few kinds of lines: labels ("NEWS RELEASE", an embargo), dates, numbers,
fields ("From: …"), contacts, addresses, entries of a site's menus, bylines, names of offices. What
is none of these is a headline or text. A line is judged by its own words, a contact and a field
also by the lines around it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.structure.contacts import PHONE_OR_EMAIL
from index.structure.headline import head_words as patterns
from index.structure.headline.line_types import MAX_HEADLINE, opening_dateline_end
from index.structure.headline.line_words import (
    has_date,
    has_verb,
    is_capitalized,
    name_strength,
    place_beside_date,
    without_dates,
    without_metadata,
)
from index.structure.page_chrome import is_control_word, is_page_control, is_site_label
from index.text.sentences import ends_sentence
from index.types import Span

HeadKind = Literal[
    "label",
    "date",
    "reference",
    "field",
    "contact",
    "address",
    "site",
    "byline",
    "name",
    "text",
    "prose",
]
"""What a line is; `text` may be a headline, `prose` ends the head."""

MAX_HEAD_LINES = 45
"""Lines from the start that can belong to the head; a saved page has menus above the release."""

MAX_HEAD_CHARACTERS = 6_000

_MIN_PROSE = 100
"""Characters; a line this long that ends a sentence is text."""

_MAX_LINE = 90
"""Characters of the longest line that is metadata or a name."""

_MAX_LETTERHEAD_LINE = 2_000
"""Characters; a longer line is text whatever it says."""

_MAX_MENU_ENTRY = 30
_MIN_MENU_ENTRIES = 3
_MIN_PHONE_DIGITS = 7
_CONTACT_LINES = 4
"""Lines above a number and below a contact's heading that can belong to it."""

_MAX_CONTACT_WORDS = 6
_LONG_WORD = 5
_TITLE_CASE = 0.85
"""Share of the long words of a headline in title case that begin with a capital, at least."""

_PHONE = re.compile(r"(?<![\w/.-])\+?\(?\d[\d\s().\u2011-]{5,18}\d(?![\w/])")
_CONTACT_HEADING = re.compile(
    r"\A\W*(?:(?:for )?(?:media|press|news|public|investor|ministerial)? ?(?:contacts?|"
    r"inquir(?:y|ies)|"
    r"enquir(?:y|ies)|questions)|for (?:more|further) information[\w ,]*|"
    r"(?:for )?media interviews?[\w ,]*|personnes?[- ]ressources?|renseignements|"
    r"relations (?:avec les )?médias|personnes? de contact[\w ]*|contacts? (?:presse|médias)|"
    r"media relations|pour (?:plus|obtenir)[^:]{3,40})\W*(?:[:(]|\Z)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+[|–—•·-]+\s+|\s*[|•·:]\s+|\s{3,}|\t+|\n")
_MENU_SEPARATOR = re.compile(r"\s*(?:[|>»›•·→]|::|(?<=\s)/(?=\s))\s*")
_BETWEEN_ENTRIES = re.compile(r"\b(?:and|et|to|of|the|our|nos|our|all)\b", re.IGNORECASE)

_ROLE = re.compile(
    r"(?:ranking member|(?:vice[- ])?chair(?:man|woman)?|member|representing|deputy|"
    r"parliamentary secretary|shadow minister|spokesperson)\b",
    re.IGNORECASE,
)
_NEEDS_COLON = frozenset({
    "re", "subject", "for", "pour", "to", "no", "media", "city", "company", "société", "department",
    "ministry", "organization", "organisation", "institution", "ministère", "sources",
})  # fmt: skip
"""Names of fields that are also entries of menus or words of headlines."""

_WORD = re.compile(r"[\w’'&.-]+")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A line of the head.

    Attributes:
        span: Into the text.
        kind: What it is.
        field: For a field, which one: the name of a group of `head_words.FIELD`.
        value: What stands beside a label or a date, or is a field's value; None without it. A
            field's value may be the next line.
    """

    span: Span
    kind: HeadKind
    field: str | None = None
    value: Span | None = None


def head_lines(text: str, paragraphs: Sequence[Span]) -> list[HeadLine]:
    """Return the lines of the head, up to and including the first that is prose."""
    found: list[HeadLine] = []
    for span in paragraphs[:MAX_HEAD_LINES]:
        if span[0] - paragraphs[0][0] > MAX_HEAD_CHARACTERS:
            break
        line = classify_line(text, span)
        found.append(line)
        if line.kind == "prose":
            break
    return _with_contacts(text, _with_field_values(text, found))


def classify_line(text: str, span: Span) -> HeadLine:
    """Return what a line is by its own words."""
    words = text[span[0] : min(span[1], span[0] + _MAX_LETTERHEAD_LINE)]
    for classify in (_as_prose, _as_plain_label, _as_field, _as_metadata, _as_letter_line):
        line = classify(span, words)
        if line is not None:
            return line
    beside = _beside_label(words)
    if beside is not None:
        kind, (start, end) = beside
        return HeadLine(span, kind, value=(span[0] + start, span[0] + end))
    named = name_strength(words) == "strong" or _is_role(words)
    return HeadLine(span, "name" if named else "text")


def _is_role(words: str) -> bool:
    """Whether a line below a name says whom it names: "Member for Westvale"."""
    if len(words) > _MAX_LINE or words.endswith((".", "?", "!")):
        return False
    return bool(_ROLE.match(words)) and is_capitalized(words) and not has_verb(words)


def _as_prose(span: Span, words: str) -> HeadLine | None:
    if is_prose(words):
        site = patterns.SITE_SENTENCE.search(words) is not None and len(words) <= 5 * _MAX_LINE
        return HeadLine(span, "site" if site else "prose")
    return HeadLine(span, "prose") if len(words) > MAX_HEADLINE else None


def _as_plain_label(span: Span, words: str) -> HeadLine | None:
    label = patterns.LABEL.fullmatch(words.strip(" :–—-*[]()"))
    if label is not None and patterns.STRONG_LABEL.search(words):
        return HeadLine(span, "label")
    return HeadLine(span, "site") if is_site_line(words) else None


def _as_field(span: Span, words: str) -> HeadLine | None:
    field = patterns.FIELD.match(words)
    line = None if field is None else _field_line(span, words, field)
    given = patterns.FROM_NAME.match(words)
    if line is None and given is not None and name_strength(given["name"]) == "strong":
        value = (span[0] + given.start("name"), span[0] + given.end("name"))
        return HeadLine(span, "field", field="issuer", value=value)
    return line


def _as_metadata(span: Span, words: str) -> HeadLine | None:
    kind = _metadata_kind(words)
    return None if kind is None else HeadLine(span, kind)


def _as_letter_line(span: Span, words: str) -> HeadLine | None:
    """Return a contact, an address or a byline."""
    if _is_contact_line(words):
        return HeadLine(span, "contact")
    if len(words) > _MAX_LINE:
        return None
    if patterns.ADDRESS.search(words):
        return HeadLine(span, "address")
    if patterns.BYLINE.match(words) and is_capitalized(words, skip=1):
        return HeadLine(span, "byline")
    return None


def is_prose(words: str) -> bool:
    """Whether a paragraph is running text rather than a line of the head."""
    opening = opening_dateline_end(words)
    if (
        opening
        and len(words) - opening >= _MIN_PROSE // 2
        and words.rstrip().endswith((".", "!", "?", "”", '"', "»", ":", ")"))
    ):
        return True
    if len(words) < _MIN_PROSE or _is_in_title_case(words):
        return False
    ended = words.endswith((".", "!", "?", "”", '"', ":", "»", "]", ")", ";", "…"))
    sentences = sum(map(ends_sentence, words.split()[:-1]))
    return (ended and not words.isupper()) or sentences > 1 or len(words) > MAX_HEADLINE


def _is_in_title_case(words: str) -> bool:
    """Whether nearly all long words begin with a capital, as in the headlines of some offices."""
    long_words = [part for part in _WORD.findall(words) if len(part) >= _LONG_WORD]
    capitals = sum(not part[0].islower() for part in long_words)
    return len(words) <= MAX_HEADLINE and capitals >= max(4, _TITLE_CASE * len(long_words))


def is_site_line(words: str) -> bool:
    """Whether a line is a control or a menu of a page, or tells about the page."""
    if len(words) > 2 * _MAX_LINE or words.endswith(":") or not _LETTER.search(words):
        return False
    if PHONE_OR_EMAIL.search(words):
        return False
    rest, entries = patterns.SITE.subn("", words)
    if entries >= _MIN_MENU_ENTRIES:  # a menu has the kinds of papers among its entries
        rest = patterns.LABEL.sub("", rest)
    rest = _BETWEEN_ENTRIES.sub("", rest)
    if patterns.SITE_SENTENCE.search(words) or not _LETTER.search(rest):
        return not patterns.LABEL.fullmatch(words.strip(" :"))
    return (
        is_page_control(words)
        or is_site_label(words)
        or is_control_word(words)
        or patterns.PORTAL.fullmatch(words) is not None
        or _is_menu(words)
    )


def _is_menu(words: str) -> bool:
    """Whether a line is a row of entries, or the path to the page."""
    parts = [part for part in _MENU_SEPARATOR.split(words) if part]
    if len(parts) < _MIN_MENU_ENTRIES or any(len(part) > _MAX_MENU_ENTRY for part in parts[:-1]):
        return False
    begins_at_home = not _LETTER.search(patterns.SITE.sub("", parts[0]))
    return begins_at_home or not any(map(_metadata_kind, parts))


def _metadata_kind(words: str) -> HeadKind | None:
    """Return what a line is that consists of labels, dates and numbers; None for other lines."""
    if len(words) > 2 * _MAX_LINE:
        return None
    if patterns.TICKER_LINE.fullmatch(words):
        return "reference"
    dated = has_date(words)
    if _LETTER.search(without_metadata(words)):
        return "date" if dated and len(words) <= _MAX_LINE and place_beside_date(words) else None
    return "date" if dated else _kind_without_date(words)


def _kind_without_date(words: str) -> HeadKind:
    """Return what a line is of which nothing is left without labels and numbers."""
    if patterns.LABEL.search(words):
        return "label"
    digits = sum(map(str.isdigit, words))
    if digits >= _MIN_PHONE_DIGITS and not _LETTER.search(words) and _PHONE.search(words):
        return "contact"
    return "reference" if digits else "label"


def _field_line(span: Span, words: str, field: re.Match[str]) -> HeadLine | None:
    name = next(group for group, value in field.groupdict().items()
                if value and group not in {"colon", "value"})  # fmt: skip
    start, end = field.span("value")
    bare = not field["colon"].strip()
    if bare and field["value"]:
        return None
    if bare and not _is_bare_field(field[name]):
        return None
    if name == "other" and _is_contact_line(words):
        return HeadLine(span, "contact")
    if name == "issuer" and PHONE_OR_EMAIL.search(field["value"]):
        return HeadLine(span, "contact")
    if name == "date" and field["value"] and not has_date(field["value"]):
        return None
    value = (span[0] + start, span[0] + end) if field["value"] else None
    return HeadLine(span, "field", field=name, value=value)


def _is_bare_field(name: str) -> bool:
    """Whether the name of a field may stand on its own line without a colon."""
    return name.casefold() not in _NEEDS_COLON


def _is_contact_line(words: str) -> bool:
    if _CONTACT_HEADING.match(words) and len(words) <= 2 * _MAX_LINE:
        return True
    if len(words) > 2 * _MAX_LINE:
        return False
    if PHONE_OR_EMAIL.search(words):
        return True
    return any(
        sum(map(str.isdigit, number[0])) >= _MIN_PHONE_DIGITS
        for number in _PHONE.finditer(without_dates(words))
    )


def _beside_label(words: str) -> tuple[HeadKind, Span] | None:
    """Return a label or a date beside other words on its line, and where those stand."""
    if len(words) > MAX_HEADLINE:
        return None
    for gap in _SEPARATOR.finditer(words):
        left, right = words[: gap.start()], words[gap.end() :]
        for part, start, end in ((left, gap.end(), len(words)), (right, 0, gap.start())):
            kind = _metadata_kind(part)
            strong = kind == "date" or part.isupper() or patterns.STRONG_LABEL.search(part)
            if kind is not None and strong and words[start:end].strip():
                return kind, _stripped(words, start, end)
    last = None
    for label in patterns.LABEL.finditer(words):
        last = label
    if last is not None and patterns.STRONG_LABEL.search(last[0]) and last.end() == len(words):
        before = re.sub(r"(?:\s+(?:and|et)|[\s&|:–—-]+)\Z", "", words[: last.start()].rstrip())
        if before and name_strength(before) is not None and before.split()[-1][0].isupper():
            return "label", (0, len(before))
    return None


def _stripped(words: str, start: int, end: int) -> Span:
    piece = words[start:end]
    start += len(piece) - len(piece.lstrip(" |-–—:•"))
    return start, start + len(words[start:end].rstrip(" |-–—:•"))


def _with_field_values(text: str, lines: Sequence[HeadLine]) -> list[HeadLine]:
    """Give fields whose name stands alone on a line the next line as value."""
    found = list(lines)
    for number, line in enumerate(found[:-1]):
        below = found[number + 1]
        if line.kind != "field" or line.value is not None:
            continue
        words = text[slice(*below.span)]
        fits = below.kind in {"text", "name", "date"} and len(words) <= 2 * _MAX_LINE
        if line.field == "date":
            fits = below.kind == "date"
        elif line.field in {"other", "byline"}:
            fits = below.kind != "prose" and len(words.split()) <= _MAX_CONTACT_WORDS
        elif line.field == "issuer":
            fits = below.kind in {"text", "name"} and len(words) <= 2 * _MAX_LINE
        if fits:
            found[number] = replace(line, value=below.span)
            found[number + 1] = replace(below, kind="field", field=line.field, value=below.span)
    return found


def _with_contacts(text: str, lines: Sequence[HeadLine]) -> list[HeadLine]:
    """Add the names and job titles above and below the numbers and headings of contacts."""
    found = list(lines)
    for number, line in enumerate(lines):
        if line.kind != "contact":
            continue
        words = text[slice(*line.span)]
        if _CONTACT_HEADING.match(words):
            for below in range(number + 1, min(len(found), number + 1 + _CONTACT_LINES)):
                near = found[below : below + _CONTACT_LINES]
                numbered = any(other.kind == "contact" for other in near)
                if not (numbered and _can_be_contact(text, found[below])):
                    break
                found[below] = replace(found[below], kind="contact")
            continue
        for above in range(number - 1, max(-1, number - _CONTACT_LINES), -1):
            strong = found[above].kind == "name"
            if strong or not _can_be_contact(text, found[above]):
                break
            if found[above].kind != "contact":
                found[above] = replace(found[above], kind="contact")
            elif _CONTACT_HEADING.match(text[slice(*found[above].span)]):
                break
    return found


def _can_be_contact(text: str, line: HeadLine) -> bool:
    """Whether a line can be a person's name, job title or office within a contact."""
    words = text[slice(*line.span)]
    if line.kind in {"contact", "address"}:
        return True
    if line.kind not in {"text", "name"} or len(words.split()) > _MAX_CONTACT_WORDS:
        return False
    return is_capitalized(words) and not has_verb(words)
