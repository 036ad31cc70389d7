"""Corrections to the first-stage score that the fitted model does not know.

Contact lines, "About" paragraphs and paragraphs that every release repeats hold the names of what
a release is about and seldom answer: they are demoted, unless they are asked for. A paragraph is
one of them by its kind, or because it stands word for word in many unrelated releases. The
questions of journalists in a transcript go to the end of the list, always.

Bulletins say the same in the same words day after day. A question for one of them names its date,
which stands above the release and in none of its paragraphs, so passages of other dates are
demoted.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.text.analyzer import fold
from qa.query.dates import Period, names_time_of, nearness
from qa.query.intent import Intent
from qa.query.question import ParsedQuestion
from qa.ranking.packed_passages import Floats
from qa.retrieval.types import Candidate

BOILERPLATE_KINDS = frozenset({"contact", "boilerplate", "dateline", "links"})

KIND_PENALTY = 3.0
"""Taken off the margin of contact lines and boilerplate. Set by hand, since the judged sets have
no such passages, so that benchmarks/boilerplate.py finds none in front."""

QUESTION_PENALTY = 100.0
"""Taken off the margin of a journalist's question in a transcript: more than any passage can gain,
since what somebody asks is the answer of nothing."""

REPETITION_PENALTY = 6.0
"""Taken off the margin of a paragraph that many releases repeat; set by hand likewise."""

_SECTION_BONUS = 3.0
"""Given to the margin of what is asked for by its kind. Set by hand, for the same reason."""

_NEWS = 2
_BOILERPLATE = 8
"""Releases that carry a paragraph: up to the first number it is news, from the second on it is
boilerplate."""

_BEGINNING = 120
"""Characters in which a passage that tells of something names it."""

DATE_PENALTY = 3.0
"""Taken off the margin of a passage whose release came out furthest from what the question names,
if another's came out then. Fitted beside the ranker's weights on the dated ones of the questions on
press releases it was 3.3, without vectors 2.7; it is kept apart from them, since the other judged
sets have no dates and lost by the fit."""


@dataclass(frozen=True, slots=True)
class Penalties:
    """What the scores of candidates lose, each of shape (candidates,).

    Attributes:
        boilerplate: As boilerplate; negative for a passage of the kind that is asked for.
        date: Because their releases came out at another time than the question names.
    """

    boilerplate: Floats
    date: Floats


def find_penalties(question: ParsedQuestion, candidates: Sequence[Candidate]) -> Penalties:
    """Return what the score of each candidate loses."""
    return Penalties(
        _boilerplate_penalties(question.intent, candidates),
        _date_penalties(question.dates, candidates),
    )


def _boilerplate_penalties(intent: Intent, candidates: Sequence[Candidate]) -> Floats:
    return np.array([_boilerplate_penalty(c, intent.section, intent.subject) for c in candidates])


def _boilerplate_penalty(candidate: Candidate, section: str | None, subject: str | None) -> float:
    if candidate.kind == "question":
        return QUESTION_PENALTY
    if candidate.kind == section:
        return -_SECTION_BONUS
    by_kind = KIND_PENALTY if candidate.kind in BOILERPLATE_KINDS else 0.0
    penalty = max(by_kind, REPETITION_PENALTY * _repetition(candidate.release_frequency))
    if penalty and subject is not None and _stands(subject, candidate.text[:_BEGINNING]):
        return 0.0  # it tells of what is asked about
    return penalty


def _stands(name: str, text: str) -> bool:
    """Whether a folded name stands in a text as words of its own."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", fold(text)) is not None


def _repetition(releases: int) -> float:
    """Return how much of a repeated text a paragraph in so many releases is, in [0, 1]."""
    if releases <= _NEWS:
        return 0.0
    return min(1.0, math.log2(releases / _NEWS) / math.log2(_BOILERPLATE / _NEWS))


def _date_penalties(dates: Sequence[Period], candidates: Sequence[Candidate]) -> Floats:
    """Return what each passage's score loses by its release's date.

    0 for all where the question names no date or all releases are equally near to it, and for a
    passage that names some of the same time itself. A release without a date loses what the
    others lose on average.
    """
    near = [nearness(dates, c.date) for c in candidates] if dates else []
    known = [value for value in near if value is not None]
    if not known:
        return np.zeros(len(candidates))
    usual, best = sum(known) / len(known), max(known)
    lost = [best - (usual if value is None else value) for value in near]
    return DATE_PENALTY * np.array(
        [
            0.0 if value and names_time_of(dates, candidate.text, candidate.lang) else value
            for value, candidate in zip(lost, candidates, strict=True)
        ]
    )
