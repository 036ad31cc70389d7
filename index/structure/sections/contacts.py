"""Whom to ask: where a contact begins, which lines of details it has, where it is run in.

A heading opens a contact ("Media contact", "For more information, contact …"), and so does a line
at the head or the foot of a release that is a name with a number or an address and nothing else.
Below it stand details: names, offices, numbers, addresses, and no sentences.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from index.structure.quotations.job_titles import ends_sentence
from index.types import Span

NAME_LINE = 60
"""Characters; a line that may be a contact's name or office without a number or an address."""

_OFFICES = 200
"""Characters; the longest such line right above a number or an address: a name and its offices."""

_DETAIL = 300
"""Characters; a longer paragraph is no line of a contact's details, unless of several people."""

_EACH = 160
"""Characters; the details of several people in one line have a number or an address so often."""

_DIGITS = 7
"""The shortest number to ring; a shorter one on a line of its own numbers the release."""

_BELOW = 4
"""Blocks below a heading among which the first number or address stands: a name, its offices."""

_PLACES = 4
"""Blocks at the head, and at the foot, where a name with a number needs no heading."""

_OPENS = re.compile(
    r"^\W*(?:(?:media|press|news)\s+(?:contacts?|inquir\w{2,4}|enquir\w{2,4}|relations)\b|"
    r"contacts?\s*(?::|$)|for ministerial media requests|"
    r"(?:for )?(?:more|further|additional) information,? (?:please )?(?:contact|call)|"
    r"for media (?:inquir|enquir)\w+|"
    r"(?:for (?:all |any )?(?:[\w-]+ )?)?media requests?(?: [\w-]+){0,4},? (?:please )?contact\b|"
    r"(?:renseignements(?: aux médias)?|personnes?-ressources?|"
    r"pour (?:plus (?:de |d['’])(?:renseignements|information\w*)|obtenir [^.\n]{0,40}),?\s*"
    r"(?:veuillez )?(?:communiquer|contacter|:|$)|"
    r"contacts? (?:pour les )?médias|relations? (?:avec les )?médias)\s*(?::|,|$|\b))",
    re.IGNORECASE,
)
_NAMED = re.compile(r"^\W*(?:CONTACTS?|[Cc]ontacts?)\s+[A-ZÀ-Þ]")
"""A contact's name right behind the word, without a colon."""

_BARE = re.compile(r"^\W*contacts?$", re.IGNORECASE)
"""As menus have it too."""

_ASKING = re.compile(
    r"^\W*for ?(?:more|further|additional) information\b[^.\n]{0,80}\b(?:contact|call)\b",
    re.IGNORECASE,
)
REACHED = re.compile(
    r"\(?\d{3}[-.) /]{1,2}\s?\d{3}[-. ]{1,2}\d{4}|\b\d{3}-\d{4}|"
    r"(?<![\w.])[\w.+-]{1,64}@[\w-]+\.\w+(?:\.\w+)*|@[\w-]+\.\w+(?:\.\w+)*|"
    r"\b(?:phone|tel|tél|e-?mail|courriel)\b\.?\s*:",
    re.IGNORECASE,
)
_SMALL = re.compile(r"(?<![\w'’@.-])[a-zà-ÿ]{2,}(?![\w@-]|\.\w)")
_BESIDE_NAMES = """
    of and for the at in or to on de du des la le les et pour von van der ext cell mobile office ofc
    phone fax tel toll free direct email mail poste téléphone courriel
"""
_WITHIN_NAMES = frozenset(_BESIDE_NAMES.split())
"""Words in small letters that a name, an office or a number may have beside them."""

_RUN_IN = re.compile(
    r"(?:\A|(?<=RELEASE)|(?<=Release)|(?<=[\s:.)\]]))(?:[Ff]or [^.:\n]{0,60}[Rr]equests?,? )?"
    r"(?:(?:Media|Press|MEDIA|PRESS|Presse|PRESSE) )?"
    r"(?:(?:Contacts?|CONTACTS?)\s*:|"
    r"(?<!Media )(?<!Press )Contacts(?=\s+[A-ZÀ-Þ][a-zà-ÿ]+\s+[A-ZÀ-Þ])|"
    r"(?:(?<=Media )|(?<=Press ))[Cc]ontacts?(?=\s+[A-ZÀ-Þ][a-zà-ÿ]+\s+[A-ZÀ-Þ]))"
)
"""A heading within a line, also glued to the form line before it: "RELEASEContact:"."""

_KIND_OF_NUMBER = re.compile(
    r"\s*[(,]?\s*(?:ofc|office|mobile|cell|direct|fax|ext\.? ?\d+|x\.? ?\d+)\b\.?\)?", re.IGNORECASE
)
_NUMBER_FIRST = re.compile(r"\(?\d{3}[-.) ]{1,2}\s?\d{3}[-. ]{1,2}\d{4}(?=\s+[A-ZÀ-Þ(])")
_DATE_FIRST = re.compile(
    r"\A\W*[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\s*(?=\(?\d{3}[-.) ]{1,2}\s?\d{3}[-. ]{1,2}\d{4}\W*\Z)"
)
_FORM_FIRST = re.compile(r"\A\W*for immediate release\W*\Z", re.IGNORECASE)
"""Two columns of a head that a copy has run into lines: the form and the date, whom to ask."""
_PEOPLE = 24
"""Numbers and addresses that a contact has at most within a line."""
_REST = 100
"""Characters; a line that goes on for longer behind a number has run on into the release."""

_LAST_SENTENCE = re.compile(
    r"(?P<word>[\w)]+[.!?])[”\"]?\s+(?=[A-ZÀ-Þ][a-zà-ÿ’']+\s+(?:[A-ZÀ-Þ]\.\s+)?[A-ZÀ-Þ]\w)"
)
_ASKED = re.compile(r"contact|inquir|enquir|renseign", re.IGNORECASE)
"""Behind such a word a name with a number has its heading, and a point in it ends no sentence."""
_SENTENCE = re.compile(r"[a-zà-ÿ]{3}[.!?]\s+[A-ZÀ-Þ]")


def opens_contact(text: str, blocks: Sequence[Span], number: int) -> bool:
    """Whether a paragraph opens a contact, by its heading or as a name with a number."""
    words = text[slice(*blocks[number])]
    if (number == 0 or _BARE.match(words)) and not REACHED.search(words):
        return _is_heading(words) and _reached_in_details(text, blocks, number)
    if _is_heading(words) or _is_number_left(text, blocks, number):
        return True
    if _ASKING.match(words) and len(words) <= _OFFICES and _reached_below(text, blocks, number):
        return not _SENTENCE.search(words)
    above = text[slice(*blocks[number - 1])] if number else ""
    placed = number < _PLACES or number >= len(blocks) - _PLACES
    return placed and not REACHED.search(above) and _is_name_with_number(words)


def _is_heading(words: str) -> bool:
    reached = REACHED.search(words) is not None
    if _ASKING.match(words) and not words.endswith(":"):
        return reached
    if _NAMED.match(words):
        return reached and len(words) <= max(1, len(REACHED.findall(words))) * _EACH
    if not _OPENS.match(words):
        return False
    sentence = len(words) > NAME_LINE and words.endswith(".")
    return (len(words) <= 2 * NAME_LINE and not sentence) or reached


def goes_on(text: str, blocks: Sequence[Span], number: int) -> bool:
    """Whether a paragraph below a contact's belongs to it: a line of details."""
    words = text[slice(*blocks[number])]
    times = len(REACHED.findall(words))
    if times:
        return len(words) <= max(_DETAIL, times * _EACH)
    if words.endswith((".", "!", "?", "”", '"', ":")):
        return False
    if len(words) <= NAME_LINE:
        return any(map(str.isalpha, words)) or sum(map(str.isdigit, words)) >= _DIGITS
    offices = len(words) <= _OFFICES and not _SENTENCE.search(words) and _is_names(words)
    return offices and _reached_below(text, blocks, number)


def run_in(words: str) -> Iterator[int]:
    """Yield where a contact begins within a line, and where its last number or address ends."""
    first = _NUMBER_FIRST.match(words)
    if first is not None and len(words) - first.end() > _REST and words.endswith((".", ":", "”")):
        yield first.end()
    if (last := _names_at_end(words)) is not None:
        yield last
    if (date := _DATE_FIRST.match(words)) is not None:
        yield date.end()
    last_reached = max((m.start() for m in REACHED.finditer(words)), default=-1)
    for heading in _RUN_IN.finditer(words):
        end = heading.end()
        if end <= last_reached:
            end = _details_end(words, end)
        if end > heading.end():
            yield heading.start()
            if any(map(str.isalpha, words[end:])):
                yield end
        elif len(words) <= 2 * NAME_LINE and _FORM_FIRST.match(words[: heading.start()]):
            yield heading.start()


def _names_at_end(words: str) -> int | None:
    """Return where a name with a number begins that follows the last sentence of a paragraph."""
    for end in _LAST_SENTENCE.finditer(words, max(0, len(words) - _DETAIL)):
        asked = _ASKED.search(words, max(0, end.start() - _EACH), end.start())
        if ends_sentence(end["word"]) and not asked and _is_name_with_number(words[end.end() :]):
            return end.end()
    return None


def _details_end(words: str, position: int) -> int:
    """Return where names with their numbers end that begin at `position`; there without any."""
    for reached in islice(REACHED.finditer(words, position), _PEOPLE):
        between = words[position : reached.start()]
        if reached[0].startswith("@"):  # glued to the number before it
            between = between.rpartition(" ")[0]
        if len(between) > _EACH // 2 or _SENTENCE.search(between) or not _is_names(between):
            break
        kind = _KIND_OF_NUMBER.match(words, reached.end())
        position = kind.end() if kind else reached.end()
    return position


def _reached_below(text: str, blocks: Sequence[Span], number: int) -> bool:
    """Whether the next line has a number or an address and little more."""
    below = text[slice(*blocks[number + 1])] if number + 1 < len(blocks) else ""
    return len(below) <= _DETAIL and REACHED.search(below) is not None


def _reached_in_details(text: str, blocks: Sequence[Span], number: int) -> bool:
    """Whether short lines stand below, a number or an address among the first of them."""
    for below in range(number + 1, min(len(blocks), number + 1 + _BELOW)):
        words = text[slice(*blocks[below])]
        if REACHED.search(words):
            return len(words) <= max(_DETAIL, len(REACHED.findall(words)) * _EACH)
        if len(words) > _OFFICES or _SENTENCE.search(words):
            return False
    return False


def _is_number_left(text: str, blocks: Sequence[Span], number: int) -> bool:
    """Whether a number stands alone that a date has cut off from the contact above it."""
    words = text[slice(*blocks[number])]
    if not 2 <= number < _PLACES + 2 or any(map(str.isalpha, words)) or not REACHED.search(words):  # noqa: PLR2004
        return False
    return any(_is_heading(text[slice(*blocks[above])]) for above in (number - 2, number - 1))


def _is_name_with_number(words: str) -> bool:
    """Whether a line begins with a name and ends with a number or an address, without a verb."""
    reached = [*REACHED.finditer(words)]
    if (
        not reached
        or len(words) > max(2 * NAME_LINE, len(reached) * _EACH // 2)
        or any(map(str.isalpha, words[reached[-1].end() :]))
    ):
        return False
    name = words[: reached[0].start()].split()
    return len(name) >= 2 and name[0][0].isupper() and name[1][0].isupper() and _is_names(words)  # noqa: PLR2004


def _is_names(words: str) -> bool:
    return _WITHIN_NAMES.issuperset(_SMALL.findall(words))
