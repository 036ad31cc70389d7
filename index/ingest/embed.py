"""Encoding what is not yet encoded, and publishing the vectors.

Vectors are kept by the words they were made from: a passage that occurs in ten releases, or
one that was merely moved, is encoded once.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from index.encoders.model import Model
from index.encoders.onnx_export import export, is_exported
from index.encoders.pooling import EncodedPassage
from index.errors import ModelRefusedError
from index.reports import Progress
from index.search.vector import VectorIndex, add_from_store, pack
from index.store import artifacts
from index.store.reader import PENDING, Artifact
from index.store.rows import unpack_spans
from index.store.writer import StoreWriter
from index.types import Span

FEW = 200
"""Passages; from about so many on, loading torch takes less time than it saves."""

_BATCH = 512
"""Passages a transaction: some seconds of work, which is what an interruption can cost."""


class Encoder(Protocol):
    """What gives passages and their sentences vectors."""

    def encode(
        self,
        passages: Sequence[tuple[str, Sequence[Span]]],
        *,
        cancelled: Callable[[], bool],
    ) -> list[EncodedPassage]:
        """Return one result a passage, in order; fewer, from the start, when cancelled."""


def encode_pending(
    store: StoreWriter,
    model: Model,
    progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
) -> int:
    """Encode the passages that have no vector; returns how many got one.

    Longest first within a batch, batches in the order of the store. The exported encoder for
    questions is made on the way, while the model is loaded anyway.
    """
    total = store.pending()
    exported = is_exported(model.spec.fingerprint)
    if total == 0 and exported:
        return 0
    progress(Progress("meaning", 0, total))
    if cancelled():
        return 0
    encoder = _few_encoder(model) if exported and total <= FEW else None
    if encoder is None:
        encoder = _bulk_encoder(model)
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


def _few_encoder(model: Model) -> Encoder | None:
    """Return the exported encoder, or None when it is damaged."""
    from index.encoders.onnx_passages import OnnxPassageEncoder

    try:
        return OnnxPassageEncoder(model)
    except ModelRefusedError:
        return None


def _bulk_encoder(model: Model) -> Encoder:
    """Return the encoder of many passages; that of questions is made from it if need be."""
    from index.encoders.sbert import BulkEncoder

    encoder = BulkEncoder(model)
    if not is_exported(model.spec.fingerprint):
        export(model, encoder.torch_model)
    return encoder


def publish_vectors(
    store: StoreWriter, folder: Path, dimension: int, fingerprint: str, *, anew: bool = False
) -> None:
    """Write the FAISS file of the store's vectors, unless the current one already is it.

    Args:
        store: Where the vectors are.
        folder: The collection's.
        dimension: Of a vector.
        fingerprint: Of the model.
        anew: Write it even when no vector was added: some were removed.
    """
    newest = int(store.value("SELECT coalesce(max(id), 0) FROM vectors"))
    current = store.artifact("vectors")
    if current is None and newest == 0:
        return
    if current is not None and not anew:
        complete = (current.last_id, current.identity) == (newest, fingerprint)
        if complete and artifacts.is_intact(folder, current):
            return
    index = VectorIndex(dimension)
    add_from_store(index, store)
    name, digest = artifacts.publish(folder, "vectors", index.write)
    artifact = Artifact(name, digest, store.generation, newest, fingerprint)
    with store.transaction():
        store.put_artifact("vectors", artifact)
