"""`releaseqa chat`: the terminal UI."""

import sys
from typing import Annotated

import typer

from index.filters import Filters
from qa.cli.boundary import FAILED
from qa.cli.options import K, Reader, Risk, WordsOnly
from qa.cli.session import Session


def chat(
    session: Session,
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
    words_only: WordsOnly = False,
    reader: Reader = None,
) -> int:
    """Ask in the terminal: a conversation, with each passage in its release.

    With SOURCE, these are indexed first, with progress in the UI. F1 shows the keys.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        session.warn(
            "releaseqa: chat needs a terminal; use `releaseqa ask QUESTION` or "
            "`releaseqa batch FILE` here."
        )
        return FAILED
    folder = session.folder_for_writing() if sources else session.folder()
    settings = session.settings(folder)
    from tui.app import run_chat

    return run_chat(
        folder,
        sources or [],
        k=k or settings.k,
        filters=filters,
        risk=settings.risk if risk is None else risk,
        words_only=words_only or settings.words_only,
        reader=settings.reader if reader is None else reader,
        questions=(),
    )


COMMANDS = (
    (
        "chat",
        chat,
        ("releaseqa chat", "releaseqa chat press-releases/", "releaseqa chat --since 2023"),
    ),
)
