"""Which of several releases is meant, where a question names a day, a month or a year.

Bulletins say the same in the same words day after day; a question for one of them names its date,
which stands above the release and in none of its paragraphs.
"""

from collections.abc import Sequence

import numpy as np

from qa.laid_passages import Floats
from qa.matching import Candidate
from qa.periods import Period, nearness, periods
from qa.question import Question

DATE_PENALTY = 3.0
"""Taken off the margin of a passage whose release came out furthest from what the question names,
if another's came out then. Fitted beside the ranker's weights on the dated ones of the questions on
press releases it was 3.3, without vectors 2.7; it is kept apart from them, since the other judged
sets have no dates and lost by the fit."""


def date_handicaps(question: Question, candidates: Sequence[Candidate]) -> Floats:
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


def asked_periods(question: Question) -> tuple[Period, ...]:
    """Return the days, months and years that a question names."""
    return periods(question.text, question.lang)


def _tells_of(candidate: Candidate, named: Sequence[Period]) -> bool:
    told = periods(candidate.text, candidate.lang)
    return any(asked.told_by(period) for asked in named for period in told)
