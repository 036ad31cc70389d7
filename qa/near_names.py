"""Names that are written nearly like one that nothing has, to suggest them. Pure."""

import difflib
from collections.abc import Iterable, Sequence

from index.filters import fold_name

MOST_SUGGESTED = 3
_LEAST_ALIKE = 0.7
"""How much a suggested name must be like the one asked for, as `difflib` measures it."""


def near_names(name: str, known: Iterable[str]) -> list[str]:
    """Return names that are written like another, as a whole or in one of their words.

    Args:
        name: The name that was asked for.
        known: The names to suggest, the most frequent first.
    """
    asked = fold_name(name)
    by_folded: dict[str, str] = {}
    for own in known:
        by_folded.setdefault(fold_name(own), own)
    near = written_like(asked, by_folded)
    last = (asked.split() or [""])[-1]
    for folded in by_folded:
        if len(near) >= MOST_SUGGESTED:
            break
        alike = difflib.get_close_matches(last, folded.split(), n=1, cutoff=_LEAST_ALIKE)
        if alike and folded not in near:
            near.append(folded)
    return [by_folded[folded] for folded in near]


def written_like(name: str, known: Iterable[str], most: int = MOST_SUGGESTED) -> list[str]:
    """Return names that are written like another as a whole, the nearest first; all are folded."""
    return difflib.get_close_matches(name, list(known), n=most, cutoff=_LEAST_ALIKE)


def did_you_mean(names: Sequence[str]) -> str:
    """Return the question that suggests names; empty without any."""
    return f"did you mean {' or '.join(map(repr, names))}?" if names else ""
