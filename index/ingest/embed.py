"""The vectors of a collection: choose the encoder, encode what is pending, publish the index.

Vectors are stored by the text they were made from, so that a passage which occurs in ten releases,
or was only moved, is encoded once. Vectors of two models never meet: another model than the
recorded one is refused, unless the user named it, and then everything is encoded again.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, Protocol

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

if TYPE_CHECKING:
    from index.encoders.sbert import BulkEncoder

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
    cluster: str | None = None,
) -> int:
    """Encode the passages that have no vector; return how many were encoded.

    The query encoder is exported on the way when that was not done yet, while the model is loaded
    anyway.

    Args:
        store: The collection's.
        model: The encoder.
        progress: Called with the progress.
        cancelled: Asked often; when true, no further passages are encoded.
        cluster: Address of a Ray cluster that encodes; None to encode here. A few passages are
            encoded here in any case.

    Raises:
        ClusterError: When the cluster cannot be used; what it encoded until then is stored.
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
        bulk = _torch_encoder(model)
        if cluster is not None and total > FEW:
            return _encode_on_cluster(cluster, model, bulk, store, total, progress, cancelled)
        encoder = bulk
    done = 0
    in_flight: set[bytes] = set()
    for block in _pending_blocks(store, in_flight):
        if cancelled():
            break
        encoded = encoder.encode(
            block.passages,
            cancelled=cancelled,
            on_encoded=partial(_report, progress, done, total),
        )
        if not encoded:
            break
        done += _put(
            store,
            block.keys[: len(encoded)],
            [(pack(vectors.passage), pack(vectors.sentences)) for vectors in encoded],
        )
        in_flight.difference_update(block.keys)
        progress(Progress("meaning", done, total))
    return done


def _encode_on_cluster(
    address: str,
    model: Model,
    encoder: "BulkEncoder",
    store: StoreWriter,
    total: int,
    progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
) -> int:
    """Encode as `encode_pending` does, on the machines of a Ray cluster.

    The passages go out in the blocks in which they would be encoded here, because a vector depends
    in its last bits on those that are computed with it.
    """
    from index.distributed.encode import encode_on_cluster

    in_flight: set[bytes] = set()
    blocks = ((block.keys, block.passages) for block in _pending_blocks(store, in_flight))
    done = 0
    for keys, vectors, workers in encode_on_cluster(address, model, encoder, blocks, cancelled):
        if keys:
            done += _put(store, keys, vectors)
            in_flight.difference_update(keys)
        item = f"{workers} worker{'' if workers == 1 else 's'}"
        progress(Progress("meaning", done, total, item))
    return done


@dataclass(frozen=True, slots=True)
class _Block:
    """Passages that are encoded and stored together, with their vector keys."""

    keys: tuple[bytes, ...]
    passages: tuple[tuple[str, Sequence[Span]], ...]


def _pending_blocks(store: StoreWriter, in_flight: set[bytes]) -> Iterator[_Block]:
    """Yield the passages that have no vector, each text once, in the order of the store.

    The store is read once, however many blocks there are.

    Args:
        store: The collection's.
        in_flight: Vector keys that were yielded; the caller removes those that it has stored.
    """
    last = 0
    while True:
        chosen: list[tuple[Any, ...]] = []
        while len(chosen) < _BATCH:
            rows = store.rows(
                f"SELECT p.id, p.vector_key, p.release, p.start, p.stop, p.sentences {PENDING} "
                "AND p.id > ? ORDER BY p.id LIMIT ?",
                (last, _BATCH - len(chosen)),
            )
            if not rows:
                break
            last = rows[-1][0]
            for row in rows:
                if row[1] not in in_flight:
                    in_flight.add(row[1])
                    chosen.append(row)
        if not chosen:
            return
        texts = store.release_texts({row[2] for row in chosen})
        yield _Block(
            tuple(row[1] for row in chosen),
            tuple((texts[row[2]][row[3] : row[4]], unpack_spans(row[5])) for row in chosen),
        )


def _put(store: StoreWriter, keys: Sequence[bytes], vectors: Sequence[tuple[bytes, bytes]]) -> int:
    """Store vectors in one transaction; return how many passages have them now."""
    with store.transaction():
        store.put_vectors([(key, *packed) for key, packed in zip(keys, vectors, strict=True)])
    counts = store.rows_among("SELECT count(*) FROM passages WHERE vector_key IN ({keys})", keys)
    return sum(count for (count,) in counts)


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


def _torch_encoder(model: Model) -> "BulkEncoder":
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
