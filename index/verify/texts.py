"""Whether the texts are those that were read, and the passages what was cut from them."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, get_args

from index.dedup.link import DONE_META, FORM_META, replacements
from index.dedup.near_duplicates import PERMUTATIONS, signature_version, signatures
from index.ingest.parse import PARSER_VERSION
from index.reports import Progress
from index.store.reader import Store
from index.store.rows import content_hash, unpack_spans, vector_key
from index.types import Kind, Release, Span
from index.verify.findings import GO_ON, Findings

_BATCH = 100
"""Releases whose signatures are worked out together."""
_WORDS = 400_000
"""Characters of a text that are kept for its signature, which looks at fewer."""
_END_MARKS = frozenset(("30", "end", "ends", "fin"))
"""All that may stand outside of passages, see `index.structure.sections.classify`."""
_WORD = re.compile(r"[^\W_]+")
_KINDS = frozenset(get_args(Kind))
_TEXTS = ("release_id", "title", "text", "date", "issuer", "lang", "url", "metadata")

# As bytes: what is no UTF-8 any more must not end the query.
_RELEASE = (
    "SELECT r.id, r.content_hash, s.form, s.path, "  # noqa: S608
    f"{', '.join(f'CAST(r.{name} AS BLOB)' for name in _TEXTS)} "
    "FROM releases r LEFT JOIN sources s ON s.id = r.source_id WHERE r.id = ?"
)
_PASSAGES = (
    "SELECT ordinal, kind, start, stop, sentences, vector_key FROM passages "
    "WHERE release = ? ORDER BY ordinal"
)


def check_texts(store: Store, findings: Findings, progress: Callable[[Progress], None]) -> None:
    """Check every release, one at a time: its text, its passages, its signature."""
    forms = _forms(store)
    signed = _Signed(store, findings)
    total = int(store.value("SELECT count(*) FROM releases"))
    for key in _keys(store):
        for row in store.rows(_RELEASE, (key,)):
            findings.releases += 1
            _check_release(store, row, forms, signed, findings)
        if findings.releases % _BATCH == 0 or findings.releases == total:
            progress(Progress("texts", findings.releases, total))
    signed.compare()


def _keys(store: Store) -> Iterator[int]:
    """Yield the row numbers of all releases; no query stays open that a writer would wait for."""
    last = -1
    while rows := store.rows(
        "SELECT id FROM releases WHERE id > ? ORDER BY id LIMIT 1000", (last,)
    ):
        for (last,) in rows:
            yield last


def _forms(store: Store) -> list[str]:
    """Return the forms that a release may have been read in: its hash is of its form too.

    A source that is read again in a new form has that form from its first batch on, while the
    releases of the later ones are still of the old one.
    """
    forms = [str(row[0]) for row in store.rows("SELECT DISTINCT form FROM sources LIMIT 100")]
    sizes = {form.partition("/")[2] for form in forms}
    return forms + [
        f"{n}/{size}" for n in range(int(PARSER_VERSION), 0, -1) for size in sorted(sizes)
    ]


def _check_release(
    store: Store, row: tuple[Any, ...], forms: Sequence[str], signed: "_Signed", findings: Findings
) -> None:
    key, digest, own_form, path, *columns = row
    shown = columns[0].decode("utf-8", "replace")
    remedy = findings.lost_release(shown, path)
    if path is None:
        findings.bad_releases.add(key)
        findings.wrong("release", shown, "its source is not there: it is not listed", remedy)
    try:
        values: list[Any] = [None if column is None else column.decode() for column in columns]
        name, title, text, date, issuer, lang, url, metadata = values
        release = Release(name, title, text, date, issuer, lang, url, json.loads(metadata))
        found = [
            form
            for form in dict.fromkeys([own_form or forms[0], *forms])
            if content_hash(release, form) == digest
        ][:1]
    except (ValueError, TypeError, IndexError, RecursionError):  # no text, or no metadata
        release, found = None, []
    if not found:
        findings.bad_releases.add(key)
        findings.wrong(
            "release",
            shown,
            "its text or its facts are not those that its hash was made of",
            remedy,
        )
    if release is None:
        findings.passages += int(
            store.value("SELECT count(*) FROM passages WHERE release = ?", (key,))
        )
        return
    if found:
        signed.take(key, release)
    spans = _check_passages(store, key, release, remedy, findings)
    if spans is None:
        findings.bad_releases.add(key)
    elif found and found[0].partition("/")[0] == PARSER_VERSION:
        left = _outside(release.text, spans)
        if left is not None:
            findings.bad_releases.add(key)
            findings.wrong(
                "passage", f"{shown}, at {left}", "words that are in no passage: one is missing",
                remedy,
            )  # fmt: skip


def _check_passages(
    store: Store, key: int, release: Release, remedy: str, findings: Findings
) -> list[Span] | None:
    """Check the passages of a release; returns where they stand, None when one is wrong."""
    spans: list[Span] = []
    whole = True
    end = 0
    for number, row in enumerate(store.rows(_PASSAGES, (key,))):
        findings.passages += 1
        ordinal, kind, start, stop, sentences, digest = row
        span = (start, stop)
        detail = None
        if ordinal != number and whole:
            detail = f"the passage before it is missing: number {number}"
        elif kind not in _KINDS:
            detail = "is of no kind that there is"
        elif not end <= start < stop <= len(release.text):
            detail = f"has no place in its release's text ({start} to {stop})"
        elif not _are_sentences(sentences, stop - start):
            detail = "its sentences have no place in it"
        elif vector_key(release.text[start:stop], unpack_spans(sentences)) != digest:
            detail = "its words are not those that its key was made of"
        else:
            end = stop
        if detail is not None:
            whole = False
            findings.wrong("passage", f"{release.release_id}#{ordinal}", detail, remedy)
        spans.append(span)
    return spans if whole else None


def _are_sentences(packed: bytes, length: int) -> bool:
    """Whether bytes are spans, in order, within so many characters."""
    if len(packed) % 8:
        return False
    end = 0
    for start, stop in unpack_spans(packed):
        if not end <= start < stop <= length:
            return False
        end = stop
    return True


def _outside(text: str, spans: Sequence[Span]) -> int | None:
    """Return where a word stands that is in no passage, None when there is none."""
    end = 0
    for start, stop in [*spans, (len(text), len(text))]:
        for word in _WORD.finditer(text, end, start):
            if word[0].lower() not in _END_MARKS:
                return word.start()
        end = stop
    return None


class _Signed:
    """Compares signatures, which families are found by, with those of the texts."""

    def __init__(self, store: Store, findings: Findings) -> None:
        self._store, self._findings = store, findings
        self._active = clusters_are_current(store)
        self._texts: dict[int, tuple[str, str]] = {}

    def take(self, key: int, release: Release) -> None:
        if self._active:
            self._texts[key] = (release.release_id, release.text[:_WORDS])
        if len(self._texts) == _BATCH:
            self.compare()

    def compare(self) -> None:
        if not self._texts:
            return
        sql = "SELECT release, signature FROM families WHERE release IN ({keys})"
        stored = dict(self._store.rows_among(sql, self._texts))
        made = signatures([text for _, text in self._texts.values()])
        for (key, (release_id, _)), signature in zip(self._texts.items(), made, strict=True):
            if key in stored and stored[key] != signature.astype("<u4").tobytes():
                self._findings.wrong(
                    "family", release_id, "its signature is not that of its words",
                    mends="families",
                )  # fmt: skip
        self._texts = {}


def clusters_are_current(store: Store) -> bool:
    """Whether the store says that its families are those of its releases, found as today."""
    return (
        store.version >= 3  # noqa: PLR2004 - the first with families
        and store.meta(FORM_META) == signature_version()
        and store.meta(DONE_META) == str(store.generation)
    )


def check_clusters(store: Store, findings: Findings) -> None:
    """Check that every release has a family, and what is said to replace what."""
    if not clusters_are_current(store):
        if findings.releases:
            findings.note(
                "family", "all", "copies and corrections of the newest releases are not found yet",
                GO_ON, "families",
            )  # fmt: skip
        return
    ids = "SELECT r.release_id FROM releases r LEFT JOIN families f ON f.release = r.id "
    for sql, detail in (
        (f"{ids} WHERE f.family IS NULL", "has no family"),
        (
            f"{ids} JOIN families g ON g.release = f.family WHERE g.family IS NOT f.family",
            "its family is named by a release of another one",
        ),
    ):
        for (release_id,) in store.rows(sql):
            findings.wrong("family", release_id, detail, mends="families")
    sql = "SELECT count(*) FROM families WHERE length(signature) <> ?"
    if store.value(sql, (PERMUTATIONS * 4,)):
        return  # named by the comparison with the texts
    stored = dict(
        store.rows("SELECT release, replaced_by FROM families WHERE replaced_by IS NOT NULL")
    )
    made = replacements(store)
    differ = sorted(key for key in {*stored, *made} if stored.get(key) != made.get(key))
    named = store.rows_among("SELECT release_id FROM releases WHERE id IN ({keys})", differ)
    for (release_id,) in named:
        findings.wrong(
            "family", release_id, "what is said to replace it does not", mends="families"
        )
