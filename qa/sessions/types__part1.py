"""Names of sessions: what can be typed, printed and told apart."""

from collections.abc import Container
from itertools import count

from qa.errors import SessionError

MAX_NAME = 80


def checked_name(name: str) -> str:
    """Return a name without white space around it.

    Raises:
        SessionError: It is empty, too long, or holds what cannot be seen.
    """
    wrong = name_problem(name)
    if wrong is not None:
        raise SessionError(wrong)
    return name.strip()


def name_problem(name: str) -> str | None:
    """Return why a name cannot be given, or None when it can."""
    text = name.strip()
    if not text:
        return "the name of a session is empty; give it one that can be typed."
    if len(text) > MAX_NAME:
        return f"the name of a session has at most {MAX_NAME} characters."
    if not text.isprintable():
        return "the name of a session holds characters that cannot be seen."
    return None


def free_name(start: str, taken: Container[str]) -> str:
    """Return the first of `START-1`, `START-2`, … that is not taken."""
    return next(name for n in count(1) if (name := f"{start}-{n}") not in taken)
