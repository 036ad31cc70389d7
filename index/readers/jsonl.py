"""JSON Lines: one release a line, `{"id", "title", "text", "date", "issuer", "lang", "url"}`.

Only `text` is required. A malformed line is reported and skipped, the rest goes on. Lines
are read one at a time, so a corpus of any size passes through in bounded memory.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from index.errors import SourceError
from index.readers.base import BadRecord, Draft
from index.readers.charset import has_surrogate, normalize_text, without_surrogates

_FIELDS = ("title", "date", "issuer", "lang", "url")
TEXT_FIELDS = ("text", "body", "content")
"""Fields that hold a release's text, the first that is there."""

_PUBLISHERS = ("source", "publisher", "organization", "organisation", "author")
"""Where corpora without an `issuer` name it; the field stays in the metadata as well."""


class JsonlReader:
    """Reads JSON Lines, and a single JSON object as one line."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the first line is the beginning of a JSON object with a quoted key."""
        del extension
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return start.startswith(b"{") and start[1:200].lstrip().startswith(b'"')

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield a draft a line, or what was wrong with it."""
        number = 0
        while True:
            number += 1
            try:
                line = stream.readline(max_bytes + 1)
            except (OSError, EOFError, zlib.error) as error:
                raise SourceError(f"cannot be read past line {number}: {error}") from error
            if not line:
                return
            if len(line) > max_bytes:
                raise SourceError(
                    f"line {number} is larger than {max_bytes // 1_000_000} MB; "
                    "raise --max-mb to read it"
                )
            if line.strip():
                yield _draft(line.removeprefix(b"\xef\xbb\xbf"), number)


def _draft(line: bytes, number: int) -> Draft | BadRecord:
    where = f"line {number}"
    note = None
    try:
        record = json.loads(line.decode("utf-8", errors="replace"))
        if b"\\u" in line and has_surrogate(plain := json.dumps(record, ensure_ascii=False)):
            record = json.loads(without_surrogates(plain))
            note = f"{where}: lone surrogates replaced"
    except (ValueError, RecursionError) as error:
        return BadRecord(where, f"not JSON ({error})")
    if not isinstance(record, dict):
        return BadRecord(where, "not a JSON object")
    draft = draft_from_record(record, where, note)
    if isinstance(draft, Draft) and "\ufffd" in draft.text and not _is_utf8(line):
        return replace(draft, note=f"{where}: invalid UTF-8 replaced")
    return draft


def draft_from_record(record: dict[str, object], where: str, note: str | None) -> Draft | BadRecord:
    """Return the draft in a record, or what is wrong with it.

    Args:
        record: Its fields by name; it is used up.
        where: How the record is named in a reason.
        note: What a user may want to know of it.
    """
    body = next((name for name in TEXT_FIELDS if isinstance(record.get(name), str)), None)
    if body is None:
        return BadRecord(where, 'has no "text"')
    raw = str(record.pop(body))
    given = record.pop("id", None)
    if given is not None and not isinstance(given, (str, int)):
        return BadRecord(where, '"id" is neither text nor a number')
    named = {name: _text(record.pop(name, None)) for name in _FIELDS}
    if named["issuer"] is None:
        named["issuer"] = next(
            filter(None, (_text(record.get(name)) for name in _PUBLISHERS)), None
        )
    return Draft(
        normalize_text(raw),
        release_id=None if given is None else normalize_text(str(given)).strip() or None,
        metadata={normalize_text(str(key)): value for key, value in record.items()},
        note=note,
        **named,
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _text(value: object) -> str | None:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return normalize_text(str(value)).strip() or None
    return None
