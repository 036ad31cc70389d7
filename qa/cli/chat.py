"""`releaseqa chat`: the terminal UI."""

import os
import sys
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from index.errors import CollectionNotFoundError
from index.filters import Filters
from qa.batch.question_file import QuestionRecord, read_questions
from qa.cli.context import Context
from qa.cli.errors import FAILED
from qa.cli.options import K, Reader, Risk, SessionName, WordsOnly, option

_SHOWN = 6
_UNABLE = {"dumb", "unknown"}
"""Terminals that cannot move the cursor."""
_FRAME_RATE = "120"
"""Frames per second. A key pressed just after a frame waits 8 ms for the next one; at 60, 17 ms."""

Questions = Annotated[
    Path | None,
    option(
        "--questions",
        metavar="FILE",
        text="File of questions to suggest in an empty chat. Default: the questions that "
        "`index` chose.",
    ),
]


def chat(
    context: Context,
    *,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE", help="Files or folders to index first.", show_default=False
        ),
    ] = None,
    filters: Filters,
    k: K = None,
    risk: Risk = None,
    words_only: WordsOnly = None,
    reader: Reader = None,
    session_name: SessionName = None,
    questions: Questions = None,
) -> int:
    """Open the terminal UI: ask questions and read each passage in its release.

    If SOURCE is given, it is indexed first. If there is no collection yet, the chat asks for a
    folder to index. Press F1 for a list of keys.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        context.warn(
            "releaseqa: chat needs a terminal; use `releaseqa ask QUESTION` or "
            "`releaseqa batch FILE` instead."
        )
        return FAILED
    if os.environ.get("TERM") in _UNABLE:
        context.warn(
            f"releaseqa: this terminal (TERM={os.environ['TERM']}) cannot show the chat; use "
            "`releaseqa ask QUESTION` instead."
        )
        return FAILED
    new = False
    try:
        folder = context.folder_for_writing() if sources else context.folder()
    except CollectionNotFoundError:
        folder, new = context.folder_for_writing(), True
    settings = context.settings(folder, k=k, risk=risk, words_only=words_only, reader=reader)
    os.environ.setdefault("TEXTUAL_FPS", _FRAME_RATE)  # read when textual is imported
    from tui.app import ChatSettings, run_chat

    chat_settings = ChatSettings(
        folder,
        options=settings.ask_options(filters),
        sources=tuple(sources or ()),
        questions=tuple(first_questions(questions)) if questions else (),
        session=session_name,
        keys=tuple(settings.keys.items()),
        new=new,
    )
    return run_chat(chat_settings, say=context.say, model=settings.model, max_mb=settings.max_mb)


def first_questions(file: Path) -> list[str]:
    """Return the first few questions of a file, to suggest in an empty chat."""
    with file.open("rb") as stream:
        found = (q.text for q in read_questions(stream) if isinstance(q, QuestionRecord))
        return list(islice(found, _SHOWN))


COMMANDS = (
    (
        "chat",
        chat,
        ("releaseqa chat", "releaseqa chat press-releases/", "releaseqa chat --session bridge"),
    ),
)
