"""What every engine does the same way, from the model of its vectors and its lookups.

`index.search.backend` says what an engine offers; this is the part of it that does not depend on
where vectors and words are kept.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from index.encoders.cosines import SAME, CosineScale, scale_of
from index.encoders.model import DEFAULT_FINGERPRINT, encoder_family
from index.filters import NO_FILTERS, Filters
from index.text.language import is_latin

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from index.encoders.onnx import OnnxQueryEncoder
    from index.search.backend import Hits, Lookups

    Float32 = npt.NDArray[np.float32]

Cosines = list[tuple[float, tuple[float, ...]]]
"""Of passages, and of the sentences of each."""

UNSEARCHED = ("headline", "dateline")
"""Kinds that are searched only when a filter asks for them. A headline repeats the words of the
question and answers little, and every passage of the release is indexed with it anyway."""


class SearchEngine(ABC):
    """The shared part of the engines.

    Attributes:
        lookups: Facts by row number.
    """

    lookups: "Lookups"

    @property
    @abstractmethod
    def fingerprint(self) -> str | None:
        """The fingerprint of the model that made the vectors; None when there are none."""

    @abstractmethod
    def search_dense_many(self, queries: "Float32", limit: int, filters: Filters) -> "list[Hits]":
        """Return the results of `search_dense` for each query, searched together."""

    @abstractmethod
    def _encoder_of_vectors(self) -> "OnnxQueryEncoder | None":
        """Return the query encoder; None while the collection has no vectors."""

    @abstractmethod
    def _replaced_under(self, filters: Filters) -> AbstractSet[int]:
        """Return the releases that are not searched because a newer one replaces them."""

    @property
    def has_packaged_model(self) -> bool:
        """Whether the vectors are of the packaged model, whose cosines have a known scale."""
        return self.fingerprint == DEFAULT_FINGERPRINT

    @property
    def cosine_scale(self) -> CosineScale:
        """How cosines of the collection's model compare with those of the packaged one."""
        return scale_of(self.fingerprint)

    @property
    def encoder_family(self) -> str:
        """The encoder whose fitted weights apply; see `index.encoders.model.encoder_family`."""
        return encoder_family(self.fingerprint)

    def supports_script(self, text: str) -> bool:
        """Return whether the collection's model can encode the script of `text`.

        The packaged model splits words of other than Latin script into single letters and finds
        passages with as many of them (xquad-ar, fitted without it: nDCG@10 .910 with vectors,
        .943 without). Any other model is assumed to support every script. A collection without a
        model counts as one with the packaged model.
        """
        return self.fingerprint not in {None, DEFAULT_FINGERPRINT} or is_latin(text)

    def load(self) -> bool:
        """Open what a search needs, so that the next is quick; False when there are no vectors."""
        encoder = self._encoder_of_vectors()
        if encoder is None:
            return False
        encoder.encode(["warm"])
        return True

    def encode_queries(self, texts: Sequence[str]) -> "list[Float32 | None]":
        """Return the unit vector of each query, shape (dimension,).

        A query whose script the model does not support gets None, and so do all queries while
        the collection has no vectors.
        """
        rows = [row for row, text in enumerate(texts) if self.supports_script(text)]
        found: list[Float32 | None] = [None] * len(texts)
        if rows and (encoder := self._encoder_of_vectors()) is not None:
            vectors = encoder.encode([texts[row] for row in rows])
            for row, vector in zip(rows, vectors, strict=True):
                found[row] = vector
        return found

    def search_dense(self, query: "Float32", limit: int, filters: Filters) -> "Hits":
        """Return the passages nearest to a query vector.

        These are passage keys and cosines, on the packaged model's scale, best first, each text
        once.
        """
        return self.search_dense_many(query[None, :], limit, filters)[0]

    def searchable_text_keys(
        self, keys: Sequence[int], filters: Filters = NO_FILTERS, *, headlines: bool = False
    ) -> dict[int, bytes]:
        """Return the text keys of those of some passages that are searched under `filters`.

        Passages with equal text keys have equal text. Left out are passages that are no longer
        stored, of a kind that is not searched, or of a release that a newer one replaces.

        Args:
            keys: Row numbers of passages.
            filters: Which releases and kinds are searched.
            headlines: Whether headlines are searched without a filter that asks for them.
        """
        unsearched = UNSEARCHED[1:] if headlines else UNSEARCHED
        replaced = self._replaced_under(filters)
        return {
            key: facts.text_key
            for key, facts in self.lookups.passage_facts(keys).items()
            if facts.release not in replaced and (filters.kinds or facts.kind not in unsearched)
        }

    def _on_packaged_scale(self, cosines: Cosines) -> Cosines:
        """Return cosines of the collection's model as the packaged one would give them about."""
        scale = self.cosine_scale
        if scale == SAME:
            return cosines
        return [
            (scale.packaged(whole), tuple(map(scale.packaged, sentences)))
            for whole, sentences in cosines
        ]
