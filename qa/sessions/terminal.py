"""Saved conversations as cleaned lines for a terminal or a pipe."""

from collections.abc import Iterator

from rich.text import Text

from qa.display import clean_line
from qa.export.terminal import HEADLINE, INDENT, QUIET, WARNING, OutputLine, passage_lines
from qa.presentation import BETWEEN, no_answer
from qa.sessions.search import FoundTurn
from qa.sessions.types import GRADES, SavedTurn, Transcript, question_count, when, why_unanswered
from qa.types import RankedPassage


def transcript_lines(transcript: Transcript, *, styled: bool) -> Iterator[OutputLine]:
    """Yield a conversation: each question with its best passage and those with remarks.

    Args:
        transcript: The conversation.
        styled: Whether styles will be seen.
    """
    session = transcript.session
    yield OutputLine(Text(clean_line(session.name), style=HEADLINE))
    yield OutputLine(Text(f"{when(session.created_at)} · {question_count(session)}", style=QUIET))
    for number, turn in enumerate(transcript.turns, start=1):
        yield OutputLine(Text())
        yield OutputLine(Text(f"[{number}] {clean_line(turn.question)}", style=HEADLINE))
        if turn.asked_as != turn.question:
            yield OutputLine(Text(f"asked as: {clean_line(turn.asked_as)}", style=QUIET), INDENT)
        yield OutputLine(_verdict(turn), INDENT)
        for passage in turn.passages:
            remarks = list(_remarks(transcript, turn, passage))
            if remarks or (passage.rank == 1 and turn.state == "done"):
                yield from passage_lines(passage, styled=styled)
                yield from remarks


def found_lines(found: FoundTurn) -> Iterator[OutputLine]:
    """Yield a turn that a search found."""
    place = f"{clean_line(found.session.name)} [{found.number}] "
    yield OutputLine(Text.assemble((place, QUIET), (clean_line(found.turn.question), HEADLINE)))
    yield OutputLine(_verdict(found.turn), INDENT)


def _verdict(turn: SavedTurn) -> Text:
    answer = turn.answer
    if answer is None or turn.state == "failed":
        return Text(clean_line(why_unanswered(turn)), style=WARNING)
    if not answer.answered:
        return Text(clean_line(no_answer(answer)))
    exact = answer.answer.joined(BETWEEN) if answer.answer else ""
    words = exact or (answer.evidence.text if answer.evidence else "")
    said = f"{clean_line(words)} · " if words else ""
    return Text(f"{said}confidence {answer.confidence:.2f}")


def _remarks(
    transcript: Transcript, turn: SavedTurn, passage: RankedPassage
) -> Iterator[OutputLine]:
    remark, grade = turn.remark_on(passage.passage_id), transcript.grade(turn, passage)
    said = ["Pinned"] * remark.pinned
    if grade is not None:
        said.append(GRADES[grade > 0])
    if remark.note:
        said.append(f"Note: {clean_line(remark.note)}")
    yield from (OutputLine(Text(line), INDENT) for line in said)
