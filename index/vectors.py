"""Search by meaning: inner product over unit vectors, with FAISS.

One entry for each distinct passage text; its number is the row number of the vector in the
store. A flat index: exact, and fast enough to some hundred thousand passages. The FAISS file
is a copy of what the store holds; what the store has beyond it is added when it is opened.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.errors import CollectionDamagedError
from index.store import Store

# One question is searched by one thread; a second would mostly wait, and two OpenMP runtimes in
# one process (torch brings its own) are known to clash.
faiss.omp_set_num_threads(1)

Float32 = npt.NDArray[np.float32]
Int64 = npt.NDArray[np.int64]
# What `write_index` begins with: numbers around a flat index. Other kinds may name files that
# FAISS opens while it reads, so that the bytes are looked at before it sees them.
_WITH_NUMBERS, _FLAT, _INNER = b"IxM2", b"IxFI", 37
_READ_ROWS = 4_096


class VectorIndex:
    """A searchable vector index. Safe to share between threads for searching."""

    def __init__(self, dimension: int, index: "faiss.Index | None" = None) -> None:
        """Start empty, or wrap a FAISS index whose numbers are row numbers of vectors."""
        self.dimension = dimension
        self._index = index or faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, numbers: Int64, vectors: Float32) -> None:
        """Add unit vectors, float32 of shape (n, dimension), under their row numbers.

        Raises:
            ValueError: When shapes disagree or a value is not finite.
        """
        if vectors.ndim != 2 or vectors.shape != (len(numbers), self.dimension):  # noqa: PLR2004
            raise ValueError(f"vectors of shape {vectors.shape}, not (n, {self.dimension})")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector holds a value that is not finite")
        self._index.add_with_ids(
            np.ascontiguousarray(vectors, dtype=np.float32), numbers.astype(np.int64)
        )

    def search(
        self, query: Float32, limit: int, allowed: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return the row numbers and cosines of the nearest vectors, best first.

        Args:
            query: Unit vector, float32 of shape (dimension,).
            limit: Results at most.
            allowed: Row numbers to search among; None for all.

        Raises:
            ValueError: When the query's shape is wrong.
        """
        if query.shape != (self.dimension,):
            raise ValueError(f"a query of shape {query.shape}, not ({self.dimension},)")
        if limit < 1 or len(self) == 0 or (allowed is not None and not len(allowed)):
            return []
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.asarray(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg, unused-ignore]
        scores, numbers = self._index.search(
            query[None, :].astype(np.float32), min(limit, len(self)), params=parameters
        )
        found = [
            (int(number), float(score))
            for number, score in zip(numbers[0], scores[0], strict=True)
            if number >= 0
        ]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def write(self, path: Path) -> None:
        """Write the index to `path`; a full disk raises OSError.

        FAISS's own writer can leave an empty file behind without a word, so the bytes pass
        through a writer of ours.
        """
        with path.open("wb") as stream:
            writer = faiss.PyCallbackIOWriter(stream.write)  # type: ignore[attr-defined, unused-ignore]
            faiss.write_index(self._index, writer)


def read_vectors(path: Path, digest: str, dimension: int) -> VectorIndex:
    """Read a vector index after comparing its hash.

    Raises:
        CollectionDamagedError: When it is missing, differs or is not what it should be.
    """
    try:
        if not path.is_file() or path.is_symlink():
            raise CollectionDamagedError(f"{path} cannot be read (no such file)")
        data = path.read_bytes()
    except OSError as error:
        raise CollectionDamagedError(f"{path} cannot be read ({error})") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise CollectionDamagedError(f"{path} is damaged")
    if data[:4] != _WITH_NUMBERS or data[_INNER : _INNER + 4] != _FLAT:
        raise CollectionDamagedError(f"{path} is no vector index of this program")
    try:
        index = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
    except RuntimeError as error:
        raise CollectionDamagedError(f"{path} cannot be read ({error})") from error
    if index.d != dimension:
        raise CollectionDamagedError(f"{path} has vectors of another length")
    return VectorIndex(dimension, index)


def add_from_store(index: VectorIndex, store: Store, after: int = 0) -> int:
    """Add the store's vectors with row numbers above `after`; returns the highest number."""
    last = after
    rows: list[tuple[int, bytes]] = []
    sql = "SELECT id, passage FROM vectors WHERE id > ? ORDER BY id"
    for row in store.iterate(sql, (after,)):
        rows.append((row[0], row[1]))
        last = row[0]
        if len(rows) == _READ_ROWS:
            _add(index, rows)
            rows = []
    if rows:
        _add(index, rows)
    return last


def _add(index: VectorIndex, rows: Sequence[tuple[int, bytes]]) -> None:
    numbers = np.fromiter((number for number, _ in rows), dtype=np.int64, count=len(rows))
    vectors = unpack(b"".join(blob for _, blob in rows), index.dimension)
    if any(len(blob) != 2 * index.dimension for _, blob in rows):
        raise _misshapen(index.dimension)
    index.add(numbers, vectors)


def pack(vectors: Float32) -> bytes:
    """Return vectors as little-endian float16 bytes, the form kept in the store."""
    return vectors.astype("<f2").tobytes()


def unpack(blob: bytes, dimension: int) -> Float32:
    """Return the unit vectors packed in `blob`, float32 of shape (n, dimension).

    Raises:
        CollectionDamagedError: When its length is not that of whole vectors.
    """
    if dimension < 1 or len(blob) % (2 * dimension):
        raise _misshapen(dimension)
    vectors = np.frombuffer(blob, dtype="<f2").astype(np.float32).reshape(-1, dimension)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Float32 = vectors / np.maximum(norms, 1e-12)
    return unit


def _misshapen(dimension: int) -> CollectionDamagedError:
    return CollectionDamagedError(
        f"the collection's vectors do not have the {dimension} numbers that it names; restore "
        "it from a copy, or move it away and index the sources again"
    )


def passage_vectors(
    store: Store, keys: Iterable[int], dimension: int
) -> dict[int, tuple[Float32, Float32]]:
    """Return the vectors of passages and of their sentences, by passage key."""
    sql = (
        "SELECT p.id, v.passage, v.sentences FROM passages p "
        "JOIN vectors v ON v.vector_key = p.vector_key WHERE p.id IN ({keys})"
    )
    return {
        key: (unpack(passage, dimension)[0], unpack(sentences, dimension))
        for key, passage, sentences in store.rows_among(sql, keys)
    }
