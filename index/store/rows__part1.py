"""What tells content apart: equal hashes, equal content."""

import hashlib
import json
from collections.abc import Sequence

from index.records import Release, Span
from index.rows import pack_spans


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
