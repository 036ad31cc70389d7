"""Read the records of a question file, in the format that its content shows.

    plain text    one question per line; blank lines and lines that start with # are skipped
    JSONL         one object per line
    CSV           a header with a column question, text or query; commas or semicolons
    TSV           the same with tabs; or, without a header, two columns: id and question

`qa.batch.question_file` makes questions of the records.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Any, BinaryIO, TextIO

from index.filters import FILTERS
from index.text.csv_rows import CsvRows
from qa.errors import QuestionFileError

QUESTION_NAMES = ("question", "text", "query")
"""Names of the question in a record; the first one that is present counts."""
ID_NAMES = ("id", "qid", "query_id", "question_id")
"""Names of the id in a header."""
RECORD_FILTERS = tuple(spec.name for spec in FILTERS if spec.in_record)
"""Filters that may stand beside the question under their own names."""
MAX_LINE = 4_000_000
"""Code points of a line that are kept; the rest of a longer line is skipped."""
MAX_CELL = 131_072
"""Characters in a cell of a CSV table; a row with a longer cell cannot be read."""

_ONE_COLUMN = "\x1f"  # a delimiter that no file has, so that commas need no quotes
_HEADER_NAME = re.compile(r"\w[\w .-]{0,40}")
_SNIFFED_BYTES = 8192
# What "surrogateescape" makes of bytes that are not UTF-8.
_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record of a file.

    Attributes:
        fields: Its fields by name; empty if it could not be read.
        error: Why it could not be read, or None.
        raw: Its text, for records that could not be read.
        extra: The columns of a table that mean nothing here, by name; empty if the row has none.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    raw: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


def read_records(stream: BinaryIO) -> Iterator[RawRecord]:
    """Read the records of a file, in order, holding one at a time.

    Raises:
        QuestionFileError: The file is binary, or a JSON array.
    """
    text = _decoded(stream)
    lines = _lines(text)
    try:
        first = next((line for line in lines if line.strip()), "")
        yield from _records(first, lines)
    finally:
        with suppress(ValueError):  # closed before all was read
            text.detach()


def _records(first: str, lines: Iterator[str]) -> Iterator[RawRecord]:
    """Read the records in the format that the first line shows."""
    start = first.strip()
    every = chain([first], lines)
    if start.startswith("{"):
        yield from _line_records(every, _json_record)
    elif start.startswith("[{") or start == "[":
        raise QuestionFileError(
            "the question file is a JSON array; write one JSON object per line instead."
        )
    elif (header := _header(first)) is not None:
        if header.delimiter == "\t":
            for record in _line_records(lines, partial(_tsv_record, header)):
                yield (
                    record if record.error is None else replace(record, extra=header.extra_cells())
                )
        else:
            yield from _csv_records(header, lines)
    elif "\t" in start and not start.startswith("#"):
        yield from _line_records(every, _topic)
    else:
        questions = (line for line in every if not line.lstrip().startswith("#"))
        yield from _line_records(questions, lambda line: RawRecord({"question": line.strip()}))


def is_read_by_line(stream: BinaryIO) -> bool:
    """Whether each line of a file is read as a question, because its first line is no header."""
    text = _decoded(stream)
    start = next((line for line in _lines(text) if line.strip()), "").strip()
    text.detach()  # the caller closes the file
    return not (start.startswith(("{", "[")) or "\t" in start or _header(start) is not None)


@dataclass(frozen=True, slots=True)
class _Header:
    """The header of a table.

    Attributes:
        names: Of the columns, in small letters.
        delimiter: What separates cells.
        extra: The columns that mean nothing here, as they are written: position and name.
    """

    names: tuple[str, ...]
    delimiter: str
    extra: tuple[tuple[int, str], ...]

    @property
    def question(self) -> str:
        """The name of the column with the question."""
        return next(name for name in QUESTION_NAMES if name in self.names)

    @property
    def id(self) -> str | None:
        """The name of the column with the id, or None."""
        return next((name for name in ID_NAMES if name in self.names), None)

    def extra_cells(self, cells: Sequence[str] = ()) -> dict[str, str]:
        """Return the cells of the columns that mean nothing here; missing ones are empty."""
        return {name: cells[at] if at < len(cells) else "" for at, name in self.extra}


def _header(line: str) -> _Header | None:
    """Return the header of a table if the line is one."""
    for delimiter in (_ONE_COLUMN, "\t", ",", ";"):
        with suppress(csv.Error):
            row = next(csv.reader([line], delimiter=delimiter), [])
            written = [name.strip() for name in row]
            names = [name.lower() for name in written]
            if set(names) & set(QUESTION_NAMES) and all(
                _HEADER_NAME.fullmatch(name) for name in names if name
            ):
                return _Header(tuple(names), delimiter, _extra(written))
    return None


def _extra(written: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Return the columns that mean nothing here; of those with one name, the first."""
    names = [name.lower() for name in written]
    known = {"", *RECORD_FILTERS}
    for alternatives in (QUESTION_NAMES, ID_NAMES):
        known.update([name for name in alternatives if name in names][:1])
    return tuple(
        (at, name)
        for at, name in enumerate(written)
        if name.lower() not in known and name not in written[:at]
    )


def _line_records(lines: Iterator[str], record: Callable[[str], RawRecord]) -> Iterator[RawRecord]:
    """Read a record from each line that is not blank."""
    for line in lines:
        if line.strip():
            yield _unreadable(line) or record(line)


def _json_record(line: str) -> RawRecord:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        return RawRecord(error=f"the line is not valid JSON: {error}", raw=line)
    if not isinstance(found, dict):
        return RawRecord(error="the line is not a JSON object", raw=line)
    return RawRecord(found)


def _topic(line: str) -> RawRecord:
    identifier, tab, question = line.partition("\t")
    if not tab:
        return RawRecord(error="the line has no tab between id and question", raw=line)
    return RawRecord({"id": identifier.strip(), "question": _unquoted(question.strip())})


def _tsv_record(header: _Header, line: str) -> RawRecord:
    return _row(header, [_unquoted(cell.strip()) for cell in line.split("\t")])


def _csv_records(header: _Header, lines: Iterator[str]) -> Iterator[RawRecord]:
    rows = CsvRows((line + "\n" for line in lines), header.delimiter, MAX_CELL)
    while True:
        try:
            cells = rows.next()
        except csv.Error as error:
            yield RawRecord(error=f"the row cannot be read: {error}", extra=header.extra_cells())
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            unreadable = _unreadable("".join(cells))
            yield (
                replace(unreadable, extra=header.extra_cells())
                if unreadable
                else _row(header, cells)
            )


def _row(header: _Header, cells: Sequence[str]) -> RawRecord:
    """Return the record of a row; of columns with the same name, the first counts."""
    found: dict[str, str] = {}
    extra = header.extra_cells(cells)
    for name, cell in zip(header.names, cells, strict=False):
        found.setdefault(name, cell)
    question = header.question
    if question not in found:
        return RawRecord(error="the row ends before the question", raw=" ".join(cells), extra=extra)
    fields = {name: found[name] for name in RECORD_FILTERS if name in found}
    fields["question"] = found[question]
    if header.id in found:
        fields["id"] = found[header.id]
    return RawRecord(fields, extra=extra)


def _unquoted(cell: str) -> str:
    """Return a cell of TSV without the quotes that spreadsheets put around it."""
    inner = cell[1:-1]
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inner.replace('""', ""):
        return inner.replace('""', '"')
    return cell


def _unreadable(text: str) -> RawRecord | None:
    """Return an error record if the text of a record could not be read, else None."""
    if len(text) > MAX_LINE:
        return RawRecord(error=f"the line has more than {MAX_LINE:,} characters", raw=text)
    if _UNDECODED.search(text):
        return RawRecord(error="the line is not UTF-8", raw=_UNDECODED.sub("\ufffd", text))
    return None


def _decoded(stream: BinaryIO) -> io.TextIOWrapper:
    """Return the text of a file; bytes that are not UTF-8 become lone surrogates."""
    buffered: Any = stream if hasattr(stream, "peek") else io.BufferedReader(stream)
    head = buffered.peek(_SNIFFED_BYTES)[:_SNIFFED_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return io.TextIOWrapper(buffered, "utf-16", errors="replace", newline="")
    if b"\0" in head:
        raise QuestionFileError("the question file is not text but binary data; save it as UTF-8.")
    return io.TextIOWrapper(buffered, "utf-8-sig", errors="surrogateescape", newline="")


def _lines(text: TextIO) -> Iterator[str]:
    """Yield lines without their ends, cut one character after `MAX_LINE`."""
    while line := text.readline(MAX_LINE + 1):
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(("\n", "\r")):
            rest = text.readline(MAX_LINE + 1)
        yield line.rstrip("\r\n")
