"""What the store's rows mean: columns to records.

Pure functions beside `index.store.reader`, which holds the connection and knows no column.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from index.errors import CollectionDamagedError
from index.filters import SOURCE
from index.types import MEMBER, Passage, Release, Span, StoredRelease

RELEASE = f"r.id, r.release_id, r.title, r.date, r.issuer, r.lang, r.url, {SOURCE}"
"""The columns of a release, of tables `releases r` and `sources s`."""
PASSAGE = "p.ordinal, p.kind, p.speaker, p.start, p.stop, p.sentences"
"""The columns of a passage, of table `passages p`."""


def member_path(metadata: str) -> str:
    """Return a release's place within its file as it follows the file's name, or nothing."""
    if f'"{MEMBER}"' not in metadata:  # most: sources of one release, and records of JSON
        return ""
    try:
        found = json.loads(metadata).get(MEMBER)
    except (ValueError, RecursionError, AttributeError):
        return ""  # `release_of` names the damage
    return f"/{found}" if found else ""


def release_of(row: tuple[Any, ...]) -> StoredRelease:
    """Return the release of a row of `RELEASE`, perhaps with more behind it.

    That is its text and metadata, then where its date is from and what it may be.

    Raises:
        CollectionDamagedError: When the metadata is none.
    """
    key, release_id, title, date, issuer, lang, url, label = row[:8]
    text = row[8] if len(row) > 8 else ""  # noqa: PLR2004 - the columns of RELEASE
    metadata = _metadata(row[9], release_id) if len(row) > 9 else {}  # noqa: PLR2004
    origin, guess = row[10:12] or (None, None)
    release = Release(release_id, title, text, date, issuer, lang, url, metadata, origin, guess)
    return StoredRelease(key, release, label)


def _metadata(written: str, release_id: str) -> dict[str, Any]:
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise CollectionDamagedError(
            f"what the collection keeps of {release_id} is damaged; restore it from a copy, or "
            f"run: releaseqa remove {release_id}, then index its source again"
        )
    return found


def passage_of(row: tuple[Any, ...]) -> Passage:
    """Return the passage of a row that begins with `PASSAGE` and the speaker's role."""
    ordinal, kind, speaker, start, stop, blob, role = row[:7]
    return Passage(ordinal, kind, (start, stop), unpack_spans(blob), speaker, role)


def pack_spans(spans: Sequence[Span]) -> bytes:
    """Return spans as pairs of little-endian uint32."""
    return b"".join(n.to_bytes(4, "little") for span in spans for n in span)


def unpack_spans(blob: bytes) -> tuple[Span, ...]:
    """Return the spans packed by `pack_spans`."""
    numbers = [int.from_bytes(blob[i : i + 4], "little") for i in range(0, len(blob), 4)]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def vector_key(text: str, sentences: Sequence[Span]) -> bytes:
    """Return the key under which a passage's vectors are kept: same words, same vectors."""
    digest = hashlib.sha256(text.encode("utf-8"))
    digest.update(pack_spans(sentences))
    return digest.digest()[:16]


def content_hash(release: Release, form: str) -> bytes:
    """Return a hash of everything that a release has from its source, read in this `form`."""
    facts = [
        form,
        release.title, release.text, release.date, release.issuer, release.lang, release.url,
        dict(release.metadata),
    ]  # fmt: skip
    written = json.dumps(facts, ensure_ascii=True, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).digest()
