"""Check the vectors: their shape, their norm, and their copies in the vector file.

A changed vector is detected by its seal. A store of an older version has none: there it is detected
by its length and its norm, and a passage vector also by its copy in the vector file, whose bytes
have a hash. This module loads numpy and FAISS.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoders.model import DEFAULT_MODEL
from index.reports import Progress
from index.store.reader import MODEL_META, Store
from index.verify.artifacts import open_vector_file
from index.verify.findings import SHOWN, Findings
from index.verify.seals import broken_seals, has_seals

if TYPE_CHECKING:
    from index.search.vector import VectorIndex

_BATCH = 500
_NORM_TOLERANCE = 2e-3
"""How far a norm may be from 1: four times what rounding to float16 can do."""
_COPY_TOLERANCE = 1e-6
"""How far a number may be from its copy, which another build of numpy may have scaled."""

_VECTORS = (
    "SELECT v.id, v.passage, v.sentences, (SELECT length(p.sentences) / 8 FROM passages p "
    "WHERE p.vector_key = v.vector_key LIMIT 1) FROM vectors v WHERE v.id > ? ORDER BY v.id LIMIT ?"
)
_PASSAGE_ID = (
    "SELECT r.release_id || '#' || p.ordinal FROM vectors v "
    "JOIN passages p ON p.vector_key = v.vector_key JOIN releases r ON r.id = p.release "
    "WHERE v.id = ? ORDER BY p.id LIMIT 1"
)


def check_vectors(
    folder: Path, store: Store, findings: Findings, progress: Callable[[Progress], None]
) -> None:
    """Check the vector file and every vector, a few hundred at a time."""
    dimension = findings.dimension or store.dimension
    copy = open_vector_file(folder, store, dimension, findings)
    unsealed = broken_seals(store, "vectors") if has_seals(store) else []
    last = done = unused = 0
    while rows := store.rows(_VECTORS, (last, _BATCH)):
        last = rows[-1][0]
        done += len(rows)
        unused += sum(row[3] is None for row in rows)
        findings.bad_vectors += _find_damaged(rows, dimension, copy)
        progress(Progress("vectors", done, findings.vectors))
    findings.bad_vectors = sorted({*findings.bad_vectors, *(int(row[0]) for row in unsealed)})
    for count, number in enumerate(findings.bad_vectors):
        passage_id = store.value(_PASSAGE_ID, (number,)) if count < SHOWN else None
        place = passage_id or f"row {number}"
        findings.wrong("vector", place, "was changed or damaged", mends="vectors")
    if unused:
        findings.note(
            "vectors", f"{unused:,}", "belong to no passage",
            "to remove them, run: releaseqa index or releaseqa verify --repair", "vectors",
        )  # fmt: skip
    pending = store.pending()
    if pending:
        model = store.meta(MODEL_META)
        option = "" if model in {None, DEFAULT_MODEL} else f" --model {quote(str(model))}"
        findings.note(
            "passages", f"{pending:,}", "have no vector yet and are searched by words only",
            f"run releaseqa index{option} on any of the sources",
        )  # fmt: skip


def _find_damaged(
    rows: Sequence[tuple[Any, ...]], dimension: int, copy: "VectorIndex | None"
) -> list[int]:
    """Return the row numbers of vectors that cannot be what the encoder made."""
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
    owners = np.repeat([row[0] for row in shaped], [1 + len(row[2]) // width for row in shaped])
    norms = np.sqrt(np.einsum("ij,ij->i", values, values))
    sound = np.abs(norms - 1) <= _NORM_TOLERANCE  # false when a number is not finite
    bad |= set(owners[~sound].tolist())
    if copy is not None:
        bad |= _differing([row for row in shaped if row[0] not in bad], copy)
    return sorted(bad)


def _differing(rows: Sequence[tuple[Any, ...]], copy: "VectorIndex") -> set[int]:
    """Return the row numbers of vectors that differ from their copies in the vector file."""
    from index.search.vector import unpack

    numbers = np.array([row[0] for row in rows], dtype=np.int64)
    copied = np.isin(numbers, copy.numbers)
    if not copied.any():
        return set()
    numbers = numbers[copied]
    stored = b"".join(row[1] for row, found in zip(rows, copied, strict=True) if found)
    differences = np.abs(unpack(stored, copy.dimension) - copy.vectors(numbers)).max(axis=1)
    return set(numbers[~(differences <= _COPY_TOLERANCE)].tolist())
