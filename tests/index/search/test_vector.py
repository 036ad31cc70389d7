"""The vector index against numpy, and its file on a full disk."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from checkout import process_environment
from hypothesis import given
from hypothesis import strategies as st
from restricted import largest_file

from index.errors import CollectionDamagedError
from index.search.vector import Float16, Float32, VectorIndex, pack, read_vectors, unpack
from index.store.artifacts import sha256

DIMENSION = 8


def _unit(seed: int, count: int) -> Float32:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _stored(seed: int, count: int) -> Float16:
    """Unit vectors as a store has them."""
    return _unit(seed, count).astype(np.float16)


def _index(vectors: Float16, numbers: np.ndarray) -> VectorIndex:
    index = VectorIndex(DIMENSION)
    if len(numbers):
        index.add(numbers, vectors)
    return index


def _cosines(vectors: Float16, query: Float32) -> Float32:
    return np.einsum("ij,j->i", unpack(vectors.tobytes(), DIMENSION), query)


@given(
    seed=st.integers(0, 999),
    count=st.integers(0, 60),
    least=st.floats(-1, 1),
    allowed=st.none() | st.sets(st.integers(0, 300)),
)
def test_a_range_has_every_vector_that_near_and_no_other(
    seed: int, count: int, least: float, allowed: set[int] | None
) -> None:
    """All allowed vectors with at least this inner product are returned, best first."""
    vectors = _stored(seed, count)
    numbers = np.random.default_rng(seed).permutation(200)[:count]
    (query,) = _unit(seed + 1_000, 1)
    index = _index(vectors, numbers)
    found = index.search_range(
        query, least, None if allowed is None else index.allow(sorted(allowed))
    )
    products = _cosines(vectors, query)
    expected = {
        int(number)
        for number, product in zip(numbers, products, strict=True)
        if product >= least and (allowed is None or int(number) in allowed)
    }

    assert expected == {number for number, _ in found}
    assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))


@given(
    seed=st.integers(0, 999),
    count=st.integers(1, 60),
    limit=st.integers(1, 70),
    allowed=st.none() | st.sets(st.integers(0, 300)),
)
def test_the_nearest_are_those_of_numpy(
    seed: int, count: int, limit: int, allowed: set[int] | None
) -> None:
    """The results are the largest inner products of the allowed vectors, best first."""
    vectors = _stored(seed, count)
    numbers = np.random.default_rng(seed).permutation(200)[:count]
    (query,) = _unit(seed + 1_000, 1)
    index = _index(vectors, numbers)
    found = index.search(query, limit, None if allowed is None else index.allow(sorted(allowed)))
    exact = {
        int(number): float(cosine)
        for number, cosine in zip(numbers, _cosines(vectors, query), strict=True)
        if allowed is None or int(number) in allowed
    }
    best = sorted(exact.values(), reverse=True)[:limit]

    assert best == pytest.approx([score for _, score in found], abs=1e-6)
    assert all(exact[number] == pytest.approx(score, abs=1e-6) for number, score in found)
    assert len(found) == len({number for number, _ in found})


@given(
    seed=st.integers(0, 999),
    count=st.integers(1, 300),
    limit=st.integers(1, 40),
    queries=st.integers(1, 50),
    repeated=st.booleans(),
)
def test_queries_searched_together_find_what_they_find_alone(
    seed: int, count: int, limit: int, queries: int, repeated: bool
) -> None:
    """Several queries together get the results of each alone, to the last bit."""
    vectors = _stored(seed, count)
    if repeated:
        vectors = vectors[np.arange(count) % 3]
    index = _index(vectors, np.arange(count) + 7)
    asked = _unit(seed + 1, queries)

    together = index.search_many(asked, limit)

    assert together == [index.search(query, limit) for query in asked]
    assert all(len(found) == min(limit, count) for found in together)


@given(st.integers(0, 999), st.integers(0, 20))
def test_vectors_survive_packing(seed: int, count: int) -> None:
    """Unpacked vectors have unit length, within the precision of float16."""
    vectors = _unit(seed, count)
    back = unpack(pack(vectors), DIMENSION)

    assert 2 * DIMENSION * count == len(pack(vectors))
    assert (count, DIMENSION) == back.shape
    assert np.abs(back - vectors).max(initial=0) < 1e-3
    assert np.linalg.norm(back, axis=1) == pytest.approx(np.ones(count), abs=1e-6)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused(value: float) -> None:
    """A vector with a value that is not finite is refused."""
    vectors = _stored(1, 3)
    vectors[1, 2] = value

    with pytest.raises(ValueError, match="not finite"):
        _index(vectors, np.arange(3))


def test_wrong_shapes_are_refused() -> None:
    """Vectors, numbers and queries of wrong shapes are refused, and the error names the shapes."""
    index = _index(_stored(1, 3), np.arange(3))

    with pytest.raises(ValueError, match=r"\(3, 8\)"):
        index.add(np.arange(2), _stored(1, 3))
    with pytest.raises(ValueError, match=r"\(9,\)"):
        index.search(np.zeros(9, dtype=np.float32), 1)
    assert 3 == len(index)


def test_a_written_index_is_read_back(tmp_path: Path) -> None:
    """A written index is read back with the same results, and its hash is checked."""
    index = _index(_stored(1, 50), np.arange(50))
    index.write(tmp_path / "file")
    digest = sha256(tmp_path / "file")
    (query,) = _unit(2, 1)

    assert index.search(query, 9) == read_vectors(tmp_path / "file", digest, DIMENSION).search(
        query, 9
    )
    with pytest.raises(CollectionDamagedError, match="damaged"):
        read_vectors(tmp_path / "file", "0" * 64, DIMENSION)
    with pytest.raises(CollectionDamagedError, match="wrong dimension"):
        read_vectors(tmp_path / "file", digest, DIMENSION + 1)
    with pytest.raises(CollectionDamagedError, match="cannot be read"):
        read_vectors(tmp_path / "none", digest, DIMENSION)


def test_vectors_are_added_to_a_mapped_index(tmp_path: Path) -> None:
    """The file stays as it is, and the index finds old and new vectors."""
    vectors = _stored(1, 60)
    _index(vectors[:50], np.arange(50)).write(tmp_path / "file")
    digest = sha256(tmp_path / "file")
    index = read_vectors(tmp_path / "file", digest, DIMENSION)
    index.add(np.arange(50, 60), vectors[50:])
    (query,) = _unit(2, 1)

    assert index.search(query, 20) == _index(vectors, np.arange(60)).search(query, 20)
    assert digest == sha256(tmp_path / "file")


def test_78_a_full_disk_is_an_error(tmp_path: Path) -> None:
    """78: Writing to a full disk raises an error, which FAISS's own writer does not."""
    index = _index(_stored(1, 5_000), np.arange(5_000))
    with largest_file(100_000), pytest.raises(OSError, match="too large"):
        index.write(tmp_path / "file")


def test_a_search_uses_one_thread_and_importing_changes_nothing() -> None:
    """FAISS keeps its number of threads for each thread; a search sets it in its own."""
    code = (
        "import faiss, threading, numpy as np\n"
        "before = faiss.omp_get_max_threads()\n"
        "from index.search.vector import VectorIndex\n"
        "assert faiss.omp_get_max_threads() == before\n"
        "index = VectorIndex(4)\n"
        "index.add(np.array([1]), np.eye(4, dtype='float16')[:1])\n"
        "def search():\n"
        "    index.search(np.eye(4, dtype='float32')[0], 1)\n"
        "    print(faiss.omp_get_max_threads())\n"
        "search()\n"
        "thread = threading.Thread(target=search)\n"
        "thread.start(); thread.join()\n"
    )
    environment = process_environment({"OMP_NUM_THREADS": "3"})
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, env=environment
    )

    assert (b"1\n1\n", b"") == (done.stdout, done.stderr)
