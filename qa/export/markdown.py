"""A report in Markdown: each question, its passages with the evidence in bold, the citations.

Text from a document is escaped, so that it cannot become a link, an image, HTML, a heading or a
table, in CommonMark or in GitHub's dialect, which makes links of bare addresses.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from index.types import Span
from qa.answer_json import Failure, Outcome, OutcomeState, outcome_state
from qa.display import clean, clean_line
from qa.presentation import (
    CLOSEST_PASSAGES,
    candidates_line,
    certainty,
    headline,
    no_answer,
    painted,
    quotation,
    searched_instead,
)
from qa.types import Answer, RankedPassage

_INLINE = re.compile(r"[\\`*_\[\]<>&~|$@#]|(?<=[^\W_]):(?=\S)|(?<=\w)\.(?=[^\W\d_])")
_LINE_START = re.compile(r"^(?P<before>\d{1,9}(?=[.)])|(?=[-+=]))(?P<mark>.)")


def markdown_report(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield a report: each outcome as a section, the counts at the end."""
    counts: Counter[OutcomeState] = Counter()
    yield "# Answers\n"
    for outcome in outcomes:
        counts[outcome_state(outcome)] += 1
        yield "\n" + "\n\n".join(_section(outcome)) + "\n"
    yield (
        f"\n---\n\n{counts['answered']} answered, {counts['declined']} without an answer here, "
        f"{counts['failed']} failed.\n"
    )


def escape(text: str) -> str:
    """Return text escaped for a line of Markdown."""
    return _guard_start(_escape_inline(clean_line(text).strip()))


def _escape_inline(text: str) -> str:
    return _INLINE.sub(r"\\\g<0>", text)


def _guard_start(line: str) -> str:
    """Return an escaped line that does not begin a list, a rule or a heading."""
    return _LINE_START.sub(r"\g<before>\\\g<mark>", line, count=1)


def _section(outcome: Outcome) -> Iterator[str]:
    """Yield the blocks of one question."""
    number = f"{escape(outcome.id)} · " if outcome.id else ""
    yield f"## {number}{escape(outcome.question)}"
    if isinstance(outcome, Failure):
        yield f"Not asked: {escape(outcome.error)}"
        return
    if outcome.completed:
        yield f"Asked as: {escape(outcome.asked_as)}"
    if outcome.corrections:
        yield escape(searched_instead(outcome))
    yield verdict(outcome)
    for passage in outcome.passages:
        yield from passage_blocks(passage)


def passage_blocks(passage: RankedPassage) -> Iterator[str]:
    """Yield the blocks of one passage: its headline, its words, its citation."""
    title = escape(headline(passage.release))
    yield f"**{passage.rank}\\. {title}**{_facts(passage)}"
    yield _quotation(passage)
    yield f"Citation: {_code(passage.citation)}"


def verdict(answer: Answer) -> str:
    """Return how confident an answer is and its exact words, or that there is none."""
    if answer.answered:
        if answer.alternatives:
            words = _bold(clean_line(candidates_line(answer)))
            return f"{words} — {certainty(answer)} (confidence {answer.confidence:.2f})"
        sure = f"onfidence {answer.confidence:.2f}"
        return (
            f"{_bold(clean_line(candidates_line(answer)))} — c{sure}"
            if answer.answer
            else f"C{sure}"
        )
    sentence = f"**{escape(no_answer(answer))}**"
    if answer.nearest is not None:
        sentence += f" May help: {escape(quotation(answer.nearest.text))}"
    return f"{sentence}\n\n{CLOSEST_PASSAGES}" if answer.passages else sentence


def _facts(passage: RankedPassage) -> str:
    """Return issuer and date, to follow the headline."""
    facts = [fact for fact in (passage.release.issuer, passage.release.date) if fact]
    return f" — {escape(' · '.join(facts))}" if facts else ""


def _quotation(passage: RankedPassage) -> str:
    """Return a passage as a block quote, line by line, the evidence in bold."""
    text = clean(passage.text)
    marked = [mark.span for mark in painted(passage) if mark.kind == "evidence"]
    lines, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            lines.append(_marked_line(line, start, marked))
        start += len(line) + 1
    return "> " + "\\\n> ".join(lines)


def _marked_line(line: str, offset: int, marked: list[Span]) -> str:
    """Return one line, escaped, with its marked spans in bold."""
    parts, position = [], 0
    for span in sorted(marked):
        start, end = max(span[0] - offset, position), min(span[1] - offset, len(line))
        if start < end and line[start:end].strip():
            parts += [_escape_inline(line[position:start]), _bold(line[start:end])]
            position = end
    parts.append(_escape_inline(line[position:]))
    return _guard_start("".join(parts).strip())


def _bold(text: str) -> str:
    """Return text in bold; white space around it stays outside, as Markdown requires."""
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}**{_escape_inline(text.strip())}**{after}"


def _code(text: str) -> str:
    """Return text as a code span that no backtick inside can end."""
    line = clean_line(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    return f"{fence} {line} {fence}"
