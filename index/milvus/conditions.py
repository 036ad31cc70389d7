"""Filters as conditions of Milvus, which are met before the nearest passages are taken."""

from collections.abc import Callable

from index.errors import NotAvailableError
from index.filters import FILTERS, Filters, day_begins, fold_name
from index.milvus.connection import literal


def conditions(filters: Filters) -> list[str]:
    """Return the conditions that rows of passages must meet, all of them.

    Raises:
        NotAvailableError: When Milvus cannot compare what a filter compares.
        ValueError: `mentions` is set, and nobody has said which releases it selects.
    """
    filters.check_mentions()
    found = []
    for spec in FILTERS:
        value = spec.value(filters)
        if value and spec.where is not None:
            if spec.name not in _CONDITIONS:
                raise NotAvailableError(f"{spec.option} is not available for collections in Milvus")
            found.append(_CONDITIONS[spec.name](value))
    if filters.after:
        found.append(f"release > {filters.after}")
    if filters.named_in is not None:
        found.append(f"release in {literal(filters.named_in)}")
    return found


def _contains(field: str, text: str) -> str:
    return f"{field} like {literal(f'%{_plain(text)}%')}"


def _plain(text: str) -> str:
    """Return a text without wildcards."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _matches(field: str, glob: str) -> str:
    """Return the condition for a pattern with `*` and `?`."""
    if "[" in glob:
        raise NotAvailableError(
            "--source with [ ] is not available for collections in Milvus; use * and ?"
        )
    wildcards = {"*": "%", "?": "_"}
    pattern = "".join(wildcards.get(char) or _plain(char) for char in glob)
    return f"{field} like {literal(pattern)}"


_CONDITIONS: dict[str, Callable[..., str]] = {
    "since": lambda day: f"date >= {literal(day)}",
    "until": lambda day: f'day != "" and day <= {literal(day)}',
    "issuer": lambda text: _contains("issuer_folded", text.casefold()),
    "lang": lambda code: f"lang == {literal(code)}",
    "source": lambda glob: _matches("source", glob),
    "kind": lambda kinds: f"kind in {literal(kinds)}",
    "speaker": lambda text: _contains("speaker_folded", fold_name(text)),
    "indexed_since": lambda day: f"updated_at >= {literal(day_begins(day))}",
}
