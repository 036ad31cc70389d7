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
    text = name.strip()
    if not text:
        raise SessionError("the name of a session is empty; give it one that can be typed.")
    if len(text) > MAX_NAME:
        raise SessionError(f"the name of a session has at most {MAX_NAME} characters.")
    if not text.isprintable():
        raise SessionError("the name of a session holds characters that cannot be seen.")
    return text


def free_name(start: str, taken: Container[str]) -> str:
    """Return the first of `START-1`, `START-2`, … that is not taken."""
    return next(name for n in count(1) if (name := f"{start}-{n}") not in taken)
