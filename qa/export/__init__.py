"""The formats that the outcomes of a batch are written in, one module each.

A format is a function from outcomes to pieces of text. It takes the outcomes one at a time and
keeps none in memory, so a batch of any length can be written while it is answered.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Literal, get_args

from qa.answer_json import Outcome

if TYPE_CHECKING:
    from qa.export.trec import Level

OutcomeFormat = Callable[[Iterable[Outcome]], Iterator[str]]
"""What writes a format."""
Format = Literal["jsonl", "csv", "trec", "markdown", "html"]
FORMATS: tuple[Format, ...] = get_args(Format)

FORMAT_BY_SUFFIX: Mapping[str, Format] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".trec": "trec",
    ".run": "trec",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
}


def outcome_format(
    name: Format, level: "Level" = "release", *, timing: bool = True
) -> OutcomeFormat:
    """Return what writes a format; `level` is used by `trec` only, `timing` by `jsonl`."""
    from qa.export.csv import csv_rows
    from qa.export.html import html_report
    from qa.export.jsonl import json_lines
    from qa.export.markdown import markdown_report
    from qa.export.trec import trec_run

    formats: Mapping[Format, OutcomeFormat] = {
        "jsonl": partial(json_lines, timing=timing),
        "csv": csv_rows,
        "trec": partial(trec_run, level=level),
        "markdown": markdown_report,
        "html": html_report,
    }
    return formats[name]
