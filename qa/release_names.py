"""What users call a release: its id, the start of its id, its title, or words of its title.

The id comes first, so that what a program writes always means one release, whatever others are
called. Of the other ways, the first that fits any release decides, and a name that fits several is
an error that lists them.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from index.errors import ReleaseNotFoundError
from index.store.close_ids import not_found
from index.store.reader import Store
from index.text.surrogates import has_surrogate
from qa.errors import AmbiguousReleaseError

MOST_LISTED = 5
"""Releases that are listed when a name fits several."""


class NamedRelease(NamedTuple):
    """A release as users are told of it."""

    release_id: str
    date: str | None
    title: str

    def __str__(self) -> str:
        """Return the id, the date and the title."""
        return "  ".join([self.release_id, self.date or "undated", self.title or "Untitled"])


def find_release(store: Store, name: str, *, title_parts: bool = True) -> NamedRelease:
    """Return the release that a name means.

    Args:
        store: The collection's.
        name: An id, else the start of one id only, else a title in any letter case, else a part
            of one title only.
        title_parts: Whether a part of the title is enough.

    Raises:
        AmbiguousReleaseError: The name fits several releases; they are its notes.
        ReleaseNotFoundError: It fits none.
    """
    exact = "SELECT release_id, date, title FROM releases WHERE release_id = ?"
    for row in store.rows(exact, (name,)) if not has_surrogate(name) else ():
        return NamedRelease(*row)
    releases = [
        NamedRelease(*row)
        for row in store.rows(
            "SELECT release_id, date, title FROM releases "
            "ORDER BY date IS NULL, date DESC, release_id"
        )
    ]
    for fits in _ways(name, title_parts=title_parts):
        found = [release for release in releases if fits(release)]
        if len(found) == 1:
            return found[0]
        if found:
            raise ambiguous(name, found)
    raise ReleaseNotFoundError(not_found(name, [release.release_id for release in releases]))


def _ways(name: str, *, title_parts: bool) -> Iterator[Callable[[NamedRelease], bool]]:
    """Yield the conditions under which a release is meant, the surest first."""
    title = _folded(name)
    if not title:
        return
    yield lambda release: release.release_id.startswith(name)
    yield lambda release: _folded(release.title) == title
    if title_parts:
        yield lambda release: title in _folded(release.title)


def _folded(title: str) -> str:
    return " ".join(title.split()).casefold()


def ambiguous(name: str, found: list[NamedRelease]) -> AmbiguousReleaseError:
    """Return the error for a name that fits several releases, which it lists."""
    error = AmbiguousReleaseError(f"{len(found):,} releases match {name!r}; give the id of one")
    for release in found[:MOST_LISTED]:
        error.add_note(str(release))
    if len(found) > MOST_LISTED:
        error.add_note(f"and {len(found) - MOST_LISTED:,} more")
    return error
