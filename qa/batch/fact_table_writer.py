"""A table of facts in the forms it is written in, a row at a time.

In CSV and TSV no cell is run as a formula (`qa.export.csv`); JSON lines and Parquet hold
the exact words. Parquet needs pyarrow, an extra, and keeps numbers as numbers.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Literal, Protocol, TextIO, get_args

from qa.answer_json import dumps, release_to_json
from qa.batch.fact_table import FACTS, FactCell, FactRow
from qa.errors import MissingExtraError
from qa.export.csv import neutralise

TableFormat = Literal["csv", "tsv", "jsonl", "parquet"]
TABLE_FORMATS: tuple[TableFormat, ...] = get_args(TableFormat)

_BY_SUFFIX: Mapping[str, TableFormat] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
_GROUP = 1_000
"""Rows of a group in Parquet, written together."""


class TableWriter(Protocol):
    """Writes rows in one form."""

    def write(self, row: FactRow) -> None:
        """Write one row."""

    def finish(self) -> None:
        """Write what comes after the last row."""


def table_format_by_suffix(suffix: str) -> TableFormat | None:
    """Return the form that a file's suffix names, or None."""
    return _BY_SUFFIX.get(suffix.lower())


class SheetWriter:
    """CSV or TSV with a head."""

    def __init__(
        self, stream: TextIO, names: Sequence[str], *, delimiter: str, sources: bool
    ) -> None:
        """Begin a table.

        Args:
            stream: Where to; whoever opened it closes it.
            names: Of the questions.
            delimiter: A comma or a tab.
            sources: Whether citation and confidence stand beside each cell.
        """
        self._sources = sources
        self._rows = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        self._rows.writerow([neutralise(name) for name in _heads(names, sources=sources)])

    def write(self, row: FactRow) -> None:
        """Write one row."""
        cells = [getattr(row.release, _ATTRIBUTES.get(name, name)) or "" for name in FACTS]
        for found in row.cells:
            cells += _of_cell(found, self._sources, _as_text, "")
        self._rows.writerow([neutralise(text) for text in cells])

    def finish(self) -> None:
        """Do nothing: rows need no end."""


class TableLinesWriter:
    """A JSON object a row: the release, and an object or null for each question."""

    def __init__(self, stream: TextIO, names: Sequence[str], *, sources: bool) -> None:
        """Begin a table, as for `SheetWriter`."""
        self._stream, self._names, self._sources = stream, names, sources

    def write(self, row: FactRow) -> None:
        """Write one row as one line."""
        found = {
            name: _cell_to_json(cell, sources=self._sources)
            for name, cell in zip(self._names, row.cells, strict=True)
        }
        line = {"release": release_to_json(row.release), "answers": found}
        self._stream.write(dumps(line) + "\n")

    def finish(self) -> None:
        """Do nothing: lines need no end."""


class ParquetWriter:
    """Parquet: texts, and confidences as numbers; an empty cell is null."""

    def __init__(self, stream: BinaryIO, names: Sequence[str], *, sources: bool) -> None:
        """Begin a table, as for `SheetWriter`.

        Raises:
            MissingExtraError: pyarrow is not installed.
        """
        pa = arrow()
        from pyarrow import parquet

        self._sources = sources
        kinds = [pa.string()] * len(FACTS)
        for _ in names:
            kinds += [pa.string(), *([pa.string(), pa.float64()] if sources else [])]
        heads = _heads(names, sources=sources)
        self._schema = pa.schema(list(zip(heads, kinds, strict=True)))
        self._file = parquet.ParquetWriter(stream, self._schema)
        self._held: list[list[Any]] = []

    def write(self, row: FactRow) -> None:
        """Take one row; some are written together."""
        cells: list[Any] = [getattr(row.release, _ATTRIBUTES.get(name, name)) for name in FACTS]
        for found in row.cells:
            cells += _of_cell(found, self._sources, float, None)
        self._held.append(cells)
        if len(self._held) == _GROUP:
            self._flush()

    def finish(self) -> None:
        """Write the last rows and the file's end."""
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        pa = arrow()
        if self._held:
            columns = [
                pa.array(values, type=field.type)
                for values, field in zip(zip(*self._held, strict=True), self._schema, strict=True)
            ]
            self._file.write_table(pa.Table.from_arrays(columns, schema=self._schema))
            self._held = []


def arrow() -> Any:  # noqa: ANN401 - an untyped module
    """Return pyarrow.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import pyarrow as pa
    except ImportError as error:
        raise MissingExtraError(
            "Parquet needs pyarrow, which is not installed: pip install 'releaseqa[parquet]'"
        ) from error
    return pa


_ATTRIBUTES = {"release_id": "id"}
"""Where a column of `FACTS` is called otherwise than the release's own field."""


def _heads(names: Sequence[str], *, sources: bool) -> Iterator[str]:
    yield from FACTS
    for name in names:
        yield name
        if sources:
            yield f"{name} (citation)"
            yield f"{name} (confidence)"


def _of_cell(
    cell: FactCell | None, sources: bool, number: Callable[[float], Any], nothing: str | None
) -> list[Any]:
    """Return what stands for a cell: its words, and beside them where they are from."""
    if cell is None:
        return [nothing] * (3 if sources else 1)
    return [cell.text, *((cell.citation, number(cell.confidence)) if sources else ())]


def _as_text(confidence: float) -> str:
    return f"{confidence:.6f}"


def _cell_to_json(cell: FactCell | None, *, sources: bool) -> object:
    if cell is None or not sources:
        return cell and cell.text
    return {
        "text": cell.text,
        "exact": cell.exact,
        "confidence": round(cell.confidence, 6),
        "passage_id": cell.passage_id,
        "span": list(cell.span),
        "citation": cell.citation,
    }
