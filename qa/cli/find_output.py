"""How `find` shows what it found: the head, the small charts, and the passages."""

from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from index.store.page_numbers import format_pages, format_scan
from index.types import Span
from qa.display import clean, clean_line
from qa.export.terminal import HEADLINE, INDENT, QUIET, OutputLine, text_lines
from qa.finding.counts import Count, FindingCounts
from qa.finding.types import FoundPassage
from qa.presentation import counted, headline
from qa.types import ReleaseRef

MATCH = "bold green"
_BAR = "█"
_PART_BARS = " ▏▎▍▌▋▊▉"
_LONGEST_BAR = 32
_FEW = 5
"""Issuers and speakers that are named."""


def count_lines(counts: FindingCounts) -> Iterator[OutputLine]:
    """Yield the head line, then the passages by month or year, by issuer and by speaker."""
    yield OutputLine(Text(_head(counts), style=HEADLINE))
    if counts.undated_passages and counts.periods:
        yield OutputLine(
            Text(
                f"Undated: {counted(counts.undated_passages, 'passage')} in "
                f"{counted(counts.undated_releases, 'release')}"
            )
        )
    if counts.by_meaning:
        words = f"{counts.by_words:,} by words, {counts.by_meaning:,} by meaning"
        yield OutputLine(Text(words, style=QUIET))
    if len(counts.periods) > 1:
        yield OutputLine(Text())
        yield from _chart(counts.periods)
    for title, rows in (("Issuers", counts.issuers), ("Speakers", counts.speakers)):
        if any(row.name for row in rows):
            yield OutputLine(Text())
            yield OutputLine(Text(title, style=QUIET))
            yield from _top(rows)


def release_lines(passages: Sequence[FoundPassage], *, cite: bool) -> Iterator[OutputLine]:
    """Yield the passages of one release below its headline.

    Args:
        passages: At least one, all of one release.
        cite: Show the citation of each.
    """
    yield from release_head(passages[0].release, passages[0].title_highlights)
    for passage in passages:
        if _is_headline(passage) and not cite:
            continue
        if not _is_headline(passage):
            text = Text(clean(passage.text))
            for span in passage.highlights:
                text.stylize(MATCH, *span)
            yield from text_lines(text)
        if notes := _notes(passage):
            yield note_line(" · ".join(notes))
        if cite:
            yield note_line(passage.citation)


def release_head(release: ReleaseRef, highlights: Iterable[Span] = ()) -> Iterator[OutputLine]:
    """Yield the headline of a release, with spans that match, and its date, issuer and id."""
    title = Text(clean_line(headline(release)), style=HEADLINE)
    if title.plain == clean_line(release.title):  # else it is not on one line, and spans differ
        for span in highlights:
            title.stylize(MATCH, *span)
    yield OutputLine(title)
    facts = [release.date or "undated", release.issuer, release.id]
    yield OutputLine(Text(" · ".join(clean_line(fact) for fact in facts if fact), style=QUIET))


def note_line(words: str) -> OutputLine:
    """Return a line below a text that says something of it."""
    return OutputLine(Text(clean_line(words), style=QUIET), INDENT)


def _is_headline(passage: FoundPassage) -> bool:
    return passage.match.kind == "headline"


def _notes(passage: FoundPassage) -> list[str]:
    """Return what is worth saying of a passage below its text."""
    match, notes = passage.match, [f"passage {passage.match.ordinal}"]
    if match.speaker:
        notes.append(f"quotes {match.speaker}" if match.kind != "quote" else match.speaker)
    elif match.kind not in {"body", "quote"}:
        notes.append(match.kind)
    if passage.pages is not None:
        notes.append(format_pages(passage.pages))
    if passage.scan_confidence is not None:
        notes.append(format_scan(passage.scan_confidence))
    if match.by == "meaning":
        notes.append("by meaning")
    if match.also_in:
        notes.append(f"also in {', '.join(match.also_in)}")
    return notes


def _head(counts: FindingCounts) -> str:
    found = f"{counted(counts.passages, 'passage')} in {counted(counts.releases, 'release')}"
    if counts.first is None or counts.last is None:
        return f"{found}, undated"
    dates = [counts.first] if counts.first == counts.last else [counts.first, counts.last]
    return f"{found}, {' to '.join(map(clean_line, dates))}"


def _chart(rows: Sequence[Count]) -> Iterator[OutputLine]:
    most = max(row.passages for row in rows)
    for row in rows:
        bar = _bar(row.passages, most)
        number = f"{row.passages:,}" if row.passages else ""
        yield OutputLine(Text(f"{row.name}  {bar} {number}".rstrip()), 0)


def _bar(number: int, most: int) -> str:
    """Return a bar, in eighths of a column, that is seen unless the number is 0."""
    eighths = max(1, round(8 * min(_LONGEST_BAR, most) * number / most)) if number else 0
    return _BAR * (eighths // 8) + _PART_BARS[eighths % 8].strip()


def _top(rows: Sequence[Count]) -> Iterator[OutputLine]:
    shown = rows[:_FEW]
    width = max(len(f"{row.passages:,}") for row in shown)
    for row in shown:
        name = "not named" if row.name is None else clean_line(row.name)
        yield OutputLine(Text(f"{row.passages:>{width},}  {name}"), INDENT)
    if len(rows) > _FEW:
        rest = sum(row.passages for row in rows[_FEW:])
        yield OutputLine(Text(f"{rest:>{width},}  {len(rows) - _FEW} others", style=QUIET), INDENT)
