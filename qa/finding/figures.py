"""Searches a collection for figures, in the passages that match a topic or in all.

Nothing is stored for it: the passages that can have figures are read and their figures extracted
when they are asked for, in the order in which they are shown, and no more than are shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from index.filters import Filters
from index.search.searcher import Searcher
from index.types import Span, StoredPassage, StoredRelease
from qa.citations import citation_of
from qa.figures.currency import dollars_of
from qa.figures.extract import DOLLAR, ReleaseFacts, find_figures, in_dollars_of, on_one_line
from qa.figures.subjects import subject_of
from qa.figures.types import UNITS, Figure, FoundFigure, Unit
from qa.finding.counts import in_order
from qa.finding.query import FindQuery
from qa.finding.search import find_passages, passages_with
from qa.finding.types import Findings, Match

Sort = Literal["date", "amount"]

DEFAULT_UNITS: tuple[Unit, ...] = ("money", "percent", "date")
_CUES: Mapping[Unit, tuple[str, ...]] = {
    "money": (
        *("$", "€", "£", "¥", "₹", "₩", "ollars", "OLLARS", "euro", "Euro", "cents", " yen"),
        *("sterling", "USD", "CAD", "EUR", "GBP", "AUD", "CHF", "JPY", "NOK", "SEK", "DKK"),
        *("INR", "CNY", "NZD", "RMB", "KRW", "MXN", "BRL", "HKD", "SGD", "ZAR"),
    ),
    "percent": ("%", "cent", "Cent", "CENT", "rozent", "ciento"),
    "date": (
        *("by ", "By ", "before ", "Before ", "will", "ici ", "expect", "later than", "avant"),
        *(" bis ", "schedul", "plan", "ser", "due", "deadline", "target", "goal", "complet"),
        *("beginning", "effective", "starting", "to be", "anticipat"),
    ),
    "count": tuple("0123456789"),
}
"""A text without any of these has no figure of the unit."""
_CHUNK = 400
"""Passages that are read at once."""


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """Which figures are wanted.

    Attributes:
        units: Their units.
        over: Only those that can be more than this, in their own currency.
        under: Only those that can be less than this.
        currency: Only money of this currency: an ISO code or a sign.
    """

    units: tuple[Unit, ...] = DEFAULT_UNITS
    over: float | None = None
    under: float | None = None
    currency: str | None = None

    @property
    def searched(self) -> tuple[Unit, ...]:
        """The units that can pass: a limit fits no date, and a currency money alone."""
        fitting = UNITS if self.currency is None else ("money",)
        limited = self.over is not None or self.under is not None
        return tuple(u for u in self.units if u in fitting and not (limited and u == "date"))

    def admits(self, figure: Figure) -> bool:
        """Whether a figure is wanted."""
        return (
            (self.over is None or figure.is_over(self.over))
            and (self.under is None or figure.is_under(self.under))
            and (self.currency is None or figure.currency == self.currency)
        )


EVERY_FIGURE = FigureFilter()


@dataclass(frozen=True, slots=True)
class FigureFindings:
    """Figures that were found.

    Attributes:
        figures: In order.
        more: Whether there are more than were asked for.
        by_meaning: Whether meaning was searched, too.
    """

    figures: tuple[FoundFigure, ...]
    more: bool
    by_meaning: bool


@dataclass(frozen=True, slots=True)
class _Hit:
    """A figure in a passage, before anything is said of it; `sentence` is into the passage."""

    match: Match
    passage: StoredPassage
    sentence: Span
    figure: Figure


def search_figures(
    searcher: Searcher,
    query: FindQuery | None,
    filters: Filters,
    wanted: FigureFilter,
    *,
    words_only: bool = False,
    sort: Sort = "date",
    limit: int | None = None,
) -> FigureFindings:
    """Return the figures of the passages that match.

    Args:
        searcher: The collection.
        query: What the passages must match; None for all.
        filters: What to search.
        wanted: Which figures to return.
        words_only: Leave out what matches by meaning alone.
        sort: `date`: those of the newest release first, in the order of its text. `amount`: the
            largest first, money before percentages, and these before counts and dates.
        limit: How many to return at most; None for all.
    """
    units = wanted.searched
    if query is None:
        cues = tuple(dict.fromkeys(cue for unit in units for cue in _CUES[unit]))

        def has(text: str, start: int, stop: int) -> bool:
            return any(text.find(cue, start, stop) >= 0 for cue in cues)

        findings = passages_with(searcher, has, filters)
    else:
        findings = find_passages(searcher, query, filters, words_only=words_only)
    releases = _Releases(searcher)
    hits: Iterable[_Hit] = _hits(searcher, releases, in_order(findings, "date"), units, wanted)
    if sort == "amount":
        hits = sorted(hits, key=_by_amount)
    shown = list(hits if limit is None else islice(hits, limit + 1))
    more = limit is not None and len(shown) > limit
    return FigureFindings(
        figures=tuple(_described(releases, findings, hit) for hit in shown[:limit]),
        more=more,
        by_meaning=findings.by_meaning,
    )


class _Releases:
    """What of releases decides how their figures are read; each is looked at once."""

    def __init__(self, searcher: Searcher) -> None:
        self._store = searcher.store
        self._stored: dict[int, StoredRelease] = {}
        self._dollars: dict[int, str | None] = {}

    def read(self, keys: Iterable[int]) -> None:
        """Read releases, without their texts."""
        missing = set(keys) - self._stored.keys()
        self._stored |= self._store.releases_by_key(missing)

    def __getitem__(self, key: int) -> StoredRelease:
        return self._stored[key]

    def __contains__(self, key: int) -> bool:
        return key in self._stored

    def dollars(self, key: int) -> str | None:
        """Return the code of the dollars that a release means, or None if that is not certain."""
        if key not in self._dollars:
            release = self._stored[key].release
            texts = (release.title, *self._store.release_texts([key]).values())
            self._dollars[key] = dollars_of(release.issuer, release.url, texts)
        return self._dollars[key]


def _hits(
    searcher: Searcher,
    releases: _Releases,
    matches: Sequence[Match],
    units: Sequence[Unit],
    wanted: FigureFilter,
) -> Iterator[_Hit]:
    """Yield the figures of passages, in order."""
    if not units:
        return
    for start in range(0, len(matches), _CHUNK):
        chunk = matches[start : start + _CHUNK]
        passages = searcher.lookups.passages([match.key for match in chunk])
        releases.read(match.release for match in chunk)
        for match in chunk:
            passage = passages.get(match.key)
            if passage is None or match.release not in releases:
                continue  # removed since
            for sentence, figure in passage_figures(passage, units):
                if wanted.currency is not None and figure.currency == DOLLAR:
                    figure = in_dollars_of(figure, releases.dollars(match.release))  # noqa: PLW2901
                if wanted.admits(figure):
                    yield _Hit(match, passage, sentence, figure)


def passage_figures(passage: StoredPassage, units: Sequence[Unit]) -> Iterator[tuple[Span, Figure]]:
    """Yield the figures of a passage with the spans of their sentences, dollars as they stand."""
    facts = ReleaseFacts(lang=passage.lang, issued=passage.date)
    for start, stop in passage.passage.sentences:
        for figure in find_figures(passage.text[start:stop], facts, units):
            yield (start, stop), figure


def _by_amount(hit: _Hit) -> tuple[int, float, str]:
    figure = hit.figure
    return UNITS.index(figure.unit), -figure.most, figure.date or "9"


def _described(releases: _Releases, findings: Findings, hit: _Hit) -> FoundFigure:
    """Return a figure with its sentence, its subject and its citation."""
    match, passage = hit.match, hit.passage
    start, stop = hit.sentence
    sentence = passage.text[start:stop]
    figure = hit.figure
    if figure.currency == DOLLAR:
        figure = in_dollars_of(figure, releases.dollars(match.release))
    begin = passage.passage.span[0]
    return FoundFigure(
        figure=figure,
        subject=subject_of(on_one_line(sentence), figure),
        release=findings.releases[match.release],
        passage_id=passage.passage_id,
        kind=match.kind,
        speaker=match.speaker,
        span=(begin + start, begin + stop),
        sentence=sentence,
        citation=citation_of(releases[match.release].release, passage.passage, passage.text),
        also_in=match.also_in,
    )
