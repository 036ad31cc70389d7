"""The forms a file of questions comes in, told by the content and reduced to plain records.

    plain text    a question a line; blank lines and lines that start with # are skipped
    JSONL         an object a line
    CSV           a header with a column question, text or query; commas or semicolons
    TSV           the same with tabs; or, without a header, two columns: id and question

What a record must hold to be asked is the concern of `qa.batch.question_file`.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TextIO

from index.filters import FILTERS
from index.text.csv_rows import CsvRows
from qa.errors import QuestionFileError

QUESTION_NAMES = ("question", "text", "query")
"""What the question is called in a record, the first that is there counts."""
ID_NAMES = ("id", "qid", "query_id", "question_id")
"""What the id is called in a header."""
RECORD_FILTERS = tuple(spec.name for spec in FILTERS if spec.in_record)
"""Filters that may stand beside the question under their own names."""
MAX_LINE = 4_000_000
"""Code points of a line that are kept; the rest of a longer one is read over."""
LONGEST_CELL = 131_072
"""Characters of a cell of a table; a row with a longer one cannot be read."""

_HEADER_NAME = re.compile(r"\w[\w .-]{0,40}")
_SNIFFED_BYTES = 8192
# What "surrogateescape" makes of bytes that are no UTF-8.
_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which columns of a table are read, counted from 0; the id's may be missing."""

    question: int = 0
    id: int | None = None
    filters: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record of a file, as it stands there.

    Attributes:
        fields: Its fields by name; empty when it could not be read.
        error: Why it could not be read, or None.
        raw: Its text, for records that could not be read.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    raw: str = ""


def read_records(stream: BinaryIO) -> Iterator[RawRecord]:
    """Read the records of a file, in order, holding one at a time.

    Raises:
        QuestionFileError: The file is binary, or in a form without questions.
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
    """Tell the form by the first line that is not blank, and read accordingly."""
    start = first.strip()
    if start.startswith("{"):
        yield from _json_records(_chain(first, lines))
    elif start.startswith("[{") or start == "[":
        raise QuestionFileError(
            "the questions are a JSON array; write one JSON object per line instead."
        )
    elif start.lower() in QUESTION_NAMES:
        yield from _csv_records(None, lines, ",")
    elif (columns := _header(first, "\t")) is not None:
        yield from _tsv_records(columns, lines)
    elif (columns := _header(first, ",")) is not None:
        yield from _csv_records(columns, lines, ",")
    elif (columns := _header(first, ";")) is not None:
        yield from _csv_records(columns, lines, ";")
    elif "\t" in start and not start.startswith("#"):
        yield from _topics(_chain(first, lines))
    else:
        yield from _plain_records(_chain(first, lines))


def _plain_records(lines: Iterator[str]) -> Iterator[RawRecord]:
    for line in lines:
        question = line.strip()
        if question and not question.startswith("#"):
            yield _checked(line) or RawRecord({"question": question})


def _json_records(lines: Iterator[str]) -> Iterator[RawRecord]:
    for line in lines:
        if line.strip():
            yield _checked(line) or _json_record(line)


def _json_record(line: str) -> RawRecord:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        return RawRecord(error=f"the line is not valid JSON: {error}", raw=line)
    if not isinstance(found, dict):
        return RawRecord(error="the line is not a JSON object", raw=line)
    return RawRecord(found)


def _topics(lines: Iterator[str]) -> Iterator[RawRecord]:
    for line in lines:
        if line.strip():
            yield _checked(line) or _topic(line)


def _topic(line: str) -> RawRecord:
    identifier, tab, question = line.partition("\t")
    if not tab:
        return RawRecord(error="the line has no tab between id and question", raw=line)
    return RawRecord({"id": identifier.strip(), "question": _unquoted(question.strip())})


def _tsv_records(columns: _Columns, lines: Iterator[str]) -> Iterator[RawRecord]:
    for line in lines:
        if line.strip():
            cells = [_unquoted(cell.strip()) for cell in line.split("\t")]
            yield _checked(line) or _row(columns, cells)


def _csv_records(
    columns: _Columns | None, lines: Iterator[str], delimiter: str
) -> Iterator[RawRecord]:
    """Read rows; without columns there is one, in which a comma needs no quotes."""
    rows = CsvRows((line + "\n" for line in lines), delimiter, LONGEST_CELL)
    while True:
        try:
            cells = rows.next()
        except csv.Error as error:
            yield RawRecord(error=f"the row cannot be read: {error}")
            continue
        if cells is None:
            return
        if columns is None:
            cells = [delimiter.join(cells)]
        if any(cell.strip() for cell in cells):
            yield _checked("".join(cells)) or _row(columns or _Columns(), cells)


def _row(columns: _Columns, cells: list[str]) -> RawRecord:
    if columns.question >= len(cells):
        return RawRecord(error="the row ends before the question", raw=" ".join(cells))
    fields = {"question": cells[columns.question]}
    for name, column in columns.filters:
        if column < len(cells):
            fields[name] = cells[column]
    if columns.id is not None and columns.id < len(cells):
        fields["id"] = cells[columns.id]
    return RawRecord(fields)


def _header(line: str, delimiter: str) -> _Columns | None:
    """Return which columns are read when the line is a header, else None."""
    try:
        names = [name.strip().lower() for name in next(csv.reader([line], delimiter=delimiter))]
    except (csv.Error, StopIteration):
        return None
    if not all(_HEADER_NAME.fullmatch(name) for name in names if name):
        return None
    question = next((names.index(name) for name in QUESTION_NAMES if name in names), None)
    if question is None:
        return None
    identifier = next((names.index(name) for name in ID_NAMES if name in names), None)
    filters = tuple((name, names.index(name)) for name in RECORD_FILTERS if name in names)
    return _Columns(question, identifier, filters)


def _unquoted(cell: str) -> str:
    """Return a tab-separated cell without the quotes that spreadsheets put around it."""
    inner = cell[1:-1]
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inner.replace('""', ""):
        return inner.replace('""', '"')
    return cell


def _checked(text: str) -> RawRecord | None:
    """Return an error record when a record's text could not be read whole, else None."""
    if len(text) > MAX_LINE:
        return RawRecord(error=f"the line has more than {MAX_LINE:,} characters", raw=text)
    if _UNDECODED.search(text):
        return RawRecord(error="the line is not UTF-8", raw=_UNDECODED.sub("\ufffd", text))
    return None


def _decoded(stream: BinaryIO) -> io.TextIOWrapper:
    """Return the text of a file, bytes that are no UTF-8 kept as lone surrogates."""
    buffered: Any = stream if hasattr(stream, "peek") else io.BufferedReader(stream)
    head = buffered.peek(_SNIFFED_BYTES)[:_SNIFFED_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return io.TextIOWrapper(buffered, "utf-16", errors="replace", newline="")
    if b"\0" in head:
        raise QuestionFileError("the questions are binary data, not text; save them as UTF-8.")
    return io.TextIOWrapper(buffered, "utf-8-sig", errors="surrogateescape", newline="")


def _lines(text: TextIO) -> Iterator[str]:
    """Yield lines without their ends, none longer than one character over `MAX_LINE`."""
    while line := text.readline(MAX_LINE + 1):
        rest = line
        while len(rest) > MAX_LINE and not rest.endswith(("\n", "\r")):
            rest = text.readline(MAX_LINE + 1)
        yield line.rstrip("\r\n")


def _chain(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines
