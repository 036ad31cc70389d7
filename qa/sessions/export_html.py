"""A conversation as a page of HTML: it stands alone, prints well and runs nothing.

The best passage of an answer stands whole, so does one that the user pinned, judged or wrote a
note on; of the others the citation. Where there was no answer, the nearest passages stand in brief.
"""

from collections.abc import Iterator

from qa.export.html_page import line, lines, page, passage_article, verdict
from qa.sessions.types import SavedTurn, Transcript
from qa.sessions.wording import GRADES, question_count, unanswered, when
from qa.types import RankedPassage
from qa.version import program_version

_STYLE = """
h3.further { font-size: .78rem; font-weight: 600; color: var(--quiet); margin: 0 0 .15rem; }
ol.further { margin: 0; padding-left: 1.6em; color: var(--quiet); font-size: .74rem;
  line-height: 1.45; font-family: system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
ol.further li { break-inside: avoid; }
@media print {
  section { margin-top: 1.2rem; padding-top: .8rem; }
  article { padding: .5rem .8rem; margin-bottom: .6rem; }
  article:not(.brief) { break-inside: avoid; }
}
"""


def session_html(transcript: Transcript) -> Iterator[str]:
    """Yield a conversation as a whole page."""
    return page(transcript.session.name, _body(transcript), style=_STYLE)


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
        yield from _passages(transcript, turn, answered=turn.answer.answered)
    yield "</section>"


def _passages(transcript: Transcript, turn: SavedTurn, *, answered: bool) -> Iterator[str]:
    further = []
    for passage in turn.passages:
        below, pinned = _remarks(transcript, turn, passage), _pinned(turn, passage)
        if below or passage.rank == 1 or not answered:
            brief = not (below or answered)
            yield passage_article(passage, brief=brief, pinned=pinned, below=below)
        else:
            further.append(f'<li value="{passage.rank}">{line(passage.citation)}</li>')
    if further:
        yield '<h3 class="further">Further passages</h3>\n<ol class="further">'
        yield from further
        yield "</ol>"


def _pinned(turn: SavedTurn, passage: RankedPassage) -> bool:
    return turn.remark_on(passage.passage_id).pinned


def _remarks(transcript: Transcript, turn: SavedTurn, passage: RankedPassage) -> str:
    """Return what the user made of a passage, empty when it is nothing."""
    remark, grade = turn.remark_on(passage.passage_id), transcript.grade(turn, passage)
    below = []
    if grade is not None:
        kind = "good" if grade > 0 else "bad"
        below.append(f'<p class="remark {kind}">{GRADES[grade > 0]}</p>\n')
    if remark.pinned:
        below.append('<p class="remark">Pinned</p>\n')
    if remark.note:
        below.append(f'<p class="remark">{lines(remark.note)}</p>\n')
    return "".join(below)
