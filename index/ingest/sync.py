"""Sources compared with what is stored: what is new, what changed, what stayed.

`Sync` decides for every release and, unless it is a dry run, writes it. Folders are walked by
`index.ingest.discover`, files are parsed by `index.ingest.parse`, and `index.ingest.update` runs
the steps that follow.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from index.errors import SourceError
from index.ingest.discover import SourceFile
from index.ingest.interruptible import interruptible, until_interrupted
from index.ingest.parse import (
    PARSER_VERSION,
    UNTRUSTED,
    IsKept,
    ParsedRelease,
    UnchangedRecord,
    distinct,
    file_hash,
    read_source,
    read_stream,
    trusted_mtime,
)
from index.ingest.previous_state import PreviousRelease, PreviousState
from index.readers.base import BadRecord
from index.reports import Progress, Skip
from index.store.rows import content_hash
from index.store.writer import SourceState, StoreWriter
from index.structure.passages import EncoderWindow

STDIN_KEY = b"-"
_BATCH = 200
"""Releases a transaction: large enough to be quick, small enough to lose little."""


@dataclass
class Sync:
    """One run over sources.

    Attributes:
        store: Where to write, or None for a dry run.
        known: What was there before, kept current.
        seen: Ids of the releases found in this run.
        whole: Paths of the sources of which every release was found.
        refused: Records left out because their id is another's.
    """

    store: StoreWriter | None
    known: PreviousState
    window: EncoderWindow
    max_bytes: int
    progress: Callable[[Progress], None]
    cancelled: Callable[[], bool]
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: list[Skip] = field(default_factory=list)
    notes: list[Skip] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    whole: set[bytes] = field(default_factory=set)
    refused: int = 0

    @property
    def form(self) -> str:
        """How releases are read and cut: a change of it makes sources be read again."""
        return f"{PARSER_VERSION}/{self.window.tokens}"

    @property
    def done(self) -> int:
        """Releases looked at so far."""
        return self.added + self.updated + self.unchanged

    def take_file(self, file: SourceFile) -> None:
        """Bring the releases of one file up to date."""
        before = self.known.sources.get(file.key)
        self.progress(Progress("read", self.done, item=file.label))
        if before is not None and self._untouched(before[1], file):
            self._keep(before[0], file)
            return
        digest = file_hash(file, self.max_bytes)
        mtime = trusted_mtime(file)
        state = SourceState(file.key, file.label, file.size, mtime, digest, self.form)
        moved = before or self.known.moved(digest, self.form)
        if moved is not None and digest is not None and self._same_bytes(moved[1], digest):
            with self._writing() as store:
                if store is not None:
                    store.move_source(moved[0], state)
                    if before is None:
                        store.bump()  # answers name the place
            self.known.sources.pop(moved[1].path, None)
            self.known.remember_source(moved[0], state)
            self._keep(moved[0], file)
            return
        try:
            found = read_source(file, self.window, self.max_bytes, self._kept_of(state))
            self._take(found, state, digest)
        except SourceError as error:
            self.skipped.append(Skip(file.label, str(error)))

    def take_stream(self, stream: BinaryIO) -> None:
        """Bring the releases of JSON Lines on standard input up to date."""
        state = SourceState(STDIN_KEY, "standard input", 0, 0, None, self.form)
        try:
            stream = interruptible(stream, self.cancelled)
            found = read_stream(
                stream, "stdin.jsonl", self.window, self.max_bytes, self._kept_of(state)
            )
            self._take(found, state, None)
        except SourceError as error:
            self.skipped.append(Skip("standard input", str(error)))

    def _keep(self, source_id: int, file: SourceFile) -> None:
        self.whole.add(file.key)
        ids = self.known.by_source.get(source_id, set())
        self.unchanged += len(ids - self.seen)
        self.seen |= ids

    def _kept_of(self, state: SourceState) -> IsKept:
        """Return what tells which records of a source are as they were when last stored."""
        before = self.known.sources.get(state.path)

        def is_kept(release_id: str, draft: bytes) -> bool:
            known = self.known.releases.get(release_id)
            return (
                before is not None
                and known is not None
                and known.source_id == before[0]
                and known.draft_hash == self._drafted(draft)
            )

        return is_kept

    def _drafted(self, draft: bytes) -> bytes:
        """Return the hash of a record together with the form that it is read in."""
        return hashlib.sha256(self.form.encode() + draft).digest()

    def _take(
        self,
        found: Iterable[ParsedRelease | UnchangedRecord | BadRecord],
        state: SourceState,
        digest: bytes | None,
    ) -> None:
        """Store what is new or changed of one source, in batches.

        The source's state is recorded with its last batch, so that an interrupted one is read
        again; releases already stored are then unchanged. One with a record that cannot be
        read is read again too, so that each update names it; and one with an id that is
        another's: the other may be gone by then.
        """
        unfinished = replace(state, mtime_ns=UNTRUSTED, sha256=None)
        refused = self.refused
        batch: list[ParsedRelease | UnchangedRecord] = []
        count = 0
        clean = True
        for item in until_interrupted(found):
            if isinstance(item, BadRecord):
                self.skipped.append(Skip(f"{state.label}: {item.where}", item.reason))
                clean = False
                continue
            count += 1
            batch.append(item)
            if len(batch) == _BATCH:
                self._store(batch, unfinished)
                batch = []
                self.progress(Progress("read", self.done, item=state.label))
                if self.cancelled():
                    return
        if self.cancelled():
            if count:
                self._store(batch, unfinished)
            return
        if count:
            self._store(batch, replace(state, sha256=digest))
        if count and (self.refused > refused or not clean):
            self._store([], unfinished)
        if clean:
            self.whole.add(state.path)

    def _store(self, batch: Sequence[ParsedRelease | UnchangedRecord], state: SourceState) -> None:
        with self._writing() as store:
            known = self.known.sources.get(state.path)
            if store is not None:
                source_id = store.put_source(state)
            else:
                source_id = known[0] if known else -1 - len(self.known.sources)
            self.known.remember_source(source_id, state)
            before = self.added + self.updated
            for item in batch:
                if isinstance(item, UnchangedRecord):
                    self._keep_one(item, state)
                else:
                    self._store_one(store, item, source_id, state)
            if store is not None and self.added + self.updated > before:
                store.bump()

    def _keep_one(self, kept: UnchangedRecord, state: SourceState) -> None:
        """Count a record that is as it was, unless another one took its id just now."""
        if self.known.releases[kept.release_id].draft_hash != self._drafted(kept.draft):
            self._refuse(state, kept.release_id, "its id occurs twice")
        elif kept.release_id not in self.seen:
            self.seen.add(kept.release_id)
            self.unchanged += 1

    def _store_one(
        self, store: StoreWriter | None, prepared: ParsedRelease, source_id: int, state: SourceState
    ) -> None:
        chosen = self._under_free_id(prepared, source_id, state)
        if chosen is None:
            return
        release = chosen.release
        if chosen.note:
            self.notes.append(Skip(state.label, chosen.note))
        digest = content_hash(release, self.form)
        before = self.known.releases.get(release.release_id)
        self.seen.add(release.release_id)
        drafted = self._drafted(chosen.draft) if not chosen.note else None
        if before is not None and before.content_hash == digest:
            self.unchanged += 1
            if store is not None and drafted is not None and before.draft_hash != drafted:
                store.remember_draft(release.release_id, drafted)
            if before.source_id != source_id and self._gone(before.source_id):
                if store is not None:
                    store.adopt_release(source_id, release.release_id)
                self.known.remember(release.release_id, replace(before, source_id=source_id))
            return
        if before is None:
            self.added += 1
        else:
            self.updated += 1
        if store is not None:
            store.put_release(source_id, release, digest, chosen.passages, drafted)
        self.known.remember(release.release_id, PreviousRelease(-1, source_id, digest, drafted))

    def _under_free_id(
        self, prepared: ParsedRelease, source_id: int, state: SourceState
    ) -> ParsedRelease | None:
        """Return `prepared` under an id that is its own, or None when it has no right to one."""
        release_id = prepared.release.release_id
        digest = content_hash(prepared.release, self.form)
        before = self.known.releases.get(release_id)
        same = before is not None and before.content_hash == digest
        if release_id in self.seen and same:
            if before is not None and before.source_id != source_id:
                self.refused += 1  # read again next time: the other source may be gone by then
            return None
        if not prepared.own_id:
            return self._under_name_of_file(prepared, source_id, state)
        if release_id in self.seen:
            self._refuse(state, release_id, "its id occurs twice")
            return None
        if before is None or before.source_id == source_id or same or self._gone(before.source_id):
            return prepared
        self._refuse(state, release_id, "its id belongs to a release of another source")
        return None

    def _refuse(self, state: SourceState, release_id: str, reason: str) -> None:
        self.refused += 1
        self.skipped.append(Skip(f"{state.label}: {release_id}", reason))

    def _under_name_of_file(
        self, prepared: ParsedRelease, source_id: int, state: SourceState
    ) -> ParsedRelease:
        """Return `prepared` under its file's name, told from other files of the same name.

        An id once given to it is kept, even when the plain name has become free.
        """
        marked = distinct(prepared, state.path)
        given = self.known.releases.get(marked.release.release_id)
        if given is not None and given.source_id == source_id:
            return marked
        release_id = prepared.release.release_id
        before = self.known.releases.get(release_id)
        free = before is None or before.source_id == source_id
        return prepared if free and release_id not in self.seen else marked

    def _gone(self, source_id: int) -> bool:
        """Whether a source can no longer claim its ids: its file vanished, or it was a stream."""
        for known_id, state in self.known.sources.values():
            if known_id == source_id:
                return state.path == STDIN_KEY or not Path(os.fsdecode(state.path)).exists()
        return True

    def _untouched(self, state: SourceState, file: SourceFile) -> bool:
        same = (state.size, state.mtime_ns) == (file.size, file.mtime_ns)
        return same and state.mtime_ns != UNTRUSTED and state.form == self.form

    def _same_bytes(self, state: SourceState, digest: bytes) -> bool:
        return state.sha256 == digest and state.form == self.form

    @contextmanager
    def _writing(self) -> Iterator[StoreWriter | None]:
        if self.store is None:
            yield None
            return
        with self.store.transaction():
            yield self.store
