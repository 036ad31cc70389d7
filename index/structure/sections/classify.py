"""What each paragraph of a release is: contact, boilerplate, facts, links, list, quotation, body.

A paragraph is taken for a contact or for boilerplate only where its own words or a heading say
so and what follows looks the part: body text ranked down as boilerplate is worse than a stray
phone number among the passages.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from index.structure.headline.detect import Head
from index.structure.page_chrome import is_command, is_furniture
from index.structure.paragraphs import BULLET, is_end_mark
from index.structure.sections.boilerplate import PROSE, opens_boilerplate
from index.structure.sections.contacts import goes_on, opens_contact
from index.types import Kind, Span

Section = Kind | Literal["end"]

_DETAIL = 300
"""Characters; a longer paragraph is no line of links."""

_FACTS = re.compile(
    r"^\W*(?:quick facts?|fast facts|faits en bref|les faits|highlights|faits saillants)\b\s*:?",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"^\W*(?:learn more|additional resources|ressources additionnelles|related (?:links?|"
    r"information|news|products)|quick links|associated links?|liens? (?:connexes?|associés?)|"
    r"documents? connexes?|document\(s\))\s*(?::|$|(?=[A-ZÀ-Þ]))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^\W*(?:https?://|www\.)\S+\W*$", re.IGNORECASE)
_ANY_ADDRESS = re.compile(r"https?://|www\.|\w\.(?:ca|gov|com|org)\b")
_QUOTES = re.compile(r"^\W*(?:quotes?|citations?)\s*(?::|$)", re.IGNORECASE)


def sections(text: str, blocks: Sequence[Span], head: Head) -> Iterator[tuple[Span, Section]]:
    """Yield each paragraph with what it is, quotations still as body; `end` for end marks."""
    tail: Section | None = None
    headline = text[slice(*head.headline)].casefold().split() if head.headline else []
    for number, span in enumerate(blocks):
        words = text[slice(*span)]
        if span == head.headline:
            yield span, "headline"
        elif span in head.subheadline and not opens_contact(text, blocks, number):
            yield span, "subheadline"
        elif span in head.lines:
            yield span, "dateline"
        elif tail == "contact" and words.casefold().split() == headline:  # said again below
            tail = None
            yield span, "subheadline"
        elif is_end_mark(words):
            tail = None
            yield span, "end"
        elif is_furniture(words) or (tail is None and is_command(words)):  # else a contact's
            tail = None
            yield span, "links"
        else:
            tail = _opens(text, blocks, number) or _goes_on(text, blocks, number, tail)
            yield span, tail or ("list" if BULLET.match(words) else "body")


def _opens(text: str, blocks: Sequence[Span], number: int) -> Section | None:
    """Return the section that a paragraph opens, by its first words and what follows."""
    words = text[slice(*blocks[number])]
    if opens_contact(text, blocks, number):
        return "contact"
    if opens_boilerplate(text, blocks, number):
        return "boilerplate"
    if _FACTS.match(words):
        return "list"
    if _LINKS.match(words) or _ADDRESS.match(words):
        return "links"
    return None


def _goes_on(
    text: str, blocks: Sequence[Span], number: int, tail: Section | None
) -> Section | None:
    """Return `tail` where a paragraph belongs to the section before it, else None."""
    words = text[slice(*blocks[number])]
    if tail is None or _QUOTES.match(words):
        return None
    ended = words.endswith((".", "!", "?", "”", '"'))
    if tail == "contact":
        return tail if goes_on(text, blocks, number) else None
    if tail == "boilerplate":
        heading = len(words) < PROSE and not ended and not BULLET.match(words)
        return None if heading and not _ANY_ADDRESS.search(words) else tail
    if tail == "links":
        linked = _ANY_ADDRESS.search(words) is not None and len(words) <= _DETAIL
        return tail if linked or (len(words) <= _DETAIL // 2 and not ended) else None
    return tail if BULLET.match(words) or not ended or len(words) <= _DETAIL else None
