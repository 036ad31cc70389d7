"""An answer as lines of styled text, for a terminal or a pipe.

Text from a document is cleaned here and never parsed as markup. On a terminal the evidence is
underlined, the exact words are reversed and the words of the question are bold. Without styles,
lines below each passage quote its answer and its evidence.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.text import Text

from index.store.page_numbers import format_pages
from qa.display import clean, clean_line
from qa.types import Answer, RankedPassage

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
    """A line without its line end; a terminal may wrap it at its indent."""

    text: Text
    indent: int = 0


def answer_lines(answer: Answer, *, styled: bool, explain: bool = False) -> Iterator[OutputLine]:
    """Yield an answer as lines.

    Args:
        answer: The answer.
        styled: Whether styles can be seen.
        explain: Show the features behind each score.
    """
    if answer.completed:
        yield OutputLine(Text(f"Asked as: {clean_line(answer.asked_as)}", style=QUIET))
    if not answer.answered:
        yield OutputLine(_declined(answer))
    for passage in answer.passages:
        if passage.rank > 1 or not answer.answered or answer.completed:
            yield OutputLine(Text())
        yield from passage_lines(passage, styled=styled, explain=explain)
    yield OutputLine(Text())
    yield OutputLine(_footer(answer))


def passage_lines(
    passage: RankedPassage, *, styled: bool, explain: bool = False
) -> Iterator[OutputLine]:
    """Yield one passage: rank and headline, issuer and date, text, citation."""
    title = clean_line(passage.release.title) or "Untitled"
    yield OutputLine(Text.assemble(f"{passage.rank}. ", (title, HEADLINE)))
    page = None if passage.pages is None else format_pages(passage.pages)
    facts = [passage.release.issuer, passage.release.date, page, _kind(passage)]
    line = " · ".join(clean_line(fact) for fact in facts if fact)
    if line:
        yield _quiet(line)
    yield from text_lines(passage_text(passage))
    if not styled:
        for kind, name in (("answer", "Answer"), ("evidence", "Evidence")):
            for mark in passage.highlights:
                if mark.kind == kind:
                    words = clean_line(passage.text[slice(*mark.span)])
                    yield OutputLine(Text(f"{name}: {words}"), INDENT)
    yield _quiet(clean_line(passage.citation))
    if passage.also_in:
        yield _quiet(f"also in {_named(passage.also_in)}")
    if passage.release.replaced_by is not None:
        yield _quiet(f"replaced by {clean_line(passage.release.replaced_by)}")
    if passage.release.replaces:
        yield _quiet(f"replaces {_named(passage.release.replaces)}")
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
        for mark in passage.highlights:
            if mark.kind == kind:
                text.stylize(style, *mark.span)
    return text


def _declined(answer: Answer) -> Text:
    reason = clean_line(answer.reason or "nothing in the collection answers the question")
    nearest = " Nearest passages, which do not answer:" if answer.passages else ""
    ended = "" if reason.endswith((".", "!", "?")) else "."
    return Text.assemble(("No answer here: ", f"bold {WARNING}"), f"{reason}{ended}{nearest}")


def _footer(answer: Answer) -> Text:
    line = f"confidence {answer.confidence:.2f} · {answer.timing.total_ms:.0f} ms"
    if answer.by_words:
        line += " · searched by words only"
    return Text(line, style=QUIET)


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
