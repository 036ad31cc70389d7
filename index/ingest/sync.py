"""Compare sources with the store: what is new, changed, unchanged or missing.

`Sync` decides for every release and, unless it is a dry run, writes it. Folders are walked by
`index.ingest.discover`, files are parsed by `index.ingest.parse`, and `index.ingest.update` runs
the steps that follow.
"""

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Literal

from index.errors import CollectionDamagedError, SourceError
from index.ingest.discover import (
    LeftOut,
    SourceFile,
    as_shown,
    covers,
    is_deleted,
    is_missing,
)
from index.ingest.interruptible import interruptible, until_interrupted
from index.ingest.parse import (
    PARSER_VERSION,
    UNTRUSTED,
    IsUnchanged,
    ParsedRelease,
    UnchangedRecord,
    file_hash,
    read_source,
    read_stream,
    trusted_mtime,
    with_distinct_id,
)
from index.ingest.previous_state import PreviousRelease, PreviousState
from index.ingest.reported_skips import ReportedSkips
from index.readers.base import BadRecord, ReaderFor
from index.readers.registry import reader_for
from index.reports import Progress, Skip
from index.store.former_releases import ReleaseChange
from index.store.rows import content_hash
from index.store.writer import SourceState, StoreWriter
from index.structure.passages import EncoderWindow

STDIN_PATH = b"-"
_OWNED = "its id belongs to a release of another source"
_BATCH = 200
"""Releases in one transaction: enough to be fast, few enough that an interruption loses little."""


@dataclass
class Sync:
    """One run over sources.

    Attributes:
        store: Where to write, or None for a dry run.
        previous: What the store held before the run, kept current.
        readers: Chooses the readers of files.
        on_stored: Called between transactions with how many releases were added and updated.
        seen: Ids of the releases found in this run.
        complete: Paths of the sources in which every release was found.
        refused: How many records were left out because another release has their id.
        withheld: Sources that are not recorded as read before their withdrawn releases are
            removed: the state to record, and the ids of those releases, by path.
        contested: Files with records that were left out because their ids belong to releases of
            other sources, and these ids.
        reported: What earlier updates skipped and reported.
        left_out: Paths of files and folders that are there and not read.
        ignored: How many of them an ignore file names.
    """

    store: StoreWriter | None
    previous: PreviousState
    window: EncoderWindow
    max_bytes: int
    progress: Callable[[Progress], None]
    cancelled: Callable[[], bool]
    readers: ReaderFor = reader_for
    on_stored: Callable[[int], None] = lambda _: None
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: list[Skip] = field(default_factory=list)
    notes: list[Skip] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    complete: set[bytes] = field(default_factory=set)
    refused: int = 0
    withheld: dict[bytes, tuple[SourceState, frozenset[str]]] = field(default_factory=dict)
    contested: list[tuple[SourceFile, frozenset[str]]] = field(default_factory=list)
    reported: ReportedSkips = field(default_factory=ReportedSkips)
    left_out: set[bytes] = field(default_factory=set)
    ignored: int = 0
    _owned: set[str] = field(default_factory=set)
    """The ids that were found to belong to releases of other sources."""
    _found: set[str] = field(default_factory=set)
    """The ids that were found in the source that is being read."""
    _same_bytes_as_before: bool = False
    """Whether the source that is being read has the bytes of the last update."""
    _label: str = ""
    """The source that is being read."""
    _copies: dict[str, int] = field(default_factory=dict)
    """Row number of a source that has the same release as the one it is stored for, by its id."""

    @property
    def parser_version(self) -> str:
        """The version of parsing, and the window that passages must fit."""
        return f"{PARSER_VERSION}/{self.window.tokens}"

    @property
    def done(self) -> int:
        """Releases compared so far."""
        return self.added + self.updated + self.unchanged

    def leave_out(self, found: LeftOut) -> None:
        """Note what is not read; its releases have left their source."""
        if found.key not in self.left_out:
            self.left_out.add(found.key)
            self.ignored += found.ignored

    def report_page(self, done: int, total: int) -> None:
        """Report that `done` of the `total` pages of a scan are read, which takes seconds each."""
        item = f"{self._label}, page {done + 1:,} of {total:,}"
        self.progress(Progress("read", self.done, item=item))

    def sync_file(self, file: SourceFile) -> None:
        """Bring the releases of one file up to date."""
        before = self.previous.sources.get(file.key)
        self._label = file.label
        self.progress(Progress("read", self.done, item=file.label))
        if before is not None and self._same_file(before[1], file):
            self._count_unchanged(before[0], file)
            return
        digest = file_hash(file, self.max_bytes)
        state = SourceState(
            file.key, file.label, file.size, trusted_mtime(file), digest, self.parser_version
        )
        self._same_bytes_as_before = before is not None and before[1].sha256 == (digest or b"")
        same = before or self.previous.moved_source(digest, self.parser_version)
        if same is not None and digest is not None and self._same_bytes(same[1], digest):
            with self._transaction() as store:
                if store is not None:
                    store.move_source(same[0], state)
                    if before is None:
                        store.bump_generation()  # answers name the source
            self.previous.sources.pop(same[1].path, None)
            self.previous.put_source(same[0], state)
            self._count_unchanged(same[0], file)
            return
        owned = set(self._owned)
        try:
            records = read_source(
                file, self.window, self.max_bytes, self._is_unchanged(state), self.readers
            )
            self._store_all(until_interrupted(records, self.cancelled), state, digest)
        except SourceError as error:
            stamp = digest.hex() if digest else f"{file.size} {file.mtime_ns}"
            self.skip(file.label, Skip(file.label, str(error)), stamp)
        if self._owned > owned:
            self.contested.append((file, frozenset(self._owned - owned)))

    def sync_stream(self, stream: BinaryIO) -> None:
        """Bring the releases of JSON Lines on standard input up to date."""
        state = SourceState(STDIN_PATH, "standard input", 0, 0, None, self.parser_version)
        self._same_bytes_as_before = False
        try:
            stream = interruptible(stream, self.cancelled)
            records = read_stream(
                stream, "stdin.jsonl", self.window, self.max_bytes, self._is_unchanged(state)
            )
            # Records that have arrived cannot be read again, so none is left in the middle.
            self._store_all(until_interrupted(records), state, None)
        except SourceError as error:
            self.skipped.append(Skip("standard input", str(error)))

    def find_missing(self, sources: Sequence[str | Path], *, prune: bool) -> list[str]:
        """Return the ids of stored releases that are no longer in `sources`.

        A release whose source could not be read is not missing; one whose source is left out is.
        The releases of a source that is
        itself missing are so only with `prune`, when the user named it; then the source is not
        reported as skipped. They are not missing either when the folder above it is empty or
        missing too, as for a disk that is not mounted.

        Args:
            sources: As the user named them; all have been read.
            prune: Whether missing releases will be removed.
        """
        paths = [Path(source).expanduser() for source in sources if os.fspath(source) != "-"]
        present = [path for path in paths if path.exists()]
        stored = [state.path for _, state in self.previous.sources.values()]
        for path in paths if prune else ():
            if is_deleted(path) and any(covers([path], key) for key in stored):
                present.append(path)
                self.skipped = [skip for skip in self.skipped if skip.item != as_shown(path)]
        missing: list[str] = []
        for source_id, state in self.previous.sources.values():
            unseen = self.previous.releases_of.get(source_id, set()) - self.seen
            if not unseen or state.path == STDIN_PATH or not covers(present, state.path):
                continue
            if state.path in self.complete or self._has_left(state.path):
                missing.extend(sorted(unseen))
        return missing

    def move_releases(self) -> None:
        """Store releases that left their source for the source where they were found unchanged.

        Both sources were read, and neither is recorded as read before this: when a release is
        stored for a source that lacks it, the next update would take it for withdrawn.
        """
        for path, (state, withdrawn) in list(self.withheld.items()):
            moved = withdrawn & self._copies.keys()
            if not moved:
                continue
            left = withdrawn - moved
            with self._transaction() as store:
                for release_id in sorted(moved):
                    if store is not None:
                        store.move_release(release_id, self._copies[release_id])
                    release = self.previous.releases[release_id]
                    moved_release = replace(release, source_id=self._copies[release_id])
                    self.previous.put_release(release_id, moved_release)
                if store is not None:
                    store.bump_generation()  # answers name the source
                    if not left:
                        store.settle_source(state)
            del self.withheld[path]
            if left:
                self.withheld[path] = state, left

    def settled_by(self, removed: Collection[str]) -> list[SourceState]:
        """Return the states of the sources that are read to the end once `removed` are removed.

        A source with a withdrawn release that another source still has is read again next time,
        since the other may be gone by then.
        """
        return [state for state, ids in self.withheld.values() if ids <= set(removed)]

    @property
    def contested_ids(self) -> frozenset[str]:
        """The ids of records that were left out because a release of another source has them."""
        return frozenset().union(*(ids for _, ids in self.contested))

    def sync_contested(self, removed: Collection[str]) -> None:
        """Read again the files with records whose ids are free now that `removed` are withdrawn.

        Releases of these ids that are still stored are replaced.
        """
        for release_id in removed:
            release = self.previous.releases.pop(release_id, None)
            if release is not None:
                self.previous.releases_of[release.source_id].discard(release_id)
        for file, ids in list(self.contested):
            if ids & set(removed):
                free = {Skip(f"{file.label}: {release_id}", _OWNED) for release_id in ids}
                self.skipped = [skip for skip in self.skipped if skip not in free]
                self.sync_file(file)
        self.skipped = list(dict.fromkeys(self.skipped))
        self.notes = list(dict.fromkeys(self.notes))

    def _count_unchanged(self, source_id: int, file: SourceFile) -> None:
        self.complete.add(file.key)
        ids = self.previous.releases_of.get(source_id, set())
        self.unchanged += len(ids - self.seen)
        self.seen |= ids

    def _is_unchanged(self, state: SourceState) -> IsUnchanged:
        """Return the function that tells which records of a source need no parsing."""
        source = self.previous.sources.get(state.path)

        def is_unchanged(release_id: str, draft_hash: bytes) -> bool:
            release = self.previous.releases.get(release_id)
            return (
                source is not None
                and release is not None
                and release.source_id == source[0]
                and release.draft_hash == self._versioned(draft_hash)
            )

        return is_unchanged

    def _versioned(self, draft_hash: bytes) -> bytes:
        """Return a hash of a record and the parser version."""
        return hashlib.sha256(self.parser_version.encode() + draft_hash).digest()

    def _store_all(
        self,
        records: Iterable[ParsedRelease | UnchangedRecord | BadRecord],
        state: SourceState,
        digest: bytes | None,
    ) -> None:
        """Store what is new or changed in one source, in batches.

        The state of the source is recorded with its last batch, so that the next update reads an
        interrupted source again and finds the stored releases unchanged. A source with a record
        that cannot be read is read again too, so that each update reports it; so is a source with
        an id that another source has, because the other may be gone by then; and so is one that
        lacks a stored release, until that is removed.
        """
        refused = self.refused
        self._found = set()
        batch: list[ParsedRelease | UnchangedRecord] = []
        count = 0
        clean = True
        for record in records:
            if isinstance(record, BadRecord):
                self._skip_record(state, record.where, record.reason)
                clean = False
                continue
            count += 1
            batch.append(record)
            if len(batch) == _BATCH:
                self._store_batch(batch, state)
                batch = []
                self.on_stored(self.added + self.updated)
                self.progress(Progress("read", self.done, item=state.label))
                if self.cancelled():
                    return
        if self.cancelled():
            if count:
                self._store_batch(batch, state)
            return
        if count:
            whole = replace(state, sha256=digest)
            self._store_batch(batch, state, lambda: clean and self.refused == refused and whole)
            self.on_stored(self.added + self.updated)
        if clean:
            self.complete.add(state.path)

    def _store_batch(
        self,
        batch: Sequence[ParsedRelease | UnchangedRecord],
        state: SourceState,
        finished: Callable[[], SourceState | Literal[False]] = lambda: False,
    ) -> None:
        """Store a batch of the releases of a source, in one transaction.

        Args:
            batch: The releases.
            state: The source's.
            finished: Called when they are stored; returns the state to record when the source
                was read to the end, and nothing in it calls for reading it again.
        """
        with self._transaction() as store:
            source_id = self._put_source(store, replace(state, mtime_ns=UNTRUSTED, sha256=None))
            changes = self.added + self.updated
            for record in batch:
                if isinstance(record, UnchangedRecord):
                    self._keep_unchanged(record, state)
                else:
                    self._store_release(store, record, source_id, state)
            if store is not None and self.added + self.updated > changes:
                store.bump_generation()
                store.limit_former_releases()
            whole = finished()
            if not whole:
                return
            withdrawn = self.previous.releases_of.get(source_id, set()) - self._found
            if withdrawn and state.path != STDIN_PATH:  # what stdin had before is not withdrawn
                self.withheld[state.path] = whole, frozenset(withdrawn)
            else:
                if store is not None:
                    store.settle_source(whole)
                self.previous.put_source(source_id, whole)

    def _put_source(self, store: StoreWriter | None, state: SourceState) -> int:
        """Record the state of a source; return its row number, made up in a dry run."""
        known = self.previous.sources.get(state.path)
        if store is not None:
            source_id = store.put_source(state)
        else:
            source_id = known[0] if known else -1 - len(self.previous.sources)
        self.previous.put_source(source_id, state)
        return source_id

    def _keep_unchanged(self, record: UnchangedRecord, state: SourceState) -> None:
        """Count an unchanged record, unless another record took its id in this run."""
        release = self.previous.releases[record.release_id]
        self._found.add(record.release_id)
        if release.draft_hash != self._versioned(record.draft_hash):
            self._refuse_second(state, record.release_id)
        elif record.release_id not in self.seen:
            self.seen.add(record.release_id)
            self.unchanged += 1

    def _store_release(
        self, store: StoreWriter | None, parsed: ParsedRelease, source_id: int, state: SourceState
    ) -> None:
        chosen = self._with_free_id(parsed, source_id, state)
        if chosen is None:
            return
        release = chosen.release
        if chosen.note:
            self.notes.append(Skip(state.label, chosen.note))
        digest = content_hash(release, self.parser_version)
        before = self.previous.releases.get(release.release_id)
        self.seen.add(release.release_id)
        self._found.add(release.release_id)
        # A record with a note is parsed in every update, so that the note is shown again.
        draft_hash = self._versioned(chosen.draft_hash) if not chosen.note else None
        if before is not None and before.content_hash == digest:
            self.unchanged += 1
            if store is not None and draft_hash is not None and before.draft_hash != draft_hash:
                store.set_draft_hash(release.release_id, draft_hash)
            if before.source_id == source_id:
                return
            if self._is_gone(before.source_id):
                if store is not None:
                    store.move_release(release.release_id, source_id)
                self.previous.put_release(release.release_id, replace(before, source_id=source_id))
            else:
                self._copies[release.release_id] = source_id
                self.refused += 1  # read again next time: the other source may lack it by then
            return
        if before is None:
            self.added += 1
        else:
            self.updated += 1
        if store is not None:
            change = self._change(store, release.release_id, before) if before else None
            store.put_release(source_id, release, digest, chosen.passages, draft_hash, change)
        stored = PreviousRelease(-1, source_id, digest, draft_hash)
        self.previous.put_release(release.release_id, stored)

    def _change(
        self, store: StoreWriter, release_id: str, before: PreviousRelease
    ) -> ReleaseChange | None:
        """Return how a release that differs from the stored one changed; None if only in reading.

        The hash of a release covers the version of the parser that read it.
        """
        try:
            stored = store.release(release_id).release
        except CollectionDamagedError:
            return "reread"
        if content_hash(stored, self.parser_version) == before.content_hash:
            return "changed"
        return None if self._same_bytes_as_before else "reread"

    def _with_free_id(
        self, parsed: ParsedRelease, source_id: int, state: SourceState
    ) -> ParsedRelease | None:
        """Return a release under an id that it may have, or None when it has to be left out."""
        release_id = parsed.release.release_id
        digest = content_hash(parsed.release, self.parser_version)
        before = self.previous.releases.get(release_id)
        same = before is not None and before.content_hash == digest
        if release_id in self.seen and same:
            if before is not None and before.source_id != source_id:
                self.refused += 1  # read again next time: the other source may be gone by then
            return None
        if not parsed.has_own_id:
            return self._with_id_of_file(parsed, source_id, state)
        if release_id in self.seen:
            self._refuse_second(state, release_id)
            return None
        if before is None or before.source_id == source_id or same:
            return parsed
        if self._is_gone(before.source_id):
            return parsed
        self._owned.add(release_id)
        self.refused += 1
        self._skip_record(state, release_id, _OWNED)
        return None

    def _refuse_second(self, state: SourceState, release_id: str) -> None:
        self.refused += 1
        self._skip_record(state, release_id, "its id occurs twice")

    def skip(self, label: str, skip: Skip, stamp: str = "") -> None:
        """Leave something out.

        Args:
            label: The file that it is about, as users see it.
            skip: What, and why.
            stamp: Changes when the file does.
        """
        self.skipped.append(skip)
        self.reported.add(label, skip, stamp)

    def _skip_record(self, state: SourceState, where: str, reason: str) -> None:
        skip = Skip(f"{state.label}: {where}", reason)
        if state.path == STDIN_PATH:
            self.skipped.append(skip)
        else:
            self.skip(state.label, skip, state.sha256.hex() if state.sha256 else str(state.size))

    def _with_id_of_file(
        self, parsed: ParsedRelease, source_id: int, state: SourceState
    ) -> ParsedRelease:
        """Return a release under the name of its file, made distinct when another file has it.

        A distinct id is kept, even when the plain name has become free.
        """
        distinct = with_distinct_id(parsed, state.path)
        given = self.previous.releases.get(distinct.release.release_id)
        if given is not None and given.source_id == source_id:
            return distinct
        release_id = parsed.release.release_id
        before = self.previous.releases.get(release_id)
        free = before is None or before.source_id == source_id
        return parsed if free and release_id not in self.seen else distinct

    def _is_gone(self, source_id: int) -> bool:
        """Return whether a source has no claim to ids: missing, left out, or stdin."""
        for known_id, state in self.previous.sources.values():
            if known_id == source_id:
                return (
                    state.path == STDIN_PATH
                    or self._is_left_out(state.path)
                    or not Path(os.fsdecode(state.path)).exists()
                )
        return True

    def _has_left(self, path: bytes) -> bool:
        """Return whether a source is missing, or is left out."""
        return self._is_left_out(path) or is_missing(path)

    def _is_left_out(self, path: bytes) -> bool:
        """Return whether a source, or a folder above it, was found and left out."""
        if not self.left_out:
            return False
        named = Path(os.fsdecode(path))
        return any(os.fsencode(at) in self.left_out for at in (named, *named.parents))

    def _same_file(self, state: SourceState, file: SourceFile) -> bool:
        same = (state.size, state.mtime_ns) == (file.size, file.mtime_ns)
        return same and state.mtime_ns != UNTRUSTED and state.parser_version == self.parser_version

    def _same_bytes(self, state: SourceState, digest: bytes) -> bool:
        return state.sha256 == digest and state.parser_version == self.parser_version

    @contextmanager
    def _transaction(self) -> Iterator[StoreWriter | None]:
        if self.store is None:
            yield None
            return
        with self.store.transaction():
            yield self.store
