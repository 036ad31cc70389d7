"""Bringing a collection up to date with its sources.

The order is what makes it safe and quick to use: sources are read and stored in transactions,
their words become searchable, and only then is meaning encoded, batch by batch. Interrupting
it at any moment keeps what was committed, and the next update goes on from there.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from index.dedup.link import link_duplicates
from index.encoders.tokenizer import passage_window
from index.errors import CollectionNotFoundError, ReleaseNotFoundError, SourceError, StorageError
from index.ingest.discover import scan
from index.ingest.embed import encode_pending, publish_vectors
from index.ingest.encoder_choice import choose_encoder, refuse_mismatch, same_encoder
from index.ingest.parse import MAX_BYTES
from index.ingest.previous_state import PreviousState
from index.ingest.sync import Sync
from index.ingest.vanished import missing_from
from index.reports import Progress, Skip, UpdateReport
from index.search.lexical import IDENTITY, build_lexical_index
from index.store import artifacts
from index.store.reader import FINGERPRINT_META, STORE_NAME, Artifact, Store
from index.store.writer import StoreWriter, writing_lock

STDIN = "-"


def _silent(_: Progress) -> None:
    """Tell nobody."""


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
    wait: bool = False,
    stdin: BinaryIO | None = None,
    max_bytes: int = MAX_BYTES,
    progress: Callable[[Progress], None] = _silent,
    cancelled: Callable[[], bool] = _never,
) -> UpdateReport:
    """Add and update the releases of `sources` in the collection in `folder`.

    Args:
        folder: The collection; made when missing.
        sources: Files, folders, or `-` for JSON Lines on `stdin`.
        model: Encoder to use, also in place of the one the collection was made with; None keeps
            that one, or takes the default for a new collection.
        default_model: The default for a new collection; None for the packaged model.
        prune: Remove releases below `sources` that are no longer there, also those of a source
            that is itself no longer there.
        dry_run: Report what would be done and change nothing.
        follow: Follow links out of the folders.
        wait: Wait for another writer instead of refusing.
        stdin: Where `-` is read from.
        max_bytes: Largest document or record, in bytes.
        progress: Told how far things are.
        cancelled: Asked often; when true, the update ends early and says so.

    Raises:
        CollectionBusyError: Another process is writing and `wait` is false.
        CollectionTooNewError, CollectionDamagedError: The store cannot be used.
        ModelMismatchError, ModelRefusedError: The encoder does not fit or cannot be loaded.
        SourceError: There is no collection yet, and none of the sources exists.
        StorageError: The disk refused; what was committed stands.
    """
    encoder = choose_encoder(folder, model, default_model)
    window = passage_window(encoder.folder, encoder.spec.max_length, encoder.spec.passage_prefix)

    def intake(store: StoreWriter | None, known: PreviousState) -> Sync:
        return Sync(store, known, window, max_bytes, progress, cancelled)

    if dry_run:
        with contextlib.ExitStack() as stack:
            current = None
            with contextlib.suppress(CollectionNotFoundError):
                current = stack.enter_context(Store(folder))
                refuse_mismatch(current, encoder, replace_model=model is not None)
            run = intake(None, PreviousState.load(current))
            _read_all(run, sources, folder, stdin, follow=follow)
            gone = missing_from(run, sources, prune=prune)
            return _report(run, None, removed=len(gone) if prune else 0,
                           vanished=0 if prune else len(gone), dry_run=True)  # fmt: skip
    _refuse_nothing(folder, sources)
    with _open(folder, wait=wait) as store:
        same_encoder(store, encoder, replace_model=model is not None)
        run = intake(store, PreviousState.load(store))
        _read_all(run, sources, folder, stdin, follow=follow)
        gone = missing_from(run, sources, prune=prune) if not cancelled() else []
        if prune and gone:
            _remove(store, gone)
        elif gone:
            with store.transaction():
                store.distrust_sources(gone)
        link_duplicates(store, cancelled)
        publish_words(store, folder)
        encoded = encode_pending(store, encoder, progress, cancelled)
        finalize_vectors(store, folder, encoder.spec.dimension, encoder.spec.fingerprint)
        return _report(
            run, store, removed=len(gone) if prune else 0, vanished=0 if prune else len(gone),
            encoded=encoded, interrupted=cancelled(),
        )  # fmt: skip


def remove_releases(folder: Path, ids: Sequence[str], *, wait: bool = False) -> UpdateReport:
    """Take releases out of a collection.

    Raises:
        ReleaseNotFoundError: When one of them is not there; then none is removed.
        Others as `update_collection`.
    """
    with Store(folder):
        pass  # a missing collection is not made
    with _open(folder, wait=wait) as store:
        known = PreviousState.load(store)
        missing = [release_id for release_id in ids if release_id not in known.releases]
        if missing:
            raise ReleaseNotFoundError(
                f"no release {missing[0]!r} in the collection; nothing was removed "
                "(see: releaseqa list)"
            )
        with store.transaction():
            store.distrust_sources(ids)  # the next update adds them again, as is promised
        _remove(store, list(dict.fromkeys(ids)))
        link_duplicates(store, _never)
        publish_words(store, folder)
        fingerprint, dimension = store.meta(FINGERPRINT_META), store.dimension
        if fingerprint and dimension:
            finalize_vectors(store, folder, dimension, fingerprint)
        return UpdateReport(
            removed=len(set(ids)),
            passages=int(store.value("SELECT count(*) FROM passages")),
            to_encode=store.pending(),
        )


def publish_words(store: StoreWriter, folder: Path) -> None:
    """Write the word index of the store's present content, unless the current one already is it."""
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


def _build(store: StoreWriter, path: Path, previous: Path | None) -> None:
    try:
        build_lexical_index(store, path, previous)
    except ValueError as error:  # how tantivy reports the disk's refusal
        raise OSError(str(error)) from error


@contextlib.contextmanager
def _open(folder: Path, *, wait: bool) -> Iterator[StoreWriter]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"cannot make {folder} ({error.strerror})") from error
    with writing_lock(folder, wait=wait), contextlib.closing(StoreWriter(folder)) as store:
        yield store


def _refuse_nothing(folder: Path, sources: Sequence[str | Path]) -> None:
    """Refuse to make a new collection of nothing: a mistyped name, most likely.

    Raises:
        SourceError: When there is no collection yet and none of `sources` is there.
    """
    if (folder / STORE_NAME).exists():
        return
    named = [Path(source).expanduser() for source in sources if str(source) != STDIN]
    if named and len(named) == len(sources) and not any(map(os.path.lexists, named)):
        raise SourceError(f"no such file or folder: {named[0]}; no collection was made")


def _read_all(
    run: Sync,
    sources: Sequence[str | Path],
    folder: Path,
    stdin: BinaryIO | None,
    *,
    follow: bool,
) -> None:
    named = [source for source in sources if str(source) != STDIN]
    if len(named) < len(sources) and stdin is not None:
        run.take_stream(stdin)
    for item in scan(named, folder.absolute().parent, follow=follow):
        if run.cancelled():
            return
        if isinstance(item, Skip):
            run.skipped.append(item)
        else:
            run.take_file(item)


def _remove(store: StoreWriter, ids: Sequence[str]) -> None:
    known = PreviousState.load(store)
    with store.transaction():
        store.remove_releases([known.releases[release_id].key for release_id in ids])
        store.bump()


def finalize_vectors(store: StoreWriter, folder: Path, dimension: int, fingerprint: str) -> None:
    """Remove the vectors that no passage has, write the vector file, remove what is left over."""
    with store.transaction():
        dropped = store.drop_orphaned_vectors()
    publish_vectors(store, folder, dimension, fingerprint, anew=dropped > 0)
    remove_stale_artifacts(store, folder)


def remove_stale_artifacts(store: StoreWriter, folder: Path) -> None:
    """Remove the derived files that are not the current ones."""
    current = {row[0] for row in store.rows("SELECT name FROM derived")}
    artifacts.remove_stale(folder, current)


def _report(
    run: Sync, store: Store | None, *, removed: int, vanished: int, encoded: int = 0,
    interrupted: bool = False, dry_run: bool = False,
) -> UpdateReport:  # fmt: skip
    return UpdateReport(
        added=run.added, updated=run.updated, unchanged=run.unchanged, removed=removed,
        vanished=vanished, skipped=tuple(run.skipped), notes=tuple(run.notes),
        passages=int(store.value("SELECT count(*) FROM passages")) if store else 0,
        encoded=encoded, to_encode=store.pending() if store else 0,
        interrupted=interrupted, dry_run=dry_run,
    )  # fmt: skip
