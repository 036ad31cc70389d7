"""Check the artifacts: that they are there, intact, and made from what the store holds."""

from collections import Counter
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from index.errors import CollectionDamagedError
from index.store import artifacts
from index.store.reader import ARTIFACT_NAME, FINGERPRINT_META, Artifact, Store
from index.verify.findings import GO_ON, Findings

if TYPE_CHECKING:
    from index.search.vector import VectorIndex

_PARTS: dict[str, Literal["word index", "vector file"]] = {
    "words": "word index", "vectors": "vector file",
}  # fmt: skip


def check_files(folder: Path, store: Store, findings: Findings) -> None:
    """Check the records of artifacts, the word index, and the other files in their folder."""
    rows = store.rows("SELECT kind, name, sha256 FROM derived")
    for kind, name, digest in rows:
        if kind not in _PARTS:
            findings.note("derived file", name, "is of an unknown kind")
        elif not ARTIFACT_NAME.fullmatch(name) or name != f"{kind}-{digest[:16]}":
            findings.wrong(
                _PARTS[kind], name, "is not a name that releaseqa uses, so the file is not opened",
                mends=_PARTS[kind],
            )  # fmt: skip
    path = folder / artifacts.FOLDER
    if path.is_symlink():
        findings.wrong(
            "derived file", artifacts.FOLDER, "is a symbolic link, which releaseqa does not follow",
            f"remove the link {path}, then run: releaseqa verify --repair",
        )  # fmt: skip
        return
    _check_word_index(folder, store, findings)
    ours, others = artifacts.stray_files(folder, {row[1] for row in rows})
    for name in ours:
        findings.note(
            "stray file", name, "was left by an earlier or interrupted update",
            "to remove it, run: releaseqa index or releaseqa verify --repair", "files",
        )  # fmt: skip
    for name in others:
        findings.note("stray file", name, "does not belong to releaseqa and is left alone")


def open_vector_file(
    folder: Path, store: Store, dimension: int, findings: Findings
) -> "VectorIndex | None":
    """Check the vector file; return it when its bytes are those that were written."""
    artifact = _check_artifact("vectors", folder, store, findings)
    if artifact is None:
        return None
    wrong = _reporter("vectors", artifact, findings)
    from index.search.vector import identity, read_vectors

    fingerprint = store.meta(FINGERPRINT_META)
    if artifact.identity == fingerprint:
        findings.note(
            "vector file", artifact.name,
            "was written by another version of releaseqa and is not used", GO_ON, "vector file",
        )  # fmt: skip
        return None
    if artifact.identity != identity(fingerprint):
        wrong("was built with a different model than the vectors")
        return None

    path = folder / artifacts.FOLDER / artifact.name
    try:
        index = read_vectors(path, artifact.sha256, dimension)
    except CollectionDamagedError as error:
        wrong(str(error).removeprefix(f"{path} "))
        return None
    difference = _generation_error(artifact, store) or _compare_vectors(index, store, artifact)
    if difference is None:
        findings.files += 1
    else:
        wrong(difference)
    return index


def _check_word_index(folder: Path, store: Store, findings: Findings) -> None:
    artifact = _check_artifact("words", folder, store, findings)
    if artifact is None:
        return
    from index.search.lexical import IDENTITY, indexed_releases, open_lexical_index

    wrong = _reporter("words", artifact, findings)
    if artifact.identity != IDENTITY:
        findings.note(
            "word index", artifact.name,
            "was written by another version of releaseqa and is not used", GO_ON, "word index",
        )  # fmt: skip
        return
    if error := _generation_error(artifact, store):
        wrong(error)
        return
    path = folder / artifacts.FOLDER / artifact.name
    try:
        index = open_lexical_index(path, artifact.sha256)
    except CollectionDamagedError as error:
        wrong(str(error).removeprefix(f"{path} "))
        return
    try:
        documents = index.documents()
    finally:
        index.close()
    if artifact.generation < store.generation:
        findings.files += 1
        findings.note(
            "word index", artifact.name, "lacks the latest changes: an update was interrupted",
            GO_ON, "word index",
        )  # fmt: skip
        return
    difference = _compare_passages(documents, indexed_releases(path), store, artifact, findings)
    if difference is None:
        findings.files += 1
    else:
        wrong(difference)


def _check_artifact(
    kind: Literal["words", "vectors"], folder: Path, store: Store, findings: Findings
) -> Artifact | None:
    """Check that there is an artifact with the bytes that were written; return its record."""
    artifact = store.artifact(kind)
    if artifact is None:
        content = findings.passages if kind == "words" else findings.vectors
        if content and not store.value("SELECT count(*) FROM derived WHERE kind = ?", (kind,)):
            findings.note(
                _PARTS[kind], artifacts.FOLDER, "does not exist yet, so searching is slower",
                GO_ON, _PARTS[kind],
            )  # fmt: skip
        return None  # a bad name is reported by `check_files`
    damage = artifacts.find_damage(folder / artifacts.FOLDER / artifact.name, kind, artifact.sha256)
    if damage is not None:
        _reporter(kind, artifact, findings)(damage)
        return None
    return artifact


def _reporter(kind: str, artifact: Artifact, findings: Findings) -> Callable[[str], None]:
    """Return a function that reports what is wrong with an artifact."""
    return lambda detail: findings.wrong(_PARTS[kind], artifact.name, detail, mends=_PARTS[kind])


def _generation_error(artifact: Artifact, store: Store) -> str | None:
    if artifact.generation > store.generation:
        return (
            f"records generation {artifact.generation}, but the collection is at generation "
            f"{store.generation}"
        )
    return None


def _compare_vectors(index: "VectorIndex", store: Store, artifact: Artifact) -> str | None:
    """Return how the row numbers in a vector file differ from those in the store, or None."""
    numbers = index.numbers.tolist()
    newest = max(numbers, default=0)
    if artifact.last_id != newest:
        return f"records {artifact.last_id} as its newest vector, but the newest is {newest}"
    in_file = set(numbers)
    if len(in_file) != len(numbers):
        return "contains a vector twice"
    in_store = {row[0] for row in store.rows("SELECT id FROM vectors WHERE id <= ?", (newest,))}
    if lacks := len(in_store - in_file):
        return f"lacks {lacks:,} of the {len(in_store):,} vectors"
    more = len(in_file - in_store)
    return f"contains {more:,} vectors that the collection does not have" if more else None


def _compare_passages(
    documents: dict[int, int],
    releases: AbstractSet[int],
    store: Store,
    artifact: Artifact,
    findings: Findings,
) -> str | None:
    """Return how a word index differs from the store of the same generation, or None.

    The index is intact, so a passage that only the index has was lost from the store. This is
    reported for its release; the index is not wrong, and a repair keeps it.
    """
    rows = store.rows("SELECT id, release FROM passages")
    lacks = sum(documents.pop(key, None) != release for key, release in rows)
    if documents:
        _report_lost_passages(Counter(documents.values()), store, findings)
        return None
    if lacks:
        return f"lacks {lacks:,} of the {len(rows):,} passages"
    if releases != {row[0] for row in store.rows("SELECT id FROM releases")}:
        return "does not list the same releases as the collection"
    newest = max((key for key, _ in rows), default=0)
    if artifact.last_id != newest:
        return f"records {artifact.last_id} as its newest passage, but the newest is {newest}"
    return None


def _report_lost_passages(lost: Counter[int], store: Store, findings: Findings) -> None:
    """Report the releases that lost passages."""
    sql = (
        "SELECT r.id, r.release_id, s.path FROM releases r "
        "LEFT JOIN sources s ON s.id = r.source_id WHERE r.id IN ({keys})"
    )
    sources = {key: (name, path) for key, name, path in store.rows_among(sql, lost)}
    for key, count in sorted(lost.items()):
        if key in findings.bad_releases:
            continue
        name, remedy = f"row {key}", findings.restore
        if key in sources:
            name, remedy = sources[key][0], findings.restore_release(*sources[key])
        findings.wrong(
            "release", name, f"lacks {count} of its passages that are in the word index", remedy
        )
