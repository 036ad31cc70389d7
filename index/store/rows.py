"""How the columns of the store map to the package's types, and filters to SQL conditions.

Pure functions: `index.store.reader` and `index.store.writer` hold the connection.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Literal

from index.errors import CollectionDamagedError
from index.filters import FILTERS, SOURCE, Filters, fold_name
from index.store.sqlite import Database
from index.text.shell_words import operand
from index.types import MEMBER, Passage, Release, Span, StoredRelease

RELEASE = f"r.id, r.release_id, r.title, r.date, r.issuer, r.lang, r.url, {SOURCE}"
"""The columns of a listed release, of tables `releases r` and `sources s`."""

WHOLE_RELEASE = f"{RELEASE}, r.text, r.metadata, r.date_source, r.date_guess"
"""The columns of a release with its text."""

PASSAGE = "p.ordinal, p.kind, p.speaker, p.start, p.stop, p.sentences, p.role"
"""The columns of a passage, of table `passages p`."""


def add_functions(database: Database) -> None:
    """Add the SQL functions that the columns and conditions of this module use."""
    database.add_function("member", member_path)
    database.add_function("casefold", lambda value: str(value).casefold() if value else "")
    database.add_function("fold_name", lambda value: fold_name(str(value)) if value else "")


def member_path(metadata: str) -> str:
    """Return `/PATH` for a release that was read from PATH within an archive, else nothing."""
    if f'"{MEMBER}"' not in metadata:  # most releases; saves parsing the JSON
        return ""
    try:
        member = json.loads(metadata).get(MEMBER)
    except (ValueError, RecursionError, AttributeError):
        return ""  # `release_of` reports the damage
    return f"/{member}" if member else ""


def conditions(filters: Filters, about: Literal["release", "passage"]) -> tuple[str, list[Any]]:
    """Return the part of a WHERE clause that is about releases or passages, and its values.

    Raises:
        ValueError: `mentions` is set, and nobody has said which releases it selects.
    """
    values = [(spec, spec.value(filters)) for spec in FILTERS if spec.about == about]
    parts = [(spec.where, spec.bind(value)) for spec, value in values if value and spec.where]
    if about == "release" and filters.after:
        parts.append(("r.id > ?", filters.after))
    if about == "release":
        filters.check_mentions()
    if about == "release" and filters.named_in is not None:
        named_in = json.dumps(filters.named_in)
        parts.append(("r.id IN (SELECT value FROM json_each(?))", named_in))
    return " AND ".join(["1", *(where for where, _ in parts)]), [value for _, value in parts]


def placeholders(values: Sequence[Any]) -> str:
    """Return as many placeholders as there are values."""
    return ",".join("?" * len(values))


def release_of(row: tuple[Any, ...]) -> StoredRelease:
    """Return the release of a row of `RELEASE` or `WHOLE_RELEASE`.

    Raises:
        CollectionDamagedError: When its metadata is not a JSON object.
    """
    key, release_id, title, date, issuer, lang, url, source, *more = row
    text, metadata, date_source, date_guess = more or ("", None, None, None)
    fields = {} if metadata is None else _metadata(metadata, release_id)
    release = Release(
        release_id, title, text, date, issuer, lang, url, fields, date_source, date_guess
    )
    return StoredRelease(key, release, source)


def _metadata(written: str, release_id: str) -> dict[str, Any]:
    try:
        fields = json.loads(written)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise CollectionDamagedError(
            f"the metadata of {release_id} in the collection is damaged; restore the collection "
            "from a backup, or index its source again after: "
            f"releaseqa remove {operand(release_id)}"
        )
    return fields


def passage_of(row: tuple[Any, ...]) -> Passage:
    """Return the passage of a row of `PASSAGE`."""
    ordinal, kind, speaker, start, stop, sentences, role = row
    return Passage(ordinal, kind, (start, stop), unpack_spans(sentences), speaker, role)


def pack_spans(spans: Sequence[Span]) -> bytes:
    """Return spans as pairs of little-endian uint32."""
    return b"".join(n.to_bytes(4, "little") for span in spans for n in span)


def unpack_spans(packed: bytes) -> tuple[Span, ...]:
    """Return the spans packed by `pack_spans`."""
    numbers = [int.from_bytes(packed[i : i + 4], "little") for i in range(0, len(packed), 4)]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def vector_key(text: str, sentences: Sequence[Span]) -> bytes:
    """Return the key of a passage's vectors: equal for passages of equal text and sentences."""
    digest = hashlib.sha256(text.encode("utf-8"))
    digest.update(pack_spans(sentences))
    return digest.digest()[:16]


def content_hash(release: Release, parser_version: str) -> bytes:
    """Return a hash of everything that a release has from its source, and of the parser version."""
    facts = [
        parser_version,
        release.title, release.text, release.date, release.issuer, release.lang, release.url,
        dict(release.metadata),
    ]  # fmt: skip
    written = json.dumps(facts, ensure_ascii=True, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).digest()
