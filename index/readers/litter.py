"""Files that office programs and desktops leave beside documents: locks, shortcuts, thumbnails.

They are nobody's documents, so they are left out without a word unless a user names one.
"""

import re

_LITTER = re.compile(
    r"~\$.*"  # Word's lock; that of LibreOffice begins with a dot, as hidden files do
    r"|.*\.(?:lnk|url|webloc)"
    r"|thumbs\.db|desktop\.ini",
    re.IGNORECASE | re.DOTALL,
)


def is_litter(name: str) -> bool:
    """Return whether a file of this name is a lock, a shortcut or the like, or is hidden."""
    return name.startswith(".") or _LITTER.fullmatch(name) is not None
