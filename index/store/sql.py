"""Filters as conditions of SQL, for queries over releases `r`, sources `s` and passages `p`."""

from collections.abc import Sequence
from typing import Any

from index.filters import Filters
from index.rows import SOURCE
from index.sql_functions import plain


def release_conditions(filters: Filters) -> tuple[str, list[Any]]:
    """Return the part of a WHERE clause that concerns releases, and its values."""
    clauses: list[str] = ["1"]
    values: list[Any] = []
    for clause, value in (
        ("r.date >= ?", filters.since),
        ("substr(r.date, 1, 10) <= ?", filters.until),
        ("r.lang = ?", filters.lang),
        (f"{SOURCE} GLOB ?", filters.source),
        ("instr(casefold(r.issuer), ?) > 0", filters.issuer and filters.issuer.casefold()),
        ("r.id > ?", filters.after),
    ):
        if value:
            clauses.append(clause)
            values.append(value)
    return " AND ".join(clauses), values


def passage_conditions(filters: Filters) -> tuple[str, list[Any]]:
    """Return the part of a WHERE clause that concerns passages, and its values."""
    clauses: list[str] = ["1"]
    values: list[Any] = []
    if filters.kinds:
        clauses.append(f"p.kind IN ({marks(filters.kinds)})")
        values += filters.kinds
    if filters.speaker:
        clauses.append("instr(plain(p.speaker), ?) > 0")
        values.append(plain(filters.speaker))
    return " AND ".join(clauses), values


def marks(values: Sequence[Any]) -> str:
    """Return as many placeholders as there are values."""
    return ",".join("?" * len(values))
