"""What came into a collection since a point in its history.

Row numbers of releases are never given twice, and a release that changed gets a new one: what is
numbered above the newest of a point came in after it, new or in a new wording.
"""

from dataclasses import dataclass

from index.filters import Filters
from index.store.reader import PENDING, Store


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A point in a collection's history.

    Attributes:
        made: When the collection was made, ISO 8601; another one in its place has another.
        release: Row number of the newest release then; 0 for none.
    """

    made: str
    release: int


def current_checkpoint(store: Store) -> Checkpoint:
    """Return the point up to which everything in a store can be found by words and by meaning.

    Releases that are stored and not yet searchable, because an update is under way or was
    interrupted, are after it.
    """
    newest = int(store.value("SELECT coalesce(max(id), 0) FROM releases"))
    words = store.artifact("words")
    if words is not None and words.generation != store.generation:
        sql = "SELECT coalesce(max(release), 0) FROM passages WHERE id <= ?"
        newest = min(newest, int(store.value(sql, (words.last_id,))))
    waiting = store.value(f"SELECT min(p.release) {PENDING}")
    if waiting is not None:
        newest = min(newest, int(waiting) - 1)
    return Checkpoint(_made(store), newest)


def filters_since(store: Store, point: Checkpoint) -> Filters | None:
    """Return the filter that admits what came in after a point.

    None when the point is not of this collection: it was made anew since.
    """
    highest = store.value("SELECT seq FROM sqlite_sequence WHERE name = 'releases'") or 0
    if point.made != _made(store) or point.release > int(highest):
        return None
    return Filters(after=point.release)


def count_since(store: Store, point: Checkpoint) -> int:
    """Return how many releases came in after a point of the same collection."""
    return int(store.value("SELECT count(*) FROM releases WHERE id > ?", (point.release,)))


def _made(store: Store) -> str:
    return str(store.value("SELECT applied_at FROM migrations ORDER BY version LIMIT 1") or "")
