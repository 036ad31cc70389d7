"""Who is credited with words: the clause beside a quotation, read from either side.

A credit is a verb of saying with its subject ("said Minister X", "X, mayor of Y, said"), or a
name set below the words ("- X, Minister of Y"). English and French.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from index.records import Span
from index.structure.offices import apposition, names_office, office_of
from index.structure.people import People, Person, read_leading, read_person

REACH = 300
"""Characters beside a quotation in which its credit is looked for."""

_SAID = (
    "said|says|say|stated|states|added|adds|noted|notes|explained|explains|continued|continues|"
    "concluded|concludes|commented|comments|remarked|observed|declared|announced|wrote|writes|"
    "told|argued|argues|emphasized|emphasised|emphasizes|stressed|stresses|urged|urges|warned|"
    "warns|replied|responded|recalled|insisted|reported|testified|asked|exclaimed|agreed|"
    "reiterated|acknowledged|affirmed|cautioned|pointed out|points out|went on to say|"
    "(?:ha[sd] )?(?:said|stated|written)"
)
_DIT = (
    "déclaré|dit|affirmé|ajouté|expliqué|souligné|indiqué|précisé|mentionné|conclu|commenté|"
    "soutenu|rappelé|fait savoir|fait valoir|noté|annoncé|écrit|poursuivi|renchéri|fait remarquer"
)
_VERB = re.compile(
    rf"\b(?:{_SAID}|(?:a|ont|avait) (?:également |aussi |par ailleurs )?(?:{_DIT})|"
    rf"(?:a|ont)-t-(?P<il>il|elle|ils|elles|on) (?:{_DIT})|"
    "déclare|affirme|ajoute|explique|souligne|indique|précise|conclut|commente|soutient|poursuit)"
    r"(?![a-zà-ÿ\d_-])"
)
_VERB_FIRST = re.compile(rf"[\s,–—-]*{_VERB.pattern}(?:\s+(?:today|aujourd['’]hui|also))?,?")
_ACCORDING = re.compile(r"\b(?:[Aa]ccording to|[Ss]elon|[Dd]['’]après)\s+")
_REST = re.compile(
    r"\s*(?:\([^()\n]{1,40}\))?\s*(?:,[^“”\"«»\n]{1,160},)?\s*"
    r"(?:(?:also|then|today|later|recently|previously|has|have|had|further|who|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\s+){0,2}\Z"
)
_PRONOUN = re.compile(r"\s*(?:he|she|they|it|we|i|il|elle|ils|elles|on)\b", re.IGNORECASE)
_NOMINAL = re.compile(
    r"\s*((?:(?:the|a|an|le|la|les|un|une)\s|l['’])(?![\w'’ -]*\b(?:website|site|page)\b)"
    r"[\w'’.-]+(?: [\w'’-]+){0,5}?)"
    r"(?=\s*(?:[,.;:“”\"«»(\n]|\b(?:of|in|on|who|that|at|du|de|qui|to)\b|\Z))",
    re.IGNORECASE,
)
_INTRO = re.compile(
    r"\b(?:follow\w+|joint|this)\b[^.!?\n]{0,60}\b(?:statements?|remarks?|comments?|speech|"
    r"updates?|message|response|letter)\b|\bstatement\b[^.\n]{0,200}:\s*\Z|"
    r"\b(?:déclaration|commentaires?) suivante?s?\b|:\s*\Z",
)
_STATES = re.compile(
    r"\W*(?:(?:joint )?(?:statement|remarks)\s+(?:of|by|from)\s+)?(?P<who>[^\n]+?)\s+"
    r"(?:(?:statement|remarks)\b|(?:on|regarding|about|concerning|after|following|at|before)\s)",
    re.IGNORECASE,
)
"""A headline that says whose words follow it: the name stands before what they are about."""

_STATEMENT = re.compile(r"\b(?:statement|remarks)\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.!?][”\"»)]?\s+(?=\W?[A-ZÀ-Þ])|[.!?](?=[A-ZÀ-Þ“])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Sen|Sens|Rep|Reps|Gov|Hon|Gen|Lt|Col|Sgt|Supt|Prof|Rev|St|Jr|Sr|M|"
    r"Mme|U\.S|D\.C|No|Capt|Maj|Ste|vs|Inc|Corp|Co|Ltd)|\b[A-ZÀ-Þ])\.\Z"
)
_START = re.compile(r"(?<![\w.'’])[\wÀ-ÿ]")
_INITIALS = 4
_HEADING = re.compile(r"\s*(?:Quotes?|Citations?)\s*:\s*")
_OFFICE_WORDS = 14
"""Words of an office among which a name is looked for: "Tourism, Heritage and Culture Minister"."""

_BELOW = re.compile(r"[\s]*[-–—]{0,3}\s*")
_ROLE_AFTER = re.compile(r"\s*(?:\([^()\n]{1,40}\))?\s*,\s*(?P<role>[^“”\"«»\n]{2,160})\Z")


@dataclass(frozen=True, slots=True)
class Credit:
    """Who is credited, and where.

    Attributes:
        speaker: As the clause names them, resolved to the fullest name; None for a pronoun.
        role: Their office, or None.
        span: Where the clause stands.
        below: Whether it is a name set below the words, which speaks for these alone.
    """

    speaker: str | None
    role: str | None
    span: Span
    below: bool = False


def clause_start(text: str, start: int, end: int) -> int:
    """Return where the last sentence of a stretch begins."""
    found = start
    for match in _CLAUSE_END.finditer(text, start, end):
        if not _ABBREVIATED.search(text, max(0, match.start() - 5), match.start() + 1):
            found = match.end()
    return found


def clause_end(text: str, start: int, end: int) -> int:
    """Return where the first sentence of a stretch ends, its full stop included."""
    for match in _CLAUSE_END.finditer(text, start, end):
        if not _ABBREVIATED.search(text, max(0, match.start() - 5), match.start() + 1):
            return match.start() + 1
    return end


def credit_after(text: str, start: int, end: int, people: People) -> Credit | None:
    """Return the credit that follows quoted words, within `start` to `end`."""
    end = min(end, start + REACH)
    stop = clause_end(text, start, end)
    if first := _VERB_FIRST.match(text, start, stop):
        if first["il"]:
            return Credit(None, None, (start, stop))
        found = _subject_at(text, first.end(), stop, people)
        return Credit(*found, (start, stop)) if found else None
    for verb in _VERB.finditer(text, start, stop):
        found = _subject_before(text, start, verb.start(), people)
        if found is not None:
            return Credit(*found, (start, stop))
    return None


def credit_before(text: str, start: int, end: int, people: People) -> Credit | None:
    """Return the credit that leads up to quoted words, within `start` to `end`."""
    begin = clause_start(text, max(start, end - REACH), end)
    verbs = list(_VERB.finditer(text, begin, end))
    for verb in reversed(verbs):
        found = _subject_before(text, begin, verb.start(), people)
        if found is not None:
            return Credit(*found, (begin, end))
    if according := _ACCORDING.search(text, begin, end):
        found = _subject_at(text, according.end(), end, people)
        if found is not None:
            return Credit(*found, (begin, end))
    if _INTRO.search(text[begin:end]):
        return introduced(text, begin, end, people)
    return None


def introduced(text: str, start: int, end: int, people: People) -> Credit | None:
    """Return whom a sentence that announces a statement names first."""
    for place in _starts(text, start, end):
        person = read_person(text, place, end)
        if person is not None and _is_known(person, people):
            return Credit(*_resolved(text, person, people), (start, end))
    return None


def announces(text: str, span: Span) -> bool:
    """Whether a paragraph ends by announcing the words of the next one."""
    return _INTRO.search(text, max(span[0], span[1] - 2 * REACH), span[1]) is not None


def author(text: str, headline: Span, people: People) -> Credit | None:
    """Return whose statement a headline says the release is: "Statement of Senator Doe on …"."""
    states = _STATES.match(text, *headline)
    if states is None or not _STATEMENT.search(text, *headline):
        return None
    return introduced(text, *states.span("who"), people)


def credit_below(text: str, start: int, end: int, people: People) -> Credit | None:
    """Return the name set below quoted words with nothing else beside it but an office."""
    if end - start > REACH:
        return None
    place = _BELOW.match(text, start, end)
    begin = place.end() if place else start
    person = read_leading(text, begin, end)
    if person is not None:
        role = " ".join(text[person.end : end].split()).strip(" .,")
        return Credit(people.resolve(person.name, None)[0], role, (start, end), below=True)
    person = read_person(text, begin, end)
    if person is None or not person.full or _VERB.search(text, person.end, end):
        return None
    after = _ROLE_AFTER.match(text[person.end : end])
    if after is None and text[person.end : end].strip(" .()"):
        return None
    words = " ".join(after["role"].split()).rstrip(". ") if after else person.role
    return Credit(people.resolve(person.name, None)[0], words, (start, end), below=True)


def credit_above(text: str, start: int, end: int, people: People) -> Credit | None:
    """Return the name that a dash or a colon sets before quoted words: "Jane Doe, mayor – “…"."""
    begin = clause_start(text, max(start, end - REACH), end)
    if heading := _HEADING.match(text, begin, end):
        begin = heading.end()
    words = text[begin:end].rstrip()
    if not words.endswith(("–", "—", "-", ":")):
        return None
    stop = begin + len(words.rstrip("–—-: "))
    found = credit_below(text, begin, stop, people)
    return Credit(found.speaker, found.role, (begin, end), below=True) if found else None


def _subject_at(
    text: str, start: int, end: int, people: People
) -> tuple[str | None, str | None] | None:
    """Read the subject that follows a verb."""
    if _PRONOUN.match(text, start, end):
        return None, None
    place = next(_starts(text, start, end), None)
    if place is None:
        return None
    person = read_person(text, place, end)
    if person is not None and _is_known(person, people):
        return _resolved(text, person, people)
    for after in islice(_starts(text, place, end), 1, _OFFICE_WORDS):
        person = read_person(text, after, end)
        if person is None or not person.full:
            continue
        between = text[place : person.span[0]]
        if names_office(between) or (text[after - 2] == "," and " " in between.strip(" ,")):
            role = " ".join(between.split()).strip(" ,")
            return people.resolve(person.name, role)[0], role
    return _nominal(text, place, end, people)


def _subject_before(
    text: str, start: int, end: int, people: People
) -> tuple[str | None, str | None] | None:
    """Read the subject that stands between `start` and a verb at `end`."""
    begin = clause_start(text, start, end)
    for place in _starts(text, begin, end):
        person = read_person(text, place, end)
        if person is None or not _is_known(person, people):
            continue
        if _REST.match(text[person.end : end]):
            return _resolved(text, person, people)
    words = text[begin:end].strip(" ,")
    if _PRONOUN.fullmatch(words):
        return None, None
    for place in _starts(text, begin, end):
        match = _NOMINAL.match(text, place, end)
        if match and not text[match.end() : end].strip():
            return _nominal(text, place, end, people)
    return None


def _nominal(
    text: str, start: int, end: int, people: People
) -> tuple[str | None, str | None] | None:
    """Read a speaker who is no named person here: the minister, the lawmakers, the Fed."""
    match = _NOMINAL.match(text, start, end)
    if match is None:
        return None
    words = re.sub(r"\s\w+ly\Z", "", " ".join(match[1].split()).rstrip("."))
    office = office_of(words)
    if office is not None:
        return people.holder(office, start) or (words, None)
    return words, None


def _starts(text: str, start: int, end: int) -> Iterator[int]:
    for match in _START.finditer(text, start, end):
        yield match.start()


def _is_known(person: Person, people: People) -> bool:
    """Whether a name is one: given in full, with an office, or as a surname given in full."""
    name = person.name.removesuffix("’s").removesuffix("'s")
    if person.role is None and name.isupper() and len(name) > _INITIALS:
        return False  # a place in capitals, as datelines have it
    return person.full or person.role is not None or name in people.surnames


def _resolved(text: str, person: Person, people: People) -> tuple[str, str | None]:
    role = apposition(text, person.end) or person.role
    name = person.name.removesuffix("’s").removesuffix("'s")
    return people.resolve(name, role)
