"""Releases over time: counts by month, or by longer periods where there are too many months.

Pure functions. A date that names no month counts as none: such releases are listed separately.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.types import ReleaseRef
from tui.state.turns import ChatTurn

_YEAR = 12
_PERIODS = (1, _YEAR, 10 * _YEAR, 100 * _YEAR, 1000 * _YEAR, 10_000 * _YEAR)
"""Months of a bar: a month, a year, ten years and so on; the last holds every date."""

_FEWEST = 3
"""Months from which there are bars to compare."""


@dataclass(frozen=True, slots=True)
class MarkedAnswer:
    """The release that answered a question of the conversation.

    Attributes:
        question: Number of the question, from 1.
        current: Whether it is the question that the timeline is about.
    """

    question: int
    release: ReleaseRef
    current: bool


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time and what came out in it.

    Attributes:
        name: `2023-04`, `2023`, `2020-2029`; empty for releases without a date.
        label: What may stand below its bar; empty where the name of the one before goes on.
        counted: The releases that are counted, newest first.
        answers: Those of the conversation, which need not be among the counted.
    """

    name: str
    label: str
    counted: tuple[ReleaseRef, ...] = ()
    answers: tuple[MarkedAnswer, ...] = ()

    @property
    def releases(self) -> tuple[ReleaseRef, ...]:
        """The releases that are counted, and those of the answers."""
        known = {release.id for release in self.counted}
        others = {a.release.id: a.release for a in self.answers if a.release.id not in known}
        return (*self.counted, *others.values())


@dataclass(frozen=True, slots=True)
class Timeline:
    """Periods from the first release to the last, also those in which nothing came out.

    Attributes:
        periods: In order; none without dates.
        undated: The releases without a date.
    """

    periods: tuple[Period, ...]
    undated: Period


def too_few_for_bars(
    releases: Sequence[ReleaseRef], answers: Sequence[MarkedAnswer]
) -> Period | None:
    """Return all releases as one period if they are of fewer months than a chart compares.

    Answers to other questions count only where their releases do. None if there are no releases.
    """
    counted = {release.id for release in releases}
    marked = tuple(mark for mark in answers if mark.current or mark.release.id in counted)
    found = Period("", "", tuple(releases), marked)
    months = {month for release in found.releases if (month := _month(release)) is not None}
    if len(months) >= _FEWEST or not found.releases:
        return None
    ends = sorted({_name(month, 1) for month in months})
    return replace(found, name=" to ".join(ends))


def answers_of(turns: Sequence[ChatTurn], current: ChatTurn) -> tuple[MarkedAnswer, ...]:
    """Return the releases that answered the questions of a conversation."""
    return tuple(
        MarkedAnswer(turn.number + 1, turn.passages[0].release, turn.number == current.number)
        for turn in turns
        if turn.answered
    )


def timeline_of(
    releases: Sequence[ReleaseRef], answers: Sequence[MarkedAnswer], most: int
) -> Timeline:
    """Sort releases into months, or into the shortest longer periods of which `most` are enough.

    Answers to other questions are marked if they came out between the first and the last of these:
    they do not make the bars narrower.

    Args:
        releases: The releases to count, newest first.
        answers: The answers to mark.
        most: How many periods fit, at least 2.
    """
    dated = [(month, release) for release in releases if (month := _month(release)) is not None]
    marked = [(month, mark) for mark in answers if (month := _month(mark.release)) is not None]
    undated = Period(
        "",
        "",
        tuple(release for release in releases if _month(release) is None),
        tuple(mark for mark in answers if _month(mark.release) is None),
    )
    months = [month for month, _ in dated] + [month for month, mark in marked if mark.current]
    months = months or [month for month, _ in marked]
    if not months:
        return Timeline((), undated)
    first, last = min(months), max(months)
    length = next(size for size in _PERIODS if last // size - first // size < most)
    numbers = range(first // length, last // length + 1)
    counted_in: dict[int, list[ReleaseRef]] = {number: [] for number in numbers}
    marked_in: dict[int, list[MarkedAnswer]] = {number: [] for number in numbers}
    for month, release in dated:
        counted_in[month // length].append(release)
    for month, mark in marked:
        if month // length in marked_in:
            marked_in[month // length].append(mark)
    periods = tuple(
        Period(
            _name(number, length),
            _label(number, length, is_first=number == numbers[0]),
            tuple(counted_in[number]),
            tuple(marked_in[number]),
        )
        for number in numbers
    )
    return Timeline(periods, undated)


def _month(release: ReleaseRef) -> int | None:
    """Return the number of the month since the year 0, or None without one."""
    year, _, rest = (release.date or "").partition("-")
    month = rest[:2]
    if not (year + month).isascii() or not (year.isdecimal() and month.isdecimal()):
        return None
    number = int(month) - 1
    known = len(year) == len("2023") and number in range(_YEAR)
    return int(year) * _YEAR + number if known else None


def _name(number: int, length: int) -> str:
    """Return the name of the `number`th period of `length` months."""
    if length == 1:
        return f"{number // _YEAR:04}-{number % _YEAR + 1:02}"
    years = length // _YEAR
    first = number * years
    return f"{first:04}" if years == 1 else f"{first:04}-{first + years - 1:04}"


def _label(number: int, length: int, *, is_first: bool) -> str:
    """Return the label of a period: of months, the first one and each January."""
    if length > 1:
        return _name(number, length)[:4]
    if is_first:
        return _name(number, length)
    return f"{number // _YEAR:04}" if number % _YEAR == 0 else ""
