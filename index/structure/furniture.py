"""Lines of a saved page that are no part of the release on it: what can be done with the page."""

import re

from index.structure.blocks import WRAP_WIDTH

_COMMAND = r"(?:share|e-?mail|print|tweet|bookmark|partager|imprimer)"
_FURNITURE = re.compile(
    rf"^\W*(?:{_COMMAND} (?:this|cette) (?:page|article|release|story)(?: (?:to|with) a friend)?"
    rf"[\s:|·•]*){{1,6}}$|^\W*(?:back to top|skip to (?:main )?content)\W*$",
    re.IGNORECASE,
)
"""What a reader can do with the page, which is no part of the release: "Share this page"."""

_BARE = re.compile(rf"^\W*{_COMMAND}\W*$", re.IGNORECASE)


def is_furniture(words: str) -> bool:
    """Whether a line says what can be done with the page."""
    return len(words) <= WRAP_WIDTH and _FURNITURE.match(words) is not None


def is_command(words: str) -> bool:
    """Whether a line is a button's single word; "E-mail:" may be a contact's as well."""
    return _BARE.match(words) is not None
