"""Rows of CSV: the limit of cell length is each table's own."""

import csv

import pytest

from index.text.csv_rows import CsvRows


def test_the_limit_holds_for_one_table_and_is_restored() -> None:
    """Two tables read in turn keep their own limits, and the process keeps its limit."""
    before = csv.field_size_limit()
    line = "a," + "b" * 1_000 + "\n"
    narrow, wide = (CsvRows([line, "c,d\n"], ",", limit) for limit in (100, 2_000_000))

    with pytest.raises(csv.Error, match="field larger than field limit"):
        narrow.next()
    assert wide.next() == ["a", "b" * 1_000]
    assert narrow.next() == ["c", "d"]
    assert wide.next() == ["c", "d"]
    assert narrow.next() is None
    assert csv.field_size_limit() == before


def test_a_cell_up_to_the_limit_is_read_whatever_the_process_allows() -> None:
    """A cell beyond the default limit of the csv module is read when the table allows it."""
    cell = "x" * (csv.field_size_limit() + 1)

    assert CsvRows([f"{cell}\n"], ";", len(cell) + 1).next() == [cell]
