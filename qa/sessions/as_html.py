"""A conversation as a page of HTML: it stands alone, prints well and runs nothing.

The best passage of an answer stands whole, so does one that the user pinned, judged or wrote a
note on; the others in brief, each with its citation.
"""

from collections.abc import Iterator

from qa.answer import RankedPassage
from qa.sessions.records import SavedTurn, Transcript
from qa.sessions.wording import GRADES, question_count, unanswered, when
from qa.version import program_version
from qa.writers.page import line, lines, page, passage_article, verdict


def session_html(transcript: Transcript) -> Iterator[str]:
    """Yield a conversation as a whole page."""
    return page(transcript.session.name, _body(transcript))


def _body(transcript: Transcript) -> Iterator[str]:
    session = transcript.session
    yield f"<header>\n<h1>{line(session.name)}</h1>"
    yield f'<p class="facts">{when(session.created_at)} · {question_count(session)}</p>'
    yield from _contents(transcript)
    yield "</header>\n<main>"
    for number, turn in enumerate(transcript.turns, start=1):
        yield from _section(transcript, turn, number)
    yield "</main>"
    yield (
        f"<footer>Made by releaseqa {line(program_version())}. Every passage is copied from a "
        "release; <code>releaseqa cite</code> checks a citation.</footer>"
    )


def _contents(transcript: Transcript) -> Iterator[str]:
    if len(transcript.turns) > 1:
        yield "<nav>\n<h2>Questions</h2>\n<ol>"
        for number, turn in enumerate(transcript.turns, start=1):
            yield f'<li><a href="#q{number}">{line(turn.question)}</a></li>'
        yield "</ol>\n</nav>"


def _section(transcript: Transcript, turn: SavedTurn, number: int) -> Iterator[str]:
    heading = f'<span class="number">{number}</span>{line(turn.question)}'
    yield f'<section id="q{number}">\n<h2>{heading}</h2>'
    if turn.asked_as != turn.question:
        yield f'<p class="asked-as">Asked as: {line(turn.asked_as)}</p>'
    if turn.answer is None or turn.state == "failed":
        yield f'<p class="verdict failed">{line(unanswered(turn))}</p>'
    else:
        yield verdict(turn.answer)
        for passage in turn.passages:
            yield _passage(transcript, turn, passage)
    yield "</section>"


def _passage(transcript: Transcript, turn: SavedTurn, passage: RankedPassage) -> str:
    remark, grade = turn.remark_on(passage.passage_id), transcript.grade(turn, passage)
    below = []
    if grade is not None:
        kind = "good" if grade > 0 else "bad"
        below.append(f'<p class="remark {kind}">{GRADES[grade > 0]}</p>\n')
    if remark.pinned:
        below.append('<p class="remark">Pinned</p>\n')
    if remark.note:
        below.append(f'<p class="remark">{lines(remark.note)}</p>\n')
    first = passage.rank == 1 and turn.answer is not None and turn.answer.answered
    return passage_article(
        passage, brief=not (first or below), pinned=remark.pinned, below="".join(below)
    )
