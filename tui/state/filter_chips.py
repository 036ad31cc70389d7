"""Filters in a few words each, as they are drawn: `issuer: Finance Canada`, `since 2024`."""

from index.filters import FILTERS, Edge, Filters, FilterSpec, calendar_date
from qa.display import clean_line
from qa.filter_syntax import filter_text

_YEAR, _MONTH = 4, 7
"""Characters of an ISO date that name its year, and its month."""


def filter_chips(filters: Filters) -> tuple[str, ...]:
    """Return one text for each filter that is set, in the order of the filters."""
    found = ((spec, filter_text(filters, spec)) for spec in FILTERS)
    return tuple(clean_line(_chip(spec, text)) for spec, text in found if text)


def _chip(spec: FilterSpec, text: str) -> str:
    if spec.edge is not None:
        return f"{spec.name.replace('_', ' ')} {_short_date(text, spec.edge)}"
    return f"{spec.name}: {text}"


def _short_date(day: str, edge: Edge) -> str:
    """Return the year or the month that means the same day as the value of a filter."""
    for length in (_YEAR, _MONTH):
        if calendar_date(day[:length], edge) == day:
            return day[:length]
    return day
