"""Finds who issued a release: weighs the names that it gives at many places.

No single place decides. A name is worth the sum of the weights of the places where it stands (each
place once), in this form or in one that contains it, and of what it is: a company by its legal
form, the state above a department. The best name wins when it is worth enough. The weights are
fitted by `benchmarks/fit_issuer.py`.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.structure.headline.head_lines import HeadLine
from index.structure.headline.issuer_evidence import Mention, lead_of
from index.structure.headline.issuer_names import (
    full_title,
    initials,
    is_chamber,
    is_fuller,
    is_part,
    is_state,
    likeness,
    name_kind,
    name_words,
    plain,
)
from index.types import Span

WEIGHTS: dict[str, float] = {
    # where the name stands
    "source": 4.1,  # "SOURCE X" at the end, "Source: X" beside the date, "Issued by X"
    "field": 4.2,  # "From: X"
    "beside label": 2.5,  # a line or part of one beside "NEWS RELEASE"
    "letterhead": 2.9,  # a line above the headline with a word such as "ministry"
    "line above": 1.5,  # another capitalized line above the headline
    "line below": 1.5,  # a name between headline and lead
    "dateline": 2.5,  # behind place and date of the dateline
    "ticker": 2.5,  # before a ticker symbol in the lead
    "about": 2.1,  # "About X" below the text
    "copyright": 1.5,
    "signature": 1.5,  # a line of its own below the text
    "contact": 0.8,  # in a contact
    "subject": 1.5,  # an organization that says or does something in the first sentence
    "opening": 0.5,  # the capitalized words with which the lead begins
    "reporter": 2.0,  # "…, X said today."
    "office holder": 2.6,  # "Senator X" of the lead, named in the headline too
    "first named": 0.4,  # the first organization in the lead
    "often named": 0.8,  # among the organizations that the text names most
    "publisher": 2.0,  # of a page, in its JSON-LD or meta elements
    "site": 1.5,  # the site of a page
    "sender": 1.4,  # of a mail
    "author": 0.3,  # of a document
    "page header": 2.0,  # in the margin of a Word document's pages
    "parent": 0.3,  # the university or ministry that the first organization is a part of
    # what kind of name it is
    "company": 1.0,  # ends with a legal form
    "organization": 1.5,  # has a word such as "ministry"
    "holder": 0.0,  # holds an office
    "plain": -0.8,  # other capitalized words, perhaps a person
    "word": -1.3,  # one word
    "state": -1.5,  # the state above the issuer
    "part": -1.8,  # a division or press office of the issuer
    # how the text uses it
    "in lead": 0.4,
    "in headline": 0.3,
    "again": 1.1,  # for each doubling of how often the text has it
    "abbreviated": 1.0,  # "X (ABC)" or "X ("the Company")"
    "in an address": 1.5,  # in the domain of a mail or web address
    "joined": 2.0,  # has the names of two lines of the letterhead in it
    "length": 0.25,  # for each word: of two forms, the fuller one
}
"""What each piece of evidence is worth, in log-odds."""

_HEAD_PLACES = frozenset({"letterhead", "line above", "line below", "beside label", "page header"})

LEAST = 1.5
"""What the best name must be worth, at least."""

LEAST_STATED = 0.0
"""The same for a name that the source states, as the sender of a mail."""

_SUPPORTING_PLACES = frozenset({"first named", "often named", "parent", "contact"})
"""Places that only support a name, since others stand there as well."""

_LEAD_PLACES = frozenset({"subject", "opening", "reporter"})

_STATED_PLACES = frozenset({"publisher", "site", "sender", "author", "page header"})

_MAX_TEXT = 20_000
_OFTEN = 1.5
_MAX_COUNT = 5
_DOMAIN = re.compile(
    r"(?:@|\b(?:https?://|www\.))((?:[a-z0-9-]{1,40}\.){1,5}[a-z]{2,12})\b", re.IGNORECASE
)
_BARE_DOMAIN = re.compile(
    r"(?<![\w@.-])([a-z0-9-]{3,40}\.(?:[a-z]{2,3}\.)?(?:com|org|gov|net|edu|int|[a-z]{2}))\b",
    re.IGNORECASE,
)
_GENERAL_LABELS = frozenset({
    "www", "news", "media", "press", "mail", "info", "com", "org", "gov", "net",
    "gmail", "outlook", "yahoo", "hotmail", "facebook", "twitter", "linkedin", "youtube",
})  # fmt: skip
_COMMON_WORDS = frozenset({
    "city", "county", "state", "national", "united", "university", "department", "ministry",
    "office",
    "north", "south", "east", "west", "northern", "southern", "eastern", "western", "federal",
})  # fmt: skip
_DEFINED = re.compile(r"\s*\((?:(?:the )?[“\"]|[A-Z]{2,}\b)")


@dataclass(frozen=True, slots=True)
class TextOfRelease:
    """What names are looked up in: folded text, lead and headline, labels of web domains."""

    words: str
    lead: str
    headline_words: frozenset[str]
    raw: str
    domains: frozenset[str]
    mail_domains: frozenset[str]


def find_issuer(
    text: str,
    lines: Sequence[HeadLine],
    headline: Span | None,
    found: Sequence[Mention],
    title: str | None = None,
) -> str | None:
    """Return the name of the issuer, or None.

    It is as the release writes it, but for the title of a senator and the like, which releases of
    one office write in many ways (`full_title`).

    Args:
        text: The text of the release.
        lines: The lines of its head.
        headline: The headline, if it stands in the text.
        found: The names that may be the issuer's, in the text and beside it.
        title: The headline that the source gives, if any.
    """
    own = title or ("" if headline is None else text[slice(*headline)])
    if not found:
        return None
    name = choose_issuer(found, read_text(text, lead_of(text, lines) or "", own))
    return None if name is None else full_title(name)


def read_text(text: str, lead: str, headline: str) -> TextOfRelease:
    """Prepare a text for `choose_issuer`."""
    start = text[:_MAX_TEXT]
    ends = f"{start}\n{text[len(start) :][-_MAX_TEXT:]}"
    domains = {
        label.casefold().replace("-", "")
        for pattern in (_DOMAIN, _BARE_DOMAIN)
        for found in pattern.finditer(ends)
        for label in found[1].split(".")[:-1]
    }
    mails = {
        label.casefold().replace("-", "")
        for found in _DOMAIN.finditer(ends)
        if found[0].startswith("@")
        for label in found[1].split(".")[:-1]
    }
    folded = " ".join(plain(start).split())
    return TextOfRelease(
        folded,
        " ".join(plain(lead).split()),
        frozenset(name_words(headline)),
        start,
        frozenset(domains - _GENERAL_LABELS),
        frozenset(mails - _GENERAL_LABELS),
    )


def choose_issuer(found: Sequence[Mention], text: TextOfRelease) -> str | None:
    """Return the name that is worth most, or None when none is worth enough."""
    stated = {mention.name for mention in found if mention.place in _STATED_PLACES}
    best: str | None = None
    most = -math.inf
    for name in forms_of(found):
        evidence = evidence_for(name, found, text)
        if not _is_supported(name, found, evidence, text):
            continue
        worth = sum(WEIGHTS[key] * value for key, value in evidence.items())
        if worth > max(most, LEAST_STATED if name in stated else LEAST):
            best, most = name, worth
    return best


def _is_supported(
    name: str, found: Sequence[Mention], evidence: Mapping[str, float], text: TextOfRelease
) -> bool:
    """Whether a name stands at a place of its own, or is that of a domain of mail addresses.

    A release links to the sites of others, but gives its own mail addresses. Any words can open a
    lead: those that are no name of an organization have to recur. A chamber of a parliament or its
    committee is news for its members: in the lead alone, it is no issuer.
    """
    own = {m.place for m in found if m.place not in _SUPPORTING_PLACES and likeness(name, m.name)}
    if own <= _LEAD_PLACES and is_chamber(name):
        return False
    if own == {"opening"} and evidence.keys() & {"plain", "word"}:
        return evidence["again"] >= _OFTEN or "abbreviated" in evidence
    return bool(own) or _in_address(name, text.mail_domains)


def forms_of(found: Iterable[Mention]) -> list[str]:
    """Return the distinct written names; of those that differ in case alone, one in lower case."""
    forms: dict[str, str] = {}
    for mention in found:
        key = plain(mention.name)
        if key not in forms or (forms[key].isupper() and not mention.name.isupper()):
            forms[key] = mention.name
    return list(forms.values())


def evidence_for(name: str, found: Sequence[Mention], text: TextOfRelease) -> dict[str, float]:
    """Return how far each piece of evidence holds for a name, by the keys of `WEIGHTS`."""
    evidence: dict[str, float] = {}
    for mention in found:
        alike = likeness(name, mention.name)
        if alike > evidence.get(mention.place, 0.0):
            evidence[mention.place] = alike
    lines = [mention.name for mention in found if mention.place in _HEAD_PLACES]
    folded = plain(name)
    times = min(_MAX_COUNT, text.words.count(folded))
    evidence[name_kind(name)] = 1.0
    evidence["state"] = float(is_state(name) and any(not is_state(line) for line in lines))
    evidence["part"] = float(is_part(name))
    evidence["in lead"] = float(folded in text.lead)
    evidence["in headline"] = float(_first_word(name) in text.headline_words)
    evidence["again"] = math.log2(1 + times)
    evidence["abbreviated"] = float(_is_abbreviated(name, text.raw))
    evidence["in an address"] = float(_in_address(name, text.domains))
    evidence["joined"] = float(
        len({_first_word(line) for line in lines if is_fuller(name, line)}) > 1
    )
    evidence["length"] = float(len(name_words(name)))
    return {key: value for key, value in evidence.items() if value}


def _first_word(name: str) -> str:
    return next(iter(name_words(name)), "\0")


def _is_abbreviated(name: str, text: str) -> bool:
    """Whether the text gives a short form behind the name: "Fenwick Institute (FIPR)"."""
    place = text.find(name)
    for _ in range(_MAX_COUNT):
        if place < 0:
            break
        if _DEFINED.match(text, place + len(name)):
            return True
        place = text.find(name, place + 1)
    return False


def _in_address(name: str, domains: frozenset[str]) -> bool:
    """Whether a web domain consists of a name, of its initials or of its first word."""
    letters = "".join(name_words(name))
    first = _first_word(name)
    short = initials(name)
    return any(
        label == short
        or (len(short) > 2 and label.startswith(short) and len(label) <= len(short) + 4)  # noqa: PLR2004
        or (len(label) > 4 and (label in letters or letters in label))  # noqa: PLR2004
        or (len(first) > 4 and first not in _COMMON_WORDS and first in label)  # noqa: PLR2004
        for label in domains
    )
