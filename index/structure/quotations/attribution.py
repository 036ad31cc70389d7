"""Reads the attribution beside a quotation: who said the words.

An attribution is a verb of saying with its subject ("said Minister X", "X, mayor of Y, said") or a
name set below the words ("- X, Minister of Y"). The verbs are in `saying_verbs`.
"""

import re
from dataclasses import dataclass

from index.structure.quotations.attribution_subject import (
    is_known_name,
    named_before,
    resolve_person,
    subject_after,
    subject_after_verb,
    subject_at,
    subject_before,
    word_starts,
)
from index.structure.quotations.job_titles import (
    TITLE_CONNECTORS,
    contains_job_title,
    expects_title_noun,
    is_capitalized,
    is_organization_word,
    is_title_word,
    lookup_form,
)
from index.structure.quotations.people import (
    NamedPeople,
    Person,
    read_person,
    read_person_before_title,
)
from index.structure.quotations.saying_verbs import VERB, VERB_FIRST, VERB_WITHIN
from index.text.sentences import first_sentence_end, last_sentence_start
from index.types import Span

MAX_DISTANCE = 300
"""Characters beside a quotation in which its attribution is looked for."""

_ACCORDING = re.compile(
    r"\b(?:[Aa]ccording to|[Ss]elon|[Dd]['’]après|[Ss]egún|Pour(?=\s[A-ZÀ-Þ]))\s+"
)
_ANNOUNCEMENT = re.compile(
    r"\b(?:follow\w+|joint|this)\b[^.!?\n]{0,60}\b(?:statements?|remarks?|comments?|speech|"
    r"updates?|message|response|letter)\b|\bstatement\b[^.\n]{0,200}:\s*\Z|"
    r"\b(?:déclaration|commentaires?) suivante?s?\b|:\s*\Z",
)
_STATEMENT_HEADLINE = re.compile(
    r"\W*(?:(?:joint )?(?:statement|remarks)\s+(?:of|by|from)\s+)?(?P<who>[^\n]+?)\s+"
    r"(?:(?:(?:issue|release|make|give|deliver)[sd]?\s+)?(?:(?:statement|remarks)\b|comments?\s)|(?:on|regarding|about|concerning|after|following|at|before)\s)",
    re.IGNORECASE,
)
"""A headline with the name of the person whose words follow, before their subject."""

_STATEMENT_WORD = re.compile(r"\b(?:statement|remarks)\b", re.IGNORECASE)
_OPENING_VERB = re.compile(r"\W*(?:[Ss]aid|[Ss]ays|[Ww]rote|[Ww]rites|[Aa]dds)\b")
"""A verb before its subject at the start of a sentence."""

_CAPITAL_ARTICLE = re.compile(r"(?:The|An?|Le|La|Les|Une?)\s")
"""The beginning of a subject that opens the next sentence: "“… early.” The order says …"."""

_QUOTES_HEADING = re.compile(r"\s*(?:Quotes?|Citations?)\s*:\s*")
_CLAUSE_END = re.compile(r"[.!?;:»](?=\s|\Z)(?<!\bM\.)(?<!\bMM\.)|,\s")
_DASH_BEFORE_NAME = re.compile(r"[\s]*[-–—]{0,3}\s*")
_TITLE_AFTER_COMMA = re.compile(r"\s*(?:\([^()\n]{1,40}\))?\s*,\s*(?P<role>[^“”\"«»\n]{2,160})\Z")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said the words of a quotation, and where the text says so.

    Attributes:
        speaker: The fullest name in the release; None for a pronoun.
        role: The job title, or None.
        span: The clause or the lines that name the speaker.
        below: Whether it is a name set below the words, which applies to that quotation alone.
        pronoun: The French pronoun that a verb has joined to it: "elle" in "ajoute-t-elle".
    """

    speaker: str | None
    role: str | None
    span: Span
    below: bool = False
    pronoun: str | None = None


def attribution_after(text: str, start: int, end: int, people: NamedPeople) -> Attribution | None:
    """Return the attribution after a quotation, between `start` and `end`."""
    end = min(end, start + MAX_DISTANCE)
    stop = first_sentence_end(text, start, end)
    ended = start > 1 and text[start - 2] in ".!?"
    if first := VERB_FIRST.match(text, start, stop):
        if first["pronoun"]:
            return Attribution(None, None, (start, stop), pronoun=first["pronoun"])
        found = subject_at(text, first.end(), stop, people)
        return Attribution(*found, (start, stop)) if found else None
    for verb in VERB.finditer(text, start, stop):
        found = subject_before(text, start, verb.start(), people)
        if found is not None and not (ended and _CAPITAL_ARTICLE.match(found[0] or "")):
            return Attribution(*found, (start, stop))
    return None


def attribution_before(text: str, start: int, end: int, people: NamedPeople) -> Attribution | None:
    """Return the attribution before a quotation, between `start` and `end`."""
    begin = last_sentence_start(text, max(start, end - MAX_DISTANCE), end)
    verbs = list(VERB.finditer(text, begin, end))
    for verb in reversed(verbs):
        found = subject_before(text, begin, verb.start(), people)
        if found is not None:
            return Attribution(*found, (begin, end))
    if opening := _OPENING_VERB.match(text, begin, end):
        found = subject_after(text, opening.end(), end, people)
        if found is not None:
            return Attribution(*found, (begin, end))
    if according := _ACCORDING.search(text, begin, end):
        found = subject_at(text, according.end(), end, people)
        if found is not None:
            return Attribution(*found, (begin, end))
    if _ANNOUNCEMENT.search(text[begin:end]):
        return first_named_speaker(text, begin, end, people)
    return None


def indirect_attribution(
    text: str, start: int, end: int, people: NamedPeople
) -> Attribution | None:
    """Return the speaker of the last indirect statement in a span: "X warned that …"."""
    while start < end:
        begin = last_sentence_start(text, start, end)
        for verb in VERB.finditer(text, begin, end):
            found = named_before(text, begin, verb.start(), people)
            if found is not None:
                return Attribution(*found, (begin, verb.end()))
        end = begin if begin < end else start
        end -= len(text[start:end]) - len(text[start:end].rstrip())
    return None


def attribution_behind(text: str, start: int, end: int, people: NamedPeople) -> Attribution | None:
    """Return who is named behind the words of a sentence: "The bridge is old, said Roe."."""
    for verb in VERB.finditer(text, start, end):
        if text[start : verb.start()].rstrip().endswith((",", "?", "!")):
            found = subject_after_verb(text, verb.end(), end, people)
            if found is not None:
                return Attribution(*found, (verb.start(), end))
    return None


def attribution_within(text: str, start: int, end: int, people: NamedPeople) -> Attribution | None:
    """Return the attribution that French sets between the quoted words, from `start` to `end`.

    "« C'est un début, ajoute Mme Roy. Le reste suivra. »"
    """
    for verb in VERB_WITHIN.finditer(text, start, end):
        if verb["pronoun"]:
            return Attribution(None, None, verb.span(), pronoun=verb["pronoun"])
        stop = _CLAUSE_END.search(text, verb.end(), end)
        found = subject_after_verb(text, verb.end(), stop.start() if stop else end, people)
        if found is not None:
            return Attribution(*found, verb.span())
    return None


def has_verb_of_saying(text: str) -> bool:
    """Whether a text has a verb with which somebody's words are reported."""
    return VERB.search(text) is not None


def first_named_speaker(text: str, start: int, end: int, people: NamedPeople) -> Attribution | None:
    """Return the person that a sentence announcing a statement names first."""
    for place in word_starts(text, start, end):
        person = read_person(text, place, end)
        if person is None or not is_known_name(person, people):
            continue
        if person.role is None and expects_title_noun(text[start : person.span[0]].split()):
            continue  # "Minister of Advanced Education, Skills and Training Jane Doe"
        return Attribution(*resolve_person(text, person, people), (start, end))
    return None


def announces_quotation(text: str, span: Span) -> bool:
    """Whether a paragraph ends by announcing that the next one is a quotation."""
    return _ANNOUNCEMENT.search(text, max(span[0], span[1] - 2 * MAX_DISTANCE), span[1]) is not None


def statement_author(text: str, headline: Span, people: NamedPeople) -> Attribution | None:
    """Return the person in a headline such as "Statement of Senator Doe on …"."""
    statement = _STATEMENT_HEADLINE.match(text, *headline)
    if statement is None or not _STATEMENT_WORD.search(text, *headline):
        return None
    return first_named_speaker(text, *statement.span("who"), people)


def attribution_below(text: str, start: int, end: int, people: NamedPeople) -> Attribution | None:
    """Return the person named below a quotation, with only a job title beside the name."""
    if end - start > MAX_DISTANCE:
        return None
    dash = _DASH_BEFORE_NAME.match(text, start, end)
    begin = dash.end() if dash else start
    if person := _person_after_title(text, begin, end):
        role = person.role
    elif person := read_person_before_title(text, begin, end):
        role = " ".join(text[person.end : end].split()).strip(" .,")
    else:
        person = read_person(text, begin, end)
        if person is None or not person.full or VERB.search(text, person.end, end):
            return None
        after = _TITLE_AFTER_COMMA.match(text[person.end : end])
        if after is None and text[person.end : end].strip(" .()"):
            return None
        role = " ".join(after["role"].split()).rstrip(". ") if after else person.role
    return Attribution(people.resolve(person.name, None)[0], role, (start, end), below=True)


def attribution_above(text: str, start: int, end: int, people: NamedPeople) -> Attribution | None:
    """Return the person named before a quotation with a dash or a colon: "Jane Doe, mayor – “…"."""
    begin = last_sentence_start(text, max(start, end - MAX_DISTANCE), end)
    if heading := _QUOTES_HEADING.match(text, begin, end):
        begin = heading.end()
    words = text[begin:end].rstrip()
    if not words.endswith(("–", "—", "-", ":")) or _OPENING_VERB.match(words):
        return None
    stop = begin + len(words.rstrip("–—-: "))
    found = attribution_below(text, begin, stop, people)
    return Attribution(found.speaker, found.role, (begin, end), below=True) if found else None


def _person_after_title(text: str, start: int, end: int) -> Person | None:
    """Read a full name that stands alone after a job title and a comma."""
    comma = text.find(",", start, end)
    if comma < 0 or not contains_job_title(text[start:comma]) or read_person(text, start, comma):
        return None
    place = next(word_starts(text, comma, end), end)
    person = read_person(text, place, end)
    if person is None or not person.full or text[person.end : end].strip(" .\n"):
        return None
    if is_organization_word(person.name.split()[-1]) or (
        read_person_before_title(text, start, comma) and not person.role
    ):
        return None  # in "Jane Doe Director, Acme Harbours" the name stands before the title
    words = text[start:comma].split()
    while len(words) > 1 and not (is_capitalized(words[0]) or is_title_word(words[0])):
        words.pop(0)  # a verb that is not in the list
    if not all(
        is_capitalized(w) or is_title_word(w) or lookup_form(w) in TITLE_CONNECTORS for w in words
    ):
        return None
    role = " ".join(words)
    return Person(person.name, person.span, role, person.end, full=True)
