"""A table of facts in the formats it is written in, a row at a time.

In CSV and TSV no cell can run as a formula (`qa.export.csv`); JSON lines and Parquet hold the
stored words. Parquet needs pyarrow, an extra, and keeps numbers as numbers.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO, Literal

from qa.answer_json import dumps, release_to_json
from qa.batch.fact_table import FACTS, FactCell, FactRow
from qa.errors import MissingExtraError
from qa.export.csv import SEPARATOR, csv_line
from qa.finding.figures_export import value_to_json

TableFormat = Literal["csv", "tsv", "jsonl", "parquet"]

TABLE_FORMAT_BY_SUFFIX: Mapping[str, TableFormat] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
}
_GROUP = 1_000
"""Rows that Parquet writes together."""


class Amount(float):
    """A number of money, which is written as it is, while a confidence has six decimals."""


def table_text(
    format_: TableFormat,
    rows: Iterable[FactRow],
    names: Sequence[str],
    *,
    sources: bool,
    money: Collection[str] = (),
) -> Iterator[str]:
    """Yield a table in one of the formats that are text, a line at a time.

    Args:
        format_: Any but Parquet.
        rows: The rows.
        names: Of the questions.
        sources: Whether citation and confidence stand beside each answer.
        money: The names of the questions that ask for money; with sources, the value and the
            currency of an amount stand beside the answer, too.
    """
    if format_ == "jsonl":
        return (_json_line(row, names, sources=sources) for row in rows)
    delimiter = "\t" if format_ == "tsv" else ","
    return _sheet_lines(rows, names, delimiter=delimiter, sources=sources, money=money)


def write_parquet(
    stream: BinaryIO,
    rows: Iterable[FactRow],
    names: Sequence[str],
    *,
    sources: bool,
    money: Collection[str] = (),
) -> None:
    """Write a table as Parquet, with nulls for empty cells; arguments as for `table_text`.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    pa = import_pyarrow()
    from pyarrow import parquet

    types = [pa.string()] * len(FACTS)
    for name in names:
        types.append(pa.string())
        if sources:
            types += [pa.float64(), pa.string()] if name in money else []
            types += [pa.string(), pa.float64()]
    heads = _heads(names, sources=sources, money=money)
    schema = pa.schema(list(zip(heads, types, strict=True)))
    values = (_values(row, names, sources=sources, money=money) for row in rows)
    with parquet.ParquetWriter(stream, schema) as file:
        while group := list(islice(values, _GROUP)):
            columns = [
                pa.array(column, type=field.type)
                for column, field in zip(zip(*group, strict=True), schema, strict=True)
            ]
            file.write_table(pa.Table.from_arrays(columns, schema=schema))


def import_pyarrow() -> Any:  # noqa: ANN401 - an untyped module
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


def _sheet_lines(
    rows: Iterable[FactRow],
    names: Sequence[str],
    *,
    delimiter: str,
    sources: bool,
    money: Collection[str],
) -> Iterator[str]:
    yield csv_line(_heads(names, sources=sources, money=money), delimiter=delimiter)
    for row in rows:
        cells = map(_cell_text, _values(row, names, sources=sources, money=money))
        yield csv_line(cells, delimiter=delimiter)


def _cell_text(value: str | float | Amount | None) -> str:
    if isinstance(value, Amount):
        return str(int(value) if value.is_integer() else float(value))
    return f"{value:.6f}" if isinstance(value, float) else value or ""


def _heads(names: Sequence[str], *, sources: bool, money: Collection[str]) -> Iterator[str]:
    yield from FACTS
    for name in names:
        yield name
        if sources and name in money:
            yield f"{name} (value)"
            yield f"{name} (currency)"
        if sources:
            yield f"{name} (citation)"
            yield f"{name} (confidence)"


def _values(
    row: FactRow, names: Sequence[str], *, sources: bool, money: Collection[str]
) -> list[str | float | None]:
    """Return the values of a row, one for each of the heads."""
    release = row.release
    values: list[str | float | None] = [
        release.id, release.date, release.issuer, release.title, release.source, release.url,
    ]  # fmt: skip
    for name, cell in zip(names, row.cells, strict=True):
        values.append(None if cell is None else SEPARATOR.join(cell.items) or cell.text)
        if not sources:
            continue
        if name in money:
            amount = cell and cell.amount
            values += [Amount(amount.value or 0), amount.currency] if amount else [None, None]
        if cell is None:
            values += [None, None]
        else:
            values += [cell.citation, cell.confidence and float(cell.confidence)]
    return values


def _json_line(row: FactRow, names: Sequence[str], *, sources: bool) -> str:
    answers = {
        name: _cell_to_json(cell, sources=sources)
        for name, cell in zip(names, row.cells, strict=True)
    }
    return dumps({"release": release_to_json(row.release), "answers": answers}) + "\n"


def _cell_to_json(cell: FactCell | None, *, sources: bool) -> object:
    if cell is None or not sources:
        return cell and cell.text
    return {
        "text": cell.text,
        "exact": cell.exact,
        "confidence": None if cell.confidence is None else round(cell.confidence, 6),
        "passage_id": cell.passage_id,
        "span": list(cell.span),
        "citation": cell.citation,
        **({"items": list(cell.items)} if cell.items else {}),
        **({"amount": value_to_json(cell.amount)} if cell.amount else {}),
    }
