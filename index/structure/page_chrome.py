"""Lines of a saved page that are no part of the release on it: what can be done with the page."""

import re

from index.structure.paragraphs import WRAP_WIDTH

_COMMAND = r"(?:share|e-?mail|print|tweet|bookmark|partager|imprimer)"
_FURNITURE = re.compile(
    rf"^\W*(?:{_COMMAND} (?:this|cette) (?:page|article|release|story)(?: (?:to|with) a friend)?"
    rf"[\s:|·•]*){{1,6}}$|^\W*(?:back to top|skip to (?:main )?content|"
    r"(?:next|previous) (?:article|post|story|item|(?:press |news )?release))\W*$",
    re.IGNORECASE,
)
"""What a reader can do with the page, which is no part of the release: "Share this page"."""

_BARE = re.compile(rf"^\W*{_COMMAND}\W*$", re.IGNORECASE)


_PART = (
    r"(?:press room|news ?room|news(?: (?:releases?|items?|center|centre))?|press(?: releases?)?|"
    r"media(?: center| centre| releases?)?|home|archives?|salle de presse|nouvelles|accueil)"
)
_LABEL = re.compile(
    rf"^\W*(?:{_PART}(?:\W+{_PART})*|(?:filter|browse|sort|search)(?: by)?)\W*$", re.IGNORECASE
)


_PAGE_NAME = re.compile(
    rf"\A\W*{_PART}\W*\Z|\s[:|–—-]\s+{_PART}\W*\Z|\A[^:]{{3,80}}:\s*\Z|\bofficial (?:web)?site\b",
    re.IGNORECASE,
)


def is_furniture(words: str) -> bool:
    """Whether a line says what can be done with the page."""
    return len(words) <= WRAP_WIDTH and _FURNITURE.match(words) is not None


def is_command(words: str) -> bool:
    """Whether a line is a button's single word; "E-mail:" may be a contact's as well."""
    return _BARE.match(words) is not None


def is_label(words: str) -> bool:
    """Whether a line names a part of a site, "News - Press Releases", or asks for a choice."""
    return len(words) <= WRAP_WIDTH and _LABEL.match(words) is not None


def is_page_name(title: str) -> bool:
    """Whether a source's title names the page or the site, as "Jane Doe : Press Room" does."""
    return _PAGE_NAME.search(title) is not None
