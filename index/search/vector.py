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
from index.store.reader import Store

# One question is searched by one thread; a second would mostly wait, and two OpenMP runtimes in
# one process (torch brings its own) are known to clash.
faiss.omp_set_num_threads(1)

Float32 = npt.NDArray[np.float32]
Int64 = npt.NDArray[np.int64]
# What `write_index` begins with: numbers around a flat index. Other kinds may name files that
# FAISS opens while it reads, so that the bytes are looked at before it sees them.
_WITH_NUMBERS, _FLAT, _INNER = b"IxM2", b"IxFI", 37
_READ_ROWS = 4_096


_ROOM = 14
"""More proposals than are wanted, so that one search is enough."""
_ROUNDING = 5e-5
"""Twice what float32 can lose in a product of two unit vectors of a thousand numbers."""


class AllowedVectors:
    """Vectors that a search may find."""

    def __init__(self, numbers: Int64) -> None:
        """Keep their row numbers, ascending, in the form FAISS asks for."""
        self._numbers = numbers  # the selector may look at them later
        self.selector = faiss.IDSelectorBatch(numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def row_products(vectors: Float32, query: Float32) -> Float32:
    """Return the inner product of each row with a query, shape (rows,).

    Each row is summed by itself, so that a product does not depend on which rows it stands
    among, as it may in a matrix product.
    """
    found: Float32 = np.einsum("ij,j->i", vectors, query)
    return found


class VectorIndex:
    """A searchable vector index. Safe to share between threads for searching."""

    def __init__(self, dimension: int, index: "faiss.Index | None" = None) -> None:
        """Start empty, or wrap a FAISS index whose numbers are row numbers of vectors."""
        self.dimension = dimension
        self._index = index or faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def numbers(self) -> Int64:
        """The row numbers of its vectors, in the order in which they came."""
        return _numbers(self._index)

    def vectors(self, numbers: Int64) -> Float32:
        """Return vectors by their row numbers, float32 of shape (n, dimension); all must be in."""
        found: Float32 = self._index.reconstruct_batch(numbers)
        return found

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
        self, query: Float32, limit: int, allowed: "AllowedVectors | None" = None
    ) -> list[tuple[int, float]]:
        """Return the row numbers and cosines of the nearest vectors, best first.

        Args:
            query: Unit vector, float32 of shape (dimension,).
            limit: Results at most.
            allowed: What to search among, as `allow` returned it; None for all.

        Raises:
            ValueError: When the query's shape is wrong.
        """
        if query.shape != (self.dimension,):
            raise ValueError(f"a query of shape {query.shape}, not ({self.dimension},)")
        return self.search_many(query[None, :], limit, allowed)[0]

    def search_many(
        self, queries: Float32, limit: int, allowed: "AllowedVectors | None" = None
    ) -> list[list[tuple[int, float]]]:
        """Search for several queries: the results of `search` for each, to the last bit.

        FAISS multiplies many queries at once by other kernels than one, whose sums differ in
        their last digits. Its scores therefore only propose, with more than enough room for the
        difference; the cosines that order and are returned are computed pair by pair.

        Args:
            queries: Unit vectors, float32 of shape (n, dimension).
            limit: Results at most, for each.
            allowed: As for `search`.
        """
        ready = 0 if allowed is None else len(allowed)
        size = len(self) if allowed is None else ready
        if limit < 1 or size == 0 or not len(queries):
            return [[] for _ in queries]
        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters(sel=allowed.selector)  # type: ignore[call-arg, unused-ignore]
        asked = np.ascontiguousarray(queries, dtype=np.float32)
        wanted = min(limit + _ROOM, size)
        found: list[list[tuple[int, float]]] = [[] for _ in queries]
        rows = list(range(len(queries)))
        while rows:
            scores, numbers = self._index.search(asked[rows], wanted, params=parameters)
            open_rows = []
            for row, proposed, last in zip(rows, numbers, scores[:, -1], strict=True):
                found[row] = self._exact(asked[row], proposed[proposed >= 0])[:limit]
                # what was not proposed is at most `last`, give or take the rounding
                best = found[row]
                if wanted < size and best and best[-1][1] <= float(last) + _ROUNDING:
                    open_rows.append(row)
            rows, wanted = open_rows, min(2 * wanted, size)
        return found

    def allow(self, numbers: Sequence[int]) -> "AllowedVectors":
        """Return vectors to search among, by ascending row numbers, to be used often."""
        return AllowedVectors(np.asarray(numbers, dtype=np.int64))

    def _exact(self, query: Float32, numbers: Int64) -> list[tuple[int, float]]:
        """Return vectors with their cosines, best first, equal ones by number."""
        vectors = self._index.reconstruct_batch(numbers)
        cosines = row_products(vectors, query)
        pairs = zip(numbers.tolist(), cosines.tolist(), strict=True)
        return sorted(pairs, key=lambda hit: (-hit[1], hit[0]))

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
    if len(_numbers(index)) != index.ntotal:
        raise CollectionDamagedError(f"{path} has not one number for each vector")
    if index.d != dimension:
        raise CollectionDamagedError(f"{path} has vectors of another length")
    return VectorIndex(dimension, index)


def _numbers(index: "faiss.Index") -> Int64:
    found: Int64 = faiss.vector_to_array(index.id_map)  # type: ignore[attr-defined, unused-ignore]
    return found


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
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    unit: Float32 = vectors / np.maximum(norms, 1e-12)
    return unit


def _misshapen(dimension: int) -> CollectionDamagedError:
    return CollectionDamagedError(
        f"the collection's vectors do not have the {dimension} numbers that it names; restore "
        "it from a copy, or move it away and index the sources again"
    )


def passage_vectors(store: Store, keys: Iterable[int]) -> dict[int, tuple[bytes, bytes]]:
    """Return the packed vectors of passages and of their sentences, by passage key."""
    sql = (
        "SELECT p.id, v.passage, v.sentences FROM passages p "
        "JOIN vectors v ON v.vector_key = p.vector_key WHERE p.id IN ({keys})"
    )
    return {key: (passage, sentences) for key, passage, sentences in store.rows_among(sql, keys)}


def cosines_of(
    packed: Sequence[tuple[bytes, bytes]], query: Float32
) -> list[tuple[float, tuple[float, ...]]]:
    """Return the cosines of a query with passages and with their sentences.

    Args:
        packed: Of each passage its vector and those of its sentences, as `pack` made them.
        query: Unit vector, float32 of shape (dimension,).

    Raises:
        CollectionDamagedError: As for `unpack`.
    """
    width = 2 * len(query)
    if any(len(passage) != width or len(rest) % width for passage, rest in packed):
        raise _misshapen(len(query))
    vectors = unpack(b"".join(part for pair in packed for part in pair), len(query))
    cosines = row_products(vectors, query).tolist()
    found, place = [], 0
    for _, rest in packed:
        end = place + 1 + len(rest) // width
        found.append((cosines[place], tuple(cosines[place + 1 : end])))
        place = end
    return found
