"""Control characters that must not reach a terminal or a pipe."""


def raw_controls(text: str) -> set[str]:
    """Return every control character but the line end and the tab, and every mark of direction."""
    return {
        character
        for character in text
        if (character < " " and character not in "\n\t")
        or "\x7f" <= character <= "\x9f"
        or "\u202a" <= character <= "\u202e"
    }
