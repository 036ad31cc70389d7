"""An answer as lines of styled text, for a terminal or a pipe.

The short answer is the last line: that is where the eye is when a command has ended.

Text from a document is cleaned here and never parsed as markup. On a terminal the evidence is
underlined, the exact words are reversed and the words of the question are bold. Without styles,
lines below each passage quote its answer and its evidence.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.text import Text

from index.filters import NO_FILTERS, Filters
from index.store.page_numbers import format_pages, format_scan
from qa.display import clean, clean_line
from qa.presentation import (
    CLOSEST_PASSAGES,
    by_release,
    candidates_line,
    certainty,
    counted,
    everything,
    headline,
    no_answer,
    other_values,
    painted,
    quotation,
    searched_instead,
    unmet_request,
)
from qa.types import Answer, ExactAnswer, RankedPassage

EVIDENCE = "underline green"
TERM = "bold"
EXACT = "bold reverse"
HEADLINE = "bold"
QUIET = "dim"
WARNING = "yellow"

_NAMED = 3

INDENT = 3
"""Columns that the lines below a headline are indented by."""


@dataclass(frozen=True, slots=True)
class OutputLine:
    """A line without its line end.

    Attributes:
        text: What it says.
        indent: Columns that it is indented by, also where a terminal wraps it.
        hang: Columns more from the second line on, where a terminal wraps it.
    """

    text: Text
    indent: int = 0
    hang: int = 0


def answer_lines(
    answer: Answer,
    *,
    styled: bool,
    explain: bool = False,
    folded: bool = False,
    filters: Filters = NO_FILTERS,
) -> Iterator[OutputLine]:
    """Yield an answer as lines.

    Args:
        answer: The answer.
        styled: Whether styles can be seen.
        explain: Show the features behind each score.
        folded: Only count the passages of a release after the first.
        filters: The filters it was asked with: fewer may help, and a command has them as options.
    """
    if answer.completed:
        yield OutputLine(Text(f"Asked as: {clean_line(answer.asked_as)}", style=QUIET))
    if replaced := searched_instead(answer):
        yield OutputLine(Text(clean_line(replaced), style=QUIET))
    if not answer.answered and answer.passages:
        yield OutputLine(Text(CLOSEST_PASSAGES, style=QUIET))
    for group in by_release(answer.passages):
        if group[0].rank > 1 or not answer.answered or answer.completed or replaced:
            yield OutputLine(Text())
        yield from passage_lines(group[0], styled=styled, explain=explain)
        if folded and group[1:]:
            more = counted(len(group) - 1, "more passage")
            yield _quiet(f"+ {more} of this release; -v shows {'them' if group[2:] else 'it'}")
            continue
        for passage in group[1:]:
            yield from _further_lines(passage, styled=styled, explain=explain)
    if answer.passages:
        yield OutputLine(Text())
    if answer.answered and (command := everything(answer, filters)):
        yield OutputLine(Text(clean_line(command)))
    yield from _conclusion(answer, filters)


def passage_lines(
    passage: RankedPassage, *, styled: bool, explain: bool = False
) -> Iterator[OutputLine]:
    """Yield one passage: rank and headline, issuer and date, text, citation."""
    title = clean_line(headline(passage.release))
    rank = f"{passage.rank}. "
    yield OutputLine(Text.assemble(rank, (title, HEADLINE)), hang=len(rank))
    facts = [passage.release.issuer, passage.release.date, *_place(passage)]
    line = " · ".join(clean_line(fact) for fact in facts if fact)
    if line:
        yield _quiet(line)
    yield from _body_lines(passage, styled=styled, explain=explain)
    if passage.release.replaced_by is not None:
        yield _quiet(f"replaced by {clean_line(passage.release.replaced_by)}")
    if passage.release.replaces:
        yield _quiet(f"replaces {_named(passage.release.replaces)}")


def _further_lines(passage: RankedPassage, *, styled: bool, explain: bool) -> Iterator[OutputLine]:
    """Yield another passage of a release whose headline stands above."""
    facts = ["in the same release", *(clean_line(fact) for fact in _place(passage) if fact)]
    yield OutputLine(Text.assemble(f"{passage.rank}. ", (" · ".join(facts), QUIET)))
    yield from _body_lines(passage, styled=styled, explain=explain)


def _body_lines(passage: RankedPassage, *, styled: bool, explain: bool) -> Iterator[OutputLine]:
    """Yield what stands below the headline: text, quoted marks, citation, scores."""
    yield from text_lines(passage_text(passage))
    if not styled:
        for kind, name in (("answer", "Answer"), ("evidence", "Evidence")):
            for mark in painted(passage):
                if mark.kind == kind:
                    words = clean_line(passage.text[slice(*mark.span)])
                    yield OutputLine(Text(f"{name}: {words}"), INDENT)
    yield _quiet(clean_line(passage.citation))
    if passage.also_in:
        yield _quiet(f"also in {_named(passage.also_in)}")
    if explain:
        yield from _explanation(passage)


def text_lines(text: Text) -> Iterator[OutputLine]:
    """Yield the lines of a text that are not blank, indented."""
    for line in text.split("\n"):
        if line.plain.strip():
            yield OutputLine(line, INDENT)


def _quiet(line: str) -> OutputLine:
    return OutputLine(Text(line, style=QUIET), INDENT)


def passage_text(passage: RankedPassage) -> Text:
    """Return a passage's text with its highlights as styles."""
    text = Text(clean(passage.text))
    for kind, style in (("evidence", EVIDENCE), ("term", TERM), ("answer", EXACT)):
        for mark in painted(passage):
            if mark.kind == kind:
                text.stylize(style, *mark.span)
    return text


def _conclusion(answer: Answer, filters: Filters) -> Iterator[OutputLine]:
    """Yield the last lines: how it was found, then the short answer or that there is none."""
    if not answer.answered:
        yield from _no_answer_lines(answer, filters)
        return
    sure = f"{certainty(answer)} (confidence {answer.confidence:.2f})"
    yield OutputLine(Text(" · ".join([sure, *_circumstances(answer)]), style=QUIET))
    if answer.alternatives:
        for words in answer.candidates:
            yield OutputLine(_candidate(answer, words), INDENT)
        if others := other_values(answer, filters):
            yield OutputLine(Text(clean_line(others), style=QUIET))
        yield OutputLine(Text(clean_line(candidates_line(answer)), style=HEADLINE))
        return
    short = candidates_line(answer) or (answer.evidence.text if answer.evidence else "")
    if short:
        yield OutputLine(Text.assemble("Answer: ", (clean_line(short), HEADLINE)))


def _no_answer_lines(answer: Answer, filters: Filters) -> Iterator[OutputLine]:
    """Yield what to try, the nearest sentence, and that there is no answer."""
    line = " · ".join([*_circumstances(answer), *_what_to_try(answer, filters)])
    yield OutputLine(Text(line, style=QUIET))
    if answer.nearest is not None:
        yield OutputLine(Text(f"May help: {clean_line(quotation(answer.nearest.text))}"))
    yield OutputLine(Text.assemble((clean_line(no_answer(answer, filters)), f"bold {WARNING}")))


def _circumstances(answer: Answer) -> list[str]:
    """Return how an answer was found."""
    by_words = ["searched by words only"] if answer.by_words else []
    return [f"{answer.timing.total_ms:.0f} ms", *by_words]


def _what_to_try(answer: Answer, filters: Filters) -> list[str]:
    """Return what may find an answer, as one phrase; nothing where other commands are named."""
    if unmet_request(answer, filters):
        return []
    steps = ["fewer filters"] if filters else []
    if answer.passages:
        steps = ["other words", *steps, *([] if answer.by_words else ["the option --words-only"])]
    *others, last = steps or ["other words"]
    return [f"try {', '.join(others)} or {last}" if others else f"try {last}"]


def _candidate(answer: Answer, words: ExactAnswer) -> Text:
    """Return a candidate with the release it stands in."""
    passage = answer.passages[words.passage]
    facts = [headline(passage.release), passage.release.date or "undated"]
    source = " · ".join(map(clean_line, facts))
    return Text.assemble((clean_line(words.text), HEADLINE), (f"  {source}", QUIET))


def _place(passage: RankedPassage) -> list[str | None]:
    """Return the pages and the kind of a passage, for those that are worth saying."""
    page = None if passage.pages is None else format_pages(passage.pages)
    scan = None if passage.scan_confidence is None else format_scan(passage.scan_confidence)
    return [page, scan, _kind(passage)]


def _kind(passage: RankedPassage) -> str | None:
    """Return the kind and the speaker of a passage, None for plain body text."""
    if passage.speaker:
        said = f"quote by {passage.speaker}" if passage.kind == "quote" else None
        return said or f"{passage.kind}, quotes {passage.speaker}"
    return None if passage.kind == "body" else passage.kind


def _named(releases: tuple[str, ...]) -> str:
    shown = ", ".join(clean_line(release) for release in releases[:_NAMED])
    return shown if len(releases) <= _NAMED else f"{shown} and {len(releases) - _NAMED} more"


def _explanation(passage: RankedPassage) -> Iterator[OutputLine]:
    """Yield the features behind a score, one on each line."""
    scores = passage.scores
    rows: list[tuple[str, float | None]] = [
        ("meaning, passage", scores.dense),
        ("meaning, best sentence", scores.sentence),
        ("words", scores.lexical),
        ("reader", scores.reader),
        ("fused", scores.fused),
        *passage.explanation,
    ]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        shown = "none" if value is None else f"{value:.4f}"
        yield _quiet(f"{clean_line(name):<{width}}  {shown:>9}")
