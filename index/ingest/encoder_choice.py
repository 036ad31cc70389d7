"""Which encoder an update uses: the one named, the collection's own, or the default.

Vectors of two models never meet: another model than the recorded one is refused, unless it was
named, and then everything is encoded again.
"""

import contextlib
from pathlib import Path

from index.encoders.model import Model, load_model
from index.errors import CollectionNotFoundError, ModelMismatchError
from index.store.reader import DIMENSION_META, FINGERPRINT_META, MODEL_META, Store
from index.store.writer import StoreWriter


def choose_encoder(folder: Path, model: str | None, default_model: str | None) -> Model:
    """Return the encoder to use: the one named, else the collection's if it is a default."""
    if model is not None:
        return load_model(model)
    chosen = load_model(default_model)
    if default_model is None:
        return chosen
    with contextlib.suppress(CollectionNotFoundError), Store(folder) as store:
        recorded = store.meta(FINGERPRINT_META)
        if recorded not in {None, chosen.spec.fingerprint}:
            packaged = load_model()
            return packaged if packaged.spec.fingerprint == recorded else chosen
    return chosen


def refuse_mismatch(store: Store, encoder: Model, *, replace_model: bool) -> None:
    """Compare the encoder with the one recorded.

    Raises:
        ModelMismatchError: When the collection was made with another one and none was named.
    """
    before = store.meta(FINGERPRINT_META)
    if before not in {None, encoder.spec.fingerprint} and not replace_model:
        raise ModelMismatchError(
            f"the collection was encoded with {store.meta(MODEL_META)}, not {encoder.spec.name}; "
            f"name the model to use: --model {store.meta(MODEL_META)} keeps it, "
            f"--model {encoder.spec.name} encodes everything again"
        )


def same_encoder(store: StoreWriter, encoder: Model, *, replace_model: bool) -> None:
    """Record the encoder of a new collection, or compare it with the one recorded."""
    refuse_mismatch(store, encoder, replace_model=replace_model)
    spec = encoder.spec
    before = store.meta(FINGERPRINT_META)
    if before == spec.fingerprint:
        return
    with store.transaction():
        if before is not None:
            store.drop_all_vectors()
        store.set_meta(FINGERPRINT_META, spec.fingerprint)
        store.set_meta(MODEL_META, spec.name)
        store.set_meta(DIMENSION_META, str(spec.dimension))
        store.bump()
