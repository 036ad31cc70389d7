"""The formats a batch is written in, one module each.

A writer is given a text stream and takes outcomes one by one; it holds none of them, so a batch
of any length is written as it comes. Whoever opened the stream closes it.
"""

from collections.abc import Callable, Mapping
from typing import Literal, Protocol, TextIO, get_args

from qa.answer_json import Outcome
from qa.export.csv import CsvWriter
from qa.export.html import HtmlWriter
from qa.export.jsonl import JsonlWriter
from qa.export.markdown import MarkdownWriter
from qa.export.trec import Level, TrecWriter

Format = Literal["jsonl", "csv", "trec", "markdown", "html"]
FORMATS: tuple[Format, ...] = get_args(Format)

_BY_SUFFIX: Mapping[str, Format] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".trec": "trec",
    ".run": "trec",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
}


class Writer(Protocol):
    """Writes outcomes in one format."""

    def write(self, outcome: Outcome) -> None:
        """Write one outcome."""

    def finish(self) -> None:
        """Write what comes after the last outcome."""


def make_writer(name: Format, stream: TextIO, level: Level = "release") -> Writer:
    """Return a writer of a format over a stream; `level` counts for `trec` alone."""
    makers: Mapping[Format, Callable[[], Writer]] = {
        "jsonl": lambda: JsonlWriter(stream),
        "csv": lambda: CsvWriter(stream),
        "trec": lambda: TrecWriter(stream, level),
        "markdown": lambda: MarkdownWriter(stream),
        "html": lambda: HtmlWriter(stream),
    }
    return makers[name]()


def format_by_suffix(suffix: str) -> Format | None:
    """Return the format that a file's suffix names (`.csv`), or None."""
    return _BY_SUFFIX.get(suffix.lower())
