"""A conversation as a file: Markdown and HTML for people, JSON for programs."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from qa.answer_json import answer_to_json, dumps
from qa.atomic_file import whole_file
from qa.errors import OutputError
from qa.sessions.export_html import session_html
from qa.sessions.export_markdown import session_markdown
from qa.sessions.types import SavedSession, SavedTurn, Transcript

SCHEMA = 1


def session_json(transcript: Transcript) -> Iterator[str]:
    """Yield a conversation as one JSON object."""
    found = summary_json(transcript.session) | {
        "turns": [_turn(transcript, turn) for turn in transcript.turns]
    }
    yield dumps({"schema": SCHEMA, **found}, indent=1) + "\n"


def summary_json(session: SavedSession) -> dict[str, Any]:
    """Return what a list of sessions shows of one."""
    return {
        "name": session.name,
        "created_at": session.created_at,
        "updated_at": session.updated_at,
        "questions": session.turns,
        "first_question": session.first_question,
    }


def _turn(transcript: Transcript, turn: SavedTurn) -> dict[str, Any]:
    grades = ((p.passage_id, transcript.grade(turn, p)) for p in turn.passages)
    return {
        "question": turn.question,
        "asked_as": turn.asked_as,
        "asked_at": turn.asked_at,
        "asking": asdict(turn.asking),
        "state": turn.state,
        "error": turn.error,
        "remarks": [asdict(remark) for remark in turn.remarks],
        "judgements": [
            {"passage_id": place, "grade": grade} for place, grade in grades if grade is not None
        ],
        "answer": None if turn.answer is None else answer_to_json(turn.answer),
    }


Format = Literal["markdown", "html", "json"]

_MAKERS: Mapping[Format, Callable[[Transcript], Iterator[str]]] = {
    "markdown": session_markdown,
    "html": session_html,
    "json": session_json,
}
SUFFIXES: Mapping[str, Format] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
}


def export(transcript: Transcript, form: Format) -> Iterator[str]:
    """Yield a conversation in a form, piece by piece."""
    return _MAKERS[form](transcript)


def form_of(path: Path) -> Format | None:
    """Return the form that a file's suffix names, or None."""
    return SUFFIXES.get(path.suffix.lower())


def check_target(text: str) -> str | None:
    """Say why a conversation cannot be written to a file, or None when it can."""
    path = Path(text).expanduser()
    if form_of(path) is None:
        return f"The name must end in one of {', '.join(SUFFIXES)}."
    if not path.absolute().parent.is_dir():
        return f"There is no folder {path.parent}."
    return f"{path} is there already; name another file." if os.path.lexists(path) else None


def write_export(transcript: Transcript, path: Path, form: Format | None = None) -> None:
    """Write a conversation to a file, whole or not at all.

    Args:
        transcript: The conversation.
        path: The file; replaced when it is there.
        form: In which form; None for the one that the file's suffix names.

    Raises:
        OutputError: The file cannot be written, or its suffix names no form.
    """
    form = form or form_of(path)
    if form is None:
        raise OutputError(f"{path} has no known extension; use one of {', '.join(SUFFIXES)}.")
    if path.exists() and not path.is_file():
        raise OutputError(f"{path} is not a regular file; choose another output.")
    try:
        with whole_file(path) as stream:
            stream.writelines(export(transcript, form))
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error
