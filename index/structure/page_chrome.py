"""Lines of a saved web page that are not part of the release: controls and names of the site."""

import re

from index.structure.paragraphs import WRAP_WIDTH

_CONTROL_WORD = r"(?:share|e-?mail|print|tweet|bookmark|partager|imprimer)"
_PAGE_CONTROL = re.compile(
    rf"^\W*(?:{_CONTROL_WORD} (?:this|cette) (?:page|article|release|story)"
    rf"(?: (?:to|with) a friend)?[\s:|·•]*){{1,6}}$|^\W*(?:back to top|skip to (?:main )?content|"
    r"(?:next|previous) (?:article|post|story|item|(?:press |news )?release))\W*$",
    re.IGNORECASE,
)
"""A line such as "Share this page" or "Back to top"."""

_ONLY_CONTROL_WORD = re.compile(rf"^\W*{_CONTROL_WORD}\W*$", re.IGNORECASE)

_SITE_SECTION = (
    r"(?:press room|news ?room|news(?: (?:releases?|items?|center|centre))?|press(?: releases?)?|"
    r"media(?: center| centre| releases?)?|home|archives?|salle de presse|nouvelles|accueil)"
)
_SITE_LABEL = re.compile(
    rf"^\W*(?:{_SITE_SECTION}(?:\W+{_SITE_SECTION})*|(?:filter|browse|sort|search)(?: by)?)\W*$",
    re.IGNORECASE,
)

_PAGE_NAME = re.compile(
    rf"\A\W*{_SITE_SECTION}\W*\Z|\s[:|–—-]\s+{_SITE_SECTION}\W*\Z|\A[^:]{{3,80}}:\s*\Z|"
    r"\bofficial (?:web)?site\b",
    re.IGNORECASE,
)


def is_page_control(words: str) -> bool:
    """Whether a line is a control of the page, such as "Print this article"."""
    return len(words) <= WRAP_WIDTH and _PAGE_CONTROL.match(words) is not None


def is_control_word(words: str) -> bool:
    """Whether a line is the single word of a button; a contact may have "E-mail:" as well."""
    return _ONLY_CONTROL_WORD.match(words) is not None


def is_site_label(words: str) -> bool:
    """Whether a line names a section of the site ("News - Press Releases") or labels a choice."""
    return len(words) <= WRAP_WIDTH and _SITE_LABEL.match(words) is not None


def is_page_name(title: str) -> bool:
    """Whether a title names the page or the site, as "Jane Doe : Press Room" does."""
    return _PAGE_NAME.search(title) is not None
