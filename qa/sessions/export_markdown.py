"""A conversation in Markdown: questions, passages as block quotes, notes, citations."""

from collections.abc import Iterator

from qa.display import clean
from qa.export.markdown import escape, passage_blocks, verdict
from qa.sessions.types import SavedTurn, Transcript
from qa.sessions.wording import GRADES, question_count, unanswered, when
from qa.types import RankedPassage


def session_markdown(transcript: Transcript) -> Iterator[str]:
    """Yield a conversation as Markdown, turn by turn."""
    session = transcript.session
    yield f"# {escape(session.name)}\n\n{when(session.created_at)} · {question_count(session)}\n"
    for number, turn in enumerate(transcript.turns, start=1):
        yield "\n" + "\n\n".join(_blocks(transcript, turn, number)) + "\n"


def _blocks(transcript: Transcript, turn: SavedTurn, number: int) -> Iterator[str]:
    yield f"## {number}. {escape(turn.question)}"
    if turn.asked_as != turn.question:
        yield f"Asked as: {escape(turn.asked_as)}"
    if turn.answer is None or turn.state == "failed":
        yield f"**{escape(unanswered(turn))}**"
        return
    yield verdict(turn.answer)
    for passage in turn.passages:
        yield from passage_blocks(passage)
        yield from _remarks(transcript, turn, passage)


def _remarks(transcript: Transcript, turn: SavedTurn, passage: RankedPassage) -> Iterator[str]:
    remark, grade = turn.remark_on(passage.passage_id), transcript.grade(turn, passage)
    said = ["Pinned"] * remark.pinned
    if grade is not None:
        said.append(GRADES[grade > 0])
    if said:
        yield f"**{' · '.join(said)}**"
    if remark.note:
        yield "**Note:** " + "\\\n".join(map(escape, clean(remark.note).split("\n")))
