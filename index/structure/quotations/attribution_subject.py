"""Reads the subject of a verb of saying: a person, a job title alone, or a pronoun.

The subject stands before its verb or after it, with a job title on either side, between commas or
not. Which verbs count, and for which quotation, is decided in `attribution`.
"""

import re
from collections.abc import Iterator
from itertools import islice

from index.structure.quotations.job_titles import (
    contains_job_title,
    expects_title_noun,
    is_capitalized,
    is_organization_word,
    standalone_title,
    title_in_apposition,
)
from index.structure.quotations.people import NameAndRole, NamedPeople, Person, read_person
from index.text.sentences import last_sentence_start

_ADVERBS = (
    r"(?:(?:also|then|today|later|recently|previously|has|have|had|further|who|once|even|often|"
    r"famously|rightly|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\s+){0,2}\Z"
)
_BEFORE_VERB = re.compile(r"\s*(?:\([^()\n]{1,40}\))?\s*(?:,[^“”\"«»\n]{1,160},)?\s*" + _ADVERBS)
_BEFORE_VERB_AFTER_COMMA = re.compile(r"\s*(?:\([^()\n]{1,40}\))?\s*,\s*" + _ADVERBS)
"""What stands between a name in commas and its verb: "As the scholar, Jane Doe, noted"."""

_UNCLOSED_TITLE = re.compile(
    r"\s*(?:\([^()\n]{1,40}\))?\s*,\s+(?P<title>[a-z][^,“”\"«»\n]{2,160}?)\s+\Z"
)
"""A title without its closing comma: "Jane Doe, chief of the fire department said"."""

_PRONOUN = re.compile(r"\s*(?:he|she|they|it|we|i|il|elle|ils|elles|on)\b", re.IGNORECASE)
_PRONOUN_BEFORE = re.compile(
    rf"(?:\W*(?:and|but|et|mais)\b)?{_PRONOUN.pattern}\s*{_ADVERBS}", re.IGNORECASE
)
_TITLE_CONNECTOR = re.compile(r"\s(?:on|of|for)\s+[A-ZÀ-Þ]")
"""After a single name, shows that it begins a title: "Subcommittee on Growth Chairman Roe"."""

_LISTED_TITLE = re.compile(
    r",(?:\s[A-ZÀ-Þ][\w'’-]*,?(?:\s(?:and|&))?){1,6}\s"
    r"(?:Minister|Secretary|Commissioner|Director|Critic)\s[A-ZÀ-Þ][\w.'’-]*\s[A-ZÀ-Þ]"
)
"""The same in "Communities, Culture and Heritage Minister Jane Doe"."""

_NOUN_PHRASE = re.compile(
    r"\s*((?:(?:the|a|an|le|la|les|un|une)\s|l['’])(?![\w'’ -]*\b(?:website|site|page)\b)"
    r"[\w'’.-]+(?: [\w'’-]+){0,5}?)"
    r"(?=\s*(?:[,.;:“”\"«»(\n]|\b(?:of|in|on|who|that|at|du|de|qui|to)\b|\Z))",
    re.IGNORECASE,
)
_TRAILING_ADVERB = re.compile(r"(?:\s(?:\w+ly|ha[sd]|have|also|then|today|later|further))+\Z")
_CLAUSE_WORD_LIST = """
    the a an he she it they we you i when if would will could can should is was are were
"""
_CLAUSE_WORDS = frozenset(_CLAUSE_WORD_LIST.split())
"""Words after the first that show that words are no noun phrase: "the same view when he"."""

_ONLY_TITLE = re.compile(r"\s*(?:\([^()\n]{1,40}\))?\s*(?:,[^“”\"«»\n]{1,160})?[\s,:]*\Z")
_ARTICLE = re.compile(r"\A(?:(?:[Ll]es?|[Ll]a|[Ss]on|[Ss]a|[Ll]eur)\s+|[Ll]['’])")
_COMPLEMENT = re.compile(
    r"\s+(?:du |des |de (?:la |l['’])?|d['’])[\w'’-]+(?: (?:[A-ZÀ-Þ][\w'’-]*|du|de|des|la))*"
)
"""What a French noun is of: "le chef de l'État"."""

_WORD_START = re.compile(r"(?<![\w.'’])[\wÀ-ÿ]")
_MAX_ACRONYM = 4
"""Letters; a longer name in capitals is the place of a dateline."""

_MAX_TITLE_WORDS = 14
"""Words of a title before a name, at most: "Tourism, Heritage and Culture Minister"."""


def subject_at(text: str, start: int, end: int, people: NamedPeople) -> NameAndRole | None:
    """Read the subject after a verb."""
    if _PRONOUN.match(text, start, end):
        return None, None
    place = next(word_starts(text, start, end), None)
    if place is None:
        return None
    person = read_person(text, place, end)
    known = person if person is not None and is_known_name(person, people) else None
    alone = known is not None and not known.full and known.role is None
    begins_title = (
        known is not None
        and alone
        and (
            _TITLE_CONNECTOR.match(text, known.end, end)
            or _LISTED_TITLE.match(text, known.end, end)
        )
    )
    if known is not None and not begins_title:
        return resolve_person(text, known, people)
    for after in islice(word_starts(text, place, end), 1, _MAX_TITLE_WORDS):
        person = read_person(text, after, end)
        if person is None or not person.full or is_organization_word(person.name.split()[-1]):
            continue
        between = text[place : person.span[0]]
        if contains_job_title(between) or (text[after - 2] == "," and " " in between.strip(" ,")):
            role = _ARTICLE.sub("", " ".join(between.split())).strip(" ,")
            return people.resolve(person.name, role)[0], role
    if known is not None:
        return resolve_person(text, known, people)
    return _unnamed_subject(text, place, end, people)


def subject_after_verb(text: str, start: int, end: int, people: NamedPeople) -> NameAndRole | None:
    """Read the person who is named right after a verb; a pronoun or a title alone is nobody."""
    place = next(word_starts(text, start, end), None)
    person = read_person(text, place, end) if place is not None else None
    if person is None or not is_known_name(person, people):
        return None
    return resolve_person(text, person, people)


def subject_before(text: str, start: int, end: int, people: NamedPeople) -> NameAndRole | None:
    """Read the subject between `start` and a verb at `end`."""
    begin = last_sentence_start(text, start, end)
    named = named_before(text, begin, end, people)
    if named is not None:
        return named
    if _PRONOUN_BEFORE.match(text[begin:end].replace(",", " ").rstrip() + " "):
        return None, None
    for place in word_starts(text, begin, end):
        match = _NOUN_PHRASE.match(text, place, end)
        if match and not text[match.end() : end].strip():
            return _unnamed_subject(text, place, end, people)
    return None


def named_before(text: str, begin: int, end: int, people: NamedPeople) -> NameAndRole | None:
    """Read the person who is the subject of a verb at `end`, in a sentence from `begin`."""
    noun = begin
    for place in word_starts(text, begin, end):
        person = read_person(text, place, end) if place >= noun else None
        if person is None or not is_known_name(person, people):
            continue
        if person.role is None and expects_title_noun(text[begin : person.span[0]].split()):
            noun = person.end
            continue  # "Secretary of State Roe"
        rest = text[person.end : end]
        if _BEFORE_VERB.match(rest) or _is_title_alone(rest):
            return resolve_person(text, person, people)
        before = text[begin:place].rstrip()
        inserted = before.endswith(",") and (person.role or place == person.span[0])
        if inserted and _BEFORE_VERB_AFTER_COMMA.match(rest):
            name, role = resolve_person(text, person, people)
            return name, role or _title_at_end(before)
    return None


def subject_after(text: str, start: int, end: int, people: NamedPeople) -> NameAndRole | None:
    """Read the person after a verb that opens a sentence with nothing else: "Says X:"."""
    place = next(word_starts(text, start, end), None)
    person = read_person(text, place, end) if place is not None else None
    if person is None or not is_known_name(person, people):
        return None
    if not _ONLY_TITLE.match(text[person.end : end]):
        return None
    return resolve_person(text, person, people)


def _is_title_alone(words: str) -> bool:
    """Whether the words after a name are a job title that does not end with another name."""
    found = _UNCLOSED_TITLE.match(words)
    if found is None or not contains_job_title(found["title"]):
        return False
    last = found["title"].split()[-1]
    return is_organization_word(last) or not is_capitalized(last)


def _title_at_end(words: str) -> str | None:
    """Return the job title after the last comma; None when there is none."""
    last = " ".join(re.split(r"[,;:]", words.rstrip(" ,"))[-1].split())
    last = _ARTICLE.sub("", re.sub(r"\A(?:[Aa]s|[Tt]he)\s+", "", last))
    return last if contains_job_title(last) else None


def _unnamed_subject(text: str, start: int, end: int, people: NamedPeople) -> NameAndRole | None:
    """Read a speaker who is not named here: the minister, the lawmakers, the Fed."""
    match = _NOUN_PHRASE.match(text, start, end)
    if match is None:
        return None
    words = _TRAILING_ADVERB.sub("", " ".join(match[1].split()).rstrip("."))
    before, _, last = words.rpartition(" the ")
    words = f"the {last}" if before else words  # "in the letter the members wrote"
    if not _CLAUSE_WORDS.isdisjoint(words.casefold().split()[1:]):
        return None
    title = standalone_title(words)
    complement = _COMPLEMENT.match(text, match.end(), end)
    if title is not None and (holder := people.last_holder(title, start, words)):
        return holder
    return (words + " ".join(complement[0].split("\n")) if complement else words), None


def word_starts(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where the words between `start` and `end` begin."""
    for match in _WORD_START.finditer(text, start, end):
        yield match.start()


def is_known_name(person: Person, people: NamedPeople) -> bool:
    """Whether a name is one: in full, with a job title, or a surname that is known in full."""
    name = person.name.removesuffix("’s").removesuffix("'s")
    if person.role is None and name.isupper() and len(name) > _MAX_ACRONYM:
        return False
    return person.full or person.role is not None or people.has_surname(name)


def resolve_person(text: str, person: Person, people: NamedPeople) -> tuple[str, str | None]:
    """Return the fullest name of a person and the job title beside it."""
    role = title_in_apposition(text, person.end) or person.role
    name = person.name.removesuffix("’s").removesuffix("'s")
    return people.resolve(name, role)
