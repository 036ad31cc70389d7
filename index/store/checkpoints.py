"""Which releases a collection received after a point in its history.

Row numbers of releases are never reused, and a release that changes gets a new one. So the
releases above the newest row number of a checkpoint are those that are new or changed since then.
"""

from dataclasses import dataclass

from index.filters import Filters
from index.store.reader import PENDING, Store


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A point in a collection's history.

    Attributes:
        made: When the collection was created, ISO 8601; tells it from one that replaced it.
        release: Row number of the newest release at that point; 0 for none.
    """

    made: str
    release: int


def current_checkpoint(store: Store) -> Checkpoint:
    """Return the checkpoint up to which all releases are searchable, lexically and by vectors.

    Releases that are stored but not searchable yet, because an update is under way or was
    interrupted, come after it.
    """
    newest = int(store.value("SELECT coalesce(max(id), 0) FROM releases"))
    artifact = store.artifact("words")
    if artifact is not None and artifact.generation != store.generation:
        sql = "SELECT coalesce(max(release), 0) FROM passages WHERE id <= ?"
        newest = min(newest, int(store.value(sql, (artifact.last_id,))))
    first_pending = store.value(f"SELECT min(p.release) {PENDING}")
    if first_pending is not None:
        newest = min(newest, int(first_pending) - 1)
    return Checkpoint(_created(store), newest)


def filters_since(store: Store, point: Checkpoint) -> Filters | None:
    """Return filters that the releases after a checkpoint meet.

    None when the checkpoint is of another collection, which this one has replaced.
    """
    highest = store.value("SELECT seq FROM sqlite_sequence WHERE name = 'releases'") or 0
    if point.made != _created(store) or point.release > int(highest):
        return None
    return Filters(after=point.release)


def count_since(store: Store, point: Checkpoint) -> int:
    """Return how many releases came after a checkpoint of the same collection."""
    return int(store.value("SELECT count(*) FROM releases WHERE id > ?", (point.release,)))


def _created(store: Store) -> str:
    return str(store.value("SELECT applied_at FROM migrations ORDER BY version LIMIT 1") or "")
