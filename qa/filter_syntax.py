"""Filters as users write them: names and texts to `Filters` and back.

The command line, question files, the MCP tools and the terminal UI all read filters here, so the
same text means the same everywhere. The filters themselves are defined in `index.filters`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields, replace

from index.filters import FILTERS, NO_FILTERS, Filters, FilterSpec
from index.text.surrogates import has_surrogate
from qa import clock
from qa.errors import SettingsError

FILTER_NAMES = tuple(spec.name for spec in FILTERS)
"""The names as users write them; on the command line after two dashes."""
MAX_FILTER = 2000
"""Maximum length of a filter's text, in code points; SQLite refuses long patterns."""


def parse_filters(values: Mapping[str, str | None], today: dt.date | None = None) -> Filters:
    """Read filters from what a user wrote.

    Args:
        values: Texts by the names in `FILTER_NAMES`; None means not given.
        today: The day from which relative dates count; None for today.

    Returns:
        The filters; `NO_FILTERS` when nothing is given.

    Raises:
        SettingsError: A name is not a filter, a text is too long, is not valid Unicode or is not a
            value of its filter, or `since` is after `until`.
    """
    specs = {spec.name: spec for spec in FILTERS}
    today = today or clock.local_today()
    found = {}
    for name, text in values.items():
        if text is None:
            continue
        if name not in specs:
            raise SettingsError(f"unknown filter {name!r}; choose from {', '.join(FILTER_NAMES)}.")
        if not text.strip():
            raise SettingsError(f"the filter {name} is empty; remove it or give it a value.")
        if len(text) > MAX_FILTER:
            raise SettingsError(f"the filter {name} may have at most {MAX_FILTER:,} characters.")
        if has_surrogate(text):
            raise SettingsError(f"the filter {name} is not valid Unicode text.")
        try:
            found[specs[name].field or name] = specs[name].read(text, today)
        except ValueError as error:
            raise SettingsError(str(error)) from error
    filters = Filters(**found)
    check_dates(filters)
    return filters


def check_dates(filters: Filters) -> None:
    """Refuse a range of dates that no day is in.

    Raises:
        SettingsError: `since` is after `until`.
    """
    if filters.since and filters.until and filters.since > filters.until:
        raise SettingsError(
            f"the range of dates is empty: {filters.since} is after {filters.until}."
        )


def merge_filters(outer: Filters, inner: Filters) -> Filters:
    """Combine the filters of a whole run with those of one question.

    Where both set the same filter, `inner` counts.
    """
    given = {
        field.name: getattr(inner, field.name)
        for field in fields(Filters)
        if getattr(inner, field.name) != getattr(NO_FILTERS, field.name)
    }
    return replace(outer, **given)


def filter_text(filters: Filters, spec: FilterSpec) -> str:
    """Return the value of a filter as a user would write it; empty when it is not set."""
    value = spec.value(filters)
    return ", ".join(value) if spec.several else value or ""
