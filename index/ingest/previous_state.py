"""What a collection knew before an update: the state of its sources and releases."""

import os
from dataclasses import dataclass, field

from index.store.reader import Store
from index.store.writer import SourceState

_SINCE = 4
"""The first version of the store that keeps hashes of records."""


@dataclass(frozen=True, slots=True)
class PreviousRelease:
    """A stored release.

    Attributes:
        key: Its row.
        source_id: Its source's row.
        content_hash: Of its content.
        draft_hash: Of the record it was made from and the form that was read in; None when
            it is not known.
    """

    key: int
    source_id: int
    content_hash: bytes
    draft_hash: bytes | None = None


@dataclass
class PreviousState:
    """Sources by path and by bytes, releases by id and by source; kept current in an update."""

    sources: dict[bytes, tuple[int, SourceState]] = field(default_factory=dict)
    releases: dict[str, PreviousRelease] = field(default_factory=dict)
    by_source: dict[int, set[str]] = field(default_factory=dict)
    by_bytes: dict[bytes, list[bytes]] = field(default_factory=dict)

    @classmethod
    def load(cls, store: Store | None) -> "PreviousState":
        """Read the state of a store; None is an empty one."""
        known = cls()
        if store is None:
            return known
        for row in store.rows("SELECT id, path, label, size, mtime_ns, sha256, form FROM sources"):
            known.remember_source(row[0], SourceState(*row[1:]))
        draft = "draft_hash" if store.version >= _SINCE else "NULL"
        sql = f"SELECT release_id, id, source_id, content_hash, {draft} FROM releases"  # noqa: S608
        for release_id, key, source_id, digest, drafted in store.rows(sql):
            known.remember(release_id, PreviousRelease(key, source_id, digest, drafted))
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

    def moved(self, digest: bytes | None, form: str) -> tuple[int, SourceState] | None:
        """Return a source with these bytes, read in this form, whose file is gone: it moved."""
        if digest is None:
            return None
        for source_id, state in self.same_bytes(digest):
            if state.form == form and not os.path.lexists(os.fsdecode(state.path)):
                return source_id, state
        return None

    def remember(self, release_id: str, release: PreviousRelease) -> None:
        """Take up a release."""
        self.releases[release_id] = release
        self.by_source.setdefault(release.source_id, set()).add(release_id)
