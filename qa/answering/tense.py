"""A date before the day of its release does not say when something will be.

The reader picks a date that stands near the subject. Whether it lies ahead is for the calendar to
tell: "When will she leave?" is not answered by the year in which she came. Of 193 written questions
of this kind whose answer names a year, one is answered by a day before that of its release.
"""

import re

from qa.answering.rerank import predicted_span
from qa.query.dates import day_of, find_periods
from qa.query.question import ParsedQuestion
from qa.ranking.ranker import RankedCandidate

_FUTURE = re.compile(
    r"^(?:(?:so|and|but|et) )?(?:when (?:will|shall|does|do)\b"
    r"|when(?: is|'s| are)\b.*\b(?:going|due|expected|scheduled|set|supposed) to\b"
    r"|quand\b.*(?:\b(?:va|vont|sera|seront|aura|auront)\b"
    r"|r(?:a|ont)-(?:t-)?(?:il|elle|on)s?\b))"
)


def answers_with_the_past(question: ParsedQuestion, ranked: RankedCandidate) -> bool:
    """Whether a question asks when something will be, and a passage's answer is past by then.

    The day of the release decides, not today: a question about an old release is asked as of its
    day. A date without a year, and a release without a date, decide nothing.
    """
    issued, span = day_of(ranked.candidate.date), predicted_span(ranked)
    if issued is None or span is None or not _FUTURE.search(question.folded):
        return False
    named = find_periods(ranked.candidate.text[slice(*span)], ranked.candidate.lang)
    return bool(named) and all(period.last < issued for period in named)
