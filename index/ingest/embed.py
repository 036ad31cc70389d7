"""The vectors of a collection: choose the encoder, encode what is pending, publish the index.

Vectors are stored by the text they were made from, so that a passage which occurs in ten releases,
or was only moved, is encoded once. Vectors of two models never meet: another model than the
recorded one is refused, unless the user named it, and then everything is encoded again.
"""

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Protocol

from index.encoders.cached_folder import cache_folder, is_exported
from index.encoders.model import Model, load_model, recorded_model
from index.encoders.onnx_export import export
from index.encoders.pooling import EncodedPassage
from index.errors import CollectionNotFoundError, ModelMismatchError, ModelRefusedError
from index.reports import Progress
from index.search.vector import VectorIndex, add_from_store, identity, pack
from index.store import artifacts
from index.store.reader import (
    DIMENSION_META,
    FINGERPRINT_META,
    MODEL_META,
    PENDING,
    Artifact,
    Store,
)
from index.store.rows import unpack_spans
from index.store.writer import StoreWriter
from index.types import Span

FEW = 200
"""Passages up to which the exported encoder is used: loading torch would take longer than the
exported encoder needs."""

_BATCH = 512
"""Passages in one transaction: some seconds of work, which is what an interruption can lose."""


class PassageEncoder(Protocol):
    """Encodes passages and their sentences."""

    def encode(
        self,
        passages: Sequence[tuple[str, Sequence[Span]]],
        *,
        cancelled: Callable[[], bool],
        on_encoded: Callable[[int], object],
    ) -> list[EncodedPassage]:
        """Return one result for each passage, in order; when cancelled, only for the first ones.

        `on_encoded` is called now and then with the number of passages done so far.
        """


def choose_model(folder: Path, model: str | None, default_model: str | None) -> Model:
    """Return the model that an update uses.

    That is the named one, else the collection's if it is known by its hash, else the default.
    """
    if model is not None:
        return load_model(model)
    default = load_model(default_model)
    with contextlib.suppress(CollectionNotFoundError), Store(folder) as store:
        recorded = store.meta(FINGERPRINT_META)
        if recorded not in {None, default.spec.fingerprint}:
            known = recorded_model(recorded)
            return known if known.spec.fingerprint == recorded else default
    return default


def refuse_other_model(store: Store, model: Model, *, named: bool) -> None:
    """Compare a model with the one that the store records.

    Args:
        store: The collection's.
        model: The model to use.
        named: Whether the user named the model, and so accepts that everything is encoded again.

    Raises:
        ModelMismatchError: When the models differ and the user named none.
    """
    recorded = store.meta(FINGERPRINT_META)
    if recorded not in {None, model.spec.fingerprint} and not named:
        raise ModelMismatchError(
            f"the collection was encoded with {store.meta(MODEL_META)}, not {model.spec.name}; "
            f"to keep that model, use --model {quote(str(store.meta(MODEL_META)))}; "
            f"to encode everything again, use --model {quote(model.spec.name)}"
        )


def record_model(store: StoreWriter, model: Model, *, named: bool) -> None:
    """Record the model that encodes a collection; remove the vectors of another one.

    Arguments and errors as for `refuse_other_model`.
    """
    refuse_other_model(store, model, named=named)
    spec = model.spec
    recorded = store.meta(FINGERPRINT_META)
    if recorded == spec.fingerprint:
        return
    with store.transaction():
        if recorded is not None:
            store.remove_all_vectors()
        store.set_meta(FINGERPRINT_META, spec.fingerprint)
        store.set_meta(MODEL_META, spec.name)
        store.set_meta(DIMENSION_META, str(spec.dimension))
        store.bump_generation()


def encode_pending(
    store: StoreWriter,
    model: Model,
    progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
) -> int:
    """Encode the passages that have no vector; return how many were encoded.

    The query encoder is exported on the way when that was not done yet, while the model is loaded
    anyway.
    """
    total = store.pending()
    exported = is_exported(model.spec.fingerprint)
    if total == 0 and exported:
        return 0
    progress(Progress("meaning", 0, total))
    if cancelled():
        return 0
    encoder = _exported_encoder(model) if exported and total <= FEW else None
    if encoder is None:
        encoder = _torch_encoder(model)
    done = 0
    while not cancelled():
        rows = store.rows(
            "SELECT p.vector_key, p.release, p.start, p.stop, p.sentences FROM passages p "  # noqa: S608
            f"WHERE p.id IN (SELECT min(p.id) {PENDING} GROUP BY p.vector_key "
            "ORDER BY min(p.id) LIMIT ?)",
            (_BATCH,),
        )
        if not rows:
            break
        texts = store.release_texts({row[1] for row in rows})
        encoded = encoder.encode(
            [(texts[row[1]][row[2] : row[3]], unpack_spans(row[4])) for row in rows],
            cancelled=cancelled,
            on_encoded=partial(_report, progress, done, total),
        )
        with store.transaction():
            store.put_vectors(
                [
                    (row[0], pack(vectors.passage), pack(vectors.sentences))
                    for row, vectors in zip(rows, encoded, strict=False)
                ]
            )
        done = total - store.pending()
        progress(Progress("meaning", done, total))
    return done


def _report(progress: Callable[[Progress], None], before: int, total: int, count: int) -> None:
    """Report progress within a transaction's worth of passages, which takes many seconds."""
    progress(Progress("meaning", before + count, total))


def _exported_encoder(model: Model) -> PassageEncoder | None:
    """Return the exported encoder, or None when it is damaged."""
    from index.encoders.onnx import OnnxPassageEncoder, OnnxQueryEncoder

    try:
        encoder = OnnxQueryEncoder(cache_folder(model.spec.fingerprint))
        return OnnxPassageEncoder(encoder, model.spec)
    except ModelRefusedError:
        return None


def _torch_encoder(model: Model) -> PassageEncoder:
    """Return the encoder for many passages; export the query encoder from it if necessary."""
    from index.encoders.sbert import BulkEncoder

    encoder = BulkEncoder(model)
    if not is_exported(model.spec.fingerprint):
        export(model, encoder.torch_model)
    return encoder


def publish_vectors(
    store: StoreWriter, folder: Path, dimension: int, fingerprint: str, *, force: bool = False
) -> None:
    """Write the vector index of the store, unless the current one is up to date.

    Args:
        store: The collection's, in a transaction of the caller's.
        folder: The collection's.
        dimension: Of the vectors.
        fingerprint: Of the model.
        force: Write it even when no vector was added, because some were removed.
    """
    newest = int(store.value("SELECT coalesce(max(id), 0) FROM vectors"))
    current = store.artifact("vectors")
    if current is None and newest == 0:
        return
    if current is not None and not force:
        complete = (current.last_id, current.identity) == (newest, identity(fingerprint))
        if complete and artifacts.is_intact(folder, current):
            return
    index = VectorIndex(dimension)
    add_from_store(index, store)
    name, digest = artifacts.publish(folder, "vectors", index.write)
    artifact = Artifact(name, digest, store.generation, newest, identity(fingerprint))
    store.put_artifact("vectors", artifact)
