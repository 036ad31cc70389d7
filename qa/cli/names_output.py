"""How `names` shows what it found and what the user said of names."""

from collections.abc import Iterable, Iterator

from rich.text import Text

from index.store.name_decisions import NameDecision
from qa.cli.find_output import MATCH, note_line
from qa.display import clean_line
from qa.export.terminal import QUIET, OutputLine
from qa.names.types import NamedEntity

_MOST_SHOWN = 5
"""Roles, other names, or people who can be meant, at most."""


def name_lines(entities: Iterable[NamedEntity]) -> Iterator[OutputLine]:
    """Yield each name on a line, with its roles and its other names below."""
    for entity in entities:
        line = Text()
        line.append(clean_line(entity.name), style=MATCH)
        number = len(entity.releases)
        line.append(f" · {entity.kind} · {number:,} release{'s' * (number != 1)}", style=QUIET)
        if entity.first is not None and entity.last is not None:
            first, last = entity.first[:10], entity.last[:10]
            line.append(f" · {first if first == last else f'{first} to {last}'}", style=QUIET)
        yield OutputLine(line)
        if entity.can_be:
            yield note_line(f"can be {_some(entity.can_be)}")
        if entity.roles:
            yield note_line(_some(entity.roles))
        others = [name for name in entity.names if name != entity.name]
        if others:
            yield note_line(f"also {_some(others)}")


def decision_text(decision: NameDecision) -> str:
    """Return what the user said of two names, without a full stop."""
    name, other = map(clean_line, decision.names)
    if decision.act == "merge":
        return f"Merged: {name} and {other} are one {decision.kind}"
    return f"Parted: {name} is not the same {decision.kind} as {other}"


def _some(words: list[str] | tuple[str, ...]) -> str:
    more = len(words) - _MOST_SHOWN
    shown = "; ".join(map(clean_line, words[:_MOST_SHOWN]))
    return f"{shown} and {more:,} more" if more > 0 else shown
