"""Questions made from the facts that a release states: amounts, counts, dates, places, people.

    "The province will invest $25 million in rural roads."
    becomes "How much will the province invest in rural roads?", to be answered by "$25 million"

A sentence becomes a question only if it has one of a few plain forms: a subject, a verb of a closed
list, a fact, and words that can stay as they are. Most sentences have none, so a release gives few
questions, and many give none. Whether a question is answered is for `qa.examples.choose` to find
out. English only: in other languages a question changes the order of more words.

The text is untrusted: a question has letters, digits and simple punctuation, and nothing else.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from index.structure.headline.line_types import opening_dateline_end
from index.text.analyzer import fold
from index.types import Kind, Passage
from qa.examples.clauses import Clause, rest_of, shorter_rests, split_clause, word_list

FactKind = Literal["amount", "count", "date", "place", "person", "office"]

MAX_LENGTH = 70
"""Characters of a question, so that it fits on one line of a terminal."""
_MIN_WORDS = 6
_READ_PASSAGES = 12
_MAX_SENTENCE = 400
_PROSE: frozenset[Kind] = frozenset({"body"})
_SAFE = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9 .,'’&%$/-]+\?")

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)"
)
_DATE = (
    r"(?:on|in) (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
    rf"(?P<fact>{_MONTH} \d{{1,2}}(?!\d)(?:st|nd|rd|th)?(?:,? \d{{4}})?|{_MONTH},? (?:of )?\d{{4}})"
)
_AMOUNT = r"(?P<fact>(?:US|C|CA)?\$\d[\d,.]*(?<=\d)(?:[ -](?:million|billion|trillion))?)(?![\d-])"
_COUNT = (
    r"(?P<fact>\d{1,3}(?:,\d{3})+|\d{1,4}|five|six|seven|eight|nine|ten|eleven|twelve"
    r")(?![\d,.%-])"
)
_PHRASE = r"(?:(?!(?:and|from|for|to|of|in|or|with)\b)[a-z][a-z-]* ){0,3}"
_ABOUT = (
    r"(?:up to |more than |nearly |over |about |almost |an? additional |an? estimated "
    r"|a total of |another |approximately |roughly |some |at least |just over )?"
)
_SINGLE = "grant|contract|loan|award|investment|donation|gift|contribution"
_FORMS: tuple[tuple[FactKind, re.Pattern[str], str], ...] = (
    (
        "amount",
        re.compile(
            rf" {_ABOUT}{_AMOUNT}(?: in (?P<noun>{_PHRASE}[a-z]+))?"
            r"(?P<rest> (?:for|to|toward|towards|into|in|from|on|of) .*)"
        ),
        "How much{noun}",
    ),
    (
        "amount",
        re.compile(rf" an? (?:additional |total )?{_AMOUNT} (?P<noun>{_PHRASE}"
                   rf"(?:{_SINGLE}))\b"
                   r"(?P<rest>.*)"),
        "How large a {noun}",
    ),
    (
        "count",
        re.compile(
            rf" {_ABOUT}{_COUNT} (?P<noun>{_PHRASE}(?!hundreds|thousands|millions)[a-z-]+[^s\W]s)\b"
            r"(?! of\b)(?P<rest>.*)"
        ),
        "How many {noun}",
    ),
    ("date", re.compile(rf"(?P<rest>(?: [^\s,;:]+){{0,8}}?),? {_DATE}"), "When"),
    (
        "place",
        re.compile(
            r"(?P<rest>) (?:at|in) (?:the )?(?P<fact>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)"
        ),
        "Where",
    ),
)  # fmt: skip
"""What follows the verb: the fact, perhaps a noun that it counts, and the rest of the question."""
_GIVEN = word_list(
    "allocated announced approved awarded committed contributed donated given granted invested"
    " paid pledged provided raised spent"
)
"""Participles of verbs whose object is an amount, which a question may name without the giver."""
_PLACED = frozenset(
    {"be held", "held", "located", "based", "be located", "be based", "headquartered"}
)
_SPENT = re.compile(
    rf"{_ABOUT}{_AMOUNT}(?: in (?P<noun>{_PHRASE}[a-z]+))?"
    r"(?P<done> (?:will be|has been|have been|was|were|is being) (?:awarded|invested|allocated"
    r"|committed|provided|spent|donated|raised|set aside|earmarked|given|granted|distributed))\b"
    r"(?P<rest>.*)",
    re.IGNORECASE,
)
"""A sentence whose subject is an amount."""
_DEEDS = word_list(
    "announced awarded condemned cosponsored introduced launched opened proposed secured signed"
    " sponsored toured unveiled urged visited won"
)
"""What one person did that others did not, so that "Who …?" has one answer."""
_MASS = re.compile(r"(?:funding|money|support|aid|assistance|relief|financing|revenue|damage)\Z")
_SUMS = re.compile(rf"{_MASS.pattern}|(?:grants|loans|savings|fees|taxes|{_SINGLE})\Z|\A\Z")
_YEAR = re.compile(r" in \d")
_PASSIVE = word_list("is are was were")
_TRANSITIVE = word_list(
    "announce introduce provide receive request release reveal approve award pass"
)
"""Verbs that ask for an object."""
_TITLES = re.compile(
    r"\b(?:Senators?|Sens?\.|Congress(?:man|woman)|Reps?\.|Representatives?|Ministers?|Premier"
    r"|Governor|Gov\.|Mayor|Secretary|President|Chair(?:man|woman)?|Commissioner|Attorney)\s"
)

_REPORTED = re.compile(
    r"\b(?:announced|said|confirmed)(?: today)?,?(?: today)?(?: that)? (?=[A-Z]\w+ [A-Z]|the )"
)
_REFERRING = word_list(
    """
this that these those he she it they we i you his her our your my him them us here there such said
who which what both each same former latter above following respectively today yesterday tomorrow
its their colleagues myself himself herself themselves another other more all
    """
)
"""Words that are only understood beside the sentences around them."""
_GENERAL = word_list(
    """
senator senators sen congressman congresswoman representative representatives rep government
minister ministers premier president governor secretary mayor u.s us united states canada american
americans department ministry committee senate house congress province federal state city program
project funding bill act canadian canadians national monday tuesday wednesday thursday friday
january february march april may june july august september october november december district
    """
)
"""Names that half of a collection shares: they say of no release which one is meant."""
_ODD = re.compile(r" to be\b|How many (?:million|billion|percent|per)\b| in in |followed|following")
_WORD = re.compile(r"[^\W_](?:[\w'’.&/-]*\w)?")
_OFFICE = re.compile(
    r"(?:the )?(?P<title>(?:executive director|president and (?:CEO|chief executive officer)|CEO"
    r"|president|chief executive officer|chair(?:man|woman|person)?|mayor|leader|head|founder"
    r"|superintendent|commissioner|warden|dean|sheriff|fire chief|police chief|reeve|governor"
    r"|chancellor|premier)) of (?P<whole>(?:the )?[A-Z][^,;()]*)",
    re.IGNORECASE,
)
"""Offices that one person holds, of a body or a place."""
_OF_A_PLACE = word_list("mayor reeve premier governor")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may become an example.

    Attributes:
        kind: What it asks for.
        question: At most `MAX_LENGTH` characters.
        fact: Folded words that an answer must contain.
    """

    kind: FactKind
    question: str
    fact: str


def candidates(text: str, passages: Sequence[Passage], lang: str | None) -> list[Candidate]:
    """Return the questions about a release that can be made, in the order of its sentences.

    Args:
        text: The release's text.
        passages: Its passages.
        lang: Its language; questions are made from English alone.
    """
    if lang != "en":
        return []
    people = {passage.speaker for passage in passages if passage.speaker}
    found: dict[str, Candidate] = {}
    for sentence in _sentences(text, passages):
        for candidate in (*_of_amount(sentence), *_of_clause(sentence, people)):
            found.setdefault(candidate.question, candidate)
    for candidate in _offices(passages):
        found.setdefault(candidate.question, candidate)
    return [candidate for candidate in found.values() if _is_plain(candidate.question)]


def _sentences(text: str, passages: Sequence[Passage]) -> Iterator[str]:
    """Yield the first sentences of a release, and what they report."""
    prose = (passage for passage in passages if passage.kind in _PROSE)
    for passage in islice(prose, _READ_PASSAGES):
        body = text[slice(*passage.span)]
        for number, (start, end) in enumerate(passage.sentences):
            sentence = " ".join(body[start:end].split())
            if number == 0:
                sentence = sentence[opening_dateline_end(sentence) :].lstrip(" -–—:")
            if len(sentence) > _MAX_SENTENCE:
                continue
            yield sentence
            for match in _REPORTED.finditer(sentence):
                reported = sentence[match.end() :]
                yield reported[:1].upper() + reported[1:]


def _of_amount(sentence: str) -> Iterator[Candidate]:
    """Yield the question of a sentence that begins with an amount."""
    match = _SPENT.match(sentence)
    if match is not None and (rest := rest_of(match["rest"])) is not None:
        asking = f"How much{_noun(match['noun'])}{match['done']}"
        yield from _fitting("amount", asking, rest, match["fact"])


def _of_clause(sentence: str, people: Iterable[str]) -> Iterator[Candidate]:
    """Yield the questions of a sentence with a plain subject and verb."""
    clause = split_clause(sentence, people)
    if clause is None:
        return
    for kind, form, asking in _FORMS:
        match = form.match(clause.rest)
        rest = None if match is None else rest_of(match["rest"])
        if match is None or rest is None or (kind == "place") != (clause.verb in _PLACED):
            continue
        noun = match.groupdict().get("noun") or ""
        if (
            (kind == "date" and not rest and clause.verb in _TRANSITIVE)
            or (kind == "amount" and (_SUMS.search(noun) is None or _YEAR.match(rest)))
            or (kind == "count" and clause.auxiliary in _PASSIVE)  # a distance, not an object
        ):
            continue
        words = asking.format(noun=_noun(noun) if asking == "How much{noun}" else noun)
        begin = f"{words} {clause.auxiliary} {clause.subject} {clause.verb}"
        found = list(_fitting(kind, begin, rest, match["fact"]))
        participle = _participle(clause)
        if kind == "amount" and not found and participle in _GIVEN:
            found = list(_fitting(kind, f"{words} was {participle}", rest, match["fact"]))
        yield from found
    rest = rest_of(clause.rest)
    if rest is not None and clause.past in _DEEDS and _is_person(clause, people):
        yield from _fitting("person", f"Who {clause.past}", rest, clause.subject.split()[-1])


def _fitting(kind: FactKind, begin: str, rest: str, fact: str) -> Iterator[Candidate]:
    """Yield the longest question that fits on a line; a date belongs to the whole of the rest."""
    rests = (
        (rest,) if kind == "date" else (rest, *shorter_rests(rest, infinitives=kind != "person"))
    )
    for words in rests:
        if len(question := f"{begin}{words}?") <= MAX_LENGTH:
            yield Candidate(kind, question, _fact(kind, fact))
            return


def _participle(clause: Clause) -> str:
    word = clause.past or clause.verb
    return "given" if word == "gave" else word


def _is_person(clause: Clause, people: Iterable[str]) -> bool:
    return " and " not in clause.subject and (
        clause.subject in people or _TITLES.match(clause.subject) is not None
    )


def _noun(noun: str | None) -> str:
    if not noun:
        return ""
    return f" {noun}" if _MASS.search(noun) else f" in {noun}"


def _fact(kind: FactKind, text: str) -> str:
    if kind == "date":  # an answer may leave out the year
        text = re.sub(r"(?<=\d),? \d{4}\Z|(?<=\d)(?:st|nd|rd|th)\b", "", text)
    return _folded(text)


def _folded(text: str) -> str:
    return " ".join(fold(text).split())


def _is_plain(question: str) -> bool:
    """Whether a question is short, made of safe characters, and understood by itself."""
    words = [word.rstrip(".") for word in _WORD.findall(question)]
    return (
        len(question) <= MAX_LENGTH
        and len(words) >= _MIN_WORDS
        and _SAFE.fullmatch(question) is not None
        and _REFERRING.isdisjoint(word.lower() for word in words[1:])
        and not _ODD.search(question)
        and any(w[0].isupper() and w.lower() not in _GENERAL for w in words[1:])
    )


def _offices(passages: Sequence[Passage]) -> Iterator[Candidate]:
    """Yield questions about who holds an office that one person alone can hold."""
    for passage in passages:
        speaker, role = passage.speaker, " ".join((passage.role or "").split())
        match = _OFFICE.fullmatch(role)
        if match is None or speaker is None or len(speaker.split()) == 1:
            continue
        if len(match["whole"].split()) == 1 and match["title"].lower() not in _OF_A_PLACE:
            continue  # "superintendent of Schools"
        title = " ".join(w if w.isupper() else w.lower() for w in match["title"].split())
        question = f"Who is the {title} of {match['whole']}?"
        yield Candidate("office", question, _folded(speaker.split()[-1]))
