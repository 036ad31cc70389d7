"""Decides the section each paragraph belongs to: contact, boilerplate, list, links or body.

A paragraph counts as contact or boilerplate only when its own words or a heading say so and the
text that follows fits: body text ranked down as boilerplate does more harm than a stray phone
number among the passages.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from index.structure.contacts import continues_contact, opens_contact
from index.structure.headline.detect import ReleaseHead
from index.structure.page_chrome import is_control_word, is_page_control
from index.structure.paragraphs import BULLET, is_end_mark
from index.structure.sections.boilerplate import MIN_TEXT, opens_boilerplate
from index.types import Kind, Span

Section = Kind | Literal["end"]

_MAX_DETAIL = 300
"""Characters; a longer paragraph is not a line of a list or of links."""

_FACTS = re.compile(
    r"^\W*(?:quick facts?|fast facts|faits en bref|en bref|les faits|highlights|faits saillants|"
    r"points saillants|chiffres clés|repères|auf einen blick|datos clave)\b\s*:?$|"
    r"^\W*(?:quick facts?|fast facts|faits en bref|les faits|highlights|faits saillants)\b\s*:?",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"^\W*(?:learn more|additional resources|ressources additionnelles|related (?:links?|"
    r"information|news|products)|quick links|associated links?|liens? (?:connexes?|associés?)|"
    r"documents? connexes?|document\(s\))\s*(?::|$|(?=[A-ZÀ-Þ]))|"
    r"^\W*(?:(?:renseignements|ressources|informations?|produits?) (?:connexes?|complémentaires?|"
    r"supplémentaires?)|liens? utiles?|en savoir plus|pour en savoir (?:plus|davantage)|"
    r"à lire aussi|voir aussi|documents? (?:associés?|à télécharger)|pièces? jointes?|"
    r"related information \| renseignements connexes)"
    r"(?: \(en anglais seulement\))?\s*(?::|$)|"
    r"^\W*(?:weiterführende (?:links|informationen)|mehr (?:zum thema|informationen)|"
    r"enlaces (?:relacionados|de interés)|más sobre el tema)\s*(?::|$)",
    re.IGNORECASE,
)
_ONLY_ADDRESS = re.compile(r"^\W*(?:https?://|www\.)\S+\W*$", re.IGNORECASE)
_ANY_ADDRESS = re.compile(r"https?://|www\.|\w\.(?:ca|gov|com|org)\b")
_QUOTES = re.compile(r"^\W*(?:quotes?|citations?)\s*(?::|$)", re.IGNORECASE)


def classify_sections(
    text: str, paragraphs: Sequence[Span], head: ReleaseHead
) -> Iterator[tuple[Span, Section]]:
    """Yield each paragraph with its section; `end` for end marks, and quotations still as body."""
    current: Section | None = None
    headline = text[slice(*head.headline)].casefold().split() if head.headline else []
    for number, span in enumerate(paragraphs):
        words = text[slice(*span)]
        if span == head.headline:
            yield span, "headline"
        elif span in head.subheadlines and not opens_contact(text, paragraphs, number):
            yield span, "subheadline"
        elif span in head.lines:
            yield span, "dateline"
        elif span in head.site and not opens_contact(text, paragraphs, number):
            yield span, "links"
        elif current == "contact" and words.casefold().split() == headline:  # repeated
            current = None
            yield span, "subheadline"
        elif is_end_mark(words):
            current = None
            yield span, "end"
        elif is_page_control(words) or (current is None and is_control_word(words)):
            current = None  # within a contact, "E-mail:" is not a button
            yield span, "links"
        else:
            opened = _section_opened(text, paragraphs, number)
            if opened or not (current and _continues(text, paragraphs, number, current)):
                current = opened
            yield span, current or ("list" if BULLET.match(words) else "body")


def _section_opened(text: str, paragraphs: Sequence[Span], number: int) -> Section | None:
    """Return the section that a paragraph opens, judged by its first words and what follows."""
    words = text[slice(*paragraphs[number])]
    if opens_contact(text, paragraphs, number):
        return "contact"
    if opens_boilerplate(text, paragraphs, number):
        return "boilerplate"
    if _FACTS.match(words):
        return "list"
    if _LINKS.match(words) or _ONLY_ADDRESS.match(words):
        return "links"
    return None


def _continues(text: str, paragraphs: Sequence[Span], number: int, current: Section) -> bool:
    """Whether a paragraph belongs to `current`, the section of the paragraph above it."""
    words = text[slice(*paragraphs[number])]
    if _QUOTES.match(words):
        return False
    ended = words.endswith((".", "!", "?", "”", '"'))
    has_address = _ANY_ADDRESS.search(words) is not None
    if current == "contact":
        return continues_contact(text, paragraphs, number)
    if current == "boilerplate":
        heading = len(words) < MIN_TEXT and not ended and not BULLET.match(words)
        return has_address or not heading
    if current == "links":
        short = len(words) <= _MAX_DETAIL // 2 and not ended
        return short or (has_address and len(words) <= _MAX_DETAIL)
    return BULLET.match(words) is not None or not ended or len(words) <= _MAX_DETAIL
