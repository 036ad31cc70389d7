"""Whether the derived files are there, whole, and hold what the store says.

The vector file's content is compared with the vectors, in `index.verify.vectors`.
"""

from collections import Counter
from collections.abc import Set as AbstractSet
from pathlib import Path

from index.errors import CollectionDamagedError
from index.store import artifacts
from index.store.reader import ARTIFACT_NAME, Store
from index.verify.findings import GO_ON, Findings

_KINDS = ("words", "vectors")
_NAMES = {"words": "word index", "vectors": "vector file"}


def check_files(folder: Path, store: Store, findings: Findings) -> None:
    """Check what is recorded of derived files, the word index, and what else lies there."""
    rows = store.rows("SELECT kind, name, sha256 FROM derived")
    for kind, name, digest in rows:
        if kind not in _KINDS:
            findings.note("derived file", name, "of a kind that this program does not know")
        elif not ARTIFACT_NAME.fullmatch(name) or name != f"{kind}-{digest[:16]}":
            findings.wrong(
                _NAMES[kind], name, "is no name that the program gives: it is not opened",
                mends="word index" if kind == "words" else "vector file",
            )  # fmt: skip
    place = folder / artifacts.FOLDER
    if place.is_symlink():
        findings.wrong(
            "derived file", artifacts.FOLDER, "is a link, which no collection has",
            f"remove the link {place}, then run: releaseqa verify --repair",
        )  # fmt: skip
        return
    _check_words(folder, store, findings)
    ours, others = artifacts.stray_files(folder, {row[1] for row in rows})
    for name in ours:
        findings.note(
            "stray file", name, "was left by an earlier or interrupted update",
            "the next `releaseqa index` removes it, so does releaseqa verify --repair", "files",
        )  # fmt: skip
    for name in others:
        findings.note("stray file", name, "is not of this program and is left alone")


def _check_words(folder: Path, store: Store, findings: Findings) -> None:
    from index.search.lexical import IDENTITY, indexed_releases, open_lexical_index

    current = store.artifact("words")
    if current is None:
        if findings.passages and not store.value(
            "SELECT count(*) FROM derived WHERE kind = 'words'"
        ):
            findings.note(
                "word index", artifacts.FOLDER, "is not there yet, which makes searching slower",
                GO_ON, "word index",
            )  # fmt: skip
        return
    name, digest, generation, last, identity = current
    path = folder / artifacts.FOLDER / name

    def wrong(detail: str) -> None:
        findings.wrong("word index", name, detail, mends="word index")

    damage = artifacts.damage_of(path, "words", digest)
    if damage is not None:
        wrong(damage)
        return
    if identity != IDENTITY:
        findings.note(
            "word index", name, "was made by another version of the program and is not used",
            GO_ON, "word index",
        )  # fmt: skip
        return
    if generation > store.generation:
        wrong(f"says that it is of generation {generation}, which there was not yet")
        return
    try:
        opened = open_lexical_index(path, digest)
    except CollectionDamagedError as error:
        wrong(str(error).removeprefix(f"{path} "))
        return
    try:
        documents = opened.documents()
    finally:
        opened.close()
    if generation < store.generation:
        findings.files += 1
        findings.note(
            "word index", name, "lacks the newest changes: an update was interrupted", GO_ON,
            "word index",
        )  # fmt: skip
        return
    detail = _differs(documents, indexed_releases(path), store, last, findings)
    if detail is None:
        findings.files += 1
    else:
        wrong(detail)


def _differs(
    documents: dict[int, int],
    releases: AbstractSet[int],
    store: Store,
    last: int,
    findings: Findings,
) -> str | None:
    """Return in what a word index differs from the store that it is of, or None.

    It is whole, and of this very content: a passage that it has and the store has not was lost
    from the store. The index is then kept as it is, for it is what tells.
    """
    rows = store.rows("SELECT id, release FROM passages")
    lacks = sum(documents.pop(key, None) != release for key, release in rows)
    if documents:
        _name_lost(Counter(documents.values()), store, findings)
        return None
    if lacks:
        return f"lacks {lacks:,} of the {len(rows):,} passages"
    if releases != {row[0] for row in store.rows("SELECT id FROM releases")}:
        return "says that it is of other releases"
    newest = max((key for key, _ in rows), default=0)
    if last != newest:
        return f"says that its newest passage is {last}, but it is {newest}"
    return None


def _name_lost(lost: Counter[int], store: Store, findings: Findings) -> None:
    """Name the releases that passages were lost of."""
    sql = (
        "SELECT r.id, r.release_id, s.path FROM releases r "
        "LEFT JOIN sources s ON s.id = r.source_id WHERE r.id IN ({keys})"
    )
    known = {key: (name, path) for key, name, path in store.rows_among(sql, lost)}
    for key, count in sorted(lost.items()):
        if key in findings.bad_releases:
            continue
        name, remedy = f"row {key}", findings.lost
        if key in known:
            name, remedy = known[key][0], findings.lost_release(*known[key])
        findings.wrong(
            "release", name, f"lacks {count} of the passages that the word index has of it", remedy
        )
