"""The output of a command as rows of a screen, and which of them are about a release."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, get_character_cell_size
from textual.content import Content

from qa.types import ReleaseRef

_BETWEEN = re.compile(r"\s*·\s*|\s{2,}")
"""Stands between the facts of a release, one of which is its id, or between columns."""
_BREAKS = "-_/."
"""Characters of a long name after which it may go on in the next row."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the output is about a release.

    Attributes:
        first, last: The rows of its headline and its facts.
    """

    release: ReleaseRef
    first: int
    last: int


def fold(line: Content, width: int) -> list[Content]:
    """Break a line at spaces, or else within a name at its hyphens, so that no word is cut.

    Args:
        line: A line.
        width: Of a row, in cells.
    """
    rows = []
    while cell_len(line.plain) > width:
        at = _break(line.plain, width)
        rows.append(line[:at])
        line = line[at:]
    return [*rows, line]


def _break(text: str, width: int) -> int:
    used, fits = 0, 0
    for character in text:
        used += get_character_cell_size(character)
        if used > width:
            break
        fits += 1
    space = text.rfind(" ", 1, fits + 1) + 1
    within = max(text.rfind(sign, 1, fits) for sign in _BREAKS) + 1
    if text[:space].strip():
        return space
    return within if within > len(text) - len(text.lstrip()) else max(fits, 1)


def stops(rows: Sequence[str], releases: Mapping[str, ReleaseRef]) -> list[Stop]:
    """Return where an output is about a release: its id is one of the facts on a row.

    Args:
        rows: Without colours.
        releases: By id.
    """
    found: list[Stop] = []
    begin = 0
    for number, row in enumerate(rows):
        if not row.strip():
            begin = number + 1
            continue
        named = (part.strip() for part in _BETWEEN.split(row))
        release = next((releases[part] for part in named if part in releases), None)
        if release is not None:
            found.append(Stop(release, begin, number))
            begin = number + 1
    return found
