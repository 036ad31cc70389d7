"""The ids that a mistyped id of a release may have meant."""

from collections.abc import Collection
from difflib import get_close_matches
from pathlib import PurePath

MOST = 3
"""Ids that are named."""
MANY = 20_000
"""From so many ids on, only those that contain what was typed; comparing letters takes seconds."""


def close_ids(typed: str, ids: Collection[str]) -> list[str]:
    """Return the ids nearest to what was typed: those that contain it, or else similar ones.

    A path stands for the file's name without its extension, of which ids are made.
    """
    name = PurePath(typed.rpartition("#")[0] or typed).stem.casefold()
    containing = [found for found in ids if name and name in found.casefold()]
    if containing or len(ids) > MANY:
        return sorted(containing, key=lambda found: (len(found), found))[:MOST]
    return get_close_matches(name, sorted(ids), MOST)


def not_found(typed: str, ids: Collection[str]) -> str:
    """Return what to say when no release has an id: the nearest ones, or how to list all."""
    near = close_ids(typed, ids)
    hint = f"did you mean {' or '.join(near)}?" if near else "see: releaseqa list"
    return f"no release {typed!r} in the collection; {hint}"
