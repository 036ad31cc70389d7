"""Whether the vectors are ones, belong to passages, and stand in the vector file as they are.

No hash of a vector is kept. What tells a changed one is its length, its norm, and for those of
passages the copy in the vector file, whose bytes have a hash. numpy and FAISS are loaded here.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from index.encoders.model import DEFAULT_MODEL
from index.errors import CollectionDamagedError
from index.reports import Progress
from index.store import artifacts
from index.store.reader import FINGERPRINT_META, MODEL_META, Store
from index.verify.findings import GO_ON, SHOWN, Findings

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from index.search.vector import VectorIndex

    Bools = npt.NDArray[np.bool_]

_BATCH = 500
_NORM = 2e-3
"""How far a norm may be from 1: four times what rounding to float16 can do."""
_EQUAL = 1e-6
"""How far numbers may be apart that were scaled by another build of numpy."""

_VECTORS = (
    "SELECT v.id, v.passage, v.sentences, (SELECT length(p.sentences) / 8 FROM passages p "
    "WHERE p.vector_key = v.vector_key LIMIT 1) FROM vectors v WHERE v.id > ? ORDER BY v.id LIMIT ?"
)
_PASSAGE = (
    "SELECT r.release_id || '#' || p.ordinal FROM vectors v "
    "JOIN passages p ON p.vector_key = v.vector_key JOIN releases r ON r.id = p.release "
    "WHERE v.id = ? ORDER BY p.id LIMIT 1"
)


def check_vectors(
    folder: Path, store: Store, findings: Findings, progress: Callable[[Progress], None]
) -> None:
    """Check every vector, some hundred at a time, and the vector file."""
    total = int(store.value("SELECT count(*) FROM vectors"))
    dimension = findings.dimension or store.dimension
    copy = _open_file(folder, store, findings, total, dimension)
    last = orphans = 0
    bad: list[int] = []
    while rows := store.rows(_VECTORS, (last, _BATCH)):
        last = rows[-1][0]
        orphans += sum(row[3] is None for row in rows)
        bad += _damaged(rows, dimension, copy)
        findings.vectors += len(rows)
        progress(Progress("vectors", findings.vectors, total))
    findings.bad_vectors += bad
    _name(bad, store, findings)
    if orphans:
        findings.note(
            "vectors", f"{orphans:,}", "belong to no passage any more",
            "the next `releaseqa index` removes them, so does releaseqa verify --repair", "vectors",
        )  # fmt: skip
    pending = store.pending()
    if pending:
        model = store.meta(MODEL_META)
        named = "" if model in {None, DEFAULT_MODEL} else f" --model {quote(str(model))}"
        findings.note(
            "passages", f"{pending:,}", "have no vector yet and are searched by words alone",
            f"run: releaseqa index{named} on any of the sources",
        )  # fmt: skip


def _name(bad: Sequence[int], store: Store, findings: Findings) -> None:
    """Name the passages of damaged vectors, as far as they are shown."""
    for count, number in enumerate(bad):
        place = (store.value(_PASSAGE, (number,)) if count < SHOWN else None) or f"row {number}"
        findings.wrong("vector", place, "is not as it was made", mends="vectors")


def _damaged(
    rows: Sequence[tuple[Any, ...]], dimension: int, copy: "VectorIndex | None"
) -> list[int]:
    """Return which of these vectors cannot be what the encoder gave."""
    import numpy as np

    width = 2 * dimension
    bad = {
        number
        for number, passage, sentences, count in rows
        if not width
        or len(passage) != width
        or len(sentences) % width
        or (count is not None and len(sentences) != count * width)
    }
    shaped = [row for row in rows if row[0] not in bad]
    if not shaped:
        return sorted(bad)
    blob = b"".join(part for row in shaped for part in row[1:3])
    values = np.frombuffer(blob, dtype="<f2").reshape(-1, dimension).astype(np.float32)
    owners = np.repeat(
        [row[0] for row in shaped], [1 + len(row[2]) // width for row in shaped]
    )  # of which vector each row of values is
    norms = np.sqrt(np.einsum("ij,ij->i", values, values))
    sound = np.abs(norms - 1) <= _NORM  # false where a number is none or infinite
    bad |= set(owners[~sound].tolist())
    if copy is not None:
        bad |= _unlike([row for row in shaped if row[0] not in bad], copy)
    return sorted(bad)


def _unlike(rows: Sequence[tuple[Any, ...]], copy: "VectorIndex") -> set[int]:
    """Return which vectors differ from their copies in the vector file."""
    import numpy as np

    from index.search.vector import unpack

    numbers = np.array([row[0] for row in rows], dtype=np.int64)
    inside = np.isin(numbers, copy.numbers)
    rows = [row for row, known in zip(rows, inside, strict=True) if known]
    if not rows:
        return set()
    made = unpack(b"".join(row[1] for row in rows), copy.dimension)
    apart = np.abs(made - copy.vectors(numbers[inside])).max(axis=1)
    return set(numbers[inside][~(apart <= _EQUAL)].tolist())


def _open_file(
    folder: Path, store: Store, findings: Findings, total: int, dimension: int
) -> "VectorIndex | None":
    """Check the vector file as a whole; returns it when its vectors can be relied on."""
    current = store.artifact("vectors")
    if current is None:
        if total and not store.value("SELECT count(*) FROM derived WHERE kind = 'vectors'"):
            findings.note(
                "vector file", artifacts.FOLDER, "is not there yet, which makes searching slower",
                GO_ON, "vector file",
            )  # fmt: skip
        return None  # a name that is none is found among the files
    name, digest, generation, last, identity = current
    path = folder / artifacts.FOLDER / name

    def wrong(detail: str) -> None:
        findings.wrong("vector file", name, detail, mends="vector file")

    damage = artifacts.damage_of(path, "vectors", digest)
    if damage is not None:
        wrong(damage)
        return None
    if identity != store.meta(FINGERPRINT_META):
        wrong("was made with another model than the vectors")
        return None
    from index.search.vector import read_vectors

    try:
        found = read_vectors(path, digest, dimension)
    except CollectionDamagedError as error:
        wrong(str(error).removeprefix(f"{path} "))
        return None
    if generation > store.generation:
        wrong(f"says that it is of generation {generation}, which there was not yet")
    elif (detail := _differs(found, store, last)) is not None:
        wrong(detail)
    else:
        findings.files += 1
    return found


def _differs(found: "VectorIndex", store: Store, last: int) -> str | None:
    """Return in what the numbers of a vector file differ from those in the store, or None."""
    import numpy as np

    numbers = np.sort(found.numbers)
    newest = int(numbers[-1]) if len(numbers) else 0
    if last != newest:
        return f"says that its newest vector is {last}, but it is {newest}"
    if len(np.unique(numbers)) != len(numbers):
        return "holds a vector twice"
    rows = store.rows("SELECT id FROM vectors WHERE id <= ?", (last,))
    known = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    lacks = len(np.setdiff1d(known, numbers, assume_unique=True))
    if lacks:
        return f"lacks {lacks:,} of the {len(known):,} vectors"
    more = len(numbers) - len(known)
    return f"holds {more:,} vectors that are not there any more" if more else None
