"""`releaseqa status`: the state of the collection."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from index.milvus.address import is_address
from index.reports import Status
from qa.cli.context import Context
from qa.cli.errors import FINE
from qa.cli.options import Json
from qa.display import clean_line

if TYPE_CHECKING:
    from index.milvus.address import MilvusAddress

_UNIT = 1024
_NAME = 12
"""Columns of a name."""
_NAMED = 5
"""Skipped files that are named without `-v`."""


def status(context: Context, *, json: Json = False) -> int:
    """Show the state of the collection: counts, sizes, model, what is not encoded or was skipped.

    Of the skipped files, the first five are named; -v names all.
    """
    address = context.address()
    found = _status_of(context.folder()) if address is None else published_status(address)
    if json:
        context.write_json({**asdict(found), "languages": dict(found.languages)})
        return FINE
    shown = [
        *_status_rows(found),
        *_skipped_rows(found, len(found.skipped) if context.verbose else _NAMED),
    ]
    rows = [(name, clean_line(value)) for name, value in shown]
    if context.out().is_terminal:
        _print_rows(context, rows)
    else:
        for name, value in rows:
            context.write(f"{name:<{_NAME}} {value}\n")
    for note in found.notes:
        context.warn(note)
    return FINE


def _status_of(folder: Path) -> Status:
    from index.store.reader import Store
    from index.store.stats import collection_status

    with Store(folder) as store:
        return collection_status(store)


def published_status(address: "MilvusAddress") -> Status:
    """Return the status of what was last published at an address."""
    from index.milvus.connection import Connection
    from index.milvus.searcher import MilvusSearcher

    with closing(Connection(address)) as connection:
        return MilvusSearcher(connection).status()


def _print_rows(context: Context, rows: Sequence[tuple[str, str]]) -> None:
    """Print names and values in two columns, so that long values continue under themselves."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=_NAME, no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(Text(name), Text(value))
    context.out().print(table)


def _status_rows(found: Status) -> Iterator[tuple[str, str]]:
    dates = f", {found.first_date} to {found.last_date}" if found.dated else ""
    languages = ", ".join(f"{code or 'unknown'} {count:,}" for code, count in found.languages)
    yield "folder", found.folder
    yield "releases", f"{found.releases:,} ({found.dated:,} dated{dates})"
    yield "issuers", f"{found.issuers:,}"
    yield "languages", languages or "none"
    yield "passages", f"{found.passages:,}"
    yield "to encode", f"{found.to_encode:,}" if found.to_encode else "nothing"
    yield "model", found.model or "none yet"
    if not is_address(found.folder):  # how much Milvus takes, Milvus knows
        store, derived = map(format_bytes, (found.store_bytes, found.derived_bytes))
        yield "size", f"{store} store, {derived} derived"
    yield "updated", found.updated_at or "never"


def _skipped_rows(found: Status, most: int) -> Iterator[tuple[str, str]]:
    """Yield what was skipped, one below the other, and how many more there are."""
    if not found.skipped:
        yield "skipped", "nothing"
    for number, skip in enumerate(found.skipped[:most]):
        yield "" if number else "skipped", f"{skip.item}: {skip.reason}"
    more = len(found.skipped) - most
    if more > 0:
        yield "", f"and {more:,} more; -v names all"


def format_bytes(count: int) -> str:
    """Return a size for people, such as `12 MB`."""
    size = float(count)
    for unit in ("B", "KB", "MB"):
        if size < _UNIT:
            return f"{size:.0f} {unit}"
        size /= _UNIT
    return f"{size:.1f} GB"


COMMANDS = (
    ("status", status, ("releaseqa status", "releaseqa status --index archive/.releaseqa --json")),
)
