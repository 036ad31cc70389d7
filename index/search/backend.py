"""What a collection must offer to be asked, whichever engine searches it.

Two engines implement it. The embedded one (`index.search.searcher.Searcher`) is the default:
vectors in FAISS, words in tantivy, releases in SQLite, all in one folder. The other searches a
collection in Milvus (`index.milvus`). What they do alike is in `index.search.engine`. Questions,
`find` and `batch` use these protocols alone, so they give the same answers over both;
tests/index/backends holds it. Commands that read whole collections, such as `names`, use the
embedded engine by name.

Row numbers of releases and passages ("keys") are those of the store that was indexed, whatever the
engine. Scores mean the same everywhere: cosines of the vectors as they are stored, in float16, and
BM25 with the statistics of the whole collection.

The writing side is `EngineWriter`. It has no `add` and `remove` of single passages: it is shown the
store and makes the engine hold what the store holds, so that an interrupted update needs no
bookkeeping to go on.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from index.filters import NO_FILTERS, Filters

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from index.encoders.cosines import CosineScale
    from index.store.checkpoints import Checkpoint
    from index.store.lookups import PassageFacts
    from index.store.page_numbers import DocumentPages
    from index.store.related import RelatedReleases
    from index.store.writer import StoreWriter
    from index.types import StoredPassage, StoredRelease

    Float32 = npt.NDArray[np.float32]

Hits = list[tuple[int, float]]
"""Passage keys and scores, best first, equal scores by key."""


class Lookups(Protocol):
    """Facts about passages and releases, by row number; unknown ones are left out."""

    def passages(self, keys: Iterable[int]) -> "dict[int, StoredPassage]":
        """Return passages with their text."""

    def passage_facts(self, keys: Iterable[int]) -> "dict[int, PassageFacts]":
        """Return the text key, release and kind of passages."""

    def release_frequency(self, keys: Iterable[int]) -> dict[int, int]:
        """Return in how many releases the text of each passage occurs, a cluster counted once."""

    def lead_paragraphs(self, releases: Iterable[int]) -> dict[int, str]:
        """Return the first body paragraph of releases."""

    def duplicate_clusters(self, releases: Iterable[int]) -> dict[int, int]:
        """Return the near-duplicate clusters of releases, named by their first release."""

    def identical_passages(self, keys: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
        """Return the other passages with the same text: their keys and release ids."""

    def release(self, release_id: str) -> "StoredRelease":
        """Return one release, with its text and metadata.

        Raises:
            ReleaseNotFoundError: When the collection has no release of that id.
        """

    def releases_by_key(self, keys: Iterable[int]) -> "dict[int, StoredRelease]":
        """Return releases, without text."""

    def related_releases(self, keys: Iterable[int]) -> "dict[int, RelatedReleases]":
        """Return the related releases of releases; those without any are left out."""

    def document_pages(self, keys: Iterable[int]) -> "dict[int, DocumentPages]":
        """Return the pages of releases; those without any are left out."""

    def releases_with_duplicates(self, keys: Iterable[int]) -> set[int]:
        """Return those of some releases whose cluster has other releases."""

    def duplicates(self, key: int, limit: int) -> dict[int, str]:
        """Return the ids of the other releases of a release's cluster, the first `limit`."""

    def passage_texts(self, releases: Iterable[int]) -> dict[int, list[str]]:
        """Return the texts of all passages of releases, in order, by the release."""

    def passage_key(self, passage_id: str) -> int | None:
        """Return the row number of `RELEASE_ID#ORDINAL`; None when it is not there."""


class SearchBackend(Protocol):
    """A collection opened for searching. Safe to share between threads."""

    @property
    def lookups(self) -> Lookups:
        """Facts by row number."""

    @property
    def notes(self) -> list[str]:
        """What a user should know, in the order in which it came up."""

    @property
    def state(self) -> str:
        """A text that changes with everything an answer depends on."""

    @property
    def edition(self) -> str:
        """A text that changes with the releases and with the words that are searched."""

    @property
    def passages(self) -> int:
        """How many passages are searched by words."""

    @property
    def has_packaged_model(self) -> bool:
        """Whether the vectors are of the packaged model, whose cosines have a known scale."""

    @property
    def cosine_scale(self) -> "CosineScale":
        """How cosines of the collection's model compare with those of the packaged one."""

    @property
    def encoder_family(self) -> str:
        """The encoder whose fitted weights apply; see `index.encoders.model.encoder_family`."""

    def checkpoint(self) -> "Checkpoint":
        """Return the point in its history up to which all releases can be found."""

    def filters_since(self, point: "Checkpoint") -> Filters | None:
        """Return filters that the releases after a checkpoint meet; None if it is of another."""

    def count_since(self, point: "Checkpoint") -> int:
        """Return how many releases came after a checkpoint of the same collection."""

    def close(self) -> None:
        """Close it; it cannot be used afterwards."""

    def load(self) -> bool:
        """Open what a search needs, so that the next is quick; False when there are no vectors."""

    def prepare_encoder(self) -> None:
        """Export the encoder of questions on this machine, unless that was done before."""

    def supports_script(self, text: str) -> bool:
        """Return whether the collection's model can encode the script of `text`."""

    def encode_queries(self, texts: Sequence[str]) -> "list[Float32 | None]":
        """Return the unit vector of each query, shape (dimension,), or None without one."""

    def languages(self) -> list[str]:
        """Return the languages of the collection, the most frequent first."""

    def prefetch_terms(self, terms: Iterable[str]) -> None:
        """Read how often terms occur, before they are asked for one by one."""

    def document_frequency(self, term: str) -> int:
        """Return how many passages contain `term`, headlines aside."""

    def occurs(self, term: str) -> bool:
        """Return whether any passage or headline contains `term`."""

    def terms(self, prefix: str) -> list[tuple[str, int]]:
        """Return the terms that begin with `prefix`, with the number of passages each is in."""

    def count(self, filters: Filters) -> int:
        """Return how many passages meet `filters`."""

    def meeting(self, keys: Iterable[int], filters: Filters) -> set[int]:
        """Return those of some passages that meet `filters`."""

    def search_dense(self, query: "Float32", limit: int, filters: Filters) -> Hits:
        """Return the passages nearest to a query vector, each text once, with cosines."""

    def search_dense_many(self, queries: "Float32", limit: int, filters: Filters) -> list[Hits]:
        """Return the results of `search_dense` for each query, searched together."""

    def search_lexical(self, terms: Iterable[str], limit: int, filters: Filters) -> Hits:
        """Return the passages that match terms best, each text once, with BM25 scores."""

    def search_dense_range(
        self, query: "Float32", least: float, filters: Filters
    ) -> dict[int, float]:
        """Return all passages near a query vector, of every kind: their keys and cosines."""

    def search_all(
        self, words: Sequence[Collection[str]], filters: Filters, *, headlines: bool = False
    ) -> dict[int, float]:
        """Return all passages that have every one of some words: their keys and BM25 scores.

        Each word is given by the terms that stand for it.
        """

    def lexical_scores(self, terms: Iterable[str], keys: Sequence[int]) -> dict[int, float]:
        """Return the BM25 scores of given passages; those without a match are left out."""

    def dense_scores(
        self, query: "Float32", keys: Iterable[int]
    ) -> dict[int, tuple[float, tuple[float, ...]]]:
        """Return the cosines of a query with passages and with their sentences."""

    def searchable_text_keys(
        self, keys: Sequence[int], filters: Filters = NO_FILTERS, *, headlines: bool = False
    ) -> dict[int, bytes]:
        """Return the text keys of those of some passages that are searched under `filters`."""

    def release_passages(self, release: int, filters: Filters) -> list[int]:
        """Return the searchable passages of a release, each text once, ascending."""

    def searchable_passages_of(
        self, releases: Iterable[int], filters: Filters
    ) -> list[tuple[int, int, int]]:
        """Return key, release and ordinal of the searchable passages of releases, by key."""


class EngineWriter(Protocol):
    """Makes an engine hold what a store holds. Used under the writing lock of the store."""

    def publish_words(self, store: "StoreWriter") -> None:
        """Make all stored releases searchable by words, and take out all others.

        Raises:
            StorageError: When that fails; what was searchable before still is.
        """

    def publish_vectors(self, store: "StoreWriter", dimension: int, fingerprint: str) -> None:
        """Make all stored vectors searchable, and take out all others; remove what is stale.

        Raises:
            StorageError: As for `publish_words`.
        """

    def publish_removal(self, store: "StoreWriter") -> None:
        """Take out releases that the store lacks, in the transaction that removes them."""
