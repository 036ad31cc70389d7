"""What a collection knew before an update: the state of its sources and releases."""

from dataclasses import dataclass, field

from index.store import Store
from index.store_writer import SourceState


@dataclass(frozen=True, slots=True)
class KnownRelease:
    """A stored release: its row, its source's row and the hash of its content."""

    key: int
    source_id: int
    content_hash: bytes


@dataclass
class Known:
    """Sources by path and by row, releases by id; kept current during an update."""

    sources: dict[bytes, tuple[int, SourceState]] = field(default_factory=dict)
    releases: dict[str, KnownRelease] = field(default_factory=dict)
    by_source: dict[int, set[str]] = field(default_factory=dict)

    @classmethod
    def load(cls, store: Store | None) -> "Known":
        """Read the state of a store; None is an empty one."""
        known = cls()
        if store is None:
            return known
        for row in store.rows("SELECT id, path, label, size, mtime_ns, sha256, form FROM sources"):
            known.sources[row[1]] = (row[0], SourceState(*row[1:]))
        sql = "SELECT release_id, id, source_id, content_hash FROM releases"
        for release_id, key, source_id, digest in store.rows(sql):
            known.remember(release_id, KnownRelease(key, source_id, digest))
        return known

    def remember(self, release_id: str, release: KnownRelease) -> None:
        """Take up a release."""
        self.releases[release_id] = release
        self.by_source.setdefault(release.source_id, set()).add(release_id)
