"""Media contacts: where one begins, which lines belong to it, where one is run into other text.

A heading opens a contact ("Media contact", "For more information, contact …"). So does a line near
the start or the end of a release that is only a name with a phone number or an address. The
details below it are names, job titles, phone numbers and addresses, but no sentences.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from index.text.sentences import ends_sentence
from index.types import Span

MAX_NAME_LINE = 60
"""Characters; the longest line of a contact that has neither a number nor an address."""

_MAX_TITLES_LINE = 200
"""Characters; the longest such line right above a number or an address: a name with job titles."""

_MAX_DETAILS_LINE = 300
"""Characters; a longer paragraph is a contact's details only when it lists several people."""

_PER_PERSON = 160
"""Characters for each number or address in a line with the details of several people."""

_MIN_PHONE_DIGITS = 7
"""Digits of a phone number at least; a shorter number on its own line numbers the release."""

_LINES_BELOW = 4
"""Paragraphs below a heading among which the first number or address stands."""

_EDGE_PARAGRAPHS = 4
"""Paragraphs at the start, and at the end, where a name with a number needs no heading."""

_FRENCH_HEADING = (
    r"(?:renseignements(?! (?:connexes|supplémentaires|additionnels|personnels|généraux))"
    r"(?: (?:aux|pour les) médias| au public)?|"
    r"personnes?[- ](?:ressources?|de contact)(?: pour la presse)?|"
    r"pour (?:(?:plus (?:de |d['’])|de plus amples |toute? )?"
    r"(?:renseignements?|informations?)(?: aux médias| supplémentaires?| complémentaires?)?|"
    r"obtenir [^.\n]{0,40}),?\s*(?:veuillez )?(?:communiquer|contacter|s['’]adresser|:|$)|"
    r"(?:informations? (?:aux médias|pour les médias|presse)|demandes? (?:de la presse|"
    r"des médias|d['’]entrevues?))\s*(?::|$)|"
    r"contacts? (?:(?:pour|avec) (?:la |les )?|de |aux )?(?:médias?|presse|investisseurs)|"
    r"adresses? pour l['’]envoi de questions|(?:service|bureau|attachée?s?) de presse\s*:|"
    r"relations? (?:avec (?:les |la )?|aux )?(?:médias|presse))\s*(?::|,|$|\b)"
)
_GERMAN_HEADING = (
    r"(?:(?:presse|medien)?kontakte?|(?:presse|medien)?ansprechpartner(?:in|innen)?|"
    r"(?:presse|medien)?anfragen|(?:für )?(?:rückfragen|weitere informationen)|rückfragehinweis|"
    r"pressestelle)(?: (?:an|für|bei|der|die|den|zu)\b[^:\n]{0,50})?\s*(?::|$)|"
    r"kontakt (?:für|presse|medien)\b"
)
_SPANISH_HEADING = (
    r"(?:contactos?(?: (?:de|con la|para la|para los|para) (?:prensa|medios)"
    r"(?: de comunicación)?)?|"
    r"(?:para )?(?:más|mayor) información|gabinete de (?:prensa|comunicación)|"
    r"oficina de prensa|departamento de (?:prensa|comunicación))\s*(?::|$)"
)

_HEADING = re.compile(
    r"^\W*(?:(?:media|press|news)\s+(?:contacts?|inquir\w{2,4}|enquir\w{2,4}|relations)\b|"
    r"contacts?\s*(?::|$)|for ministerial media requests|"
    r"(?:for )?(?:more|further|additional) information,? (?:please )?(?:contact|call)|"
    r"for media (?:inquir|enquir)\w+|"
    r"(?:for (?:all |any )?(?:[\w-]+ )?)?media requests?(?: [\w-]+){0,4},? (?:please )?contact\b|"
    rf"{_FRENCH_HEADING}|{_GERMAN_HEADING}|{_SPANISH_HEADING})",
    re.IGNORECASE,
)
_HEADING_WITH_NAME = re.compile(r"^\W*(?:CONTACTS?|[Cc]ontacts?)\s+[A-ZÀ-Þ]")
"""A heading with the contact's name right after it, without a colon."""

_SOURCE = re.compile(r"^\W*sources?\s*:?\s*$", re.IGNORECASE)
"""A heading that French releases set above whom to call, and others above an organization."""

_BARE_HEADING = re.compile(r"^\W*contacts?$", re.IGNORECASE)
"""A heading that may also be an entry of a menu."""

_REQUEST = re.compile(
    r"^\W*for ?(?:more|further|additional) information\b[^.\n]{0,80}\b(?:contact|call)\b",
    re.IGNORECASE,
)
_FRENCH_OFFICE = re.compile(
    r"(?:Cabinet|Bureau|Ministère|Direction|Service|Secrétariat|Agence|Société|Office|Commission|"
    r"Conseil|Ville|Université|Centre|Institut|Association|Fédération|Ordre)\b"
)
"""An office below a name, which French writes in small letters."""

PHONE_OR_EMAIL = re.compile(
    r"(?<![\w+])(?:\+|00 ?)\d{1,3}[ .(-]{1,2}\d{1,4}[ .)/-]{0,2}(?:[ .-]?\d{2,4}){2,5}(?!\d)|"
    r"(?<!\d)0\d(?:[ .-]\d{2}){4}(?![\d,])|"
    r"(?<![\d.,])0[1-9]\d{1,3}[ /-]{1,3}\d{3,8}(?:[ -]\d{1,4}){0,3}(?![\d,])|"
    r"(?<![\d.,])9\d{1,2} \d{2,3} \d{2,3} \d{2,3}(?![\d.,%])|"
    r"\(?\d{3}[-.) /]{1,2}\s?\d{3}[-. ]{1,2}\d{4}|\b\d{3}-\d{4}|"
    r"(?<![\w.])[\w.+-]{1,64}@[\w-]+\.\w+(?:\.\w+)*|@[\w-]+\.\w+(?:\.\w+)*|"
    r"\b(?:phone|tel|tél|mél|e-?mail|courriel|telefon|teléfono|tfno|correo)\b\.?\s*:",
    re.IGNORECASE,
)
_LOWERCASE_WORD = re.compile(r"(?<![\w'’@.-])[a-zà-ÿ]{2,}(?![\w@-]|\.\w)")
_WORDS = """
    of and for the at in or to on de du des la le les et pour von van der ext cell mobile office ofc
    phone fax tel toll free direct email mail poste téléphone courriel télécopieur cellulaire
    relations médias presse avec aux communications attaché attachée conseiller conseillère
    responsable agent agente porte-parole cheffe chef directeur directrice adjoint adjointe
    ministre cabinet
"""
_ALLOWED_BESIDE_NAMES = frozenset(_WORDS.split())
"""Lower-case words that may stand beside a name, a job title or a number."""

_HEADING_WITHIN = re.compile(
    r"(?:\A|(?<=RELEASE)|(?<=Release)|(?<=[\s:.)\]]))(?:[Ff]or [^.:\n]{0,60}[Rr]equests?,? )?"
    r"(?:(?:Media|Press|MEDIA|PRESS|Presse|PRESSE) )?"
    r"(?:(?:Contacts?|CONTACTS?)\s*:|"
    r"(?<!Media )(?<!Press )Contacts(?=\s+[A-ZÀ-Þ][a-zà-ÿ]+\s+[A-ZÀ-Þ])|"
    r"(?:(?<=Media )|(?<=Press ))[Cc]ontacts?(?=\s+[A-ZÀ-Þ][a-zà-ÿ]+\s+[A-ZÀ-Þ]))"
)
"""A heading within a line, also without a space after a release label: "RELEASEContact:"."""

_NUMBER_LABEL = re.compile(
    r"\s*[(,]?\s*(?:ofc|office|mobile|cell|direct|fax|ext\.? ?\d+|x\.? ?\d+)\b\.?\)?", re.IGNORECASE
)
_OPENING_NUMBER = re.compile(r"\(?\d{3}[-.) ]{1,2}\s?\d{3}[-. ]{1,2}\d{4}(?=\s+[A-ZÀ-Þ(])")
_DATE_BEFORE_NUMBER = re.compile(
    r"\A\W*[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\s*(?=\(?\d{3}[-.) ]{1,2}\s?\d{3}[-. ]{1,2}\d{4}\W*\Z)"
)
_ONLY_RELEASE_LABEL = re.compile(r"\A\W*for immediate release\W*\Z", re.IGNORECASE)
"""These two match a head in two columns (release label and date, contact) that a copy has joined
into lines."""
_MAX_NUMBERS = 24
"""Numbers and addresses of a contact within a line, at most."""
_MIN_REST = 100
"""Characters; a line that goes on for longer after a number continues with the release."""

_SENTENCE_BEFORE_NAME = re.compile(
    r"(?P<word>[\w)]+[.!?])[”\"]?\s+(?=[A-ZÀ-Þ][a-zà-ÿ’']+\s+(?:[A-ZÀ-Þ]\.\s+)?[A-ZÀ-Þ]\w)"
)
_CONTACT_WORD = re.compile(r"contact|inquir|enquir|renseign", re.IGNORECASE)
"""After such a word, a name with a number already has a heading: a full stop there ends no
sentence."""
_NEW_SENTENCE = re.compile(r"[a-zà-ÿ]{3}[.!?]\s+[A-ZÀ-Þ]")


def opens_contact(text: str, paragraphs: Sequence[Span], number: int) -> bool:
    """Whether a paragraph opens a contact, as a heading or as a name with a number."""
    words = text[slice(*paragraphs[number])]
    if _SOURCE.match(words):
        return number > 0 and _number_in_next_lines(text, paragraphs, number)
    if (number == 0 or _BARE_HEADING.match(words)) and not PHONE_OR_EMAIL.search(words):
        return _is_heading(words) and _number_in_next_lines(text, paragraphs, number)
    if _is_heading(words) or _is_number_cut_off(text, paragraphs, number):
        return True
    if (
        _REQUEST.match(words)
        and len(words) <= _MAX_TITLES_LINE
        and _number_on_next_line(text, paragraphs, number)
    ):
        return not _NEW_SENTENCE.search(words)
    above = text[slice(*paragraphs[number - 1])] if number else ""
    at_edge = number < _EDGE_PARAGRAPHS or number >= len(paragraphs) - _EDGE_PARAGRAPHS
    return at_edge and not PHONE_OR_EMAIL.search(above) and _is_name_with_number(words)


def _is_heading(words: str) -> bool:
    has_number = PHONE_OR_EMAIL.search(words) is not None
    if _REQUEST.match(words) and not words.endswith(":"):
        return has_number
    if _HEADING_WITH_NAME.match(words):
        return has_number and len(words) <= max(1, len(PHONE_OR_EMAIL.findall(words))) * _PER_PERSON
    if not _HEADING.match(words):
        return False
    sentence = len(words) > MAX_NAME_LINE and words.endswith(".")
    return (len(words) <= 2 * MAX_NAME_LINE and not sentence) or has_number


def continues_contact(text: str, paragraphs: Sequence[Span], number: int) -> bool:
    """Whether a paragraph below a contact belongs to it, as a line of details."""
    words = text[slice(*paragraphs[number])]
    numbers = len(PHONE_OR_EMAIL.findall(words))
    if numbers:
        return len(words) <= max(_MAX_DETAILS_LINE, numbers * _PER_PERSON)
    if words.endswith((".", "!", "?", "”", '"', ":")):
        return False
    if len(words) <= MAX_NAME_LINE:
        return any(map(str.isalpha, words)) or sum(map(str.isdigit, words)) >= _MIN_PHONE_DIGITS
    titles = (
        len(words) <= _MAX_TITLES_LINE
        and not _NEW_SENTENCE.search(words)
        and (_has_only_names(words) or _FRENCH_OFFICE.match(words) is not None)
    )
    return titles and _number_on_next_line(text, paragraphs, number)


def contact_edges_within(words: str) -> Iterator[int]:
    """Yield where contacts begin within a line, and where their last number or address ends."""
    first = _OPENING_NUMBER.match(words)
    if (
        first is not None
        and len(words) - first.end() > _MIN_REST
        and words.endswith((".", ":", "”"))
    ):
        yield first.end()
    if (last := _closing_contact_start(words)) is not None:
        yield last
    if (date := _DATE_BEFORE_NUMBER.match(words)) is not None:
        yield date.end()
    last_number = max((m.start() for m in PHONE_OR_EMAIL.finditer(words)), default=-1)
    for heading in _HEADING_WITHIN.finditer(words):
        end = heading.end()
        if end <= last_number:
            end = _details_end(words, end)
        if end > heading.end():
            yield heading.start()
            if any(map(str.isalpha, words[end:])):
                yield end
        elif len(words) <= 2 * MAX_NAME_LINE and _ONLY_RELEASE_LABEL.match(
            words[: heading.start()]
        ):
            yield heading.start()


def _closing_contact_start(words: str) -> int | None:
    """Return where a name with a number begins after the last sentence of a paragraph."""
    for end in _SENTENCE_BEFORE_NAME.finditer(words, max(0, len(words) - _MAX_DETAILS_LINE)):
        headed = _CONTACT_WORD.search(words, max(0, end.start() - _PER_PERSON), end.start())
        if ends_sentence(end["word"]) and not headed and _is_name_with_number(words[end.end() :]):
            return end.end()
    return None


def _details_end(words: str, position: int) -> int:
    """Return where the names with numbers that begin at `position` end; `position` without any."""
    for number in islice(PHONE_OR_EMAIL.finditer(words, position), _MAX_NUMBERS):
        between = words[position : number.start()]
        if number[0].startswith("@"):  # no space between it and the number before it
            between = between.rpartition(" ")[0]
        if (
            len(between) > _PER_PERSON // 2
            or _NEW_SENTENCE.search(between)
            or not _has_only_names(between)
        ):
            break
        label = _NUMBER_LABEL.match(words, number.end())
        position = label.end() if label else number.end()
    return position


def _number_on_next_line(text: str, paragraphs: Sequence[Span], number: int) -> bool:
    """Whether the next line has a number or an address and little more."""
    below = text[slice(*paragraphs[number + 1])] if number + 1 < len(paragraphs) else ""
    return len(below) <= _MAX_DETAILS_LINE and PHONE_OR_EMAIL.search(below) is not None


def _number_in_next_lines(text: str, paragraphs: Sequence[Span], number: int) -> bool:
    """Whether one of the next short lines has a number or an address."""
    for below in range(number + 1, min(len(paragraphs), number + 1 + _LINES_BELOW)):
        words = text[slice(*paragraphs[below])]
        if PHONE_OR_EMAIL.search(words):
            return len(words) <= max(
                _MAX_DETAILS_LINE, len(PHONE_OR_EMAIL.findall(words)) * _PER_PERSON
            )
        if len(words) > _MAX_TITLES_LINE or _NEW_SENTENCE.search(words):
            return False
    return False


def _is_number_cut_off(text: str, paragraphs: Sequence[Span], number: int) -> bool:
    """Whether a number stands alone because a date separates it from the contact above."""
    words = text[slice(*paragraphs[number])]
    near_start = 2 <= number < _EDGE_PARAGRAPHS + 2  # noqa: PLR2004 - two lines above it
    if not near_start or any(map(str.isalpha, words)) or not PHONE_OR_EMAIL.search(words):
        return False
    return any(_is_heading(text[slice(*paragraphs[above])]) for above in (number - 2, number - 1))


def _is_name_with_number(words: str) -> bool:
    """Whether a line begins with a name and ends with a number or an address, without a verb."""
    numbers = [*PHONE_OR_EMAIL.finditer(words)]
    if (
        not numbers
        or len(words) > max(2 * MAX_NAME_LINE, len(numbers) * _PER_PERSON // 2)
        or any(map(str.isalpha, words[numbers[-1].end() :]))
    ):
        return False
    first, second, *_ = [*words[: numbers[0].start()].split(), "", ""]
    return first[:1].isupper() and second[:1].isupper() and _has_only_names(words)


def _has_only_names(words: str) -> bool:
    """Whether all lower-case words of a line may stand beside names and numbers."""
    return _ALLOWED_BESIDE_NAMES.issuperset(_LOWERCASE_WORD.findall(words))
