"""The filters of a search: one table that every surface reads.

`FILTERS` says of each filter how users write it, what it means in SQL and what helps to fill it
in. The options of the commands, the names in question files, the arguments of the MCP tools, the
dialog of the terminal UI and the conditions of the store are all made from it. `Filters` holds
the values of one search. To add a filter, add an entry to the table and a field to `Filters`.
"""

import json
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args

from index.text.date_words import DATE_FORMS, named_period
from index.types import Kind

Edge = Literal["first", "last"]
"""Which day of a period a date stands for."""

KINDS: tuple[str, ...] = get_args(Kind)

SOURCE = "s.label || member(r.metadata)"
"""SQL: where a release was read from, as users see it; for a file in an archive, both names."""

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_LANG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that a passage must meet to be searched at all.

    Attributes:
        since: ISO date; releases of that day or later. Undated releases do not match, and a date
            that was only guessed from running text does not count.
        until: ISO date; releases of that day or earlier, as above.
        issuer: Words that occur in the issuer's name, in any letter case.
        lang: ISO 639-1 code.
        source: Glob over the source as users see it (`*` also crosses `/`).
        kinds: Kinds of passage; empty for all.
        speaker: Words that occur in the speaker's name, ignoring letter case and accents.
        mentions: A name of a person, an organisation or a place; releases that name it, under any
            of its names.
        indexed_since: ISO date; releases that were added to the collection or changed in it on
            that day or later, where the user is.
        named_in: Row numbers of the only releases that match, or None. It is set by the program,
            and has no entry in `FILTERS`: `qa.names` finds the releases of `mentions`. Without
            them, a search under `mentions` is refused.
        after: Row number of a release; only releases that were stored later match. It is set by
            the program and has no entry in `FILTERS` (see `index.store.checkpoints`).
    """

    since: str | None = None
    until: str | None = None
    issuer: str | None = None
    lang: str | None = None
    source: str | None = None
    kinds: tuple[str, ...] = ()
    speaker: str | None = None
    mentions: str | None = None
    indexed_since: str | None = None
    named_in: tuple[int, ...] | None = None
    after: int | None = None

    def __bool__(self) -> bool:
        """Whether anything is restricted."""
        return self != NO_FILTERS

    def check_mentions(self) -> None:
        """Refuse to search under `mentions` before it is known which releases it selects.

        Raises:
            ValueError: Nobody has said.
        """
        if self.mentions and self.named_in is None:
            raise ValueError("the releases that mention a name are not known")


NO_FILTERS = Filters()


def parse_date(value: str, edge: Edge, today: date) -> str:
    """Read a day or a period as an ISO date.

    Args:
        value: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, or a period that `named_period` reads.
        edge: Which day of a period is meant.
        today: The day it is.

    Raises:
        ValueError: There is no such day; the message names the forms that are read.
    """
    written = calendar_date(value, edge)
    if written is not None:
        return written
    period = named_period(value, today)
    if period is None:
        raise ValueError(f"{value!r} is not a date; use a form such as {DATE_FORMS}.")
    return period[edge == "last"].isoformat()


def calendar_date(value: str, edge: Edge) -> str | None:
    """Read `YYYY-MM-DD`, `YYYY-MM` or `YYYY` as an ISO date; None for anything else."""
    match = _DATE.fullmatch(value.strip())
    if match is None:
        return None
    year = int(match[1])
    month = int(match[2] or (1 if edge == "first" else 12))
    with suppress(ValueError):  # calendar.IllegalMonthError is one, too
        day = int(match[3] or (1 if edge == "first" else monthrange(year, month)[1]))
        return date(year, month, day).isoformat()
    return None


def fold_name(name: str) -> str:
    """Return a name in the form that is compared: no letter case, no accents, single blanks."""
    letters = unicodedata.normalize("NFKD", " ".join(name.split()).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _parse_lang(value: str) -> str:
    match = _LANG.fullmatch(value.strip().lower())
    if match is None:
        raise ValueError(f"{value!r} is not a language code; use a code such as en or fr.")
    return match[1]


def _parse_kinds(value: str) -> tuple[str, ...]:
    kinds = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",") if part.strip()))
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is not a kind of passage; choose from {', '.join(KINDS)}.")
    if not kinds:
        raise ValueError(f"{value!r} contains no kind of passage; choose from {', '.join(KINDS)}.")
    return kinds


def day_begins(day: str) -> str:
    """Return when a day begins on this computer, as the store writes times: ISO 8601, UTC."""
    with suppress(ValueError, OverflowError, OSError):  # OSError: a time before the clock's first
        begins = datetime.fromisoformat(day).astimezone(UTC)
        return begins.isoformat(timespec="seconds").replace("+00:00", "Z")
    return day


@dataclass(frozen=True, slots=True)
class FilterSpec:
    """One filter, on every surface.

    Attributes:
        name: What users write: a key in question files, an argument of the MCP tools and, with
            hyphens, the option of the commands.
        metavar: The placeholder of its value in the help.
        help: What it selects, in a sentence.
        label: Its name in the UI's dialog.
        hint: What an empty field of the UI's dialog shows.
        where: SQL condition with one `?` for the value, over releases `r` and sources `s`, or over
            passages `p`; None if another field of `Filters` says which releases meet it.
        about: Whether the condition is about releases or about passages.
        parse: Turns what the user wrote into the value in `Filters`, unless that is a date;
            raises ValueError with a message for the user.
        bind: Turns the value into what the `?` stands for.
        values: SQL expression of the collection's values, which the UI offers; None to offer none.
        several: Whether the value is a tuple, written with commas.
        edge: For a date, which day of a month or another period is meant; None for other values.
        in_record: Whether the name may stand in a question file's record beside the question.
        field: The field of `Filters`; by default the name.
    """

    name: str
    metavar: str
    help: str
    label: str
    hint: str
    where: str | None
    about: Literal["release", "passage"] = "release"
    parse: Callable[[str], Any] = str
    bind: Callable[[Any], object] = lambda value: value
    values: str | None = None
    several: bool = False
    edge: Edge | None = None
    in_record: bool = True
    field: str = ""

    @property
    def option(self) -> str:
        """The option of the commands that sets it, with the two dashes."""
        return f"--{self.name.replace('_', '-')}"

    def read(self, text: str, today: date) -> Any:  # noqa: ANN401 - the type of the field
        """Return the value in `Filters` of what a user wrote on a day.

        Raises:
            ValueError: It is no value of this filter; the message is for the user.
        """
        return self.parse(text) if self.edge is None else parse_date(text, self.edge, today)

    def value(self, filters: Filters) -> Any:  # noqa: ANN401 - the type of the field
        """Return the filter's value; None or an empty tuple when it is not set."""
        return getattr(filters, self.field or self.name)


FILTERS = (
    FilterSpec(
        "since",
        "DATE",
        "Releases of this date or later: 2023-04-17, 2023-04, 2023, yesterday, monday, 7d, 2w, 3m "
        "or 'last month'.",
        label="From",
        hint="e.g. 2023, 2023-04-17, 7d or last month",
        where="r.date >= ?",
        edge="first",
        values="substr(r.date, 1, 4)",
    ),
    FilterSpec(
        "until",
        "DATE",
        "Releases of this date or earlier. 2023 means the end of that year.",
        label="To",
        hint="e.g. 2023, 2023-04-17, 7d or last month",
        where="substr(r.date, 1, 10) <= ?",
        edge="last",
        values="substr(r.date, 1, 4)",
    ),
    FilterSpec(
        "issuer",
        "TEXT",
        "Releases whose issuer's name contains this text.",
        label="Issuer",
        hint="words of the issuer's name",
        where="instr(casefold(r.issuer), ?) > 0",
        bind=str.casefold,
        values="r.issuer",
    ),
    FilterSpec(
        "lang",
        "CODE",
        "Releases in this language, such as en or fr.",
        label="Language",
        hint="e.g. en, fr",
        where="r.lang = ?",
        parse=_parse_lang,
        values="r.lang",
        in_record=False,  # sets of questions write the language of the question there
    ),
    FilterSpec(
        "source",
        "GLOB",
        "Releases whose source matches, such as 'news/*.html'.",
        label="File",
        hint="part of the source, with * for anything",
        where=f"{SOURCE} GLOB ?",
    ),
    FilterSpec(
        "kind",
        "KIND,…",
        f"Passages of these kinds: {', '.join(KINDS)}.",
        label="Passage type",
        hint="e.g. quote, body, headline",
        where="p.kind IN (SELECT value FROM json_each(?))",
        about="passage",
        parse=_parse_kinds,
        bind=json.dumps,
        values="p.kind",
        several=True,
        field="kinds",
    ),
    FilterSpec(
        "speaker",
        "TEXT",
        "Passages that quote a person whose name contains this text.",
        label="Speaker",
        hint="words of the speaker's name",
        where="instr(fold_name(p.speaker), ?) > 0",
        about="passage",
        bind=fold_name,
        values="p.speaker",
    ),
    FilterSpec(
        "mentions",
        "NAME",
        "Releases that name this person, organisation or place, under any of its names.",
        label="Mentions",
        hint="name of a person, organisation or place",
        where=None,
        in_record=False,  # sets of questions can have mentions of their own
    ),
    FilterSpec(
        "indexed_since",
        "DATE",
        "Releases that were added or changed in the collection on this date or later, whatever "
        "their own date.",
        label="Indexed from",
        hint="e.g. yesterday, monday or 7d",
        where="r.updated_at >= ?",
        bind=day_begins,
        edge="first",
        in_record=False,
    ),
)
"""Every filter that users can set, in the order in which they are shown."""


def release_filters(filters: Filters) -> Filters:
    """Return the filters without those about passages."""
    of_passages = [spec.field or spec.name for spec in FILTERS if spec.about == "passage"]
    return replace(filters, **{name: getattr(NO_FILTERS, name) for name in of_passages})
