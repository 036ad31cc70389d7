"""A conversation as a file: Markdown and HTML for people, JSON for programs."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from qa.errors import OutputError
from qa.sessions.as_html import session_html
from qa.sessions.as_json import session_json
from qa.sessions.as_markdown import session_markdown
from qa.sessions.records import Transcript
from qa.whole_file import whole_file

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
        raise OutputError(f"{path} names no form; end it in one of {', '.join(SUFFIXES)}.")
    if path.exists() and not path.is_file():
        raise OutputError(f"{path} is no file that can be replaced; name another.")
    try:
        with whole_file(path) as stream:
            stream.writelines(export(transcript, form))
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error
