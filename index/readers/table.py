"""Tables of releases (CSV, TSV): one release a row, columns named like the fields of JSON Lines."""

import io
from collections.abc import Iterator
from itertools import count
from typing import BinaryIO

from index.errors import SourceError
from index.readers.base import HEAD, BadRecord, Draft, parser_guard, read_limited
from index.readers.charset import decode
from index.readers.jsonl import TEXT_FIELDS, draft_from_record
from index.text.csv_rows import CsvRows

_DELIMITERS = ",;\t"
_MAX_COLUMN_NAME = 40
"""Characters; a longer name of a column is part of a sentence."""

_KNOWN_COLUMNS = frozenset({"id", "title", "date", "issuer", "lang", "url"})
_EXTENSIONS = frozenset({".csv", ".tsv"})


class TableReader:
    """Reads a table whose first line names its columns, among them the text of a release."""

    def matches(self, head: bytes, extension: str) -> bool:
        """Whether the first line names the column of the text and another known column.

        A headline such as “Content, community” does not. A file with the extension of a table that
        begins like one matches whatever its columns: it is then refused rather than stored as
        prose.
        """
        columns, _ = _header(head)
        names = set(columns)
        known = bool(names & set(TEXT_FIELDS)) and bool(names & _KNOWN_COLUMNS)
        return known or (bool(columns) and extension in _EXTENSIONS)

    def read(self, stream: BinaryIO, max_bytes: int) -> Iterator[Draft | BadRecord]:
        """Yield a draft for each row, or what is wrong with it."""
        data = read_limited(stream, max_bytes)
        columns, delimiter = _header(data[:HEAD])
        if not set(columns) & set(TEXT_FIELDS):
            names = f"{', '.join(TEXT_FIELDS[:-1])} or {TEXT_FIELDS[-1]}"
            raise SourceError(f"a table without a column named {names}")
        decoded = decode(data)
        with parser_guard("the table"):
            rows = CsvRows(io.StringIO(decoded.text, newline=""), delimiter, max_bytes)
            for number in count(1):
                row = rows.next()
                if row is None:
                    return
                if number > 1 and any(row):
                    record: dict[str, object] = {
                        name: cell for name, cell in zip(columns, row, strict=False) if cell
                    }
                    yield draft_from_record(record, f"row {number}", decoded.note)


def _header(head: bytes) -> tuple[list[str], str]:
    """Return the names in the first line, in lower case, and the delimiter between them.

    There are no names when a name is empty, too long or given twice.
    """
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", errors="replace")
    delimiter = max(_DELIMITERS, key=line.count)
    names = [name.strip().strip('"').casefold() for name in line.split(delimiter)]
    sound = len(names) > 1 and all(0 < len(name) <= _MAX_COLUMN_NAME for name in names)
    return (names, delimiter) if sound and len(set(names)) == len(names) else ([], delimiter)
