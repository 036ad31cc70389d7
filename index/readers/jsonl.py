"""JSON Lines: one release a line, `{"id", "title", "text", "date", "issuer", "lang", "url"}`.

Only `text` is required. A malformed line is reported and skipped, and the rest goes on. Lines are
read one at a time, so memory stays bounded for a corpus of any size.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from index.errors import SourceError
from index.readers.base import BadRecord, Draft
from index.readers.charset import normalize_text
from index.text.surrogates import has_surrogate, without_surrogates

MAX_DEPTH = 50
"""Depth of lists and objects in each other; metadata has a few."""

TEXT_FIELDS = ("text", "body", "content")
"""Fields that may hold the text of a release; the first one present counts."""

_FIELDS = ("title", "date", "issuer", "lang", "url")
_PUBLISHERS = ("source", "publisher", "organization", "organisation", "author")
"""Fields that name the issuer where a corpus has no `issuer`; they also stay in the metadata."""

_BOM = b"\xef\xbb\xbf"


class JsonlReader:
    """Reads JSON Lines; a single JSON object is one line."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the first line begins like a JSON object with a quoted key."""
        del extension
        start = head.removeprefix(_BOM).lstrip()
        return start.startswith(b"{") and start[1:200].lstrip().startswith(b'"')

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield a draft for each line, or what is wrong with it."""
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
                yield _draft(line.removeprefix(_BOM), f"line {number}")


def _draft(line: bytes, where: str) -> Draft | BadRecord:
    """Return the draft in a line, or what is wrong with it."""
    note = None
    try:
        record = json.loads(line.decode("utf-8", errors="replace"))
        if b"\\u" in line and has_surrogate(plain := json.dumps(record, ensure_ascii=False)):
            record = json.loads(without_surrogates(plain))
            note = f"{where}: lone surrogates replaced"
    except RecursionError:
        return BadRecord(where, f"a JSON object nested more than {MAX_DEPTH} deep")
    except ValueError as error:
        return BadRecord(where, f"not JSON ({error})")
    if not isinstance(record, dict):
        return BadRecord(where, "not a JSON object")
    if _is_too_deep(record):
        return BadRecord(where, f"a JSON object nested more than {MAX_DEPTH} deep")
    draft = draft_from_record(record, where, note)
    if isinstance(draft, Draft) and "\ufffd" in draft.text and not _is_utf8(line):
        return replace(draft, note=f"{where}: invalid UTF-8 replaced")
    return draft


def _is_too_deep(record: dict[str, object]) -> bool:
    """Whether a record is nested deeper than a function that calls itself for each level can go."""
    level: list[object] = [record]
    for _ in range(MAX_DEPTH + 1):
        nested = [value for value in level if isinstance(value, (dict, list))]
        if not nested:
            return False
        level = [
            inner
            for value in nested
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
    return True


def draft_from_record(record: dict[str, object], where: str, note: str | None) -> Draft | BadRecord:
    """Return the draft in a record, or what is wrong with it.

    Args:
        record: The fields by name; fields that are used are removed from it.
        where: The name of the record in messages.
        note: Something the user may want to know about it.
    """
    text_field = next((name for name in TEXT_FIELDS if isinstance(record.get(name), str)), None)
    if text_field is None:
        return BadRecord(where, 'has no "text"')
    text = normalize_text(str(record.pop(text_field)))
    given_id = record.pop("id", None)
    if given_id is not None and not isinstance(given_id, (str, int)):
        return BadRecord(where, '"id" is neither text nor a number')
    fields = {name: _field(record.pop(name, None)) for name in _FIELDS}
    if fields["issuer"] is None:
        fields["issuer"] = next(filter(None, (_field(record.get(p)) for p in _PUBLISHERS)), None)
    return Draft(
        text,
        release_id=None if given_id is None else normalize_text(str(given_id)).strip() or None,
        metadata={normalize_text(str(key)): value for key, value in record.items()},
        note=note,
        names=(),
        **fields,
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _field(value: object) -> str | None:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return normalize_text(str(value)).strip() or None
    return None
