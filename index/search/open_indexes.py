"""The lexical index, the vector index and the query encoder of a collection, opened on demand.

When an artifact is missing or damaged, its index is built in memory from the store, and a note
says so. Nothing is written to the collection.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from index.errors import CollectionDamagedError, ModelMismatchError
from index.store import artifacts
from index.store.reader import FINGERPRINT_META, MODEL_META, Store

if TYPE_CHECKING:
    from index.encoders.onnx import OnnxQueryEncoder
    from index.search.lexical import LexicalIndex
    from index.search.vector import VectorIndex

_REPAIR = "releaseqa verify --repair"


class OpenIndexes:
    """The indexes and the encoder of one collection. Safe to share between threads.

    Each is opened by the first access, so that a command which does not search loads nothing.

    Attributes:
        notes: What a user should know, such as an index that was built in memory.
    """

    def __init__(self, folder: Path, store: Store) -> None:
        """Serve the collection in `folder`, whose store is `store`."""
        self._folder, self._store = folder, store
        self.notes: list[str] = []
        self._lexical_lock = threading.Lock()
        self._vector_lock = threading.Lock()
        self._encoder_lock = threading.Lock()
        self._lexical: LexicalIndex | None = None
        self._vectors: VectorIndex | None = None
        self._encoder: OnnxQueryEncoder | None = None

    def close(self) -> None:
        """Release the files of the lexical index."""
        if self._lexical is not None:
            self._lexical.close()

    @property
    def lexical(self) -> "LexicalIndex":
        """The lexical index."""
        with self._lexical_lock:
            if self._lexical is None:
                self._lexical = self._open_lexical()
            return self._lexical

    @property
    def vectors(self) -> "VectorIndex | None":
        """The vector index; None while the collection has no model.

        Raises:
            CollectionDamagedError: When the stored vectors do not have the recorded dimension.
        """
        with self._vector_lock:
            if self._vectors is None and self._store.meta(FINGERPRINT_META) is not None:
                self._vectors = self._open_vectors()
            return self._vectors

    @property
    def encoder(self) -> "OnnxQueryEncoder":
        """The query encoder that belongs to the stored vectors.

        Raises:
            ModelMismatchError: When the collection's model is not prepared on this machine.
            ModelRefusedError: When the encoder cannot be loaded.
        """
        with self._encoder_lock:
            if self._encoder is None:
                self._encoder = self._open_encoder()
            return self._encoder

    def load_dense(self) -> bool:
        """Load what a dense search needs; return False when there are no vectors.

        Reading the vectors and starting the encoder wait for memory and disk more than for
        Python, so each gets a thread, which shortens the first question.
        """
        if self._store.meta(FINGERPRINT_META) is None:
            return False
        if not self._store.value("SELECT 1 FROM vectors LIMIT 1"):
            return False
        if self._vectors is None and self._encoder is None:
            with ThreadPoolExecutor(max_workers=1) as pool:
                vectors = pool.submit(lambda: self.vectors)
                _ = self.encoder
                vectors.result()
        return self.vectors is not None and len(self.vectors) > 0

    def _open_lexical(self) -> "LexicalIndex":
        from index.search.lexical import (
            IDENTITY,
            LexicalIndex,
            build_lexical_index,
            open_lexical_index,
        )

        artifact = self._store.artifact("words")
        if artifact is not None and artifact.identity == IDENTITY:
            try:
                opened = open_lexical_index(
                    self._folder / artifacts.FOLDER / artifact.name, artifact.sha256
                )
            except CollectionDamagedError:
                pass
            else:
                if artifact.generation != self._store.generation:
                    self.notes.append(
                        "the latest changes are not searched by words yet: an update is running, "
                        f"or was interrupted; if none is running, run: {_REPAIR}"
                    )
                return opened
        if artifact is not None or self._store.count("passages"):
            how = "missing" if artifact is None else "damaged or out of date"
            self.notes.append(_slower("word index", how))
        return LexicalIndex(build_lexical_index(self._store, None))

    def _open_vectors(self) -> "VectorIndex":
        from index.search.vector import VectorIndex, add_from_store, identity, read_vectors

        artifact = self._store.artifact("vectors")
        index, last = VectorIndex(self._store.dimension), 0
        fingerprint = self._store.meta(FINGERPRINT_META)
        if artifact is not None and artifact.identity == identity(fingerprint):
            try:
                path = self._folder / artifacts.FOLDER / artifact.name
                index = read_vectors(path, artifact.sha256, self._store.dimension)
                last = artifact.last_id
            except CollectionDamagedError:
                self.notes.append(_slower("vector file", "missing or damaged"))
        elif artifact is not None and artifact.identity == fingerprint:  # of an earlier version
            self.notes.append(_slower("vector file", "out of date"))
        add_from_store(index, self._store, after=last)
        return index

    def _open_encoder(self) -> "OnnxQueryEncoder":
        fingerprint = self._store.meta(FINGERPRINT_META) or ""
        return open_query_encoder(fingerprint, str(self._store.meta(MODEL_META)), self.notes)


def open_query_encoder(fingerprint: str, name: str, notes: list[str]) -> "OnnxQueryEncoder":
    """Return the query encoder of a model; export it first where that was not done before.

    Args:
        fingerprint: The model's.
        name: Its name, for messages.
        notes: Gets a note when the encoder is exported.

    Raises:
        ModelMismatchError: When the model is not prepared on this machine.
        ModelRefusedError: When the encoder cannot be loaded.
    """
    from index.encoders.cached_folder import cache_folder, is_exported
    from index.encoders.onnx import OnnxQueryEncoder
    from index.encoders.onnx_export import export

    if not is_exported(fingerprint):
        from index.encoders.model import recorded_model

        model = recorded_model(fingerprint)
        if model.spec.fingerprint != fingerprint:
            raise ModelMismatchError(
                f"the collection was encoded with {name}, which is not prepared on this "
                f"computer; run: releaseqa index --model {quote(name)} SOURCE"
            )
        from index.encoders.sbert import BulkEncoder

        notes.append("preparing the encoder for first use; this happens only once")
        export(model, BulkEncoder(model).torch_model)
    return OnnxQueryEncoder(cache_folder(fingerprint))


def _slower(what: str, how: str) -> str:
    return (
        f"the {what} is {how}: searching from the store instead, which is slower; "
        f"to repair it, run: {_REPAIR}"
    )
