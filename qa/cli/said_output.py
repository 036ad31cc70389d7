"""How `said` shows what a person said: the head, and each statement with its repetitions."""

from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from qa.cli.find_output import note_line, release_head
from qa.cli.wording import wording_change
from qa.display import clean, clean_line
from qa.export.terminal import HEADLINE, INDENT, QUIET, OutputLine, text_lines
from qa.presentation import counted
from qa.statements.types import AlsoSaid, Fold, Statement, Statements
from qa.types import ReleaseRef

_FEW = 5
"""Other names, dates and speakers that are named."""


def head_lines(found: Statements) -> Iterator[OutputLine]:
    """Yield who said how much, from when to when, and which names were not joined."""
    person = found.person
    said = [statement for fold in found.folds for statement in fold.statements]
    dates = [date for s in said if (date := found.releases[s.release].date)]
    undated = len({s.release for s in said if not found.releases[s.release].date})
    who = Text(clean_line(person.name), style=HEADLINE)
    if person.people > 1:
        who.append(f", {person.people:,} people", style=f"not bold {QUIET}")
    if person.roles:
        who.append(f", {clean_line(person.roles[0])}", style=f"not bold {QUIET}")
    yield OutputLine(who)
    head = f"{counted(len(said), 'statement')} in {counted(len(found.releases), 'release')}"
    span = sorted({min(dates), max(dates)}) if dates else ["undated"]
    yield OutputLine(Text(f"{head}, {' to '.join(map(clean_line, span))}"))
    if dates and undated:
        yield OutputLine(Text(f"Undated: {counted(undated, 'release')}"))
    if len(found.folds) < len(said):
        yield OutputLine(
            Text(f"{counted(len(found.folds), 'statement')} without repetitions", style=QUIET)
        )
    others = [name for name in person.names if name != person.name]
    if others and person.people == 1:
        yield OutputLine(Text(f"Also named {_few(others)}", style=QUIET))
    if found.unjoined:
        names = _few(found.unjoined)
        yield OutputLine(Text(f"Left out, since others may be meant: {names}", style=QUIET))


def fold_lines(
    fold: Fold, releases: Mapping[int, ReleaseRef], others: Sequence[AlsoSaid], *, cite: bool
) -> Iterator[OutputLine]:
    """Yield a statement below the headline of its release, and when it was said again.

    Args:
        fold: The statement and its repetitions.
        releases: Their releases.
        others: Who else says nearly the same.
        cite: Show the citation of each.
    """
    first, last = fold.statements[0], fold.statements[-1]
    yield from release_head(releases[first.release])
    yield from text_lines(Text(clean(first.text)))
    yield note_line(" · ".join(_notes(first)))
    if cite:
        yield note_line(first.citation)
    if len(fold.statements) > 1:
        again = [
            f"{releases[s.release].date or 'undated'} ({releases[s.release].id})"
            for s in fold.statements[1:]
        ]
        yield note_line(f"said again: {_few(again)}")
        if cite:
            for statement in fold.statements[1:]:
                yield note_line(statement.citation)
        if first.text.split() != last.text.split():
            date = clean_line(releases[last.release].date or "undated")
            changes = Text(f"wording {date}: ", style=QUIET)
            yield OutputLine(changes.append_text(wording_change(first.text, last.text)), INDENT)
    if others:
        names = [
            f"{other.speaker}, {other.date or 'undated'} ({other.release})" for other in others
        ]
        yield note_line(f"also said by {_few(names)}")


def _notes(statement: Statement) -> list[str]:
    notes = [f"passage {statement.passage.ordinal}"]
    notes.append(statement.speaker if statement.quoted else f"reported of {statement.speaker}")
    if statement.role:
        notes.append(statement.role)
    if statement.by == "meaning":
        notes.append("by meaning")
    if statement.also_in:
        notes.append(f"also in {', '.join(statement.also_in)}")
    return notes


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _FEW:,} more" if len(names) > _FEW else ""
    return f"{', '.join(names[:_FEW])}{more}"
