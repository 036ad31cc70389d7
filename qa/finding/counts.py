"""Order and counts of findings: by month or year, by issuer, by speaker. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from qa.finding.types import Findings, Match

Sort = Literal["date", "score"]

_MOST_MONTHS = 24
"""Passages of at most this many months are counted by month, others by year."""
_MOST_PERIODS = 60
"""With more periods than this, those without a passage are left out."""
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = len("2023-04")
_YEAR = len("2023")
_DAY = len("2023-04-17")


@dataclass(frozen=True, slots=True)
class Count:
    """How many passages have something in common.

    Attributes:
        name: What they have in common: a month, a year, an issuer, a speaker; None for none.
        passages: How many they are.
    """

    name: str | None
    passages: int


@dataclass(frozen=True, slots=True)
class FindingCounts:
    """Findings in numbers.

    Attributes:
        passages, releases: How many there are.
        by_words: Passages that have all words of the query; the others match by meaning.
        first, last: The earliest and the latest date of a release; None without a dated one.
        undated_passages, undated_releases: How many of them have no date.
        period: Whether `periods` are months or years.
        periods: Passages by month or year, in order, empty ones between included.
        issuers: Passages by issuer, the most frequent first.
        speakers: Quoting passages by speaker, the most frequent first.
    """

    passages: int
    releases: int
    by_words: int
    first: str | None
    last: str | None
    undated_passages: int
    undated_releases: int
    period: Literal["month", "year"]
    periods: tuple[Count, ...]
    issuers: tuple[Count, ...]
    speakers: tuple[Count, ...]

    @property
    def by_meaning(self) -> int:
        """Passages that match by meaning alone."""
        return self.passages - self.by_words


def count_findings(findings: Findings) -> FindingCounts:
    """Count findings."""
    matches, releases = findings.matches, findings.releases
    dates = {
        key: release.date[:_DAY]
        for key, release in releases.items()
        if release.date and _ISO.match(release.date)
    }
    dated = [dates[match.release] for match in matches if match.release in dates]
    months = _months(min(dated)[:_MONTH], max(dated)[:_MONTH]) if dated else []
    by_month = len(months) <= _MOST_MONTHS
    length = _MONTH if by_month else _YEAR
    of_period = Counter(day[:length] for day in dated)
    names = list(dict.fromkeys(month[:length] for month in months))
    if len(names) > _MOST_PERIODS:
        names = [name for name in names if of_period[name]]
    return FindingCounts(
        passages=len(matches),
        releases=len({match.release for match in matches}),
        by_words=sum(match.by == "words" for match in matches),
        first=min(dated, default=None),
        last=max(dated, default=None),
        undated_passages=len(matches) - len(dated),
        undated_releases=len({m.release for m in matches if m.release not in dates}),
        period="month" if by_month else "year",
        periods=tuple(Count(name, of_period[name]) for name in names),
        issuers=_most_frequent(releases[match.release].issuer or None for match in matches),
        speakers=_most_frequent(match.speaker for match in matches if match.speaker),
    )


def in_order(findings: Findings, sort: Sort) -> list[Match]:
    """Return matches in order, those of one release together.

    Args:
        findings: What was found.
        sort: `date`: the newest release first, undated ones last, and each in the order of its
            text. `score`: the release of the best passage first; passages that have all words
            rank before those that match by meaning.
    """
    releases = findings.releases
    if sort == "score":
        best = sorted(findings.matches, key=_rank)
        place = {match.release: number for number, match in reversed(list(enumerate(best)))}
        return sorted(best, key=lambda match: place[match.release])
    ids = sorted(releases, key=lambda key: releases[key].id)
    newest = sorted(ids, key=lambda key: releases[key].date or "", reverse=True)
    turn = {key: number for number, key in enumerate(newest)}
    return sorted(findings.matches, key=lambda match: (turn[match.release], match.ordinal))


def _rank(match: Match) -> tuple[bool, float, int]:
    score = match.lexical if match.by == "words" else match.dense
    return match.by != "words", -(score or 0.0), match.key


def _most_frequent(names: Iterable[str | None]) -> tuple[Count, ...]:
    found = Counter(names).items()
    return tuple(
        Count(name, number)
        for name, number in sorted(found, key=lambda item: (-item[1], item[0] or "\uffff"))
    )


def _months(first: str, last: str) -> list[str]:
    """Return all months from the first to the last."""
    start, end = (int(month[:_YEAR]) * 12 + int(month[_YEAR + 1 :]) - 1 for month in (first, last))
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, end + 1)]
