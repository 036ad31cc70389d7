"""Check the releases against their hashes, the passages against the texts, and the clusters."""

import re
from collections.abc import Callable, Sequence
from typing import get_args

from index.dedup.link import clusters_are_current, has_bad_signatures, stored_replacements
from index.dedup.near_duplicates import signatures
from index.errors import CollectionDamagedError
from index.ingest.parse import PARSER_VERSION
from index.reports import Progress
from index.store.reader import Store
from index.store.rows import WHOLE_RELEASE, content_hash, release_of, unpack_spans, vector_key
from index.types import Kind, Release, Span
from index.verify.findings import GO_ON, Findings

_BATCH = 100
"""Releases that are in memory together."""
_SIGNED = 400_000
"""Characters of a text that are kept for its signature, which reads fewer."""
_END_MARKS = frozenset(("30", "end", "ends", "fin"))
"""The only words outside of passages, see `index.structure.sections.classify`."""
_WORD = re.compile(r"[^\W_]+")
_KINDS = frozenset(get_args(Kind))


def check_releases(store: Store, findings: Findings, progress: Callable[[Progress], None]) -> None:
    """Check every release: its text, its passages and its signature."""
    versions = _parser_versions(store)
    compare_signatures = clusters_are_current(store)
    keys = [row[0] for row in store.rows("SELECT id FROM releases ORDER BY id")]
    for start in range(0, len(keys), _BATCH):
        sound: dict[int, Release] = {}
        for key in keys[start : start + _BATCH]:
            release = _check_release(store, key, versions, findings)
            if release is not None:
                sound[key] = release
        if compare_signatures and sound:
            _compare_signatures(store, sound, findings)
        progress(Progress("texts", min(start + _BATCH, len(keys)), len(keys)))


def _parser_versions(store: Store) -> list[str]:
    """Return the parser versions that releases may have been read with.

    The hash of a release covers its version. After an interruption, a source has the new version
    while some of its releases still have an older one.
    """
    versions = [str(row[0]) for row in store.rows("SELECT DISTINCT form FROM sources LIMIT 100")]
    windows = {version.partition("/")[2] for version in versions}
    older = range(int(PARSER_VERSION), 0, -1)
    return versions + [f"{number}/{window}" for number in older for window in sorted(windows)]


def _check_release(
    store: Store, key: int, versions: Sequence[str], findings: Findings
) -> Release | None:
    """Check a release and its passages; return the release when its text is sound."""
    ((written_id, digest, path, version),) = store.rows(
        "SELECT CAST(r.release_id AS BLOB), r.content_hash, s.path, s.form FROM releases r "
        "LEFT JOIN sources s ON s.id = r.source_id WHERE r.id = ?",
        (key,),
    )
    name = written_id.decode("utf-8", "replace")
    remedy = findings.restore_release(name, path)

    def wrong(what: str, place: str, detail: str) -> None:
        findings.bad_releases.add(key)
        findings.wrong(what, place, detail, remedy)

    if path is None:
        wrong("release", name, "its source is missing, so it is not listed")
    try:
        (row,) = store.rows(
            f"SELECT {WHOLE_RELEASE} FROM releases r "  # noqa: S608
            "LEFT JOIN sources s ON s.id = r.source_id WHERE r.id = ?",
            (key,),
        )
        release = release_of(row).release
    except CollectionDamagedError:  # not UTF-8, or metadata that is no JSON object
        wrong("release", name, _CHANGED)
        return None
    candidates = dict.fromkeys([version or "", *versions])
    read_with = next((v for v in candidates if content_hash(release, v) == digest), None)
    if read_with is None:
        wrong("release", name, _CHANGED)
    spans, wrong_passages = _check_passages(store, key, release)
    for ordinal, detail in wrong_passages.items():
        wrong("passage", f"{name}#{ordinal}", detail)
    if read_with is None:
        return None
    if not wrong_passages and read_with.partition("/")[0] == PARSER_VERSION:
        start = _first_uncovered_word(release.text, spans)
        if start is not None:
            wrong("passage", f"{name}, at {start}", "this part of the text is in no passage")
    return release


_CHANGED = "its text or metadata does not match its hash"


def _check_passages(store: Store, key: int, release: Release) -> tuple[list[Span], dict[int, str]]:
    """Return the spans of a release's passages, and what is wrong with some, by ordinal."""
    spans: list[Span] = []
    wrong: dict[int, str] = {}
    end = 0
    rows = store.rows(
        "SELECT ordinal, kind, start, stop, sentences, vector_key FROM passages "
        "WHERE release = ? ORDER BY ordinal",
        (key,),
    )
    for number, (ordinal, kind, start, stop, sentences, digest) in enumerate(rows):
        spans.append((start, stop))
        if ordinal != number and not wrong:
            wrong[ordinal] = f"the passage before it is missing: number {number}"
        elif kind not in _KINDS:
            wrong[ordinal] = "is of an unknown kind"
        elif not end <= start < stop <= len(release.text):
            wrong[ordinal] = f"is not within its release's text ({start} to {stop})"
        elif not _are_sentences(sentences, stop - start):
            wrong[ordinal] = "its sentences are not within it"
        elif vector_key(release.text[start:stop], unpack_spans(sentences)) != digest:
            wrong[ordinal] = "its text or sentences do not match its key"
        else:
            end = stop
    return spans, wrong


def _are_sentences(packed: bytes, length: int) -> bool:
    """Return whether bytes are spans in ascending order within so many characters."""
    if len(packed) % 8:
        return False
    end = 0
    for start, stop in unpack_spans(packed):
        if not end <= start < stop <= length:
            return False
        end = stop
    return True


def _first_uncovered_word(text: str, spans: Sequence[Span]) -> int | None:
    """Return where the first word starts that is in no passage; None when there is none."""
    end = 0
    for start, stop in [*spans, (len(text), len(text))]:
        for word in _WORD.finditer(text, end, start):
            if word[0].lower() not in _END_MARKS:
                return word.start()
        end = stop
    return None


def _compare_signatures(store: Store, releases: dict[int, Release], findings: Findings) -> None:
    sql = "SELECT release, signature FROM families WHERE release IN ({keys})"
    stored = dict(store.rows_among(sql, releases))
    made = signatures([release.text[:_SIGNED] for release in releases.values()])
    for (key, release), signature in zip(releases.items(), made, strict=True):
        if key in stored and stored[key] != signature.astype("<u4").tobytes():
            findings.wrong(
                "family", release.release_id, "its signature does not match its text",
                mends="families",
            )  # fmt: skip


def check_clusters(store: Store, findings: Findings) -> None:
    """Check that every release is in a cluster, and that replacements follow from the clusters."""
    if not clusters_are_current(store):
        if findings.releases:
            findings.note(
                "family", "all", "the newest releases have not been compared with the others yet",
                GO_ON, "families",
            )  # fmt: skip
        return
    ids = "SELECT r.release_id FROM releases r LEFT JOIN families f ON f.release = r.id "
    for sql, detail in (
        (f"{ids} WHERE f.family IS NULL", "is in no cluster of near-duplicates"),
        (
            f"{ids} JOIN families g ON g.release = f.family WHERE g.family IS NOT f.family",
            "its cluster is named after a release of another cluster",
        ),
    ):
        for (release_id,) in store.rows(sql):
            findings.wrong("family", release_id, detail, mends="families")
    if has_bad_signatures(store):
        return  # reported by the comparison with the texts
    stored = dict(
        store.rows("SELECT release, replaced_by FROM families WHERE replaced_by IS NOT NULL")
    )
    made = stored_replacements(store)
    differ = sorted(key for key in {*stored, *made} if stored.get(key) != made.get(key))
    sql = "SELECT release_id FROM releases WHERE id IN ({keys})"
    for (release_id,) in store.rows_among(sql, differ):
        findings.wrong(
            "family", release_id, "the release that it records as its replacement is not",
            mends="families",
        )  # fmt: skip
