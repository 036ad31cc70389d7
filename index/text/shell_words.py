"""Names in commands that a message suggests: quoted, so that a shell takes each as one word.

Names come from documents and from folders of others. A suggested command is there to be copied.
"""

from shlex import quote


def operand(name: str) -> str:
    """Return a name to stand at the end of a command, also if it looks like an option."""
    return f"-- {quote(name)}" if name.startswith("-") else quote(name)
