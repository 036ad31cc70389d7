"""Bring a collection up to date with its sources.

The order of the steps makes an update safe and quick to use: sources are read and stored in
transactions, then they become searchable by words, and only then are they encoded, batch by
batch. After an interruption at any moment what was committed is kept, and the next update goes on
from there.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from index.dedup.link import link_duplicates
from index.encoders.tokenizer import passage_window
from index.errors import (
    CollectionNotFoundError,
    ReleaseNotFoundError,
    SourceError,
    StorageError,
    advice,
)
from index.ingest.discover import LeftOut, scan
from index.ingest.embed import (
    choose_model,
    encode_pending,
    publish_vectors,
    record_model,
    refuse_other_model,
)
from index.ingest.parse import MAX_BYTES
from index.ingest.previous_state import PreviousState
from index.ingest.reported_skips import ReportedSkips
from index.ingest.sync import Sync
from index.readers.isolated import IsolatedReaders
from index.readers.reading_process import ReadingProcess
from index.reports import Progress, Skip, UpdateReport, no_progress
from index.search.backend import EngineWriter
from index.search.lexical import IDENTITY, build_lexical_index
from index.store import artifacts
from index.store.close_ids import not_found
from index.store.reader import FINGERPRINT_META, STORE_NAME, Artifact, Store
from index.store.syncing import make_folder
from index.store.writer import StoreWriter, writing_lock

STDIN = "-"

_FIRST_SEARCHABLE = 500
"""Releases of a new collection that are stored when they are first made searchable."""
_TIMES_MORE = 4
"""How many times as many there are the next time; all in all they are written 1.3 times."""


def _never() -> bool:
    return False


def update_collection(
    folder: Path,
    sources: Sequence[str | Path],
    *,
    model: str | None = None,
    default_model: str | None = None,
    prune: bool = False,
    dry_run: bool = False,
    follow: bool = False,
    ignore: bool = True,
    wait: bool = False,
    stdin: BinaryIO | None = None,
    max_bytes: int = MAX_BYTES,
    cluster: str | None = None,
    progress: Callable[[Progress], None] = no_progress,
    cancelled: Callable[[], bool] = _never,
    engine: EngineWriter | None = None,
) -> UpdateReport:
    """Add and update the releases of `sources` in the collection in `folder`.

    Args:
        folder: The collection's; created when missing.
        sources: Files, folders, or `-` for JSON Lines on `stdin`.
        model: Encoder to use, even in place of the collection's; default: the collection's, or
            the default for a new collection.
        default_model: Encoder for a new collection; default: the packaged one.
        prune: Remove the releases below `sources` that are no longer there or left out, also
            those of a source that is itself missing.
        dry_run: Report what would be done, and change nothing.
        follow: Follow links out of the folders.
        ignore: Heed the ignore files in the folders.
        wait: Wait for another writer instead of refusing.
        stdin: Where `-` is read from.
        max_bytes: Size of the largest document or record that is read.
        cluster: Address of a Ray cluster that encodes; default: this machine.
        progress: Called with the progress.
        cancelled: Asked often; when true, the update ends early and says so.
        engine: Where what is stored becomes searchable; default: in the folder itself.

    Raises:
        ClusterError: The cluster cannot be used; what it encoded is kept.
        CollectionBusyError: Another process is writing and `wait` is false.
        CollectionTooNewError, CollectionDamagedError: The store cannot be used.
        ModelMismatchError, ModelRefusedError: The encoder does not fit or cannot be loaded.
        SourceError: There is no collection yet, and none of the sources exists.
        StorageError: The disk failed; what was committed is kept.
    """
    encoder = choose_model(folder, model, default_model)
    base = folder.absolute().parent
    window = passage_window(encoder.folder, encoder.spec.max_length, encoder.spec.passage_prefix)
    named = model is not None
    if dry_run:
        with contextlib.ExitStack() as stack:
            reader = None
            with contextlib.suppress(CollectionNotFoundError):
                reader = stack.enter_context(Store(folder))
                refuse_other_model(reader, encoder, named=named)
            previous = PreviousState.load(reader)
            process = stack.enter_context(ReadingProcess())
            run = Sync(None, previous, window, max_bytes, progress, cancelled)
            run.readers = IsolatedReaders(process, run.report_page)
            run.reported = ReportedSkips.load(reader)
            _read_all(run, sources, base, stdin, follow=follow, ignore=ignore)
            missing = run.find_missing(sources, prune=prune)
            known = run.reported.known(run.skipped, sources, base)
            return _report(run, None, len(missing), known, prune=prune, dry_run=True)
    _refuse_nothing(folder, sources)
    if cluster is not None:  # now, not when everything is read
        from index.distributed.connection import check_cluster

        check_cluster(cluster)
    with _open(folder, wait=wait) as store, ReadingProcess() as process:
        record_model(store, encoder, named=named)
        previous = PreviousState.load(store)
        run = Sync(store, previous, window, max_bytes, progress, cancelled)
        run.readers = IsolatedReaders(process, run.report_page)
        run.reported = ReportedSkips.load(store)
        engine = engine or EmbeddedWriter(folder)
        if store.artifact("words") is None and isinstance(engine, EmbeddedWriter):
            run.on_stored = _early_words(store, folder)
        _read_all(run, sources, base, stdin, follow=follow, ignore=ignore)
        missing = run.find_missing(sources, prune=prune) if not cancelled() else []
        if prune and missing:
            _prune(store, run, missing)
        process.close()  # its memory is wanted for what follows
        link_duplicates(store, cancelled)
        engine.publish_words(store)
        encoded = encode_pending(store, encoder, progress, cancelled, cluster)
        engine.publish_vectors(store, encoder.spec.dimension, encoder.spec.fingerprint)
        known = run.reported.known(run.skipped, sources, base)
        interrupted = cancelled()
        # At the very end: what a run that fails has skipped was not reported.
        run.reported.save(store, run.skipped, sources, base, complete=not interrupted)
        return _report(
            run, store, len(missing), known, prune=prune, encoded=encoded, interrupted=interrupted
        )


def remove_releases(
    folder: Path, ids: Sequence[str], *, wait: bool = False, engine: EngineWriter | None = None
) -> UpdateReport:
    """Remove releases from a collection.

    Args:
        folder: The collection's.
        ids: Of the releases.
        wait: Wait for another writer instead of refusing.
        engine: As for `update_collection`.

    Raises:
        ReleaseNotFoundError: When one of them is not there; then none is removed.
        StorageError: The disk failed; none is removed.
        Others as `update_collection`.
    """
    with Store(folder):
        pass  # a missing collection is not created
    with _open(folder, wait=wait) as store:
        previous = PreviousState.load(store)
        missing = [release_id for release_id in ids if release_id not in previous.releases]
        if missing:
            said = not_found(missing[0], previous.releases)
            raise ReleaseNotFoundError(f"nothing was removed: {said}")
        # One transaction, so that after a failure the same command can be run again.
        with store.transaction():
            store.reread_sources(ids)  # the next update of their sources adds them again
            _remove(store, list(dict.fromkeys(ids)))
            link_duplicates(store, _never)
            (engine or EmbeddedWriter(folder)).publish_removal(store)
        remove_stale_artifacts(store, folder)
        return UpdateReport(
            removed=len(set(ids)),
            passages=store.count("passages"),
            to_encode=store.pending(),
        )


class EmbeddedWriter:
    """The embedded engine's `EngineWriter`: artifacts in the collection's folder."""

    def __init__(self, folder: Path) -> None:
        """Write to the collection in `folder`."""
        self._folder = folder

    def publish_words(self, store: StoreWriter) -> None:
        """Write the lexical index of the store, unless the current one is up to date."""
        publish_words(store, self._folder)

    def publish_vectors(self, store: StoreWriter, dimension: int, fingerprint: str) -> None:
        """Write the vector index of the store without vectors that are not used any more."""
        finalize_vectors(store, self._folder, dimension, fingerprint)

    def publish_removal(self, store: StoreWriter) -> None:
        """Write both indexes without what was removed, in the transaction that removes it."""
        publish_words(store, self._folder)
        fingerprint, dimension = store.meta(FINGERPRINT_META), store.dimension
        if fingerprint and dimension:
            _replace_vectors(store, self._folder, dimension, fingerprint)


def publish_words(store: StoreWriter, folder: Path) -> None:
    """Write the lexical index of the store, unless the current one is up to date."""
    current = store.artifact("words")
    previous = None
    usable = current is not None and current.identity == IDENTITY
    if current is not None and usable and artifacts.is_intact(folder, current):
        if current.generation == store.generation:
            return
        previous = folder / artifacts.FOLDER / current.name
    generation = store.generation
    newest = int(store.value("SELECT coalesce(max(id), 0) FROM passages"))
    name, digest = artifacts.publish(folder, "words", lambda path: _build(store, path, previous))
    with store.transaction():
        store.put_artifact("words", Artifact(name, digest, generation, newest, IDENTITY))


def _early_words(store: StoreWriter, folder: Path) -> Callable[[int], None]:
    """Return what makes the first releases of a new collection searchable by words.

    It is called while releases are read, which takes minutes for many: after the first ones and
    whenever there are several times as many, it writes the lexical index.
    """
    due = _FIRST_SEARCHABLE

    def publish(stored: int) -> None:
        nonlocal due
        if stored >= due:
            publish_words(store, folder)
            due = _TIMES_MORE * stored

    return publish


def _build(store: StoreWriter, path: Path, previous: Path | None) -> None:
    try:
        build_lexical_index(store, path, previous)
    except ValueError as error:  # tantivy's error for a full disk
        raise OSError(str(error)) from error


@contextlib.contextmanager
def _open(folder: Path, *, wait: bool) -> Iterator[StoreWriter]:
    try:
        make_folder(folder)
    except OSError as error:
        raise StorageError(f"cannot create {folder} ({error.strerror}); {advice(error)}") from error
    with writing_lock(folder, wait=wait), contextlib.closing(StoreWriter(folder)) as store:
        yield store


def _refuse_nothing(folder: Path, sources: Sequence[str | Path]) -> None:
    """Refuse to create a collection from sources that do not exist, as after a typing error.

    Raises:
        SourceError: When there is no collection yet and none of `sources` is there.
    """
    if (folder / STORE_NAME).exists():
        return
    named = [Path(source).expanduser() for source in sources if str(source) != STDIN]
    if named and len(named) == len(sources) and not any(map(os.path.lexists, named)):
        raise SourceError(f"no such file or folder: {named[0]}; no collection was created")


def _read_all(
    run: Sync,
    sources: Sequence[str | Path],
    base: Path,
    stdin: BinaryIO | None,
    *,
    follow: bool,
    ignore: bool,
) -> None:
    named = [source for source in sources if str(source) != STDIN]
    if len(named) < len(sources) and stdin is not None:
        run.sync_stream(stdin)
    for item in scan(named, base, follow=follow, ignore=ignore):
        if run.cancelled():
            return
        if isinstance(item, LeftOut):
            run.leave_out(item)
            continue
        if isinstance(item, Skip):
            run.skip(item.item, item)
        else:
            run.sync_file(item)
    if not run.cancelled():
        run.move_releases()


def _prune(store: StoreWriter, run: Sync, missing: Sequence[str]) -> None:
    """Remove releases that left their sources; take them up from the sources they moved to.

    A release that moved is replaced in one transaction, so that it is never missing. The sources
    that it left are settled last: after an interruption they are read again.
    """
    moving = run.contested_ids & set(missing)
    with store.transaction():
        _remove(store, [release_id for release_id in missing if release_id not in moving])
    run.sync_contested(missing)
    if run.cancelled():
        return
    with store.transaction():
        if left := sorted(moving - run.seen):
            _remove(store, left)
        for state in run.settled_by(missing):
            store.settle_source(state)


def _remove(store: StoreWriter, ids: Sequence[str]) -> None:
    """Remove releases, in a transaction of the caller's."""
    previous = PreviousState.load(store)
    store.remove_releases([previous.releases[release_id].key for release_id in ids])
    store.limit_former_releases()
    store.bump_generation()


def finalize_vectors(store: StoreWriter, folder: Path, dimension: int, fingerprint: str) -> None:
    """Remove unused vectors, write the vector index, and remove artifacts that are not current."""
    _replace_vectors(store, folder, dimension, fingerprint)
    remove_stale_artifacts(store, folder)


def _replace_vectors(store: StoreWriter, folder: Path, dimension: int, fingerprint: str) -> None:
    """Remove unused vectors, in the transaction that makes the index without them current."""
    with store.transaction():
        removed = store.remove_unused_vectors()
        publish_vectors(store, folder, dimension, fingerprint, force=removed > 0)


def remove_stale_artifacts(store: StoreWriter, folder: Path) -> None:
    """Remove the artifacts that are not current."""
    current = {row[0] for row in store.rows("SELECT name FROM derived")}
    artifacts.remove_stale(folder, current)


def _report(
    run: Sync, store: Store | None, missing: int, known: tuple[Skip, ...], *, prune: bool,
    encoded: int = 0, interrupted: bool = False, dry_run: bool = False,
) -> UpdateReport:  # fmt: skip
    return UpdateReport(
        added=run.added, updated=run.updated, unchanged=run.unchanged,
        removed=missing if prune else 0, vanished=0 if prune else missing, ignored=run.ignored,
        skipped=tuple(run.skipped), skipped_before=known, notes=tuple(run.notes),
        passages=store.count("passages") if store else 0,
        encoded=encoded, to_encode=store.pending() if store else 0,
        interrupted=interrupted, dry_run=dry_run,
    )  # fmt: skip
