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
    """Sources by path and by bytes, releases by id and by source; kept current in an update."""

    sources: dict[bytes, tuple[int, SourceState]] = field(default_factory=dict)
    releases: dict[str, KnownRelease] = field(default_factory=dict)
    by_source: dict[int, set[str]] = field(default_factory=dict)
    by_bytes: dict[bytes, list[bytes]] = field(default_factory=dict)

    @classmethod
    def load(cls, store: Store | None) -> "Known":
        """Read the state of a store; None is an empty one."""
        known = cls()
        if store is None:
            return known
        for row in store.rows("SELECT id, path, label, size, mtime_ns, sha256, form FROM sources"):
            known.remember_source(row[0], SourceState(*row[1:]))
        sql = "SELECT release_id, id, source_id, content_hash FROM releases"
        for release_id, key, source_id, digest in store.rows(sql):
            known.remember(release_id, KnownRelease(key, source_id, digest))
        return known

    def remember_source(self, source_id: int, state: SourceState) -> None:
        """Take up a source, or its new state."""
        self.sources[state.path] = (source_id, state)
        if state.sha256 is not None:
            self.by_bytes.setdefault(state.sha256, []).append(state.path)

    def same_bytes(self, digest: bytes) -> list[tuple[int, SourceState]]:
        """Return the sources that hold these bytes."""
        found = (
            self.sources[path] for path in self.by_bytes.get(digest, ()) if path in self.sources
        )
        return [source for source in found if source[1].sha256 == digest]

    def remember(self, release_id: str, release: KnownRelease) -> None:
        """Take up a release."""
        self.releases[release_id] = release
        self.by_source.setdefault(release.source_id, set()).add(release_id)
