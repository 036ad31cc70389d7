"""The sources and releases of a collection as they were before an update."""

import os
from dataclasses import dataclass, field

from index.store.reader import Store
from index.store.writer import SourceState


@dataclass(frozen=True, slots=True)
class PreviousRelease:
    """A stored release.

    Attributes:
        key: Its row number.
        source_id: Row number of its source.
        content_hash: Hash of its content.
        draft_hash: Hash of the record it was parsed from and of the parser version; None when it
            is not known.
    """

    key: int
    source_id: int
    content_hash: bytes
    draft_hash: bytes | None = None


@dataclass
class PreviousState:
    """Sources by path and by content hash, releases by id and by source.

    An update keeps it current, so that later sources are compared with earlier ones too.
    """

    sources: dict[bytes, tuple[int, SourceState]] = field(default_factory=dict)
    releases: dict[str, PreviousRelease] = field(default_factory=dict)
    releases_of: dict[int, set[str]] = field(default_factory=dict)
    paths_by_hash: dict[bytes, list[bytes]] = field(default_factory=dict)

    @classmethod
    def load(cls, store: Store | None) -> "PreviousState":
        """Read the state of a store; None is an empty one."""
        state = cls()
        if store is None:
            return state
        for row in store.rows("SELECT id, path, label, size, mtime_ns, sha256, form FROM sources"):
            state.put_source(row[0], SourceState(*row[1:]))
        for release_id, *columns in store.rows(
            "SELECT release_id, id, source_id, content_hash, draft_hash FROM releases"
        ):
            state.put_release(release_id, PreviousRelease(*columns))
        return state

    def put_source(self, source_id: int, state: SourceState) -> None:
        """Add a source, or replace its state."""
        self.sources[state.path] = (source_id, state)
        if state.sha256 is not None:
            self.paths_by_hash.setdefault(state.sha256, []).append(state.path)

    def put_release(self, release_id: str, release: PreviousRelease) -> None:
        """Add a release, or replace it; its source may be another one now."""
        if before := self.releases.get(release_id):
            self.releases_of[before.source_id].discard(release_id)
        self.releases[release_id] = release
        self.releases_of.setdefault(release.source_id, set()).add(release_id)

    def moved_source(
        self, sha256: bytes | None, parser_version: str
    ) -> tuple[int, SourceState] | None:
        """Return a source of the same bytes and parser version whose file no longer exists."""
        for path in self.paths_by_hash.get(sha256 or b"", ()):
            source = self.sources.get(path)
            if source is None or source[1].sha256 != sha256:
                continue
            same_version = source[1].parser_version == parser_version
            if same_version and not os.path.lexists(os.fsdecode(path)):
                return source
        return None
