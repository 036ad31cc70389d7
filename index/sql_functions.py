"""Comparisons that SQLite lacks: letter case and accents beyond ASCII."""

import sqlite3
import unicodedata


def add_functions(connection: sqlite3.Connection) -> None:
    """Give SQL the comparisons that users expect beyond ASCII."""
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
