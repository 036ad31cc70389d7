"""What SQLite lacks: letter case and accents beyond ASCII, a look into a release's metadata."""

import sqlite3
import unicodedata

from index.rows import member


def add_functions(connection: sqlite3.Connection) -> None:
    """Give SQL comparisons beyond ASCII, and a release's place in its file."""
    connection.create_function("member", 1, member, deterministic=True)
    connection.create_function(
        "casefold", 1, lambda text: text.casefold() if text else "", deterministic=True
    )
    connection.create_function(
        "plain", 1, lambda text: plain(text) if text else "", deterministic=True
    )


def plain(name: str) -> str:
    """Return a name as it is compared: without letter case and accents, blanks as one."""
    letters = unicodedata.normalize("NFKD", " ".join(name.split()).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
