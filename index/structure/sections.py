"""What each paragraph of a release is: contact, boilerplate, facts, links, list, quotation, body.

A paragraph is taken for a contact or for boilerplate only where its own words or a heading say
so and what follows looks the part: body text ranked down as boilerplate is worse than a stray
phone number among the passages.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from index.records import Kind, Span
from index.structure.blocks import ABOUT_RUN_IN, BULLET, WRAP_WIDTH
from index.structure.furniture import is_command, is_furniture
from index.structure.head import Head

Section = Kind | Literal["end"]

_DETAIL = 300
"""Characters; a longer paragraph is no line of a contact's details."""

_NAME_LINE = 60
"""Characters; a line that may be a contact's name or office without a number or an address."""

_PROSE = 80
"""Characters; what stands below a heading "About X" is at least as long, or a list."""

_LONGEST_ABOUT = 1_500
"""Characters; in a longer line what a heading "About X" opens has run on into something else."""

_CONTACT = re.compile(
    r"^\W*(?:(?:media|press|news)\s+(?:contacts?|inquir\w{2,4}|enquir\w{2,4}|relations)\b|"
    r"contacts?\s*(?::|$)|for ministerial media requests|"
    r"(?:for )?(?:more|further|additional) information,? (?:please )?(?:contact|call)|"
    r"for media (?:inquir|enquir)\w+|"
    r"(?:for (?:all |any )?(?:[\w-]+ )?)?media requests?,? (?:please )?contact\b|"
    r"(?:renseignements(?: aux médias)?|personnes?-ressources?|"
    r"pour (?:plus (?:de |d['’])(?:renseignements|information\w*)|obtenir [^.\n]{0,40}),?\s*"
    r"(?:veuillez )?(?:communiquer|contacter|:|$)|"
    r"contacts? (?:pour les )?médias|relations? (?:avec les )?médias)\s*(?::|,|$|\b))",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"^\W*for ?(?:more|further|additional) information\b[^.\n]{0,80}\bcontact\b", re.IGNORECASE
)
_REACHED = re.compile(
    r"\d{3}[-.) /]{1,2}\d{3}[-. ]\d{4}|\d{3}-\d{4}|@[\w-]+\.\w|"
    r"\b(?:phone|tel|tél|e-?mail|courriel)\b\.?\s*:",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"^\W*(?:About|ABOUT|À propos d[eu’']s?|À PROPOS D[EU’']S?)\s?"
    r"(?:(?:[Tt]he|THE|our|la|les?|l[’'])\s?)?[A-ZÀ-Þ“\"][^.\n]{1,80}"
    r"(?<!\bBill)(?<!\bAct)(?<!\bLegislation)(?<!\bAmendment)(?<!\bReport)\s*:?$"
)
"""What is said about a bill or a report is no boilerplate: the release is about it."""

_BOILERPLATE_RUN_IN = re.compile(
    r"^\W*(?:About|À propos d[eu’'])\s?(?:the |la |l[’'])?[A-ZÀ-Þ][^.:\n]{1,60}:\s+\S"
)
_FACTS = re.compile(
    r"^\W*(?:quick facts?|fast facts|faits en bref|les faits|highlights|faits saillants)\b\s*:?",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"^\W*(?:learn more|additional resources|ressources additionnelles|related (?:links?|"
    r"information|news|products)|quick links|associated links?|liens? (?:connexes?|associés?)|"
    r"documents? connexes?)\s*(?::|$|(?=[A-ZÀ-Þ]))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^\W*(?:https?://|www\.)\S+\W*$", re.IGNORECASE)
_ANY_ADDRESS = re.compile(r"https?://|www\.|\w\.(?:ca|gov|com|org)\b")
_QUOTES = re.compile(r"^\W*(?:quotes?|citations?)\s*(?::|$)", re.IGNORECASE)
_END = re.compile(
    r"^\W*(?:#\s*#\s*#|[-–—]+\s*30\s*[-–—]+|###+|\* ?\* ?\*|ends?|fin)\W*$", re.IGNORECASE
)
_SPELT_END = re.compile(r"[^\W\d_]")


def sections(text: str, blocks: Sequence[Span], head: Head) -> Iterator[tuple[Span, Section]]:
    """Yield each paragraph with what it is, quotations still as body; `end` for end marks."""
    tail: Section | None = None
    for number, span in enumerate(blocks):
        words = text[slice(*span)]
        if span == head.headline:
            yield span, "headline"
        elif span in head.subheadline and not _is_contact(words):
            yield span, "subheadline"
        elif span in head.lines:
            yield span, "dateline"
        elif _is_end(words):
            tail = None
            yield span, "end"
        elif is_furniture(words) or (tail is None and is_command(words)):  # else a contact's
            tail = None
            yield span, "links"
        else:
            tail = _opens(text, blocks, number) or _goes_on(words, tail)
            yield span, tail or ("list" if BULLET.match(words) else "body")


def _is_end(words: str) -> bool:
    """Whether a line is an end mark; one in letters is kept as body text unless in capitals."""
    if not _END.match(words if len(words) <= WRAP_WIDTH else "x"):
        return False
    return not _SPELT_END.search(words) or words.isupper()


def _opens(text: str, blocks: Sequence[Span], number: int) -> Section | None:
    """Return the section that a paragraph opens, by its first words and what follows."""
    words = text[slice(*blocks[number])]
    if _is_contact(words) and number > 0:
        return "contact"
    if _is_boilerplate(text, blocks, number):
        return "boilerplate"
    if _FACTS.match(words):
        return "list"
    if _LINKS.match(words) or _ADDRESS.match(words):
        return "links"
    return None


def _is_contact(words: str) -> bool:
    if _ASKING.match(words) and not words.endswith(":"):
        return _REACHED.search(words) is not None
    if not _CONTACT.match(words):
        return False
    sentence = len(words) > _NAME_LINE and words.endswith(".")
    short = len(words) <= 2 * _NAME_LINE and not sentence
    return short or _REACHED.search(words) is not None


def _is_boilerplate(text: str, blocks: Sequence[Span], number: int) -> bool:
    words = text[slice(*blocks[number])]
    if number == 0:
        return False
    if _BOILERPLATE_RUN_IN.match(words) and len(words) > _PROSE:
        return True
    if ABOUT_RUN_IN.match(words) and _PROSE < len(words) <= _LONGEST_ABOUT:
        return True
    if not _BOILERPLATE.match(words if len(words) <= WRAP_WIDTH else ""):
        return False
    if number + 1 == len(blocks):
        return True
    below = text[slice(*blocks[number + 1])]
    return len(below) >= _PROSE or BULLET.match(below) is not None


def _goes_on(words: str, tail: Section | None) -> Section | None:
    """Return `tail` where a paragraph belongs to the section before it, else None."""
    if tail is None or _QUOTES.match(words):
        return None
    ended = words.endswith((".", "!", "?", "”", '"'))
    if tail == "contact":
        if _REACHED.search(words):
            return tail if len(words) <= _DETAIL else None
        return tail if len(words) <= _NAME_LINE and not (ended or words.endswith(":")) else None
    if tail == "boilerplate":
        heading = len(words) < _PROSE and not ended and not BULLET.match(words)
        return None if heading and not _ANY_ADDRESS.search(words) else tail
    if tail == "links":
        linked = _ANY_ADDRESS.search(words) is not None and len(words) <= _DETAIL
        return tail if linked or (len(words) <= _DETAIL // 2 and not ended) else None
    return tail if BULLET.match(words) or not ended or len(words) <= _DETAIL else None
