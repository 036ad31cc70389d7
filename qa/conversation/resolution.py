"""Which terms of the conversation a question needs, and whether it needs any: two linear models.

`alone` gives the probability that a question stands alone; `term`, the probability that a term of
the history belongs to its self-contained form. Their features are the references in the question
and where a term stands in the conversation: query resolution as term classification (Voskarides
et al., SIGIR 2020), with features instead of a language model. The coefficients are in
`followups.json`, written by benchmarks/fit_followups.py.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from index.text.analyzer import extract_terms
from qa.conversation.mentions import Term
from qa.conversation.references import Pointer, References
from qa.linear_model import Floats, LinearModel, logistic
from qa.packaged_data import packaged

POINTERS: tuple[Pointer, ...] = ("person", "several", "thing", "place", "time", "this")
QUESTION_FEATURES = (
    *POINTERS, "noun", "possessive", "inner", "opening", "instead", "more", "names", "any name",
    "names the topic", "names the known", "new", "content", "few", "two", "defines", "the",
    "first", "pointless", "named and pointless", "known and pointless", "few and pointless",
    "short", "bare", "depth",
)  # fmt: skip
"""The features of a question; see `question_features`."""

TERM_FEATURES = (
    "topic", "section", "headline", "last question", "last answer", "question before",
    "answer before", "older", "in questions", "in answers", "name", "number", "kin",
    "first of answer", "share of answer", "share of question", "of noun",
    "topic name", "last question name", "last answer name", "answer before name", "older name",
    "topic often", "last question often", "older often", "last answer number",
)  # fmt: skip
"""The features of a term of the conversation; see `term_features`."""

_DEFINES = re.compile(
    r"(?i)\W*(?:what|who) (?:is|are|was|were) (?!(?:the|his|her|their|its?|some|this|that)\b)"
)
_THE = re.compile(r"(?i)\bthe \w")
MANY = 8


@dataclass(frozen=True, slots=True)
class ResolutionModels:
    """The fitted models.

    Attributes:
        alone: Over QUESTION_FEATURES.
        alone_from: Probability from which a question is left as it is.
        term: Over TERM_FEATURES, with products by QUESTION_FEATURES.
        term_from: Probability from which a term's phrase is added.
    """

    alone: LinearModel
    alone_from: float
    term: LinearModel
    term_from: float


@cache
def default_models() -> ResolutionModels:
    """Return the models that ship with the package."""
    data = packaged("followups.json")
    return ResolutionModels(
        alone=LinearModel.from_json(data["alone"]),
        alone_from=float(data["alone_from"]),
        term=LinearModel.from_json(data["term"]),
        term_from=float(data["term_from"]),
    )


def question_features(found: References, known: Mapping[str, Term], depth: int) -> dict[str, float]:
    """Return the features of a question, by the names of QUESTION_FEATURES.

    Args:
        found: The question with its references.
        known: The terms of its conversation.
        depth: How many turns there were.
    """
    own = {word.term for word in found.content}
    pointers = {reference.pointer for reference in found.references}
    pointless = float(not found.references)
    known_names = {term for term, seen in known.items() if seen.is_name}
    topic = {term for term, seen in known.items() if _stands(seen, "topic", 0)}
    few = float(len(own) <= 1)
    named, of_known = float(bool(found.names)), float(bool(own & known_names))
    values = {pointer: float(pointer in pointers) for pointer in POINTERS} | {
        "noun": float(any(reference.noun for reference in found.references)),
        "possessive": float(any(reference.possessive for reference in found.references)),
        "inner": float(found.inner),
        "opening": float(found.opening > 0),
        "instead": float(found.instead),
        "more": float(found.more),
        "names": min(len(found.names), 3) / 3,
        "any name": named,
        "names the topic": float(bool(own & topic)),
        "names the known": of_known,
        "new": len(own - known.keys()) / max(len(own), 1),
        "content": min(len(own), MANY) / MANY,
        "few": few,
        "two": float(len(own) <= 2),  # noqa: PLR2004 - what the name says
        "defines": float(bool(_DEFINES.match(found.question.text))) * pointless,
        "the": float(bool(_THE.search(found.question.text))),
        "first": float(depth == 0),
        "pointless": pointless,
        "named and pointless": named * pointless,
        "known and pointless": of_known * pointless,
        "few and pointless": few * pointless,
        "short": 1 / (1 + len(own)),
        "bare": float(not own),
        "depth": min(depth, MANY) / MANY,
    }
    return {name: values[name] for name in QUESTION_FEATURES}


def term_features(found: References, term: Term) -> tuple[float, ...]:
    """Return the features of a term of the conversation, in the order of TERM_FEATURES."""
    mentions = term.mentions
    own = {word.term for word in found.content}
    nouns = {word for r in found.references if r.noun for word in extract_terms(r.noun)}
    questions = sum(mention.where == "question" for mention in mentions)
    answers = sum(mention.where == "answer" for mention in mentions)
    last_answer = [m for m in mentions if m.where == "answer" and m.age == 1]
    last_question = [m for m in mentions if m.where == "question" and m.age == 1]
    topic, older = _stands(term, "topic", 0), float(any(m.age > 2 for m in mentions))  # noqa: PLR2004
    before = _stands(term, "answer", 2)
    asked, answered, name = float(bool(last_question)), float(bool(last_answer)), term.is_name
    often = math.log1p(questions)
    phrase = set(extract_terms(term.phrase))
    values = {
        "topic": topic,
        "section": _stands(term, "section", 0),
        "headline": _stands(term, "headline", 1),
        "last question": asked,
        "last answer": answered,
        "question before": _stands(term, "question", 2),
        "answer before": before,
        "older": older,
        "in questions": often,
        "in answers": math.log1p(answers),
        "name": float(name),
        "number": float(term.is_number),
        "kin": float(bool(phrase & own)),
        "first of answer": float(bool(last_answer) and last_answer[0].order == 0),
        "share of answer": 1 / last_answer[0].size if last_answer else 0.0,
        "share of question": 1 / last_question[0].size if last_question else 0.0,
        "of noun": float(bool(phrase & nouns)),
        "topic name": topic * name,
        "last question name": asked * name,
        "last answer name": answered * name,
        "answer before name": before * name,
        "older name": older * name,
        "topic often": topic * often,
        "last question often": asked * often,
        "older often": older * often,
        "last answer number": answered * term.is_number,
    }
    return tuple(values[name] for name in TERM_FEATURES)


def alone_probability(of_question: Mapping[str, float], models: ResolutionModels) -> float:
    """Return the probability that a question stands alone."""
    weights = models.alone.effective(QUESTION_FEATURES, of_question)
    values = np.array([of_question[name] for name in QUESTION_FEATURES])
    return logistic(float(values @ weights) + models.alone.intercept)


def term_probabilities(
    found: References,
    known: Mapping[str, Term],
    of_question: Mapping[str, float],
    models: ResolutionModels,
) -> dict[str, float]:
    """Return the probability that each term belongs to the question, by compared form.

    Terms that the question holds are left out.
    """
    own = {word.term for word in found.content}
    wanted = [term for term in known.values() if term.term not in own]
    if not wanted:
        return {}
    weights = models.term.effective(TERM_FEATURES, of_question)
    values = np.array([term_features(found, term) for term in wanted])
    # Rounded for the same reason as the ranker's margins.
    margins: Floats = np.round(values @ weights + models.term.intercept, 9)
    return {t.term: logistic(float(m)) for t, m in zip(wanted, margins, strict=True)}


def _stands(term: Term, where: str, age: int) -> float:
    return float(any(m.where == where and m.age == age for m in term.mentions))
