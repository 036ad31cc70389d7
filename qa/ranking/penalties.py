"""Contact lines, "About" paragraphs and whatever else every release repeats.

They hold the names of what a release is about and seldom answer, so they stand back, unless they
are what is asked for. A paragraph is one of them by its kind, or because it stands word for word
in many releases that are no copies of one another.
"""

import math
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from index.text.analyzer import fold
from index.text.stopwords import function_words
from qa.query.dates import Period, nearness, periods
from qa.query.question import ParsedQuestion
from qa.ranking.packed_passages import Floats
from qa.ranking.term_matching import Candidate

FORMAL_KINDS = frozenset({"contact", "boilerplate", "dateline", "links"})

FORMAL_PENALTY = 3.0
"""Taken off the margin of contact lines and boilerplate. Set by hand, since the judged sets have
no such passages, so that benchmarks/boilerplate.py finds none in front."""

FORMULA_PENALTY = 6.0
"""Taken off the margin of a paragraph that many releases repeat; set by hand likewise."""

_SOUGHT = 3.0
"""Given to the margin of what is asked for by its kind. Set by hand, for the same reason."""

_FEW = 2
_MANY = 8
"""Releases that carry a paragraph: up to the first it is news, from the second on a formula."""

_BEGINNING = 120
"""Characters in which a passage that tells of something names it."""

_ORGANISATION = (
    r"(?:compan(?:y|ies)|organi[sz]ations?|corporation|firm|foundation|agency|association|"
    r"institut(?:e|ion)|charity|nonprofit|compagnie|entreprise|societe|organisme|organisation|"
    r"agence|fondation|unternehmen|firma|empresa|organizacion)"
)
_ASKING = (
    r"(?:i|we|you|one|(?:the )?(?:media|press|public)|journalists?|reporters?|editors?|residents"
    r"|people|consumers|patients|investors)"
)
"""Who asks for a contact; others are asked about: "Who can ask for a refund?"."""
_CONTACT = re.compile(
    r"\b(?:media|press|news) (?:contact|inquir|enquir|relations|office)|"
    r"\bcontacts? (?:person|information|info|details|number|address|for)\b|"
    r"^(?:who|what) (?:is|are|s) (?:the|their|its|your)(?: \w+)? contacts?\b|"
    rf"^who(?:m)? (?:to|(?:can|could|do|should|may|must) {_ASKING}) "
    r"(?:contact|call|reach|ask|e-?mail)\b|"
    rf"^how (?:to|(?:can|could|do|does|may|should) {_ASKING}) (?:contact|e-?mail)\b|"
    # Of "we" or "to" it may be a goal that is reached.
    r"^how (?:can|could|do|does|may|should) (?:i|(?:the )?(?:media|press)|journalists?|reporters?)"
    r" reach\b|"
    r"\b(?:tele)?phone number\b|\be-?mail address\b|\bpersonne[- ]ressource\b|"
    r"\brelations (?:avec les )?medias\b|\bcontacts? (?:medias?|presse)\b|\bnumero de telephone\b"
)
_ABOUT = re.compile(
    rf"^(?:what|who|which) (?:is|are|s) (?:the|this|that|their) (?:\w+ )?{_ORGANISATION}\W*$|"
    rf"^what (?:does|do) (?:the|this|that|their) (?:\w+ )?{_ORGANISATION} do\W*$|"
    rf"\babout (?:the|this|that) {_ORGANISATION}\W*$|"
    rf"^(?:what|which) (?:kind|sort|type) of {_ORGANISATION} (?:is|are)\b|"
    rf"^(?:qu'est[- ]ce que|que fait|quelle? est) (?:l'|la |le |cette |cet |ce )?{_ORGANISATION}"
    r"\W*$|"
    rf"^was (?:ist|macht) (?:die |das )?{_ORGANISATION}\W*$|^que es la {_ORGANISATION}\W*$"
)
_NAMED = re.compile(r"^(?:what|who) (?:is|are|s) |^tell me about |^qu'est[- ]ce que |^qui est ")


@lru_cache(maxsize=64)
def _asked(text: str) -> str:
    """Return a question as it is compared."""
    return fold(text).strip(" ¿?!.\"'").replace("’", "'").replace("'s ", " s ")


@lru_cache(maxsize=64)
def sought_kind(question: ParsedQuestion) -> str | None:
    """Return the formal kind that a question asks for, `contact` or `boilerplate`, or None."""
    asked = _asked(question.text)
    if _CONTACT.search(asked):
        return "contact"
    return "boilerplate" if _ABOUT.search(asked) else None


def boilerplate_penalty(question: ParsedQuestion, candidate: Candidate) -> float:
    """Return what a passage's margin loses for being formal; negative for what is asked for."""
    return boilerplate_penalties(question, [candidate])[0]


def boilerplate_penalties(question: ParsedQuestion, candidates: Sequence[Candidate]) -> list[float]:
    """Return the handicap of each candidate."""
    sought, name = sought_kind(question), _name_asked_for(question)
    return [_handicap(candidate, sought, name) for candidate in candidates]


def _handicap(candidate: Candidate, sought: str | None, name: str | None) -> float:
    if candidate.kind == sought:
        return -_SOUGHT
    formal = FORMAL_PENALTY if candidate.kind in FORMAL_KINDS else 0.0
    lost = max(formal, FORMULA_PENALTY * _formula(candidate.spread))
    if lost and name is not None and _stands(name, candidate.text[:_BEGINNING]):
        return 0.0  # it tells of what is asked about
    return lost


def _stands(name: str, text: str) -> bool:
    """Whether a folded name stands in a text as words of its own."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", fold(text)) is not None


def _formula(spread: int) -> float:
    """Return how much of a formula a paragraph is that so many releases carry, in [0, 1]."""
    if spread <= _FEW:
        return 0.0
    return min(1.0, math.log2(spread / _FEW) / math.log2(_MANY / _FEW))


def _name_asked_for(question: ParsedQuestion) -> str | None:
    """Return the name in a question who or what something is; None in any other."""
    asked = _asked(question.text)
    found = _NAMED.match(asked)
    name = asked[found.end() :].removeprefix("the ") if found else ""
    if all(word in function_words(question.lang) for word in name.split()):
        return None  # "it", "he"
    return name if len(name.split()) <= 6 else None  # noqa: PLR2004


DATE_PENALTY = 3.0
"""Taken off the margin of a passage whose release came out furthest from what the question names,
if another's came out then. Fitted beside the ranker's weights on the dated ones of the questions on
press releases it was 3.3, without vectors 2.7; it is kept apart from them, since the other judged
sets have no dates and lost by the fit."""


def date_penalties(question: ParsedQuestion, candidates: Sequence[Candidate]) -> Floats:
    """Return what each passage's margin loses by its release's date, shape (candidates,).

    0 for all where the question names no date or all releases are as near to it, and for a passage
    that names some of the same time itself: it may tell of another. A release without a date
    loses what the others do on average.
    """
    named = asked_periods(question)
    near = [nearness(named, c.date) for c in candidates] if named else []
    known = [value for value in near if value is not None]
    if not known:
        return np.zeros(len(candidates))
    usual, best = sum(known) / len(known), max(known)
    lost = [best - (usual if value is None else value) for value in near]
    return DATE_PENALTY * np.array(
        [
            0.0 if value and _tells_of(candidate, named) else value
            for value, candidate in zip(lost, candidates, strict=True)
        ]
    )


def asked_periods(question: ParsedQuestion) -> tuple[Period, ...]:
    """Return the days, months and years that a question names."""
    return periods(question.text, question.lang)


def _tells_of(candidate: Candidate, named: Sequence[Period]) -> bool:
    told = periods(candidate.text, candidate.lang)
    return any(asked.told_by(period) for asked in named for period in told)
