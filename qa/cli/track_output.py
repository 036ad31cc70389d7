"""How `track` shows answers over time: each value, what it changed from, and its sentence."""

from collections.abc import Iterator, Mapping

from rich.text import Text

from index.text.dates import SHORT_MONTHS
from qa.cli.find_output import MATCH, note_line, release_head
from qa.display import clean, clean_line
from qa.export.terminal import HEADLINE, QUIET, OutputLine, text_lines
from qa.presentation import counted
from qa.tracking.types import Tracked, TrackedAnswer, TrackRow
from qa.types import ReleaseRef

_MONTH, _DAY = len("2023-04"), len("2023-04-17")


def head_lines(found: Tracked) -> Iterator[OutputLine]:
    """Yield how many answers there are, in how many releases, from when to when."""
    rows = (*found.rows, *found.undated)
    answers = [answer for row in rows for answer in row.answers]
    dates = [date for a in answers if (date := found.releases[a.release].date)]
    span = sorted({min(dates), max(dates)}) if dates else ["undated"]
    changes = sum(row.changed_from is not None for row in rows)
    head = f"{counted(len(answers), 'answer')}, {' to '.join(map(clean_line, span))}"
    yield OutputLine(Text(head, style=HEADLINE))
    parts = [counted(len(rows), "value") if len(rows) < len(answers) else ""]
    parts.append(counted(changes, "change") if changes else "")
    if any(parts):
        yield OutputLine(Text(", ".join(filter(None, parts)), style=QUIET))


def undated_lines() -> Iterator[OutputLine]:
    """Yield the line above the answers of releases without a date."""
    yield OutputLine(Text())
    yield OutputLine(Text("Undated", style=HEADLINE))


def row_lines(row: TrackRow, releases: Mapping[int, ReleaseRef]) -> Iterator[OutputLine]:
    """Yield a value with the one that it changed from, its release, its sentence and citation."""
    first = row.first
    yield OutputLine(Text())
    yield OutputLine(_summary(row, releases))
    yield from release_head(releases[first.release])
    sentence = Text(clean(first.sentence))
    start = first.span[0] - first.sentence_span[0]
    sentence.stylize(MATCH, start, start + len(first.text))
    yield from text_lines(sentence)
    if len(row.answers) > 1:
        dates = sorted({releases[a.release].date or "undated" for a in row.answers})
        span = " to ".join(sorted({dates[0], dates[-1]}))
        yield note_line(f"said the same in {counted(len(row.answers), 'release')}, {span}")
    if first.also_in:
        yield note_line(f"also in {', '.join(first.also_in)}")
    for answer in row.answers[:1] if len(row.answers) == 1 else (first, row.last):
        yield note_line(answer.citation)


def _summary(row: TrackRow, releases: Mapping[int, ReleaseRef]) -> Text:
    """Return `$15.20 (Jul 2021) -> $15.70 (Apr 2022)`."""
    now, before = row.first, row.changed_from
    dates = [releases[answer.release].date for answer in (now, before) if answer is not None]
    same_month = len({(date or "")[:_MONTH] for date in dates}) < len(dates)
    shown = Text()
    if before is not None:
        shown.append_text(_value(before, releases, by_day=same_month)).append(" -> ", style=QUIET)
    return shown.append_text(_value(now, releases, by_day=same_month))


def _value(answer: TrackedAnswer, releases: Mapping[int, ReleaseRef], *, by_day: bool) -> Text:
    value = Text(clean_line(answer.text), style=MATCH)
    date = releases[answer.release].date
    if date:
        value.append(f" ({clean_line(short_date(date, by_day=by_day))})", style=f"not bold {QUIET}")
    return value


def short_date(date: str, *, by_day: bool = False) -> str:
    """Return an ISO date as `Jul 2021`, or `2 Jul 2021`; another text as it is."""
    year, _, rest = date[:_DAY].partition("-")
    month, _, day = rest.partition("-")
    if not (month.isdecimal() and 1 <= int(month) <= len(SHORT_MONTHS)):
        return date
    name = f"{SHORT_MONTHS[int(month) - 1]} {year}"
    return f"{int(day)} {name}" if by_day and day.isdecimal() else name
