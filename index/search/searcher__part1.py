"""Where passages stand in their releases: what is beside a passage, and which one an id names."""

from collections.abc import Iterable

from index.filters import Filters
from index.searcher import Searcher
from index.store import Store


def passages_in(
    searcher: Searcher, releases: Iterable[int], filters: Filters
) -> list[tuple[int, int, int]]:
    """Return what is searched of releases: keys, releases' keys and ordinals, in order.

    Args:
        searcher: The collection.
        releases: Row numbers.
        filters: What may be searched at all.
    """
    sql = "SELECT id, release, ordinal FROM passages WHERE release IN ({keys})"
    rows = searcher.store.rows_among(sql, releases)
    inside = set(searcher.texts([key for key, _, _ in rows], filters))
    allowed = searcher.allowed(filters)
    if allowed is not None:
        inside &= allowed.inside
    return sorted((key, release, ordinal) for key, release, ordinal in rows if key in inside)


def key_of(store: Store, passage_id: str) -> int | None:
    """Return the row number of `RELEASE_ID#ORDINAL`, None when the collection has it no more."""
    release_id, _, ordinal = passage_id.rpartition("#")
    if not (ordinal.isascii() and ordinal.isdecimal()):
        return None
    sql = (
        "SELECT p.id FROM passages p JOIN releases r ON r.id = p.release "
        "WHERE r.release_id = ? AND p.ordinal = ?"
    )
    rows = store.rows(sql, (release_id, min(int(ordinal), 1 << 62)))
    return rows[0][0] if rows else None
