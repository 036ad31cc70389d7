"""What a search needs beside the store, opened: word index, vector index, encoder of questions.

A derived file that is missing or damaged is made again in memory from the store, which is said
in the notes; nothing is written to the collection.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import CollectionDamagedError, ModelMismatchError
from index.store import artifacts
from index.store.reader import FINGERPRINT_META, MODEL_META, Store

if TYPE_CHECKING:
    from index.encoders.onnx import OnnxQueryEncoder
    from index.search.lexical import LexicalIndex
    from index.search.vector import VectorIndex

_MEND = "to mend it run: releaseqa verify --repair"


def open_lexical(folder: Path, store: Store, notes: list[str]) -> "LexicalIndex":
    """Open the word index.

    Args:
        folder: The collection's.
        store: Its store.
        notes: Takes what a user should know.
    """
    from index.search.lexical import IDENTITY, LexicalIndex, build_lexical_index, open_lexical_index

    current = store.derived("words")
    if current is not None and current[4] == IDENTITY:
        try:
            opened = open_lexical_index(folder / artifacts.FOLDER / current[0], current[1])
        except CollectionDamagedError:
            pass
        else:
            if current[2] != store.generation:
                notes.append(
                    "the newest changes are not searched by words: an update is under way or was "
                    f"interrupted; {_MEND}"
                )
            return opened
    if current is not None or store.value("SELECT count(*) FROM passages"):
        notes.append(
            _slower("word index", "missing" if current is None else "damaged or out of date")
        )
    return LexicalIndex(build_lexical_index(store, None))


def open_dense(folder: Path, store: Store, notes: list[str]) -> "VectorIndex":
    """Open the vector index of a collection that has a model; arguments as for `open_lexical`.

    Raises:
        CollectionDamagedError: When the store's vectors are not what it says of them.
    """
    from index.search.vector import VectorIndex, add_from_store, read_vectors

    current = store.derived("vectors")
    index, last = VectorIndex(store.dimension), 0
    if current is not None and current[4] == store.meta(FINGERPRINT_META):
        try:
            path = folder / artifacts.FOLDER / current[0]
            index, last = read_vectors(path, current[1], store.dimension), current[3]
        except CollectionDamagedError:
            notes.append(_slower("vector file", "missing or damaged"))
    add_from_store(index, store, after=last)
    return index


def open_encoder(store: Store, notes: list[str]) -> "OnnxQueryEncoder":
    """Load the encoder that the store's vectors were made with; arguments as for `open_lexical`.

    Raises:
        ModelMismatchError: When the collection's model is not at hand.
        ModelRefusedError: When it cannot be loaded.
    """
    from index.encoders.onnx import OnnxQueryEncoder
    from index.encoders.onnx_export import cache_folder, export, is_exported

    fingerprint = store.meta(FINGERPRINT_META) or ""
    if not is_exported(fingerprint):
        from index.encoders.model import load_model

        model = load_model()
        if model.spec.fingerprint != fingerprint:
            name = store.meta(MODEL_META)
            raise ModelMismatchError(
                f"the collection was encoded with {name}, which is not prepared on this "
                f"machine; run: releaseqa index --model {name} on any of its sources"
            )
        from index.encoders.sbert import BulkEncoder

        notes.append("the encoder is prepared for first use; this happens once")
        export(model, BulkEncoder(model).torch_model)
    return OnnxQueryEncoder(cache_folder(fingerprint))


def _slower(what: str, how: str) -> str:
    return f"the {what} is {how}: searching from the store instead, which is slower; {_MEND}"
