"""One source to stored releases: read, structured, cut into passages, compared, written."""

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
from index.readers.base import BadRecord, Draft, slugify
from index.readers.registry import open_decompressed, reader_for
from index.structure.analyze import analyze
from index.structure.passages import EncoderWindow, split_passages
from index.text.dates import parse_date
from index.text.language import detect_language, language_code
from index.types import MEMBER, Passage, Release

PARSER_VERSION = "7"
"""Version of reading, structure and cutting: when it rises, sources are read again."""

MAX_BYTES = 64_000_000
"""Largest document, or record of a JSONL file, that is read."""

_FRESH_NS = 2_000_000_000
"""A file changed this recently may change again within the clock's grain: never trust it."""

UNTRUSTED = -1
"""Stands for a modification time after which nothing can be taken as unchanged."""


_SUFFIX = re.compile(r"\.\w{1,10}\Z")


@dataclass(frozen=True, slots=True)
class ParsedRelease:
    """A release ready to be stored, with its passages.

    Attributes:
        own_id: Whether its source named it.
        note: Something a user may want to know.
        draft: Hash of the record it was made from.
    """

    release: Release
    passages: tuple[Passage, ...]
    own_id: bool
    note: str | None = None
    draft: bytes = b""


@dataclass(frozen=True, slots=True)
class UnchangedRecord:
    """A record that is as it was when its release was stored: there is nothing to work out."""

    release_id: str
    draft: bytes


IsKept = Callable[[str, bytes], bool]
"""Whether a release of that id was stored from a record of that hash."""


def _none_kept(release_id: str, draft: bytes) -> bool:  # noqa: ARG001 - an `IsKept`
    return False


def read_source(
    source: SourceFile,
    window: EncoderWindow,
    max_bytes: int = MAX_BYTES,
    is_kept: IsKept = _none_kept,
) -> Iterator[ParsedRelease | UnchangedRecord | BadRecord]:
    """Yield the releases of a file; of those that are kept, no more than which they are.

    Raises:
        SourceError: When the file cannot be read, is no text, or changed while it was read.
    """
    try:
        with source.path.open("rb") as stream:
            yield from read_stream(stream, source.path.name, window, max_bytes, is_kept)
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
    is_kept: IsKept = _none_kept,
) -> Iterator[ParsedRelease | UnchangedRecord | BadRecord]:
    """Yield the releases of an open seekable stream; `name` gives ids where it has none."""
    content, head = open_decompressed(stream)
    if not head.strip():
        raise SourceError("no text")
    extension = Path(name.lower().removesuffix(".gz")).suffix
    reader = reader_for(head, extension)
    names = _Names(slugify(Path(name.removesuffix(".gz")).stem))
    drafts = iter(reader.read(content, max_bytes))
    for number, draft in enumerate(_told_apart(drafts), start=1):
        if isinstance(draft, BadRecord):
            yield draft
        elif not _has_words(draft):
            yield BadRecord(draft.member or draft.release_id or f"record {number}", "no text")
        else:
            fallback = names.take(draft.member, number)
            digest = _draft_hash(draft)
            if draft.release_id is not None and is_kept(draft.release_id, digest):
                yield UnchangedRecord(draft.release_id, digest)
            else:
                yield replace(parse_release(draft, fallback, window), draft=digest)


def _told_apart(drafts: Iterator[Draft | BadRecord]) -> Iterator[Draft | BadRecord]:
    """Yield drafts; a source that is one text without a word is no source at all.

    Raises:
        SourceError: It is: then there is no record to name.
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
    """Return a hash of all that a source says of a release."""
    written = json.dumps(astuple(draft), ensure_ascii=True, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).digest()


class _Names:
    """Ids for the releases of one source that names none."""

    def __init__(self, stem: str) -> None:
        self._stem = stem
        self._taken: Counter[str] = Counter()

    def take(self, part: str | None, number: int) -> str:
        """Return an id for a release that is the source's `number`th, or was found in `part`."""
        if part is None:
            return self._stem if number == 1 else f"{self._stem}-{number}"
        name = f"{self._stem}-{slugify(_SUFFIX.sub('', part))}"
        self._taken[name] += 1
        return name if self._taken[name] == 1 else f"{name}-{self._taken[name]}"


def parse_release(draft: Draft, fallback_id: str, window: EncoderWindow) -> ParsedRelease:
    """Work out a draft's structure, language and passages."""
    text = draft.text.strip("\n")
    lang = language_code(draft.lang) or detect_language(text)
    structure = analyze(text, draft.title)
    metadata = {name: value for name, value in draft.metadata.items() if name != MEMBER}
    if draft.member is not None:
        metadata[MEMBER] = draft.member
    given = parse_date(draft.date or "")
    found = structure.date
    own = found.iso if found is not None and found.source == "dateline" else None
    made = parse_date(draft.created or "") if not (given or own) else None
    guess = found.iso if found is not None and found.source == "text" else None
    release = Release(
        release_id=draft.release_id or fallback_id,
        title=structure.headline,
        text=text,
        date=given or own or made,
        issuer=draft.issuer,
        lang=lang,
        url=draft.url,
        metadata=metadata,
        date_source="metadata" if given or made else "dateline" if own else None,
        date_guess=None if given or made else guess,
    )
    cut = split_passages(text, structure.paragraphs, lang, window)
    return ParsedRelease(release, cut, draft.release_id is not None, draft.note)


def distinct(prepared: ParsedRelease, source_key: bytes) -> ParsedRelease:
    """Return `prepared` under an id that tells it from a file of the same name elsewhere."""
    mark = hashlib.sha256(source_key).hexdigest()[:16]
    release = replace(prepared.release, release_id=f"{prepared.release.release_id}-{mark}")
    return replace(prepared, release=release)


def file_hash(source: SourceFile, max_bytes: int) -> bytes | None:
    """Hash a file that fits a document's limit; larger ones are read record by record."""
    if source.size > max_bytes:
        return None
    try:
        with source.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except OSError:
        return None


def trusted_mtime(source: SourceFile) -> int:
    """Return the modification time to remember, `UNTRUSTED` when it is too fresh."""
    return source.mtime_ns if time.time_ns() - source.mtime_ns > _FRESH_NS else UNTRUSTED
