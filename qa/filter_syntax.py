"""What a user writes as a filter, turned into `Filters`: the same on every surface.

The command line, a file of questions and the terminal UI all take the same names and the same
forms of values, so they are read in one place. A value without meaning is a `SettingsError`
that says what would have one.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date
from typing import Literal, get_args

from index.types import NO_FILTERS, Filters, Kind
from qa.errors import SettingsError

FILTER_NAMES = ("since", "until", "issuer", "lang", "source", "kind", "speaker")
"""The names as a user writes them, on the command line with two dashes in front."""

KINDS: tuple[str, ...] = get_args(Kind)

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_LANG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*", re.ASCII)


def parse_filters(values: Mapping[str, str | None]) -> Filters:
    """Read filters from what a user wrote.

    Args:
        values: Values by their names in `FILTER_NAMES`; None means not given.

    Returns:
        The filters; `NO_FILTERS` when nothing is given.

    Raises:
        SettingsError: A name that is no filter, a value that has no meaning, or an empty range
            of dates.
    """
    given = {name: value for name, value in values.items() if value is not None}
    for name, value in given.items():
        if name not in FILTER_NAMES:
            raise SettingsError(f"unknown filter {name!r}; choose from {', '.join(FILTER_NAMES)}.")
        if not value.strip():
            raise SettingsError(f"the filter {name} is empty; remove it or give it a value.")
    filters = Filters(
        since=parse_date(given["since"], "first") if "since" in given else None,
        until=parse_date(given["until"], "last") if "until" in given else None,
        issuer=given.get("issuer"),
        lang=_parse_lang(given["lang"]) if "lang" in given else None,
        source=given.get("source"),
        kinds=_parse_kinds(given["kind"]) if "kind" in given else (),
        speaker=given.get("speaker"),
    )
    if filters.since and filters.until and filters.since > filters.until:
        raise SettingsError(
            f"the start date {given['since']} is after the end date {given['until']}."
        )
    return filters


def parse_date(value: str, edge: Literal["first", "last"]) -> str:
    """Read a day, a month or a year as an ISO date.

    Args:
        value: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
        edge: Which day of a month or a year is meant.

    Raises:
        SettingsError: There is no such day.
    """
    match = _DATE.fullmatch(value.strip())
    if match is not None:
        year = int(match[1])
        month = int(match[2] or (1 if edge == "first" else 12))
        with suppress(ValueError):  # calendar.IllegalMonthError is one, too
            day = int(match[3] or (1 if edge == "first" else monthrange(year, month)[1]))
            return date(year, month, day).isoformat()
    raise SettingsError(f"{value!r} is not a date; use the form 2023-04-17, 2023-04 or 2023.")


def merge_filters(outer: Filters, inner: Filters) -> Filters:
    """Combine the filters of a whole run with those of one question.

    What both restrict is restricted as `inner` says; everything else counts from both.
    """
    given = {
        field.name: getattr(inner, field.name)
        for field in fields(Filters)
        if getattr(inner, field.name) != getattr(NO_FILTERS, field.name)
    }
    return replace(outer, **given)


def _parse_lang(value: str) -> str:
    match = _LANG.fullmatch(value.strip().lower())
    if match is None:
        raise SettingsError(f"{value!r} is not a language code; use a code such as en or fr.")
    return match[1]


def _parse_kinds(value: str) -> tuple[str, ...]:
    kinds = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",") if part.strip()))
    for kind in kinds:
        if kind not in KINDS:
            raise SettingsError(
                f"{kind!r} is not a kind of passage; choose from {', '.join(KINDS)}."
            )
    if not kinds:
        raise SettingsError(
            f"{value!r} contains no kind of passage; choose from {', '.join(KINDS)}."
        )
    return kinds
