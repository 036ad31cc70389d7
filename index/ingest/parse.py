"""Parse one source into releases: read records, find their structure, split them to passages."""

import hashlib
import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from index.errors import SourceError
from index.ingest.discover import SourceFile
from index.readers.base import BadRecord, Draft, ReaderFor, parser_guard, slugify
from index.readers.gzip_stream import open_decompressed
from index.readers.registry import reader_for
from index.structure.analyze import analyze
from index.structure.passages import EncoderWindow, split_passages
from index.text.dates import date_in_name, parse_date
from index.text.language import detect_language, language_code
from index.types import MEMBER, PLACE, Passage, Release

PARSER_VERSION = "14"
"""Version of reading, structure and passages: when it changes, sources are read again."""

MAX_BYTES = 64_000_000
"""Size of the largest document, or record of a JSONL file, that is read."""

_FRESH_NS = 2_000_000_000
"""A file changed this recently may change again without a new modification time."""

UNTRUSTED = -1
"""Modification time of a source that has to be read again in any case."""


_SUFFIX = re.compile(r"\.\w{1,10}\Z")


@dataclass(frozen=True, slots=True)
class ParsedRelease:
    """A release ready to be stored, with its passages.

    Attributes:
        has_own_id: Whether its source gave it its id.
        note: Something a user may want to know.
        draft_hash: Hash of the record it was parsed from.
    """

    release: Release
    passages: tuple[Passage, ...]
    has_own_id: bool
    note: str | None = None
    draft_hash: bytes = b""


@dataclass(frozen=True, slots=True)
class UnchangedRecord:
    """A record that is the same as when its release was stored, and need not be parsed."""

    release_id: str
    draft_hash: bytes


IsUnchanged = Callable[[str, bytes], bool]
"""Takes a release id and a draft hash; returns whether that release was stored from that record."""


def never_unchanged(release_id: str, draft_hash: bytes) -> bool:  # noqa: ARG001
    """Return false, as an `IsUnchanged` that has every record parsed."""
    return False


def read_source(
    source: SourceFile,
    window: EncoderWindow,
    max_bytes: int = MAX_BYTES,
    is_unchanged: IsUnchanged = never_unchanged,
    readers: ReaderFor = reader_for,
) -> Iterator[ParsedRelease | UnchangedRecord | BadRecord]:
    """Yield the releases of a file; unchanged records are not parsed.

    `readers` chooses the reader of the file.

    Raises:
        SourceError: When the file cannot be read, has no text, or changed while it was read.
    """
    try:
        with source.path.open("rb") as stream:
            yield from read_stream(
                stream, source.path.name, window, max_bytes, is_unchanged, readers
            )
            status = os.fstat(stream.fileno())
    except OSError as error:
        raise SourceError((error.strerror or "cannot be read").lower()) from error
    if (status.st_size, status.st_mtime_ns) != (source.size, source.mtime_ns):
        raise SourceError("changed while it was read; run the command again")


def read_stream(
    stream: BinaryIO,
    name: str,
    window: EncoderWindow,
    max_bytes: int = MAX_BYTES,
    is_unchanged: IsUnchanged = never_unchanged,
    readers: ReaderFor = reader_for,
) -> Iterator[ParsedRelease | UnchangedRecord | BadRecord]:
    """Yield the releases of an open seekable stream; records without an id are named by `name`.

    Raises:
        SourceError: When it cannot be read, has no text, or there is not enough memory for it.
    """
    try:
        yield from _read_records(stream, name, window, max_bytes, is_unchanged, readers)
    except MemoryError as error:
        raise SourceError("it takes too much memory to read") from error
    except RecursionError as error:
        raise SourceError("it is nested too deeply to be read") from error
    except (SourceError, OSError):
        raise
    except Exception as error:  # whatever a reader has not foreseen: the run goes on
        raise SourceError("it cannot be parsed") from error


def _read_records(
    stream: BinaryIO, name: str, window: EncoderWindow, max_bytes: int, is_unchanged: IsUnchanged,
    readers: ReaderFor,
) -> Iterator[ParsedRelease | UnchangedRecord | BadRecord]:  # fmt: skip
    content, head = open_decompressed(stream)
    if not head.strip():
        raise SourceError("no text")
    extension = Path(name.lower().removesuffix(".gz")).suffix
    reader = readers(head, extension)
    names = _Names(slugify(Path(name.removesuffix(".gz")).stem))
    drafts = iter(reader.read(content, max_bytes))
    for number, draft in enumerate(_refuse_empty(drafts), start=1):
        if isinstance(draft, BadRecord):
            yield draft
            continue
        where = draft.member or draft.release_id or f"record {number}"
        if not _has_words(draft):
            yield BadRecord(where, "no text")
            continue
        fallback_id = names.take(draft.member, number)
        found: ParsedRelease | UnchangedRecord | BadRecord
        try:
            with parser_guard("the text"):
                digest = _draft_hash(draft)
                if draft.release_id is not None and is_unchanged(draft.release_id, digest):
                    found = UnchangedRecord(draft.release_id, digest)
                else:
                    dated = date_in_name(draft.member or name) if draft.release_id is None else None
                    parsed = parse_release(draft, fallback_id, window, dated)
                    found = replace(parsed, draft_hash=digest)
        except SourceError as error:
            found = BadRecord(where, str(error))
        yield found


def _refuse_empty(drafts: Iterator[Draft | BadRecord]) -> Iterator[Draft | BadRecord]:
    """Yield drafts; refuse a source that is a single nameless text without a word.

    Raises:
        SourceError: When it is; there is no record that could be reported instead.
    """
    first = next(drafts, None)
    if first is None:
        return
    second = None
    if isinstance(first, Draft) and not (first.member or first.release_id or _has_words(first)):
        second = next(drafts, None)
        if second is None:
            raise SourceError("no text")
    yield first
    if second is not None:
        yield second
    yield from drafts


def _has_words(draft: Draft) -> bool:
    return any(map(str.isalnum, draft.text))


def _draft_hash(draft: Draft) -> bytes:
    """Return a hash of everything that a source says about a release."""
    written = json.dumps(astuple(draft), ensure_ascii=True, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).digest()


class _Names:
    """Makes ids for the records of a source that have none."""

    def __init__(self, stem: str) -> None:
        self._stem = stem
        self._taken: Counter[str] = Counter()

    def take(self, member: str | None, number: int) -> str:
        """Return an id for the `number`th record of the source, or for an archive member."""
        if member is None:
            return self._stem if number == 1 else f"{self._stem}-{number}"
        name = f"{self._stem}-{slugify(_SUFFIX.sub('', member))}"
        self._taken[name] += 1
        return name if self._taken[name] == 1 else f"{name}-{self._taken[name]}"


def parse_release(
    draft: Draft, fallback_id: str, window: EncoderWindow, date_of_name: str | None = None
) -> ParsedRelease:
    """Find the structure, language and passages of a draft.

    Args:
        draft: The release as its source has it.
        fallback_id: Its id when the source gives none.
        window: The encoder's limit.
        date_of_name: The ISO date in the name of its file; used when neither source nor text
            has one, before the day on which the file was created.
    """
    text = draft.text.strip("\n")
    lang = language_code(draft.lang) or detect_language(text)
    structure = analyze(text, draft.title, draft.issuer, draft.names)
    metadata = {
        name: value for name, value in draft.metadata.items() if name not in {MEMBER, PLACE}
    }
    if draft.member is not None:
        metadata[MEMBER] = draft.member
    if place := structure.place or draft.place_guess:
        metadata[PLACE] = place
    given = parse_date(draft.date or "")
    found = structure.date
    dateline = found.iso if found is not None and found.source == "dateline" else None
    created = date_of_name or parse_date(draft.created or "")
    created = created if not (given or dateline) else None
    guess = found.iso if found is not None and found.source == "text" else None
    release = Release(
        release_id=draft.release_id or fallback_id,
        title=structure.headline,
        text=text,
        date=given or dateline or created,
        issuer=structure.issuer,
        lang=lang,
        url=draft.url,
        metadata=metadata,
        date_source="metadata" if given or created else "dateline" if dateline else None,
        date_guess=None if given or created else guess,
    )
    passages = split_passages(text, structure.paragraphs, lang, window)
    return ParsedRelease(release, passages, draft.release_id is not None, draft.note)


def with_distinct_id(parsed: ParsedRelease, source_path: bytes) -> ParsedRelease:
    """Return a release under an id that differs from that of a file of the same name elsewhere."""
    mark = hashlib.sha256(source_path).hexdigest()[:16]
    release = replace(parsed.release, release_id=f"{parsed.release.release_id}-{mark}")
    return replace(parsed, release=release)


def file_hash(source: SourceFile, max_bytes: int) -> bytes | None:
    """Return the SHA-256 of a file of at most `max_bytes`; None for larger ones."""
    if source.size > max_bytes:
        return None
    try:
        with source.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except OSError:
        return None


def trusted_mtime(source: SourceFile) -> int:
    """Return the modification time to record, `UNTRUSTED` when it is too recent."""
    return source.mtime_ns if time.time_ns() - source.mtime_ns > _FRESH_NS else UNTRUSTED
