"""Which part of a passage is drawn where, and how it is highlighted.

Pure functions. Spans are into the stored text, so that what is selected on the screen can be copied
as it is stored.
"""

from dataclasses import dataclass

from index.types import Span
from qa.types import RankedPassage
from tui.render.highlights import StyledSpan, highlights_of
from tui.render.layout import ELLIPSIS, excerpt
from tui.state.turns import best_evidence, evidence_of

SENTENCE_BUDGET = 480
"""Code points shown of the sentence that answers: nearly always all of it."""
PREVIEW_BUDGET = 160
"""Code points shown of the first passage before it is known whether it answers."""
PASSAGE_BUDGET = 480
"""Code points shown of another passage when it is read."""
BRIEF_BUDGET = 120
"""Code points that are at least shown of a passage that is not read."""
BRIEF_ROWS = 2
"""Rows shown of a passage that is not read."""
CUT = "… "
"""Drawn before a text whose beginning was cut."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a text, drawn as one paragraph.

    Attributes:
        text: As it is stored.
        span: The part.
        highlights: Spans into the text.
        before, after: Drawn around the part; never copied.
        rows: The part ends with this row; None for no limit.
    """

    text: str
    span: Span
    highlights: tuple[StyledSpan, ...] = ()
    before: str = ""
    after: str = ""
    rows: int | None = None


def whole(text: str) -> Excerpt:
    """Return a text that is drawn from its beginning to its end."""
    return Excerpt(text, (0, len(text)))


def brief(passage: RankedPassage) -> Excerpt:
    """Return two plain rows of a passage, from the sentence that may answer.

    Without one they are those with the most of the question's words.
    """
    best = best_evidence(passage)
    if best is not None:
        start = evidence_of(passage)[best].span[0]
        return Excerpt(passage.text, (start, len(passage.text)), rows=BRIEF_ROWS)
    start = _most_terms(passage)
    before = CUT if start else ""
    return Excerpt(passage.text, (start, len(passage.text)), before=before, rows=BRIEF_ROWS)


def _most_terms(passage: RankedPassage) -> int:
    """Return where to begin so that most terms stand in what is shown; 0 if no place is better."""
    terms = [h.span for h in passage.highlights if h.kind == "term"]

    def shown(start: int) -> int:
        end = start + BRIEF_BUDGET
        return len({passage.text[s:e].casefold() for s, e in terms if start <= s and e <= end})

    starts = [0, *(excerpt(passage.text, span, BRIEF_BUDGET)[0] for span in terms)]
    return max(starts, key=lambda start: (shown(start), -start))


def around(shown: RankedPassage, evidence: int | None, budget: int) -> Excerpt:
    """Return the part of a passage around its evidence, with its highlights.

    Args:
        shown: The passage with the highlights that are shown.
        evidence: Index of the evidence at the cursor; None for the best.
        budget: Code points shown at most, give or take a word.
    """
    stops = evidence_of(shown)
    best = best_evidence(shown) if evidence is None else evidence
    span = stops[best].span if best is not None and best < len(stops) else None
    start, end = excerpt(shown.text, span, budget)
    before = CUT if start else ""
    after = ELLIPSIS if end < len(shown.text) else ""
    return Excerpt(shown.text, (start, end), _styled(shown, evidence), before, after)


def sentence(shown: RankedPassage, span: Span, evidence: int | None = None) -> Excerpt:
    """Return one stretch of a passage with its highlights; a very long one is cut at its end."""
    start, end = span
    last = start + excerpt(shown.text[start:end], None, SENTENCE_BUDGET)[1]
    after = ELLIPSIS if last < end else ""
    return Excerpt(shown.text, (start, last), _styled(shown, evidence), after=after)


def _styled(shown: RankedPassage, evidence: int | None) -> tuple[StyledSpan, ...]:
    highlights = highlights_of(shown.highlights)
    stops = evidence_of(shown)
    if evidence is not None and evidence < len(stops):
        highlights.append(StyledSpan(stops[evidence].span, "current"))
    return tuple(highlights)
