"""What the reader is given to read: a passage below what stands above it in its release."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from index.structure.headline.line_types import (opening_dateline_end)
from index.text.analyzer import fold
from qa.query.dates import spelled
from qa.query.question import ParsedQuestion
from qa.ranking.passage_terms import folded
from qa.ranking.penalties import asked_periods
from qa.ranking.term_matching import Candidate
from qa.reader.prediction import ReaderInput

Leads = Callable[[Iterable[int]], Mapping[int, str]]
"""Returns the first paragraphs of releases, by row number."""

_SAME = 60
"""Characters by which a passage is told to be the lead itself."""


def reader_inputs(
    question: ParsedQuestion, candidates: Sequence[Candidate], leads: Leads | None = None
) -> list[ReaderInput]:
    """Return a page for each passage, as the question wants it read.

    Args:
        question: The question.
        candidates: The passages.
        leads: Gives the first paragraphs of releases; None where passages are all there is.
    """
    dated = bool(asked_periods(question))
    releases = {c.release for c in candidates if c.release is not None}
    known = leads(releases) if leads is not None else {}
    return [
        _page(
            candidate,
            reading_start(question, candidate.text),
            dated=dated,
            lead="" if candidate.release is None else known.get(candidate.release, ""),
        )
        for candidate in candidates
    ]


def _page(candidate: Candidate, start: int, *, dated: bool, lead: str) -> ReaderInput:
    """Return a passage from a place of its text on, below date, headline and lead.

    The date stands there where one is asked for: a reader that learnt to tell 2019 from 2020 denies
    that "as of November 26" answers a question for that day of 2020. The lead stands above any
    other paragraph, which says "the project" and "he" of what that names.
    """
    spans = [(max(0, a - start), max(0, b - start)) for a, b in candidate.sentence_spans()]
    parts = [] if folded(candidate.title) in folded(candidate.text) else [candidate.title]
    if lead and not candidate.text.startswith(lead[:_SAME]):
        parts.append(lead)
    above = ". ".join(parts)
    if dated and candidate.date is not None:
        above = f"{spelled(candidate.date, candidate.lang)}: {above}".removesuffix(": ")
    return ReaderInput(candidate.text[start:], spans, above)


def reading_start(question: ParsedQuestion, text: str) -> int:
    """Return where the reader begins.

    The place and the date that open a release say where and when it went out, and a reader that
    learnt from encyclopaedias takes them for when it happened.
    """
    if question.expects != "date" or _WENT_OUT.search(fold(question.text)):
        return 0
    return opening_dateline_end(text)


_WENT_OUT = re.compile(
    r"\b(?:announc\w*|releas(?:ed?|es|ing)|publish\w*|publications?|issu(?:ed|ing|ance)"
    r"|(?:did|does|do|will|to|date of)\b(?: [^ ]+){0,5}? issue|dated|annonc\w*|publie\w*|diffus\w*"
    r"|publico|publicad[ao]s?|publiziert)\b"
)
"""What a release does on the day of its dateline; "public" and "the issue" are nothing it does."""
