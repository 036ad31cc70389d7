"""Tables of releases (CSV, TSV): a row a release, its columns named as the fields of JSON Lines."""

import csv
import io
from collections.abc import Iterator
from itertools import count
from typing import BinaryIO

from index.errors import SourceError
from index.readers.base import BadRecord, Draft, parser_guard, read_limited
from index.readers.charset import decode
from index.readers.jsonl import TEXT_FIELDS, draft_from_record

_DIVIDERS = ",;\t"
_LONGEST_NAME = 40
"""Characters of a column's name; a longer one is a piece of a sentence."""

_KNOWN = frozenset({"id", "title", "date", "issuer", "lang", "url"})
_TABLES = frozenset({".csv", ".tsv"})


class TableReader:
    """Reads a table whose first line names its columns, one of them a release's text."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the first line names columns: the text's, and one more that is known.

        A headline such as “Content, community” is no such line. A file that is named as a
        table and begins as one is taken whatever its columns, so that it is refused rather
        than stored as if it were prose.
        """
        columns, _ = _columns(head)
        known = set(columns) & set(TEXT_FIELDS) and set(columns) & _KNOWN
        return bool(known or (columns and extension in _TABLES))

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield a draft a row, or what was wrong with it."""
        data = read_limited(stream, max_bytes)
        columns, divider = _columns(data[:65_536])
        if not set(columns) & set(TEXT_FIELDS):
            raise SourceError(f"a table without a column named {', '.join(TEXT_FIELDS[:-1])}"
                              f" or {TEXT_FIELDS[-1]}")  # fmt: skip
        decoded = decode(data)
        with parser_guard("the table"):
            rows = csv.reader(io.StringIO(decoded.text, newline=""), delimiter=divider)
            for number in count(1):
                csv.field_size_limit(max_bytes)  # of the whole process: others set theirs
                row = next(rows, None)
                if row is None:
                    return
                if number > 1 and any(row):
                    record = dict(zip(columns, row, strict=False))
                    yield draft_from_record(
                        dict(filter(all, record.items())), f"row {number}", decoded.note
                    )


def _columns(head: bytes) -> tuple[list[str], str]:
    """Return the names in the first line, in lower case, and what divides them.

    No names when it is no row of names: too long, empty or given twice.
    """
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", errors="replace")
    divider = max(_DIVIDERS, key=line.count)
    names = [name.strip().strip('"').casefold() for name in line.split(divider)]
    sound = len(names) > 1 and all(0 < len(name) <= _LONGEST_NAME for name in names)
    return (names, divider) if sound and len(set(names)) == len(names) else ([], divider)
