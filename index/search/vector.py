"""Dense search: exact cosines with all vectors, with FAISS.

The index has one entry for each distinct passage text; its number is the row number of the vector
in the store. The numbers of its vectors are those of the store, float16, so that it is half as
large as in float32, twice as fast, and as exact. It compares a question with some forty million
vectors a second. The FAISS file is a copy of what the store holds, and is mapped into memory;
vectors that are only in the store are added when the index is opened.
"""

import hashlib
import mmap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.errors import CollectionDamagedError
from index.store.reader import Store, store_error

Float16 = npt.NDArray[np.float16]
Float32 = npt.NDArray[np.float32]
Int64 = npt.NDArray[np.int64]
# The first bytes of the FAISS file of an index of codes with numbers. They are checked before FAISS
# reads the file, because files of other index types can name further files that FAISS opens.
_WITH_NUMBERS, _CODES, _CODES_OFFSET = b"IxM2", b"IxSQ", 37
_FORMAT = "float16"
_NOT_FINITE = np.uint16(0x7C00)
"""The exponent of float16 numbers that are not finite (IEEE 754)."""
_READ_ROWS = 4_096

_MORE = 25
"""Proposals beyond the results asked for, so that one search is usually enough."""
_ROUNDING = 6e-4
"""The error that a proposed score can have: a unit vector rounded to float16 is longer or shorter
by up to 2**-11, and a product of dimension 1,000 in float32 adds 5e-5."""
_DENSE = 64
"""A bit for each row number is kept where at least one in so many numbers is taken."""


def identity(fingerprint: str | None) -> str:
    """Return what a vector file must record to be read: its model and its format."""
    return f"{fingerprint}/{_FORMAT}"


class AllowedVectors:
    """The vectors that a search may return."""

    def __init__(self, numbers: Int64) -> None:
        """Prepare ascending row numbers for FAISS."""
        self._count = len(numbers)
        last = int(numbers[-1]) if self._count else 0
        self._kept: npt.NDArray[Any] = numbers  # FAISS keeps a pointer to them
        if last < _DENSE * (self._count + _READ_ROWS):
            bits = np.zeros(last + 1, dtype=np.bool_)
            bits[numbers] = True
            self._kept = np.packbits(bits, bitorder="little")
        kind = faiss.IDSelectorBatch if self._kept is numbers else faiss.IDSelectorBitmap
        self.selector: faiss.IDSelector = kind(self._kept)  # type: ignore[call-arg, arg-type, unused-ignore]

    def __len__(self) -> int:
        return self._count


def row_products(vectors: Float32, query: Float32) -> Float32:
    """Return the inner product of each row with a query, shape (rows,).

    Each row is summed by itself, so that its product does not depend on the other rows, as it can
    in a matrix product.
    """
    found: Float32 = np.einsum("ij,j->i", vectors, query)
    return found


class VectorIndex:
    """A vector index. Searching is safe from several threads."""

    def __init__(
        self,
        dimension: int,
        index: "faiss.Index | None" = None,
        mapped: npt.NDArray[np.uint8] | None = None,
    ) -> None:
        """Start with an empty index, or wrap a FAISS index with row numbers of vectors.

        Args:
            dimension: Numbers of a vector.
            index: The index to wrap.
            mapped: The file whose bytes the index uses where they are.
        """
        self.dimension = dimension
        self._mapped = mapped
        self._index = index or faiss.IndexIDMap2(
            faiss.IndexScalarQuantizer(
                dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            )
        )

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def numbers(self) -> Int64:
        """The row numbers of its vectors, in the order in which they were added."""
        return _numbers(self._index)

    def vectors(self, numbers: Int64) -> Float32:
        """Return unit vectors of the index by row number, float32 of shape (n, dimension)."""
        return _unit(self._index.reconstruct_batch(numbers))

    def add(self, numbers: Int64, vectors: Float16) -> None:
        """Add vectors as they are stored, float16 of shape (n, dimension), with their row numbers.

        Raises:
            ValueError: When the shapes disagree or a value is not finite.
        """
        if vectors.ndim != 2 or vectors.shape != (len(numbers), self.dimension):  # noqa: PLR2004
            raise ValueError(f"vectors of shape {vectors.shape}, not (n, {self.dimension})")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector has a value that is not finite")
        if self._mapped is not None:
            self._index, self._mapped = faiss.deserialize_index(self._mapped), None
        self._index.add_with_ids(
            np.ascontiguousarray(vectors, dtype=np.float32), numbers.astype(np.int64)
        )

    def search(
        self, query: Float32, limit: int, allowed: "AllowedVectors | None" = None
    ) -> list[tuple[int, float]]:
        """Return the row numbers and cosines of the nearest vectors, best first.

        Args:
            query: Unit vector, float32 of shape (dimension,).
            limit: How many to return at most.
            allowed: The vectors to search among, from `allow`; default: all.

        Raises:
            ValueError: When the query has the wrong shape.
        """
        if query.shape != (self.dimension,):
            raise ValueError(f"a query of shape {query.shape}, not ({self.dimension},)")
        return self.search_many(query[None, :], limit, allowed)[0]

    def search_many(
        self, queries: Float32, limit: int, allowed: "AllowedVectors | None" = None
    ) -> list[list[tuple[int, float]]]:
        """Return the results of `search` for several queries, equal to the last bit.

        FAISS multiplies with vectors whose length was rounded, and many queries perhaps by other
        kernels than a single one. So its scores only propose vectors, with enough room for the
        error; the cosines that decide the order and are returned are computed pair by pair.

        Args:
            queries: Unit vectors, float32 of shape (n, dimension).
            limit: How many to return at most, for each query.
            allowed: As for `search`.
        """
        size = len(self) if allowed is None else len(allowed)
        if limit < 1 or size == 0 or not len(queries):
            return [[] for _ in queries]
        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters(sel=allowed.selector)  # type: ignore[call-arg, unused-ignore]
        # One thread for one question: a second would mostly wait, and the OpenMP runtimes of FAISS
        # and torch can clash in one process. The setting is one of the calling thread.
        faiss.omp_set_num_threads(1)
        ready = np.ascontiguousarray(queries, dtype=np.float32)
        wanted = min(limit + _MORE, size)
        found: list[list[tuple[int, float]]] = [[] for _ in queries]
        rows = list(range(len(queries)))
        while rows:
            scores, numbers = self._index.search(ready[rows], wanted, params=parameters)
            unsure = []
            for row, proposed, last in zip(rows, numbers, scores[:, -1], strict=True):
                found[row] = self._exact(ready[row], proposed[proposed >= 0])[:limit]
                # A vector that was not proposed scores at most `last`, up to rounding.
                best = found[row]
                if wanted < size and best and best[-1][1] <= float(last) + _ROUNDING:
                    unsure.append(row)
            rows, wanted = unsure, min(2 * wanted, size)
        return found

    def search_range(
        self, query: Float32, least: float, allowed: "AllowedVectors | None" = None
    ) -> list[tuple[int, float]]:
        """Return the row numbers and cosines of all vectors near a query, best first.

        Args:
            query: Unit vector, float32 of shape (dimension,).
            least: The lowest cosine to return.
            allowed: As for `search`.
        """
        if not len(self) or (allowed is not None and not len(allowed)):
            return []
        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters(sel=allowed.selector)  # type: ignore[call-arg, unused-ignore]
        faiss.omp_set_num_threads(1)
        ready = np.ascontiguousarray(query[None, :], dtype=np.float32)
        _, _, numbers = self._index.range_search(ready, least - _ROUNDING, params=parameters)
        return [hit for hit in self._exact(ready[0], numbers) if hit[1] >= least]

    def allow(self, numbers: Sequence[int]) -> "AllowedVectors":
        """Return the vectors to search among, from ascending row numbers; it can be used often."""
        return AllowedVectors(np.asarray(numbers, dtype=np.int64))

    def _exact(self, query: Float32, numbers: Int64) -> list[tuple[int, float]]:
        """Return row numbers and cosines of vectors, best first, equal ones by number."""
        cosines = row_products(self.vectors(numbers), query)
        pairs = zip(numbers.tolist(), cosines.tolist(), strict=True)
        return sorted(pairs, key=lambda hit: (-hit[1], hit[0]))

    def write(self, path: Path) -> None:
        """Write the index to `path`.

        FAISS's own writer can leave an empty file on a full disk without an error, so the bytes go
        through a Python file.

        Raises:
            OSError: When the disk is full or fails.
        """
        with path.open("wb") as stream:
            writer = faiss.PyCallbackIOWriter(stream.write)  # type: ignore[attr-defined, unused-ignore]
            faiss.write_index(self._index, writer)


def read_vectors(path: Path, digest: str, dimension: int) -> VectorIndex:
    """Map the file of a vector index into memory, after comparing its hash.

    Raises:
        CollectionDamagedError: When it is missing, differs, or is not an index of this kind.
    """
    try:
        if not path.is_file() or path.is_symlink():
            raise CollectionDamagedError(f"{path} cannot be read (no such file)")
        with path.open("rb") as stream:
            data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:  # an empty file cannot be mapped
        raise CollectionDamagedError(f"{path} cannot be read ({error})") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise CollectionDamagedError(f"{path} is damaged")
    if data[:4] != _WITH_NUMBERS or data[_CODES_OFFSET : _CODES_OFFSET + 4] != _CODES:
        raise CollectionDamagedError(f"{path} is not a vector index of this program")
    mapped = np.frombuffer(data, dtype=np.uint8)
    try:
        reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(mapped), mapped.nbytes)  # type: ignore[attr-defined, unused-ignore]
        index = faiss.read_index(reader)
    except RuntimeError as error:
        raise CollectionDamagedError(f"{path} cannot be read ({error})") from error
    if wrong := _wrong(index, dimension):
        raise CollectionDamagedError(f"{path} {wrong}")
    return VectorIndex(dimension, index, mapped)


def _wrong(index: "faiss.Index", dimension: int) -> str | None:
    """Return what is wrong with an index that was read, or None."""
    if len(_numbers(index)) != index.ntotal:
        return "does not have one number for each vector"
    codes: Any = faiss.downcast_index(getattr(index, "index"))  # noqa: B009 - not in FAISS's stubs
    if index.d != dimension or (codes.ntotal, codes.d) != (index.ntotal, dimension):
        return "has vectors of the wrong dimension"
    size = codes.codes.size()
    if (
        codes.sq.qtype != faiss.ScalarQuantizer.QT_fp16
        or codes.metric_type != faiss.METRIC_INNER_PRODUCT
        or (codes.code_size, size) != (2 * dimension, 2 * dimension * index.ntotal)
    ):
        return "is not a vector index of this program"
    if size:
        numbers = faiss.rev_swig_ptr(codes.codes.data(), size).view(np.uint16)
        for start in range(0, len(numbers), _READ_ROWS * dimension):
            part = numbers[start : start + _READ_ROWS * dimension]
            if ((part & _NOT_FINITE) == _NOT_FINITE).any():
                return "has values that are not finite numbers"
    return None


def _numbers(index: "faiss.Index") -> Int64:
    found: Int64 = faiss.vector_to_array(index.id_map)  # type: ignore[attr-defined, unused-ignore]
    return found


def add_from_store(index: VectorIndex, store: Store, after: int = 0) -> int:
    """Add the stored vectors with row numbers above `after`; return the highest row number."""
    last = after
    rows: list[tuple[int, bytes]] = []
    sql = "SELECT id, passage FROM vectors WHERE id > ? ORDER BY id"
    for row in store.iterate(sql, (after,)):
        if row[0] <= last:  # rows that come again and again would fill the memory
            raise store_error(store.path, "damaged", "the table of vectors has no end")
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
    if index.dimension < 1 or any(len(blob) != 2 * index.dimension for _, blob in rows):
        raise _wrong_dimension(index.dimension)
    vectors = np.frombuffer(b"".join(blob for _, blob in rows), dtype="<f2")
    try:
        index.add(numbers, vectors.reshape(-1, index.dimension))
    except ValueError as error:
        raise _not_finite() from error


def pack(vectors: Float32) -> bytes:
    """Return vectors as little-endian float16 bytes, as they are stored."""
    return vectors.astype("<f2").tobytes()


def unpack(blob: bytes, dimension: int) -> Float32:
    """Return packed vectors as unit vectors, float32 of shape (n, dimension).

    Raises:
        CollectionDamagedError: When the bytes are not whole vectors, or not finite numbers.
    """
    if dimension < 1 or len(blob) % (2 * dimension):
        raise _wrong_dimension(dimension)
    vectors = np.frombuffer(blob, dtype="<f2").astype(np.float32).reshape(-1, dimension)
    if not np.isfinite(vectors).all():
        raise _not_finite()
    return _unit(vectors)


def _unit(vectors: Float32) -> Float32:
    """Return vectors at unit length, float32 of shape (n, dimension)."""
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    found: Float32 = vectors / np.maximum(norms, 1e-12)
    return found


def _wrong_dimension(dimension: int) -> CollectionDamagedError:
    return CollectionDamagedError(
        f"the vectors of the collection do not have the recorded dimension, {dimension}; restore "
        "it from a backup, or move it away and index the sources again"
    )


def _not_finite() -> CollectionDamagedError:
    return CollectionDamagedError(
        "a vector of the collection has a value that is not a finite number; to repair it, run: "
        "releaseqa verify --repair"
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
        packed: For each passage, its vector and those of its sentences, as `pack` made them.
        query: Unit vector, float32 of shape (dimension,).

    Raises:
        CollectionDamagedError: As for `unpack`.
    """
    width = 2 * len(query)
    if any(len(passage) != width or len(sentences) % width for passage, sentences in packed):
        raise _wrong_dimension(len(query))
    vectors = unpack(b"".join(part for pair in packed for part in pair), len(query))
    cosines = row_products(vectors, query).tolist()
    found, start = [], 0
    for _, sentences in packed:
        end = start + 1 + len(sentences) // width
        found.append((cosines[start], tuple(cosines[start + 1 : end])))
        start = end
    return found
