"""A saved conversation as a file: Markdown and HTML for people, JSON for programs."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from qa.answer_json import answer_to_json, dumps
from qa.atomic_file import output_text
from qa.display import clean
from qa.errors import OutputError
from qa.export.html import render
from qa.export.markdown import escape, passage_blocks, verdict
from qa.sessions.store import options_to_json
from qa.sessions.types import (
    GRADES,
    SavedSession,
    SavedTurn,
    Transcript,
    question_count,
    when,
    why_unanswered,
)
from qa.types import RankedPassage
from qa.version import program_version

SCHEMA = 1
Format = Literal["markdown", "html", "json"]
SUFFIXES: Mapping[str, Format] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
}


def export(transcript: Transcript, format_: Format) -> Iterator[str]:
    """Yield a conversation in a format, piece by piece."""
    makers: Mapping[Format, Callable[[Transcript], Iterator[str]]] = {
        "markdown": _session_markdown,
        "html": _session_html,
        "json": _session_json,
    }
    return makers[format_](transcript)


def check_target(text: str) -> str | None:
    """Return why a conversation cannot be written to a file, or None when it can."""
    path = Path(text).expanduser()
    if path.suffix.lower() not in SUFFIXES:
        return f"The name must end in one of {', '.join(SUFFIXES)}."
    if not path.absolute().parent.is_dir():
        return f"There is no folder {path.parent}."
    return f"{path} already exists; choose another name." if os.path.lexists(path) else None


def write_export(transcript: Transcript, path: Path, format_: Format | None = None) -> None:
    """Write a conversation to a file, whole or not at all.

    Args:
        transcript: The conversation.
        path: The file; an existing one is replaced.
        format_: The format; None for the one that the file's suffix names.

    Raises:
        OutputError: The file cannot be written, or its suffix names no format.
    """
    format_ = format_ or SUFFIXES.get(path.suffix.lower())
    if format_ is None:
        raise OutputError(f"{path} has no known extension; use one of {', '.join(SUFFIXES)}.")
    with output_text(path) as stream:
        stream.writelines(export(transcript, format_))


def summary_json(session: SavedSession) -> dict[str, Any]:
    """Return what a list of sessions shows of one."""
    return {
        "name": session.name,
        "created_at": session.created_at,
        "updated_at": session.updated_at,
        "questions": session.turns,
        "first_question": session.first_question,
    }


def _session_json(transcript: Transcript) -> Iterator[str]:
    turns = [_turn_json(transcript, turn) for turn in transcript.turns]
    found = {"schema": SCHEMA, **summary_json(transcript.session), "turns": turns}
    yield dumps(found, indent=1) + "\n"


def _turn_json(transcript: Transcript, turn: SavedTurn) -> dict[str, Any]:
    grades = ((p.passage_id, transcript.grade(turn, p)) for p in turn.passages)
    return {
        "question": turn.question,
        "asked_as": turn.asked_as,
        "asked_at": turn.asked_at,
        "asking": options_to_json(turn.options, as_typed=turn.as_typed),
        "state": turn.state,
        "error": turn.error,
        "remarks": [asdict(remark) for remark in turn.remarks],
        "judgements": [
            {"passage_id": place, "grade": grade} for place, grade in grades if grade is not None
        ],
        "answer": None if turn.answer is None else answer_to_json(turn.answer),
    }


def _session_html(transcript: Transcript) -> Iterator[str]:
    return render(
        "session.html.j2",
        transcript=transcript,
        version=program_version(),
        grades=GRADES,
        question_count=question_count,
        when=when,
        why_unanswered=why_unanswered,
    )


def _session_markdown(transcript: Transcript) -> Iterator[str]:
    session = transcript.session
    yield f"# {escape(session.name)}\n\n{when(session.created_at)} · {question_count(session)}\n"
    for number, turn in enumerate(transcript.turns, start=1):
        yield "\n" + "\n\n".join(_turn_blocks(transcript, turn, number)) + "\n"


def _turn_blocks(transcript: Transcript, turn: SavedTurn, number: int) -> Iterator[str]:
    yield f"## {number}. {escape(turn.question)}"
    if turn.asked_as != turn.question:
        yield f"Asked as: {escape(turn.asked_as)}"
    if turn.answer is None or turn.state == "failed":
        yield f"**{escape(why_unanswered(turn))}**"
        return
    yield verdict(turn.answer)
    for passage in turn.passages:
        yield from passage_blocks(passage)
        yield from _remark_blocks(transcript, turn, passage)


def _remark_blocks(
    transcript: Transcript, turn: SavedTurn, passage: RankedPassage
) -> Iterator[str]:
    remark, grade = turn.remark_on(passage.passage_id), transcript.grade(turn, passage)
    labels = ["Pinned"] * remark.pinned
    if grade is not None:
        labels.append(GRADES[grade > 0])
    if labels:
        yield f"**{' · '.join(labels)}**"
    if remark.note:
        yield "**Note:** " + "\\\n".join(map(escape, clean(remark.note).split("\n")))
